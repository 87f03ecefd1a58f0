package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// write puts files, by slash path, below a new folder and returns it.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		p := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// mustLoad loads api.yaml of files, which must have no errors.
func mustLoad(t *testing.T, files map[string]string) *Document {
	t.Helper()
	doc, diags := Load(filepath.Join(write(t, files), "api.yaml"), Limits{})
	if diags.HasErrors() {
		t.Fatalf("unexpected errors: %v", diags)
	}
	return doc
}

// at returns the node at a pointer of a file, without following references.
func at(t *testing.T, doc *Document, file, pointer string) *Node {
	t.Helper()
	f := doc.files[file]
	if f == nil || f.root == nil {
		t.Fatalf("%s was not read", file)
	}
	n := f.root
	for _, key := range strings.Split(pointer, "/")[1:] {
		if n = n.child(unescapePointer.Replace(key)); n == nil {
			t.Fatalf("%s has no %s", file, pointer)
		}
	}
	return n
}

const head31 = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"
const head30 = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n"

// The trap of readers that resolve by text: the same local reference means
// another schema in another file.
func TestCrossFileTrap(t *testing.T) {
	t.Parallel()
	doc := mustLoad(t, map[string]string{
		"api.yaml": head30 + `
components:
  schemas:
    Foo: {type: string}
    Mine: {$ref: '#/components/schemas/Foo'}
    Theirs: {$ref: 'other.yaml#/components/schemas/Bar'}
`,
		"other.yaml": `
components:
  schemas:
    Foo: {type: integer}
    Bar: {type: object, properties: {foo: {$ref: '#/components/schemas/Foo'}}}
`})
	mine, _ := doc.Resolve(at(t, doc, "api.yaml", "/components/schemas/Mine"))
	if got := mine.StrOr("type"); got != "string" {
		t.Errorf("Mine: got %s, want string", got)
	}
	theirs, _ := doc.Resolve(at(t, doc, "other.yaml", "/components/schemas/Bar/properties/foo"))
	if got := theirs.StrOr("type"); got != "integer" {
		t.Errorf("foo of Bar: got %s, want integer", got)
	}
	if want := at(t, doc, "other.yaml", "/components/schemas/Foo"); theirs != want {
		t.Error("one place is two nodes")
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"api.yaml": head31 + `
components:
  schemas:
    Chain: {$ref: '#/components/schemas/Link'}
    Link: {$ref: 'schemas/end.yaml'}
    Pointer: {$ref: 'schemas/end.yaml#/properties/a~1b'}
    Percent: {$ref: 'schemas/end.yaml#/properties/a~1b%20c'}
    Item: {$ref: '#/components/schemas/List/oneOf/1'}
    List: {oneOf: [{type: string}, {type: integer}]}
    Anchor: {$ref: '#here'}
    Anchored: {$anchor: here, type: boolean}
    ID: {$ref: 'https://example.com/schemas/thing'}
    Identified:
      $id: https://example.com/schemas/thing
      type: object
      properties:
        part: {$ref: '#/$defs/part'}
        other: {$ref: 'other'}
        fallback: {$ref: '#/components/schemas/Anchored'}
        anchor: {$ref: '#inside'}
      $defs:
        part: {type: number}
        named: {$anchor: inside, type: 'null'}
    Other: {$id: 'https://example.com/schemas/other', type: array}
    Up: {$ref: './schemas/../schemas/deep/up.yaml'}
    Through: {$ref: '#/components/schemas/Link/properties/a~1b'}
    Json: {$ref: 'schemas/x.json#/a'}
    Space: {$ref: 'schemas/with%20space.yaml'}
`,
		"schemas/end.yaml":        "type: object\nproperties:\n  a/b: {type: integer}\n  'a/b c': {type: number}\n",
		"schemas/deep/up.yaml":    "$ref: '../end.yaml#/properties/a~1b'",
		"schemas/x.json":          `{"a":{"type":"null"}}`,
		"schemas/with space.yaml": "type: string",
	}
	doc := mustLoad(t, files)
	tests := []struct{ from, file, pointer string }{
		{"Chain", "schemas/end.yaml", ""},
		{"Link", "schemas/end.yaml", ""},
		{"Pointer", "schemas/end.yaml", "/properties/a~1b"},
		{"Percent", "schemas/end.yaml", "/properties/a~1b c"},
		{"Item", "api.yaml", "/components/schemas/List/oneOf/1"},
		{"Anchor", "api.yaml", "/components/schemas/Anchored"},
		{"ID", "api.yaml", "/components/schemas/Identified"},
		{"Identified/properties/part", "api.yaml", "/components/schemas/Identified/$defs/part"},
		{"Identified/properties/other", "api.yaml", "/components/schemas/Other"},
		{"Identified/properties/fallback", "api.yaml", "/components/schemas/Anchored"},
		{"Identified/properties/anchor", "api.yaml", "/components/schemas/Identified/$defs/named"},
		{"Up", "schemas/end.yaml", "/properties/a~1b"},
		{"Through", "schemas/end.yaml", "/properties/a~1b"},
		{"Json", "schemas/x.json", "/a"},
		{"Space", "schemas/with space.yaml", ""},
		{"List", "api.yaml", "/components/schemas/List"},
	}
	for _, tt := range tests {
		got, err := doc.Resolve(at(t, doc, "api.yaml", "/components/schemas/"+tt.from))
		if err != nil {
			t.Errorf("%s: %v", tt.from, err)
			continue
		}
		if want := at(t, doc, tt.file, tt.pointer); got != want {
			t.Errorf("%s: got %s%s, want %s%s", tt.from, got.Pos.File, got.Pointer(), tt.file, tt.pointer)
		}
	}
	if n, err := doc.Resolve(nil); n != nil || err != nil {
		t.Errorf("nil: got %v, %v", n, err)
	}
	want := "api.yaml"
	if len(doc.Files) == 0 || doc.Files[0] != want || len(doc.Files) != 5 {
		t.Errorf("files: got %v", doc.Files)
	}
}

