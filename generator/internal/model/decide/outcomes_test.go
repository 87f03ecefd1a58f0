package decide_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/model/decide"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// answers is a document of one operation with these responses.
func answers(responses string) string {
	return head + "paths:\n  /a:\n    get:\n      operationId: ask\n      responses:\n" + indent(responses, 8) + `components:
  responses:
    Gone: {description: gone, content: {application/problem+json: {schema: {$ref: '#/components/schemas/P'}}}}
  schemas:
    P: {type: object, properties: {t: {type: string}}}
    Q: {type: array, items: {type: string}}
`
}

// TestOutcomes: which responses are the handler's result and which its errors. What is
// declared can be answered, and nothing else.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	const p, q = "content: {application/json: {schema: {$ref: '#/components/schemas/P'}}}", "content: {application/json: {schema: {$ref: '#/components/schemas/Q'}}}"
	const declaredP = "P struct{T runtime.Opt[string]}\n"
	tests := []decision{
		{
			name: "nothing at all", document: answers("x-none: {}"),
			want: "Ask() 204\n",
		},
		{
			name: "no success", document: answers("'404': {$ref: '#/components/responses/Gone'}"),
			want: declaredP + "Ask() 204, 404 Gone error\n",
		},
		{
			name: "no body", document: answers("'204': {description: done}"),
			want: "Ask() 204\n",
		},
		{
			name: "the body itself", document: answers("'201': {description: done, " + p + "}"),
			want: declaredP + "Ask() 201 *P\n",
		},
		{
			name: "a list", document: answers("'200': {description: done, " + q + "}"),
			want: "Ask() 200 []string\n",
		},
		{
			name: "headers", document: answers("'200': {description: done, headers: {X-A: {schema: {type: integer}}}, " + p + "}"),
			want: declaredP + "Ask() 200 AskOK\n",
		},
		{
			name: "two successes", document: answers("'200': {description: done, " + p + "}\n'202': {description: later}"),
			want: declaredP + "Ask() 200 AskOK, 202 AskAccepted, as AskResult\n",
		},
		{
			name: "two media types", document: answers("'200': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/P'}}, text/csv: {}, image/*: {}}}"),
			want: declaredP + "Ask(Accept string!) 200 AskOK, 200 AskOKCSV, 200 AskOKImage, as AskResult\n",
		},
		{
			name: "a text", document: answers("'200': {description: done, content: {text/plain: {schema: {type: string}}}}"),
			want: "Ask() 200 AskOK\n",
		},
		{
			name: "a redirection is a success", document: answers("'302': {description: there, headers: {Location: {required: true, schema: {type: string}}}}"),
			want: "Ask() 302 AskFound\n",
		},
		{
			name: "a range", document: answers("2XX: {description: done, " + p + "}\n4XX: {$ref: '#/components/responses/Gone'}"),
			want: declaredP + "Ask() 200-299 AskSuccess, 400-499 GoneWithStatus error\n",
		},
		{
			name: "default alone is the success", document: answers("default: {description: done, " + p + "}"),
			want: declaredP + "Ask() 200-599 AskDefault\n",
		},
		{
			name: "default beside a success is an error", document: answers("'200': {description: done, " + p + "}\ndefault: {$ref: '#/components/responses/Gone'}"),
			want: declaredP + "Ask() 200 *P, 400-599 GoneWithStatus error\n",
		},
		{
			name: "default beside errors alone", document: answers("'404': {$ref: '#/components/responses/Gone'}\ndefault: {description: done}"),
			want: declaredP + "Ask() 200-599 AskDefault, 404 Gone error\n",
		},
		{
			name: "one error for several statuses", document: answers("'204': {description: done}\n'404': {$ref: '#/components/responses/Gone'}\n'410': {$ref: '#/components/responses/Gone'}\ndefault: {$ref: '#/components/responses/Gone'}"),
			want: declaredP + "Ask() 204, 404 Gone error, 410 AskGone error, 400-599 GoneWithStatus error\n",
		},
		{
			name: "odd statuses", document: answers("'299': {description: odd, " + p + "}\n'418': {description: teapot}\n'499': {description: odd}"),
			want: declaredP + "Ask() 299 *P, 418 AskImATeapot error, 499 AskStatus499 error\n",
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestStableNames: what is added to a document renames nothing that was there, so that
// handlers still compile.
func TestStableNames(t *testing.T) {
	t.Parallel()
	const before = head + `paths:
  /m:
    post:
      operationId: make
      parameters: [{name: kind, in: query, schema: {enum: [a, b]}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {n: {type: object, properties: {m: {enum: [x]}}}}}}}}
      responses:
        '200': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}
        '404': {$ref: '#/components/responses/Gone'}
components:
  responses:
    Gone: {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}
  schemas:
    M: {type: object, properties: {a: {type: object, properties: {id: {type: string, readOnly: true}}}, s: {enum: [u, v]}}}
`
	tests := []struct{ name, at, added string }{
		{"an operation before", "paths:\n", `
  /a:
    get:
      operationId: makeBody
      responses: {'200': {description: done, content: {application/json: {schema: {type: object, properties: {n: {type: object}}}}}}, '404': {$ref: '#/components/responses/Gone'}}
`},
		{"an operation after", "components:\n  responses:", `
  /z:
    get:
      operationId: makeBodyN
      responses: {'200': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}}
`},
		{"an operation that asks for what was only answered", "components:\n  responses:", `
  /z:
    put:
      operationId: put
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}
      responses: {'204': {description: done}}
`},
		{"a schema before", "  schemas:\n", "    B: {type: object}\n    MakeKindA: {type: object}\n"},
		{"a response before", "  responses:\n", "    Away: {description: away}\n"},
		{"a parameter", "parameters: [", "{name: other, in: query, schema: {type: integer}}, "},
		{"a property", "    M: {type: object, properties: {", "new: {type: object, properties: {z: {enum: [q]}}}, "},
		{"an error", "        '404': {$ref", "        '409': {description: conflict}\n"},
	}
	old := named(t, before)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			i := strings.LastIndex(before, test.at)
			if i < 0 {
				t.Fatal("there is no such place")
			}
			i += len(test.at)
			if strings.HasPrefix(test.at, "components") || strings.HasPrefix(test.at, "        '404'") {
				i -= len(test.at)
			}
			now := named(t, before[:i]+strings.TrimPrefix(test.added, "\n")+before[i:])
			for what, name := range old {
				if now[what] != name {
					t.Errorf("%s was %s and is %q now", what, name, now[what])
				}
			}
		})
	}
}

