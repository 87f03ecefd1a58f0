// Package emit prints a model: it renders the templates, finds the imports, formats,
// and writes all files or none.
package emit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"sync"
	"text/template"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/templates"
)

// outputs is the table of generated files.
var outputs = []struct {
	template, file string
	when           func(*model.API) bool // nil: always
}{
	{"models.go.tmpl", "models.gen.go", nil},
	{"server.go.tmpl", "server.gen.go", nil},
	{"caller.go.tmpl", "caller.gen.go", func(api *model.API) bool { return api.Caller != nil }},
	{"policy.go.tmpl", "policy.gen.go", nil},
	{"operations.go.tmpl", "operations.gen.go", nil},
	{"codec.go.tmpl", "codec.gen.go", nil},
	{"check.go.tmpl", "check.gen.go", func(api *model.API) bool { return len(api.Checks) > 0 }},
	{"security.go.tmpl", "security.gen_test.go", func(api *model.API) bool { return api.Tests }},
}

// known are the packages that generated code may use, by the name it uses them
// under. Nothing of a document can add to it.
var known = map[string]string{
	"cmp":          "cmp",
	"context":      "context",
	"errors":       "errors",
	"io":           "io",
	"iter":         "iter",
	"strconv":      "strconv",
	"testing":      "testing",
	"http":         "net/http",
	"time":         "time",
	"runtime":      "github.com/bailey-go/bailey/runtime",
	"gen":          "github.com/bailey-go/bailey/runtime/gen",
	"wire":         "github.com/bailey-go/bailey/runtime/gen/wire",
	"check":        "github.com/bailey-go/bailey/runtime/gen/check",
	"param":        "github.com/bailey-go/bailey/runtime/gen/param",
	"mask":         "github.com/bailey-go/bailey/runtime/mask",
	"auth":         "github.com/bailey-go/bailey/runtime/auth",
	"jwt":          "github.com/bailey-go/bailey/runtime/auth/jwt",
	"introspect":   "github.com/bailey-go/bailey/runtime/auth/introspect",
	"mtls":         "github.com/bailey-go/bailey/runtime/auth/mtls",
	"session":      "github.com/bailey-go/bailey/runtime/auth/session",
	"dpop":         "github.com/bailey-go/bailey/runtime/auth/dpop",
	"basic":        "github.com/bailey-go/bailey/runtime/auth/basic",
	"apikey":       "github.com/bailey-go/bailey/runtime/auth/apikey",
	"securitytest": "github.com/bailey-go/bailey/runtime/securitytest",
	"principal":    "github.com/bailey-go/bailey/runtime/principal",
	"types":        "github.com/bailey-go/bailey/runtime/types",
}

// view is what the header template is given.
type view struct {
	Source  gosrc.Comment
	Package gosrc.Ident
	Doc     gosrc.Comment // of the package, in one of its files
	Std     []gosrc.Literal
	Others  []gosrc.Literal
}

// Render prints every file of the package. The result depends on nothing but api.
// An error means a mistake of bailey's own: the text did not parse.
func Render(api *model.API) ([]File, error) {
	set, err := parsed()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, out := range outputs {
		if out.when != nil && !out.when(api) {
			continue
		}
		content, err := render(set, out.template, api)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", out.file, err)
		}
		if content != nil {
			files = append(files, File{Name: out.file, Content: content})
		}
	}
	return files, nil
}

// Draft prints the same declarations as Render, by name of the file, without header, imports and
// gofmt, which are most of what printing costs: it is for those who compare packages.
func Draft(api *model.API) (map[string][]byte, error) {
	set, err := parsed()
	if err != nil {
		return nil, err
	}
	drafts := map[string][]byte{}
	for _, out := range outputs {
		if out.when != nil && !out.when(api) {
			continue
		}
		var body bytes.Buffer
		if err := set.ExecuteTemplate(counted{&body, api.Cost}, out.template, api); err != nil {
			return nil, fmt.Errorf("%s: %w", out.file, err)
		}
		drafts[out.file] = body.Bytes()
	}
	return drafts, nil
}

// parsed are the templates: printing does not change them.
var parsed = sync.OnceValues(parseTemplates)

// parseTemplates reads the templates and guards every print in them.
func parseTemplates() (*template.Template, error) {
	set := template.New("").Funcs(template.FuncMap{"src": src}).Option("missingkey=error")
	if _, err := set.ParseFS(templates.FS, "*.go.tmpl"); err != nil {
		return nil, err
	}
	for _, t := range set.Templates() {
		if t.Tree != nil {
			guard(t.Tree.Root)
		}
	}
	return set, nil
}

func render(set *template.Template, name string, api *model.API) ([]byte, error) {
	var body bytes.Buffer
	if err := set.ExecuteTemplate(counted{&body, api.Cost}, name, api); err != nil {
		return nil, err
	}
	header := view{Source: api.Source, Package: api.Package}
	if name == "server.go.tmpl" {
		header.Doc = api.Doc
	}
	used, err := packagesOf(body.Bytes())
	if err != nil {
		return nil, err
	}
	for _, path := range used {
		if slices.Contains([]string{"cmp", "context", "errors", "io", "iter", "net/http", "strconv", "testing", "time"}, path) {
			header.Std = append(header.Std, gosrc.Quote(path))
		} else {
			header.Others = append(header.Others, gosrc.Quote(path))
		}
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, "header.go.tmpl", header); err != nil {
		return nil, err
	}
	out.Write(body.Bytes())
	content, err := format.Source(squeeze(out.Bytes()))
	if err != nil {
		return nil, fmt.Errorf("the generated text does not parse: %w", err)
	}
	return content, nil
}

// counted takes what is written from the document's budget.
type counted struct {
	to   *bytes.Buffer
	cost *cost.Budget
}

func (c counted) Write(p []byte) (int, error) {
	c.cost.Spend(cost.Emit, len(p), diag.Pos{})
	return c.to.Write(p)
}

// packagesOf finds which of the known packages the body refers to.
func packagesOf(body []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", append([]byte("package p\n"), body...), parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the generated text does not parse: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && known[x.Name] != "" {
				used[known[x.Name]] = true
			}
		}
		return true
	})
	paths := make([]string, 0, len(used))
	for p := range used {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths, nil
}

// squeeze removes the runs of blank lines that conditions leave behind: gofmt keeps
// one, readers want none inside of functions.
func squeeze(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	out := lines[:0]
	for i, line := range lines {
		blank := len(bytes.TrimSpace(line)) == 0
		if blank && i+1 < len(lines) && (len(bytes.TrimSpace(lines[i+1])) == 0 || startsInner(lines[i+1])) {
			continue
		}
		if blank && len(out) > 0 && opens(out[len(out)-1]) {
			continue
		}
		out = append(out, line)
	}
	return bytes.Join(out, []byte("\n"))
}

// opens reports whether a line opens a block; startsInner whether it closes one.
func opens(line []byte) bool {
	l := bytes.TrimSpace(line)
	return len(l) > 0 && (l[len(l)-1] == '{' || l[len(l)-1] == '(')
}

func startsInner(line []byte) bool {
	l := bytes.TrimSpace(line)
	return len(l) > 0 && (l[0] == '}' || l[0] == ')')
}
