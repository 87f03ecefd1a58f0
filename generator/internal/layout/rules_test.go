package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/rules"
)

// ruleType is a type of rules, the package that alone may spell them, and the number of places that
// may make one of a text that is known at run time only.
type ruleType struct {
	name, table string
	made        int
}

var ruleTypes = []ruleType{
	{module + "/generator/internal/rules.Rule", module + "/generator/internal/rules", 2},
}

// TestRulesAreConstants holds every rule to the constants of its table: a literal elsewhere would be
// a rule that no page explains. Each constant is used.
func TestRulesAreConstants(t *testing.T) {
	uses := checkTypes(t)
	for _, rt := range ruleTypes {
		var made []string
		used := map[string]bool{}
		for _, u := range uses {
			switch {
			case u.typ != rt.name || u.pkg == rt.table:
			case u.constant != "":
				used[u.constant] = true
			case u.made:
				made = append(made, u.at.String())
			default:
				t.Errorf("%s: the rule %s is spelled out; name a constant of %s", u.at, u.text, rt.table)
			}
		}
		if len(used) < 20 {
			t.Errorf("%d constants of %s were found: the test looks for the wrong thing", len(used), rt.name)
		}
		if len(made) > rt.made {
			t.Errorf("rules are made of other texts at %d places, %d are known: %v", len(made), rt.made, made)
		}
		for _, u := range uses {
			if u.typ == rt.name && u.pkg == rt.table && u.declared != "" && !used[u.declared] {
				t.Errorf("%s: no code uses the rule %s", u.at, u.declared)
			}
		}
	}
}

// ruleUse is a place in the source that has to do with a rule.
type ruleUse struct {
	at       token.Position
	pkg, typ string
	constant string // the constant that is named
	declared string // the constant that is declared
	text     string // of a literal
	made     bool   // a conversion of another text
}

// checkTypes finds the uses of rules in all non-test code of the module.
func checkTypes(t *testing.T) []ruleUse {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./generator/...", "./runtime/...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %s", describe(err))
	}
	type goFiles struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	exports := map[string]string{}
	var ours []goFiles
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goFiles
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if short(p.ImportPath) != "" {
			ours = append(ours, p)
		}
	}
	var uses []ruleUse
	for _, p := range ours {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		conf := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		if _, err := conf.Check(p.ImportPath, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				if u, ok := ruleUseOf(n, info); ok {
					u.at, u.pkg = fset.Position(n.Pos()), p.ImportPath
					uses = append(uses, u)
				}
				return true
			})
		}
	}
	return uses
}

// ruleUseOf is the use of a rule that a node is.
func ruleUseOf(n ast.Node, info *types.Info) (ruleUse, bool) {
	isRule := func(t types.Type) bool {
		return t != nil && slices.ContainsFunc(ruleTypes, func(rt ruleType) bool { return rt.name == t.String() })
	}
	switch n := n.(type) {
	case *ast.BasicLit:
		tv := info.Types[n]
		return ruleUse{typ: typeName(tv.Type), text: n.Value}, isRule(tv.Type) && n.Value != `""`
	case *ast.Ident:
		if c, ok := info.Uses[n].(*types.Const); ok && isRule(c.Type()) {
			return ruleUse{typ: c.Type().String(), constant: c.Name()}, true
		}
		if c, ok := info.Defs[n].(*types.Const); ok && isRule(c.Type()) {
			return ruleUse{typ: c.Type().String(), declared: c.Name()}, true
		}
	case *ast.CallExpr:
		if fun := info.Types[n.Fun]; fun.IsType() && isRule(fun.Type) && len(n.Args) == 1 && !isRule(info.Types[n.Args[0]].Type) {
			return ruleUse{typ: fun.Type.String(), made: true}, info.Types[n].Value == nil
		}
	}
	return ruleUse{}, false
}

func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	return t.String()
}

// unshownRules are rules that no golden of testdata/refuse shows, each with the test that brings it about.
var unshownRules = map[rules.Rule]string{
	rules.Config:       "generator TestLoadConfigRefuses",
	rules.DocumentCost: "generator/internal/cost TestBudget",
	rules.File:         "cmd/bailey TestBadInput",
	rules.LimitAliases: "generator/internal/load TestHostile",
	rules.LimitDepth:   "generator/internal/load TestHostile",
	rules.LimitNodes:   "generator/internal/load TestHostile",
	rules.NoPolicy:     "generator/internal/model/decide TestGuards",
	rules.Package:      "generator/internal/model/decide TestGuards",
	rules.TooMany:      "generator/internal/load TestHostile",
}

// TestRulesOccur holds each rule to a golden that shows it, or to a test that brings it about.
func TestRulesOccur(t *testing.T) {
	for _, g := range rules.Groups() {
		for _, r := range g.Rules {
			text, ok := rules.Explain(string(r))
			if !ok || text.Meaning == "" || text.Advice == "" {
				t.Errorf("%s is not explained", r)
			}
			where := unshownRules[r]
			if (text.Example != "") == (where != "") {
				t.Errorf("%s: the example is %q, and the test %q; one of the two is needed", r, text.Example, where)
			}
			if where != "" && !hasTest(t, where, string(r)) {
				t.Errorf("%s: there is no test %s that names the rule", r, where)
			}
		}
	}
}

// hasTest reports whether a folder has a test of a name, and a test file that holds text.
func hasTest(t *testing.T, where, text string) bool {
	folder, name, _ := strings.Cut(where, " ")
	files, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	named, tested := false, false
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tested = tested || bytes.Contains(b, []byte("func "+name+"("))
		named = named || bytes.Contains(b, []byte(text))
	}
	return tested && named
}
