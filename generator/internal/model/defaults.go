package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// defaultOf is the Go literal of a schema's default, for scalars that have one. A
// default that Go cannot hold as a constant is left out with a warning: the handler
// then sees that the value is absent.
func (b *builder) defaultOf(t *Type, s *schema.Schema) (gosrc.Literal, bool) {
	n := s.Default
	if l, ok := b.scalarLiteral(t, n); ok {
		return l, true
	}
	if n.Kind != load.Null {
		b.diags.Warnf(n.Pos, "default-not-applied", "the default of this schema is documentation only: bailey sets the defaults of strings, numbers and booleans")
	}
	return gosrc.Literal{}, false
}

// scalarLiteral is the Go literal of a scalar of type t.
func (b *builder) scalarLiteral(t *Type, n *load.Node) (gosrc.Literal, bool) {
	if t.Kind == Scalar && !t.opaque {
		switch method := t.Method.String(); {
		case method == "String" && n.Kind == load.String:
			return gosrc.Quote(n.Text), true
		case method == "Bool" && n.Kind == load.Bool:
			return gosrc.Bool(n.Text == "true"), true
		case n.Kind == load.Number && (intRange[method] != [2]string{} || method == "Float64" || method == "Float32"):
			return b.numberLiteral(t, n.Text)
		}
	}
	return gosrc.Literal{}, false
}

// GroupFails are the conditions under which the members that were seen break an
// anyOf or oneOf of required lists.
func (t *Type) GroupFails() []Fail {
	var out []Fail
	for _, group := range t.AnyOf {
		fail := gosrc.Raw("!wire.AnyOf(seen, %)", t.bitsList(group))
		if t.Wide() {
			fail = gosrc.List(" && ", t.missing(group)...)
		}
		out = append(out, Fail{fail, gosrc.Quote("anyOf")})
	}
	for _, group := range t.OneOf {
		fail := gosrc.Raw("!wire.OneOf(seen, %)", t.bitsList(group))
		if t.Wide() {
			fail = gosrc.Raw("!wire.AllButOne(%)", gosrc.List(", ", t.missing(group)...))
		}
		out = append(out, Fail{fail, gosrc.Quote("oneOf")})
	}
	return out
}

// bitsList are the sets of a group, where one word holds all members.
func (t *Type) bitsList(sets []Bits) gosrc.Expr {
	list := make([]gosrc.Part, len(sets))
	for i, set := range sets {
		list[i] = gosrc.Uint(set[0])
	}
	return gosrc.List(", ", list...)
}

// missing are the conditions under which a member of each set is missing, where the
// members take several words.
func (t *Type) missing(sets []Bits) []gosrc.Part {
	list := make([]gosrc.Part, len(sets))
	for i, set := range sets {
		var words []gosrc.Part
		for w, bits := range set {
			if bits != 0 {
				words = append(words, gosrc.Raw("seen[%]&% != %", gosrc.Int(int64(w)), gosrc.Uint(bits), gosrc.Uint(bits)))
			}
		}
		list[i] = gosrc.Raw("(%)", gosrc.List(" || ", words...))
		if len(words) == 0 { // the empty set is always there
			list[i] = gosrc.Raw("false")
		}
	}
	return list
}

// RequiredWords are the required bits as literals.
func (t *Type) RequiredWords() []gosrc.Literal {
	out := make([]gosrc.Literal, len(t.Required))
	for i, w := range t.Required {
		out[i] = gosrc.Uint(w)
	}
	return out
}

// AnyRequired reports whether some member must be there.
func (t *Type) AnyRequired() bool {
	for _, w := range t.Required {
		if w != 0 {
			return true
		}
	}
	return false
}
