package idp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/jwk"
)

// Keys are what a provider signs with (ES256): one in use, and the one before it, whose tokens are still about. It is safe for concurrent use.
type Keys struct {
	mu      sync.Mutex
	signers []signer // the first one signs; all are published
}

type signer struct {
	kid string
	key *ecdsa.PrivateKey
}

// NewKeys draws a first key.
func NewKeys() (*Keys, error) {
	s, err := newSigner()
	return &Keys{signers: []signer{s}}, err
}

func newSigner() (signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return signer{rand.Text(), key}, err
}

// Rotate signs with a new key from now on, without a word to anybody: who verifies finds it in the JWK set. Rotate no more often than
// tokens expire, or tokens of the key before the last are refused.
func (k *Keys) Rotate() error {
	next, err := newSigner()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.signers = []signer{next, k.signers[0]}
	return nil
}

// Sign signs a token of a type (typ) with any claims: it is for the provider, and for tests that need tokens which it would never issue.
func (k *Keys) Sign(typ string, claims map[string]any) (string, error) {
	s := k.current()
	t := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims(claims))
	t.Header["typ"], t.Header["kid"] = typ, s.kid
	return t.SignedString(s.key)
}

// Public is the key in use.
func (k *Keys) Public() *ecdsa.PublicKey { return &k.current().key.PublicKey }

// ID names the key in use (kid).
func (k *Keys) ID() string { return k.current().kid }

func (k *Keys) current() signer {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.signers[0]
}

var errForeign = errors.New("idp: the token is not one of ours")

// verify returns the claims of an access token that these keys signed, and that has not expired.
func (k *Keys) verify(text string, options ...jwt.ParserOption) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	options = append(options, jwt.WithValidMethods([]string{"ES256"}), jwt.WithExpirationRequired())
	_, err := jwt.ParseWithClaims(text, claims, func(t *jwt.Token) (any, error) {
		if t.Header["typ"] == "at+jwt" {
			k.mu.Lock()
			defer k.mu.Unlock()
			for _, s := range k.signers {
				if t.Header["kid"] == s.kid {
					return &s.key.PublicKey, nil
				}
			}
		}
		return nil, errForeign
	}, options...)
	return claims, err
}

// jwks is what is published (RFC 7517, section 5).
func (k *Keys) jwks() (map[string]any, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := make([]jwk.Key, 0, len(k.signers))
	for _, s := range k.signers {
		key, err := jwk.Of(&s.key.PublicKey)
		if err != nil {
			return nil, err
		}
		key.Kid, key.Alg, key.Use = s.kid, "ES256", "sig"
		list = append(list, key)
	}
	return map[string]any{"keys": list}, nil
}
