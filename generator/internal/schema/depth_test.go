package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestDepth: a schema beyond a bound is refused, with the bound, and one below it is
// read. Goldens of that size would say less.
func TestDepth(t *testing.T) {
	t.Parallel()
	// chain makes n schemas, each of which holds the next as wrap says.
	chain := func(n int, wrap string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "    A: {$ref: '#/components/schemas/S0'}\n")
		for i := range n {
			next := fmt.Sprintf("{$ref: '#/components/schemas/S%d'}", i+1)
			fmt.Fprintf(&b, "    S%d: {description: d, %s}\n", i, fmt.Sprintf(wrap, next))
		}
		fmt.Fprintf(&b, "    S%d: {type: string}\n", n)
		return b.String()
	}
	wide := func(n int) string {
		var b strings.Builder
		b.WriteString("    A:\n      allOf:\n")
		for i := range n {
			fmt.Fprintf(&b, "        - {type: object, properties: {p%d: {type: string}}}\n", i)
		}
		return b.String()
	}
	tests := []struct {
		name, text, want string
	}{
		{"allOf", chain(240, "allOf: [%s]"), ""},
		{"allOf beyond", chain(260, "allOf: [%s]"), "schemas that consist of others, 500 deep [too-complex]"},
		{"anyOf", chain(450, "anyOf: [%s, {type: integer}]"), ""},
		{"anyOf beyond", chain(520, "anyOf: [%s, {type: integer}]"), "oneOf and anyOf are nested more than 500 deep here [too-complex]"},
		{"merged", wide(1900), ""},
		{"merged beyond", wide(2001), "more than 2000 schemas are merged here [too-complex]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := read(t, "3.1.0", test.text).get(t, "A")
			var said []string
			for _, d := range everything(s) {
				said = append(said, d.String())
			}
			got := strings.Join(said, "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// everything is what is refused of a schema and of all that it holds.
func everything(s *schema.Schema) diag.List {
	var all diag.List
	s.Walk(func(s *schema.Schema) bool {
		all = append(all, s.Unsupported...)
		return true
	})
	return all
}
