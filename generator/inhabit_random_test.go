package generator_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bailey-go/bailey/generator"
)

// TestUninhabited holds what is refused since no value can meet it against another validator:
// of documents of made-up schemas that refer to each other, none that is refused may have a
// value among many. Both readings are tried; where schemas need not say their types, only the
// one to the letter says what the validator does.
func TestUninhabited(t *testing.T) {
	documents := 300
	if testing.Short() {
		documents = 60
	}
	for _, exact := range []bool{false, true} {
		m := maker{rand.New(rand.NewPCG(5, 6)), true, exact}
		values := pool(maker{Rand: rand.New(rand.NewPCG(7, 8))})
		refused, found, missed := 0, 0, 0
		for range documents {
			schemas := object{}
			for _, name := range []string{"A", "B", "C"} {
				schemas[name] = m.tangled(m.schema(3))
			}
			accepts := alternative(t, schemas)
			valid := slices.IndexFunc(values, accepts)
			at, says := refusal(t, schemas, exact)
			switch {
			case says && valid >= 0:
				text, _ := json.Marshal(schemas)
				t.Errorf("exact %v: %s\n%s is said to be met by nothing, and %s meets it", exact, at, text, values[valid])
			case says:
				refused++
			case valid >= 0:
				found++
			default:
				missed++
			}
		}
		t.Logf("exact %v: %d documents have a value, %d are refused, %d are neither", exact, found, refused, missed)
		if refused < documents/50 || found < documents/4 {
			t.Error("too little is tried: the schemas are no good")
		}
	}
}

// tangled replaces some schemas of items and members by references to A, B and C.
func (m maker) tangled(v any) any {
	refer := func(v any) any {
		if m.IntN(3) == 0 {
			return object{"$ref": "#/components/schemas/" + m.one("A", "B", "C").(string)}
		}
		return m.tangled(v)
	}
	s, ok := v.(object)
	if !ok {
		return v
	}
	for _, key := range sortedKeys(s) { // the same documents each time
		switch sub := s[key].(type) {
		case object:
			switch key {
			case "properties", "patternProperties", "dependentSchemas":
				for _, name := range sortedKeys(sub) {
					if sub[name] = m.tangled(sub[name]); key != "dependentSchemas" {
						sub[name] = refer(sub[name])
					}
				}
			case "items", "additionalProperties", "contains":
				s[key] = refer(sub)
			case "not", "if", "then", "else":
				s[key] = m.tangled(sub)
			}
		case []any:
			switch key {
			case "prefixItems":
				for i := range sub {
					sub[i] = refer(sub[i])
				}
			case "anyOf", "oneOf", "allOf":
				for i := range sub {
					sub[i] = m.tangled(sub[i])
				}
			}
		}
	}
	return s
}

// pool are values to try: those of an odd sort, and made-up ones.
func pool(m maker) []string {
	values := slices.Clone(zoo)
	for range 2500 {
		text, err := json.Marshal(m.value(1 + m.IntN(3)))
		if err == nil {
			values = append(values, string(text))
		}
	}
	slices.SortFunc(values, func(a, b string) int { return len(a) - len(b) })
	return slices.Compact(values)
}

// alternative is another validator of A.
func alternative(t *testing.T, schemas object) func(string) bool {
	t.Helper()
	text, err := json.Marshal(object{"$ref": "#/components/schemas/A", "components": object{"schemas": schemas}})
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	const at = "http://oracle.example/schema.json"
	if err := c.AddResource(at, doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(at)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return func(data string) bool {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
		return err == nil && compiled.Validate(v) == nil
	}
}

// refusal generates an operation whose body is A, and returns the error that says that
// nothing meets it.
func refusal(t *testing.T, schemas object, exact bool) (string, bool) {
	t.Helper()
	text, err := json.Marshal(object{
		"openapi": "3.1.0", "info": object{"title": "t", "version": "1"},
		"paths": object{"/a": object{"post": object{
			"requestBody": object{"required": true, "content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/A"}}}},
			"responses":   object{"204": object{"description": "done"}},
		}}},
		"components": object{"schemas": schemas},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := generator.Render(generator.Config{Document: file, Output: t.TempDir(), Package: "api", AllowPublic: "a test", Exact: exact})
	if err == nil {
		return "", false
	}
	for _, d := range res.Diagnostics {
		if !d.Warning && d.Rule == "unsatisfiable" {
			return d.String(), true
		}
	}
	return "", false
}