// What looks like a reference and is data is left alone.
func TestNoReferences(t *testing.T) {
	t.Parallel()
	mustLoad(t, map[string]string{"api.yaml": `
openapi: 3.1.0
info: {title: t, version: '1'}
x-top: {$ref: nowhere.yaml}
paths:
  x-path: {$ref: nowhere.yaml}
  /a:
    get:
      x-op: {$ref: nowhere.yaml}
      parameters:
        - {name: p, in: query, example: {$ref: nowhere.yaml}, schema: {type: object}}
      responses:
        default:
          description: d
          content:
            application/json:
              example: {$ref: nowhere.yaml}
              examples: {e: {value: {$ref: nowhere.yaml}}}
              schema:
                type: object
                example: {$ref: nowhere.yaml}
                examples: [{$ref: nowhere.yaml}]
                default: {$ref: nowhere.yaml}
                enum: [{$ref: nowhere.yaml}]
                const: {$ref: nowhere.yaml}
                properties:
                  $ref: {type: string}
                  default: {type: string}
                  example: {type: string}
                required: [$ref]
`})
}

// The names of properties and responses are no keywords.
func TestReferencesUnderNames(t *testing.T) {
	t.Parallel()
	_, diags := LoadBytes("api.yaml", []byte(`
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        default: {$ref: '#/components/responses/r1'}
components:
  schemas:
    example:
      properties:
        example: {$ref: '#/components/schemas/s1'}
        enum: {$ref: '#/components/schemas/s2'}
        x-foo: {$ref: '#/components/schemas/s3'}
      $defs:
        const: {$ref: '#/components/schemas/s4'}
    x-schema: {$ref: '#/components/schemas/s5'}
`), Limits{})
	var lines []int
	for _, d := range diags {
		if d.Rule != "dangling-ref" || d.Severity != diag.Error {
			t.Errorf("unexpected: %v", d)
		}
		lines = append(lines, d.Pos.Line)
	}
	want := []int{8, 13, 14, 15, 17, 18}
	if len(lines) != len(want) {
		t.Fatalf("got %v", diags)
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("got lines %v, want %v", lines, want)
			break
		}
	}
}

