package generator_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/identity/api"
)

// certified makes a certificate that its holder signed, and the x5t#S256 of it.
func certified(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, base64.RawURLEncoding.EncodeToString(sum[:])
}

// stateOf is a connection whose client has shown the certificate.
func stateOf(t *testing.T, c tls.Certificate) *tls.ConnectionState {
	t.Helper()
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{leaf}}
}

// answers is an issuer that is asked about tokens: it answers with the claims that the token's text is.
type answers struct{}

func (answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	text, err := base64.RawURLEncoding.DecodeString(r.PostForm.Get("token"))
	if err != nil || len(text) == 0 || text[0] != '{' {
		text = []byte(`{"active":false}`)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r}, nil
}

// TestHeldTokens: a token for the holder of a certificate is good over a connection with it, and nowhere else.
func TestHeldTokens(t *testing.T) {
	p := newProvider(t)
	keys := jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	cfg := api.Config{
		Config: quiet, Login: keys, Session: keys, Held: keys, SessionRevocations: revocations(t),
		Opaque: introspect.Secret("server", "secret"), HeldOpaque: introspect.Via(introspect.Secret("server", "secret"), answers{}),
	}
	prove(&cfg)
	s, err := api.NewServer(known{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(s)
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	cert, print := certified(t)
	other, _ := certified(t)
	client := func(certs ...tls.Certificate) *http.Client {
		transport := srv.Client().Transport.(*http.Transport).Clone()
		transport.TLSClientConfig.Certificates = certs
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
	holder, stranger, nobody := client(cert), client(other), client()
	cnf := func(members ...string) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(members); i += 2 {
			m[members[i]] = members[i+1]
		}
		return m
	}
	opaque := func(change map[string]any) string {
		claims := map[string]any{"active": true, "aud": "api", "sub": "ada", "scope": "read", "exp": time.Now().Add(time.Hour).Unix()}
		for k, v := range change {
			claims[k] = v
		}
		text, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	bound, free := p.token(t, gojwt.MapClaims{"cnf": cnf("x5t#S256", print)}), p.token(t, nil)
	asked, askedFree := opaque(map[string]any{"cnf": cnf("x5t#S256", print)}), opaque(nil)
	for _, tt := range []struct {
		name, path, token string
		client            *http.Client
		status            int
	}{
		{"its holder", "/held", bound, holder, 204},
		{"its holder, again", "/held", bound, holder, 204},
		{"a stranger", "/held", bound, stranger, 401},
		{"nobody", "/held", bound, nobody, 401},
		{"not bound", "/held", free, holder, 401},
		{"its holder, where no policy asks", "/login", bound, holder, 204},
		{"a stranger, where no policy asks", "/login", bound, stranger, 401},
		{"nobody, where no policy asks", "/login", bound, nobody, 401},
		{"not bound, where no policy asks", "/login", free, nobody, 204},
		{"bound to a key that nobody shows", "/login", p.token(t, gojwt.MapClaims{"cnf": cnf("jkt", print)}), holder, 401},
		{"bound to both", "/held", p.token(t, gojwt.MapClaims{"cnf": cnf("jkt", print, "x5t#S256", print)}), holder, 401},
		{"bound in an unknown way", "/login", p.token(t, gojwt.MapClaims{"cnf": cnf("kid", "1")}), holder, 401},
		{"bound to nothing", "/login", p.token(t, gojwt.MapClaims{"cnf": nil}), holder, 401},
		{"asked about, its holder", "/held", asked, holder, 204},
		{"asked about, a stranger", "/held", asked, stranger, 401},
		{"asked about, nobody", "/held", asked, nobody, 401},
		{"asked about, not bound", "/held", askedFree, holder, 401},
		{"asked about, bound in an unknown way", "/held", opaque(map[string]any{"cnf": cnf("jwk", "x")}), holder, 401},
	} {
		r, err := http.NewRequest("GET", srv.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+tt.token)
		res, err := tt.client.Do(r)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		res.Body.Close()
		if res.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, res.StatusCode, tt.status)
		}
	}
}
