package gen

import (
	"errors"
	"net/http"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
)

// verdict is a scheme's answer about the request's credential. Each scheme gives one answer per
// request, whatever the number of alternatives that name it: a DPoP proof can be spent once, and a
// second question may cost a hash or a round trip.
type verdict struct {
	scheme int
	caller *principal.Principal
	err    error
}

// The refusals of the pipeline itself.
var (
	errNoPrincipal = &auth.Refused{Rule: "no-principal"}
	errExpired     = &auth.Refused{Rule: "expired"}
	errSubjects    = &auth.Refused{Rule: "subjects-differ"}
)

// ask returns the verdict of a scheme, and asks its authenticator if there is none yet.
func (c *Call) ask(scheme int) (*principal.Principal, error) {
	c.who.asked = scheme
	for i := range c.who.verdicts {
		if v := &c.who.verdicts[i]; v.scheme == scheme {
			return v.caller, v.err
		}
	}
	p, err := c.server.schemes[scheme].authenticate(c)
	switch {
	case err != nil:
		p = nil
	case p == nil:
		err = errNoPrincipal
	case p.Expired(c.from.start):
		p, err = nil, errExpired
	}
	c.who.verdicts = append(c.who.verdicts, verdict{scheme, p, err})
	return p, err
}

func (s *namedAuthenticator) authenticate(c *Call) (*principal.Principal, error) {
	switch {
	case s.nonces != nil:
		p, nonce, err := s.nonces.AuthenticateNonce(c.R, c.from.start)
		if nonce != "" && err == nil {
			c.W.Header()["Dpop-Nonce"] = []string{nonce}
		}
		return p, err
	case s.timed != nil:
		return s.timed.AuthenticateAt(c.R, c.from.start)
	}
	return s.auth.Authenticate(c.R)
}

// sameOrigin refuses requests of pages of other origins, where a browser adds the credential. Of the methods that change
// nothing it refuses those that ask for another protocol: a page may read what comes over a WebSocket of another origin.
func (c *Call) sameOrigin() bool {
	if !c.op.op.SameOrigin {
		return true
	}
	r := c.R
	if r.Header["Upgrade"] != nil {
		r = r.WithContext(r.Context())
		r.Method = http.MethodPost // http.CrossOriginProtection lets GET pass
	}
	if c.server.origins.Check(r) != nil {
		return c.refuse(refusal{status: http.StatusForbidden, event: event.CSRF, rule: "cross-origin"})
	}
	return true
}

// failures are why alternatives were not met.
type failures struct {
	bad         error // the credential that was refused, of several the likeliest
	by          int   // the scheme that refused it
	unavailable error
}

func (f *failures) note(err error, by int) {
	switch {
	case err == nil, errors.Is(err, auth.ErrMissing):
	case isUnavailable(err):
		f.unavailable = err
	case f.bad == nil || nearness(err) >= nearness(f.bad):
		f.bad, f.by = err, by
	}
}

// authenticate finds the first alternative whose schemes all hold. A credential that is there and
// bad refuses the request unless an alternative with a credential holds: it does not fall back to
// being anonymous. Before a request counts as anonymous, every scheme of every alternative has
// found no credential of its own, or a good one.
func (c *Call) authenticate() bool {
	if c.op.public {
		return true
	}
	failed := failures{by: -1}
	for i := range c.op.access {
		p, err := c.attempt(c.op.access[i])
		if err == nil {
			c.who.alternative, c.ctx.principal = i, p
			return true
		}
		failed.note(err, c.who.asked)
	}
	if c.op.anonymous && failed.bad == nil && failed.unavailable == nil {
		for _, alt := range c.op.access {
			for i := range alt {
				_, err := c.ask(alt[i].scheme)
				failed.note(err, c.who.asked)
			}
		}
		if failed.bad == nil && failed.unavailable == nil {
			c.who.alternative = -1
			return true
		}
	}
	if failed.unavailable != nil {
		return c.cannotAuthenticate(failed.unavailable)
	}
	rule, refused := "no-credential", (*auth.Refused)(nil)
	if failed.bad != nil {
		rule = ruleOf(failed.bad)
		errors.As(failed.bad, &refused)
	}
	c.challenge(nil, refused, failed.by)
	return c.refuse(refusal{status: http.StatusUnauthorized, event: event.AuthnFail, rule: rule})
}

// attempt asks every scheme of an alternative. The caller is the first scheme's. The others must
// agree on the subject, or name none, except for schemes that name the client through which the
// subject calls (Need.Client).
func (c *Call) attempt(alt requirement) (*principal.Principal, error) {
	var caller, named *principal.Principal
	for i := range alt {
		p, err := c.ask(alt[i].scheme)
		if err != nil {
			return nil, err
		}
		if caller == nil {
			caller = p
		}
		switch {
		case alt[i].client, p.Subject == "":
		case named == nil:
			named = p
		case !agree(named, p):
			return nil, errSubjects
		}
	}
	return caller, nil
}

// agree reports whether two principals are the same subject. A subject is unique within its
// issuer: two issuers may call different people by one name. Schemes without an issuer, such as
// API keys and sessions, name subjects as the operator of this server does.
func agree(a, b *principal.Principal) bool {
	return a.Subject == b.Subject && (a.Issuer == "" || b.Issuer == "" || a.Issuer == b.Issuer)
}

func isUnavailable(err error) bool {
	var u *auth.Unavailable
	return errors.As(err, &u)
}

// nearness says how likely a refused credential is the authenticator's own: whose reason counts.
func nearness(err error) int {
	r := (*auth.Refused)(nil)
	switch {
	case !errors.As(err, &r):
		return 1
	case r.Foreign:
		return 0
	case r.Code != "":
		return 2
	}
	return 1
}

func ruleOf(err error) string {
	if r := (*auth.Refused)(nil); errors.As(err, &r) {
		return r.Rule
	}
	return "authenticator"
}

// authorise asks what the caller may: the scopes and conditions of the alternative that
// authenticated, or of another one that the request's credentials meet too. OR is OR. It settles
// who the caller is. A request that ends here with 403 is charged to the principal of the last
// alternative that authenticated; one of which an alternative could not be judged ends with 503.
func (c *Call) authorise() bool {
	if c.op.public || c.who.alternative < 0 {
		return true
	}
	first, last := c.permits(c.op.access[c.who.alternative], c.ctx.principal), c.ctx.principal
	if first.rule == "" {
		return true
	}
	var unavailable error
	for i := range c.op.access {
		if i == c.who.alternative {
			continue
		}
		p, err := c.attempt(c.op.access[i])
		switch {
		case isUnavailable(err):
			unavailable = err
		case err != nil:
		case c.permits(c.op.access[i], p).rule == "":
			c.who.alternative, c.ctx.principal = i, p
			return true
		default:
			last = p
		}
	}
	if unavailable != nil {
		return c.cannotAuthenticate(unavailable)
	}
	known := c.ctx.principal
	c.ctx.principal = last
	if !c.limitPrincipal() {
		return false
	}
	c.ctx.principal = known
	return c.deny(first)
}
