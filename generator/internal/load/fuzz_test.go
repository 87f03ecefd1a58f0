package load

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// small are limits that keep a fuzzer fast, and that it can reach.
var small = Limits{Bytes: 1 << 16, Depth: 50, Nodes: 5000, Aliases: 500}

// FuzzJSON: the reader accepts what encoding/json accepts, except for what it
// refuses under a rule of its own; and what it read is what was written.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,null,true,"\ud83d\ude00\n"]}`, `{"a":1,"a":2}`, `[1,]`, `"\ud800"`, "\ufeff{}", "[\"\xff\"]",
		`[[[[[[]]]]]]`, `{"":{}}`, `1e999`, `  "x"  `, `{"a":{"b":[{"c":"d"}]}} x`, "\"\u2028\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSource(nil, small, new(diag.List))
		root := s.parse("x.json", []byte(text)).root
		valid := json.Valid([]byte(strings.TrimPrefix(text, "\ufeff")))
		if root == nil {
			for _, d := range *s.diags {
				own := slices.Contains([]rules.Rule{"duplicate-key", "utf8", "limit-depth", "limit-nodes", "limit-number", "too-many"}, d.Rule)
				if valid && !own {
					t.Errorf("refused, but valid: %v", d)
				}
			}
			if len(*s.diags) == 0 {
				t.Error("refused without a reason")
			}
			return
		}
		if !valid {
			t.Errorf("accepted, but not JSON: %q", text)
		}
		if s.diags.HasErrors() {
			return
		}
		got := dump(root)
		again, diags := read("x.json", got)
		if len(diags) > 0 || dump(again) != got {
			t.Errorf("%q became %q, and that %v", text, got, diags)
		}
	})
}

// FuzzYAML: the reader neither panics nor exceeds its bounds, and what it makes of
// YAML can be written as JSON.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{
		"a: &x [1, *x]", "a: &x {b: 1}\nc: {<<: *x, d: 0o17}", "- - - a\n- 'b'\n- \"c\\/d\"\n- |\n  e\n- >-\n  f\n", "? a\n: b",
		"%YAML 1.2\n---\na: !!str 1\n...\n", "a: 010\nb: 0x1f\nc: .5\nd: 1.\ne: .inf\nf: 1_000", "{a: [b, {c: d}], e}", "a:\n\tb", "a: *b",
		"<<: [{a: 1}, {b: 2}]", "200: x\n1.50: y\n~: z", "--- a\n--- b", "a: \"\\x41\\u00e9\\U0001f600\"", "é: 1\nü: [2,\n 3]", "# c\n\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSource(nil, small, new(diag.List))
		root := s.parse("x.yaml", []byte(text)).root
		if s.b.nodes > small.Nodes+1 || s.b.aliases > small.Aliases+1 {
			t.Errorf("%d values, %d by aliases", s.b.nodes, s.b.aliases)
		}
		if root == nil {
			if len(*s.diags) == 0 {
				t.Error("refused without a reason")
			}
			return
		}
		if s.diags.HasErrors() {
			return
		}
		got := dump(root)
		again, diags := read("x.json", got)
		if len(diags) > 0 || dump(again) != got {
			t.Errorf("%q became %q, and that %v", text, got, diags)
		}
	})
}

// FuzzLoad: a document either has errors, or what it prints loads without any. It prints the same again,
// unless
// references are replaced by what they lead to.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		head31 + "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {properties: {a: {$ref: '#/components/schemas/A'}}}}}",
		head31 + "components: {schemas: {A: {$id: 'http://a/b', $anchor: x, items: {$ref: '#x'}}, B: {$ref: 'http://a/b'}}}",
		head30 + "components: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}",
		head30 + "components: {schemas: {A: {properties: {$ref: '#/components/schemas'}}}}",
		head30 + "components: {schemas: {A: {$ref: '#/components/schemas/A/x'}}}",
		"openapi: 3.0.0\ninfo: {}\npaths:\n  /a: {$ref: '#/paths/~1b', get: {responses: {default: {$ref: '#/components/responses/R'}}}}\n  /b: {}\ncomponents: {responses: {R: {}}}",
		head31 + "components: {schemas: {A: {discriminator: {mapping: {a: '#/components/schemas/B', b: B}}}, B: {}}, pathItems: {P: {$ref: '#/components/pathItems/P'}}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, diags := LoadBytes("x.yaml", []byte(text), small)
		if doc == nil || diags.HasErrors() {
			if !diags.HasErrors() {
				t.Error("no document and no error")
			}
			return
		}
		printed, err := doc.JSON("x.yaml")
		if err != nil || len(printed) > 1<<16 {
			return // beyond the limits of the second reading
		}
		again, diags := LoadBytes("x.yaml", printed, Limits{})
		if again == nil || diags.HasErrors() {
			t.Fatalf("what is printed does not load: %v\n%s", diags, printed)
		}
		for _, r := range doc.refs {
			if r.place.shape == dict || r.place.shape == list || sections[r.place.role] == "" {
				return
			}
		}
		second, err := again.JSON("x.yaml")
		if err != nil || string(second) != string(printed) {
			t.Errorf("what is printed prints differently (%v):\n got %s\nwant %s", err, second, printed)
		}
	})
}
