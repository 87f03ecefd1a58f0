package schema

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Allows reports whether nothing in s itself refuses a scalar.
func (s *Schema) Allows(v *load.Node) bool {
	why, _ := s.refuses(v)
	return why == ""
}

// Refuses reports whether a keyword of s is sure to refuse a value; schemas of items, members
// and branches are not looked into.
func (s *Schema) Refuses(v *load.Node) bool {
	why, sure := s.refuses(v)
	return why != "" && sure
}

// refuses says which keyword refuses a value, as far as that can be told without reading
// other schemas; "" when none does. It is not sure of a pattern that only the server matches.
func (s *Schema) refuses(v *load.Node) (why string, sure bool) {
	if TypesOf(v)&s.Types == 0 {
		return "type", true
	}
	if s.Enum != nil {
		if !s.lists(v) {
			return "enum", true
		}
	}
	return s.refusesBeside(v, compiled(s.Patterns))
}

// enumIndex finds the values of an enum, which copies of a schema may share.
type enumIndex struct {
	of  *load.Node // the first one
	n   int
	set map[string]int
}

// lists reports whether a value is in the enum of s.
func (s *Schema) lists(v *load.Node) bool {
	if len(s.Enum) == 0 {
		return false
	}
	if x := s.listed; x == nil || x.of != s.Enum[0] || x.n != len(s.Enum) {
		s.listed = &enumIndex{of: s.Enum[0], n: len(s.Enum), set: setOf(s.Enum)}
	}
	_, ok := s.listed.set[canonical(v)]
	return ok
}

// refusesBeside is refuses without type and enum; patterns are those of s.
func (s *Schema) refusesBeside(v *load.Node, patterns []*regexp.Regexp) (why string, sure bool) {
	switch TypesOf(v) {
	case TypeString:
		return s.refusesText(v.Text, patterns)
	case TypeInteger, TypeNumber:
		return s.refusesNumber(v.Text), true
	case TypeArray:
		return outside(int64(len(v.Items)), s.MinItems, s.MaxItems, "minItems", "maxItems"), true
	case TypeObject:
		if slices.ContainsFunc(s.Required, func(name string) bool { return v.Get(name) == nil && !s.oneWay(name) }) {
			return "required", true
		}
		return outside(int64(len(v.Members)), s.MinProperties, s.MaxProperties, "minProperties", "maxProperties"), true
	}
	return "", true
}

// oneWay reports whether a member does not travel in both ways, so that it is not required in
// one of them.
func (s *Schema) oneWay(name string) bool {
	p := s.Property(name)
	return p != nil && slices.ContainsFunc(p.Schema.set, func(e elem) bool { return e.a.own.ReadOnly || e.a.own.WriteOnly })
}

// outside says which of two bounds a count breaks, of which a negative maximum is none.
func outside(n, low, high int64, min, max string) string {
	switch {
	case n < low:
		return min
	case high >= 0 && n > high:
		return max
	}
	return ""
}

// compiled are the patterns, nil where there is look-around, which the server matches.
func compiled(patterns []Pattern) []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(patterns))
	for i, p := range patterns {
		if !p.Looks {
			out[i], _ = regexp.Compile(p.RE2)
		}
	}
	return out
}

func (s *Schema) refusesText(text string, patterns []*regexp.Regexp) (why string, sure bool) {
	if why := outside(int64(utf8.RuneCountInString(text)), s.MinLength, s.MaxLength, "minLength", "maxLength"); why != "" {
		return why, true
	}
	for _, re := range patterns {
		if re != nil && !re.MatchString(text) {
			return "pattern", true
		}
	}
	if slices.Contains(patterns, nil) {
		return "a pattern that looks around, which is only matched at run time", false
	}
	return "", true
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
	for _, of := range s.MultipleOf {
		if step, ok := exact(of); ok && !new(big.Rat).Quo(v, step).IsInt() {
			return "multipleOf"
		}
	}
	if low, high, ok := s.formatRange(); ok && (v.Cmp(low) < 0 || v.Cmp(high) > 0) {
		return "format"
	}
	return ""
}

// numberFormats are the least and the greatest number of each format. For a float, those are
// the ones that are still rounded to one.
var numberFormats = map[string][2]string{
	"int32": {"-2147483648", "2147483647"}, "uint32": {"0", "4294967295"},
	"int64": {"-9223372036854775808", "9223372036854775807"}, "uint64": {"0", "18446744073709551615"},
	"float": {"-340282356779733661637539395458142568448", "340282356779733661637539395458142568448"},
}

// formatRange are the least and the greatest number of s's format.
func (s *Schema) formatRange() (low, high *big.Rat, ok bool) {
	limits, ok := numberFormats[s.Format]
	if !ok {
		return nil, nil, false
	}
	low, _ = exact(limits[0])
	high, _ = exact(limits[1])
	return low, high, true
}

// Count is a keyword's value that is a whole number of 0 or more; what lies beyond int64 is the
// greatest one.
func Count(v *load.Node) (int64, bool) {
	rat, ok := exact(v.Text)
	if v.Kind != load.Number || !ok || !rat.IsInt() || rat.Sign() < 0 {
		return 0, false
	}
	if !rat.Num().IsInt64() {
		return math.MaxInt64, true
	}
	return rat.Num().Int64(), true
}

// ShadowedAt says that a branch is shadowed in the oneOf at a place.
func ShadowedAt(branch *Schema, oneOf diag.Pos) diag.Diagnostic {
	return diag.Diagnostic{
		Pos: branch.Pos, Rule: rules.ShadowedBranch,
		Message: fmt.Sprintf("whatever matches this branch of the oneOf at %v matches another one too, so it is refused; write anyOf if it is meant to pass", oneOf),
	}
}

// Shadowed reports whether whatever matches a branch of a oneOf is sure to match another one too.
func Shadowed(branches []*Schema, i int) bool {
	b := branches[i]
	for j, wide := range branches {
		if i != j && (b == wide || wide.plain() && b.Types&^wide.Types == 0) {
			return true
		}
	}
	return false
}
