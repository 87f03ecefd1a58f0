package gen

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

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
	// MaxAge is how long ago the caller may have authenticated, in whole seconds, by the token's auth_time (RFC 9068,
	// section 2.2.1): an integer, which must be there. 0 asks nothing.
	MaxAge time.Duration
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
	maxAge time.Duration
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
		if len(c.Scopes)+len(c.Roles)+len(c.Claims)+len(c.ACR) == 0 && c.MaxAge == 0 || slices.ContainsFunc(c.Claims, func(c ClaimIn) bool { return c.Name == "" || len(c.Values) == 0 }) {
			b.fail("%s: a condition asks for nothing", at)
		}
		if c.MaxAge < 0 || c.MaxAge%time.Second != 0 {
			b.fail("%s: %v is no number of seconds since somebody authenticated", at, c.MaxAge)
		}
		m.require = append(m.require, condition{scopes, c.Scopes, roles, len(c.Roles) > 0, c.Claims, c.ACR, c.MaxAge})
	}
}

// denial is why an authenticated caller may not call; the zero value is that they may.
type denial struct {
	rule   string
	scopes []string   // that the call takes, of which the caller lacks one
	again  *condition // that a new authentication may meet
}

// permits judges an alternative of the operation whose schemes all hold:
// scopes and roles by the scheme that each belongs to, conditions by the caller, who is the first scheme's.
func (c *Call) permits(alt requirement, caller *principal.Principal) denial {
	for i := range alt {
		held := caller
		if i > 0 {
			held, _ = c.ask(alt[i].scheme)
		}
		switch has := held.Set(c.server.table); {
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
			return denial{rule: "acr", again: r}
		}
		if r.maxAge > 0 && !authenticatedWithin(caller, r.maxAge, c.from.start, c.server.schemes[alt[0].scheme].leeway) {
			return denial{rule: "max-age", again: r}
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

// authenticatedWithin reports whether the caller authenticated in the time before now. The leeway counts for a time in the
// future alone, which the issuer's clock may be ahead by.
func authenticatedWithin(p *principal.Principal, age time.Duration, now time.Time, leeway time.Duration) bool {
	at, ok := p.Caller().IntClaim("auth_time")
	if !ok || at < 0 || at > now.Add(leeway).Unix() {
		return false
	}
	return now.Sub(time.Unix(at, 0)) <= age
}

// deny answers a caller who is known and may not: 403, or, where another
// authentication would do, 401 and which (RFC 9470, section 3).
func (c *Call) deny(d denial) bool {
	if d.again != nil {
		c.W.Header()["Www-Authenticate"] = []string{c.again(d.again)}
		return c.refuse(refusal{status: http.StatusUnauthorized, event: event.AuthzFail, rule: d.rule})
	}
	if d.scopes != nil {
		c.challenge(d.scopes, nil, -1)
	}
	return c.refuse(refusal{status: http.StatusForbidden, event: event.AuthzFail, rule: d.rule})
}

// again is the challenge to a caller who does not meet r. What the other conditions ask of an authentication stands
// there too, so that the next one does for all of them.
func (c *Call) again(r *condition) string {
	acr, age := r.acr, r.maxAge
	for i := range c.op.require {
		other := &c.op.require[i]
		if len(acr) == 0 {
			acr = other.acr
		}
		if other.maxAge > 0 && (age == 0 || other.maxAge < age) {
			age = other.maxAge
		}
	}
	b := c.tokenScheme() + ` error="insufficient_user_authentication"`
	if len(acr) > 0 {
		b += `, acr_values="` + strings.Join(acr, " ") + `"`
	}
	if age > 0 {
		b += `, max_age="` + strconv.FormatInt(int64(age/time.Second), 10) + `"`
	}
	return b
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
