package decide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/model"
)

// TestParams: where a parameter is read from, as what, and how a list is divided.
func TestParams(t *testing.T) {
	t.Parallel()
	tests := []struct{ param, want string }{
		{"{name: a, in: query, schema: {type: string}}", "A runtime.Opt[string]"},
		{"{name: a, in: query, required: true, schema: {type: integer, minimum: 1}}", "A int64! minimum"},
		{"{name: a, in: query, schema: {type: integer, default: 20}}", "A int64=20"},
		{"{name: a, in: query}", "A runtime.Opt[string]"},
		{"{name: a, in: query, schema: {}}", "A runtime.Opt[string]"},
		{"{name: X-Request-Id, in: header, schema: {type: string, format: uuid}}", "XRequestID runtime.Opt[types.UUID]"},
		{"{name: a, in: cookie, schema: {type: boolean}}", "A runtime.Opt[bool]"},
		{"{name: a, in: query, x-bailey-go-name: Alpha, schema: {type: string}}", "Alpha runtime.Opt[string]"},
		{"{name: a, in: query, schema: {type: [string, 'null'], enum: [x, null]}}", "A runtime.Opt[GetA] enum"},
		{"{name: a, in: query, schema: {type: array, items: {type: string}}}", "A []string exploded"},
		{"{name: a, in: query, explode: false, schema: {type: array, items: {type: string}, maxItems: 2}}", "A []string maxItems list ','"},
		{"{name: a, in: query, style: pipeDelimited, schema: {type: array, items: {type: integer}}}", "A []int64 list '|'"},
		{"{name: a, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}", "A []string list ' '"},
		{"{name: a, in: header, explode: true, schema: {type: array, items: {type: string}}}", "A []string list ','"},
		{"{name: a, in: cookie, explode: false, schema: {type: array, items: {type: string}}}", "A []string list ','"},
		{"{name: a, in: query, content: {application/json: {schema: {type: object, properties: {b: {type: string}}}}}}", "A runtime.Opt[GetA] json"},
		{"{name: a, in: header, content: {application/json: {schema: {type: array, items: {type: integer}}}}}", "A []int64 json"},
	}
	for _, test := range tests {
		t.Run(test.param, func(t *testing.T) {
			t.Parallel()
			api := built(t, head+"paths:\n  /a:\n    get:\n      operationId: get\n      parameters: ["+test.param+"]\n      responses: {'204': {description: done}}\n")
			p := api.Operations[0].Params[0]
			got := fields([]*model.Field{p.Field})
			switch {
			case p.AsJSON:
				got += " json"
			case p.List && p.Exploded:
				got += " exploded"
			case p.List:
				got += " list " + p.Separator.String()
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestRequests: the fields of a request: parameters in their order, then the body, none
// with the name of another.
func TestRequests(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, operation, want string }{
		{"a parameter called body", `
parameters: [{name: body, in: query, schema: {type: string}}]
requestBody: {content: {application/json: {schema: {type: string}}}}`, "BodyQuery runtime.Opt[string]; Body runtime.Opt[string]"},
		{"one name in three places", `
parameters: [{name: a, in: query, schema: {type: string}}, {name: a, in: header, schema: {type: string}}, {name: A, in: cookie, schema: {type: string}}]`,
			"A runtime.Opt[string]; AHeader runtime.Opt[string]; ACookie runtime.Opt[string]"},
		{"a required body", "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}", "Body string!"},
		{"a body that may be missing", "requestBody: {content: {application/json: {schema: {type: string}}}}", "Body runtime.Opt[string]"},
		{"a list that may be missing", "requestBody: {content: {application/json: {schema: {type: array, items: {type: string}}}}}", "Body []string!"},
		{"any JSON", "requestBody: {required: true, content: {application/json: {}}}", "Body wire.Raw!"},
		{"a stream", "requestBody: {required: true, content: {image/png: {}}}", "Body io.Reader!"},
		{"a text", "requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 3}}}}", "Body string! maxLength"},
		{"several media types", "requestBody: {required: true, content: {application/json: {schema: {type: string}}, text/plain: {}, application/pdf: {}, '*/*': {}}}",
			"JSON runtime.Opt[string]; Plain runtime.Opt[string]; PDF runtime.Opt[io.Reader]; Other runtime.Opt[io.Reader]; ContentType string!"},
		{"one schema for several", "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}, application/merge-patch+json: {schema: {$ref: '#/components/schemas/S'}}}}",
			"JSON runtime.Opt[S]"},
		{"a form", "requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: integer}, b: {type: array, items: {type: string}}}}}}}",
			"Body SendBody! [A int64!; B []string]"},
		{"files", "requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, properties: {f: {type: string, format: binary}, g: {type: array, maxItems: 2, items: {type: string, format: binary}}, h: {type: object}}}}}}",
			"Body SendBody! [F runtime.Opt[runtime.File]; G []runtime.File maxItems; H runtime.Opt[SendBodyH]]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := built(t, head+"paths:\n  /a:\n    post:\n      operationId: send\n      responses: {'204': {description: done}}\n"+indent(test.operation, 6)+
				"components:\n  schemas:\n    S: {type: object}\n")
			op := api.Operations[0]
			got := fields(op.Fields)
			for _, b := range op.FormBodies() {
				got += " [" + fields(b.Field.Type.Fields) + "]"
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestPolicies: who may call an operation arrives at the generated policy as the document
// has it: alternatives, all schemes of each, and what is inherited or replaced.
func TestPolicies(t *testing.T) {
	t.Parallel()
	const tail = `
components:
  securitySchemes:
    token: {type: oauth2, flows: {}}
    key: {type: apiKey, in: header, name: X-Key}
    other: {type: http, scheme: basic}
    staff: {type: http, scheme: basic, x-bailey-names: roles}
`
	tests := []struct{ name, root, operation, want string }{
		{"inherited", "security: [{token: []}]", "", `token[]`},
		{"replaced", "security: [{token: []}]", "security: [{key: []}]", `key[]`},
		{"alternatives and conjunctions", "", "security: [{token: [a, b], key: []}, {other: [c, d]}]", `token["a" "b"]+key[] | other["c" "d"]`},
		{"names of roles", "", "security: [{staff: [c, d]}]", `staff roles["c" "d"]`},
		{"a caller, or none", "", "security: [{token: []}, {}]", `token[] | `},
		{"public", "security: [{token: []}]", "x-bailey-public: everybody", `public "everybody"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := built(t, head+test.root+"\npaths:\n  /a:\n    get:\n      responses: {'204': {description: done}}\n"+indent(test.operation, 6)+tail)
			p := api.Operations[0].Policy
			var alternatives []string
			for _, needs := range p.Alternatives {
				var all []string
				for _, n := range needs {
					all = append(all, strings.Trim(n.Scheme.String(), `"`)+proves(n))
				}
				alternatives = append(alternatives, strings.Join(all, "+"))
			}
			got := strings.Join(alternatives, " | ")
			if p.Public {
				got += fmt.Sprintf("public %s", p.Reason)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func proves(n model.Need) string {
	list, what := n.Scopes, "["
	if n.HasRoles {
		list, what = n.Roles, " roles["
	}
	text := strings.TrimPrefix(list.String(), "[]string{")
	if !n.HasScopes && !n.HasRoles {
		return "[]"
	}
	return what + strings.ReplaceAll(strings.TrimSuffix(text, "}"), ",", "") + "]"
}
