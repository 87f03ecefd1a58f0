package generator_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/identity/api"
)

// known lets every caller in whom the pipeline lets through.
type known struct{}

func (known) ByLogin(context.Context, *api.ByLoginRequest) error     { return nil }
func (known) BySession(context.Context, *api.BySessionRequest) error { return nil }

func (known) ByOpaque(context.Context, *api.ByOpaqueRequest) error { return nil }
func (known) ByProof(context.Context, *api.ByProofRequest) error   { return nil }
func (known) ByEither(context.Context, *api.ByEitherRequest) error { return nil }
func (known) ByCertificate(context.Context, *api.ByCertificateRequest) error {
	return nil
}

// provider is an OpenID provider that calls itself what the document calls it.
type provider struct {
	*httptest.Server
	key *ecdsa.PrivateKey
}

const issuerName = "http://127.0.0.1:9"

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	mux := http.NewServeMux()
	answer := func(path string, body any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(body) })
	}
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	answer("/.well-known/openid-configuration", map[string]any{"issuer": issuerName, "jwks_uri": p.URL + "/keys"})
	b64 := base64.RawURLEncoding.EncodeToString
	answer("/keys", map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}}})
	return p
}

// token is a good one with some claims replaced.
func (p *provider) token(t *testing.T, change gojwt.MapClaims) string {
	t.Helper()
	claims := gojwt.MapClaims{
		"iss": issuerName, "aud": "api", "sub": "ada", "scope": "read", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	for k, v := range change {
		claims[k] = v
	}
	token := gojwt.NewWithClaims(gojwt.SigningMethodES256, claims)
	token.Header["typ"] = "at+jwt"
	text, err := token.SignedString(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// clerk is a token of somebody who has the roles and scopes that /session asks for, with some claims replaced.
func (p *provider) clerk(t *testing.T, change gojwt.MapClaims) string {
	t.Helper()
	claims := gojwt.MapClaims{"roles": []string{"auditor", "clerk"}, "scope": "list read"}
	maps.Copy(claims, change)
	return p.token(t, claims)
}

func revocations(t *testing.T) *jwt.RevocationMemory {
	t.Helper()
	m, err := jwt.NewRevocationMemory(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var quiet = runtime.Config{Log: slog.New(slog.DiscardHandler)}

// prove fills in what the schemes with proofs need, where the test does not.
func prove(cfg *api.Config) {
	for _, keys := range []*jwt.KeySource{&cfg.Proved, &cfg.Either} {
		if *keys == nil {
			*keys = cfg.Session
		}
	}
	if cfg.ProvedOpaque == nil {
		cfg.ProvedOpaque = introspect.Secret("server", "secret")
	}
	for _, setup := range []*dpop.Setup{&cfg.ProvedOpaqueDPoP, &cfg.EitherDPoP} {
		if len(setup.Origins) == 0 {
			setup.Origins = []string{"https://api.example"}
		}
	}
}

// serveIdentity starts the generated server, with what the test does not set.
func serveIdentity(t *testing.T, cfg api.Config) string {
	t.Helper()
	if cfg.Session == nil {
		cfg.Session = jwt.Discovery("")
	}
	if cfg.Held == nil {
		cfg.Held = cfg.Session
	}
	if cfg.HeldOpaque == nil {
		cfg.HeldOpaque = introspect.Secret("server", "secret")
	}
	if cfg.Opaque == nil {
		cfg.Opaque = introspect.Secret("server", "secret")
	}
	if cfg.SessionRevocations == nil {
		cfg.SessionRevocations = revocations(t)
	}
	cfg.Config = quiet
	prove(&cfg)
	s, err := api.NewServer(known{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv.URL
}

func bearer(name, path, token string, status int) ask {
	return ask{name: name, method: "GET", path: path, status: status, header: map[string]string{"Authorization": "Bearer " + token}}
}

// TestDiscoveredKeys: keys come from where the document's provider says, which nobody answers for, unless Config says otherwise.
func TestDiscoveredKeys(t *testing.T) {
	p := newProvider(t)
	down := serveIdentity(t, api.Config{})
	found := serveIdentity(t, api.Config{Login: jwt.Discovery(p.URL + "/.well-known/openid-configuration")})
	good := p.token(t, nil)
	bearer("down", "/login", good, 503).run(t, down)
	ask{name: "down, and no token", method: "GET", path: "/login", status: 401}.run(t, down)
	bearer("found", "/login", good, 204).run(t, found)
	bearer("another issuer", "/login", p.token(t, gojwt.MapClaims{"iss": p.URL}), 401).run(t, found)
	bearer("another audience", "/login", p.token(t, gojwt.MapClaims{"aud": "other"}), 401).run(t, found)
	bearer("too little", "/login", p.token(t, gojwt.MapClaims{"scope": "write"}), 403).run(t, found)
	bearer("by another key", "/login", newProvider(t).token(t, nil), 401).run(t, found)
}

// lost is a store that cannot be asked.
type lost struct{}

func (lost) Revoked(context.Context, jwt.TokenID) (bool, error) { return false, errors.New("down") }

// TestRevokedTokens: the document asks for revocation, so that Config must have a store, and what it says holds at once.
func TestRevokedTokens(t *testing.T) {
	p := newProvider(t)
	keys := jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	if _, err := api.NewServer(known{}, api.Config{Config: quiet, Session: keys}); err == nil || !strings.Contains(err.Error(), "Config.SessionRevocations") {
		t.Errorf("without a store: %v", err)
	}
	m := revocations(t)
	url := serveIdentity(t, api.Config{Session: keys, SessionRevocations: m})
	one, two := p.clerk(t, gojwt.MapClaims{"jti": "1"}), p.clerk(t, gojwt.MapClaims{"jti": "2"})
	bearer("good", "/session", one, 204).run(t, url)
	bearer("no jti", "/session", p.clerk(t, nil), 401).run(t, url)
	until := time.Now().Add(2 * time.Hour)
	if err := m.Revoke(issuerName, "1", until); err != nil {
		t.Fatal(err)
	}
	bearer("revoked", "/session", one, 401).run(t, url)
	bearer("another", "/session", two, 204).run(t, url)
	if err := m.RevokeSubject(issuerName, "ada", time.Now(), until); err != nil {
		t.Fatal(err)
	}
	bearer("every token", "/session", two, 401).run(t, url)
	bearer("a store that is down", "/session", two, 503).run(t, serveIdentity(t, api.Config{Session: keys, SessionRevocations: lost{}}))
}

// TestOpaqueTokens: nobody answers at the document's end point, and the secret is where it says or in Config.
func TestOpaqueTokens(t *testing.T) {
	if _, err := api.NewServer(known{}, api.Config{Config: quiet, SessionRevocations: revocations(t), Session: jwt.Inline("")}); err == nil || !strings.Contains(err.Error(), "testdata/secret") {
		t.Errorf("without the secret's file: %v", err)
	}
	url := serveIdentity(t, api.Config{})
	bearer("down", "/opaque", "opaque", 503).run(t, url)
	bearer("no token", "/opaque", "", 401).run(t, url)
	ask{name: "no credential", method: "GET", path: "/opaque", status: 401}.run(t, url)
}
