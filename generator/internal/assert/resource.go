package assert

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// dynamic is a `$dynamicRef` (JSON Schema core, 8.2.3.2).
type dynamic struct {
	initial *Func // its meaning where nothing in the dynamic scope has the name
	anchor  string
	// among are its other possible meanings: the schemas of that $dynamicAnchor, one in each
	// resource that a check can have come through. Empty where it is as a `$ref`.
	among []*Func
	seen  int // how many of the schemas with the anchor are in among
}

// resource is the schema that gives n its base URI, or the root of its file.
func resource(n *load.Node) *load.Node {
	for ; n.Parent != nil; n = n.Parent {
		if id, ok := n.Get("$id").Str(); ok && !strings.HasPrefix(id, "#") {
			return n
		}
	}
	return n
}

// dynamicReference meets the target of a `$dynamicRef`.
func (s *Set) dynamicReference(f *Func) {
	text, ok := f.node.Get("$dynamicRef").Str()
	if !ok {
		return
	}
	target, err := s.doc.Lookup(f.node, text)
	if err != nil {
		return
	}
	f.dynamic = &dynamic{initial: s.reach(target, f.word+" ref")}
	f.link(f.dynamic.initial, true)
	_, fragment, _ := strings.Cut(text, "#")
	if name, _ := target.Get("$dynamicAnchor").Str(); name != "" && name == fragment {
		f.dynamic.anchor = name
		s.dynamics = append(s.dynamics, f)
	}
}

// resources are the resources of the schemas that were read, and their `$dynamicAnchor`s.
// Both lists only grow, so that each pair of a resource and a name is looked up once.
type resources struct {
	list    []*load.Node
	known   map[*load.Node]bool
	seen    int // how many of Set.order are in list
	anchors map[string]*anchored
}

// anchored are the schemas with one `$dynamicAnchor`.
type anchored struct {
	targets []*load.Node
	seen    int // how many of resources.list were searched
}

// withAnchor returns the schemas with a `$dynamicAnchor`, in the order in which their resources were
// met.
func (s *Set) withAnchor(anchor string) []*load.Node {
	r := &s.resources
	for ; r.seen < len(s.order); r.seen++ {
		if at := s.order[r.seen].resource; !r.known[at] {
			r.known[at] = true
			r.list = append(r.list, at)
		}
	}
	a := r.anchors[anchor]
	if a == nil {
		a = &anchored{}
		r.anchors[anchor] = a
	}
	for ; a.seen < len(r.list); a.seen++ {
		at := r.list[a.seen]
		s.doc.Cost.Spend(cost.Assert, 1, at.Pos)
		target, err := s.doc.Lookup(at, "#"+anchor)
		if err == nil && resource(target) == at && target.Get("$dynamicAnchor") != nil && target.StrOr("$dynamicAnchor") == anchor {
			a.targets = append(a.targets, target)
		}
	}
	return a.targets
}

// resolveDynamic finds the possible meanings of the `$dynamicRef`s: every resource of a schema
// that is reached may be part of the scope. Schemas that it meets may add to them.
func (s *Set) resolveDynamic() {
	for i := 0; i < len(s.dynamics); i++ {
		f := s.dynamics[i]
		targets := s.withAnchor(f.dynamic.anchor)
		s.doc.Cost.Spend(cost.Assert, 1, f.node.Pos)
		for ; f.dynamic.seen < len(targets); f.dynamic.seen++ {
			s.doc.Cost.Spend(cost.Assert, 1+len(f.dynamic.among), f.node.Pos)
			if s.work++; s.work > maxWork {
				return
			}
			if g := s.reach(targets[f.dynamic.seen], f.word+" ref"); !slices.Contains(f.dynamic.among, g) {
				f.dynamic.among = append(f.dynamic.among, g)
				f.link(g, true)
			}
		}
	}
}

// number gives numbers to the resources that decide between several schemas.
func (s *Set) number() {
	for _, f := range s.order {
		if f.dynamic != nil && f.dynamic.open() {
			for _, g := range f.dynamic.among {
				if _, ok := s.scopes[g.resource]; !ok {
					s.scopes[g.resource] = len(s.scopes) + 1
				}
			}
		}
	}
}

// open reports whether the dynamic scope decides the meaning of d.
func (d *dynamic) open() bool {
	return slices.ContainsFunc(d.among, func(f *Func) bool { return f != d.initial })
}

func (s *Set) dynamicProblems(f *Func) {
	v := f.node.Get("$dynamicRef")
	if v == nil {
		return
	}
	text, ok := v.Str()
	if !ok {
		s.diags.Errorf(v.Pos, rules.Schema, "$dynamicRef must be a reference, a string")
		return
	}
	if _, err := s.doc.Lookup(f.node, text); err != nil {
		s.diags.Add(*err)
	}
}

// dynamicCall writes the call of the meaning of a `$dynamicRef`.
func (s *Set) dynamicCall(w *writer) {
	d := w.f.dynamic
	if d == nil {
		return
	}
	if !d.open() {
		w.and(gosrc.Raw("%(c, v, %)", s.Ref(d.initial), w.seen))
		return
	}
	var ids, cases []gosrc.Part
	for _, g := range d.among {
		id := gosrc.Int(int64(s.scopes[g.resource]))
		ids = append(ids, id)
		cases = append(cases, gosrc.Raw("case %:\n\tok = %(c, v, %) && ok", id, s.Ref(g), w.seen))
	}
	w.add(gosrc.Raw("switch c.Outermost(%) {\n%\ndefault:\n\tok = %(c, v, %) && ok\n}",
		gosrc.List(", ", ids...), gosrc.List("\n", cases...), s.Ref(d.initial), w.seen))
}
