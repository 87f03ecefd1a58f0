package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// alias is another name that the document has for a component.
type alias struct {
	of   typeKey
	name gosrc.Ident
}

// nameAliases gives components that are nothing but a reference their names: they are other names
// of the type of the schema that the reference leads to.
func (b *builder) nameAliases(asked, answered map[*schema.Schema]bool) {
	for _, m := range b.componentSchemas() {
		if !schema.OnlyRef(m.Value) {
			continue
		}
		s := b.in.Schemas.Read(m.Value)
		name, ok := b.schemaNames[named{m.Value, m.Key}]
		if !ok || s.Name == "" || !asked[s] && !answered[s] {
			continue
		}
		b.names.Reserve(name.String())
		if !b.differs(s) {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, both: true}, name})
			continue
		}
		if answered[s] {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, dir: response}, name})
		}
		if asked[s] {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, dir: request}, b.names.Take(name.Plus("Input"), name.Plus("InputSchema"))})
		}
	}
}

// declareAliases declares the other names of types that have a name.
func (b *builder) declareAliases() {
	for _, a := range b.aliases {
		if t := b.types[a.of]; t != nil && t.Declared {
			t.Aliases = append(t.Aliases, &Type{Name: a.name, Declared: true, MaxItems: -1})
		}
	}
}
