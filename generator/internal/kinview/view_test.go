package kinview

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// read loads the document api.yaml among files.
func read(t *testing.T, files map[string]string) *load.Document {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	doc, diags := load.Load(filepath.Join(folder, "api.yaml"), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatal(diags)
	}
	return doc
}

const head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"

// kin-openapi sees the nodes that this generator loaded: one place of one file, in whichever way the document refers to it.
func TestView(t *testing.T) {
	t.Parallel()
	view, err := View(read(t, map[string]string{
		"api.yaml": head + `
paths:
  /a: {$ref: paths/a.yaml}
components:
  schemas:
    $ref: schemas/all.yaml
`,
		"paths/a.yaml": `
get:
  parameters: [{name: foo, in: query, schema: {$ref: '../schemas/all.yaml#/Foo'}}]
  responses: {'200': {description: d, content: {application/json: {schema: {$ref: '../other.yaml#/components/schemas/Bar'}}}}}
`,
		"schemas/all.yaml": "Foo: {type: string}\nLoop: {properties: {next: {$ref: '#/Loop'}}}\n",
		// The same reference as in the entry file, and another place.
		"other.yaml": `
components:
  schemas:
    Foo: {type: integer}
    Bar: {type: object, properties: {foo: {$ref: '#/components/schemas/Foo'}}}
    Unused: {$ref: 'missing.yaml#/A'}
`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	get := view.Paths.Value("/a").Get
	if s := get.Parameters[0].Value.Schema.Value; !s.Type.Is("string") {
		t.Errorf("foo is %v, want a string", s.Type)
	}
	foo := get.Responses.Value("200").Value.Content["application/json"].Schema.Value.Properties["foo"].Value
	if !foo.Type.Is("integer") {
		t.Errorf("foo of Bar is %v, want an integer", foo.Type)
	}
	if len(view.Components.Schemas) != 2 {
		t.Errorf("got %d schemas, want 2", len(view.Components.Schemas))
	}
}

// Swagger 2.0 is seen as the OpenAPI 3.0 that it was converted to.
func TestViewSwagger(t *testing.T) {
	t.Parallel()
	view, err := View(read(t, map[string]string{"api.yaml": `
swagger: '2.0'
info: {title: t, version: '1'}
consumes: [application/json]
paths:
  /a:
    post:
      parameters: [{name: b, in: body, required: true, schema: {$ref: '#/definitions/A'}}]
      responses: {'204': {description: d}}
definitions: {A: {type: object, properties: {a: {$ref: '#/definitions/A'}}}}
`}))
	if err != nil {
		t.Fatal(err)
	}
	body := view.Paths.Value("/a").Post.RequestBody.Value
	if s := body.Content["application/json"].Schema; s.Ref != "#/components/schemas/A" || s.Value.Properties["a"].Value != s.Value {
		t.Errorf("the body is %+v", s)
	}
}

// A document that would take kin-openapi minutes is not shown to it, and its validation ends at a bound.
func TestLimits(t *testing.T) {
	t.Parallel()
	var dense, chain strings.Builder
	dense.WriteString(head + "paths: {}\ncomponents:\n  schemas:\n")
	for i := range 130 {
		fmt.Fprintf(&dense, "    A%d:\n      properties:\n", i)
		for j := range 130 {
			fmt.Fprintf(&dense, "        p%d: {$ref: '#/components/schemas/A%d'}\n", j, j)
		}
	}
	if _, err := View(read(t, map[string]string{"api.yaml": dense.String()})); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want %v", err, ErrTooLarge)
	}
	chain.WriteString(head + "paths: {}\ncomponents:\n  schemas:\n")
	for i := range 400 {
		fmt.Fprintf(&chain, "    A%d: {properties: {a: {$ref: '#/components/schemas/A%d'}}}\n", i, i+1)
	}
	chain.WriteString("    A400: {}\n")
	view, err := View(read(t, map[string]string{"api.yaml": chain.String()}))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(view, 10_000); !errors.Is(err, errLookups) {
		t.Errorf("got %v, want %v", err, errLookups)
	}
	if err := validate(view, maxLookups); err != nil {
		t.Errorf("got %v", err)
	}
}

// Findings are warnings at the place that they name.
func TestValidate(t *testing.T) {
	t.Parallel()
	diags := Validate(read(t, map[string]string{"api.yaml": `openapi: 3.0.3
info: {title: t, version: ''}
paths:
  /a/{id}:
    get: {responses: {'200': {description: d}}}
  /b:
    post: {responses: {}}
components:
  schemas:
    A: {type: array}
  securitySchemes:
    s: {type: nonsense}
`}))
	var got []string
	for _, d := range diags {
		if d.Rule != "kin-openapi" || diags.HasErrors() {
			t.Errorf("unexpected: %v", d)
		}
		got = append(got, fmt.Sprint(d.Pos.Line))
	}
	if want := "10 12 2 5 7"; strings.Join(got, " ") != want {
		t.Errorf("got findings in the lines %v, want %s:\n%v", got, want, diags)
	}
}

// A document that kin-openapi cannot load is a finding.
func TestValidateUnloadable(t *testing.T) {
	t.Parallel()
	diags := Validate(read(t, map[string]string{"api.yaml": head + `
paths:
  /a: {get: {responses: {'200': {description: d, content: {application/json: {examples: {a: {$ref: '#/components/examples/A'}}}}}}}}
`}))
	if len(diags) != 1 || diags.HasErrors() || !strings.Contains(diags[0].Message, "cannot load") {
		t.Errorf("got %v, want one warning", diags)
	}
}
