package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// refusedAt renders a document of paths and components, and returns its errors.
func refusedAt(t *testing.T, version, rest string) []string {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("openapi: %s\ninfo: {title: T, version: '1'}\nsecurity: [{token: []}]\n%s", version, rest)
	if err := os.WriteFile(filepath.Join(dir, "openapi.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(found(t, dir)), "\n") {
		if !strings.Contains(line, ": warning: ") && line != "" {
			out = append(out, line)
		}
	}
	return out
}

const redteamScheme = "components:\n  securitySchemes: {token: {type: http, scheme: bearer}}\n"

// holdRefusals holds that a document is refused at each line that has the comment `# HERE`, and at no
// other, and that each error names the key there.
func holdRefusals(t *testing.T, name, version, rest, key string) {
	t.Helper()
	got := refusedAt(t, version, rest)
	for i, line := range strings.Split(rest, "\n") {
		at := fmt.Sprintf("openapi.yaml:%d:", i+4)
		hit := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, at) && strings.Contains(s, key) })
		if want := strings.Contains(line, "# HERE"); hit != want {
			t.Errorf("%s: line %d (%s) is refused for %s: %v, want %v; got %q", name, i+4, strings.TrimSpace(line), key, hit, want, got)
		}
	}
}

// TestRedteamSSEMask: a policy on a member of a whole event, which the runtime writes, stops
// generation, also through references, and so does a keyword of the event that nothing checks.
func TestRedteamSSEMask(t *testing.T) {
	t.Parallel()
	const schemas = redteamScheme + `  schemas:
    Tax: {type: string, x-bailey-data: secret}%s
    Secret: {type: string, x-bailey-mask: redact}
`
	for _, tt := range []struct{ name, member, component, key string }{
		{"mask", "data: {type: string, x-bailey-mask: {how: last4, scopes: ['cards:clear']}} # HERE", "", "x-bailey-mask"},
		{"class", "data: {type: string, x-bailey-data: pii} # HERE", "", "x-bailey-data"},
		{"reference", "data: {$ref: '#/components/schemas/Tax'}", " # HERE", "x-bailey-data"},
		{"beside a reference", "data: {$ref: '#/components/schemas/Tax', x-bailey-mask: email} # HERE", "", "x-bailey-mask"},
		{"allOf", "data: {allOf: [{$ref: '#/components/schemas/Tax'}]}", " # HERE", "x-bailey-data"},
		{"JSON text", "data: {type: string, x-bailey-mask: redact, contentMediaType: application/json, contentSchema: {type: object}} # HERE", "", "x-bailey-mask"},
		{"id", "data: {type: string}\n                  id: {type: string, x-bailey-mask: redact} # HERE", "", "x-bailey-mask"},
		{"event", "data: {type: string}\n                  event: {type: string, x-bailey-data: phi} # HERE", "", "x-bailey-data"},
		{"retry", "data: {type: string}\n                  retry: {type: integer, x-bailey-mask: drop} # HERE", "", "x-bailey-mask"},
		{"exact id", "data: {type: string}\n                  id: {type: string, x-bailey-exact: true} # HERE", "", ""},
		{"writeOnly id", "data: {type: string}\n                  id: {type: string, writeOnly: true} # HERE", "", ""},
		{"writeOnly text", "data: {type: string, writeOnly: true, contentMediaType: application/json, contentSchema: {type: object}} # HERE", "", ""},
		{"not", "data: {type: string}\n                  id: {type: string, not: {const: x}} # HERE", "", ""},
		{"bad pattern", "data: {type: string}\n                  id: {type: string, pattern: '(a)\\1'} # HERE", "", "pattern"},
		{"clear", "data: {type: string, x-bailey-data: pii, x-bailey-mask: {how: clear, reason: it is public here}}", "", "x-bailey"},
	} {
		holdRefusals(t, tt.name, "3.2.0", `paths:
  /cards:
    get:
      responses:
        '200':
          description: events
          content:
            text/event-stream:
              itemSchema:
                type: object
                required: [data]
                properties:
                  `+tt.member+"\n"+fmt.Sprintf(schemas, tt.component), tt.key)
	}
	// The event as a whole.
	for _, member := range []string{
		"allOf: [{not: {required: [id]}}] # HERE", "anyOf: [{required: [id]}, {required: [event]}] # HERE", "not: {required: [id, event]} # HERE",
		"dependentRequired: {id: [event]} # HERE", "minProperties: 2 # HERE", "x-bailey-exact: true # HERE",
	} {
		got := refusedAt(t, "3.2.0", `paths:
  /cards:
    get:
      responses:
        '200':
          description: events
          content:
            text/event-stream:
              itemSchema:
                type: object
                properties: {data: {type: string}, id: {type: string}, event: {type: string}}
                `+member+"\n"+redteamScheme)
		if len(got) == 0 {
			t.Errorf("%s: generated", member)
		}
	}
	// In the data of an event that is JSON, masks hold.
	if got := refusedAt(t, "3.2.0", `paths:
  /cards:
    get:
      responses:
        '200':
          description: events
          content:
            text/event-stream:
              itemSchema: {type: object, properties: {tax: {type: string, x-bailey-mask: redact}}}
`+redteamScheme); len(got) > 0 {
		t.Errorf("masks in the data: %q", got)
	}
}

