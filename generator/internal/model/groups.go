package model

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Group is a number of sets of members, and how many of these sets must be there: anyOf and oneOf, where the branches say nothing
// but `required`.
type Group struct {
	Keyword string
	Count   Count
	Sets    []Bits
}

// Count says how many sets of a Group must be there.
type Count uint8

// Counts.
const (
	AtLeastOne Count = iota
	ExactlyOne
	AtMostOne
)

// groups turns sets of names into sets of bits. A set with a member that may not be there is never complete, and falls
// away. What the direction leaves out is not asked for, and is not there: a set with such a member counts as
// complete without it where one must be, and as incomplete where only one may be.
func (b *builder) groups(t *Type, s *schema.Schema, dir direction) []Group {
	var out []Group
	add := func(keyword string, count Count, sets []Bits) {
		switch {
		case count == AtLeastOne && slices.ContainsFunc(sets, Bits.none), count == AtMostOne && len(sets) < 2:
			return // always so
		}
		out = append(out, Group{keyword, count, sets})
	}
	for _, group := range s.RequiredAny {
		sets, _ := b.sets(t, s, group, dir)
		add("anyOf", AtLeastOne, sets)
	}
	for _, group := range s.RequiredOne {
		sets, whole := b.sets(t, s, group, dir)
		if len(whole) == len(sets) {
			add("oneOf", ExactlyOne, sets)
			continue
		}
		add("oneOf", AtLeastOne, sets)
		add("oneOf", AtMostOne, whole)
	}
	return out
}

// sets are the sets of a group that may be there, and those of them of which the direction leaves nothing out.
func (b *builder) sets(t *Type, s *schema.Schema, group [][]string, dir direction) (all, whole []Bits) {
	any := func(set []string, is func(*schema.Schema) bool) bool {
		return slices.ContainsFunc(set, func(name string) bool {
			p := s.Property(name)
			return p != nil && is(p.Schema)
		})
	}
	for _, set := range group {
		if any(set, func(s *schema.Schema) bool { return s.Never }) {
			continue
		}
		left := any(set, func(s *schema.Schema) bool { return stays(s, dir) != "" })
		bits := make(Bits, max(t.Words(), 1))
		for _, name := range set {
			if p := s.Property(name); p != nil && stays(p.Schema, dir) != "" {
				continue
			}
			for _, f := range t.Fields {
				if f.JSON == gosrc.Quote(name) {
					bits[f.Index/64] |= 1 << (f.Index % 64)
				}
			}
		}
		if all = append(all, bits); !left {
			whole = append(whole, bits)
		}
	}
	return all, whole
}

// none reports whether the set is empty.
func (b Bits) none() bool { return !slices.ContainsFunc(b, func(w uint64) bool { return w != 0 }) }

// GroupFails are the conditions under which the members that were seen break an anyOf or oneOf of required lists.
func (t *Type) GroupFails() []Fail {
	var out []Fail
	for _, g := range t.Groups {
		out = append(out, Fail{t.groupFail(g), gosrc.Quote(g.Keyword)})
	}
	return out
}

func (t *Type) groupFail(g Group) gosrc.Expr {
	if t.Wide() {
		switch missing := missing(g.Sets); g.Count {
		case AtLeastOne:
			return gosrc.List(" && ", missing...)
		case ExactlyOne:
			return gosrc.Raw("!wire.AllButOne(%)", gosrc.List(", ", missing...))
		default:
			return gosrc.Raw("!wire.AtMostOneOf(%)", gosrc.List(", ", missing...))
		}
	}
	list := make([]gosrc.Part, len(g.Sets))
	for i, set := range g.Sets {
		list[i] = gosrc.Uint(set[0])
	}
	switch sets := gosrc.List(", ", list...); g.Count {
	case AtLeastOne:
		return gosrc.Raw("!wire.AnyOf(seen, %)", sets)
	case ExactlyOne:
		return gosrc.Raw("!wire.OneOf(seen, %)", sets)
	default:
		return gosrc.Raw("!wire.AtMostOne(seen, %)", sets)
	}
}

