package principal

import (
	"fmt"
	"iter"
	"log/slog"
	"time"
)

// A Caller is a [Principal] as handlers and authorisers have it: it can be read, and neither it nor
// anything that it hands out leads to a change of the principal, which other requests of the
// same credential share. It is one pointer, and may be copied and kept after the request.
//
// The zero value is nobody: who calls an operation that needs no caller. It holds no scope, no
// role and no claim.
type Caller struct{ p *Principal }

// Caller returns p as those see it who may not change it. Of nil it is nobody.
func (p *Principal) Caller() Caller { return Caller{p} }

var nobody = new(Principal)

func (c Caller) principal() *Principal {
	if c.p == nil {
		return nobody
	}
	return c.p
}

// Anonymous reports whether the caller is nobody: no credential was asked for, or none was given
// where the document lets callers in without.
func (c Caller) Anonymous() bool { return c.p == nil }

// Subject names the caller; unique within Issuer. It is empty for nobody.
func (c Caller) Subject() string { return c.principal().Subject }

// Issuer names who vouches for the subject: a token's iss, empty for API keys.
func (c Caller) Issuer() string { return c.principal().Issuer }

// Scheme is the security scheme that authenticated the caller.
func (c Caller) Scheme() string { return c.principal().Scheme }

// Tenant is whom the caller belongs to, where the scheme's policy has a claim for it.
func (c Caller) Tenant() string { return c.principal().Tenant }

// Expires is when the credential ends; zero means that it does not. Of a token, it is exp plus the
// leeway of its scheme: until then the token is accepted here, and a revocation must be kept.
func (c Caller) Expires() time.Time { return c.principal().Expires }

// HasScope reports whether the caller was granted the scope, compared byte by byte.
func (c Caller) HasScope(scope Scope) bool { return c.p.HasScope(scope) }

// HasRole reports whether the caller has the role, compared byte by byte.
func (c Caller) HasRole(role Role) bool { return c.p.HasRole(role) }

// Scopes are what the caller was granted, in the credential's order: those that the document does
// not name are among them.
func (c Caller) Scopes() iter.Seq[Scope] { return each[Scope](c.principal().Scopes) }

// Roles are what the caller is, in the credential's order: those that the document does not name
// are among them.
func (c Caller) Roles() iter.Seq[Role] { return each[Role](c.principal().Roles) }

func each[T ~string](list []string) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, s := range list {
			if !yield(T(s)) {
				return
			}
		}
	}
}

// Fingerprint is [Principal.Fingerprint]: what rate limits count the caller by. All callers
// who are nobody have the same.
func (c Caller) Fingerprint() [16]byte { return c.principal().Fingerprint() }

// String names the caller as [Principal.String] does, and nobody as "anonymous".
func (c Caller) String() string {
	if c.p == nil {
		return "anonymous"
	}
	return c.p.String()
}

// Format prints [Caller.String] for each verb: nothing else of the caller can be printed.
func (c Caller) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), c.String())
}

// LogValue logs who, never the claims.
func (c Caller) LogValue() slog.Value {
	if c.p == nil {
		return slog.GroupValue(slog.Bool("anonymous", true))
	}
	return c.p.LogValue()
}
