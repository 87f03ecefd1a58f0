package generator

import (
	"strings"
	"testing"
)

// TestGuardOfAnotherUse: an x-bailey-writable-by that travels to a property of one use does not count
// as enforced where another use has the same component as something else, in whichever order.
func TestGuardOfAnotherUse(t *testing.T) {
	t.Parallel()
	const (
		body   = "  /a: {post: {requestBody: {content: {application/json: {schema: {type: object, properties: {g: {$ref: '#/components/schemas/G'}}}}}}, responses: {'204': {description: d}}}}\n"
		first  = "  /0: {get: {parameters: [{name: g, in: query, style: deepObject, schema: {$ref: '#/components/schemas/G'}}], responses: {'204': {description: d}}}}\n"
		second = "  /b: {get: {parameters: [{name: g, in: query, style: deepObject, schema: {$ref: '#/components/schemas/G'}}], responses: {'204': {description: d}}}}\n"
	)
	for _, tt := range []struct{ name, paths, component string }{
		{"alone", second, "    G: {type: object, properties: {a: {type: string}}, x-bailey-writable-by: edit} # HERE\n"},
		{"after", body + second, "    G: {type: object, properties: {a: {type: string}}, x-bailey-writable-by: edit} # HERE\n"},
		{"before", first + body, "    G: {type: object, properties: {a: {type: string}}, x-bailey-writable-by: edit} # HERE\n"},
		{"by allOf", body + second, "    G: {allOf: [{$ref: '#/components/schemas/H'}]}\n    H: {type: object, properties: {a: {type: string}}, x-bailey-writable-by: edit} # HERE\n"},
		{"property", body, "    G: {type: object, properties: {a: {type: string}}, x-bailey-writable-by: edit}\n"},
		{"below", body + second, "    G: {type: object, properties: {a: {type: string, x-bailey-writable-by: edit}}}\n"},
	} {
		holdRefusals(t, tt.name, "3.1.0", "paths:\n"+tt.paths+strings.TrimSuffix(redteamScheme, "\n")+"\n  schemas:\n"+tt.component, "x-bailey-writable-by")
	}
}
