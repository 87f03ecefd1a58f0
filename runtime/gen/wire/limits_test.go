package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

func TestDepth(t *testing.T) {
	t.Parallel()
	readers := map[string]func(d *wire.Decoder){
		"Raw": func(d *wire.Decoder) { d.Raw() },
		"tree": func(d *wire.Decoder) {
			var v tree
			decodeTree(d, &v)
		},
	}
	for name, read := range readers {
		for _, test := range []struct {
			limit, depth int
			good         bool
		}{{0, 64, true}, {0, 65, false}, {1, 1, true}, {1, 2, false}, {500, 500, true}, {500, 501, false}, {1 << 30, 10_000, true}, {1 << 30, 10_001, false}} {
			for _, brackets := range []string{"[]", `{"a":}`} {
				open, shut := brackets[:len(brackets)-1], brackets[len(brackets)-1:]
				inner := "0"
				text := strings.Repeat(open, test.depth) + inner + strings.Repeat(shut, test.depth)
				got := decode(text, wire.Limits{Depth: test.limit, Memory: 1 << 30}, read)
				if (got == "") != test.good || !test.good && !strings.HasSuffix(got, "nested too deeply") {
					t.Errorf("%s: limit %d, depth %d of %s: got %q", name, test.limit, test.depth, brackets, got)
				}
			}
		}
	}
}

