package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// RequiredWords are the required bits as literals.
func (t *Type) RequiredWords() []gosrc.Literal {
	out := make([]gosrc.Literal, len(t.Required))
	for i, w := range t.Required {
		out[i] = gosrc.Uint(w)
	}
	return out
}

// AnyRequired reports whether some member must be there.
func (t *Type) AnyRequired() bool { return !t.Required.None() }
