package policy

import (
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Applied calls visit for the schema object at n and for each one that it applies, through references,
// properties, items, branches and every other keyword that holds schemas, each once and in
// the order of the document; once more where it is the schema of a property as well as of something
// else, as property says. Where a family is meant (see load.Family), its members are applied in the place of
// its base. Below an object for which visit returns false it does not go. Definitions that nothing refers to do not
// apply.
func Applied(doc *load.Document, n *load.Node, visit func(n *load.Node, property bool) bool) {
	type at struct {
		n        *load.Node
		property bool
		line     bool // another schema extends it
	}
	seen := map[at]bool{}
	stack := []at{{n: n}}
	for len(stack) > 0 {
		here := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if here.n == nil || here.n.Kind != load.Object || seen[at{n: here.n, line: here.line}] && !here.property || seen[here] {
			continue
		}
		seen[here], seen[at{n: here.n, line: here.line}] = true, true
		if f := doc.Family(here.n); f != nil && !here.line {
			for i := range f.Members {
				m := f.Members[len(f.Members)-1-i]
				stack = append(stack, at{n: m.Node, line: m.Line})
			}
			continue
		}
		if !visit(here.n, here.property) {
			continue
		}
		from := len(stack)
		if _, ok := here.n.Get("$ref").Str(); ok {
			if target, err := doc.Target(here.n); err == nil {
				stack = append(stack, at{n: target, line: here.line})
			}
		}
		for i := range here.n.Members {
			m := &here.n.Members[i]
			k, ok := kids[roleUse][m.Key]
			switch {
			case !ok || k.role == roleNamed:
			case k.shape == dict:
				for _, child := range m.Value.Members {
					stack = append(stack, at{n: child.Value, property: k.role == roleProperty})
				}
			case m.Value.Kind == load.Array:
				for _, item := range m.Value.Items {
					stack = append(stack, at{n: item, line: m.Key == "allOf" && here.line || doc.Line(item)})
				}
			default:
				stack = append(stack, at{n: m.Value})
			}
		}
		for i, j := from, len(stack)-1; i < j; i, j = i+1, j-1 {
			stack[i], stack[j] = stack[j], stack[i]
		}
	}
}
