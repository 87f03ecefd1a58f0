package types

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// groups turns sets of names into sets of bits. A set with a member that may not be there is never complete, and falls
// away. What the direction leaves out the other side may add: a value passes if it can be completed.
func (b *Builder) groups(t *model.Type, s *schema.Schema, dir Direction) []model.Group {
	var out []model.Group
	for _, group := range s.RequiredAny {
		var all []model.Bits
		for _, c := range b.sets(t, s, group, dir) {
			all = append(all, c.set)
		}
		if !slices.ContainsFunc(all, model.Bits.None) { // else it is always so
			out = append(out, model.Group{Keyword: "anyOf", Any: all})
		}
	}
	for _, group := range s.RequiredOne {
		sets := b.sets(t, s, group, dir)
		b.Spend(completing(sets), s.Pos)
		if one := completions(sets); one != nil {
			out = append(out, model.Group{Keyword: "oneOf", One: one})
		}
	}
	return out
}

// set is one set of a group: what of it is here, and the names that the direction leaves out.
type set struct {
	set  model.Bits
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
func completions(sets []set) [][]model.Bits {
	if len(sets) == 0 {
		return [][]model.Bits{nil}
	}
	var out [][]model.Bits
	var done [][]string
	for _, s := range sets {
		if slices.ContainsFunc(done, func(d []string) bool { return slices.Equal(d, s.left) }) {
			continue
		}
		done = append(done, s.left)
		var list []model.Bits
		for _, other := range sets {
			if !slices.ContainsFunc(other.left, func(name string) bool { return !slices.Contains(s.left, name) }) {
				list = append(list, other.set)
			}
		}
		if len(list) == 1 && list[0].None() {
			return nil
		}
		out = append(out, list)
	}
	return out
}

// sets are the sets of a group that may be there.
func (b *Builder) sets(t *model.Type, s *schema.Schema, group [][]string, dir Direction) []set {
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
		b.Spend(1+len(names)+t.Words(), s.Pos)
		if slices.ContainsFunc(names, never) {
			continue
		}
		one := set{set: t.NoBits()}
		for _, name := range names {
			if p := s.Property(name); p != nil && Stays(p.Schema, dir) != "" {
				one.left = append(one.left, name)
				continue
			}
			for _, at := range fields[gosrc.Quote(name)] {
				one.set.Add(at)
			}
		}
		slices.Sort(one.left)
		one.left = slices.Compact(one.left)
		out = append(out, one)
	}
	return out
}

// least is how many members minProperties asks for: not more than a value can have without those that the direction leaves out.
// Where it asks for more than all of them, and others are refused though the schema does not say so, a warning says what that comes to.
func (b *Builder) least(t *model.Type, s *schema.Schema, dir Direction) int64 {
	if t.Extra != nil || s.MinProperties <= 0 {
		return s.MinProperties
	}
	_, _, can := t.Count()
	left := int64(0)
	for _, p := range s.Properties {
		if Stays(p.Schema, dir) != "" {
			left++
		}
	}
	switch {
	case s.MinProperties <= can:
	case s.MinProperties <= can+left:
		return can
	case s.Extra == schema.ExtraSilent && (dir == Response || !b.drops()):
		b.letStand(diag.List{{Pos: s.At("minProperties"), Rule: rules.Unsatisfiable, Message: fmt.Sprintf(
			"minProperties is %d, and a value has %d members at most, since others that the schema does not name are refused", s.MinProperties, can+left)}})
	}
	return s.MinProperties
}

// drops reports whether some operation drops members that nobody names, which minProperties counts.
func (b *Builder) drops() bool {
	return slices.ContainsFunc(b.In.Policies.Order, func(o *policy.Operation) bool { return o.Unknown == policy.UnknownDrop })
}
