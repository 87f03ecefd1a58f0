package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// refusing is the type of a text that nothing can be, and a warning at the lines that say so.
func (b *builder) refusing(s *schema.Schema, dir direction) *Type {
	b.unmet(b.withoutNull(s), dir)
	t := b.nothing()
	t.holdAll(s)
	return t
}

// nothing is the type of a text that is always refused: where there is no JSON that could be
// checked against a schema that refuses everything.
func (b *builder) nothing() *Type {
	t := &Type{MaxItems: -1, refuses: true}
	b.scalar(t, "string")
	t.Checks = []Check{{Keyword: gosrc.Quote("not"), Op: Refused}}
	return t
}

// possible is s without the types of which no value can meet it, where there are others: a text
// is read as one of those. A warning says what is left out.
func (b *builder) possible(s *schema.Schema) *schema.Schema {
	if s.Impossible&s.Types == 0 || s.Types&^s.Impossible == 0 || len(s.OneOf)+len(s.AnyOf) > 0 {
		return s
	}
	b.letStand(s.Contradictions())
	return b.variantOf(s, "possible", func() *schema.Schema {
		c := *s.Usual()
		c.Types, c.Impossible, c.Unsupported = s.Types&^s.Impossible, 0, nil
		for _, d := range s.Unsupported {
			if d.Rule != rules.Unsatisfiable {
				c.Unsupported.Add(d)
			}
		}
		c.Enum = slices.DeleteFunc(slices.Clone(s.Enum), func(n *load.Node) bool { return schema.TypesOf(n)&c.Types == 0 })
		if len(s.Enum) != len(c.Enum) {
			c.EnumNames = nil
		}
		return &c
	})
}
