package load

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// bundle bundles files, whose entry is api.yaml, and checks what holds for every
// bundle: it is JSON, it loads here without errors or other files, and it is a fixed point.
func bundle(t *testing.T, files map[string]string) string {
	t.Helper()
	doc := mustLoad(t, files)
	text, diags := doc.Bundle()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if !json.Valid(text) {
		t.Fatalf("not JSON: %s", text)
	}
	again, diags := LoadBytes("bundle.json", text, Limits{})
	if diags.HasErrors() {
		t.Fatalf("the bundle does not load: %v\n%s", diags, text)
	}
	second, diags := again.Bundle()
	if diags.HasErrors() || !bytes.Equal(text, second) {
		t.Errorf("the bundle's bundle differs:\n got %s\nwant %s", second, text)
	}
	_, components, _ := strings.Cut(string(text), `"components":`)
	return strings.TrimSuffix(components, "}")
}

func TestBundle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		want  string // of components
	}{{
		"order and numbers stay",
		map[string]string{"api.yaml": head31 + "components: {schemas: {Z: {maximum: 9007199254740993, minimum: 1.50}, A: {const: null, x-é: \"\\u0001\\\"\"}}}"},
		`{"schemas":{"Z":{"maximum":9007199254740993,"minimum":1.50},"A":{"const":null,"x-é":"\u0001\""}}}`,
	}, {
		"recursion across files",
		map[string]string{
			"api.yaml":  head30 + "components: {schemas: {Top: {properties: {n: {$ref: 'node.yaml'}}}}}",
			"node.yaml": "properties: {next: {$ref: '#'}, list: {items: {$ref: 'api.yaml#/components/schemas/Top'}}}",
		},
		`{"schemas":{"Top":{"properties":{"n":{"$ref":"#/components/schemas/node"}}},` +
			`"node":{"properties":{"next":{"$ref":"#/components/schemas/node"},"list":{"items":{"$ref":"#/components/schemas/Top"}}}}}}`,
	}, {
		"names that collide",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A: {oneOf: [{$ref: 'b.yaml#/components/schemas/A'}, {$ref: 'c.yaml#/components/schemas/A'}]}}}",
			"b.yaml":   "components: {schemas: {A: {type: string}}}",
			"c.yaml":   "components: {schemas: {A: {type: integer}}}",
		},
		`{"schemas":{"A":{"oneOf":[{"$ref":"#/components/schemas/A_2"},{"$ref":"#/components/schemas/A_3"}]},"A_2":{"type":"string"},"A_3":{"type":"integer"}}}`,
	}, {
		"a map in another file, and what refers into it",
		map[string]string{
			"api.yaml": head30 + "components:\n  schemas: {$ref: 'all.yaml'}\n  parameters: {P: {name: p, in: query, schema: {$ref: 'all.yaml#/A'}}}",
			"all.yaml": "A: {type: string}\nB: {$ref: '#/A'}",
		},
		`{"schemas":{"A":{"type":"string"},"B":{"$ref":"#/components/schemas/A"}},"parameters":{"P":{"name":"p","in":"query","schema":{"$ref":"#/components/schemas/A"}}}}`,
	}, {
		"a place without a component",
		map[string]string{"api.yaml": head30 + "components: {schemas: {A: {properties: {b: {type: string}, c: {$ref: '#/components/schemas/A/properties/b'}}}}}"},
		`{"schemas":{"A":{"properties":{"b":{"type":"string"},"c":{"$ref":"#/components/schemas/b"}}},"b":{"type":"string"}}}`,
	}, {
		"siblings: kept in 3.1",
		map[string]string{"api.yaml": head31 + "components: {schemas: {A: {}, B: {$ref: '#/components/schemas/A', minLength: 1, x-k: v}}}"},
		`{"schemas":{"A":{},"B":{"$ref":"#/components/schemas/A","minLength":1,"x-k":"v"}}}`,
	}, {
		"siblings: dropped in 3.0",
		map[string]string{"api.yaml": head30 + "components: {schemas: {A: {}, B: {$ref: '#/components/schemas/A', minLength: 1}}}"},
		`{"schemas":{"A":{},"B":{"$ref":"#/components/schemas/A"}}}`,
	}, {
		"$id and $anchor are not needed any more",
		map[string]string{"api.yaml": head31 + "components: {schemas: {A: {$id: 'https://e.com/a', properties: {$id: {$ref: '#x'}}, $defs: {X: {$anchor: x}}}}}"},
		`{"schemas":{"A":{"properties":{"$id":{"$ref":"#/components/schemas/X"}},"$defs":{"X":{}}},"X":{}}}`,
	}, {
		"discriminators",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A: {oneOf: [{$ref: 'b.yaml'}], discriminator: {propertyName: t, mapping: {b: b.yaml, c: C}}}}}",
			"b.yaml":   "type: object",
		},
		`{"schemas":{"A":{"oneOf":[{"$ref":"#/components/schemas/b"}],"discriminator":{"propertyName":"t","mapping":{"b":"#/components/schemas/b","c":"C"}}},"b":{"type":"object"}}}`,
	}, {
		"odd names",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A/B: {}, C: {$ref: '#/components/schemas/A~1B'}, D: {items: {$ref: 'd é.yaml'}}}}",
			"d é.yaml": "type: string",
		},
		`{"schemas":{"A/B":{},"C":{"$ref":"#/components/schemas/A~1B"},"D":{"items":{"$ref":"#/components/schemas/d__"}},"d__":{"type":"string"}}}`,
	}, {
		"two components that are one place",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A: {$ref: 'x.yaml'}, B: {$ref: 'x.yaml'}, C: {items: {$ref: 'x.yaml'}}}}",
			"x.yaml":   "type: string",
		},
		`{"schemas":{"A":{"type":"string"},"B":{"$ref":"#/components/schemas/A"},"C":{"items":{"$ref":"#/components/schemas/A"}}}}`,
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bundle(t, tt.files); got != tt.want {
				t.Errorf("components:\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Path items and operations have no section in components: they stand where they
// are referred to.
func TestBundlePaths(t *testing.T) {
	t.Parallel()
	doc := mustLoad(t, map[string]string{
		"api.yaml": `
openapi: 3.0.3
info: {title: t, version: '1', description: {$ref: about.md}}
paths:
  /a: {$ref: 'paths/a.yaml', summary: here}
  /b: {get: {$ref: 'paths/a.yaml#/get'}}
`,
		"about.md": "# About",
		"paths/a.yaml": `
summary: there
get:
  parameters: [{$ref: '../p.yaml#/P'}]
  responses: {'200': {$ref: '../p.yaml#/R'}}
`,
		"p.yaml": "P: {name: p, in: query, schema: {type: string}}\nR: {description: r}",
	})
	text, diags := doc.Bundle()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	op := `{"parameters":[{"$ref":"#/components/parameters/P"}],"responses":{"200":{"$ref":"#/components/responses/R"}}}`
	want := `{"openapi":"3.0.3","info":{"title":"t","version":"1","description":"# About"},` +
		`"paths":{"/a":{"get":` + op + `,"summary":"here"},"/b":{"get":` + op + `}},` +
		// The order of added sections is that of the roles.
		`"components":{"parameters":{"P":{"name":"p","in":"query","schema":{"type":"string"}}},"responses":{"R":{"description":"r"}}}}`
	if got := string(text); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestBundleRecursivePathItem(t *testing.T) {
	t.Parallel()
	doc, diags := Load(filepath.Join(write(t, map[string]string{
		"api.yaml": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {$ref: a.yaml}\n",
		"a.yaml":   "post:\n  responses: {'200': {description: d}}\n  callbacks:\n    c:\n      '{$request.body#/u}': {$ref: a.yaml}\n",
	}), "api.yaml"), Limits{})
	if doc == nil || len(diags) != 1 || diags.HasErrors() || diags[0].Rule != ruleRecursion || diags[0].Pos.String() != "a.yaml:5:36" {
		t.Fatalf("got %v, want a warning", diags)
	}
	if text, diags := doc.Bundle(); text != nil || !diags.HasErrors() {
		t.Errorf("got %s, want an error", text)
	}
}

// What kin-openapi finds is a warning, at the place that it speaks of; what bailey says itself is not
// said twice.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{"api.yaml": `
openapi: 3.0.3
info: {title: t, version: ''}
paths:
  /a/{id}:
    get: {responses: {'200': {description: d}}}
  /b:
    post: {responses: {}}
components:
  schemas:
    A: {type: array}
  securitySchemes:
    s: {type: nonsense}
`})
	_, diags := Load(filepath.Join(folder, "api.yaml"), Limits{})
	found := map[int]bool{}
	for _, d := range diags {
		if d.Severity != diag.Warning || d.Rule != "kin-openapi" {
			t.Errorf("unexpected: %v", d)
		}
		found[d.Pos.Line] = true
	}
	for _, line := range []int{11, 13} {
		if !found[line] {
			t.Errorf("no finding in line %d: %v", line, diags)
		}
	}
	if found[3] || found[6] {
		t.Errorf("what others say is said: %v", diags)
	}
}

func TestTangle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		edges         map[string][]string
		knots, length int
	}{
		{nil, 0, 0},
		{map[string][]string{"a": {"b"}, "b": {"c"}}, 0, 3},
		{map[string][]string{"a": {"a"}}, 1, 1},
		{map[string][]string{"a": {"b"}, "b": {"a", "a"}, "c": {"a"}}, 6, 3},
		{map[string][]string{"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}, 8, 4},
		{map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"e"}}, 0, 4},
	}
	for _, tt := range tests {
		if knots, length := tangle(tt.edges); knots != tt.knots || length != tt.length {
			t.Errorf("%v: got %d, %d, want %d, %d", tt.edges, knots, length, tt.knots, tt.length)
		}
	}
}
