package policy_test

import (
	"testing"

	"github.com/bailey-go/bailey/generator/internal/policy"
)

// TestUnusedComponents: keys in each kind of component that has schemas are read as elsewhere, whether
// an operation refers to the component or not. OpenAPI 3.2 has mediaTypes among them.
func TestUnusedComponents(t *testing.T) {
	t.Parallel()
	const schema = "{type: object, properties: {a: {type: string, x-bailey-mask: drop}}}"
	const content = "{content: {application/json: {schema: " + schema + "}}}"
	for name, component := range map[string]string{
		"schemas":       schema,
		"responses":     "{description: d, content: {application/json: {schema: " + schema + "}}}",
		"requestBodies": content,
		"headers":       content,
		"mediaTypes":    "{schema: " + schema + "}",
		"pathItems":     "{put: {x-bailey-public: a test, requestBody: " + content + ", responses: {'204': {description: d}}}}",
	} {
		_, set, found := read(t, "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  "+name+": {A: "+component+"}\n", policy.Options{})
		if found != "" || len(set.Schemas) != 1 {
			t.Errorf("%s: %d masks are read, and found is %q", name, len(set.Schemas), found)
		}
	}
}
