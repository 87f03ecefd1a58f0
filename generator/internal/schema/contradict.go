package schema

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// contradict notes that no value of these types meets the keywords of s.
func (s *Schema) contradict(types Types, pos diag.Pos, format string, args ...any) {
	s.Impossible |= types
	s.refuse(pos, rules.Unsatisfiable, format, args...)
}

// contradictions finds types of which no value can meet the keywords of s. What its properties,
// items and branches say is not looked into. unevaluated is set where it is
// unevaluatedProperties that refuses members without a name.
func (s *Schema) contradictions(unevaluated bool) {
	if s.Types == 0 {
		if !s.Never && !contradicts(s.Unsupported) {
			s.refuse(s.Pos, rules.Unsatisfiable, "no value has all the types that are asked for here: %s", s.typesMet())
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
			s.contradict(p.types, s.At(p.min), "%s %d is greater than %s %d", p.min, p.low, p.max, p.high)
		}
	}
	if s.Types&(TypeInteger|TypeNumber) != 0 {
		s.noNumber()
	}
	if s.Types&TypeObject != 0 {
		if s.MaxProperties >= 0 && int64(len(s.Required)) > s.MaxProperties {
			s.contradict(TypeObject, s.At("maxProperties"), "%d members are required, and maxProperties is %d", len(s.Required), s.MaxProperties)
		}
		if s.Extra == ExtraFalse && !contradicts(s.Unsupported) && !s.namesMore(unevaluated) {
			s.requiredUnknown()
		}
	}
	s.noneListed()
}

// noNumber refuses bounds between which no number lies: of the type, and of the multiples that
// are asked for.
func (s *Schema) noNumber() {
	low, ok1 := exact(s.Minimum)
	high, ok2 := exact(s.Maximum)
	if ok1 && ok2 {
		if c := low.Cmp(high); c > 0 || c == 0 && (s.ExclusiveMinimum || s.ExclusiveMaximum) {
			s.contradict(TypeInteger|TypeNumber, s.boundAt("minimum"), "no number lies between the minimum %s and the maximum %s", s.Minimum, s.Maximum)
			return
		}
	}
	lowOpen, highOpen, narrowed := s.ExclusiveMinimum, s.ExclusiveMaximum, ""
	if least, most, ok := s.formatRange(); ok {
		if low == nil || low.Cmp(least) < 0 {
			low, lowOpen, narrowed = least, false, "maximum"
		}
		if high == nil || high.Cmp(most) > 0 {
			high, highOpen, narrowed = most, false, "minimum"
		}
	}
	if low == nil || high == nil {
		return
	}
	step := new(big.Rat)
	if s.Types&TypeNumber == 0 {
		step.SetInt64(1)
	}
	for _, text := range s.MultipleOf {
		if of, ok := exact(text); ok {
			step = commonMultiple(step, of)
		}
	}
	if step.Sign() == 0 {
		if c := low.Cmp(high); c < 0 || c == 0 && !lowOpen && !highOpen {
			return
		}
	} else if multipleWithin(step, low, high, lowOpen, highOpen) {
		return
	}
	switch {
	case narrowed != "" && s.bound(narrowed) != "":
		s.contradict(TypeInteger|TypeNumber, s.boundAt(narrowed), "%s %s leaves no value of the format %s", narrowed, s.bound(narrowed), s.Format)
	case len(s.MultipleOf) > 0:
		s.contradict(TypeInteger|TypeNumber, s.At("multipleOf"), "no multiple of %s lies between the bounds", strings.Join(s.MultipleOf, " and "))
	default:
		s.contradict(TypeInteger|TypeNumber, s.boundAt("minimum"), "no integer lies between the minimum %s and the maximum %s", s.Minimum, s.Maximum)
	}
}

// boundAt is where a bound stands, which may be an exclusive one.
func (s *Schema) boundAt(keyword string) diag.Pos {
	if at := s.At(keyword); at != s.Pos {
		return at
	}
	return s.At("exclusive" + strings.ToUpper(keyword[:1]) + keyword[1:])
}

func (s *Schema) bound(keyword string) string {
	if keyword == "minimum" {
		return s.Minimum
	}
	return s.Maximum
}

// commonMultiple is the least number that both divide; 0 stands for any number.
func commonMultiple(a, b *big.Rat) *big.Rat {
	if a.Sign() == 0 {
		return b
	}
	num := new(big.Int).Mul(a.Num(), b.Num())
	num.Quo(num, new(big.Int).GCD(nil, nil, a.Num(), b.Num()))
	return new(big.Rat).SetFrac(num, new(big.Int).GCD(nil, nil, a.Denom(), b.Denom()))
}

// multipleWithin reports whether a multiple of step lies between two bounds.
func multipleWithin(step, low, high *big.Rat, lowOpen, highOpen bool) bool {
	q := new(big.Rat).Quo(low, step)
	n := new(big.Int).Div(q.Num(), q.Denom()) // rounds down: the denominator is positive
	if !q.IsInt() || lowOpen {
		n.Add(n, big.NewInt(1))
	}
	first := new(big.Rat).Mul(new(big.Rat).SetInt(n), step)
	c := first.Cmp(high)
	return c < 0 || c == 0 && !highOpen
}

// Has reports whether s has a keyword that the normal form lacks.
func (s *Schema) Has(keys ...string) bool {
	return slices.ContainsFunc(s.Beyond, func(k Keyword) bool { return slices.Contains(keys, k.Key) })
}

// namesMore reports whether keywords that the normal form lacks may name members: to
// unevaluatedProperties, also those of schemas that hold at the same place.
func (s *Schema) namesMore(unevaluated bool) bool {
	return s.Has("patternProperties") || unevaluated && len(s.Beyond) > 0
}

// requiredUnknown refuses a required member that additionalProperties: false excludes.
func (s *Schema) requiredUnknown() {
	named := make(map[string]bool, len(s.Properties))
	for i := range s.Properties {
		named[s.Properties[i].Name] = true
	}
	for _, name := range s.Required {
		if !named[name] {
			s.contradict(TypeObject, s.At("required"), "member %q is required, and additionalProperties: false refuses it, since properties does not name it", name)
		}
	}
}

// noneListed refuses an enum that has values of a type, of which the other keywords refuse all.
func (s *Schema) noneListed() {
	if s.Enum == nil {
		return
	}
	first := map[Types]string{}
	var alive Types
	patterns := compiled(s.Patterns)
	for _, v := range s.Enum {
		kind := TypesOf(v)
		if kind&(TypeInteger|TypeNumber) != 0 {
			kind = TypeInteger | TypeNumber
		}
		if alive&kind != 0 {
			continue
		}
		why, sure := s.refusesBeside(v, patterns)
		if why == "" || !sure {
			alive |= kind
		} else if first[kind] == "" {
			first[kind] = fmt.Sprintf("%s refuses %s", why, shown(v))
		}
	}
	for _, kind := range []Types{TypeInteger | TypeNumber, TypeString, TypeArray, TypeObject} {
		if first[kind] != "" && alive&kind == 0 && s.Impossible&kind == 0 {
			s.contradict(kind, s.At("enum"), "the enum has no value that the other keywords allow: %s", first[kind])
		}
	}
}

// shown is a value of the document, for messages.
func shown(v *load.Node) string {
	text := []rune(canonical(v))
	if len(text) > 40 {
		return string(text[:40]) + "..."
	}
	return string(text)
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
