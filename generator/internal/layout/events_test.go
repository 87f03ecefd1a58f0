package layout

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/rules"
)

// otherRules are rules that the runtime gives to something of another name, with the file that has the literal.
var otherRules = map[rules.EventRule]string{
	"authenticator":           "runtime/gen/identify.go",
	"body-memory":             "runtime/internal/inflight/inflight.go",
	"body-memory-per-address": "runtime/internal/inflight/inflight.go",
	"introspection":           "runtime/auth/introspect/introspect.go",
	"introspection-answer":    "runtime/auth/introspect/introspect.go",
	"introspection-busy":      "runtime/auth/introspect/introspect.go",
	"spool-per-address":       "runtime/internal/inflight/inflight.go",
	"transfer-encoding":       "runtime/gen/pipeline.go",
	"writable-by":             "runtime/gen/wire/guard.go",
}

// unnamed are rules that tests bring about by their status, and none by their name.
var unnamed = []rules.EventRule{
	"authenticator", "basic-hashing", "basic-users", "body-slow", "certificate-authorities", "certificate-revocation-list", "dpop-replay-store", "introspection", "introspection-aborted", "introspection-answer", "introspection-busy", "item-size",
	"keys-not-yet-had", "keys-too-old", "no-principal", "rate-limit-store", "status-or-content-type", "stream-version", "transfer-encoding",
}

// TestEventRules holds the rules that the source of the runtime names to the table of the generator, in both directions: an event
// with a rule that no page explains, and a page that explains what cannot occur. A rule occurs where some test names it.
func TestEventRules(t *testing.T) {
	used := map[string]token.Position{}
	types := map[string]bool{}
	tested := map[string]bool{}
	top := root(t)
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, top))
		if d.IsDir() && (name == "/docs" || name == "/testdata" || name == "/runtime/securitytest" || strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || !strings.HasPrefix(name, "/runtime/") && !strings.HasSuffix(path, "_test.go") || strings.HasSuffix(name, "/layout/events_test.go") {
			return nil
		}
		if strings.HasSuffix(path, "_test.go") {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, g := range rules.EventGroups() {
				for _, r := range g.Rules {
					tested[string(r)] = tested[string(r)] || names(b, string(r))
				}
			}
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			for _, r := range namedRules(n) {
				used[r] = fset.Position(n.Pos())
			}
			if s, ok := n.(*ast.ValueSpec); ok && f.Name.Name == "event" {
				for i := range s.Values {
					if text, ok := literal(s.Values[i]); ok && strings.Contains(text, "_") {
						types[text] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) < 100 {
		t.Errorf("%d rules were found: the test looks for the wrong thing", len(used))
	}
	for r, at := range used {
		if _, ok := rules.ExplainEvent(r); !ok {
			t.Errorf("%s: no table of generator/internal/rules explains the rule %q of events", at, r)
		}
	}
	for _, g := range rules.EventGroups() {
		for _, r := range g.Rules {
			e, _ := rules.ExplainEvent(string(r))
			if e.Meaning == "" || e.Advice == "" || !types[string(e.Type)] {
				t.Errorf("%s is not explained: %+v", r, e)
			}
			if _, there := used[string(r)]; !there && !holds(t, otherRules[r], string(r)) {
				t.Errorf("no code of the runtime names the rule %s", r)
			}
			if known := slices.Contains(unnamed, r); tested[string(r)] == known {
				t.Errorf("a test names the rule %s: %v; the list of those that none names has it: %v", r, tested[string(r)], known)
			}
		}
	}
	for _, e := range rules.EventTypes() {
		if !types[string(e)] {
			t.Errorf("package event has no type %s", e)
		}
		delete(types, string(e))
	}
	for e := range types {
		t.Errorf("no table explains the events of type %s", e)
	}
}

// namedRules are the literals that a node gives to something called rule.
func namedRules(n ast.Node) (list []string) {
	is := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name == "rule" || e.Name == "Rule" || strings.HasPrefix(e.Name, "rule") && e.Name != "rules"
		case *ast.SelectorExpr:
			return e.Sel.Name == "rule" || e.Sel.Name == "Rule"
		}
		return false
	}
	add := func(e ast.Expr) {
		if text, ok := literal(e); ok && text != "" && !strings.HasSuffix(text, " at ") {
			list = append(list, text)
		}
	}
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if is(n.Key) {
			add(n.Value)
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if is(left) && len(n.Lhs) == len(n.Rhs) {
				add(n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if is(name) && i < len(n.Values) {
				add(n.Values[i])
			}
		}
	}
	return list
}

func literal(e ast.Expr) (string, bool) {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		text, err := strconv.Unquote(l.Value)
		return text, err == nil
	}
	return "", false
}

// names reports whether a test names a rule: as a literal, or in a line of a log.
func names(test []byte, rule string) bool {
	return bytes.Contains(test, []byte(`"`+rule+`"`)) || bytes.Contains(test, []byte("rule="+rule))
}

// holds reports whether a file has a literal.
func holds(t *testing.T, file, text string) bool {
	t.Helper()
	if file == "" {
		return false
	}
	b, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(strconv.Quote(text)))
}
