package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// TestDeprecated: what the document deprecates is deprecated in Go, in the last paragraph of its doc
// comment, and nothing else is.
func TestDeprecated(t *testing.T) {
	t.Parallel()
	api := built(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /old/{id}:
    post:
      operationId: old
      summary: Posts the old way.
      deprecated: true
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: gone, in: query, deprecated: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Old"}}}}
      responses: {"204": {description: d}}
  /now:
    post:
      operationId: now
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}, label: {type: string, deprecated: true}}}
      responses: {"200": {description: d, headers: {X-Old: {deprecated: true, schema: {type: string}}}, content: {application/json: {schema: {$ref: "#/components/schemas/Now"}}}}}
components:
  schemas:
    Old: {type: object, deprecated: true, description: "`+strings.Repeat("A long text. ", 400)+`", properties: {a: {type: string}}}
    Now:
      type: object
      properties:
        list: {type: array, items: {type: object, deprecated: true, properties: {x: {type: string}}}}
        other: {type: array, items: {type: object, properties: {x: {type: string}}}}
        b: {type: string, deprecated: true, description: The old one.}
        c: {type: string}
`)
	var got []string
	note := func(name string, doc gosrc.Comment) {
		if strings.HasSuffix(doc.String(), "\n// Deprecated: the API document marks this as deprecated.") || doc.String() == "// Deprecated: the API document marks this as deprecated." {
			got = append(got, name)
		} else if strings.Contains(doc.String(), "Deprecated") {
			t.Errorf("%s: the paragraph is not the last one:\n%s", name, doc)
		}
	}
	fields := func(of string, list []*model.Field) {
		for _, f := range list {
			note(of+"."+f.Name.String(), f.Doc)
		}
	}
	for _, op := range api.Operations {
		note(op.Name.String(), op.Doc)
		fields(op.Request.String(), op.Fields)
	}
	for _, r := range api.Replies {
		for _, h := range r.Headers {
			fields(r.Name.String(), []*model.Field{h.Field})
		}
	}
	for _, typ := range api.Types {
		note(typ.Name.String(), typ.Doc)
		fields(typ.Name.String(), typ.Fields)
	}
	slices.Sort(got)
	want := []string{"Now.B", "NowBody.Label", "NowListItem", "NowOK.XOld", "Old", "Old", "OldRequest.Gone"}
	if !slices.Equal(got, want) {
		t.Errorf("deprecated are %q, want %q", got, want)
	}
}
