package generator_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// hostileTexts are what has become code in other generators, and what could.
var hostileTexts = []string{
	"plain",
	"\n ",
	"a\n\tgo:embed x\n  //go:embed y",
	"\nfunc init() { panic(1) }\n",
	"*/ func init() {} /*",
	"`; func init() {}; var x = `",
	"\"; func init() {}; var x = \"",
	"\n//go:embed /etc/passwd\n",
	"//go:generate rm -rf /",
	"go:linkname a b",
	"\r//line evil.go:1\n",
	"line evil.go:1:1",
	"a\u2028func init() {}\u2029b",
	"a\x00b",
	"{{.Package}} {{define \"x\"}}",
	"\\\" + func() string { panic(1) }() + \\\"",
	"import \"C\"",
	"\u202eright to left",
	"%s %d %!v",
	"$(id) ${HOME}",
	"]string{\"x\"",
	"",
	strings.Repeat("long ", 30),
}

// hostileDocument puts text wherever a document has free text: descriptions, titles,
// values, patterns' neighbours, reasons, servers, examples.
func hostileDocument(text string) []byte {
	quoted, _ := json.Marshal(text)
	// A reason is a policy's: it may hold no placeholder of another tool (policy-placeholder).
	reason, _ := json.Marshal("because " + strings.NewReplacer("${", "{", "$(", "(", "{{", "{").Replace(text))
	doc := strings.NewReplacer("TEXT", string(quoted), "REASON", string(reason)).Replace(`{
  "openapi": "3.0.3",
  "info": {"title": TEXT, "version": TEXT, "description": TEXT, "contact": {"name": TEXT}},
  "servers": [{"url": "https://x.example", "description": TEXT}],
  "tags": [{"name": TEXT, "description": TEXT}],
  "paths": {
    "/things/{id}": {
      "summary": TEXT, "description": TEXT,
      "get": {
        "operationId": "getThing", "summary": TEXT, "description": TEXT, "tags": [TEXT],
        "x-bailey-public": REASON, "x-other": {"deep": [TEXT]},
        "parameters": [
          {"name": "id", "in": "path", "required": true, "description": TEXT, "schema": {"type": "string", "default": TEXT, "example": TEXT}},
          {"name": "q", "in": "query", "description": TEXT, "schema": {"type": "string", "default": TEXT, "title": TEXT}}
        ],
        "responses": {
          "200": {"description": TEXT, "headers": {"X-Thing": {"description": TEXT, "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}, "example": TEXT}}},
          "404": {"description": TEXT}
        }
      },
      "delete": {"operationId": "dropThing", "x-bailey-skip": REASON, "responses": {"204": {"description": TEXT}}}
    }
  },
  "components": {"schemas": {"Thing": {
    "type": "object", "title": TEXT, "description": TEXT, "required": ["kind"],
    "properties": {
      "kind": {"type": "string", "description": TEXT, "title": TEXT, "enum": ["a", "b"]},
      "note": {"type": "string", "description": TEXT, "default": TEXT, "example": TEXT}
    }
  }}}
}`)
	return []byte(doc)
}

// shape is what the Go parser sees in a package: declarations, imports, directives.
func shape(t *testing.T, files []generator.File) []string {
	t.Helper()
	var out []string
	for _, f := range files {
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, f.Name, f.Content, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s does not parse: %v\n%s", f.Name, err, f.Content)
		}
		for _, i := range tree.Imports {
			out = append(out, f.Name+" import "+i.Path.Value)
		}
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				out = append(out, f.Name+" func "+d.Name.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						out = append(out, f.Name+" type "+s.Name.Name)
					case *ast.ValueSpec:
						for _, n := range s.Names {
							out = append(out, f.Name+" value "+n.Name)
						}
					}
				}
			}
		}
		for _, g := range tree.Comments {
			for _, c := range g.List {
				// gofmt writes a tab before what was indented: no directive begins with one.
				if !strings.HasPrefix(c.Text, "// ") && !strings.HasPrefix(c.Text, "//\t") && c.Text != "//" {
					t.Errorf("%s: the comment %q may be read as a directive", f.Name, c.Text)
				}
				if strings.HasPrefix(c.Text, "/*") {
					t.Errorf("%s has a block comment: %q", f.Name, c.Text)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// renderHostile renders a document of the given bytes; ok is false when it is refused.
func renderHostile(t *testing.T, doc []byte) (files []generator.File, ok bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := generator.Render(generator.Config{Document: path, Output: filepath.Dir(path), Package: "api"})
	if err != nil {
		if _, found := firstError(res); !found {
			t.Fatalf("refused without a diagnostic: %v", err)
		}
		return nil, false
	}
	return res.Files, true
}

// TestHostileText proves that no text of a document changes what the package declares.
func TestHostileText(t *testing.T) {
	plain, ok := renderHostile(t, hostileDocument("plain"))
	if !ok {
		t.Fatal("the harmless document is refused")
	}
	want := shape(t, plain)
	for _, text := range hostileTexts {
		files, ok := renderHostile(t, hostileDocument(text))
		if !ok {
			t.Errorf("%q: refused", text)
			continue
		}
		if got := shape(t, files); !slices.Equal(got, want) {
			t.Errorf("%q changes what the package declares:\ngot  %q\nwant %q", text, got, want)
		}
	}
}

// FuzzHostileText does the same with texts that nobody thought of.
func FuzzHostileText(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	var want []string
	f.Fuzz(func(t *testing.T, text string) {
		if want == nil {
			plain, _ := renderHostile(t, hostileDocument("plain"))
			want = shape(t, plain)
		}
		if files, ok := renderHostile(t, hostileDocument(text)); ok {
			if got := shape(t, files); !slices.Equal(got, want) {
				t.Errorf("%q changes what the package declares:\ngot  %q\nwant %q", text, got, want)
			}
		}
	})
}

// TestHostileNames does it for texts that become identifiers: the package must still
// parse, and declare as much as before.
func TestHostileNames(t *testing.T) {
	const doc = `{"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/x": {"get": {
  "operationId": NAME, "x-bailey-public": "a test",
  "parameters": [{"name": NAME, "in": "query", "schema": {"type": "string", "enum": [NAME, "b"]}}],
  "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
    "type": "object", "required": [NAME], "properties": {NAME: {"type": "string", "enum": ["a", NAME]}}}}}}}}}}}`
	var want int
	for i, text := range hostileTexts {
		if text == "" {
			text = "\u00a0"
		}
		quoted, _ := json.Marshal(text)
		files, ok := renderHostile(t, []byte(strings.ReplaceAll(doc, "NAME", string(quoted))))
		if !ok {
			t.Logf("%q: refused", text)
			continue
		}
		got := len(shape(t, files))
		if i == 0 {
			want = got
		} else if got != want {
			t.Errorf("%q: %d declarations, not %d", text, got, want)
		}
	}
}
