package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldenUnused holds that generated packages have no function that nothing uses.
func TestGoldenUnused(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../testdata/golden/*/api")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no golden package was found: %v", err)
	}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no generated file: %v", dir, err)
		}
		declared, used := map[string]bool{}, map[string]bool{}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			own := map[*ast.Ident]bool{}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && !fn.Name.IsExported() {
					declared[fn.Name.Name], own[fn.Name] = true, true
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && !own[id] {
					used[id.Name] = true
				}
				return true
			})
		}
		if len(declared) == 0 {
			t.Errorf("%s declares no function", dir)
		}
		for name := range declared {
			if !used[name] {
				t.Errorf("%s: nothing uses %s", strings.TrimPrefix(dir, "../"), name)
			}
		}
	}
}
