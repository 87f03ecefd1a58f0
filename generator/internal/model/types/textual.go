package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Refusing is the type of a text that nothing can be, and a warning at the lines that say so.
func (b *Builder) Refusing(s *schema.Schema, dir Direction) *model.Type {
	b.Unmet(b.WithoutNull(s), dir)
	t := b.Nothing()
	t.HoldAll(s)
	return t
}

// Nothing is the type of a text that is always refused: where there is no JSON that could be
// checked against a schema that refuses everything.
func (b *Builder) Nothing() *model.Type {
	t := &model.Type{MaxItems: -1, Nothing: true}
	b.Scalar(t, "string")
	t.Checks = []model.Check{{Keyword: gosrc.Quote("not"), Op: model.Refused}}
	return t
}

// Possible is s without the types of which no value can meet it, where there are others: a text
// is read as one of those. A warning says what is left out.
func (b *Builder) Possible(s *schema.Schema) *schema.Schema {
	if s.Impossible&s.Types == 0 || s.Types&^s.Impossible == 0 || len(s.OneOf)+len(s.AnyOf) > 0 {
		return s
	}
	b.letStand(s.Contradictions())
	return b.VariantOf(s, "possible", func() *schema.Schema {
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
