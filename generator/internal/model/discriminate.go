package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// One is the variant, where there is just one.
func (c Tried) One() *Variant {
	if len(c.Variants) == 1 {
		return c.Variants[0]
	}
	return nil
}

// Named reports whether the names of all matching branches are joined before
// unknown members are refused: possible where each branch is a struct.
func (c Tried) Named() bool {
	return c.Any && !slices.ContainsFunc(c.Variants, func(v *Variant) bool { return v.Type.Kind != Struct || v.Type.Extra != nil })
}

// Literal is a value as the decoder returns it: a string as it is, or where others than strings
// select too, JSON text, a string with its first quote only.
func (t *Type) Literal(sel schema.Selector) gosrc.Literal {
	if t.ByJSON && sel.Kind == load.String {
		return gosrc.Quote(`"` + sel.Text)
	}
	return gosrc.Quote(sel.Text)
}
