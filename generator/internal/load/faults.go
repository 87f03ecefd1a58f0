package load

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
)

// fault is an error of what one node says. The document can be served without the operations that
// reach the node.
type fault struct {
	node  *Node
	found diag.Diagnostic
}

// blame notes an error of what n says, also among diags.
func (d *Document) blame(n *Node, found diag.Diagnostic, diags *diag.List) {
	d.faults = append(d.faults, fault{n, found})
	diags.Add(found)
}

// blameBoth notes an error that two nodes make together.
func (d *Document) blameBoth(n, other *Node, found diag.Diagnostic, diags *diag.List) {
	d.faults = append(d.faults, fault{other, found})
	d.blame(n, found, diags)
}

// unread is what is wrong with the file that a reference in n leads into.
func (d *Document) unread(n *Node, text string) diag.List {
	var failed *file
	d.locate(n, text, func(name string) (*file, error) {
		f, err := d.opened(name)
		if f != nil && f.root == nil {
			failed = f
		}
		return f, err
	})
	if failed == nil {
		return nil
	}
	return failed.found
}

// Faults are the errors that Load found in what an operation or a path reaches, in the order of
// finding. n is the node under the operation's method, before references; or the node under a path
// whose path item cannot be read, so that nobody knows its operations. The operation must not be
// generated: the stages after this one read it as if it had no faults.
func (d *Document) Faults(n *Node) diag.List { return d.faulty[n] }

// Faulty reports whether Load found an error in what n itself says, which stops the operations that
// reach n.
func (d *Document) Faulty(n *Node) bool {
	return n != nil && slices.ContainsFunc(d.faults, func(f fault) bool { return f.node == n && d.fates[f.found] != fateDocument })
}

// Divide takes the errors out of what Load found that Faults has: they stop operations, and the
// document only with these. What no operation reaches is a warning instead. All other errors
// stay, and stop the document.
func (d *Document) Divide(found diag.List) diag.List {
	var rest diag.List
	for _, f := range found {
		switch d.fates[f] {
		case fateOperation:
			continue
		case fateIdle:
			f.Severity = diag.Warning
			f.Message += ": no operation uses it"
		}
		rest = append(rest, f)
	}
	return rest
}

// fate is what an error of a node stops. The zero value stops the document.
type fate uint8

const (
	fateDocument  fate = iota
	fateIdle           // nothing: no operation reaches the node
	fateOperation      // the operations that reach it
)

// assign finds for each fault the operations that reach it. It is asked last, when references are
// resolved.
func (d *Document) assign() {
	if len(d.faults) == 0 {
		return
	}
	r := newReach(d)
	d.faulty, d.fates = map[*Node]diag.List{}, map[diag.Diagnostic]fate{}
	whole := map[diag.Diagnostic]bool{}
	for _, f := range d.faults {
		if r.frame(f.node) {
			whole[f.found] = true
			continue
		}
		ops := r.from(f.node)
		if len(ops) == 0 {
			d.fates[f.found] = max(d.fates[f.found], fateIdle)
			continue
		}
		d.fates[f.found] = fateOperation
		for _, op := range ops {
			if !slices.Contains(d.faulty[op], f.found) {
				d.faulty[op] = append(d.faulty[op], f.found)
			}
		}
	}
	for found := range whole {
		d.fates[found] = fateDocument
	}
}

// reach knows which operations reach a node. It goes the other way, from the node to what holds it
// and to what refers to it: there are fewer faults than operations, or the document has other worries.
type reach struct {
	doc     *Document
	holders map[*Node][]*Node // what holds a node, or refers to it
	served  map[*Node]*served // the operations below paths
	items   map[*Node][]*Node // path items, and references to them: the operations, or the path without any
	schemes map[*Node]string  // the security schemes
	frames  map[*Node]bool    // what holds all of these
}

// served is an operation below paths.
type served struct {
	node, item *Node // after references
}

func newReach(d *Document) *reach {
	r := &reach{
		doc: d, holders: map[*Node][]*Node{}, served: map[*Node]*served{}, items: map[*Node][]*Node{},
		schemes: map[*Node]string{}, frames: map[*Node]bool{},
	}
	for _, root := range d.Roots() {
		r.hold(root)
	}
	for _, n := range d.order {
		if t := d.refs[n].target; t != nil {
			r.holders[t] = append(r.holders[t], n)
		}
	}
	for _, n := range d.allOfs {
		r.inherits(n)
	}
	paths := r.chain(d.Root.Get("paths"))
	components := r.chain(d.Root.Get("components"))
	schemes := r.chain(components[len(components)-1].Get("securitySchemes"))
	for _, n := range slices.Concat(paths, components, schemes) {
		r.frames[n] = true
	}
	if last := schemes[len(schemes)-1]; last != nil {
		for _, m := range last.Members {
			r.schemes[m.Value] = m.Key
		}
	}
	if last := paths[len(paths)-1]; last != nil {
		for _, m := range last.Members {
			if !strings.HasPrefix(m.Key, "x-") {
				r.path(m.Value)
			}
		}
	}
	return r
}

