package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/jwk"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// holder is a customer's wallet: it has a key that tokens are bound to (DPoP, RFC 9449).
type holder struct {
	key   *ecdsa.PrivateKey
	nonce string // that the server gave last
}

func newHolder() (*holder, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &holder{key: key}, err
}

// cnf is what a token for the holder alone says.
func (h *holder) cnf() map[string]any {
	print := dpop.Thumbprint(&h.key.PublicKey)
	return map[string]any{"jkt": base64.RawURLEncoding.EncodeToString(print[:])}
}

// prove signs that a request is the holder's, with a token if there is one already.
func (h *holder) prove(method, address, token string) (string, error) {
	key, err := jwk.Of(&h.key.PublicKey)
	if err != nil {
		return "", err
	}
	claims := jwt.MapClaims{"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix()}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if h.nonce != "" {
		claims["nonce"] = h.nonce
	}
	t := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	t.Header["typ"], t.Header["jwk"] = "dpop+jwt", key
	return t.SignedString(h.key)
}
