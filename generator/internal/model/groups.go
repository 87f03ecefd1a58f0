package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// has reports whether the set has a member.
func (b Bits) has(index int) bool { return b[index/64]&(1<<(index%64)) != 0 }

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
	members, least, most := t.Count()
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

// Count is how many members a value has, and how many at least and at most (-1 for no bound).
func (t *Type) Count() (members gosrc.Expr, least, most int64) {
	var terms, may []gosrc.Part
	for _, f := range t.Fields {
		switch {
		case f.Never:
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
