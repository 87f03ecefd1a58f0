package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// issuer makes the demonstration's tokens with a key that lives as long as the
// process. In production this is somebody else's job: the server knows nothing but
// the issuer's public keys.
type issuer struct {
	key       *ecdsa.PrivateKey
	publicPEM string
}

func newIssuer() (*issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &issuer{key: key, publicPEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}, nil
}

// issue makes a token for subject as RFC 9068 has it.
func (i *issuer) issue(subject string, scopes ...string) (string, error) {
	return i.sign("at+jwt", i.claims(subject, scopes...))
}

// issueAs makes a token with roles, for somebody who authenticated in the way acr.
func (i *issuer) issueAs(subject string, roles []string, acr string, scopes ...string) (string, error) {
	c := i.claims(subject, scopes...)
	c["roles"], c["acr"], c["branch"] = roles, acr, 7
	return i.sign("at+jwt", c)
}

func (i *issuer) claims(subject string, scopes ...string) jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": "https://login.bank.example", "aud": "https://api.bank.example", "sub": subject,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "scope": strings.Join(scopes, " "),
		"tenant": "bank",
	}
}

func (i *issuer) sign(typ string, claims jwt.MapClaims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	t.Header["typ"] = typ
	return t.SignedString(i.key)
}
