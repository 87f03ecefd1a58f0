package generator_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/identity/api"
)

// holder is a caller with a key that tokens are bound to.
type holder struct{ key *ecdsa.PrivateKey }

func newHolder(t *testing.T) *holder {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &holder{key}
}

func (h *holder) cnf() map[string]any {
	print := dpop.Thumbprint(&h.key.PublicKey)
	return map[string]any{"jkt": base64.RawURLEncoding.EncodeToString(print[:])}
}

// proof is a good one, with some claims replaced.
func (h *holder) proof(t *testing.T, method, address, token string, change gojwt.MapClaims) string {
	t.Helper()
	sum := sha256.Sum256([]byte(token))
	claims := gojwt.MapClaims{"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix(), "ath": base64.RawURLEncoding.EncodeToString(sum[:])}
	for k, v := range change {
		claims[k] = v
	}
	point, err := h.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	j := gojwt.NewWithClaims(gojwt.SigningMethodES256, claims)
	j.Header["typ"], j.Header["jwk"] = "dpop+jwt", map[string]string{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
	text, err := j.SignedString(h.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestProvedTokens: over HTTP, with what the caller is told, behind a proxy whose address is the document's or Config's.
func TestProvedTokens(t *testing.T) {
	p, h := newProvider(t), newHolder(t)
	keys := jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	url := serveIdentity(t, api.Config{
		Login: keys, Proved: keys, ProvedOpaque: introspect.Via(introspect.Secret("server", "secret"), answers{}),
	})
	ask := func(scheme, path, token string, proofs ...string) *http.Response {
		t.Helper()
		method := "GET"
		if strings.Count(path, "/") > 1 {
			method = "PUT"
		}
		r, err := http.NewRequest(method, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if scheme != "" {
			r.Header.Set("Authorization", scheme+" "+token)
		}
		r.Header["Dpop"] = proofs
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	wants := func(name string, res *http.Response, status int, challenges ...string) {
		t.Helper()
		if got := res.Header["Www-Authenticate"]; res.StatusCode != status || !slices.Equal(got, challenges) {
			t.Errorf("%s: %d, %q; want %d, %q", name, res.StatusCode, got, status, challenges)
		}
	}
	const (
		home   = "https://api.example/v1/proved"
		plain  = `DPoP algs="ES256 EdDSA"`
		opaque = `DPoP algs="ES256 ES384 ES512 EdDSA PS256 PS384 PS512"`
	)
	token, free := p.token(t, gojwt.MapClaims{"cnf": h.cnf()}), p.token(t, nil)
	wants("no credential", ask("", "/proved", ""), 401, plain, opaque)
	first := ask("DPoP", "/proved", token, h.proof(t, "GET", home, token, nil))
	nonce := first.Header.Get("DPoP-Nonce")
	wants("without a nonce", first, 401, `DPoP error="use_dpop_nonce", algs="ES256 EdDSA"`, opaque)
	if nonce == "" {
		t.Fatal("no nonce is given")
	}
	with := gojwt.MapClaims{"nonce": nonce}
	good := h.proof(t, "GET", home, token, with)
	wants("good", ask("DPoP", "/proved", token, good), 204)
	wants("replayed", ask("DPoP", "/proved", token, good), 401, `DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"`, opaque)
	wants("at the Host's address", ask("DPoP", "/proved", token, h.proof(t, "GET", url+"/proved", token, with)), 401, `DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"`, opaque)
	wants("as a bearer token", ask("Bearer", "/proved", token), 401, plain, `DPoP error="invalid_token", algs="ES256 ES384 ES512 EdDSA PS256 PS384 PS512"`)
	wants("by another", ask("DPoP", "/proved", token, newHolder(t).proof(t, "GET", home, token, with)), 401, `DPoP error="invalid_token", algs="ES256 EdDSA"`, opaque)
	wants("not bound", ask("DPoP", "/proved", free, h.proof(t, "GET", home, free, with)), 401, `DPoP error="invalid_token", algs="ES256 EdDSA"`, opaque)
	wants("a scope less", func() *http.Response {
		weak := p.token(t, gojwt.MapClaims{"cnf": h.cnf(), "scope": ""})
		return ask("DPoP", "/proved", weak, h.proof(t, "GET", home, weak, with))
	}(), 403, `DPoP error="insufficient_scope", scope="read", algs="ES256 EdDSA"`)
	wants("where no policy speaks of proofs, as a bearer token", ask("Bearer", "/login", token), 401, `Bearer error="invalid_token"`)
	wants("where no policy speaks of proofs", ask("DPoP", "/login", token, h.proof(t, "GET", home, token, nil)), 401, "Bearer")

	asked, err := json.Marshal(map[string]any{"active": true, "aud": "api", "sub": "ada", "scope": "read", "token_type": "DPoP", "cnf": h.cnf()})
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString(asked)
	wants("asked about", ask("DPoP", "/proved", text, h.proof(t, "GET", "https://api.example/proved", text, nil)), 204)
	wants("asked about, without a proof", ask("DPoP", "/proved", text), 401, plain, `DPoP error="invalid_dpop_proof", algs="ES256 ES384 ES512 EdDSA PS256 PS384 PS512"`)
}

// TestNonceIsRenewed: who comes with a nonce that ends soon gets the next one with the answer, which nobody may keep (RFC 9449, section
// 8.2), and never a second 401.
func TestNonceIsRenewed(t *testing.T) {
	p, h := newProvider(t), newHolder(t)
	keys := jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	const home = "https://api.example/v1/proved"
	setup := dpop.Setup{NonceKey: []byte("a key for nonces, as long as it has to be")}
	url := serveIdentity(t, api.Config{
		Login: keys, Proved: keys, ProvedDPoP: setup, ProvedOpaque: introspect.Via(introspect.Secret("server", "secret"), answers{}),
	})
	nonces, err := dpop.New(dpop.Policy{Nonce: true, Origins: []string{"https://api.example/v1"}, Setup: setup}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(nonce, scope string) *http.Response {
		t.Helper()
		token := p.token(t, gojwt.MapClaims{"cnf": h.cnf(), "scope": scope})
		r, err := http.NewRequest("GET", url+"/proved", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", h.proof(t, "GET", home, token, gojwt.MapClaims{"nonce": nonce}))
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	for _, tt := range []struct {
		name   string
		ago    time.Duration
		scope  string
		status int
		given  bool
	}{
		{"of this span", 0, "read", 204, false},
		{"of the one before", 5 * time.Minute, "read", 204, true},
		{"of the one before, and a scope less", 5 * time.Minute, "", 403, true},
		{"of the one before that", 10 * time.Minute, "read", 401, true},
	} {
		var res *http.Response
		var now string
		for again := true; again; again = nonces.Nonce(time.Now()) != now { // a span may end meanwhile
			now = nonces.Nonce(time.Now())
			res = ask(nonces.Nonce(time.Now().Add(-tt.ago)), tt.scope)
		}
		want := []string(nil)
		if tt.given {
			want = []string{now}
		}
		if got := res.Header["Dpop-Nonce"]; res.StatusCode != tt.status || !slices.Equal(got, want) || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, nonce %q, %q; want %d, %q", tt.name, res.StatusCode, got, res.Header["Cache-Control"], tt.status, want)
		}
	}
}

// TestProofsNeedAnOrigin: without one, whoever has a proof for another server could use it here.
func TestProofsNeedAnOrigin(t *testing.T) {
	keys := jwt.Discovery("")
	_, err := api.NewServer(known{}, api.Config{
		Config: quiet, Login: keys, Session: keys, Held: keys, Proved: keys, Either: keys, SessionRevocations: revocations(t),
		Opaque: introspect.Secret("server", "secret"), HeldOpaque: introspect.Secret("server", "secret"), ProvedOpaque: introspect.Secret("server", "secret"),
	})
	for _, want := range []string{"security scheme provedOpaque: introspect: dpop: 0 origins", "security scheme either: jwt: dpop: 0 origins"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want %q in it", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "scheme proved:") {
		t.Errorf("the document's origin is not taken: %v", err)
	}
}

// TestAuthenticateAgain: who has a token by proof is told to come back with one (RFC 9470, section 3).
func TestAuthenticateAgain(t *testing.T) {
	p, h := newProvider(t), newHolder(t)
	keys := jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	cfg := api.Config{
		Config: quiet, Login: keys, Session: keys, Held: keys, Either: keys, SessionRevocations: revocations(t),
		Opaque: introspect.Secret("server", "secret"), HeldOpaque: introspect.Secret("server", "secret"),
	}
	prove(&cfg)
	s, err := api.NewServer(known{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cert, print := certified(t)
	bound := h.cnf()
	bound["x5t#S256"] = print
	const again = `DPoP error="insufficient_user_authentication", acr_values="phr", max_age="300"`
	now := time.Now()
	for _, tt := range []struct {
		name, acr string
		at        any
		want      string
	}{
		{"strong and lately", "phr", now.Unix(), ""},
		{"too weak", "pwd", now.Unix(), again},
		{"too long ago", "phr", now.Add(-time.Hour).Unix(), again},
		{"nobody knows when", "phr", nil, again},
		{"as text", "phr", strconv.FormatInt(now.Unix(), 10), again},
		{"tomorrow", "phr", now.Add(24 * time.Hour).Unix(), again},
	} {
		token := p.token(t, gojwt.MapClaims{"cnf": bound, "acr": tt.acr, "auth_time": tt.at})
		r := httptest.NewRequest("PUT", "/proved/a", nil)
		r.TLS = stateOf(t, cert)
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", h.proof(t, "PUT", "https://api.example/proved/a", token, nil))
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if got := w.Header().Get("WWW-Authenticate"); got != tt.want || (w.Code == 204) != (tt.want == "") {
			t.Errorf("%s: %d, %s; want %s", tt.name, w.Code, got, tt.want)
		}
	}
}
