package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// choiceHandlers are what a program of choices declares. Of each choice S there are two operations: one that
// answers with what it was sent, and one that answers so, but forgets the member kind.
const choiceHandlers = `type h struct{ api.Unimplemented }

%s
// forget sets the field Kind of the variant of a sum to its zero value.
func forget(sum any) {
	v := reflect.ValueOf(sum).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			switch k := f.Elem(); {
			case k.Kind() != reflect.Struct:
			case k.FieldByName("Kind").IsValid():
				k.FieldByName("Kind").SetZero()
			default:
				forget(f.Interface())
			}
			return
		}
	}
}
`

// choiceDocument is a document with the operations of choices, which are components.
func choiceDocument(names []string, components string) string {
	var b strings.Builder
	b.WriteString("openapi: 3.2.0\ninfo: {title: Choices, version: '1'}\npaths:\n")
	for _, name := range names {
		for _, verb := range []string{"echo", "forget"} {
			fmt.Fprintf(&b, "  /%s/%s:\n    post:\n      operationId: %s%s\n", verb, name, verb, name)
			fmt.Fprintf(&b, "      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}\n", name)
			fmt.Fprintf(&b, "      responses: {'200': {description: the same, content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}}\n", name)
		}
	}
	return b.String() + "components:\n  schemas:\n" + components
}

// choiceConfig is how the documents are read: unknown members pass, as JSON Schema has it.
func choiceConfig(t *testing.T, root, document string) generator.Config {
	t.Helper()
	path := filepath.Join(root, "openapi.yaml")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	return generator.Config{Document: path, Output: filepath.Join(root, "api"), Package: "api", Unknown: "drop", AllowPublic: "a test"}
}

// serveChoices generates the package, compiles the program around it, and returns where it is served.
func serveChoices(t *testing.T, names []string, components string) (base string) {
	t.Helper()
	root := module(t)
	if res, err := generator.Generate(choiceConfig(t, root, choiceDocument(names, components))); err != nil {
		first, _ := firstError(res)
		t.Fatalf("%v: %v", err, first)
	}
	var handlers strings.Builder
	for _, name := range names {
		fmt.Fprintf(&handlers, "func (h) Echo%[1]s(_ context.Context, r *api.Echo%[1]sRequest) (*api.%[1]s, error) { return &r.Body, nil }\n", name)
		fmt.Fprintf(&handlers, "func (h) Forget%[1]s(_ context.Context, r *api.Forget%[1]sRequest) (*api.%[1]s, error) { forget(&r.Body); return &r.Body, nil }\n", name)
	}
	imports := "\t\"context\"\n\t\"reflect\"\n\t\"corpus.example/api\"\n"
	return nextServer(t, startProgram(t, root, imports, stubServer("api", "h{}"), fmt.Sprintf(choiceHandlers, handlers.String())))
}

