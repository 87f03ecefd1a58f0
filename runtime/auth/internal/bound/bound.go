// Package bound reads what a token is bound to, its cnf (RFC 7800, section 3), and checks what can be seen of it in a request.
package bound

import (
	"errors"
	"time"

	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"github.com/bailey-go/bailey/runtime/auth"
)

// A Key is what a token is bound to: the caller must show that they hold each. Nil stands for a token that is bound to nothing.
type Key struct {
	// Certificate is the SHA-256 of a client certificate (x5t#S256; RFC 8705, section 3.1), JWK the SHA-256 thumbprint of
	// a key that signs DPoP proofs (jkt; RFC 9449, section 6.1).
	Certificate, JWK *[sha256.Size]byte
}

// Read returns what the claims are bound to, nil where they are not. It reports false for a cnf that has anything else in it, or
// nothing: what cannot be checked must not pass for a bearer token.
func Read(claims map[string]any) (*Key, bool) {
	cnf, ok := claims["cnf"]
	if !ok {
		return nil, true
	}
	members, ok := cnf.(map[string]any)
	if !ok || len(members) == 0 {
		return nil, false
	}
	k := new(Key)
	for name, value := range members {
		var into **[sha256.Size]byte
		switch name {
		case "x5t#S256":
			into = &k.Certificate
		case "jkt":
			into = &k.JWK
		default:
			return nil, false
		}
		if *into, ok = digest(value); !ok {
			return nil, false
		}
	}
	return k, true
}

// digest reads a SHA-256 in base64url.
func digest(v any) (*[sha256.Size]byte, bool) {
	text, _ := v.(string)
	if len(text) != base64.RawURLEncoding.EncodedLen(sha256.Size) {
		return nil, false
	}
	var sum [sha256.Size]byte
	n, err := base64.RawURLEncoding.Strict().Decode(sum[:], []byte(text))
	return &sum, err == nil && n == len(sum)
}

// HoldsCertificate reports whether the request came over a connection whose client has shown, in the handshake, that it
// holds the key of the certificate. Who signed the certificate does not matter (RFC 8705, section 3).
func HoldsCertificate(r *http.Request, want *[sha256.Size]byte) bool {
	if r == nil || r.TLS == nil || !r.TLS.HandshakeComplete || len(r.TLS.PeerCertificates) == 0 {
		return false
	}
	got := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// A Prover judges the DPoP proof of a request (RFC 9449, section 4.3): that it was made with the key of that thumbprint, for this
// request and this token. It returns the nonce that the next proofs are to have, "" where nothing changes. Its errors are [*auth.Refused] and
// [*auth.Unavailable].
type Prover interface {
	Check(r *http.Request, token string, thumbprint *[sha256.Size]byte, now time.Time) (next string, err error)
}

// Rules say what tokens must be bound to. A token that is bound is good for who holds the key alone, whatever they say.
type Rules struct {
	Certificate bool   // each must be bound to a certificate
	Proofs      Prover // judges DPoP proofs; nil: what is bound to such a key is refused
	Proof       bool   // each must be bound to such a key
	Place       Place  // where tokens stand
	MaxToken    int    // their bound in bytes; 0 means auth.MaxToken
}

const invalidToken = "invalid_token"

// Refusals. The same rule whatever kind of token it is.
var (
	ErrUnknown = &auth.Refused{Rule: "token-confirmation"}                      // a cnf that cannot be checked
	errUnbound = &auth.Refused{Rule: "token-not-bound", Code: invalidToken}     // to what the policy asks for
	errHolder  = &auth.Refused{Rule: "token-certificate", Code: invalidToken}   // another certificate, or none
	errProof   = &auth.Refused{Rule: "token-proof-missing", Code: invalidToken} // bound to a key, and presented as a bearer token
)

// A Token is how a request presents one.
type Token struct {
	Text  string
	Proof bool // by the scheme DPoP
}

// Find returns the request's token. Where proofs are asked for, a bearer token is none.
func (x *Rules) Find(r *http.Request) (Token, error) {
	if x.Place.In != "" {
		text, err := x.Place.find(r, x.most())
		return Token{Text: text}, err
	}
	text, err := auth.SchemeText(r.Header["Authorization"], "Bearer", x.most())
	if x.Proofs == nil {
		return Token{Text: text}, err
	}
	switch {
	case err == nil && x.Proof:
		return Token{}, errUnbound // not ErrMissing: who comes with a credential is not anonymous
	case !errors.Is(err, auth.ErrMissing):
		return Token{Text: text}, err
	}
	text, err = auth.SchemeText(r.Header["Authorization"], "DPoP", x.most())
	return Token{text, true}, err
}

func (x *Rules) most() int {
	if x.MaxToken == 0 {
		return auth.MaxToken
	}
	return x.MaxToken
}

// Plain reports whether a token that is bound to nothing is good as it is presented, so that Check need not be asked.
func (x *Rules) Plain(key *Key, t Token) bool {
	return key == nil && !t.Proof && !x.Certificate && !x.Proof
}

// Check has the request show that its caller holds what the token is bound to, and the token be bound to what the rules ask for. A proof
// is spent by that, so that it comes last. Nil stands for a request that cannot be looked at. What it returns is the [Prover]'s.
func (x *Rules) Check(r *http.Request, key *Key, t Token, now time.Time) (next string, err error) {
	switch {
	case key == nil && (t.Proof || x.Proof || x.Certificate), x.Certificate && key.Certificate == nil, (x.Proof || t.Proof) && key.JWK == nil:
		return "", errUnbound // RFC 9449, section 7.1: the scheme DPoP is for bound tokens alone
	case key == nil:
		return "", nil
	case key.Certificate != nil && !HoldsCertificate(r, key.Certificate):
		return "", errHolder
	case key.JWK == nil:
		return "", nil
	case r == nil || x.Proofs == nil || !t.Proof:
		return "", errProof // RFC 9449, section 7.2
	}
	return x.Proofs.Check(r, t.Text, key.JWK, now)
}

// Challenges are those of [auth.Negotiator], for the schemes that are good.
func (x *Rules) Challenges(realm string, missing []string, refused *auth.Refused) []string {
	if x.Place.In != "" && !x.Place.bearer() {
		return x.Place.challenge(missing)
	}
	if x.Proofs == nil {
		return auth.BearerChallenges(realm, missing, refused)
	}
	var list []string
	if !x.Proof {
		if refused != nil && refused.Code != "" && refused.Code != invalidToken {
			list = auth.BearerChallenges(realm, missing, nil) // it is the proof that was refused
		} else {
			list = auth.BearerChallenges(realm, missing, refused)
		}
	}
	if c, ok := x.Proofs.(interface {
		Challenge(realm string, missing []string, refused *auth.Refused) string
	}); ok {
		list = append(list, c.Challenge(realm, missing, refused))
	}
	return list
}
