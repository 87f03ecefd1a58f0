package schema

import (
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// discriminator reads which values select which of the branches that are left of a choice. To
// the letter (OpenAPI 3.0.4, 3.1.1 and 3.2.0, Discriminator Object) a value that the mapping has selects what
// the mapping says; any other value is a component's name, and selects the branch that is that
// component. What neither says is read off the branches: a value that the property of a branch
// lists selects that branch, unless the mapping names the branch by another value that the property allows.
// A value that selects several branches has several entries.
func (r *Reader) discriminator(s *Schema, c *choice) *Discriminator {
	if c.g.ready != nil {
		return c.remap(c.g.ready)
	}
	d := c.g.discriminator
	if d == nil {
		return nil
	}
	name, ok := d.Get("propertyName").Str()
	if !ok || name == "" {
		s.refuse(d.Pos, rules.Discriminator, "a discriminator needs a propertyName")
		return nil
	}
	m := mapper{r: r, s: s, c: c, d: d, out: &Discriminator{Property: name, Pos: d.Pos}, claimed: map[Selector]bool{}, added: map[Mapped]bool{}}
	m.says = make([]said, len(c.g.branches))
	for i, b := range c.g.branches {
		branch := r.conjunction(r.of(b))
		m.says[i] = r.saysOfBranch(branch, name, 0)
		r.spend(1+len(m.says[i].values), d.Pos)
		if m.says[i].beyond {
			r.warn(d.Pos, rules.Discriminator, "a branch lists numbers for %q that are no integers within 64 bits, by which nothing is selected: the branches are tried instead", name)
			return nil
		}
	}
	m.written()
	m.names()
	m.listed()
	m.byDefault()
	return c.remap(m.out)
}

// mapper collects the values of one discriminator.
type mapper struct {
	r       *Reader
	s       *Schema
	c       *choice
	d       *load.Node
	out     *Discriminator
	says    []said            // of the property, branch by branch
	mapped  map[int]bool      // branches that the mapping names by a value that they allow
	claimed map[Selector]bool // values that the mapping or a name has
	added   map[Mapped]bool
	keys    map[string]bool // the mapping's
}

func (m *mapper) add(v Selector, branch int, listed bool) {
	if entry := (Mapped{v, branch, false}); !m.added[entry] {
		m.added[entry] = true
		m.out.Mapping = append(m.out.Mapping, Mapped{v, branch, listed})
	}
}

// written takes the mapping.
func (m *mapper) written() {
	m.mapped, m.keys = map[int]bool{}, map[string]bool{}
	mapping := m.d.Get("mapping")
	if mapping == nil {
		return
	}
	for _, entry := range mapping.Members {
		m.keys[entry.Key] = true
		for _, i := range m.target(entry.Value, "the value "+strconv.Quote(entry.Key)+" selects") {
			values := m.says[i].spelled(entry.Key)
			if len(values) > 0 {
				m.mapped[i] = true
			} else {
				values = []Selector{{load.String, entry.Key}} // the branch refuses it
			}
			for _, v := range values {
				m.claimed[v] = true
				m.add(v, i, false)
			}
		}
	}
}

// names takes what branches are called. The mapping's word goes first, and a name that the
// property of the branch does not allow is no value at all.
func (m *mapper) names() {
	taken := map[Selector]bool{}
	for i, b := range m.c.g.branches {
		name := m.r.nameOf(b)
		if name == "" || m.keys[name] {
			continue
		}
		for _, v := range m.says[i].spelled(name) {
			taken[v] = true
			m.add(v, i, false)
		}
	}
	for v := range taken {
		m.claimed[v] = true
	}
}

// listed takes what the properties list.
func (m *mapper) listed() {
	for i := range m.c.g.branches {
		if m.mapped[i] {
			continue
		}
		for _, v := range m.says[i].values {
			if !m.claimed[v] {
				m.add(v, i, true)
			}
		}
	}
}

// byDefault takes the branch for values that nothing names, and for none (3.2).
func (m *mapper) byDefault() {
	to := m.r.doc.DefaultMapping(m.d)
	if to == nil {
		return
	}
	before := len(m.s.Unsupported)
	m.out.Default = m.target(to, "defaultMapping names")
	if m.out.Default == nil && len(m.s.Unsupported) == before {
		m.s.refuse(to.Pos, rules.Discriminator, "the defaultMapping leads to no branch of the %s: add the schema to the %s, or take the defaultMapping out", m.c.g.word(), m.c.g.word())
	}
}

// remap translates the group's branches into those that are left, of which several may be
// one branch of the group.
func (c *choice) remap(d *Discriminator) *Discriminator {
	at := map[int][]int{}
	for i, o := range c.origin {
		at[o] = append(at[o], i)
	}
	out := *d
	out.Mapping, out.Default = nil, nil
	for _, m := range d.Mapping {
		for _, i := range at[m.Branch] {
			out.Mapping = append(out.Mapping, Mapped{m.Selector, i, m.Listed})
		}
	}
	for _, branch := range d.Default {
		out.Default = append(out.Default, at[branch]...)
	}
	return &out
}

// nameOf is the value that selects a branch by what it is called, or "".
func (r *Reader) nameOf(b ref) string {
	if target, err := r.doc.Resolve(b.node); err == nil {
		return r.doc.DiscriminatorValue(target)
	}
	return ""
}

// target finds the branches that a value of the mapping leads to.
func (m *mapper) target(at *load.Node, what string) []int {
	r, g := m.r, m.c.g
	text, ok := at.Str()
	if !ok {
		m.s.refuse(at.Pos, rules.Discriminator, "a mapping leads from a value to a schema's name or reference")
		return nil
	}
	target := r.doc.Mapped(at)
	if target == nil {
		m.s.refuse(at.Pos, rules.Discriminator, "%s %q, which is no schema of this document", what, text)
		return nil
	}
	if g.targets == nil {
		g.targets = make(map[*load.Node][]int, len(g.branches))
		for i, b := range g.branches {
			if n, err := r.doc.Resolve(b.node); err == nil {
				g.targets[n] = append(g.targets[n], i)
			}
		}
	}
	if list := g.targets[target]; list != nil {
		return list
	}
	if at != r.doc.DefaultMapping(m.d) {
		r.warn(at.Pos, rules.Discriminator, "%s a schema that is not a branch of the %s: it is refused; add the schema to the %s, or take the value out of the mapping", what, g.word(), g.word())
	}
	return nil
}
