package decide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/decide"
)

// variantsOf is a document with two operations that differ behind # only: the words beside each, the members of
// each body, and those of each answer.
func variantsOf(words, bodies, answers [2]string) string {
	text := `
openapi: 3.1.0
info: {title: t, version: "1"}
security: [{key: []}]
paths:
`
	for i, name := range []string{"Card", "Bank"} {
		text += `  /pay/{user}#` + name + `:
    post:
      operationId: pay` + name + `
      ` + words[i] + `
      parameters: [{name: user, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, additionalProperties: false, required: [` + name + `], properties: {` + name + `: {type: integer}, ` + bodies[i] + `}}}}}
      responses: {"200": {description: d, content: {application/json: {schema: {type: object, additionalProperties: false, required: [` + name + `], properties: {` + name + `: {type: integer}, ` + answers[i] + `}}}}}}
`
	}
	return text + `
components:
  securitySchemes: {key: {type: http, scheme: bearer, x-bailey-jwt: {issuer: "https://i.example", audience: a, algorithms: [ES256], jwks: "https://i.example/k"}}}
`
}

// TestVariantPolicies: an operation that is joined of two has the owner rules of both, which are the same, and each branch
// of its body and its answer its own guards and masks. Rules that differ keep the two apart, and an error names the word.
func TestVariantPolicies(t *testing.T) {
	t.Parallel()
	const (
		text   = "x: {type: string}"
		masked = "x: {type: string, x-bailey-mask: last4}"
		hidden = "x: {type: string, x-bailey-mask: redact}"
		guard  = "x: {type: string, x-bailey-writable-by: [s]}"
		owner  = "x-bailey-owner: {path: user, claim: sub}"
	)
	for _, test := range []struct {
		name                   string
		words, bodies, answers [2]string
		refused                string // the word of the error, or "" where the two are joined
		owners                 int
		guards, masks          string // of the member x of each branch
	}{
		{"none", [2]string{}, [2]string{text, text}, [2]string{text, text}, "", 0, "0 0", "- -"},
		{"owner of both", [2]string{owner, owner}, [2]string{text, text}, [2]string{text, text}, "", 1, "0 0", "- -"},
		{"owner of one", [2]string{owner, ""}, [2]string{text, text}, [2]string{text, text}, "x-bailey-owner", 0, "", ""},
		{"other owner", [2]string{owner, "x-bailey-owner: {path: user, claim: account}"}, [2]string{text, text}, [2]string{text, text}, "x-bailey-owner", 0, "", ""},
		{"owner of a member", [2]string{"x-bailey-owner: {body: /x, claim: sub}", "x-bailey-owner: {body: /x, claim: sub}"}, [2]string{text, "y: {type: string}"}, [2]string{text, text}, `no member "/x"`, 0, "", ""},
		{"guard of one", [2]string{}, [2]string{guard, text}, [2]string{text, text}, "", 0, "1 0", "- -"},
		{"guard of the other", [2]string{}, [2]string{text, guard}, [2]string{text, text}, "", 0, "0 1", "- -"},
		{"mask of one", [2]string{}, [2]string{text, text}, [2]string{masked, text}, "", 0, "0 0", "last4 -"},
		{"masks that differ", [2]string{}, [2]string{text, text}, [2]string{masked, hidden}, "", 0, "0 0", "last4 redact"},
		{"limits", [2]string{"x-bailey-limits: {body: 10}", ""}, [2]string{text, text}, [2]string{text, text}, "x-bailey-limits", 0, "", ""},
		{"deprecation", [2]string{"deprecated: true\n      x-bailey-deprecation: {since: 2026-01-01}", ""}, [2]string{text, text}, [2]string{text, text}, "x-bailey-deprecation", 0, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := variantsOf(test.words, test.bodies, test.answers)
			api, diags := decide.Build(read(t, text))
			if test.refused != "" {
				if !diags.HasErrors() || !strings.Contains(fmt.Sprint(diags), test.refused) {
					t.Fatalf("want an error of %s: %v", test.refused, diags)
				}
				return
			}
			if diags.HasErrors() || len(api.Operations) != 1 {
				t.Fatalf("not joined: %v", diags)
			}
			op := api.Operations[0]
			if n := len(op.Policy.Owners); n != test.owners {
				t.Errorf("%d owner rules, want %d", n, test.owners)
			}
			var guards, masks []string
			member := func(v *model.Variant) *model.Field {
				for _, f := range v.Type.Fields {
					if f.Name.String() == "X" {
						return f
					}
				}
				t.Fatalf("no member x in %s", v.Type.Name)
				return nil
			}
			for _, v := range op.Bodies[0].Field.Type.Variants {
				guards = append(guards, string(rune('0'+len(member(v).Guards))))
			}
			for _, v := range op.Outcomes[0].Body.Variants {
				how := "-"
				if m := member(v).Type.Mask; m != nil {
					how = m.How
				}
				masks = append(masks, how)
			}
			if got := strings.Join(guards, " "); got != test.guards {
				t.Errorf("guards %s, want %s", got, test.guards)
			}
			if got := strings.Join(masks, " "); got != test.masks {
				t.Errorf("masks %s, want %s", got, test.masks)
			}
		})
	}
}
