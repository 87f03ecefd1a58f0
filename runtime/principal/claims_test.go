package principal_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/bailey-go/bailey/runtime/principal"
)

func TestTypedClaims(t *testing.T) {
	p := (&principal.Principal{Subject: "s", Claims: map[string]any{
		"text": "a", "n": json.Number("7"), "go": 8, "wide": int64(9), "half": json.Number("7.5"), "yes": true, "list": []any{"a", "b"}, "typed": []string{"x"},
		"none": []any{}, "mixed": []any{"a", 1}, "deep": map[string]any{"n": json.Number("-1")},
		"many": slices.Repeat([]any{"a"}, 1025), "manytyped": slices.Repeat([]string{"a"}, 1025),
	}}).Caller()
	if v, ok := p.TextClaim("text"); v != "a" || !ok {
		t.Errorf("TextClaim = %q, %v", v, ok)
	}
	if v, ok := p.TextClaim("sub"); v != "s" || !ok {
		t.Errorf("TextClaim of sub = %q, %v", v, ok)
	}
	for name, want := range map[string]int64{"n": 7, "go": 8, "wide": 9, "/deep/n": -1} {
		if v, ok := p.IntClaim(name); v != want || !ok {
			t.Errorf("IntClaim(%q) = %d, %v", name, v, ok)
		}
	}
	if v, ok := p.BoolClaim("yes"); !v || !ok {
		t.Errorf("BoolClaim = %v, %v", v, ok)
	}
	for name, want := range map[string][]string{"list": {"a", "b"}, "typed": {"x"}, "none": {}} {
		if v, ok := p.ListClaim(name); !slices.Equal(v, want) || !ok {
			t.Errorf("ListClaim(%q) = %q, %v", name, v, ok)
		}
	}
	for _, q := range []principal.Caller{p, {}} {
		for _, name := range []string{"absent", "half", "mixed", "many", "manytyped"} {
			_, text := q.TextClaim(name)
			_, n := q.IntClaim(name)
			_, b := q.BoolClaim(name)
			_, list := q.ListClaim(name)
			if text || n || b || list {
				t.Errorf("%q of %v is %v %v %v %v", name, q, text, n, b, list)
			}
		}
	}
}

// TestAnyClaim: what is given, and that nothing is where one item cannot be compared.
func TestAnyClaim(t *testing.T) {
	p := &principal.Principal{Subject: "s", Claims: map[string]any{
		"text": "a", "n": json.Number("7"), "go": 8, "float": 9.0, "half": 7.5, "exact": json.Number("1e2"), "zero": json.Number("-0"), "list": []any{"a", json.Number("1")},
		"empty": "", "null": nil, "object": map[string]any{}, "nulls": []any{"a", nil}, "empties": []any{"a", ""}, "blank": []string{"a", ""}, "nested": []any{[]any{"a"}}, "yes": true,
	}}
	for name, want := range map[string][]string{
		"text": {"a"}, "n": {"7"}, "go": {"8"}, "float": {"9"}, "list": {"a", "1"}, "sub": {"s"}, "half": nil, "exact": nil, "zero": nil, "empty": nil, "null": nil,
		"object": nil, "blank": nil, "nested": nil, "yes": nil, "absent": nil,
	} {
		var got []string
		if p.AnyClaim(name, func(v string) bool { got = append(got, v); return false }); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if found := p.AnyClaim(name, func(string) bool { return true }); found != (len(want) > 0) {
			t.Errorf("%s: found %v", name, found)
		}
	}
	for _, name := range []string{"nulls", "empties"} {
		if p.AnyClaim(name, func(string) bool { return true }) {
			t.Errorf("a list with an item that cannot be compared matches: %s", name)
		}
	}
	if n := testing.AllocsPerRun(100, func() { p.AnyClaim("list", func(v string) bool { return v == "x" }) }); n != 0 {
		t.Errorf("it allocates %v times", n)
	}
}
