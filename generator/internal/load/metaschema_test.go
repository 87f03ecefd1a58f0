package load

import "testing"

// A reference to a meta-schema of JSON Schema needs no file and no network.
func TestMetaSchemas(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ head, ref, key string }{
		{head31, "https://json-schema.org/draft/2020-12/schema", "$dynamicAnchor"},
		{head31, "https://json-schema.org/draft/2020-12/schema#", "$dynamicAnchor"},
		{head31, "https://json-schema.org/draft/2020-12/meta/validation#/$defs/stringArray", "uniqueItems"},
		{head31, "http://json-schema.org/draft-04/schema#", "definitions"},
		{head30, "http://json-schema.org/draft-04/schema#/definitions/positiveInteger", "minimum"},
	} {
		doc := mustLoad(t, map[string]string{"api.yaml": test.head + "components: {schemas: {A: {$ref: '" + test.ref + "'}}}\n"})
		n, err := doc.Resolve(at(t, doc, "api.yaml", "/components/schemas/A"))
		if err != nil || n.Get(test.key) == nil {
			t.Errorf("%s: got %v, %v", test.ref, n, err)
		}
	}
}

func TestDialect(t *testing.T) {
	t.Parallel()
	meta := func(name, vocabularies string) string {
		return `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/` + name + `", "$vocabulary": {` + vocabularies + `}}`
	}
	const vocab = `"https://json-schema.org/draft/2020-12/vocab/`
	doc := mustLoad(t, map[string]string{
		"api.yaml": head31 + `
components:
  schemas:
    A: {$schema: 'https://example.com/none', properties: {a: {type: string}}}
    B: {$schema: 'https://example.com/some#', properties: {a: {type: string}}}
    C: {$schema: 'https://example.com/more', type: string}
    D: {$schema: 'https://json-schema.org/draft/2020-12/schema', type: string}
    E: {type: string}
    M: {allOf: [{$ref: 'none.json'}, {$ref: 'some.json'}, {$ref: 'more.json'}]}
`,
		"none.json": meta("none", vocab+`core": true, `+vocab+`applicator": true`),
		"some.json": meta("some", vocab+`core": true, `+vocab+`validation": true, "https://example.com/optional": false`),
		"more.json": meta("more", vocab+`validation": true, "https://example.com/needed": true`),
	})
	for pointer, want := range map[string]Dialect{
		"/components/schemas/A":              {Known: true},
		"/components/schemas/A/properties/a": {Known: true},
		"/components/schemas/B/properties/a": {Known: true, Validation: true},
		"/components/schemas/C":              {Known: true, Validation: true, Unknown: "https://example.com/needed"},
		"/components/schemas/D":              {Validation: true},
		"/components/schemas/E":              {Validation: true},
	} {
		if got := doc.Dialect(at(t, doc, "api.yaml", pointer)); got != want {
			t.Errorf("%s: got %+v, want %+v", pointer, got, want)
		}
	}
}

// Below a keyword that nobody knows nothing is an identifier, where it is known that it
// is a keyword that stands there.
func TestIdentifierBelowUnknownKeyword(t *testing.T) {
	t.Parallel()
	doc := mustLoad(t, map[string]string{
		"api.yaml": head31 + "components: {schemas: {A: {$ref: 'a.json'}, B: {$ref: 'https://example.com/x'}}}\n",
		"a.json": `{
			"$schema": "https://json-schema.org/draft/2020-12/schema",
			"$defs": {
				"unknown": {"not": {"schemas": [{"$id": "https://example.com/x", "type": "null"}]}},
				"real": {"$id": "https://example.com/x", "type": "string"}
			}}`,
	})
	n, err := doc.Resolve(at(t, doc, "api.yaml", "/components/schemas/B"))
	if err != nil || n.StrOr("type") != "string" {
		t.Errorf("got %v, %v", n, err)
	}
}
