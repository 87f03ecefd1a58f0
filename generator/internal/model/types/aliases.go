package types

import (
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// nameAliases gives components that are nothing but a reference their names: they are other names
// of the type of the schema that the reference leads to.
func (b *Builder) nameAliases(asked, answered map[*schema.Schema]bool) {
	for _, m := range b.componentSchemas() {
		if !schema.OnlyRef(m.Value) {
			continue
		}
		s := b.In.Schemas.Read(m.Value)
		name, ok := b.schemaNames[named{m.Value, m.Key}]
		if !ok || s.Name == "" || !asked[s] && !answered[s] {
			continue
		}
		b.Names.Reserve(name.String())
		if !b.differs(s) {
			b.aliases = append(b.aliases, alias{TypeKey{Schema: s, Both: true}, name})
			continue
		}
		if answered[s] {
			b.aliases = append(b.aliases, alias{TypeKey{Schema: s, Dir: Response}, name})
		}
		if asked[s] {
			b.aliases = append(b.aliases, alias{TypeKey{Schema: s, Dir: Request}, b.Names.Take(name.Plus("Input"), name.Plus("InputSchema"))})
		}
	}
}

// DeclareAliases declares the other names of types that have a name.
func (b *Builder) DeclareAliases() {
	for _, a := range b.aliases {
		if t := b.Types[a.of]; t != nil && t.Declared {
			t.Aliases = append(t.Aliases, &model.Type{Name: a.name, Declared: true, MaxItems: -1})
		}
	}
}
