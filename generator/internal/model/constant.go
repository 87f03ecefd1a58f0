package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Const is the one value that the schema of a scalar allows (JSON Schema validation, 6.1.3: const; or
// an enum of one). The encoder writes it where the handler left the Go value zero, and refuses any
// other value. The decoder asks for it as for that of each enum.
type Const struct {
	Value gosrc.Literal // the Go constant; of JSON text, that text
	JSON  gosrc.Literal // the literal of its JSON text
	Text  gosrc.Literal // the literal of what a header field has of it
}

// zero is the Go value that a handler leaves in a scalar.
func (t *Type) zero() gosrc.Literal {
	switch t.Method.String() {
	case "Bool":
		return gosrc.Bool(false)
	case "String", "Raw":
		return gosrc.Quote("")
	}
	return gosrc.Int(0)
}

// constant is the type's only value, or nil. That of checked JSON text is the business of the
// type's own function: see AppendChecked.
func (v Value) constant() *Const {
	if v.Type.Kind != Scalar || v.Type.Check != nil {
		return nil
	}
	return v.Type.Const
}

// constFails is the condition that a value is neither the only one nor left out: there is none where
// each Go value is one of these.
func (t *Type) constFails(at gosrc.Expr) []Fail {
	var other []gosrc.Part
	for _, l := range []gosrc.Literal{t.zero(), t.Const.Value} {
		if len(other) == 0 || l != t.zero() {
			other = append(other, gosrc.Raw("% != %", at, l))
		}
	}
	if t.Method.String() == "Bool" && len(other) == 2 {
		return nil
	}
	return []Fail{{gosrc.List(" && ", other...), gosrc.Quote("enum")}}
}

// SentUnset reports whether the encoder writes the type's only value in place of a zero one.
func (t *Type) SentUnset() bool { return t.Encoded && t.Const != nil }

// Unread reports whether the encoder writes the value without a look at it.
func (v Value) Unread() bool { return v.constant() != nil && len(v.EncodeFails()) == 0 }
