package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// TestCostOfAnswers holds that checking an answer draws on a budget of steps: what a body of the same text is refused
// for, an answer is refused for as well.
func TestCostOfAnswers(t *testing.T) {
	t.Parallel()
	digits, of := strings.Repeat("7", 1000), strings.Repeat("3", 1000)
	items := func(f Func) Func {
		return func(c *Context, v *Value, _ *Evaluated) bool { return c.Enter(v) && c.Items(v, nil, 0, f) }
	}
	list := func(item string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ","+item, i)
		}
		return "[" + b.String()[1:] + "]"
	}
	multiple := func(c *Context, v *Value, _ *Evaluated) bool {
		return c.Enter(v) && c.Want(v, "multipleOf", !v.MultipleOf(of))
	}
	float := func(c *Context, v *Value, _ *Evaluated) bool { return c.Enter(v) && c.Want(v, "format", v.Float(64)) }
	constant := func(c *Context, v *Value, _ *Evaluated) bool {
		return c.Enter(v) && c.Want(v, "not", !c.IsJSON(v, `[[0]]`))
	}
	unique := func(c *Context, v *Value, _ *Evaluated) bool {
		return c.Enter(v) && c.Want(v, "uniqueItems", c.Unique(v))
	}
	for _, test := range []struct {
		name, item string
		n          int
		check      Func
	}{
		{"multipleOf", digits + "%d", 2000, items(func(c *Context, v *Value, e *Evaluated) bool {
			for range 5 {
				if !multiple(c, v, e) {
					return false
				}
			}
			return true
		})},
		{"float", "1e-30%d", 200_000, items(float)},
		{"constant", "[%d]", 200_000, items(constant)},
		{"unique", "[%d]", 200_000, unique},
	} {
		for _, few := range []bool{true, false} {
			n := test.n
			if few {
				n = 5
			}
			text := list(test.item, n)
			var e wire.Encoder
			e.Reset(0)
			Append(&e, nil, wire.Raw(text), test.check)
			var d wire.Decoder
			d.Reset(text, wire.Limits{Memory: 1 << 30})
			var v wire.Raw
			Decode(&d, &v, test.check)
			d.End()
			answer, body := e.Err() == nil, d.Err() == nil
			if answer != few || body != few {
				t.Errorf("%s, %d items: the answer is %v, the body %v", test.name, n, e.Err(), d.Err())
			}
		}
	}
}
