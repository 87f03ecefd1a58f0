package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Of what must not travel one way, properties have no field there. Items, members that nobody names and branches keep their place in the Go type, and a
// check refuses the value that has one: an empty list may travel. Where x-bailey-read-only: drop holds, the decoder drops readOnly items and
// members; a branch has nothing that could take its place, and stays refused.

// Stays is the keyword for which values of s must not travel in direction dir, or "".
func Stays(s *schema.Schema, dir Direction) string {
	switch {
	case s == nil:
	case dir == Request && s.ReadOnly:
		return "readOnly"
	case dir == Response && s.WriteOnly:
		return "writeOnly"
	}
	return ""
}

// hasOneWay reports whether something in values of s, beside its properties, must not travel one way.
func hasOneWay(s *schema.Schema) bool {
	is := func(c *schema.Schema) bool { return c != nil && (c.ReadOnly || c.WriteOnly) }
	found := is(s.Items) || is(s.ExtraSchema)
	for _, list := range [][]*schema.Schema{s.OneOf, s.AnyOf} {
		for _, branch := range list {
			found = found || is(branch)
		}
	}
	return found
}

// refuseAny refuses lists and maps that have anything in them, where what is in them must not travel in direction dir.
func refuseAny(inside *schema.Schema, dir Direction) []model.Check {
	keyword := Stays(inside, dir)
	if keyword == "" {
		return nil
	}
	return []model.Check{{Keyword: gosrc.Quote(keyword), Op: model.IsEmpty}}
}

// refuseBranch refuses values of a branch that must not travel in direction dir, with a check that
// no value of the branch meets.
func refuseBranch(t *model.Type, branch *schema.Schema, dir Direction, check model.Check) {
	if keyword := Stays(branch, dir); keyword != "" {
		check.Keyword = gosrc.Quote(keyword)
		t.Checks = append(t.Checks, check)
	}
}

// MayCome warns of bodies that are readOnly as a whole, or in each item of a stream, and where what is readOnly is
// dropped, of branches that are: a client has to send something in their place.
func (b *Builder) MayCome(m *openapi.Media, drops bool) {
	for i, s := range []*schema.Schema{m.Whole, m.Items} {
		if s == nil || i > 0 && s == m.Whole {
			continue
		}
		if s.ReadOnly {
			b.Diags.Warnf(s.Pos, rules.ReadOnly, "a request body whose whole content is readOnly is read as any other, since no request could be sent without it; write the keyword on properties of it")
		}
		if !drops {
			continue
		}
		s.Walk(func(s *schema.Schema) bool {
			for _, branch := range slices.Concat(s.OneOf, s.AnyOf) {
				if branch.ReadOnly {
					b.Diags.Warnf(branch.Pos, rules.ReadOnly, "this branch is readOnly, and what matches it cannot be dropped, since nothing could stand in its place: such a value is refused; write the keyword on the property that has it")
				}
			}
			return true
		})
	}
}

// MayLeave refuses answers that would be writeOnly as a whole, or in each item of a stream.
func (b *Builder) MayLeave(m *openapi.Media) {
	for i, s := range []*schema.Schema{m.Whole, m.Items} {
		if i > 0 && s == m.Whole {
			continue
		}
		if Stays(s, Response) != "" {
			b.Errorf(s.Pos, rules.WriteOnly, "a response whose whole content is writeOnly can never be sent; write the keyword on a property of it")
		}
	}
}
