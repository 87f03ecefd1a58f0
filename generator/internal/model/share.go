package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Take makes other an alias of t.
func (t *Type) Take(other *Type) {
	other.Shared = t
	t.Decoded, t.Encoded = t.Decoded || other.Decoded, t.Encoded || other.Encoded
	if t.Declared {
		t.Aliases = append(t.Aliases, other)
	}
}

// AliasValues are the constants of the aliases of an enumeration, each with the one that it
// equals.
func (t *Type) AliasValues() []AliasValue {
	var out []AliasValue
	for _, a := range t.Aliases {
		for i, v := range a.Enum {
			out = append(out, AliasValue{Name: v.Name, Same: t.Enum[i].Name})
		}
	}
	return out
}

// AliasValue is a constant by another name.
type AliasValue struct{ Name, Same gosrc.Ident }
