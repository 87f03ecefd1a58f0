package sample_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestChoices: a value of one branch, which no other one takes where only one may.
func TestChoices(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{oneOf: [{type: string}, {type: integer}]}":              `"a"`,
		"{oneOf: [{type: string}, {type: string, maxLength: 3}]}": ``,
		"{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: integer}}}]}":                    `{"a":"a"}`,
		"{oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: integer}}}]}":                                   `{}`,
		"{type: object, required: [c], properties: {c: {type: boolean}}, oneOf: [{required: [a], properties: {a: {enum: [x]}}}, {required: [b], properties: {b: {}}}]}": `{"c":true,"a":"x"}`,
		"{anyOf: [{type: string, format: odd, pattern: '^b{3}'}, {type: string}]}":                                                                                      `"a"`,
		"{anyOf: [{type: object, not: {required: [a]}}, {type: integer, minimum: 4}]}":                                                                                  `{}`,
		"{type: object, anyOf: [{required: [a]}, {required: [b]}], properties: {a: {type: integer}, b: {type: integer}}}":                                               `{"a":1}`,
		"{type: object, oneOf: [{required: [a]}, {required: [b]}], required: [b], properties: {a: {type: integer}, b: {type: integer}}}":                                `{"b":1}`,
		"{allOf: [{type: object, required: [a], properties: {a: {type: string}}}, {properties: {a: {minLength: 2}}}]}":                                                  `{"a":"aa"}`,
		"{type: array, uniqueItems: true, minItems: 3, items: {type: integer, minimum: 9}}":                                                                             `[9,10,11]`,
		"{type: array, uniqueItems: true, minItems: 3, items: {type: integer, minimum: 9, maximum: 10}}":                                                                ``,
		"{type: array, uniqueItems: true, minItems: 2, items: {type: string, enum: [x, y, z]}}":                                                                         `["x","y"]`,
		"{type: array, uniqueItems: true, minItems: 2, items: {type: string, minLength: 3}}":                                                                            `["aa0","aa1"]`,
		"{type: array, uniqueItems: true, minItems: 2, items: {type: string, pattern: '^k+$'}}":                                                                         `["k","kk"]`,
		"{type: object, minProperties: 2, additionalProperties: {type: integer}}":                                                                                       `{"extra1":1,"extra2":1}`,
	} {
		s, merge := readWith(t, text)
		got, ok := sample.Maker{Merge: merge}.JSON(s)
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %s, %v, want %s", text, got, ok, want)
		}
		if ok && !json.Valid([]byte(got)) {
			t.Errorf("%s: no JSON: %s", text, got)
		}
	}
}

// TestDiscriminator: the branch is chosen by its name.
func TestDiscriminator(t *testing.T) {
	t.Parallel()
	doc, diags := load.LoadBytes("doc.yaml", []byte(`openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
    Dog: {type: object, required: [kind, name], properties: {kind: {type: string}, name: {type: string}}}
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
`), load.Limits{})
	if diags.HasErrors() || doc == nil {
		t.Fatal(diags)
	}
	r := schema.NewReader(doc)
	s := r.Read(doc.Root.Get("components").Get("schemas").Get("Pet"))
	if got, ok := (sample.Maker{Merge: r.Merge}).JSON(s); !ok || got != `{"kind":"Cat"}` {
		t.Errorf("got %s, %v", got, ok)
	}
}

// TestWishes: members that are asked for are there, with the text that they should have.
func TestWishes(t *testing.T) {
	t.Parallel()
	s, merge := readWith(t, "{type: object, required: [a], properties: {a: {type: string}, b: {type: string}, c: {type: object, properties: {d: {type: string}, e: {type: string}}}}}")
	var met []string
	wish := func(p *schema.Property) bool { return p.Name == "c" || p.Name == "d" }
	m := sample.Maker{Merge: merge, Force: wish, Member: func(p *schema.Property) { met = append(met, p.Name) },
		Text: func(p *schema.Property) (string, bool) { return `q"`, p.Name == "d" }}
	if got, ok := m.JSON(s); !ok || got != `{"a":"a","c":{"d":"q\""}}` {
		t.Errorf("got %s, %v", got, ok)
	}
	if want := []string{"a", "c", "d"}; !slices.Equal(met, want) {
		t.Errorf("met %q, want %q", met, want)
	}
}

// FuzzPattern: what is made of a pattern matches it.
func FuzzPattern(f *testing.F) {
	for _, p := range []string{"^a+$", "[^a]", "(a|b){2,}", "^(?:[A-Z]{2}[0-9]{2})([0-9]{4}){3,7}$", "\\bx", "a$b"} {
		f.Add(p, int64(3))
	}
	f.Fuzz(func(t *testing.T, pattern string, least int64) {
		re, err := regexp.Compile(pattern)
		if err != nil || len(pattern) > 200 {
			return
		}
		s := schema.Any()
		s.Types, s.MinLength, s.Patterns = schema.TypeString, least%64, []schema.Pattern{{Source: pattern, RE2: pattern}}
		text, ok := sample.Text(s)
		if ok && (!re.MatchString(text) || int64(len([]rune(text))) < s.MinLength) {
			t.Errorf("%q does not match %q", text, pattern)
		}
	})
}