// TestRedteamMaskMedia: a policy in a schema of a body that generated code does not look into stops
// generation at its line, also where a JSON body of the same schema enforces it.
func TestRedteamMaskMedia(t *testing.T) {
	t.Parallel()
	const customer = `
  schemas:
    Customer: {type: object, properties: {name: {type: string}, tax: {type: string, x-bailey-data: secret}}}`
	media := []string{
		"application/xml", "application/yaml", "application/cbor", "text/csv", "text/html", "application/x-www-form-urlencoded", "multipart/form-data",
		"multipart/mixed", "application/octet-stream", "application/*", "'*/*'", "text/plain", "image/png",
	}
	for _, m := range media {
		for _, schema := range []string{"{$ref: '#/components/schemas/Customer'}", "{type: array, items: {$ref: '#/components/schemas/Customer'}}", "{anyOf: [{type: object}, {$ref: '#/components/schemas/Customer'}]}"} {
			holdRefusals(t, m+" "+schema, "3.1.0", `paths:
  /customer:
    get:
      responses:
        '200':
          description: a customer
          content:
            application/json: {schema: {$ref: '#/components/schemas/Customer'}}
            `+m+`: {schema: `+schema+`}
`+strings.TrimSuffix(redteamScheme, "\n")+customer+" # HERE\n", "x-bailey-data")
		}
	}
	for _, m := range []string{"application/json-seq", "application/x-ndjson", "application/jsonl"} { // arrays of 3.1 are streams as they are
		holdRefusals(t, m, "3.1.0", `paths:
  /customer:
    get:
      responses:
        default:
          description: a customer
          content: {`+m+`: {schema: {type: array, items: {$ref: '#/components/schemas/Customer'}}}}
`+strings.TrimSuffix(redteamScheme, "\n")+customer+" # HERE\n", "x-bailey-data")
	}
	holdRefusals(t, "header content", "3.1.0", `paths:
  /customer:
    get:
      responses:
        '200':
          description: a customer
          headers: {X-Customer: {content: {application/json: {schema: {$ref: '#/components/schemas/Customer'}}}}}
`+strings.TrimSuffix(redteamScheme, "\n")+customer+" # HERE\n", "x-bailey-data")
	// Whatever uses in JSON have passed before.
	holdRefusals(t, "after JSON", "3.1.0", `paths:
  /a: {get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Wrapper'}}}}}}}
  /b: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {w: {$ref: '#/components/schemas/Wrapper'}}}}}}}}}
  /c: {get: {responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Wrapper'}}}}}}}}
  /d: {get: {responses: {'200': {description: d, content: {application/xml: {schema: {type: array, items: {$ref: '#/components/schemas/Wrapper'}}}}}}}}
`+strings.TrimSuffix(redteamScheme, "\n")+customer+" # HERE\n    Wrapper: {type: object, properties: {c: {$ref: '#/components/schemas/Customer'}}}\n", "x-bailey-data")
	// A class on a component that JSON alone has, or a mask that shows, is no error.
	if got := refusedAt(t, "3.1.0", `paths:
  /customer:
    get:
      responses:
        '200':
          description: a customer
          content:
            application/json: {schema: {$ref: '#/components/schemas/Customer'}}
            application/xml: {schema: {type: object, properties: {tax: {type: string, x-bailey-data: secret, x-bailey-mask: {how: clear, reason: a test}}}}}
`+strings.TrimSuffix(redteamScheme, "\n")+customer+"\n"); len(got) > 0 {
		t.Errorf("good documents: %q", got)
	}
}

// TestRedteamPolicyInRequests: policies of requests stop generation where nothing holds callers to them.
func TestRedteamPolicyInRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, parameters, body string }{
		{"unknown in XML", "", "application/xml: {schema: {type: object, x-bailey-unknown: refuse}} # HERE"},
		{"exact in XML", "", "application/xml: {schema: {type: object, x-bailey-exact: true}} # HERE"},
		{"exact in a form", "", "application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: object, x-bailey-unknown: refuse, additionalProperties: true}}}} # HERE"},
		{"unknown against additionalProperties", "", "application/json: {schema: {type: object, additionalProperties: {type: string}, x-bailey-unknown: refuse}} # HERE"},
		{"unknown drops what is refused", "", "application/json: {schema: {type: object, additionalProperties: false, x-bailey-unknown: drop}} # HERE"},
		{"unknown of a text", "", "application/json: {schema: {type: object, properties: {a: {type: string, x-bailey-unknown: refuse}}}} # HERE"},
		{"unknown of a branch that another one holds", "", "application/json: {schema: {anyOf: [{type: [object, string]}, {type: object, x-bailey-unknown: refuse, properties: {a: {type: string}}}]}} # HERE"},
		{"unknown in a branch of a form", "", "application/x-www-form-urlencoded: {schema: {oneOf: [{type: object, required: [a], properties: {a: {type: string}}, x-bailey-unknown: refuse}, {type: object, required: [b], properties: {b: {type: string}}}]}} # HERE"},
		{"unknown of an exploded object", "{name: a, in: query, schema: {type: object, x-bailey-unknown: refuse, properties: {b: {type: string}}}} # HERE", ""},
		{"writable-by in a stream", "", "application/x-ndjson: {schema: {type: object, properties: {a: {type: string, x-bailey-writable-by: admin}}}}"},
	} {
		rest := "paths:\n  /a:\n    post:\n      responses: {'204': {description: done}}\n"
		if tt.parameters != "" {
			rest += "      parameters:\n        - " + tt.parameters + "\n"
		}
		if tt.body != "" {
			rest += "      requestBody:\n        content:\n          " + tt.body + "\n"
		}
		key := "x-bailey-"
		if got := refusedAt(t, "3.1.0", rest+redteamScheme); len(got) == 0 {
			t.Errorf("%s: generated", tt.name)
		}
		if strings.Contains(tt.body+tt.parameters, "# HERE") {
			holdRefusals(t, tt.name, "3.1.0", rest+redteamScheme, key)
		}
	}
}