// TestDiscriminators holds what values select, and what the encoder writes where a handler says
// nothing: each row is a request, the answer's body for one that is taken, and the body where the handler forgets
// the member. 422 is a refusal, 500 an answer that would say the wrong thing.
func TestDiscriminators(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program of its own")
	}
	t.Parallel()
	const components = `
    A: {type: object, required: [kind, a], properties: {kind: {type: string, enum: [A, B]}, a: {type: integer}}}
    B: {type: object, required: [kind, b], properties: {kind: {type: string, enum: [B, C]}, b: {type: integer}}}
    Misrouted: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}
    Kind: {type: string, enum: [Circle, Square, Round]}
    Circle: {type: object, required: [kind, r], properties: {kind: {$ref: '#/components/schemas/Kind'}, r: {type: integer}}}
    Square: {allOf: [{type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}, {type: object, required: [kind, a], properties: {a: {type: integer}}}]}
    Shape: {oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}], discriminator: {propertyName: kind}}
    Any: {anyOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}], discriminator: {propertyName: kind}}
    One: {type: object, required: [kind], properties: {kind: {type: integer, enum: [1]}, a: {type: integer}}}
    Text: {type: object, required: [kind], properties: {kind: {type: string, const: '1'}, b: {type: integer}}}
    True: {type: object, required: [kind], properties: {kind: {type: boolean, enum: [true]}, c: {type: integer}}}
    False: {type: object, required: [kind], properties: {kind: {type: boolean}, d: {type: integer}}}
    Typed:
      oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/True'}, {$ref: '#/components/schemas/False'}]
      discriminator: {propertyName: kind, mapping: {'false': 'False'}}
    Free: {type: object, required: [a], properties: {a: {type: integer}}}
    Partly:
      oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/Free'}]
      discriminator: {propertyName: kind, mapping: {free: Free}}
    Other: {type: object, properties: {kind: {type: string}, a: {type: integer}}}
    Default:
      oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/Other'}]
      discriminator: {propertyName: kind, defaultMapping: Other}
    Signal: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, defaultMapping: Note}}
    Beep: {allOf: [{$ref: '#/components/schemas/Signal'}, {type: object, required: [tone], properties: {tone: {type: integer}}}]}
    Note: {allOf: [{$ref: '#/components/schemas/Signal'}, {type: object, required: [text], properties: {text: {type: string}}}]}
    Inner: {oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Text'}]}
    Nested:
      oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/Inner'}, {$ref: '#/components/schemas/Misrouted'}]
      discriminator: {propertyName: kind}
    Mixed:
      oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {type: string}, {type: array, items: {type: integer}}]
      discriminator: {propertyName: kind}
    Loose: {type: object, required: [kind], properties: {kind: {type: string}, n: {type: integer}}}
    Map: {type: object, additionalProperties: {type: string}, required: [m], properties: {m: {type: integer}}}
    Open: {oneOf: [{$ref: '#/components/schemas/Loose'}, {$ref: '#/components/schemas/Map'}], discriminator: {propertyName: kind}}
    Optional: {type: object, properties: {kind: {type: string}, n: {type: integer}}}
    Nullable: {type: object, properties: {kind: {type: [string, 'null'], enum: [n, null]}, m: {type: integer}}}
    Absent: {oneOf: [{$ref: '#/components/schemas/Optional'}, {$ref: '#/components/schemas/Nullable'}], discriminator: {propertyName: kind}}
    Held: {type: object, properties: {kind: {type: string}, v: {anyOf: [{$ref: '#/components/schemas/Misrouted'}, {type: 'null'}]}, w: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {type: 'null'}], discriminator: {propertyName: kind}}}}
    Holder: {oneOf: [{$ref: '#/components/schemas/Held'}, {$ref: '#/components/schemas/One'}], discriminator: {propertyName: kind}}
`
	names := []string{"Misrouted", "Shape", "Any", "Typed", "Partly", "Default", "Signal", "Nested", "Mixed", "Open", "Absent", "Holder"}
	base := serveChoices(t, names, components)
	for _, test := range []struct{ name, request, echo, forgotten string }{
		{"Misrouted", `{"kind":"B","b":1}`, `{"kind":"B","b":1}`, `{"kind":"B","b":1}`},
		{"Misrouted", `{"kind":"B","a":1}`, `422`, `422`},
		{"Misrouted", `{"kind":"A","a":1}`, `{"kind":"A","a":1}`, `{"kind":"A","a":1}`},
		{"Misrouted", `{"kind":"C","b":1}`, `{"kind":"C","b":1}`, `{"kind":"B","b":1}`},
		{"Misrouted", `{"kind":"D","b":1}`, `422`, `422`},
		{"Misrouted", `{"b":1}`, `422`, `422`},
		{"Shape", `{"kind":"Circle","r":1}`, `{"kind":"Circle","r":1}`, `{"kind":"Circle","r":1}`},
		{"Shape", `{"kind":"Square","a":1}`, `{"kind":"Square","a":1}`, `{"kind":"Square","a":1}`},
		{"Shape", `{"kind":"Square","r":1}`, `422`, `422`},
		{"Shape", `{"kind":"Round","r":1}`, `{"kind":"Round","r":1}`, `{"kind":"Circle","r":1}`},
		{"Shape", `{"kind":"Round","a":1,"r":1}`, `422`, `422`},
		{"Any", `{"kind":"Round","a":1,"r":1}`, `{"kind":"Round","r":1}`, `{"kind":"Circle","r":1}`},
		{"Any", `{"kind":"Round"}`, `422`, `422`},
		{"Typed", `{"kind":1,"a":1}`, `{"kind":1,"a":1}`, `{"kind":1,"a":1}`},
		{"Typed", `{"kind":1.0,"a":1}`, `{"kind":1,"a":1}`, `{"kind":1,"a":1}`},
		{"Typed", `{"kind":"1","b":1}`, `{"kind":"1","b":1}`, `{"kind":"1","b":1}`},
		{"Typed", `{"kind":true,"c":1}`, `{"kind":true,"c":1}`, `{"kind":true,"c":1}`},
		{"Typed", `{"kind":false,"d":1}`, `{"kind":false,"d":1}`, `{"kind":false,"d":1}`},
		{"Typed", `{"kind":"true","c":1}`, `422`, `422`},
		{"Typed", `{"kind":2}`, `422`, `422`},
		{"Typed", `{"kind":null}`, `422`, `422`},
		{"Partly", `{"kind":"free","a":1}`, `{"a":1,"kind":"free"}`, `{"a":1,"kind":"free"}`},
		{"Partly", `{"kind":"Free","a":1}`, `{"a":1,"kind":"Free"}`, `{"a":1,"kind":"free"}`},
		{"Partly", `{"kind":"B","a":1}`, `422`, `422`},
		{"Signal", `{"kind":"Beep","tone":1}`, `{"kind":"Beep","tone":1}`, `{"kind":"Beep","tone":1}`},
		{"Signal", `{"kind":"Beep","text":"t"}`, `422`, `422`},
		{"Signal", `{"kind":"new","text":"t"}`, `{"kind":"new","text":"t"}`, `{"text":"t"}`},
		{"Signal", `{"text":"t"}`, `{"text":"t"}`, `{"text":"t"}`},
		{"Signal", `{"kind":"new","tone":1}`, `422`, `422`},
		{"Default", `{"kind":"B","b":1}`, `{"kind":"B","b":1}`, `{"kind":"B","b":1}`},
		{"Default", `{"kind":"B","a":1}`, `422`, `422`},
		{"Default", `{"kind":"new","a":1}`, `{"kind":"new","a":1}`, `{"a":1}`},
		{"Default", `{"a":1}`, `{"a":1}`, `{"a":1}`},
		{"Nested", `{"kind":1,"a":1}`, `{"kind":1,"a":1}`, `{"kind":1,"a":1}`},
		{"Nested", `{"kind":"1","b":1}`, `{"kind":"1","b":1}`, `{"kind":"1","b":1}`},
		{"Nested", `{"kind":"A","a":1}`, `{"kind":"A","a":1}`, `{"kind":"A","a":1}`},
		{"Nested", `{"kind":"B","b":1}`, `{"kind":"B","b":1}`, `{"kind":"B","b":1}`},
		{"Nested", `{"kind":"C","b":1}`, `422`, `422`},
		{"Nested", `{"kind":"Inner","b":1}`, `422`, `422`},
		{"Mixed", `{"kind":"B","b":1}`, `{"kind":"B","b":1}`, `{"kind":"B","b":1}`},
		{"Mixed", `{"kind":"B","a":1}`, `422`, `422`},
		{"Mixed", `"B"`, `"B"`, `"B"`},
		{"Mixed", `[1]`, `[1]`, `[1]`},
		{"Mixed", `null`, `422`, `422`},
		{"Mixed", `7`, `422`, `422`},
		{"Open", `{"kind":"Map","m":1,"x":"y"}`, `{"m":1,"kind":"Map","x":"y"}`, `{"m":1,"kind":"Map","x":"y"}`},
		{"Open", `{"kind":"Loose","n":1}`, `{"kind":"Loose","n":1}`, `{"kind":"Loose","n":1}`},
		{"Absent", `{"kind":"Optional","n":1}`, `{"kind":"Optional","n":1}`, `{"kind":"Optional","n":1}`},
		{"Absent", `{"kind":"n","m":1}`, `{"kind":"n","m":1}`, `{"kind":"n","m":1}`},
		{"Absent", `{"kind":null,"m":1}`, `422`, `422`},
		{"Absent", `{"m":1}`, `422`, `422`},
		{"Holder", `{"kind":"Held","v":null,"w":null}`, `{"kind":"Held","v":null,"w":null}`, `{"kind":"Held","v":null,"w":null}`},
		{"Holder", `{"kind":"Held","v":{"kind":"B","b":1},"w":{"kind":"A","a":1}}`, `{"kind":"Held","v":{"kind":"B","b":1},"w":{"kind":"A","a":1}}`, `{"kind":"Held","v":{"kind":"B","b":1},"w":{"kind":"A","a":1}}`},
		{"Holder", `{"kind":"Held","w":{"kind":"B","a":1}}`, `422`, `422`},
	} {
		for verb, want := range map[string]string{"echo": test.echo, "forget": test.forgotten} {
			status, got := postText(t, base+"/"+verb+"/"+test.name, test.request)
			if status != http.StatusOK {
				got = fmt.Sprint(status)
			}
			if !sameJSON(got, want) {
				t.Errorf("%s %s: %s: got %s, want %s", verb, test.name, test.request, got, want)
			}
		}
	}
}

func sameJSON(a, b string) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, []byte(a)) == nil && json.Compact(&y, []byte(b)) == nil && x.String() == y.String()
}
