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
	components, problem := b.in.Doc.Resolve(b.in.Doc.Root.Get("components").Get("schemas"))
	if problem != nil || components == nil {
		return
	}
	for _, m := range components.Members {
		if !schema.OnlyRef(m.Value) {
			continue
		}
		s := b.in.Schemas.Read(m.Value)
		name := gosrc.Exported(m.Key)
		if s.Name == "" || gosrc.Exported(s.Name) == name || !asked[s] && !answered[s] {
			continue
		}
		if !b.differs(s) {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, both: true}, b.names.take(name)})
			continue
		}
		if answered[s] {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, dir: response}, b.names.take(name)})
			name = name.Plus("Input")
		}
		if asked[s] {
			b.aliases = append(b.aliases, alias{typeKey{schema: s, dir: request}, b.names.take(name)})
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
