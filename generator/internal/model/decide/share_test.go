package decide_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/model"
)

// sharing is a document with an operation that reads a body of two members, and another one
// that writes the same.
func sharing(a, b, components string) string {
	object := `{type: object, properties: {a: ` + a + `, bb: ` + b + `}}`
	return head + `paths:
  /a:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: ` + object + `}}}
      responses: {'204': {description: done}}
  /b:
    get:
      operationId: fetch
      responses: {'200': {description: done, content: {application/json: {schema: ` + object + `}}}}
components:
  schemas:
    Own: {type: object, properties: {x: {type: string}}}
` + indent(components, 4)
}

// aliases are the names of types that are aliases, and of what.
func aliases(api *model.API) string {
	var out []string
	for _, t := range api.Types {
		for _, a := range t.Aliases {
			out = append(out, a.Name.String()+"="+t.Name.String())
		}
	}
	return strings.Join(out, " ")
}

// TestShare: types that are named after their places and equal in all that is checked, kept
// and said of them are one.
func TestShare(t *testing.T) {
	t.Parallel()
	const both = "SendBodyBb=SendBodyA FetchResponseA=SendBodyA FetchResponseBb=SendBodyA"
	for _, tt := range []struct{ name, a, b, want string }{
		{"enums", `{enum: [x, y]}`, `{enum: [x, y]}`, both + " FetchResponse=SendBody"},
		{"structs", `{type: object, properties: {x: {type: string, maxLength: 3}}}`, `{type: object, properties: {x: {type: string, maxLength: 3}}}`, both + " FetchResponse=SendBody"},
		{"choices", `{oneOf: [{type: string}, {type: integer}]}`, `{oneOf: [{type: string}, {type: integer}]}`, both + " FetchResponse=SendBody"},
		{
			"structs within", `{type: object, properties: {x: {type: object, properties: {y: {enum: [z]}}}}}`, `{type: object, properties: {x: {type: object, properties: {y: {enum: [z]}}}}}`,
			both + " SendBodyBbX=SendBodyAX FetchResponseAX=SendBodyAX FetchResponseBbX=SendBodyAX SendBodyBbXY=SendBodyAXY FetchResponseAXY=SendBodyAXY FetchResponseBbXY=SendBodyAXY FetchResponse=SendBody",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, want := strings.Fields(aliases(built(t, sharing(tt.a, tt.b, "")))), strings.Fields(tt.want)
			missing := map[string]bool{}
			for _, w := range want {
				missing[w] = true
			}
			for _, g := range got {
				if !missing[g] {
					t.Errorf("%s", g)
				}
				delete(missing, g)
			}
			if len(missing) > 0 {
				t.Errorf("missing: %v; got %v", missing, got)
			}
		})
	}
}

