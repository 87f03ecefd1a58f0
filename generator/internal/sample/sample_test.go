package sample_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

func read(t *testing.T, text string) *schema.Schema {
	t.Helper()
	s, _ := readWith(t, text)
	return s
}

// readWith also returns how such schemas are merged.
func readWith(t *testing.T, text string) (*schema.Schema, func(diag.Pos, *schema.Schema, *schema.Schema) *schema.Schema) {
	t.Helper()
	doc, diags := load.LoadBytes("doc.yaml", []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {A: "+text+"}}\n"), load.Limits{})
	if diags.HasErrors() || doc == nil {
		t.Fatalf("%s: %v", text, diags)
	}
	r := schema.NewReader(doc)
	return r.Read(doc.Root.Get("components").Get("schemas").Get("A")), r.Merge
}

// TestJSON: what is made, and what is not tried.
func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		"{}":             `"a"`,
		"{type: string}": `"a"`,
		"{type: string, minLength: 3, maxLength: 3}":                           `"aaa"`,
		"{type: string, maxLength: 0}":                                         ``,
		"{type: string, enum: [b, c]}":                                         `"b"`,
		"{enum: [null, 7]}":                                                    `7`,
		"{type: string, format: uuid}":                                         `"7d444840-9dc0-41d1-b245-5ffdce74fad2"`,
		"{type: string, format: uuid, maxLength: 10}":                          ``,
		"{type: string, pattern: '^[A-Z]{3}-[0-9]{2,4}$'}":                     `"AAA-00"`,
		"{type: string, pattern: '^(cat|dog)s?$', minLength: 4}":               `"cats"`,
		"{type: string, pattern: '^a+$', format: date}":                        ``,
		"{type: string, pattern: '^(b|c).+\\d$'}":                              `"ba0"`,
		"{type: integer}":                                                      `1`,
		"{type: integer, minimum: 5, exclusiveMinimum: 5}":                     `6`,
		"{type: integer, maximum: -3}":                                         `-3`,
		"{type: integer, minimum: 3, multipleOf: 5}":                           `5`,
		"{type: integer, maximum: -3, multipleOf: 5}":                          `-5`,
		"{type: integer, minimum: 3, maximum: 4, multipleOf: 5}":               ``,
		"{type: number, minimum: 2.5}":                                         `3`,
		"{type: number, maximum: 0.5}":                                         `0`,
		"{type: number, multipleOf: 0.25, maximum: 0.3}":                       `0.25`,
		"{type: boolean}":                                                      `true`,
		"{type: [string, 'null']}":                                             `"a"`,
		"{type: 'null'}":                                                       `null`,
		"{type: array, items: {type: integer}}":                                `[]`,
		"{type: array, items: {type: integer}, minItems: 2}":                   `[1,1]`,
		"{type: array, minItems: 2, uniqueItems: true}":                        `[0,1]`,
		"{type: object}":                                                       `{}`,
		"{type: object, properties: {a: {}, b: {}}, required: [b]}":            `{"b":"a"}`,
		"{type: object, required: [x]}":                                        `{"x":"a"}`,
		"{type: object, required: [x], additionalProperties: {type: boolean}}": `{"x":true}`,
		"{type: object, properties: {a: {type: string, readOnly: true}, b: {type: integer}}, required: [a, b]}": `{"b":1}`,
		"{type: object, minProperties: 1, properties: {a: {readOnly: true}, b: {type: boolean}}}":               `{"b":true}`,
		"{type: object, minProperties: 1}":                                                 ``,
		"{oneOf: [{type: string}, {type: integer}]}":                                       ``,
		"{type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}": ``,
		"false": ``,
	} {
		if got, ok := sample.JSON(read(t, text)); got != want || ok != (want != "") {
			t.Errorf("%s: got %s, %v, want %s", text, got, ok, want)
		}
	}
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"{type: string, enum: ['a b']}": "a b", "{type: integer, minimum: 7}": "7", "{type: boolean}": "true",
		"{type: array, items: {type: string}}": "", "{type: object}": "", "{type: 'null'}": "",
	} {
		if got, ok := sample.Text(read(t, text)); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", text, got, ok, want)
		}
	}
	if got, ok := sample.Text(nil); ok {
		t.Errorf("no schema: got %q", got)
	}
	long := read(t, "{type: string, pattern: '^(?:(?:a{50}){50}){50}$'}")
	if got, ok := sample.Text(long); ok && len(got) > 200_000 || strings.Contains(got, "b") {
		t.Errorf("a hostile pattern makes %d bytes", len(got))
	}
}
