package generator

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// refusing are the packages whose every message a golden shows.
var refusing = []string{"schema", "openapi", "inhabit", "model"}

// refusals are the goldens of the refusing packages, and of rules that no other golden shows.
func refusals(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pkg := range append([]string{"rules"}, refusing...) {
		files, err := filepath.Glob("../testdata/refuse/" + pkg + "-*.txtar")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d goldens, %v", pkg, len(files), err)
		}
		all = append(all, files...)
	}
	return all
}

// section divides a golden: a comment, then files below lines such as -- NAME --.
var section = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

// TestRefuse holds each refusal and each warning as the user of the command line sees
// it: documents above, the exact diagnostics below. A bailey.yaml among the files is
// the configuration.
func TestRefuse(t *testing.T) {
	t.Parallel()
	for _, file := range refusals(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			above, want, ok := bytes.Cut(text, []byte("-- want --\n"))
			at := section.FindAllSubmatchIndex(above, -1)
			if !ok || len(at) == 0 || at[0][0] == 0 {
				t.Fatal("the file has not all of: a comment, a document, -- want --")
			}
			dir := t.TempDir()
			for i, m := range at {
				end := len(above)
				if i+1 < len(at) {
					end = at[i+1][0]
				}
				if err := os.WriteFile(filepath.Join(dir, string(above[m[2]:m[3]])), above[m[1]:end], 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := found(t, dir)
			if got == "" {
				t.Error("nothing is found")
			}
			if *update {
				if err := os.WriteFile(file, append(append(above, "-- want --\n"...), got...), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

// found renders the document in dir and prints what is said of it.
func found(t *testing.T, dir string) string {
	t.Helper()
	cfg, err := FindConfig(filepath.Join(dir, "openapi.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Output = cmp.Or(cfg.Output, filepath.Join(dir, "api"))
	res, err := Render(cfg)
	if res == nil {
		t.Fatal(err)
	}
	if refused := res.Errors() > 0; refused != (err != nil) || refused != (res.Files == nil) {
		t.Errorf("%d errors, and the error %v with %d files", res.Errors(), err, len(res.Files))
	}
	var b strings.Builder
	for _, d := range res.Diagnostics {
		if d.File, err = filepath.Rel(dir, d.File); err != nil {
			t.Fatal(err)
		}
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// unshown are messages that no document alone brings about, each with the test that
// holds it or the reason why none can.
var unshown = map[string]string{
	"too-complex: oneOf and anyOf are nested more than %d deep here":                             "TestDepth in package schema",
	"too-complex: schemas that consist of others, %d deep":                                       "TestDepth in package schema",
	"too-complex: more than %d schemas are merged here":                                          "TestDepth in package schema",
	"choice-cycle: this schema leads back to itself, without anything between":                   "a guard: choice finds the cycle first",
	"path: the path %q does not start with a slash":                                              "a guard: package load refuses it first",
	"no-security: no security for %s":                                                            "TestGuards in package decide",
	"no-policy: %s has no policy":                                                                "TestGuards in package decide",
	"inside-raw: readOnly or writeOnly cannot be enforced here, where one type serves both ways": "a guard: what has them has two types",
	"package: %q is no package name: %v":                                                         "TestGuards in package decide",
}

// message is one place in the source that says something of a document.
type message struct {
	at     token.Position
	rule   string
	format string
}

// pattern matches a printed diagnostic of the message.
func (m message) pattern() *regexp.Regexp {
	verbs := regexp.MustCompile(`%[a-z]`)
	text := verbs.ReplaceAllString(regexp.QuoteMeta(m.format), ".*")
	return regexp.MustCompile(`(?m)^\S+: (warning: )?` + text + `.* \[` + regexp.QuoteMeta(m.rule) + `\]$`)
}

// TestEveryMessageHasAGolden finds what the refusing packages can say by reading their
// source, so that no refusal is written, or reworded, unseen.
func TestEveryMessageHasAGolden(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	for _, file := range refusals(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := bytes.Cut(text, []byte("-- want --\n"))
		shown.Write(want)
	}
	used := map[string]bool{}
	for _, m := range messages(t) {
		key := m.rule + ": " + m.format
		if m.pattern().Match(shown.Bytes()) {
			continue
		}
		if used[key] = true; unshown[key] == "" {
			t.Errorf("%s: no golden shows %q", m.at, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unshown)) {
		if !used[key] {
			t.Errorf("unshown has %q, which is shown or is said no more", key)
		}
	}
}

// messages reads the source of the refusing packages.
func messages(t *testing.T) []message {
	t.Helper()
	var all []message
	for _, pkg := range refusing {
		var files []string
		for _, pattern := range []string{"*.go", "*/*.go"} { // model has packages below it
			matched, err := filepath.Glob(filepath.Join("internal", pkg, pattern))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, matched...)
		}
		found := len(all)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if m, ok := said(t, n); ok {
					m.at = fset.Position(n.Pos())
					all = append(all, m)
				}
				return true
			})
		}
		if len(all) == found {
			t.Errorf("no message was found in %s: the test looks for the wrong thing", pkg)
		}
	}
	return all
}

// said is what a node of the source says of a document: a call that notes a diagnostic,
// or a diagnostic itself. Functions that hand on a rule say nothing themselves.
func said(t *testing.T, n ast.Node) (message, bool) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "contradiction" {
			return message{rule: "unsatisfiable", format: text(t, n.Args[1])}, true
		}
		f, ok := n.Fun.(*ast.SelectorExpr)
		if ok && f.Sel.Name == "contradict" {
			return message{rule: "unsatisfiable", format: text(t, n.Args[2])}, true
		}
		if !ok || len(n.Args) < 3 || !slices.Contains([]string{"Errorf", "Warnf", "errorf", "refuse", "warn"}, f.Sel.Name) {
			return message{}, false
		}
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "fmt" {
			return message{}, false
		}
		if id, ok := n.Args[1].(*ast.Ident); ok && id.Name == "rule" {
			return message{}, false
		}
		return message{rule: text(t, n.Args[1]), format: text(t, n.Args[2])}, true
	case *ast.CompositeLit:
		if f, ok := n.Type.(*ast.SelectorExpr); !ok || f.Sel.Name != "Diagnostic" {
			return message{}, false
		}
		var m message
		for _, e := range n.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				t.Fatal("a Diagnostic without names of its fields")
			}
			if id, ok := kv.Value.(*ast.Ident); ok && id.Name == "rule" {
				return message{}, false
			}
			switch kv.Key.(*ast.Ident).Name {
			case "Rule":
				m.rule = text(t, kv.Value)
			case "Message":
				m.format = text(t, kv.Value)
			}
		}
		return m, m.rule != ""
	}
	return message{}, false
}

// text is the text of an expression, with %s for what is known only when it runs.
func text(t *testing.T, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	case *ast.BinaryExpr:
		return text(t, e.X) + text(t, e.Y)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			return text(t, e.Args[0])
		}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && x.Name == "rules" {
			return ruleNames(t)[e.Sel.Name]
		}
	}
	return "%s"
}

// ruleNames are the values of the constants of package rules, by the names of the constants.
var ruleNames = func() func(*testing.T) map[string]string {
	read := sync.OnceValues(func() (map[string]string, error) {
		pkgs, err := filepath.Glob("internal/rules/*.go")
		if err != nil {
			return nil, err
		}
		names := map[string]string{}
		for _, file := range pkgs {
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
					if l, ok := v.Values[0].(*ast.BasicLit); ok && l.Kind == token.STRING {
						names[v.Names[0].Name], err = strconv.Unquote(l.Value)
					}
				}
				return err == nil
			})
			if err != nil {
				return nil, err
			}
		}
		return names, nil
	})
	return func(t *testing.T) map[string]string {
		t.Helper()
		names, err := read()
		if err != nil || len(names) < 100 {
			t.Fatalf("%d rules, %v", len(names), err)
		}
		return names
	}
}()
