package load

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// checkCycles refuses what refers to itself through `$ref` and allOf alone: such a
// schema never says anything, and whoever follows it does not come back. Recursion
// through properties and items is what trees are made of, and fine.
func (d *Document) checkCycles(diags *diag.List) {
	const (
		open = iota + 1
		done
	)
	state := make(map[*Node]uint8, len(d.order))
	type frame struct {
		n    *Node
		next []*Node
	}
	visit := func(start *Node) {
		if state[start] != 0 {
			return
		}
		// Not by recursion: the path is as long as the document likes.
		stack := []frame{{start, d.steps(start)}}
		state[start] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.next) == 0 {
				state[top.n] = done
				stack = stack[:len(stack)-1]
				continue
			}
			n := top.next[0]
			top.next = top.next[1:]
			switch state[n] {
			case 0:
				state[n] = open
				stack = append(stack, frame{n, d.steps(n)})
			case open:
				pos := top.n.Pos
				for _, m := range [...]*Node{top.n, n} {
					if _, ok := refText(m); ok {
						pos, _ = refAt(m)
						break
					}
				}
				d.blame(top.n, diag.Diagnostic{
					Pos: pos, Rule: rules.RefCycle,
					Message: "refers to itself through $ref and allOf alone, which says nothing",
					Advice:  "a schema may contain itself in properties or items",
				}, diags)
			}
		}
	}
	for _, n := range d.order {
		visit(n)
	}
	for _, n := range d.allOfs {
		visit(n)
	}
}

// steps returns what a node says of the same value by pure indirection.
func (d *Document) steps(n *Node) []*Node {
	var next []*Node
	if r := d.refs[n]; r != nil {
		if r.target != nil && n.Kind == Object {
			next = append(next, r.target)
		}
		if !d.siblings(r.place.role) {
			return next
		}
	}
	if n.role == roleSchema {
		if all := n.Get("allOf"); all != nil {
			next = append(next, all.Items...)
		}
	}
	return next
}