// TestArrayLimit: Limits.Items stands in for a maxItems that is not written, and for no other.
func TestArrayLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		items, max int
		text       string
		good       bool
	}{
		{0, -1, "[1,2,3]", true}, {-1, -1, "[1,2,3]", true}, {3, -1, "[1,2,3]", true}, {2, -1, "[1,2,3]", false},
		{2, 3, "[1,2,3]", true}, {4, 2, "[1,2,3]", false}, {1, -1, "[]", true}, {1, 0, "[1]", false},
	} {
		got := decode(test.text, wire.Limits{Items: test.items}, func(d *wire.Decoder) {
			var v []int64
			wire.Array(d, &v, test.max, wire.DecodeInt64)
		})
		if (got == "") != test.good || !test.good && !strings.Contains(got, "maxItems") {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

// A Decoder that has served a deep text holds the limit of the next one.
func TestDepthReset(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	d.Reset(deep, wire.Limits{Depth: 100})
	if d.Raw(); d.Err() != nil {
		t.Fatal(d.Err())
	}
	d.Reset(deep, wire.Limits{Depth: 99})
	if d.Raw(); d.Err() == nil {
		t.Error("the old limit is still in force")
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	text := "[" + strings.Repeat(`"x",`, 1000) + `"x"]`
	for _, test := range []struct{ limit, want int }{{0, 16}, {-1, 16}, {1, 1}, {100, 100}, {1001, 1000}, {1 << 30, 1000}} {
		var d wire.Decoder
		var v []int64
		d.Reset(text, wire.Limits{Violations: test.limit})
		wire.Array(&d, &v, -1, wire.DecodeInt64)
		d.End()
		var invalid *wire.Invalid
		if err := d.Err(); !errors.As(err, &invalid) || len(invalid.Violations) != test.want || !invalid.More || !d.Failed() || v != nil {
			t.Errorf("limit %d: got %v", test.limit, err)
			continue
		}
		for i, v := range invalid.Violations {
			if want := fmt.Sprintf("/%d", i); v.Pointer != want {
				t.Errorf("got %s, want %s", v.Pointer, want)
			}
		}
	}
}

// Nothing of a value may show up in an error.
func TestNoEcho(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, text := range []string{
		swap(`"EUR"`, `"`+secret+`"`), swap("paid", secret), swap("ada.lovelace@example.com", secret), swap(`"total":43210`, `"total":"`+secret+`"`),
		swap("Wrench", secret+"\x01"), swap("Wrench", secret+`\x`), orderText + secret, swap("GB", secret),
	} {
		got := decode(text, wire.Limits{}, func(d *wire.Decoder) { decodeOrder(d, new(order)) })
		var d wire.Decoder
		d.Reset(text, wire.Limits{})
		decodeOrder(&d, new(order))
		d.End()
		if got == "" || strings.Contains(fmt.Sprintf("%s %+v %v", got, d.Err(), d.Err()), secret) {
			t.Errorf("got %q", got)
		}
	}
}

// The whole of a hostile text is refused or accepted in about the time that its
// length asks for. The bounds are generous; quadratic work takes minutes.
func TestLinear(t *testing.T) {
	t.Parallel()
	const n = 1 << 20
	raw := func(d *wire.Decoder) { d.Raw() }
	for _, test := range []struct {
		name, text string
		read       func(d *wire.Decoder)
		want       string
	}{
		{"digits as int64", strings.Repeat("7", n), func(d *wire.Decoder) { d.Int64() }, "too many digits"},
		{"digits as float64", strings.Repeat("7", n), func(d *wire.Decoder) { d.Float64() }, "too many digits"},
		{"digits as number", "0." + strings.Repeat("7", n), func(d *wire.Decoder) { d.Number() }, "too many digits"},
		{"exponent", "1e" + strings.Repeat("7", n), func(d *wire.Decoder) { d.Uint64() }, "too many digits"},
		{"a thousand digits", strings.Repeat("7", 1024), func(d *wire.Decoder) { d.Number() }, ""},
		{"exponent as int64", "1e999999999", func(d *wire.Decoder) { d.Int64() }, " format"},
		{"exponent as number", "1e999999999", func(d *wire.Decoder) { d.Number() }, " format"},
		{"negative exponent as number", "1e-999999999", func(d *wire.Decoder) { d.Number() }, " format"},
		{"exponent as raw", "1e999999999", raw, ""},
		{"escapes", `"` + strings.Repeat(`\u0041`, n/6) + `"`, func(d *wire.Decoder) { _ = d.String() }, ""},
		{"names", names1(n / 10), raw, ""},
		{"names that differ by escapes", `{` + strings.Repeat(" ", n) + `"a":1,"\u0061":2}`, raw, "occurs twice"},
		{"brackets", strings.Repeat("[", n), raw, "nested too deeply"},
		{"braces", strings.Repeat(`{"a":`, n/5), raw, "nested too deeply"},
		{"quotes", strings.Repeat(`"`, n), raw, "something follows the value"},
		{"backslashes", `"` + strings.Repeat(`\\`, n/2) + `"`, raw, ""},
	} {
		start := time.Now()
		got := decode(test.text, wire.Limits{}, test.read)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %v", test.name, took)
		}
		if test.want == "" && got != "" || !strings.HasSuffix(got, test.want) {
			t.Errorf("%s: got %.80q, want %q", test.name, got, test.want)
		}
	}
}

// names1 is an object of n members.
func names1(n int) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":0`, i)
	}
	b.WriteByte('}')
	return b.String()
}

// What a decoded order costs: the items and the tags.
func TestAllocations(t *testing.T) {
	var d wire.Decoder
	var v order
	read := func() {
		v = order{}
		d.Reset(orderText, wire.Limits{})
		decodeOrder(&d, &v)
		d.End()
		if d.Failed() || d.Violated() {
			t.Fatal(d.Err())
		}
	}
	read()
	if got := testing.AllocsPerRun(100, read); got != 2 {
		t.Errorf("decoding: got %v allocations, want 2", got)
	}
	skip := func() {
		d.Reset(orderText, wire.Limits{})
		d.Raw()
	}
	if got := testing.AllocsPerRun(100, skip); got != 0 {
		t.Errorf("skipping: got %v allocations, want 0", got)
	}
	var e wire.Encoder
	b := make([]byte, 0, 4096)
	if got := testing.AllocsPerRun(100, func() { b = appendOrder(&e, b[:0], &v) }); got != 0 {
		t.Errorf("encoding: got %v allocations, want 0", got)
	}
	if string(b) != orderText {
		t.Errorf("got %s, want %s", b, orderText)
	}
}
