package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// holder is a customer's wallet: it has a key that tokens are bound to (DPoP, RFC 9449).
type holder struct{ signer }

func newHolder() (*holder, error) {
	s, err := newSigner()
	return &holder{s}, err
}

// cnf is what a token for the holder alone says.
func (h *holder) cnf() map[string]any {
	print := dpop.Thumbprint(&h.key.PublicKey)
	return map[string]any{"jkt": base64.RawURLEncoding.EncodeToString(print[:])}
}

// prove signs that a request with a token is the holder's.
func (h *holder) prove(method, address, token string) (string, error) {
	jwk, err := h.jwk()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(token))
	t := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix(), "ath": base64.RawURLEncoding.EncodeToString(sum[:]),
	})
	t.Header["typ"], t.Header["jwk"] = "dpop+jwt", jwk
	return t.SignedString(h.key)
}
