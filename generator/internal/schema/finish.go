package schema

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// finish settles what the keywords of s mean together, when all of them are known.
func (r *Reader) finish(s *Schema) {
	unevaluated := s.Closed && len(s.OneOf)+len(s.AnyOf) == 0
	if unevaluated {
		s.Closed = false
		if s.Extra == ExtraSilent {
			s.Extra = ExtraFalse
		}
	}
	r.format(s)
	r.narrow(s)
	r.inert(s)
	r.open(s)
	s.contradictions(unevaluated)
	r.checkDefault(s)
}

// narrow drops the enum's values that the types exclude, and the types that the
// enum excludes.
func (r *Reader) narrow(s *Schema) {
	if s.Enum == nil || s.Never {
		return
	}
	var kept []*load.Node
	var names []string
	var types Types
	for i, v := range s.Enum {
		bits := TypesOf(v)
		if bits&s.Types == 0 {
			if len(s.set) == 1 { // one object that contradicts itself, and not the merging of two
				r.warn(v.Pos, rules.EnumType, "the type %v excludes this value of the enum; it is left out", s.Types)
			}
			continue
		}
		types |= bits
		kept = append(kept, v)
		if i < len(s.EnumNames) {
			names = append(names, s.EnumNames[i])
		}
	}
	if kept == nil {
		if len(s.Enum) > 0 {
			s.refuse(s.At("enum"), rules.Unsatisfiable, "none of the enum's values is of type %v: they are of type %v", s.Types, TypesOf(s.Enum[0]))
		}
		s.Types, s.Never, s.Enum, s.EnumNames = 0, true, nil, nil
		return
	}
	if types&TypeNumber != 0 || types&TypeInteger != 0 && s.explicit {
		types |= TypeInteger | TypeNumber // the numbers of a number schema may all be whole
	}
	s.Implied = s.Implied || !s.explicit
	s.Enum, s.EnumNames = kept, names
	if s.Types &= types; s.Types == TypeNull {
		s.Enum, s.EnumNames = nil, nil // the type says it already
	}
}

// inert clears the keywords that say nothing of any value of s's types, and warns of
// those that stand beside the type itself.
func (r *Reader) inert(s *Schema) {
	if s.Types&TypeString == 0 && s.hasString() {
		r.warnInert(s, TypeString, "minLength", "maxLength", "pattern")
		s.MinLength, s.MaxLength, s.Patterns = -1, -1, nil
	}
	if s.Types&(TypeInteger|TypeNumber) == 0 && s.hasNumber() {
		r.warnInert(s, TypeInteger|TypeNumber, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
		s.Minimum, s.Maximum, s.MultipleOf = "", "", nil
		s.ExclusiveMinimum, s.ExclusiveMaximum = false, false
	}
	if s.Types&TypeArray == 0 && s.hasArray() {
		r.warnInert(s, TypeArray, "items", "minItems", "maxItems", "uniqueItems")
		s.Items, s.MinItems, s.MaxItems, s.UniqueItems = nil, 0, -1, false
	}
	if s.Types&TypeObject == 0 && s.hasObject() {
		r.warnInert(s, TypeObject, "properties", "required", "additionalProperties", "minProperties", "maxProperties")
		s.Properties, s.Required, s.Extra, s.ExtraSchema, s.Closed = nil, nil, ExtraSilent, nil, false
		s.MinProperties, s.MaxProperties, s.RequiredAny, s.RequiredOne = 0, -1, nil, nil
	}
}

// warnInert warns of keywords for values of types in an object that allows none of
// them. That another schema which is merged with it excludes them is not worth a word.
func (r *Reader) warnInert(s *Schema, types Types, keywords ...string) {
	for _, e := range s.set {
		if !e.a.typed || e.a.own.Types == 0 || e.a.own.Types&types != 0 {
			continue
		}
		for _, k := range keywords {
			if v := e.a.node.Get(k); v != nil {
				r.warn(v.Pos, rules.InertKeyword, "%s says nothing of a value of type %v", k, e.a.own.Types)
			}
		}
	}
}

// checkDefault drops a scalar default that the schema refuses: servers must not set
// what they would not accept.
func (r *Reader) checkDefault(s *Schema) {
	if s.Default == nil || s.Never {
		return
	}
	r.spend(weigh(s.Enum)+weigh([]*load.Node{s.Default})+len(s.Required), s.Default.Pos)
	if why, _ := s.refuses(s.Default); why != "" {
		r.warn(s.Default.Pos, rules.Default, "the default is not valid (%s); it is passed over", why)
		s.Default = nil
	}
}
