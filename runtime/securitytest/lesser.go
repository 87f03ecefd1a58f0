package securitytest

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/gen"
)

// by is the caller as a credential for one scheme names them: with the roles that are asked for by that scheme.
func (c Caller) by(need gen.Need) Caller {
	c.Roles = union(c.Roles, need.Roles)
	return c
}

// scoped adds the scopes that conditions ask for to an alternative's first scheme, whose principal the caller is.
func (a *attacker) scoped(alt gen.Requirement) gen.Requirement {
	alt = slices.Clone(alt)
	for _, c := range a.op.Require {
		alt[0].Scopes = union(alt[0].Scopes, c.Scopes)
	}
	return alt
}

// lesser come without one of the scopes or roles that a scheme of the alternative asks for.
func (a *attacker) lesser(alt gen.Requirement, k int, asked gen.Need, who Caller) {
	for _, scope := range asked.Scopes {
		a.withoutScope(alt, k, scope, who)
	}
	for _, role := range asked.Roles {
		less := slices.Clone(alt)
		less[k].Roles = except(less[k].Roles, role)
		who := who
		who.Roles = except(who.Roles, role)
		a.without("role", role, less, k, who)
	}
}

func (a *attacker) withoutScope(alt gen.Requirement, k int, scope string, who Caller) {
	less := slices.Clone(alt)
	less[k].Scopes = except(less[k].Scopes, scope)
	a.without("scope", scope, less, k, who)
}

// without sends credentials of which one lacks a scope or role.
func (a *attacker) without(kind, name string, less gen.Requirement, k int, who Caller) {
	if a.covered(less, who) {
		return // another alternative lets this caller in
	}
	if slices.Contains(a.credentials.grants(less[k], who)[kind], name) {
		a.t.Logf("NOT TRIED: without the %s %s: every caller of the document's list has it who has the others", kind, name)
		return
	}
	a.wants("without the "+kind+" "+name, a.credentials.good(less, who), is(403))
}

// roleless come without any of the roles of a condition.
func (a *attacker) roleless(roles []string, alt gen.Requirement, who Caller) {
	if len(roles) == 0 {
		return
	}
	name := strings.Join(roles, ", ")
	if slices.ContainsFunc(alt, func(n gen.Need) bool { return overlap(n.Roles, roles) }) {
		a.t.Logf("NOT TRIED: without a role of %s: security asks for one of them as well", name)
		return
	}
	who.Roles = []string{"nobody"}
	a.wants("without a role of "+name, a.credentials.good(alt, who), is(403))
}

// covered reports whether credentials for less meet some alternative.
func (a *attacker) covered(less gen.Requirement, who Caller) bool {
	return slices.ContainsFunc(a.op.Access.Alternatives(), func(alt gen.Requirement) bool {
		return len(alt) > 0 && !slices.ContainsFunc(a.scoped(alt), func(asked gen.Need) bool {
			return !slices.ContainsFunc(less, func(held gen.Need) bool {
				return held.Scheme == asked.Scheme && holds(held.Scopes, asked.Scopes) && holds(who.by(held).Roles, asked.Roles)
			})
		})
	})
}

// union is what is in either, in their order.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func except(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// holds reports whether all holds each of some.
func holds(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