// TestShareApart: what differs in anything stays apart, in both directions or in the only one in
// which it matters.
func TestShareApart(t *testing.T) {
	t.Parallel()
	const (
		object = `{type: object, properties: {x: {type: string}}}`
		cat    = `{type: object, required: [kind], properties: {kind: {enum: [cat]}}}`
		dog    = `{type: object, required: [kind], properties: {kind: {enum: [dog]}}}`
	)
	for _, tt := range []struct{ name, a, b, only string }{
		{"values of an enum", `{enum: [x, y]}`, `{enum: [x]}`, ""},
		{"their order", `{enum: [x, y]}`, `{enum: [y, x]}`, ""},
		{"checks beside an enum", `{enum: [x, y]}`, `{enum: [x, y], maxLength: 3}`, ""},
		{"descriptions", object, `{type: object, description: Another., properties: {x: {type: string}}}`, ""},
		{"descriptions of members", object, `{type: object, properties: {x: {type: string, description: Another.}}}`, ""},
		{"names of members", object, `{type: object, properties: {X: {type: string}}}`, ""},
		{"types of members", object, `{type: object, properties: {x: {type: boolean}}}`, ""},
		{"formats", object, `{type: object, properties: {x: {type: string, format: date}}}`, ""},
		{"formats without a type", object, `{type: object, properties: {x: {type: string, format: email}}}`, ""},
		{"bounds of members", object, `{type: object, properties: {x: {type: string, minLength: 1}}}`, ""},
		{"patterns", `{type: object, properties: {x: {type: string, pattern: a}}}`, `{type: object, properties: {x: {type: string, pattern: b}}}`, ""},
		{"null", object, `{type: object, properties: {x: {type: [string, 'null']}}}`, ""},
		{"required", object, `{type: object, required: [x], properties: {x: {type: string}}}`, ""},
		{"defaults", object, `{type: object, properties: {x: {type: string, default: y}}}`, "request"},
		{"readOnly", object, `{type: object, properties: {x: {type: string}, y: {type: string, readOnly: true}}}`, ""},
		{"masks", object, `{type: object, properties: {x: {type: string, x-bailey-mask: {how: redact}}}}`, "answer"},
		{"kinds of mask", `{type: object, properties: {x: {type: string, x-bailey-mask: {how: last4}}}}`, `{type: object, properties: {x: {type: string, x-bailey-mask: {how: redact}}}}`, "answer"},
		{"who may write", object, `{type: object, properties: {x: {type: string, x-bailey-writable-by: {roles: [admin]}}}}`, ""},
		{"unknown members", object, `{type: object, x-bailey-unknown: drop, properties: {x: {type: string}}}`, ""},
		{"closed", object, `{type: object, additionalProperties: false, properties: {x: {type: string}}}`, ""},
		{"further members", object, `{type: object, additionalProperties: true, properties: {x: {type: string}}}`, ""},
		{"types of further members", `{type: object, additionalProperties: {type: string}, properties: {x: {type: string}}}`, `{type: object, additionalProperties: {type: integer}, properties: {x: {type: string}}}`, ""},
		{"how many members", object, `{type: object, maxProperties: 1, properties: {x: {type: string}}}`, ""},
		{"groups of members", `{type: object, properties: {x: {type: string}, y: {type: string}}, anyOf: [{required: [x]}, {required: [y]}]}`, `{type: object, properties: {x: {type: string}, y: {type: string}}, oneOf: [{required: [x]}, {required: [y]}]}`, ""},
		{"how many items", `{type: object, properties: {x: {type: array, items: {type: string}}}}`, `{type: object, properties: {x: {type: array, maxItems: 3, items: {type: string}}}}`, ""},
		{"items that differ", `{type: object, properties: {x: {type: array, uniqueItems: true, items: {type: string}}}}`, `{type: object, properties: {x: {type: array, items: {type: string}}}}`, ""},
		{"how branches are chosen", `{oneOf: [` + cat + `, ` + dog + `]}`, `{anyOf: [` + cat + `, ` + dog + `]}`, ""},
		{"branches", `{oneOf: [{type: string}, {type: integer}]}`, `{oneOf: [{type: string}, {type: integer, minimum: 0}]}`, ""},
		{"names of the document", `{type: object, properties: {x: {$ref: '#/components/schemas/Own'}}}`, `{type: object, properties: {x: ` + object + `}}`, ""},
		{"names that the document asks for", object, `{type: object, x-bailey-go-name: Mine, properties: {x: {type: string}}}`, ""},
		{"deep inside", `{type: object, properties: {x: {type: object, properties: {y: {enum: [z]}}}}}`, `{type: object, properties: {x: {type: object, properties: {y: {enum: [zz]}}}}}`, ""},
		{"values that are checked as they are", `{type: array, contains: {type: string}}`, `{type: array, contains: {type: string}}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := " " + aliases(built(t, sharing(tt.a, tt.b, ""))) + " "
			asked := strings.Contains(got, " SendBodyBb=SendBodyA ")
			answered := strings.Contains(got, " FetchResponseBb=FetchResponseA ") || strings.Contains(got, "FetchResponseA=SendBodyA") && strings.Contains(got, "FetchResponseBb=SendBodyA")
			if asked && tt.only != "answer" || answered && tt.only != "request" {
				t.Errorf("one type serves both: %s", got)
			}
		})
	}
}

// TestShareReplies: error replies that say the same are one type, but for those of one operation,
// whose types tell statuses apart. Operations that answer alike share functions.
func TestShareReplies(t *testing.T) {
	t.Parallel()
	const problem = `content: {application/json: {schema: {type: object, properties: {code: {type: integer}}}}}}`
	answers := func(id, more string) string {
		return `
  /` + id + `:
    get:
      operationId: ` + id + `
      responses:
        '204': {description: done}
` + indent(more, 8)
	}
	api := built(t, head+"paths:"+
		answers("a", `'404': {description: none, `+problem)+
		answers("bb", `'404': {description: none, `+problem)+
		answers("other", `'404': {description: another text, `+problem)+
		answers("gone", `'410': {description: none, `+problem)+
		answers("both", "'598': {description: none, "+problem+"\n'599': {description: none, "+problem)+
		answers("more", "'598': {description: none, "+problem+"\n'599': {description: none, "+problem))
	var got []string
	for _, r := range api.Replies {
		for _, a := range r.Aliases {
			got = append(got, a.Name.String()+"="+r.Name.String())
		}
	}
	if want := "BbNotFound=ANotFound MoreStatus598=BothStatus598 MoreStatus599=BothStatus599"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	steps := ""
	for _, op := range api.Operations {
		steps += op.Encoder().String() + " " + op.Failer().String() + "; "
	}
	if want := "encodeA failA; encodeA failA; encodeA failOther; encodeA failGone; encodeA failBoth; encodeA failBoth; "; steps != want {
		t.Errorf("got %s, want %s", steps, want)
	}
}