func TestComponentName(t *testing.T) {
	t.Parallel()
	doc := mustLoad(t, map[string]string{
		"api.yaml": head31 + `
components:
  schemas:
    Own: {type: object, $defs: {Inner: {type: string}}, properties: {$defs: {type: object, properties: {x: {}}}}}
    Alias: {$ref: 'files/pet.yaml#/definitions/Pet'}
    Renamed: {$ref: 'files/cat.yaml'}
    Deep: {$ref: 'files/cat.yaml#/properties/tail'}
    Sibling: {$ref: 'files/dog.yaml', description: d}
  parameters:
    P: {name: p, in: query, schema: {$ref: 'files/dog.yaml'}}
`,
		"files/pet.yaml": "definitions: {Pet: {type: object}}\ncomponents: {schemas: {}}",
		"files/cat.yaml": "type: object\nproperties: {tail: {type: string}}",
		"files/dog.yaml": "type: object",
	})
	tests := []struct{ file, pointer, section, name string }{
		{"api.yaml", "/components/schemas/Own", "schemas", "Own"},
		{"api.yaml", "/components/parameters/P", "parameters", "P"},
		{"api.yaml", "/components/schemas/Own/$defs/Inner", "schemas", "Inner"},
		{"api.yaml", "/components/schemas/Own/properties/$defs/properties/x", "", ""},
		{"files/pet.yaml", "/definitions/Pet", "schemas", "Pet"},
		{"files/cat.yaml", "", "schemas", "Renamed"},
		{"files/cat.yaml", "/properties/tail", "schemas", "Deep"},
		{"files/dog.yaml", "", "schemas", "dog"},
		{"api.yaml", "/components/parameters/P/schema", "", ""},
		{"api.yaml", "/components", "", ""},
		{"api.yaml", "", "", ""},
	}
	for _, tt := range tests {
		section, name, ok := doc.ComponentName(at(t, doc, tt.file, tt.pointer))
		if section != tt.section || name != tt.name || ok != (tt.name != "") {
			t.Errorf("%s%s: got %q, %q, %v, want %q, %q", tt.file, tt.pointer, section, name, ok, tt.section, tt.name)
		}
	}
}

// In 3.1 what stands beside a $ref counts, so Target stops where it stands.
func TestTarget(t *testing.T) {
	t.Parallel()
	doc := mustLoad(t, map[string]string{"api.yaml": head31 + `
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/C', minLength: 1}
    C: {type: string}
`})
	a := at(t, doc, "api.yaml", "/components/schemas/A")
	if b, err := doc.Target(a); err != nil || b.Get("minLength") == nil {
		t.Errorf("Target: got %v, %v", b, err)
	}
	if c, err := doc.Lookup(a, "#/components/schemas/C"); err != nil || c.StrOr("type") != "string" {
		t.Errorf("Lookup: got %v, %v", c, err)
	}
	if _, err := doc.Lookup(a, "new.yaml"); err == nil || err.Rule != "ref-file" {
		t.Errorf("Lookup in a file that was not read: got %v", err)
	}
}

func TestLoadIn(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{
		"api/api.yaml":  head30 + "components: {schemas: {A: {$ref: '../common/c.yaml#/A'}}}",
		"common/c.yaml": "A: {type: string}",
	})
	if _, diags := LoadIn(folder, "api/api.yaml", Limits{}); len(diags) > 0 {
		t.Errorf("got %v", diags)
	}
	_, diags := Load(filepath.Join(folder, "api", "api.yaml"), Limits{})
	if len(diags) != 1 || diags[0].Rule != "ref-outside" {
		t.Errorf("got %v, want ref-outside", diags)
	}
}
