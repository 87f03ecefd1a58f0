package securitytest

import (
	"slices"

	"github.com/bailey-go/bailey/runtime/gen"
)

// Guarded is a body with a member that only some callers may set.
type Guarded struct {
	Member  string // its pointer
	Body    string // as Operation.Body, with the member
	Writers []gen.Lift
}

// granted adds what the writers of guarded members have to an alternative's first scheme,
// whose principal the caller is, and to the caller. It reports whether there is such a caller.
func granted(alt gen.Requirement, who Caller, writers []gen.Lift) (gen.Requirement, Caller, bool) {
	alt = slices.Clone(alt)
	for _, w := range writers {
		switch {
		case writes(alt, who, w):
		case len(w.Scopes) > 0:
			alt[0].Scopes = append(slices.Clone(alt[0].Scopes), w.Scopes[0])
		case len(w.Roles) > 0:
			who.Roles = append(slices.Clone(who.Roles), w.Roles[0])
		default:
			return alt, who, false
		}
	}
	return alt, who, true
}

// writes reports whether the caller is one of the writers.
func writes(alt gen.Requirement, who Caller, w gen.Lift) bool {
	return overlap(w.Scopes, alt[0].Scopes) || overlap(w.Roles, who.by(alt[0]).Roles)
}

// writers sets each guarded member as who may and as who may not.
func (a *attacker) writers(alt gen.Requirement, who Caller, owns bool) {
	for _, g := range a.op.Guarded {
		if !a.op.Complete {
			a.t.Logf("NOT TRIED: who may set %s, for which no request could be made", g.Member)
			continue
		}
		other := *a
		other.op.Body = g.Body
		may := !slices.ContainsFunc(g.Writers, func(w gen.Lift) bool { return !writes(alt, who, w) })
		if !may {
			other.wants("setting "+g.Member+" without being allowed to", a.credentials.good(alt, who), is(403))
		}
		if alt, who, ok := granted(alt, who, g.Writers); ok && owns && a.credentials.carry(alt[0], who) {
			other.wants("setting "+g.Member+" as one who may", a.credentials.good(alt, who), a.passes)
		}
	}
}
