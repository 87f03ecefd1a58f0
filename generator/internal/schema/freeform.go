package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// wordUnknown is the one policy that says what a schema accepts.
const wordUnknown = "x-bailey-unknown"

// Kept is why an object takes members that it does not name, although its additionalProperties does not
// say that it does.
type Kept uint8

const (
	// KeptNot is every other schema.
	KeptNot Kept = iota
	// KeptWord: x-bailey-unknown: keep stands on the schema, or on one that it is merged from.
	KeptWord
	// KeptFree: the schema is Bare, and Reader.FreeForm is set.
	KeptFree
)

// Bare reports whether s has objects and says nothing of their members: no properties, no
// required ones, no additionalProperties and no other keyword for members, nor an x-bailey-unknown. A number
// of members says nothing of them, unless it is 0. Most documents mean an object of any members by it.
func (s *Schema) Bare() bool {
	switch {
	case s.Types&TypeObject == 0, s.Types == TypeAny, s.Never, s.Closed, s.Extra != ExtraSilent && s.Kept != KeptFree, s.Enum != nil, s.MaxProperties == 0,
		len(s.Properties)+len(s.Required)+len(s.RequiredAny)+len(s.RequiredOne)+len(s.OneOf)+len(s.AnyOf)+len(s.Beyond) > 0:
		return false
	}
	return !slices.ContainsFunc(s.Nodes, func(n *load.Node) bool { return n.Get(wordUnknown) != nil })
}

// open opens an object whose members are kept. additionalProperties and unevaluatedProperties
// are stronger: where they close it, the contradiction is reported by who makes a type of it.
func (r *Reader) open(s *Schema) {
	said := slices.ContainsFunc(s.set, func(e elem) bool { return e.a.keeps || e.a.own.Kept == KeptWord })
	switch {
	case s.Types&TypeObject == 0 || s.Types == TypeAny || s.Closed:
	case said && (s.Extra == ExtraSilent || s.Extra == ExtraAny && s.Kept == KeptNot):
		s.Extra, s.Kept = ExtraAny, KeptWord
	case r.FreeForm && s.Bare():
		s.Extra, s.Kept = ExtraAny, KeptFree
	}
}
