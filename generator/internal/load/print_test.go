package load

import (
	"fmt"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		file  string // "" for the entry
		want  string // of components, or of another file
	}{{
		"order and numbers stay",
		map[string]string{"api.yaml": head31 + "components: {schemas: {Z: {maximum: 9007199254740993, minimum: 1.50}, A: {const: null, x-é: \"\\u0001\\\"\"}}}"},
		"", `{"schemas":{"Z":{"maximum":9007199254740993,"minimum":1.50},"A":{"const":null,"x-é":"\u0001\""}}}`,
	}, {
		"across files",
		map[string]string{
			"api.yaml":    head30 + "components: {schemas: {Top: {properties: {n: {$ref: './d/../d/node.yaml'}}}}}",
			"d/node.yaml": "properties: {next: {$ref: '#'}, list: {items: {$ref: '../api.yaml#/components/schemas/Top'}}}",
		},
		"", `{"schemas":{"Top":{"properties":{"n":{"$ref":"d/node.yaml"}}}}}`,
	}, {
		"and back",
		map[string]string{
			"api.yaml":    head30 + "components: {schemas: {Top: {properties: {n: {$ref: 'd/node.yaml'}}}}}",
			"d/node.yaml": "properties: {next: {$ref: '#'}, list: {items: {$ref: '../api.yaml#/components/schemas/Top'}}}",
		},
		"d/node.yaml", `{"properties":{"next":{"$ref":"#"},"list":{"items":{"$ref":"../api.yaml#/components/schemas/Top"}}}}`,
	}, {
		"a map in another file, and what refers into it",
		map[string]string{
			"api.yaml": head30 + "components:\n  schemas: {$ref: 'all.yaml'}\n  parameters: {P: {name: p, in: query, schema: {$ref: 'all.yaml#/A'}}}",
			"all.yaml": "A: {type: string}\nB: {$ref: '#/A'}",
		},
		"", `{"schemas":{"A":{"type":"string"},"B":{"$ref":"all.yaml#/A"}},"parameters":{"P":{"name":"p","in":"query","schema":{"$ref":"all.yaml#/A"}}}}`,
	}, {
		"anchors and identifiers",
		map[string]string{"api.yaml": head31 + "components: {schemas: {A: {$id: 'https://e.com/a', properties: {$id: {$ref: '#x'}}, $defs: {X: {$anchor: x}}}, B: {$ref: 'https://e.com/a', minLength: 1}}}"},
		"", `{"schemas":{"A":{"$id":"https://e.com/a","properties":{"$id":{"$ref":"#/components/schemas/A/$defs/X"}},"$defs":{"X":{"$anchor":"x"}}},"B":{"$ref":"#/components/schemas/A","minLength":1}}}`,
	}, {
		"discriminators",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A: {oneOf: [{$ref: 'b.yaml'}], discriminator: {propertyName: t, mapping: {b: b.yaml, a: A, c: C}}}}}",
			"b.yaml":   "type: object",
		},
		"", `{"schemas":{"A":{"oneOf":[{"$ref":"b.yaml"}],"discriminator":{"propertyName":"t","mapping":{"b":"b.yaml","a":"A","c":"C"}}}}}`,
	}, {
		"odd names",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A/B: {}, C: {$ref: '#/components/schemas/A~1B'}, D: {items: {$ref: 'd é.yaml'}}}}",
			"d é.yaml": "type: string",
		},
		"", `{"schemas":{"A/B":{},"C":{"$ref":"#/components/schemas/A~1B"},"D":{"items":{"$ref":"d%20%C3%A9.yaml"}}}}`,
	}, {
		"data that looks like a reference",
		map[string]string{"api.yaml": head30 + "components: {schemas: {A: {example: {$ref: '#/components'}, default: {$ref: '#x'}}}}"},
		"", `{"schemas":{"A":{"example":{"$ref":"#/components"},"default":{"$ref":"#x"}}}}`,
	}, {
		"a part that nothing uses",
		map[string]string{
			"api.yaml": head30 + "components: {schemas: {A: {$ref: 'b.yaml#/used'}}}",
			"b.yaml":   "used: {type: string}\nunused: {properties: {a: {$ref: 'c.yaml'}, b: {$ref: '#/used'}}}",
		},
		"b.yaml", `{"used":{"type":"string"},"unused":{"properties":{"a":{},"b":{"$ref":"#/used"}}}}`,
	}, {
		"maps that hold themselves",
		map[string]string{"api.yaml": head30 + "components: {schemas: {A: {properties: {$ref: '#/components/schemas'}}, B: {properties: {$ref: '#/x-m'}}}}\nx-m: {b: {properties: {$ref: '#/x-m'}}}"},
		"", `{"schemas":{"A":{"properties":{"$ref":"#/components/schemas"}},"B":{"properties":{"b":{"properties":{"$ref":"#/x-m"}}}}}},"x-m":{"b":{"properties":{"$ref":"#/x-m"}}}`,
	}, {
		"a text in another file",
		map[string]string{"api.yaml": head30 + "components: {schemas: {A: {description: {$ref: about.md}}}}", "about.md": "# About\n"},
		"", `{"schemas":{"A":{"description":"# About\n"}}}`,
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := mustLoad(t, tt.files)
			file := "api.yaml"
			if tt.file != "" {
				file = tt.file
			}
			text, err := doc.JSON(file)
			if err != nil {
				t.Fatal(err)
			}
			got := string(text)
			if tt.file == "" {
				_, got, _ = strings.Cut(strings.TrimSuffix(got, "}"), `"components":`)
			}
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// References to maps that are replaced by the maps end at a bound.
func TestJSONLimit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head30 + "x-m:\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  m%d: {a: {properties: {$ref: '#/x-m/m%d'}}, b: {properties: {$ref: '#/x-m/m%d'}}}\n", i, i+1, i+1)
	}
	b.WriteString("  m40: {}\ncomponents: {schemas: {A: {properties: {$ref: '#/x-m/m0'}}}}\n")
	doc, diags := LoadBytes("api.yaml", []byte(b.String()), Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, err := doc.JSON("api.yaml"); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("maps within maps: got %v", err)
	}
	if _, err := mustLoad(t, map[string]string{"api.yaml": head30}).JSON("b.yaml"); err == nil {
		t.Error("a file that is not there was printed")
	}
}
