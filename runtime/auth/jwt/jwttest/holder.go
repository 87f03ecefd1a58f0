package jwttest

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/internal/mint"
)

// Holder is a client that proves with each request that it holds the key its token is bound to
// (DPoP, RFC 9449), with ES256. It is safe for concurrent use.
type Holder struct{ key *ecdsa.PrivateKey }

// NewHolder makes a client with a key of its own.
func NewHolder() (*Holder, error) {
	key, _, err := mint.Key("ES256")
	if err != nil {
		return nil, err
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("jwttest: ES256 has no ECDSA key")
	}
	return &Holder{key: private}, nil
}

// Confirmation is the claim cnf of tokens that are bound to the client's key.
func (h *Holder) Confirmation() map[string]any {
	print := dpop.Thumbprint(&h.key.PublicKey)
	return map[string]any{"jkt": base64.RawURLEncoding.EncodeToString(print[:])}
}

// Proof is the field DPoP of one request with a token. The URL is that of the request; its query and
// fragment are left out. Claims replace those that the proof has otherwise, as nonce adds the nonce
// that the server asked for; nil leaves one out. It panics if the URL is none.
func (h *Holder) Proof(method, address, token string, claims map[string]any) string {
	u, err := url.Parse(address)
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	sum := sha256.Sum256([]byte(token))
	all := merged(map[string]any{
		"jti": text(), "htm": method, "htu": u.String(), "iat": time.Now().Unix(),
		"ath": base64.RawURLEncoding.EncodeToString(sum[:]),
	}, claims)
	return sign(gojwt.SigningMethodES256, h.key, map[string]any{"typ": "dpop+jwt", "jwk": mint.JWK(&h.key.PublicKey)}, all)
}

// text is an identifier that was not there before.
func text() string { return rand.Text() }