// TestRedteamWeakerArrays: keywords of arrays that nothing checks stop generation, for the files of a
// multipart body and for the lines of a stream.
func TestRedteamWeakerArrays(t *testing.T) {
	t.Parallel()
	for _, keyword := range []string{
		"prefixItems: [{maxLength: 3}]", "not: {maxItems: 1}", "anyOf: [{minItems: 2}, {maxItems: 1}]", "enum: [[a]]", "contains: {maxLength: 3}", "uniqueItems: true",
		"unevaluatedItems: false, prefixItems: [true]", "if: {minItems: 2}, then: {maxItems: 3}", "allOf: [{contains: {const: a}}]",
	} {
		for name, body := range map[string]string{
			"files": "multipart/form-data: {schema: {type: object, properties: {list: {type: array, items: {type: string, format: binary}, %s}}}}",
			"lines": "application/x-ndjson: {schema: {type: array, items: {type: object, additionalProperties: {type: string}}, %s}}",
		} {
			rest := "paths:\n  /a:\n    post:\n      responses: {'204': {description: done}}\n      requestBody: {content: {" + fmt.Sprintf(body, keyword) + "}}\n"
			if got := refusedAt(t, "3.2.0", rest+redteamScheme); len(got) == 0 {
				t.Errorf("%s with %s: generated", name, keyword)
			}
		}
	}
}

// TestRedteamMerge: masks that contradict each other stop generation at the later one, in all the ways
// in which schemas are merged; masks that agree, and a mask around what it replaces, do not.
func TestRedteamMerge(t *testing.T) {
	t.Parallel()
	const a, b = "{type: string, x-bailey-mask: {how: last4, scopes: [low]}}", "{type: string, x-bailey-mask: redact}"
	for _, tt := range []struct{ name, schema string }{
		{"allOf", "allOf: [{type: object, properties: {card: " + a + "}},\n {type: object, properties: {card: " + b + "}}] # HERE"},
		{"the other way round", "allOf: [{type: object, properties: {card: " + b + "}},\n {type: object, properties: {card: " + a + "}}] # HERE"},
		{"class beside clear", "allOf: [{type: object, properties: {card: {type: string, x-bailey-mask: {how: clear, reason: x}}}},\n {type: object, properties: {card: {x-bailey-data: secret}}}] # HERE"},
		{"properties beside allOf", "allOf: [{type: object, properties: {card: " + a + "}}],\n properties: {card: " + b + "} # HERE"},
		{"oneOf", "type: object, properties: {card: " + a + "},\n oneOf: [{required: [k], properties: {k: {const: a}, card: " + b + "}}, {required: [k], properties: {k: {const: b}}}] # HERE"},
		{"within the property", "type: object, properties: {card: {allOf: [" + a + ",\n " + b + "]}} # HERE"},
		{"deep", "type: object, properties: {list: {type: array, items: {allOf: [{type: object, properties: {card: " + a + "}},\n {type: object, properties: {card: " + b + "}}]}}} # HERE"},
		{"equal", "allOf: [{type: object, properties: {card: " + a + "}},\n {type: object, properties: {card: " + a + "}}]"},
		{"only one", "allOf: [{type: object, properties: {card: " + a + "}},\n {type: object, properties: {card: {type: string, maxLength: 3}}}]"},
		{"around", "type: object, properties: {card: {x-bailey-mask: email, allOf: [" + a + ",\n " + b + "]}}"},
		{"two classes of one mask", "allOf: [{type: object, properties: {card: {type: string, x-bailey-data: pii}}},\n {type: object, properties: {card: {type: string, x-bailey-data: pci}}}]"},
	} {
		holdRefusals(t, tt.name, "3.1.0", `paths:
  /a:
    get:
      responses: {'200': {description: x, content: {application/json: {schema: {`+strings.Replace(tt.schema, " # HERE", "}}}}} # HERE", 1)+map[bool]string{true: "", false: "}}}}}"}[strings.Contains(tt.schema, "# HERE")]+`
`+redteamScheme, "contradicts")
	}
}
