package access

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

// TestCallerNames holds that no claim can hide a method of the type that the generated one embeds.
func TestCallerNames(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../../runtime/principal/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no file of the runtime was found: %v", err)
	}
	want := []string{"Caller"} // the embedded field
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			if of, ok := fn.Recv.List[0].Type.(*ast.Ident); ok && of.Name == "Caller" {
				want = append(want, fn.Name.Name)
			}
		}
	}
	got := slices.Sorted(slices.Values(callerNames))
	if slices.Sort(want); len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("reserved are %q, want %q", got, want)
	}
}
