package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// panics are the files with panics, and their number. Each is for a fault of the program, not of a
// document or a request, or is http.ErrAbortHandler, which ends a broken response.
var panics = map[string]int{
	"generator/internal/cost/cost.go":           2, // a budget is spent: Guard turns it into a diagnostic
	"generator/internal/gosrc/expr.go":          2,
	"generator/internal/kinview/validate.go":    1, // recovered by its caller
	"generator/internal/model/types/builder.go": 1, // a constant of the package
	"runtime/auth/apikey/hashkeys.go":           1, // a key of no bytes
	"runtime/auth/basic/hash.go":                1, // a password beyond MaxPassword
	"runtime/auth/jwt/jwttest/holder.go":        1, // tests only
	"runtime/auth/jwt/jwttest/jwttest.go":       2, // tests only
	"runtime/gen/custom.go":                     1, // http.ErrAbortHandler
	"runtime/gen/call.go":                       1, // http.ErrAbortHandler: of a handler, or of half an answer
	"runtime/gen/flight.go":                     1, // http.ErrAbortHandler
	"runtime/gen/reply.go":                      1, // http.ErrAbortHandler
	"runtime/gen/stream.go":                     1, // http.ErrAbortHandler
	"runtime/mask/seal.go":                      2, // a copy without its value
}

// forbidden are the functions that write to the program's own streams, to the logger of the whole
// process, or end the process.
var forbidden = map[string][]string{
	"fmt": {"Print", "Printf", "Println"},
	"log": {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"},
	"os":  {"Exit"},
}

// TestForbidden holds the code of the generator and the runtime to what a library may do: it neither
// prints, nor logs by package log, nor exits, and panics in the listed places only.
func TestForbidden(t *testing.T) {
	found := map[string]int{}
	seen := 0
	for _, house := range []string{"generator", "runtime"} {
		walkGo(t, filepath.Join(root(t), house), func(name string) {
			seen++
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(root(t), name)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				switch f := call.Fun.(type) {
				case *ast.Ident:
					if f.Name == "panic" {
						found[filepath.ToSlash(rel)]++
					}
					if f.Name == "println" {
						t.Errorf("%s: %s prints", fset.Position(call.Pos()), f.Name)
					}
				case *ast.SelectorExpr:
					if pkg, ok := f.X.(*ast.Ident); ok && slices.Contains(forbidden[pkg.Name], f.Sel.Name) && imports(file, pkg.Name) {
						t.Errorf("%s: %s.%s is for programs; return an error, or use the logger of Config", fset.Position(call.Pos()), pkg.Name, f.Sel.Name)
					}
				}
				return true
			})
		})
	}
	if seen < 200 {
		t.Fatalf("only %d files were read", seen)
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if found[name] > panics[name] {
			t.Errorf("%s has %d panics, %d are listed: a document, a request or a store must not be the reason of one", name, found[name], panics[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(panics)) {
		if found[name] < panics[name] {
			t.Errorf("%s has %d panics, fewer than the %d that are listed: lower the number", name, found[name], panics[name])
		}
	}
}

// walkGo visits the Go files of a folder that are neither tests nor generated nor test data.
func walkGo(t *testing.T, folder string, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, ".gen.go"):
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// imports reports whether a file imports the package of the standard library with that name.
func imports(file *ast.File, name string) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Name == nil && strings.Trim(i.Path.Value, `"`) == name })
}
