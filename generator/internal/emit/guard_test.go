package emit

import (
	"bytes"
	"testing"
	"text/template"
	"text/template/parse"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// TestEveryPrintIsGuarded walks the parse tree of every template: each print must
// end in src.
func TestEveryPrintIsGuarded(t *testing.T) {
	set, err := parseTemplates()
	if err != nil {
		t.Fatal(err)
	}
	prints := 0
	for _, tmpl := range set.Templates() {
		if tmpl.Tree == nil {
			continue
		}
		eachAction(tmpl.Tree.Root, func(a *parse.ActionNode) {
			if len(a.Pipe.Decl) > 0 {
				return
			}
			prints++
			last := a.Pipe.Cmds[len(a.Pipe.Cmds)-1]
			if got := last.String(); got != "src" {
				t.Errorf("%s: %s ends in %q, not in src", tmpl.Name(), a, got)
			}
		})
	}
	if prints < 50 {
		t.Errorf("only %d prints were found: the walk misses some", prints)
	}
}

// eachAction calls f for every action below n, whatever holds it.
func eachAction(n parse.Node, f func(*parse.ActionNode)) {
	list := func(l *parse.ListNode) {
		if l != nil {
			eachAction(l, f)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			eachAction(c, f)
		}
	case *parse.ActionNode:
		f(n)
	case *parse.IfNode:
		list(n.List)
		list(n.ElseList)
	case *parse.RangeNode:
		list(n.List)
		list(n.ElseList)
	case *parse.WithNode:
		list(n.List)
		list(n.ElseList)
	}
}

// TestGuardRefusesText proves that a template cannot print a plain string, wherever
// the print stands.
func TestGuardRefusesText(t *testing.T) {
	for _, text := range []string{
		`{{.Text}}`, `{{if .Text}}{{.Text}}{{end}}`, `{{range .List}}{{.}}{{end}}`, `{{with .Text}}{{.}}{{end}}`,
		`{{range .None}}{{else}}{{.Text}}{{end}}`, `{{$x := .Text}}{{$x}}`, `{{printf "%s" .Text}}`, `{{.Text | html}}`,
	} {
		tmpl := template.Must(template.New("").Funcs(template.FuncMap{"src": src}).Parse(text))
		guard(tmpl.Tree.Root)
		data := map[string]any{"Text": "func init() {}", "List": []string{"x"}, "None": []string{}}
		if err := tmpl.Execute(&bytes.Buffer{}, data); err == nil {
			t.Errorf("%s prints a string of the document", text)
		}
	}
	tmpl := template.Must(template.New("").Funcs(template.FuncMap{"src": src}).Parse(`{{.Ident}} {{.N}}`))
	guard(tmpl.Tree.Root)
	var out bytes.Buffer
	if err := tmpl.Execute(&out, map[string]any{"Ident": gosrc.Exported("pet"), "N": 7}); err != nil || out.String() != "Pet 7" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}
