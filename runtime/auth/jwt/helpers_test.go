package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// noon is the time of every test that does not set another.
var noon = time.Unix(1_800_000_000, 0)

// Keys, made once: an RSA key takes a while.
var (
	rsaKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	otherRSA = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	ecKey    = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	edKey    = sync.OnceValue(func() ed25519.PrivateKey { _, k, err := ed25519.GenerateKey(rand.Reader); return must(k, err) })
	macKey   = []byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func pemOf(pub any) string {
	der := must(x509.MarshalPKIXPublicKey(pub))
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// jwkOf makes a JWK with more members.
func jwkOf(pub any, more map[string]any) map[string]any {
	jwk := map[string]any{}
	switch pub := pub.(type) {
	case *rsa.PublicKey:
		jwk = map[string]any{"kty": "RSA", "n": b64(pub.N.Bytes()), "e": b64(big.NewInt(int64(pub.E)).Bytes())}
	case *ecdsa.PublicKey:
		point := must(pub.Bytes())
		half := (len(point) - 1) / 2
		jwk = map[string]any{"kty": "EC", "crv": pub.Params().Name, "x": b64(point[1 : 1+half]), "y": b64(point[1+half:])}
	case ed25519.PublicKey:
		jwk = map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(pub)}
	case []byte:
		jwk = map[string]any{"kty": "oct", "k": b64(pub)}
	}
	for k, v := range more {
		jwk[k] = v
	}
	return jwk
}

func jwks(keys ...map[string]any) string {
	return string(must(json.Marshal(map[string]any{"keys": keys})))
}

// sign makes a token of exactly these two texts.
func sign(method gojwt.SigningMethod, key any, header, claims string) string {
	input := b64([]byte(header)) + "." + b64([]byte(claims))
	return input + "." + b64(must(method.Sign(input, key)))
}

// goodClaims is what the tests change; a nil value removes a claim.
func goodClaims(change map[string]any) string {
	c := map[string]any{
		"iss": "https://issuer.example", "aud": "api", "sub": "alice", "scope": "read write",
		"exp": noon.Add(time.Hour).Unix(), "iat": noon.Unix(), "nbf": noon.Unix(), "roles": []string{"admin"}, "tenant": "t1",
	}
	for k, v := range change {
		if c[k] = v; v == nil {
			delete(c, k)
		}
	}
	return string(must(json.Marshal(c)))
}

const goodHeader = `{"alg":"RS256","typ":"at+jwt"}`

func goodToken() string { return sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(nil)) }

func policy(algorithms ...string) Policy {
	if len(algorithms) == 0 {
		algorithms = []string{"RS256"}
	}
	return Policy{
		Scheme: "bearer", Issuer: "https://issuer.example", Audiences: []string{"api", "other-api"}, Algorithms: algorithms,
		Clock: func() time.Time { return noon },
	}
}

var scopes = principal.NewTable([]string{"read", "write", "delete"}, []string{"admin"})

func open(t testing.TB, p Policy, keys KeySource) *Authenticator {
	t.Helper()
	a, err := New(p, keys, scopes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// rsaAuthenticator verifies goodToken.
func rsaAuthenticator(t testing.TB) *Authenticator {
	t.Helper()
	return open(t, policy(), Inline(pemOf(&rsaKey().PublicKey)))
}

// wantRule checks that a token is refused by the named rule; "" means that it is good.
func wantRule(t testing.TB, a *Authenticator, token, rule string) {
	t.Helper()
	p, err := a.Verify(token)
	var refused *auth.Refused
	switch {
	case rule == "" && (err != nil || p == nil):
		t.Errorf("refused: %v", err)
	case rule != "" && (p != nil || !errors.As(err, &refused)):
		t.Errorf("not refused: %v, %v; want %s", p, err, rule)
	case rule != "" && refused.Rule != rule:
		t.Errorf("refused by %s, want %s", refused.Rule, rule)
	}
}
