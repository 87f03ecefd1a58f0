// Package auth defines what the pipeline asks of an authenticator: a verified
// caller, or a reason to refuse that the caller never sees.
//
// There are four answers. A principal: the credential is good. [ErrMissing]: the
// request holds no credential of this scheme, so that an alternative may be
// tried. [*Refused]: there is one, and it is bad. [*Unavailable]: it could not be
// judged. Only the first lets a request through, and a nil principal with a
// nil error is a refusal too.
package auth

import (
	"errors"
	"net/http"
	"time"

	"github.com/bailey-go/bailey/runtime/principal"
)

// An Authenticator finds and verifies one security scheme's credential in a
// request. Implementations must be safe for concurrent use, must not read the
// body, and must not keep r. Text from the credential must not appear in errors.
type Authenticator interface {
	Authenticate(r *http.Request) (*principal.Principal, error)
}

// A TimedAuthenticator is an authenticator that judges by a time that it is given, the
// time at which the request began, so that all stages of a request see one clock.
type TimedAuthenticator interface {
	Authenticator
	AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error)
}

// A Noncer is an authenticator whose callers prove something about a nonce that it gave them (RFC 9449, sections 8 and 9). The nonce that comes
// with a principal goes into the field DPoP-Nonce: the caller's own is good, and ends soon (section 8.2). It is "" where there is no need.
type Noncer interface {
	TimedAuthenticator
	AuthenticateNonce(r *http.Request, now time.Time) (p *principal.Principal, nonce string, err error)
}

// A Lenient authenticator says which difference between the clocks of its issuer and of this
// machine it tolerates. Conditions on when its callers authenticated tolerate the same; of other
// authenticators, [DefaultLeeway].
type Lenient interface {
	Leeway() time.Duration
}

// DefaultLeeway is the difference between clocks that is tolerated where nobody says another.
const DefaultLeeway = 30 * time.Second

// A Challenger is an authenticator that can say what it expects, as one challenge
// for WWW-Authenticate (RFC 9110, section 11.6.1). With missing scopes it answers
// a caller that is known but not allowed (RFC 6750, section 3.1,
// insufficient_scope); with none, one that is not authenticated, and then the
// text is the same for every cause.
type Challenger interface {
	Challenge(missing []string) string
}

// A Negotiator is a [Challenger] that has several challenges, or other ones for a caller whose credential of this scheme was
// refused: refused is nil where there was none. What it says may depend on the refusal's Code and Nonce, and on nothing else of it.
type Negotiator interface {
	Challenges(missing []string, refused *Refused) []string
}

// A Relaxed authenticator has an issuer, and names what in the server's configuration weakens it: a rule for each, of which the server records an event
// when it starts.
type Relaxed interface {
	Relaxed() (issuer string, rules []string)
}

// ErrMissing says that the request carries no credential of the scheme.
var ErrMissing = errors.New("auth: no credential of this scheme")

// Refused says that the request carries a credential which does not hold.
type Refused struct {
	// Rule names the check that failed, for the security event only: a caller
	// who learns which check failed learns how to pass it. Fixed text, never
	// part of the credential.
	Rule string
	// Foreign says that the credential is another authenticator's, if anybody's: that one's reason counts for the event.
	Foreign bool
	// Code is the error code of the challenge (RFC 6750, section 3.1; RFC 9449, section 7.1); "" means invalid_token. Where it is set, the
	// credential is good but for how it was presented, so that this authenticator's reason counts before another's.
	Code string
	// Nonce goes into the field DPoP-Nonce (RFC 9449, section 9), if it is set.
	Nonce string
}

func (e *Refused) Error() string { return "auth: refused: " + e.Rule }

// Unavailable says that a credential could not be judged, because what is needed
// for it (keys, a store) cannot be had. The request must be refused. A handler that returns one has
// its request answered 503, too.
type Unavailable struct {
	// Rule names what is missing, as in [Refused].
	Rule string
	// Err is the cause, if known. It may name internal hosts and files: for logs only.
	Err error
	// RetryAfter is how long from now the credential may be judged, for the field Retry-After; 0 where
	// nobody knows.
	RetryAfter time.Duration
	// Unverified says that nothing in the credential has been verified, so that everybody can bring
	// this about, and for as many requests as they like. Such a request counts against its address
	// also where limits count by principal, and one event a minute stands for all those with the
	// same Issuer and Rule.
	Unverified bool
	// Issuer is that of the policy, for the event.
	Issuer string
}

func (e *Unavailable) Error() string { return "auth: unavailable: " + e.Rule }

func (e *Unavailable) Unwrap() error { return e.Err }
