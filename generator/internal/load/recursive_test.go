package load

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestRecursiveRef: the keywords of JSON Schema 2019-09 are read as those that took their place.
func TestRecursiveRef(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, version, schemas, want string }{
		{"in a component", "3.1.0", `A: {$recursiveAnchor: true, properties: {a: {$recursiveRef: '#'}}}`, `{"A":{"$recursiveAnchor":true,"properties":{"a":{"$ref":"#/components/schemas/A"}}}}`},
		{"the nearest", "3.1.0", `A: {$recursiveAnchor: true, $defs: {B: {$recursiveAnchor: true, items: {$recursiveRef: '#'}}}}`, `{"A":{"$recursiveAnchor":true,"$defs":{"B":{"$recursiveAnchor":true,"items":{"$ref":"#/components/schemas/A/$defs/B"}}}}}`},
		{"in a resource", "3.1.0", `A: {$id: 'https://a.example/a', $recursiveAnchor: true, items: {$recursiveRef: '#'}}`, `{"A":{"$id":"https://a.example/a","$dynamicAnchor":"recursiveAnchor","items":{"$dynamicRef":"#recursiveAnchor"}}}`},
		{"in a resource without an anchor", "3.1.0", `A: {$id: 'https://a.example/a', items: {$recursiveRef: '#'}}`, `{"A":{"$id":"https://a.example/a","items":{"$ref":"#/components/schemas/A"}}}`},
		{"in nothing", "3.1.0", `A: {items: {$recursiveRef: '#'}}`, `{"A":{"items":{"$recursiveRef":"#"}}}`},
		{"elsewhere", "3.1.0", `A: {$recursiveAnchor: true, items: {$recursiveRef: '#/a'}}`, `{"A":{"$recursiveAnchor":true,"items":{"$recursiveRef":"#/a"}}}`},
		{"a name", "3.1.0", `A: {$recursiveAnchor: true, properties: {$recursiveRef: {type: string}}}`, `{"A":{"$recursiveAnchor":true,"properties":{"$recursiveRef":{"type":"string"}}}}`},
		{"before", "3.0.3", `A: {$recursiveAnchor: true, items: {$recursiveRef: '#'}}`, `{"A":{"$recursiveAnchor":true,"items":{"$recursiveRef":"#"}}}`},
	} {
		doc, diags := LoadBytes("api.yaml", []byte("openapi: "+test.version+"\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {"+test.schemas+"}}\n"), Limits{})
		if diags.HasErrors() {
			t.Errorf("%s: %v", test.name, diags)
			continue
		}
		text, _ := doc.JSON("api.yaml")
		var printed struct {
			Components struct{ Schemas json.RawMessage }
		}
		if err := json.Unmarshal(text, &printed); err != nil || string(printed.Components.Schemas) != test.want {
			t.Errorf("%s: got %s, want %s (%v)", test.name, printed.Components.Schemas, test.want, err)
		}
		if warned, read := len(diags) > 0, !strings.Contains(test.want, `"$recursiveRef"`); warned != read {
			t.Errorf("%s: %v", test.name, diags)
		}
	}
}
