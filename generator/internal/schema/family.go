package schema

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// A schema with a discriminator and without oneOf or anyOf, which others extend by allOf, has two
// readings (see load.Family). What extends it means its own keywords, its line: so does its family,
// where a value selects the base itself. Every other reference means the family, which is a oneOf of
// all members with a discriminator, as if the document had written it there.

// family is the family that n stands for where it is not extended, or nil.
func (r *Reader) family(n *load.Node) *load.Family {
	f := r.doc.Family(n)
	if f == nil || r.Alone || r.Exact && !f.Typed {
		return nil
	}
	return f
}

// lineage returns the atoms of the schema at n as another one extends it.
func (r *Reader) lineage(n *load.Node) []elem {
	if !r.doc.HasFamilies() || r.Alone {
		return r.closure(n)
	}
	return r.consist(reading{n, true})
}

// line is what closure returned for n, or what lineage did where n has a family.
func (r *Reader) line(n *load.Node) []elem {
	if c, ok := r.closures[reading{n, true}]; ok && r.family(n) != nil {
		return c
	}
	if c, ok := r.closures[reading{n, false}]; ok {
		return c
	}
	return r.closures[reading{n, true}]
}

// relatives is the set of a family: one atom, whose group has its members.
func (r *Reader) relatives(f *load.Family) []elem {
	n := f.Base
	base := &r.atomOf(n).own
	a := r.newAtom()
	a.node, a.typed, a.asserts = n, true, true
	a.annotates, a.distinct, a.named = r.atomOf(n).annotates, r.atomOf(n).distinct, r.atomOf(n).named
	own := &a.own
	own.Node, own.Pos, own.Name, own.Types = n, n.Pos, base.Name, TypeObject
	own.Title, own.Description, own.Deprecated = base.Title, base.Description, base.Deprecated
	own.ReadOnly, own.WriteOnly = base.ReadOnly, base.WriteOnly
	g := group{pos: f.Discriminator.Pos, exactly: true, discriminator: f.Discriminator, family: f}
	g.ready = &Discriminator{Property: f.Property, Pos: f.Discriminator.Pos}
	whole := said{types: r.saysInLine(n, f.Property).types}
	r.spend(newSchema+len(f.Members), n.Pos)
	for i, m := range f.Members {
		g.branches = append(g.branches, ref{node: m.Node, line: m.Line})
		r.spend(len(m.Values), n.Pos)
		if m.Node == f.Default {
			g.ready.Default = append(g.ready.Default, i)
		}
		says := r.saysInLine(m.Node, f.Property)
		for _, value := range m.Values {
			list := says.spelled(value)
			if len(list) == 0 {
				list = whole.spelled(value) // the member refuses it
			}
			for _, v := range list {
				g.ready.Mapping = append(g.ready.Mapping, Mapped{v, i, false})
			}
		}
	}
	a.groups = []group{g}
	return []elem{{a: a, null: passesNull(r.lineage(n))}}
}

// saysInLine is what the schema n and what it extends say of a property.
func (r *Reader) saysInLine(n *load.Node, property string) said {
	var set []elem
	for _, e := range r.lineage(n) {
		if i, ok := e.a.index[property]; ok {
			set = append(set, r.of(e.a.members[i].at)...)
		}
	}
	return r.saysOf(set, 0)
}

// narrowed reports whether s says already which members of a family it means: it extends one that
// is not the base's alone, or holds the family of one. A family does not widen that.
func (r *Reader) narrowed(s *Schema, f *load.Family) bool {
	if len(s.set) == 1 {
		return false
	}
	for _, e := range s.set {
		r.spend(1, s.Pos)
		for _, g := range e.a.groups {
			if g.family == nil || g.family == f {
				continue
			}
			for _, m := range f.Members {
				if m.Node == g.family.Base {
					return true
				}
			}
		}
	}
	for _, m := range f.Members {
		set := r.of(ref{node: m.Node, line: true})
		r.spend(len(set)*len(s.set), s.Pos)
		if within(set, s.set) {
			return true
		}
	}
	return false
}

// inheritance warns of what is wrong with a discriminator that no oneOf or anyOf stands beside.
func (r *Reader) inheritance(a *atom) {
	if r.Alone {
		return
	}
	for _, d := range r.doc.FamilyFindings(a.node) {
		if d.Severity == diag.Warning {
			r.warnOf(d)
		}
	}
}

// torn is an atom with the errors of a base whose family is not known; what extends it is not concerned.
func (r *Reader) torn(n *load.Node) []elem {
	found := r.doc.FamilyFindings(n)
	if r.Alone || !found.HasErrors() {
		return nil
	}
	a := r.newAtom()
	a.node, a.own.Node, a.own.Pos, a.asserts = n, n, n.Pos, true
	for _, d := range found {
		if d.Severity == diag.Error {
			a.own.Unsupported.Add(d)
		}
	}
	return []elem{{a: a}}
}