// missing are the conditions under which a member of each set is missing, where the
// members take several words.
func missing(sets []Bits) []gosrc.Part {
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

// least is how many members minProperties asks for: not more than a value can have without those that the direction leaves out.
// Where it asks for more than all of them, and others are refused though the schema does not say so, a warning says what that comes to.
func (b *builder) least(t *Type, s *schema.Schema, dir direction) int64 {
	if t.Extra != nil || s.Extra == schema.ExtraFalse || s.MinProperties <= 0 {
		return s.MinProperties
	}
	var can, left int64
	for _, f := range t.Fields {
		if !f.never {
			can++
		}
	}
	for _, p := range s.Properties {
		if stays(p.Schema, dir) != "" {
			left++
		}
	}
	switch {
	case s.MinProperties <= can:
	case s.MinProperties <= can+left:
		return can
	case dir == response || !b.drops():
		b.letStand(diag.List{{Pos: s.At("minProperties"), Rule: "unsatisfiable", Message: fmt.Sprintf(
			"minProperties is %d, and a value has %d members at most, since others that the schema does not name are refused", s.MinProperties, can+left)}})
	}
	return s.MinProperties
}

// drops reports whether some operation drops members that nobody names, which minProperties counts.
func (b *builder) drops() bool {
	return slices.ContainsFunc(b.in.Policies.Order, func(o *policy.Operation) bool { return o.Unknown == policy.UnknownDrop })
}

// MemberFails are the conditions under which a value has too few members, too many, or not those that a Group asks for: what the
// encoder asks before it writes. Members that a mask leaves out are there.
func (t *Type) MemberFails() []Fail {
	var out []Fail
	for _, g := range t.Groups {
		sets := make([]gosrc.Part, len(g.Sets))
		always := 0
		for i, set := range g.Sets {
			var there []gosrc.Part
			for _, f := range t.Fields {
				if set.has(f.Index) && f.mayMiss() {
					there = append(there, f.IsSet())
				}
			}
			if sets[i] = gosrc.List(" && ", there...); len(there) == 0 {
				sets[i] = gosrc.Raw("true")
				always++
			}
		}
		list := gosrc.List(", ", sets...)
		switch {
		case g.Count == AtLeastOne && always == 0:
			out = append(out, Fail{gosrc.Raw("wire.CountTrue(%) == 0", list), gosrc.Quote(g.Keyword)})
		case g.Count == ExactlyOne:
			out = append(out, Fail{gosrc.Raw("wire.CountTrue(%) != 1", list), gosrc.Quote(g.Keyword)})
		case g.Count == AtMostOne:
			out = append(out, Fail{gosrc.Raw("wire.CountTrue(%) > 1", list), gosrc.Quote(g.Keyword)})
		}
	}
	members, least, most := t.count()
	if t.Min > least {
		out = append(out, Fail{gosrc.Raw("% < %", members, gosrc.Int(t.Min)), gosrc.Quote("minProperties")})
	}
	if t.Max >= 0 && (most < 0 || most > t.Max) {
		out = append(out, Fail{gosrc.Raw("% > %", members, gosrc.Int(t.Max)), gosrc.Quote("maxProperties")})
	}
	return out
}

// count is how many members a value has, and how many at least and at most (-1 for no bound).
func (t *Type) count() (members gosrc.Expr, least, most int64) {
	var terms, may []gosrc.Part
	for _, f := range t.Fields {
		switch {
		case f.never:
		case f.mayMiss():
			may = append(may, f.IsSet())
		default:
			least++
		}
	}
	if len(may) > 0 {
		terms = append(terms, gosrc.Raw("wire.CountTrue(%)", gosrc.List(", ", may...)))
	}
	if least > 0 || len(may) == 0 && t.Extra == nil {
		terms = append(terms, gosrc.Int(least))
	}
	if most = least + int64(len(may)); t.Extra != nil {
		terms, most = append(terms, gosrc.Raw("len(v.%)", t.Extra.Name)), -1
	}
	return gosrc.List("+", terms...), least, most
}

// mayMiss reports whether a value may be without the member.
func (f *Field) mayMiss() bool { return !f.Required && !f.HasDefault }

// has reports whether the set has a member.
func (b Bits) has(index int) bool { return b[index/64]&(1<<(index%64)) != 0 }
