package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// issuer is an OpenID provider, as far as a resource server sees one: it signs tokens, publishes its keys (see start), and changes
// them. In production this is somebody else's job: the server knows nothing but what is published.
type issuer struct {
	publicPEM string // of its first key
	url       string // where it publishes

	mu      sync.Mutex
	signers []signer // the first one signs; all are published
	server  *http.Server
	asked   atomic.Int64
	broken  atomic.Bool // it answers, but nothing of use
}

// The names in the document.
const (
	issuerName   = "https://login.bank.example"
	audienceName = "https://api.bank.example"
)

func newIssuer() (*issuer, error) {
	s, err := newSigner()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &issuer{signers: []signer{s}, publicPEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}, nil
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
		"iss": issuerName, "aud": audienceName, "sub": subject, "client_id": "web", "jti": rand.Text(), "tenant": "bank",
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "scope": strings.Join(scopes, " "),
	}
}

func (i *issuer) sign(typ string, claims jwt.MapClaims) (string, error) {
	s := i.current()
	t := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	t.Header["typ"], t.Header["kid"] = typ, s.kid
	return t.SignedString(s.key)
}
