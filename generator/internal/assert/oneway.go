package assert

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// readOnly and writeOnly say that a member must not travel one way. A function notes that
// its schema says so; the runtime refuses the member if all schemas hold that have led
// there. A required member that must not travel that way is not required there (OpenAPI
// 3.0.4, 4.7.24.2).

// oneWay reports whether n says readOnly or writeOnly, which key is.
func oneWay(n *load.Node, key string) bool { return n.Get(key).IsTrue() }

// OneWay reports whether f leads to a schema of a part of the value that is readOnly or
// writeOnly. whole are the schema objects that are the value's own.
func (s *Set) OneWay(f *Func, whole []*load.Node) bool {
	return slices.ContainsFunc(s.Parts(f), func(p Part) bool {
		return (p.Below || !slices.Contains(whole, p.Node)) && (oneWay(p.Node, "readOnly") || oneWay(p.Node, "writeOnly"))
	})
}

// oneWayNames are the members of one value that must not travel one way, by the keyword.
type oneWayNames struct{ readOnly, writeOnly map[string]bool }

// nameOneWay collects them for all functions that may apply to the same value.
func (s *Set) nameOneWay() {
	root := map[*Func]*Func{}
	find := func(f *Func) *Func {
		for root[f] != nil {
			if up := root[root[f]]; up != nil {
				root[f] = up
			}
			f = root[f]
		}
		return f
	}
	for _, f := range s.order {
		for _, g := range f.inPlace {
			if a, b := find(f), find(g); a != b {
				root[b] = a
			}
		}
	}
	s.oneWay = map[*Func]oneWayNames{}
	for _, f := range s.order {
		properties := f.node.Get("properties")
		if properties == nil {
			continue
		}
		for _, m := range properties.Members {
			read, write := s.says(m.Value, "readOnly"), s.says(m.Value, "writeOnly")
			if !read && !write {
				continue
			}
			names, ok := s.oneWay[find(f)]
			if !ok {
				names = oneWayNames{map[string]bool{}, map[string]bool{}}
				s.oneWay[find(f)] = names
			}
			names.readOnly[m.Key] = names.readOnly[m.Key] || read
			names.writeOnly[m.Key] = names.writeOnly[m.Key] || write
		}
	}
	for _, f := range s.order {
		if names, ok := s.oneWay[find(f)]; ok {
			s.oneWay[f] = names
		}
	}
}

// says reports whether the schema at n, or one that it consists of, has the keyword.
func (s *Set) says(n *load.Node, key string) bool {
	met := map[*load.Node]bool{}
	queue := []*load.Node{n}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if met[n] || n.Kind != load.Object {
			continue
		}
		met[n] = true
		if oneWay(n, key) {
			return true
		}
		if target, err := s.doc.Target(n); err == nil {
			queue = append(queue, target)
		}
		if all := n.Get("allOf"); all != nil {
			queue = append(queue, all.Items...)
		}
	}
	return false
}

// oneWay writes the notes of readOnly and writeOnly.
func (w *writer) oneWay() {
	if oneWay(w.n, "readOnly") {
		w.add(gosrc.Raw("c.ReadOnly(v)"))
	}
	if oneWay(w.n, "writeOnly") {
		w.add(gosrc.Raw("c.WriteOnly(v)"))
	}
}

// required writes the keyword, without the members that must not be there.
func (w *writer) required(list []*load.Node) {
	w.needs(list, func(names gosrc.Expr) gosrc.Expr { return gosrc.Raw("c.Required(v, %)", names) },
		func(unless gosrc.Expr) gosrc.Expr { return unless })
}

// dependentRequired writes an entry of the keyword, likewise.
func (w *writer) dependentRequired(member string, list []*load.Node) {
	name := gosrc.Quote(member)
	w.needs(list, func(names gosrc.Expr) gosrc.Expr { return gosrc.Raw("c.DependentRequired(v, %, %)", name, names) },
		func(unless gosrc.Expr) gosrc.Expr { return gosrc.Raw("(!c.Has(v, %) || %)", name, unless) })
}

// needs writes that members are needed: always those that travel both ways, and where sometimes says so those that travel one.
func (w *writer) needs(list []*load.Node, always, sometimes func(gosrc.Expr) gosrc.Expr) {
	both, read, write := w.split(list)
	if len(both) > 0 {
		w.and(always(quoted(both)))
	}
	if len(read) > 0 {
		w.and(sometimes(gosrc.Raw("c.RequiredUnless(v, check.Request, %)", quoted(read))))
	}
	if len(write) > 0 {
		w.and(sometimes(gosrc.Raw("c.RequiredUnless(v, check.Response, %)", quoted(write))))
	}
}

// split divides the names of members: those that travel both ways, those that only responses have, and those that only requests
// have. Some are never there.
func (w *writer) split(list []*load.Node) (always, read, write []*load.Node) {
	names := w.s.oneWay[w.f]
	for _, n := range list {
		switch {
		case names.readOnly[n.Text] && names.writeOnly[n.Text]:
		case names.readOnly[n.Text]:
			read = append(read, n)
		case names.writeOnly[n.Text]:
			write = append(write, n)
		default:
			always = append(always, n)
		}
	}
	return always, read, write
}
