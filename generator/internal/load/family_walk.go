package load

import "github.com/bailey-go/bailey/generator/internal/cost"

// What extends a base may be referred to by nothing at all: it is met through the base. In the entry
// file all components are walked; in the other files only what is referred to, and what is found here.

// extending walks the schemas of other files that extend a base, and reports whether there were any.
func (w *walker) extending() bool {
	d := w.doc
	if len(d.selectors) == 0 || len(w.source.order) < 2 || isSwagger(d.Root) {
		return false
	}
	var unmet []*Node
	for _, name := range w.source.order {
		if f := w.source.files[name]; f != nil && f.root != nil && f.root != d.Root {
			unmet = append(unmet, w.unmet(f.root)...)
		}
	}
	if len(unmet) == 0 {
		return false
	}
	f := &families{doc: d, given: map[*Node]*Node{}, children: map[*Node][]*Node{}}
	for _, n := range d.selectors {
		f.base(n)
	}
	for _, list := range [][]*Node{d.allOfs, unmet} {
		for _, n := range list {
			for _, p := range f.parents(n) {
				f.children[p] = append(f.children[p], n)
			}
		}
	}
	kin := map[*Node]bool{}
	queue := f.bases
	for len(queue) > 0 {
		n := queue[0]
		if queue = queue[1:]; kin[n] {
			continue
		}
		kin[n] = true
		queue = append(queue, f.children[n]...)
	}
	found := false
	for _, n := range unmet {
		if kin[n] {
			found = true
			w.visit(n, place{roleSchema, one})
		}
	}
	return found
}

// unmet are the schemas with an allOf that a file has under names, and that nothing has led to yet.
func (w *walker) unmet(root *Node) []*Node {
	var out []*Node
	for _, names := range []*Node{root.Get("components").Get("schemas"), root.Get("definitions"), root.Get("$defs"), root} {
		if names == nil || names.Kind != Object || names == root && root.role != roleNone {
			continue
		}
		w.doc.Cost.Spend(cost.Schema, len(names.Members), names.Pos)
		for i := range names.Members {
			n := names.Members[i].Value
			if parts := n.Get("allOf"); n.Kind == Object && n.role == roleNone && parts != nil && parts.Kind == Array {
				out = append(out, n)
			}
		}
	}
	return out
}