// chain is n and the nodes that its references lead to, one after the other. The last one is nil
// where they lead nowhere.
func (r *reach) chain(n *Node) []*Node {
	list := []*Node{n}
	for range maxHops {
		if n == nil {
			return list
		}
		if _, isRef := refText(n); !isRef {
			return list
		}
		next := r.doc.refs[n]
		if next == nil || next.target == nil {
			break
		}
		n = next.target
		list = append(list, n)
	}
	return append(list, nil)
}

// path notes the operations of a path.
func (r *reach) path(written *Node) {
	chain := r.chain(written)
	item := chain[len(chain)-1]
	var ops []*Node
	if item != nil && item.Kind == Object {
		ops = r.operations(item)
	}
	if len(ops) == 0 {
		ops = []*Node{written}
	}
	for _, n := range chain {
		if n != nil {
			r.items[n] = append(r.items[n], ops...)
		}
	}
}

func (r *reach) operations(item *Node) []*Node {
	var ops []*Node
	add := func(n *Node) {
		chain := r.chain(n)
		if r.served[n] == nil {
			r.served[n] = &served{chain[len(chain)-1], item}
		}
		ops = append(ops, n)
	}
	for _, m := range item.Members {
		switch places[rolePathItem][m.Key] {
		case place{roleOperation, one}:
			add(m.Value)
		case place{roleOperation, dict}:
			for _, more := range m.Value.Members {
				add(more.Value)
			}
		}
	}
	return ops
}

// hold notes what n holds. Callbacks are not served: what is wrong with one concerns no operation.
func (r *reach) hold(n *Node) {
	for _, item := range n.Items {
		r.holders[item] = append(r.holders[item], n)
		r.hold(item)
	}
	for _, m := range n.Members {
		if m.Key != "callbacks" || n.role != roleOperation {
			r.holders[m.Value] = append(r.holders[m.Value], n)
		}
		r.hold(m.Value)
		if m.Key == "mapping" && n.role == roleDiscriminator {
			for _, v := range m.Value.Members { // a schema's name, where it is no reference
				if to := r.doc.Root.Get("components").Get("schemas").Get(v.Value.Text); to != nil {
					r.holders[to] = append(r.holders[to], v.Value)
				}
			}
		}
	}
}

// inherits notes that whoever uses a schema with a discriminator uses those that consist of it.
func (r *reach) inherits(n *Node) {
	seen := map[*Node]bool{n: true}
	for queue := []*Node{n}; len(queue) > 0; {
		at := queue[0]
		queue = queue[1:]
		r.doc.Cost.Spend(cost.Reach, 1, n.Pos)
		for _, base := range r.doc.steps(at) {
			if seen[base] {
				continue
			}
			seen[base] = true
			queue = append(queue, base)
			if base.Get("discriminator") != nil {
				r.holders[n] = append(r.holders[n], base)
			}
		}
	}
}

// frame reports whether n stands in place of what holds all operations, or all security schemes:
// nobody knows then what is missing.
func (r *reach) frame(n *Node) bool { return r.frames[n] || n == r.doc.Root }

// from are the operations that reach a node, in no order.
func (r *reach) from(n *Node) []*Node {
	var ops []*Node
	seen := map[*Node]bool{n: true}
	found := map[*Node]bool{}
	mark := func(list ...*Node) {
		for _, op := range list {
			if !found[op] {
				found[op] = true
				ops = append(ops, op)
			}
		}
	}
	for queue := []*Node{n}; len(queue) > 0; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		r.doc.Cost.Spend(cost.Reach, 1+len(r.holders[at]), n.Pos)
		if r.served[at] != nil {
			mark(at)
		}
		mark(r.items[at]...)
		if name, ok := r.schemes[at]; ok {
			mark(r.requiring(name)...)
		}
		for _, h := range r.holders[at] {
			if !seen[h] && r.passes(at, h) {
				seen[h] = true
				queue = append(queue, h)
			}
		}
	}
	return ops
}

// passes reports whether what is wrong with n is wrong with what holds it: an operation's faults
// are not its path item's, nor a path item's or a scheme's those of all others.
func (r *reach) passes(n, holder *Node) bool {
	if target := r.doc.refs[holder]; target != nil && target.target == n {
		return true
	}
	return r.served[n] == nil && r.items[n] == nil && !r.frames[holder]
}

// requiring are the operations that ask for a security scheme.
func (r *reach) requiring(name string) []*Node {
	names := func(list *Node) bool {
		return list != nil && slices.ContainsFunc(list.Items, func(q *Node) bool { return q.Get(name) != nil })
	}
	var ops []*Node
	for n, op := range r.served {
		own := op.node.Get("security")
		public := op.node.Get("x-bailey-public") != nil || op.item.Get("x-bailey-public") != nil
		if names(own) || own == nil && !public && names(r.doc.Root.Get("security")) {
			ops = append(ops, n)
		}
	}
	return ops
}
