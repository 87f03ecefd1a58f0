package assert

import (
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Reach knows which schemas of a document lead to one of a sort.
type Reach struct {
	doc   *load.Document
	is    func(*load.Node) bool
	known map[*load.Node]bool
}

// NewReach returns a Reach for the schema objects that is holds for.
func NewReach(doc *load.Document, is func(*load.Node) bool) *Reach {
	return &Reach{doc: doc, is: is, known: map[*load.Node]bool{}}
}

// Scopes finds the schemas that lead to a `$dynamicRef` with a meaning that depends on the
// schemas around it (JSON Schema core, 8.2.3.2): where the document has one at all, and
// more than one schema that it can mean.
func Scopes(doc *load.Document) *Reach {
	refs, several, seen := false, false, map[string]bool{}
	for _, root := range doc.Roots() {
		walk(root, func(n *load.Node) bool {
			refs = refs || n.StrOr("$dynamicRef") != ""
			if name := n.StrOr("$dynamicAnchor"); name != "" {
				several = several || seen[name]
				seen[name] = true
			}
			return true
		})
	}
	if !refs || !several {
		return NewReach(doc, nil)
	}
	return NewReach(doc, func(n *load.Node) bool { return n.StrOr("$dynamicRef") != "" })
}

// OneWays finds the schemas that lead to one that is readOnly or writeOnly.
func OneWays(doc *load.Document) *Reach {
	return NewReach(doc, func(n *load.Node) bool { return oneWay(n, "readOnly") || oneWay(n, "writeOnly") })
}

// From reports whether the schema at n leads to one of the sort, or is one. It looks at all
// that stands in it, also at places that are no schema.
func (r *Reach) From(n *load.Node) bool {
	if r.is == nil {
		return false
	}
	if found, ok := r.known[n]; ok {
		return found
	}
	found := false
	met := map[*load.Node]bool{n: true}
	queue := []*load.Node{n}
	for len(queue) > 0 && !found {
		at := queue[0]
		queue = queue[1:]
		walk(at, func(n *load.Node) bool {
			r.doc.Cost.Spend(cost.Reach, 1, n.Pos)
			found = found || r.is(n) || r.known[n]
			if target, err := r.doc.Target(n); err == nil && !met[target] {
				if known, ok := r.known[target]; ok {
					found = found || known
				} else {
					met[target] = true
					queue = append(queue, target)
				}
			}
			return !found
		})
	}
	r.known[n] = found
	if !found { // nor does anything that it leads to
		for m := range met {
			r.known[m] = false
		}
	}
	return found
}

// walk calls visit for n and all that is in it, until visit returns false.
func walk(n *load.Node, visit func(*load.Node) bool) bool {
	if n == nil {
		return true
	}
	if !visit(n) {
		return false
	}
	for _, m := range n.Members {
		if !walk(m.Value, visit) {
			return false
		}
	}
	for _, item := range n.Items {
		if !walk(item, visit) {
			return false
		}
	}
	return true
}