// named lists the names of a package, each by what it is the name of.
func named(t *testing.T, document string) map[string]string {
	t.Helper()
	api := built(t, document)
	all := map[string]string{}
	for _, op := range api.Operations {
		at := op.Route.String()
		all["the method of "+at] = op.Name.String()
		all["the request of "+at] = op.Request.String()
		all["the result of "+at] = op.ResultType().String()
		for _, f := range op.Fields {
			all[at+" "+f.JSON.String()+f.Name.String()] = f.Go.String()
		}
		for _, o := range op.Outcomes {
			if o.Reply != nil {
				all[at+" "+o.Status.String()] = o.Reply.Name.String()
			}
		}
	}
	for _, typ := range api.Types {
		for _, f := range typ.Fields {
			all[typ.Name.String()+"."+f.Name.String()] = f.Go.String()
		}
		for _, e := range typ.Enum {
			all[typ.Name.String()+" "+e.Value.String()] = e.Name.String()
		}
	}
	return all
}

// TestViewRenamed: what requests have of a schema is named in a warning where a schema has its name.
func TestViewRenamed(t *testing.T) {
	t.Parallel()
	_, diags := decide.Build(read(t, head+`paths:
  /m:
    post:
      operationId: make
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/PetInput'}}}}
components:
  schemas:
    Pet: {type: object, properties: {id: {type: string, readOnly: true}}}
    PetInput: {type: object, properties: {a: {type: string}}}
`))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	const want = "what requests have of schema Pet is called PetInputSchema in Go: PetInput is the name of schema PetInput, too"
	for _, d := range diags {
		if d.Rule == rules.NameTaken && strings.HasPrefix(d.Message, want) {
			return
		}
	}
	t.Errorf("nothing says %q:\n%v", want, diags)
}
