package decide_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/decide"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// read runs the stages before the model on a document that they must accept.
func read(t testing.TB, text string) decide.Input {
	t.Helper()
	doc, diags := load.LoadBytes("openapi.yaml", []byte(text), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("the document does not load: %v\n%s", diags, text)
	}
	policies, diags := policy.Read(doc, policy.Options{AllowPublic: "a test"})
	if diags.HasErrors() {
		t.Fatalf("its policies are refused: %v\n%s", diags, text)
	}
	schemas := schema.NewReader(doc)
	api, diags := openapi.Read(doc, schemas)
	if diags.HasErrors() {
		t.Fatalf("its operations are refused: %v\n%s", diags, text)
	}
	return decide.Input{Doc: doc, API: api, Schemas: schemas, Policies: policies, Package: "api", Source: "openapi.yaml"}
}

// built decides the package of a document that must be accepted.
func built(t testing.TB, text string) *model.API {
	t.Helper()
	api, diags := decide.Build(read(t, text))
	if diags.HasErrors() {
		t.Fatalf("the document is refused: %v\n%s", diags, text)
	}
	return api
}

// TestGuards: what earlier stages make sure of is not trusted. An operation without a
// policy must end in an error, never in a route without a guard.
func TestGuards(t *testing.T) {
	t.Parallel()
	const document = `
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: getA
      responses: {'204': {description: done}}
`
	tests := []struct {
		name   string
		change func(*decide.Input)
		want   string
		rule   rules.Rule
	}{
		{"package", func(in *decide.Input) { in.Package = "a b" }, `"a b" is no package name`, "package"},
		{"policy", func(in *decide.Input) { in.Policies.Operations = nil }, "GET /a has no policy", "no-policy"},
		{"security", func(in *decide.Input) { in.Policies.Order[0].Public = nil }, "no security for getA", "no-security"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := read(t, document)
			if _, diags := decide.Build(in); diags.HasErrors() {
				t.Fatalf("before the change: %v", diags)
			}
			test.change(&in)
			_, diags := decide.Build(in)
			if !diags.HasErrors() || !strings.Contains(diags[0].String(), test.want) || diags[0].Rule != test.rule {
				t.Errorf("got %v, want %s", diags, test.want)
			}
		})
	}
}
