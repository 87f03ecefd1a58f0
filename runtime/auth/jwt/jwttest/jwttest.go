// Package jwttest is an issuer of tokens for tests and demonstrations: it signs JSON Web Tokens with
// keys that it makes, publishes the keys, replaces them, and makes the proofs of clients that hold a
// key (DPoP). Its keys live in memory alone.
//
// It is no authorization server: it gives every caller the token that the caller asks for.
package jwttest

import (
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/internal/mint"
)

// Config has the claims and the header that an issuer writes.
type Config struct {
	// Issuer and Audience are the claims iss and aud, as the document has them in x-bailey-jwt.
	Issuer, Audience string
	// TrustDomain, in place of Issuer, makes JWT-SVIDs of a SPIFFE trust domain, as the document has it: tokens without iss, with the
	// typ JWT unless Type says another, and keys with the use jwt-svid. Tests write a SPIFFE ID as sub.
	TrustDomain string
	// Algorithm signs: ES256 unless it is set, or another one that x-bailey-jwt knows except HS256,
	// HS384 and HS512, whose keys cannot be published.
	Algorithm string
	// Type is the member typ of the header; "" means at+jwt (RFC 9068), and jwt.NoType that there is none.
	Type string
	// Lifetime is from the claim iat to exp; 0 means 5 minutes.
	Lifetime time.Duration
	// Clock replaces time.Now.
	Clock func() time.Time
}

// Issuer signs tokens. It is an http.Handler that answers every GET with its public keys as a JWK
// Set (RFC 7517), and is safe for concurrent use.
type Issuer struct {
	config Config
	method gojwt.SigningMethod

	mutex sync.Mutex
	made  int
	keys  []signer // those that are published; the last one signs
}

type signer struct {
	id  string
	key any
	jwk map[string]string
}

// New returns an issuer with one key.
func New(c Config) (*Issuer, error) {
	if (c.Issuer == "") == (c.TrustDomain == "") || c.Audience == "" {
		return nil, errors.New("jwttest: Config needs Audience, and Issuer or TrustDomain")
	}
	if c.Algorithm == "" {
		c.Algorithm = "ES256"
	}
	if c.Type == "" {
		c.Type = "at+jwt"
		if c.TrustDomain != "" {
			c.Type = "JWT"
		}
	}
	if c.Lifetime == 0 {
		c.Lifetime = 5 * time.Minute
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	i := &Issuer{config: c, method: mint.Method(c.Algorithm)}
	switch c.Algorithm {
	case "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		return i, i.Rotate()
	}
	return nil, fmt.Errorf("jwttest: the algorithm %q has no key that can be published", c.Algorithm)
}

// Rotate makes a new key, which signs from now on. Those before stay published until [Issuer.Retire].
func (i *Issuer) Rotate() error {
	key, err := newSigner(i.config.Algorithm)
	if err != nil {
		return err
	}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.made++
	key.id = "key-" + strconv.Itoa(i.made)
	i.keys = append(i.keys, key)
	return nil
}

func newSigner(algorithm string) (signer, error) {
	key, _, err := mint.Key(algorithm)
	if err != nil {
		return signer{}, err
	}
	public, ok := key.(crypto.Signer)
	if !ok {
		return signer{}, fmt.Errorf("jwttest: the algorithm %q has no public key", algorithm)
	}
	return signer{key: key, jwk: mint.JWK(public.Public())}, nil
}

// Retire publishes the key that signs, and no other: tokens of the keys before are refused once the
// server has fetched the keys again.
func (i *Issuer) Retire() {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.keys = i.keys[len(i.keys)-1:]
}

// Token signs a good token with the given claims, which replace those of the same name that it has
// otherwise: iss, aud, iat, exp and jti. A claim that is nil is left out, so that a test can leave
// out a claim that must be there. It panics if a claim cannot be written as JSON.
func (i *Issuer) Token(claims map[string]any) string {
	i.mutex.Lock()
	s := i.keys[len(i.keys)-1]
	i.mutex.Unlock()
	now := i.config.Clock()
	all := merged(map[string]any{
		"iss": i.config.Issuer, "aud": i.config.Audience, "jti": text(),
		"iat": now.Unix(), "exp": now.Add(i.config.Lifetime).Unix(),
	}, claims)
	if _, written := claims["iss"]; i.config.TrustDomain != "" && !written {
		delete(all, "iss")
	}
	header := map[string]any{"typ": i.config.Type, "kid": s.id}
	if i.config.Type == jwt.NoType {
		header["typ"] = nil
	}
	return sign(i.method, s.key, header, all)
}

// merged are claims with those in place that a test gives; nil leaves one out.
func merged(claims, given map[string]any) map[string]any {
	maps.Copy(claims, given)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

func sign(method gojwt.SigningMethod, key any, header, claims map[string]any) string {
	token, err := mint.Sign(method, key, header, claims)
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	return token
}

// JWKS is the set of public keys as JSON (RFC 7517).
func (i *Issuer) JWKS() []byte {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	keys := make([]map[string]string, len(i.keys))
	for n, s := range i.keys {
		keys[n] = maps.Clone(s.jwk)
		keys[n]["kid"], keys[n]["alg"], keys[n]["use"] = s.id, i.config.Algorithm, "sig"
		if i.config.TrustDomain != "" {
			keys[n]["use"] = "jwt-svid"
		}
	}
	set, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic("jwttest: " + err.Error()) // it is made of text alone
	}
	return set
}

// Keys are the public keys of this moment, for the field of the generated Config. A server that is to
// see a rotation gets a [jwt.RemoteSource] with the URL of a server that has the Issuer as its handler.
func (i *Issuer) Keys() jwt.KeySource { return jwt.Inline(string(i.JWKS())) }

// ServeHTTP answers with the public keys.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	_, _ = w.Write(i.JWKS())
}
