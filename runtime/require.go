package runtime

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Condition is what a caller must be, beside the scopes that the operation asks for: all
// that it names must hold.
type Condition struct {
	Scopes []string  // each of them must have been granted
	Roles  []string  // one of them
	Claims []ClaimIn // each of them
	// ACR are the authentication context classes of which the caller's token must name
	// one (OpenID Connect Core, section 2). Who comes with a weaker one is told so, and
	// may authenticate again (RFC 9470).
	ACR []string
}

// ClaimIn asks for a claim with one of the values.
type ClaimIn struct {
	Name   string // or a JSON pointer (RFC 6901)
	Values []string
}

// condition is a Condition, compiled.
type condition struct {
	scopes principal.Set
	names  []string // of the scopes
	roles  principal.Set
	asks   bool // for roles
	claims []ClaimIn
	acr    []string
}

// conditions compiles the operation's, and refuses those that nobody or anybody meets.
func (b *Builder) conditions(s *Server, m *mounted, at string) {
	if len(m.op.Require) > 0 && (m.public || m.anonymous) {
		b.fail("%s: callers without a name meet no condition", at)
	}
	for _, c := range m.op.Require {
		scopes, ok := s.table.Scopes(c.Scopes...)
		if !ok {
			b.fail("%s: a scope is not known", at)
		}
		roles, ok := s.table.Roles(c.Roles...)
		if !ok {
			b.fail("%s: a role is not known", at)
		}
		if len(c.Scopes)+len(c.Roles)+len(c.Claims)+len(c.ACR) == 0 || slices.ContainsFunc(c.Claims, func(c ClaimIn) bool { return c.Name == "" || len(c.Values) == 0 }) {
			b.fail("%s: a condition asks for nothing", at)
		}
		m.require = append(m.require, condition{scopes, c.Scopes, roles, len(c.Roles) > 0, c.Claims, c.ACR})
	}
}

// denial is why an authenticated caller may not call; the zero value is that they may.
type denial struct {
	rule   string
	scopes []string // that the call takes, of which the caller lacks one
	acr    []string
}

// permits judges the alternative of the operation whose schemes have just been asked:
// scopes and roles by the scheme that each belongs to, conditions by the caller, who is the first scheme's.
func (c *Call) permits(alt requirement, caller *principal.Principal) denial {
	held := c.held[len(c.held)-len(alt):]
	for i := range alt {
		switch has := held[i].Set(c.server.table); {
		case !has.Has(alt[i].scopes):
			return denial{rule: "scope", scopes: alt[i].names}
		case !has.Has(alt[i].roles):
			return denial{rule: "role"}
		}
	}
	for i := range c.op.require {
		r := &c.op.require[i]
		if !caller.Set(c.server.table).Has(r.scopes) {
			return denial{rule: "scope", scopes: alt[0].and(r.names)}
		}
		if r.asks && !caller.Set(c.server.table).Overlaps(r.roles) {
			return denial{rule: "role"}
		}
		for k := range r.claims {
			if !hasOne(caller, r.claims[k].Name, r.claims[k].Values) {
				return denial{rule: "claim"}
			}
		}
		if len(r.acr) > 0 && !hasOne(caller, "acr", r.acr) {
			return denial{rule: "acr", acr: r.acr}
		}
	}
	return denial{}
}

// and returns the scopes that a token must have to whom a condition asks for more: a challenge names
// all of them, not only what is missing (RFC 6750, section 3).
func (n need) and(more []string) []string {
	out := slices.Clone(n.names)
	for _, scope := range more {
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

func hasOne(p *principal.Principal, claim string, values []string) bool {
	for _, v := range values {
		if p.HasClaim(claim, v) {
			return true
		}
	}
	return false
}

// deny answers a caller who is known and may not: 403, or, where another way to
// authenticate would do, 401 and which (RFC 9470, section 3).
func (c *Call) deny(d denial) bool {
	if d.acr != nil {
		c.W.Header()["Www-Authenticate"] = []string{fmt.Sprintf(`%s error="insufficient_user_authentication", acr_values="%s"`, c.tokenScheme(), strings.Join(d.acr, " "))}
		return c.refuse(refusal{status: http.StatusUnauthorized, event: event.AuthzFail, rule: d.rule})
	}
	if d.scopes != nil {
		c.challenge(d.scopes, nil, -1)
	}
	return c.refuse(refusal{status: http.StatusForbidden, event: event.AuthzFail, rule: d.rule})
}

// tokenScheme is that by which the caller's token came.
func (c *Call) tokenScheme() string {
	if f := c.R.Header["Authorization"]; len(f) == 1 {
		if scheme, _, _ := strings.Cut(f[0], " "); strings.EqualFold(scheme, "DPoP") {
			return "DPoP"
		}
	}
	return "Bearer"
}
