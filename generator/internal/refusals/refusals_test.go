package refusals

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// fitted fits the template of a document into the schema of its only error response, and renders the answer to a
// violation.
func fitted(t *testing.T, errors, errorSchema string) string {
	t.Helper()
	text := fmt.Sprintf(`
openapi: 3.1.0
info: {title: t, version: "1"}
x-bailey-errors: %s
paths:
  /a:
    get:
      x-bailey-public: a test
      responses:
        "204": {description: d}
        "404": {description: d, content: {application/json: {schema: %s}}}
components:
  schemas:
    Flat: {type: object, required: [message], properties: {message: {type: string}}}
    Loop: {type: object, properties: {message: {type: string}, inner: {$ref: "#/components/schemas/Loop"}}}
`, errors, errorSchema)
	doc, diags := load.LoadBytes("a.yaml", []byte(text), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("%s: %v", errorSchema, diags)
	}
	set, diags := policy.Read(doc, policy.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	reader := schema.NewReader(doc)
	api, _ := openapi.Read(doc, reader)
	d := DeclaredBy(api.Operations[0], nil)[0]
	body, _, misfit := Answer(set, doc.Root, d, nil, func(b *policy.ErrorBody, c Contract) (*Body, *Misfit) { return Fit(b, c, reader) })
	if misfit != nil {
		return "no: " + misfit.Text
	}
	f := &fitter{contract: Contract{Codes: body.Codes, Docs: body.Docs}}
	return f.Render(body.Pieces, 404, 1)
}

func TestFit(t *testing.T) {
	t.Parallel()
	const codes = `, codes: {404: absent, default: bad}}`
	for _, test := range []struct{ errors, schema, want string }{
		{`{body: {message: "{detail}"}}`, `{$ref: "#/components/schemas/Flat"}`, `{"message":"Not Found"}`},
		{`{body: {message: "{detail}", more: 1}}`, `{$ref: "#/components/schemas/Flat"}`, `{"message":"Not Found"}`},
		{`{body: {message: "{detail}", more: 1}}`, `{type: object}`, `{"message":"Not Found","more":1}`},
		{`{body: {message: "{detail}", more: 1}}`, `{}`, `{"message":"Not Found","more":1}`},
		{`{body: {message: "{detail}"}}`, `{type: object, additionalProperties: {type: string, maxLength: 5}}`, `{"message":"Not F"}`},
		{`{body: {message: "{detail}"}}`, `{type: object, additionalProperties: {type: integer}}`, `no: /message is text in the template, and has to be integer`},
		{`{body: {a: "{status}"}}`, `{type: object, properties: {a: {type: string}}}`, `{"a":"404"}`},
		{`{body: {a: "{status}"}}`, `{type: object, properties: {a: {type: integer}}}`, `{"a":404}`},
		{`{body: {a: "{status}"}}`, `{type: object, properties: {a: {type: integer, maximum: 403}}}`, `no: /a cannot be the status 404`},
		{`{body: {a: "{status}"}}`, `{type: object, properties: {a: {type: integer, enum: [404, 405]}}}`, `{"a":404}`},
		{`{body: {a: "{status}"}}`, `{type: object, properties: {a: {type: boolean}}}`, `no: /a cannot be the status 404`},
		{`{body: {a: "{code}"}` + codes, `{type: object, properties: {a: {type: string, enum: [absent, x]}}}`, `{"a":"absent"}`},
		{`{body: {a: "{code}"}` + codes, `{type: object, properties: {a: {type: string, pattern: "^x"}}}`, `no: /a cannot be "absent", for 404`},
		{`{body: {a: "{code}"}` + codes, `{type: object, properties: {a: {type: integer}}}`, `no: /a cannot be "absent", for 404`},
		{`{body: {a: "{code}"}, codes: {404: 7}}`, `{type: object, properties: {a: {type: integer}}}`, `{"a":7}`},
		{`{body: {a: "{code}"}, codes: {404: 7}}`, `{type: object, properties: {a: {type: string}}}`, `{"a":"7"}`},
		{`{body: {a: "{code}"}, codes: {405: 7}}`, `{type: object, properties: {a: {type: string}}}`, `no: /a is {code}, and x-bailey-errors has no entry for 404`},
		{`{body: {a: "{detail}"}}`, `{type: object, properties: {a: {type: string, format: uuid}}}`, `no: /a has the format uuid, and {detail} is free text`},
		{`{body: {a: "{request-id}"}}`, `{type: object, properties: {a: {type: string, format: uuid}}}`, `{"a":"7d444840-9dc0-41d1-b245-5ffdce74fad2"}`},
		{`{body: {a: "{detail}"}}`, `{type: object, properties: {a: {type: string, minLength: 5}}}`, `no: /a has at least 5 characters, and {detail} may have fewer`},
		{`{body: {a: "{docs}"}, docs: "https://a.example"}`, `{type: object, properties: {a: {type: string, format: uri}}}`, `{"a":"https://a.example"}`},
		{`{body: {a: "{docs}"}, docs: "a b"}`, `{type: object, properties: {a: {type: string, format: uri}}}`, `no: /a cannot be "a b", for default`},
		{`{body: {a: {b: null, c: true, d: 1.5, e: "x"}}}`, `{type: object, properties: {a: {type: object, properties: {b: {type: ["null", string]}, c: {type: boolean}, d: {type: number}, e: {type: string}}}}}`, `{"a":{"b":null,"c":true,"d":1.5,"e":"x"}}`},
		{`{body: {a: 1.5}}`, `{type: object, properties: {a: {type: integer}}}`, `no: /a cannot be 1.5`},
		{`{body: {message: "{detail}"}}`, `{type: object, required: [kind], properties: {kind: {const: error}, message: {type: string}}}`, `{"message":"Not Found","kind":"error"}`},
		{`{body: {message: "{detail}"}}`, `{type: object, required: [kind], properties: {kind: {type: string}, message: {type: string}}}`, `no: /kind is required, and the template has no such member`},
		{`{body: {message: "{detail}"}}`, `{type: object, minProperties: 2, properties: {message: {type: string}}}`, `no: the body has 1 to 1 members in the template, and the schema bounds them otherwise`},
		{`{body: {e: [{at: "{pointer}"}]}}`, `{type: object, properties: {e: {type: array, maxItems: 3, items: {type: object, properties: {at: {type: string}}}}}}`, `{"e":[{"at":"limit"}]}`},
		{`{body: {e: [{at: "{pointer}"}]}}`, `{type: object, properties: {e: {type: array, minItems: 2}}}`, `no: /e is a list of another length than a refusal can have`},
		{`{body: {e: ["{detail}"]}}`, `{type: object, properties: {e: {type: string}}}`, `no: /e is a list in the template, and has to be string`},
		{`{body: {e: "{detail}"}}`, `{type: array, items: {}}`, `no: the body is an object in the template, and has to be array`},
		{`{body: {message: "{detail}"}}`, `{type: string}`, `"Not Found"`},
		{`{body: "{detail}"}`, `{type: string, maxLength: 6}`, `"Not Fo"`},
		{`{body: {message: "{detail}"}}`, `{oneOf: [{type: string}, {$ref: "#/components/schemas/Flat"}]}`, `{"message":"Not Found"}`},
		{`{body: {message: "{detail}"}}`, `{oneOf: [{type: object, properties: {message: {type: string}}}, {$ref: "#/components/schemas/Flat"}]}`, `no: the body fits more than one branch of the oneOf, or may do so`},
		{`{body: {message: "{detail}"}}`, `{anyOf: [{type: object, properties: {message: {type: string}}}, {$ref: "#/components/schemas/Flat"}]}`, `{"message":"Not Found"}`},
		{`{body: {message: "{detail}"}}`, `{allOf: [{$ref: "#/components/schemas/Flat"}, {type: object, properties: {a: {type: string}}}]}`, `{"message":"Not Found"}`},
		{`{body: {message: "{detail}"}}`, `{type: object, properties: {message: {type: string}}, patternProperties: {"^x": {type: string}}}`, `no: the body has a schema that bailey cannot read`},
		{`{body: {message: "{detail}"}}`, `{type: object, anyOf: [{required: [message]}, {required: [x]}], properties: {message: {type: string}, x: {type: string}}}`, `no: the body asks for members by anyOf, oneOf or not, to which a template cannot be held`},
		{`{body: {message: "{detail}", inner: {inner: {message: "{title}"}}}}`, `{$ref: "#/components/schemas/Loop"}`, `{"message":"Not Found","inner":{"inner":{"message":"Not Found"}}}`},
	} {
		if got := fitted(t, test.errors, test.schema); got != test.want {
			t.Errorf("%s in %s:\ngot  %s\nwant %s", test.errors, test.schema, got, test.want)
		}
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{type: object, properties: {title: {type: string}, status: {type: integer}}}":      "",
		"{type: object, required: [type], properties: {type: {type: string, format: uri}}}": "",
		"{}": "",
		"{type: object, required: [code], properties: {code: {type: string}}}":             "/code is required",
		"{type: object, properties: {reason: {type: string}}}":                             "the two have no member in common",
		"{type: object, additionalProperties: false, properties: {title: {type: string}}}": "/type is a member that the schema refuses",
		"{type: object, properties: {status: {type: string}}}":                             "/status cannot be the status 400",
		"{type: array, items: {}}":                                                         "the body is an object",
	} {
		doc, diags := load.LoadBytes("a.yaml", []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {A: "+text+"}}\n"), load.Limits{})
		if doc == nil {
			t.Fatal(diags)
		}
		reader := schema.NewReader(doc)
		got := Problem(reader.Read(doc.Root.Get("components").Get("schemas").Get("A")), Sent, reader)
		if !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
