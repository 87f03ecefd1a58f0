package securitytest

import (
	"slices"

	"github.com/bailey-go/bailey/runtime/gen"
)

// other is the subject of a second caller.
const other = "attack-other-subject"

// agreed is the caller whom all schemes of an alternative can name, but for those that name
// clients; false if the document's list of machines has none of them.
func (c *Credentials) agreed(alt gen.Requirement, who Caller) (Caller, bool) {
	if len(alt) == 1 {
		return who, true
	}
	for _, need := range alt {
		if i := c.schemes[need.Scheme]; i != nil && !need.Client {
			if !i.names(who.Subject) {
				return who, false
			}
			who.Subject = i.subject(who.Subject)
		}
		m, ok := c.makers[need.Scheme].(*machines)
		if !ok || need.Client {
			continue
		}
		entry, id := m.choose(who.by(need), need.Scopes)
		switch {
		case entry == nil:
			return who, false
		case entry.Subject != "":
			id = entry.Subject
		}
		if who.Subject != anybody && who.Subject != id {
			return who, false
		}
		who.Subject = id
	}
	return who, true
}

// twoSubjects come with good credentials of two callers, where the alternative asks for one caller
// by several schemes.
func (a *attacker) twoSubjects(alt gen.Requirement, who Caller) {
	callers := 0
	for _, need := range alt {
		if !need.Client {
			callers++
		}
	}
	for k, need := range alt {
		if _, listed := a.credentials.makers[need.Scheme].(*machines); listed || need.Client || callers < 2 {
			continue
		}
		rest := slices.Delete(slices.Clone(alt), k, k+1)
		if a.covered(rest, who) || a.covered(gen.Requirement{need}, who) {
			continue // one of them is let in alone
		}
		stranger := who
		stranger.Subject = other
		a.wants("another caller's credential for "+need.Scheme, with(a.credentials.good(rest, who), a.credentials.good(gen.Requirement{need}, stranger)), is(401))
	}
}
