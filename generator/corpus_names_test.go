package generator_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// TestCorpusNames: an operation more in GitHub's document, wherever it stands and however it is
// called, takes away no type's name and changes none. A type may become an alias of an equal
// one, since only one of both is declared (model.share): what is written with its name means the same.
func TestCorpusNames(t *testing.T) {
	if testing.Short() {
		t.Skip("generates a large document several times")
	}
	dir, _ := corpus(t)
	data, err := os.ReadFile(filepath.Join(dir, "github", "api.github.com.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	const first, last = "\"paths\": {", "\n  },\n  \"components\": {"
	if strings.Count(text, first) != 1 || strings.Count(text, last) != 1 {
		t.Fatal("the document has another shape than this test knows")
	}
	before := declared(t, text)
	if len(before) < 1000 {
		t.Fatalf("only %d types", len(before))
	}
	added := func(path, id string) string {
		return `"` + path + `": {"post": {"operationId": "` + id + `", "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"owner": {"type": "object", "properties": {"name": {"type": "string", "enum": ["a", "b"]}}}}}}}}, "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"type": "object", "properties": {"item": {"type": "object"}}}}}}}}}`
	}
	for name, changed := range map[string]string{
		"first":            strings.Replace(text, first, first+added("/added", "added")+",", 1),
		"last":             strings.Replace(text, last, ","+added("/zz/added", "added")+last, 1),
		"like a body":      strings.Replace(text, first, first+added("/added", "repos/create-for-authenticated-user-body")+",", 1),
		"like a component": strings.Replace(text, first, first+added("/added", "repository")+",", 1),
		"like a request":   strings.Replace(text, last, ","+added("/zz/added", "repos/get-request")+last, 1),
	} {
		after := declared(t, changed)
		if len(after) <= len(before) {
			t.Errorf("%s: %d types became %d", name, len(before), len(after))
		}
		for typ, was := range before {
			if is, ok := after[typ]; !ok || is != was {
				t.Errorf("%s: %s became %q", name, typ, is)
			}
		}
	}
}

// declared are what the names of types stand for in the package that is generated from a document, as
// it is written, without comments.
func declared(t *testing.T, document string) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := generator.Render(generator.Config{Document: file, Output: t.TempDir(), Package: "api", AllowPublic: "a test", SkipUnsupported: true})
	if err != nil {
		first, _ := firstError(res)
		t.Fatalf("%v %v", err, first)
	}
	out, aliases := map[string]string{}, map[string]string{}
	for _, f := range res.Files {
		if f.Name != "models.gen.go" {
			continue
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, f.Name, f.Content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				for _, s := range d.Specs {
					s := s.(*ast.TypeSpec)
					// Alignment with other members' columns is gofmt's.
					body := f.Content[files.Position(s.Pos()).Offset:files.Position(s.End()).Offset]
					if s.Assign.IsValid() {
						aliases[s.Name.Name] = types.ExprString(s.Type)
						continue
					}
					out[s.Name.Name] = string(bytes.Join(bytes.Fields(body)[1:], []byte(" ")))
				}
			}
		}
	}
	for name, of := range aliases {
		body, ok := out[of]
		if !ok {
			t.Errorf("%s is an alias of %s, which is none of the types", name, of)
		}
		out[name] = body
	}
	return out
}
