package layout

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "record the API surface instead of comparing it")

// TestSurface compares everything that the public packages export with what is
// recorded in testdata/surface: a break of the API shows in review. Record with
//
//	go test ./generator/internal/layout -update
func TestSurface(t *testing.T) {
	top := root(t)
	folder := filepath.Join("testdata", "surface")
	recorded := map[string]bool{}
	entries, err := os.ReadDir(folder)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for _, e := range entries {
		recorded[e.Name()] = true
	}
	var names []string
	for path := range packages(t) {
		if name := short(path); isIn(name, "generator", "runtime") && !slices.Contains(strings.Split(name, "/"), "internal") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		got := surface(t, filepath.Join(top, filepath.FromSlash(name)))
		file := strings.ReplaceAll(name, "/", "_") + ".txt"
		delete(recorded, file)
		path := filepath.Join(folder, file)
		if *update {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%s is not recorded: %v", name, err)
			continue
		}
		report(t, name, string(want), string(got))
	}
	for file := range recorded {
		if *update {
			if err := os.Remove(filepath.Join(folder, file)); err != nil {
				t.Error(err)
			}
			continue
		}
		t.Errorf("%s is recorded, but there is no such package", file)
	}
}

// report names the lines of the one that the other does not have.
func report(t *testing.T, name, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	t.Errorf("the API of %s is not what is recorded; if that is meant: go test ./generator/internal/layout -update", name)
	before, after := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			t.Logf("- %s", line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Logf("+ %s", line)
		}
	}
}

// surface prints the exported declarations of the package in dir, sorted, without
// comments and bodies.
func surface(t *testing.T, dir string) []byte {
	t.Helper()
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		t.Fatalf("no file was found in %s", dir)
	}
	pkg, err := doc.NewFromFiles(fset, files, dir)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	show := func(decl ast.Decl) {
		if f, ok := decl.(*ast.FuncDecl); ok {
			f.Body = nil
		}
		var text bytes.Buffer
		if err := printer.Fprint(&text, fset, decl); err != nil {
			t.Fatal(err)
		}
		// Neither a comment that comes nor one that goes is a change of the API: the
		// blank lines and the alignment that it causes are dropped.
		for line := range strings.Lines(text.String()) {
			indent := len(line) - len(strings.TrimLeft(line, "\t"))
			if words := strings.Fields(line); len(words) > 0 {
				out.WriteString(line[:indent] + strings.Join(words, " ") + "\n")
			}
		}
	}
	values := func(list []*doc.Value) {
		for _, v := range list {
			show(v.Decl)
		}
	}
	funcs := func(list []*doc.Func) {
		for _, f := range list {
			show(f.Decl)
		}
	}
	fmt.Fprintf(&out, "package %s\n\n", pkg.Name)
	values(pkg.Consts)
	values(pkg.Vars)
	funcs(pkg.Funcs)
	for _, typ := range pkg.Types {
		out.WriteString("\n")
		show(typ.Decl)
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
	return out.Bytes()
}
