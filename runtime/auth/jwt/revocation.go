package jwt

import (
	"context"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// A TokenID is what a token is revoked by.
type TokenID struct {
	// Issuer and Subject are iss and sub.
	Issuer, Subject string
	// ID is jti: unique among the issuer's tokens (RFC 7519, section 4.1.7), never empty.
	ID string
	// IssuedAt is iat, by the issuer's clock and mostly in whole seconds.
	IssuedAt time.Time
}

// Revocations knows the tokens that ended before they expire: single ones by their ID, and
// those of a subject that were issued up to some time (after a changed password, a stolen device, a left employee).
//
// It is asked for each request, after everything else about the token holds, and must be safe for
// concurrent use. An error means that it cannot say, and the request is answered 503. The context ends with the request,
// or after [Policy].RevocationTimeout; an implementation must return then.
type Revocations interface {
	Revoked(ctx context.Context, t TokenID) (bool, error)
}

// maxTokenID bounds jti, in bytes.
const maxTokenID = 256

// identify takes from the claims what the token may be revoked by. One that nobody could revoke is refused.
func (e *remembered) identify(c *claims) error {
	id, err := c.text("jti")
	if err != nil || len(id) > maxTokenID {
		return errClaims
	}
	issued, err := c.date("iat")
	switch {
	case err != nil:
		return errClaims
	case id == "" || issued == nil:
		return errRequired
	}
	e.id, e.issued = id, issued.Time
	return nil
}

// checkRevoked asks the store. For a store in memory it does not allocate.
func (a *Authenticator) checkRevoked(ctx context.Context, e *remembered) error {
	t := TokenID{Issuer: e.caller.Issuer, Subject: e.caller.Subject, ID: e.id, IssuedAt: e.issued}
	if m, ok := a.policy.Revocations.(*RevocationMemory); ok {
		if m.revoked(t) {
			return errRevoked
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.policy.RevocationTimeout)
	defer cancel()
	revoked, err := a.policy.Revocations.Revoked(ctx, t)
	switch {
	case err != nil:
		return &auth.Unavailable{Rule: "revocation-store", Err: err}
	case revoked:
		return errRevoked
	}
	return nil
}
