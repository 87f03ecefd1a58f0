package generator_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// checker checks generated packages as the compiler's front end does (types, unused
// imports, unused variables), in a fraction of the time that compiling takes.
type checker struct {
	mu      sync.Mutex // the importer is for one at a time
	files   *token.FileSet
	imports types.Importer
}

// newChecker compiles what generated code can import, once.
func newChecker(t *testing.T, root string) *checker {
	t.Helper()
	cmd := goTool(root, "list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}",
		"github.com/bailey-go/bailey/runtime/...")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.Bytes())
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			exports[path] = file
		}
	}
	c := &checker{files: token.NewFileSet()}
	c.imports = importer.ForCompiler(c.files, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("generated code imports %s", path)
		}
		return os.Open(exports[path])
	})
	return c
}

// Import is for several packages at once.
func (c *checker) Import(path string) (*types.Package, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.imports.Import(path)
}

// check returns what is wrong with the package in dir.
func (c *checker) check(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("%s has no Go file: %w", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(c.files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	_, err = (&types.Config{Importer: c}).Check(filepath.Base(dir), c.files, files, nil)
	return err
}

// TestChecker holds the checker to what a compiler refuses.
func TestChecker(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the runtime")
	}
	t.Parallel()
	c := newChecker(t, module(t))
	for text, want := range map[string]string{
		"package p\nimport \"github.com/bailey-go/bailey/runtime\"\nvar X runtime.Opt[int]\n": "",
		"package p\nimport \"errors\"\n":                              `"errors" imported and not used`,
		"package p\nfunc f() { x := 1 }\n":                            "declared and not used: x",
		"package p\nvar x int = \"a\"\n":                              "cannot use",
		"package p\nimport \"example.com/none\"\nvar _ = none.X\n":    "generated code imports example.com/none",
		"package p\nfunc f() int { for range 2 { return 1 } }\n":      "missing return",
		"package p\nfunc f(x int) { switch x { case 1: case 1: } }\n": "duplicate case",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := c.check(dir)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
