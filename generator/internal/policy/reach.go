package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// What nobody can meet refuses everybody, which is safe and is no use. It is looked for where the document alone says who the callers
// are, and what is known of them: the list of x-bailey-mtls, and claims that a scheme's callers do not have.

// reachable holds that some caller can meet the operation's security and its conditions.
func (r *reader) reachable(o *Operation, op *load.Node) {
	if len(o.Requirements) == 0 || o.Skip != nil {
		return
	}
	why := ""
	for _, alternative := range o.Requirements {
		w := alternative.unmet(o.Require)
		if w == "" {
			return
		}
		why = w
	}
	at := op.KeyPos()
	if len(o.Require) > 0 {
		at = o.Require[0].Pos
	}
	r.fail(at, rules.Unreachable, fmt.Sprintf("nobody could ever call %s: %s", o.name(), why), "give it to some caller, or ask for something else")
}

// unmet says why nobody can meet the alternative and the conditions, or "".
func (q Requirement) unmet(conditions []Condition) string {
	if len(q) == 0 {
		return ""
	}
	for _, n := range q {
		if why := n.unmet(); why != "" {
			return why
		}
	}
	if why := q.sharedField(); why != "" {
		return why
	}
	first := q[0] // whose caller it is
	s := first.Scheme
	for _, c := range conditions {
		switch {
		case c.MaxAge > 0 && (s.MTLS != nil || s.APIKey != nil || s.Basic != nil || s.Session != nil):
			return fmt.Sprintf("callers of %s have no claim auth_time, which max-age asks for", short(s.Name))
		case len(c.ACR) > 0 && (s.MTLS != nil || s.APIKey != nil || s.Basic != nil):
			return fmt.Sprintf("callers of %s have no claim acr", short(s.Name))
		}
	}
	if s.MTLS == nil || slices.ContainsFunc(s.MTLS.Callers, func(m MTLSCaller) bool {
		return m.has(first.Scopes, first.Roles) && !slices.ContainsFunc(conditions, func(c Condition) bool { return !m.meets(c) })
	}) {
		return ""
	}
	return fmt.Sprintf("no caller of %s has the scopes and roles that it asks for", short(s.Name))
}

// sharedField says which two schemes ask for different credentials in the one field Authorization, or "".
func (q Requirement) sharedField() string {
	for i, n := range q {
		words := n.Scheme.authSchemes()
		for _, other := range q[:i] {
			theirs := other.Scheme.authSchemes()
			if len(words) > 0 && len(theirs) > 0 && !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(theirs, w) }) {
				return fmt.Sprintf("%s and %s both stand in the one header Authorization", short(other.Scheme.Name), short(n.Scheme.Name))
			}
		}
	}
	return ""
}

// authSchemes are the authentication schemes of the credentials in Authorization, in lower case; none where they stand elsewhere, or that is not known.
func (s *Scheme) authSchemes() []string {
	switch {
	case s.APIKey != nil && s.APIKey.AuthScheme != "":
		return []string{strings.ToLower(s.APIKey.AuthScheme)}
	case s.Basic != nil:
		return []string{"basic"}
	case s.Type != "apiKey" && s.DPoP() != nil:
		return []string{"bearer", "dpop"}
	case s.Type != "apiKey" && (s.JWT != nil || s.Introspection != nil):
		return []string{"bearer"}
	}
	return nil
}

// unmet says why nobody can meet what is asked of one scheme, or "".
func (n Need) unmet() string {
	if n.Scheme.MTLS == nil || slices.ContainsFunc(n.Scheme.MTLS.Callers, func(m MTLSCaller) bool { return m.has(n.Scopes, n.Roles) }) {
		return ""
	}
	return fmt.Sprintf("no caller of %s has %s", short(n.Scheme.Name), short(strings.Join(slices.Concat(n.Scopes, n.Roles), ", ")))
}

// has reports whether the caller has all of the scopes and roles.
func (m MTLSCaller) has(scopes, roles []string) bool {
	lacks := func(have, want []string) bool {
		return slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(have, w) })
	}
	return !lacks(m.Scopes, scopes) && !lacks(m.Roles, roles)
}

// meets reports whether the caller has what a condition asks for, claims apart.
func (m MTLSCaller) meets(c Condition) bool {
	return m.has(c.Scopes, nil) && (len(c.Roles) == 0 || slices.ContainsFunc(c.Roles, func(role string) bool { return slices.Contains(m.Roles, role) }))
}

// lonely warns of an alternative that nobody can meet.
func (r *reader) lonely(n Need, at diag.Pos) {
	if why := n.unmet(); why != "" {
		r.diags.Add(diag.Diagnostic{Pos: at, Severity: diag.Warning, Rule: rules.UnmetRequirement, Message: why + ": nobody meets this requirement", Advice: "list it at a caller of x-bailey-mtls"})
	}
}
