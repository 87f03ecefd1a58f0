package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// TestNameSet compares a nameSet that grows and is cut with a list.
func TestNameSet(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var set nameSet
	var list []string
	for range 100_000 {
		name := fmt.Sprint(random.IntN(40))
		if got, want := set.has(name), slices.Contains(list, name); got != want {
			t.Fatalf("%q in %q: got %v", name, list, got)
		} else if !got {
			set.add(name)
			list = append(list, name)
		}
		if random.IntN(20) == 0 {
			n := random.IntN(len(list) + 1)
			set.list, list = set.list[:n], list[:n]
		}
		if other := (nameSet{list: []string{name}}); other.within(&set) != slices.Contains(list, name) || !set.within(&set) {
			t.Fatalf("%q within %q: got %v", name, list, other.within(&set))
		}
	}
}

// TestCostOfNamesNotRequired sends many objects that lack what is the other side's to add: the text is refused for its
// steps, where each name was compared with all names before.
func TestCostOfNamesNotRequired(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 50 {
		names = append(names, fmt.Sprintf("member%d", i))
	}
	required := func(c *Context, v *Value, _ *Evaluated) bool {
		return c.Enter(v) && c.RequiredUnless(v, Request, names...)
	}
	oneOf := func(c *Context, v *Value, _ *Evaluated) bool {
		return c.Enter(v) && c.OneOf(v, nil, required, func(c *Context, v *Value, _ *Evaluated) bool {
			return c.Enter(v) && c.RequiredUnless(v, Request, names[:9]...)
		})
	}
	for name, f := range map[string]Func{"required": required, "oneOf": oneOf} {
		for n, wantErr := range map[int]bool{20: false, 100_000: true} {
			var d wire.Decoder
			d.Reset("["+strings.Repeat("{},", n)+"{}]", wire.Limits{})
			var v []wire.Raw
			wire.Array(&d, &v, -1, func(d *wire.Decoder, v *wire.Raw) { DecodeWay(d, v, Request, f) })
			d.End()
			if got := d.Failed(); got != wantErr {
				t.Errorf("%s, %d objects: failed is %v after %d steps: %v", name, n, got, d.Steps(), d.Err())
			}
		}
	}
}

func TestConstants(t *testing.T) {
	t.Parallel()
	list := []wire.Raw{`{}`, `{"a": [1, 2.0]}`, `[ ]`, `[{"b":1e1, "a":null}]`}
	for text, want := range map[string]bool{
		`{}`: true, ` { } `: true, `[]`: true, `[  ]`: true, `{"a":[1.0,2]}`: true, `[{"a":null,"b":10}]`: true,
		`[0]`: false, `{"a":[1,3]}`: false, `{"a":[2,1]}`: false, `{"":0}`: false, `[[]]`: false, `"{}"`: false, `0`: false,
	} {
		for i := range 2 { // the second time what they mean is known
			var d wire.Decoder
			d.Reset(text, wire.Limits{})
			var v wire.Raw
			Decode(&d, &v, func(c *Context, v *Value, _ *Evaluated) bool { return c.Want(v, "enum", c.IsJSON(v, list...)) })
			d.End()
			if got := d.Err() == nil; got != want {
				t.Errorf("%s, time %d: got %v, want %v", text, i, got, want)
			}
		}
	}
}
