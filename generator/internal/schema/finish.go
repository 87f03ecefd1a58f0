package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// finish settles what the keywords of s mean together, when all of them are known.
func (r *Reader) finish(s *Schema) {
	if s.Closed && len(s.OneOf)+len(s.AnyOf) == 0 {
		s.Closed = false
		if s.Extra == ExtraSilent {
			s.Extra = ExtraFalse
		}
	}
	r.format(s)
	r.narrow(s)
	r.inert(s)
	s.contradictions()
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
		bits := typesOf(v)
		if bits&s.Types == 0 {
			if len(s.set) == 1 { // one object that contradicts itself, and not the merging of two
				r.warn(v.Pos, "enum-type", "the type %v excludes this value of the enum; it is left out", s.Types)
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
			s.refuse(s.At("enum"), "unsatisfiable", "none of the enum's values is of type %v: they are of type %v", s.Types, typesOf(s.Enum[0]))
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
				r.warn(v.Pos, "inert-keyword", "%s says nothing of a value of type %v", k, e.a.own.Types)
			}
		}
	}
}

// contradictions refuses schemas that no value can meet.
func (s *Schema) contradictions() {
	if s.Types == 0 {
		if !s.Never && !contradicts(s.Unsupported) {
			s.refuse(s.Pos, "unsatisfiable", "no value has all the types that are asked for here: %s", s.typesMet())
		}
		s.Never = true
		return
	}
	pairs := []struct {
		low, high int64
		min, max  string
		types     Types
	}{
		{s.MinLength, s.MaxLength, "minLength", "maxLength", TypeString},
		{s.MinItems, s.MaxItems, "minItems", "maxItems", TypeArray},
		{s.MinProperties, s.MaxProperties, "minProperties", "maxProperties", TypeObject},
	}
	for _, p := range pairs {
		if p.high >= 0 && p.low > p.high && s.Types&p.types != 0 {
			s.refuse(s.At(p.min), "unsatisfiable", "%s %d is greater than %s %d", p.min, p.low, p.max, p.high)
		}
	}
	low, ok1 := exact(s.Minimum)
	high, ok2 := exact(s.Maximum)
	if ok1 && ok2 {
		if c := low.Cmp(high); c > 0 || c == 0 && (s.ExclusiveMinimum || s.ExclusiveMaximum) {
			s.refuse(s.At("minimum"), "unsatisfiable", "no number lies between the minimum %s and the maximum %s", s.Minimum, s.Maximum)
		}
	}
	if s.MaxProperties >= 0 && int64(len(s.Required)) > s.MaxProperties && s.Types&TypeObject != 0 {
		s.refuse(s.At("maxProperties"), "unsatisfiable", "%d members are required, and maxProperties is %d", len(s.Required), s.MaxProperties)
	}
	if s.Extra == ExtraFalse && len(s.Required) > 0 {
		s.requiredUnknown()
	}
}

// requiredUnknown refuses a required member that additionalProperties: false excludes.
func (s *Schema) requiredUnknown() {
	if contradicts(s.Unsupported) {
		return
	}
	named := make(map[string]bool, len(s.Properties))
	for i := range s.Properties {
		named[s.Properties[i].Name] = true
	}
	for _, name := range s.Required {
		if !named[name] {
			s.refuse(s.At("required"), "unsatisfiable", "member %q is required, and additionalProperties: false refuses it, since properties does not name it", name)
		}
	}
}

// typesMet says where the types come from that exclude each other.
func (s *Schema) typesMet() string {
	var said []string
	for _, e := range s.set {
		if e.a.typed && len(said) < 4 {
			said = append(said, fmt.Sprintf("%v at %v", e.a.own.Types, place(&e.a.own, "type")))
		}
	}
	for _, e := range s.set {
		for i := range e.a.groups {
			if e.cut&(1<<i) == 0 && len(said) < 4 {
				said = append(said, fmt.Sprintf("a branch of the %s at %v", e.a.groups[i].word(), e.a.groups[i].pos))
			}
		}
	}
	return strings.Join(said, ", ")
}

// checkDefault drops a scalar default that the schema refuses: servers must not set
// what they would not accept.
func (r *Reader) checkDefault(s *Schema) {
	if s.Default == nil || s.Never {
		return
	}
	if why := s.refuses(s.Default); why != "" {
		r.warn(s.Default.Pos, "default", "the default is not valid (%s); it is passed over", why)
		s.Default = nil
	}
}

// Allows reports whether nothing in s itself refuses a scalar.
func (s *Schema) Allows(v *load.Node) bool { return s.refuses(v) == "" }

// refuses says which keyword refuses a value, as far as that can be told without
// reading other schemas; "" when none does.
func (s *Schema) refuses(v *load.Node) string {
	bits := typesOf(v)
	if bits&s.Types == 0 {
		return "type"
	}
	if s.Enum != nil {
		text := canonical(v)
		if !slices.ContainsFunc(s.Enum, func(n *load.Node) bool { return canonical(n) == text }) {
			return "enum"
		}
	}
	switch {
	case bits == TypeString:
		return s.refusesText(v.Text)
	case bits&(TypeInteger|TypeNumber) != 0:
		return s.refusesNumber(v.Text)
	}
	return ""
}

func (s *Schema) refusesText(text string) string {
	n := int64(utf8.RuneCountInString(text))
	if n < s.MinLength {
		return "minLength"
	}
	if s.MaxLength >= 0 && n > s.MaxLength {
		return "maxLength"
	}
	for _, p := range s.Patterns {
		if p.Looks {
			return "a pattern that looks around, which is only matched at run time"
		}
		if re, err := regexp.Compile(p.RE2); err == nil && !re.MatchString(text) {
			return "pattern"
		}
	}
	return ""
}

func (s *Schema) refusesNumber(text string) string {
	v, ok := exact(text)
	if !ok {
		return "type"
	}
	if low, ok := exact(s.Minimum); ok {
		if c := v.Cmp(low); c < 0 || c == 0 && s.ExclusiveMinimum {
			return "minimum"
		}
	}
	if high, ok := exact(s.Maximum); ok {
		if c := v.Cmp(high); c > 0 || c == 0 && s.ExclusiveMaximum {
			return "maximum"
		}
	}
	return ""
}
