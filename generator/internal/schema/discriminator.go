package schema

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// discriminator reads the mapping for the branches that are left of a choice: the
// written values first, then what branches without one imply. It is nil when a value
// selects more than one of them: then the branches must be tried.
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
		s.refuse(d.Pos, "discriminator", "a discriminator needs a propertyName")
		return nil
	}
	out := &Discriminator{Property: name, Pos: d.Pos}
	seen := map[string]bool{}
	mapped := make([]bool, len(c.g.branches))
	add := func(value string, branch int) {
		if !seen[value] {
			seen[value] = true
			out.Mapping = append(out.Mapping, Mapped{value, branch})
		}
	}
	if mapping := d.Get("mapping"); mapping != nil {
		for _, m := range mapping.Members {
			if i := r.mapped(s, c, d, m); i >= 0 {
				add(m.Key, i)
				mapped[i] = true
			}
		}
	}
	for i, b := range c.g.branches {
		for _, value := range r.impliedValues(b, name, mapped[i]) {
			add(value, i)
		}
	}
	return c.remap(out)
}

// remap translates the group's branches into those that are left.
func (c *choice) remap(d *Discriminator) *Discriminator {
	at := map[int]int{}
	for i, o := range c.origin {
		if _, twice := at[o]; twice {
			return nil
		}
		at[o] = i
	}
	out := *d
	out.Mapping = nil
	for _, m := range d.Mapping {
		if i, ok := at[m.Branch]; ok {
			out.Mapping = append(out.Mapping, Mapped{m.Value, i})
		}
	}
	return &out
}

// impliedValues are the values that select a branch without a mapping: those that its
// property allows, or else the component's name.
func (r *Reader) impliedValues(b ref, property string, mapped bool) []string {
	name := ""
	if target, err := r.doc.Resolve(b.node); err == nil {
		if section, n, ok := r.doc.ComponentName(target); ok && section == "schemas" {
			name = n
		}
	}
	var values []string
	if p := r.conjunction(r.of(b)).Property(property); p != nil {
		for _, v := range p.Schema.values() {
			if v.Kind == load.String {
				values = append(values, v.Text)
			}
		}
	}
	switch {
	case len(values) == 0 && name == "":
		return nil
	case len(values) == 0:
		return []string{name}
	case mapped: // the mapping says which of the values it is
		return nil
	}
	return values
}

// mapped finds the branch that a value of the mapping selects, or -1. The target is a
// component's name or a reference; what could be both is a name (3.1.1, 4.8.25).
func (r *Reader) mapped(s *Schema, c *choice, d *load.Node, m load.Member) int {
	text, ok := m.Value.Str()
	if !ok {
		s.refuse(m.Value.Pos, "discriminator", "a mapping leads from a value to a schema's name or reference")
		return -1
	}
	var target *load.Node
	if !strings.ContainsAny(text, "/#") {
		target = r.component(d, text)
	}
	if target == nil {
		n, err := r.doc.Lookup(m.Value, text)
		if err == nil {
			n, err = r.doc.Resolve(n)
		}
		if err != nil {
			s.refuse(m.Value.Pos, "discriminator", "the value %q selects %q, which is no schema of this document", m.Key, text)
			return -1
		}
		target = n
	}
	if c.g.targets == nil {
		c.g.targets = make(map[*load.Node]int, len(c.g.branches))
		for i, b := range slices.Backward(c.g.branches) {
			if n, err := r.doc.Resolve(b.node); err == nil {
				c.g.targets[n] = i
			}
		}
	}
	if i, ok := c.g.targets[target]; ok {
		return i
	}
	r.warn(m.Pos, "discriminator", "the value %q selects a schema that is not a branch of the %s: it is refused", m.Key, c.g.word())
	return -1
}

// component finds a schema by its name, in the file of n or else in the entry file.
func (r *Reader) component(n *load.Node, name string) *load.Node {
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	for _, root := range []*load.Node{root, r.doc.Root} {
		if at := root.Get("components").Get("schemas").Get(name); at != nil {
			if target, err := r.doc.Resolve(at); err == nil {
				return target
			}
		}
	}
	return nil
}
