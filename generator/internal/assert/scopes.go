package assert

import "github.com/bailey-go/bailey/generator/internal/load"

// Scopes knows which schemas of a document lead to a `$dynamicRef` whose meaning depends on
// the schemas around it (JSON Schema core, 8.2.3.2).
type Scopes struct {
	doc *load.Document
	// open is set where there is such a `$dynamicRef` at all.
	open  bool
	known map[*load.Node]bool
}

// NewScopes reads the anchors of a document.
func NewScopes(doc *load.Document) *Scopes {
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
	return &Scopes{doc: doc, open: refs && several, known: map[*load.Node]bool{}}
}

// Reach reports whether the schema at n leads to one.
func (s *Scopes) Reach(n *load.Node) bool {
	if !s.open {
		return false
	}
	if found, ok := s.known[n]; ok {
		return found
	}
	found := false
	met := map[*load.Node]bool{n: true}
	queue := []*load.Node{n}
	for len(queue) > 0 && !found {
		at := queue[0]
		queue = queue[1:]
		walk(at, func(n *load.Node) bool {
			found = found || n.StrOr("$dynamicRef") != "" || s.known[n]
			if target, err := s.doc.Target(n); err == nil && !met[target] {
				met[target] = true
				queue = append(queue, target)
			}
			return !found
		})
	}
	s.known[n] = found
	if !found { // nor does anything that it leads to
		for m := range met {
			s.known[m] = false
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
