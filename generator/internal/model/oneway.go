package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Of what must not travel one way, properties have no field there. Items, members that nobody names and branches keep their place in the Go type, and a
// check refuses the value that has one: an empty list may travel. Where x-bailey-read-only: drop holds, the decoder drops readOnly items and
// members; a branch has nothing that could take its place, and stays refused.

// stays is the keyword for which values of s must not travel in direction dir, or "".
func stays(s *schema.Schema, dir direction) string {
	switch {
	case s == nil:
	case dir == request && s.ReadOnly:
		return "readOnly"
	case dir == response && s.WriteOnly:
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
func refuseAny(inside *schema.Schema, dir direction) []Check {
	keyword := stays(inside, dir)
	if keyword == "" {
		return nil
	}
	return []Check{{Keyword: gosrc.Quote(keyword), Op: IsEmpty}}
}

// servers begins the name of the function that reads a list or a map: where what is in it is readOnly,
// it is dropped if the operation drops such members.
func (t *Type) servers() gosrc.Expr {
	for _, c := range t.Checks {
		if c.Op == IsEmpty && c.Keyword == gosrc.Quote("readOnly") {
			return gosrc.Raw("ReadOnly")
		}
	}
	return gosrc.Raw("")
}

// refuseBranch refuses values of a branch that must not travel in direction dir, with a check that
// no value of the branch meets.
func refuseBranch(t *Type, branch *schema.Schema, dir direction, check Check) {
	if keyword := stays(branch, dir); keyword != "" {
		check.Keyword = gosrc.Quote(keyword)
		t.Checks = append(t.Checks, check)
	}
}

// mayCome warns of bodies that are readOnly as a whole, or in each item of a stream, and where what is readOnly is
// dropped, of branches that are: a client has to send something in their place.
func (b *builder) mayCome(m *openapi.Media, drops bool) {
	for i, s := range []*schema.Schema{m.Whole, m.Items} {
		if s == nil || i > 0 && s == m.Whole {
			continue
		}
		if s.ReadOnly {
			b.diags.Warnf(s.Pos, rules.ReadOnly, "a request body whose whole content is readOnly is read as any other, since no request could be sent without it; write the keyword on properties of it")
		}
		if !drops {
			continue
		}
		s.Walk(func(s *schema.Schema) bool {
			for _, branch := range slices.Concat(s.OneOf, s.AnyOf) {
				if branch.ReadOnly {
					b.diags.Warnf(branch.Pos, rules.ReadOnly, "this branch is readOnly, and what matches it cannot be dropped, since nothing could stand in its place: such a value is refused; write the keyword on the property that has it")
				}
			}
			return true
		})
	}
}

// mayLeave refuses answers that would be writeOnly as a whole, or in each item of a stream.
func (b *builder) mayLeave(m *openapi.Media) {
	for i, s := range []*schema.Schema{m.Whole, m.Items} {
		if i > 0 && s == m.Whole {
			continue
		}
		if stays(s, response) != "" {
			b.errorf(s.Pos, rules.WriteOnly, "a response whose whole content is writeOnly can never be sent; write the keyword on a property of it")
		}
	}
}
