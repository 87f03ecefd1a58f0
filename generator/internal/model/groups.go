package model

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Group is sets of members, and how many of them must be there: anyOf and oneOf, where the branches say nothing but `required`.
type Group struct {
	Keyword string
	// Any are sets of which at least one must be there. Else exactly one must be of one of the lists in One.
	Any []Bits
	One [][]Bits
}

// groups turns sets of names into sets of bits. A set with a member that may not be there is never complete, and falls
// away. What the direction leaves out the other side may add: a value passes if it can be completed.
func (b *builder) groups(t *Type, s *schema.Schema, dir direction) []Group {
	var out []Group
	for _, group := range s.RequiredAny {
		var all []Bits
		for _, c := range b.sets(t, s, group, dir) {
			all = append(all, c.set)
		}
		if !slices.ContainsFunc(all, Bits.none) { // else it is always so
			out = append(out, Group{Keyword: "anyOf", Any: all})
		}
	}
	for _, group := range s.RequiredOne {
		sets := b.sets(t, s, group, dir)
		b.spend(completing(sets), s.Pos)
		if one := completions(sets); one != nil {
			out = append(out, Group{Keyword: "oneOf", One: one})
		}
	}
	return out
}

// set is one set of a group: what of it is here, and the names that the direction leaves out.
type set struct {
	set  Bits
	left []string
}

// completing is what completions costs at most: each set that lacks members is held against all.
func completing(sets []set) int {
	lacking, names := 1, len(sets)
	for _, s := range sets {
		if names += len(s.left); len(s.left) > 0 {
			lacking++
		}
	}
	return lacking * names
}

// completions are the lists of sets of which one must have exactly one that is complete. Who adds the members that a set lacks
// completes all sets that lack no others: for each such choice there is a list, unless nothing is asked then: nil. Without a
// set nothing can be complete.
func completions(sets []set) [][]Bits {
	if len(sets) == 0 {
		return [][]Bits{nil}
	}
	var out [][]Bits
	var done [][]string
	for _, s := range sets {
		if slices.ContainsFunc(done, func(d []string) bool { return slices.Equal(d, s.left) }) {
			continue
		}
		done = append(done, s.left)
		var list []Bits
		for _, other := range sets {
			if !slices.ContainsFunc(other.left, func(name string) bool { return !slices.Contains(s.left, name) }) {
				list = append(list, other.set)
			}
		}
		if len(list) == 1 && list[0].none() {
			return nil
		}
		out = append(out, list)
	}
	return out
}

// sets are the sets of a group that may be there.
func (b *builder) sets(t *Type, s *schema.Schema, group [][]string, dir direction) []set {
	never := func(name string) bool {
		p := s.Property(name)
		return p != nil && p.Schema.Never
	}
	fields := make(map[gosrc.Literal][]int, len(t.Fields))
	for _, f := range t.Fields {
		fields[f.JSON] = append(fields[f.JSON], f.Index)
	}
	var out []set
	for _, names := range group {
		b.spend(1+len(names)+t.Words(), s.Pos)
		if slices.ContainsFunc(names, never) {
			continue
		}
		one := set{set: t.noBits()}
		for _, name := range names {
			if p := s.Property(name); p != nil && stays(p.Schema, dir) != "" {
				one.left = append(one.left, name)
				continue
			}
			for _, at := range fields[gosrc.Quote(name)] {
				one.set.add(at)
			}
		}
		slices.Sort(one.left)
		one.left = slices.Compact(one.left)
		out = append(out, one)
	}
	return out
}

// noBits is the empty set of the type's members.
func (t *Type) noBits() Bits { return make(Bits, max(t.Words(), 1)) }

// add puts a member into the set.
func (b Bits) add(index int) { b[index/64] |= 1 << (index % 64) }

// has reports whether the set has a member.
func (b Bits) has(index int) bool { return b[index/64]&(1<<(index%64)) != 0 }

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
		return g.fail(func(sets []Bits) gosrc.Expr { return gosrc.List(" && ", missing(sets)...) },
			func(sets []Bits) gosrc.Expr {
				return gosrc.Raw("!wire.AllButOne(%)", gosrc.List(", ", missing(sets)...))
			})
	}
	words := func(sets []Bits) gosrc.Expr {
		list := make([]gosrc.Part, len(sets))
		for i, set := range sets {
			list[i] = gosrc.Uint(set[0])
		}
		return gosrc.List(", ", list...)
	}
	return g.fail(func(sets []Bits) gosrc.Expr { return gosrc.Raw("!wire.AnyOf(seen, %)", words(sets)) },
		func(sets []Bits) gosrc.Expr { return gosrc.Raw("!wire.OneOf(seen, %)", words(sets)) })
}

// fail is the condition under which a group is broken, made of that under which no set is there, or not exactly one.
func (g Group) fail(none, notOne func([]Bits) gosrc.Expr) gosrc.Expr {
	if g.One == nil {
		return none(g.Any)
	}
	list := make([]gosrc.Part, len(g.One))
	for i, sets := range g.One {
		list[i] = notOne(sets)
	}
	return gosrc.List(" && ", list...)
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
	if t.Extra != nil || s.MinProperties <= 0 {
		return s.MinProperties
	}
	_, _, can := t.count()
	left := int64(0)
	for _, p := range s.Properties {
		if stays(p.Schema, dir) != "" {
			left++
		}
	}
	switch {
	case s.MinProperties <= can:
	case s.MinProperties <= can+left:
		return can
	case s.Extra == schema.ExtraSilent && (dir == response || !b.drops()):
		b.letStand(diag.List{{Pos: s.At("minProperties"), Rule: rules.Unsatisfiable, Message: fmt.Sprintf(
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
	always := func(set Bits) bool { return len(t.isThere(set)) == 0 }
	for _, g := range t.Groups {
		if !slices.ContainsFunc(g.Any, always) {
			out = append(out, Fail{g.fail(
				func(sets []Bits) gosrc.Expr { return gosrc.Raw("wire.CountTrue(%) == 0", t.there(sets)) },
				func(sets []Bits) gosrc.Expr { return gosrc.Raw("wire.CountTrue(%) != 1", t.there(sets)) },
			), gosrc.Quote(g.Keyword)})
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

// there are the conditions under which each set is complete in a value.
func (t *Type) there(sets []Bits) gosrc.Expr {
	list := make([]gosrc.Part, len(sets))
	for i, set := range sets {
		there := t.isThere(set)
		if list[i] = gosrc.List(" && ", there...); len(there) == 0 {
			list[i] = gosrc.Raw("true")
		}
	}
	return gosrc.List(", ", list...)
}

// isThere are the conditions under which the members of a set are there that may be missing.
func (t *Type) isThere(set Bits) []gosrc.Part {
	var there []gosrc.Part
	for _, f := range t.Fields {
		if set.has(f.Index) && f.mayMiss() {
			there = append(there, f.IsSet())
		}
	}
	return there
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
