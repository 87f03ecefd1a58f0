// Package bailey serves the orders API with the package that bailey generates, and with
// all that the document asks for: JSON Web Tokens, scopes, a rate limit for each caller
// and a masked property.
package bailey

//go:generate go tool bailey generate --config bailey.yaml

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net/http"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/peers/bailey/api"
	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// Server is the API with an issuer of tokens that it believes.
type Server struct {
	http.Handler
	key *ecdsa.PrivateKey
}

// New returns the server. It records its refusals in a log that discards them.
func New() (*Server, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	stored := orders.Sample(0)
	h, err := api.NewServer(&handler{stored: order(&stored)}, api.Config{
		Config: runtime.Config{Log: slog.New(slog.DiscardHandler)},
		Token:  jwt.Inline(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))),
	})
	if err != nil {
		return nil, err
	}
	return &Server{Handler: h, key: key}, nil
}

// Public is the key that tokens are verified with.
func (s *Server) Public() *ecdsa.PublicKey { return &s.key.PublicKey }

// Token issues an access token of a caller who has the scopes (RFC 9068).
func (s *Server) Token(scopes ...string) (string, error) {
	now := time.Now()
	t := gojwt.NewWithClaims(gojwt.SigningMethodES256, gojwt.MapClaims{
		"iss": "https://login.orders.example", "aud": "https://api.orders.example", "sub": "shop-17",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "scope": strings.Join(scopes, " "),
	})
	t.Header["typ"] = "at+jwt"
	return t.SignedString(s.key)
}
