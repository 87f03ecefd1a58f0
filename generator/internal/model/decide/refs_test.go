package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestRefBesideWords: a policy word or an annotation beside a reference is the member's. What the reference
// leads to has one Go type, and an enum one set of constants.
func TestRefBesideWords(t *testing.T) {
	t.Parallel()
	beside := map[string]string{
		"x-bailey-writable-by": "{scopes: [s]}", "x-bailey-data": "internal", "x-bailey-mask": "drop", "x-bailey-go-name": "Given",
		"description": "d", "title": "t", "deprecated": "true", "readOnly": "true", "writeOnly": "true", "default": "{}",
		"example": "1", "externalDocs": "{url: https://docs.example}", "x-other": "1",
	}
	for _, version := range []string{"3.0.3", "3.1.0"} {
		for word, value := range beside {
			for _, form := range []string{
				"{$ref: '#/components/schemas/%[1]s', %[2]s: %[3]s}",
				"{allOf: [{$ref: '#/components/schemas/%[1]s'}], %[2]s: %[3]s}",
				"{allOf: [{$ref: '#/components/schemas/%[1]s'}, {%[2]s: %[3]s}]}",
			} {
				var members []string
				for _, name := range []string{"Color", "Object", "List", "Choice", "Text"} {
					members = append(members, strings.ToLower(name)+": "+fmt.Sprintf(form, name, word, value))
				}
				api := built(t, `
openapi: `+version+`
info: {title: t, version: "1"}
security: [{key: []}]
paths:
  /a:
    post:
      operationId: echo
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
      responses: {"200": {description: a, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}
components:
  securitySchemes: {key: {type: http, scheme: bearer, bearerFormat: JWT, x-bailey-jwt: {issuer: "https://i.example", audience: a, algorithms: [ES256]}}}
  schemas:
    Color: {type: string, enum: [red, green]}
    Object: {type: object, properties: {x: {type: integer}}}
    List: {type: array, items: {type: object, properties: {x: {type: string}}}}
    Choice: {oneOf: [{type: object, properties: {x: {type: boolean}}}, {type: integer}]}
    Text: {type: string, not: {enum: [x]}}
    A: {type: object, properties: {`+strings.Join(members, ", ")+`}}
`)
				var got []string
				for _, typ := range api.Types {
					got = append(got, typ.Name.String())
				}
				got = slices.DeleteFunc(got, func(name string) bool { return name == "A" || name == "AInput" })
				slices.Sort(got)
				want := "Choice ChoiceOption1 Color ListItem Object Text"
				if s := strings.Join(got, " "); s != want {
					t.Errorf("%s, %s: %s in %s:\ngot  %s\nwant %s", version, word, value, form, s, want)
				}
			}
		}
	}
}
