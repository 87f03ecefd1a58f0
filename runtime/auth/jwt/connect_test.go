package jwt

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// byName is a server's address with the name of this machine.
func byName(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) }

// caOf writes the certificate of a server, which is its own authority.
func caOf(t *testing.T, server *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// otherAuthority is the certificate of an authority that signed for no server.
func otherAuthority(t *testing.T) []byte {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, ecKey().Public(), ecKey())
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestKeysOverHTTP(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", ecKey().Public())))
	a, err := New(policy("ES256"), RemoteSource{URL: byName(i.URL), DangerouslyFetchKeysOverHTTP: "localhost"}, scopes)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.Verify(sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt","kid":"a"}`, goodClaims(nil))); err != nil {
		t.Error(err)
	}
	if issuer, rules := a.Relaxed(); !slices.Equal(rules, []string{"keys-over-http"}) || issuer != a.policy.Issuer {
		t.Errorf("%s, %v", issuer, rules)
	}
	i.set(http.RedirectHandler(byName(i.URL)+"/keys", http.StatusFound).ServeHTTP)
	b, err := New(policy("ES256"), RemoteSource{URL: byName(i.URL), DangerouslyFetchKeysOverHTTP: "localhost"}, scopes)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	wantUnavailable(t, b, sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt","kid":"a"}`, goodClaims(nil)))
}

func TestConnectRefused(t *testing.T) {
	server := httptest.NewTLSServer(text(kidSet("a", ecKey().Public())))
	t.Cleanup(server.Close)
	ca := caOf(t, server)
	for _, tt := range []struct {
		source KeySource
		want   string
	}{
		{RemoteSource{URL: "http://keycloak:8080/certs"}, "only https"},
		{RemoteSource{URL: "http://keycloak:8080/certs", DangerouslyFetchKeysOverHTTP: "other"}, "alone"},
		{RemoteSource{URL: "https://keycloak:8080/certs", DangerouslyFetchKeysOverHTTP: "keycloak"}, "another scheme"},
		{RemoteSource{URL: "http://keycloak:8080/certs", DangerouslyFetchKeysOverHTTP: "keycloak", CAFile: ca}, "which has no certificates"},
		{RemoteSource{URL: "http://keycloak:8080/certs", DangerouslyFetchKeysOverHTTP: "keycloak", Transport: http.DefaultTransport}, "transport of your own"},
		{RemoteSource{URL: server.URL, CAFile: ca, Transport: http.DefaultTransport}, "transport of your own"},
		{RemoteSource{URL: server.URL, CAFile: ca + ".absent"}, "ca-file"},
		{RemoteSource{URL: "http://127.0.0.1/certs", CAFile: ca}, "without TLS"},
		{DiscoverySource{URL: "http://keycloak:8080/.well-known/openid-configuration"}, "only https"},
		{DiscoverySource{URL: "http://keycloak:8080/", DangerouslyFetchKeysOverHTTP: "other"}, "alone"},
		{DiscoverySource{URL: server.URL, CAFile: ca + ".absent"}, "ca-file"},
	} {
		if a, err := New(policy("ES256"), tt.source, scopes); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %s", tt.source, err, tt.want)
			if a != nil {
				a.Close()
			}
		}
	}
}

// TestCAFile: keys come from a server whose authority the file names, and from no other, by address and by metadata.
func TestCAFile(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" {
			text(kidSet("a", ecKey().Public()))(w, r)
			return
		}
		text(`{"issuer":"`+policy("ES256").Issuer+`","jwks_uri":"`+server.URL+`/keys"}`)(w, r)
	})
	server.StartTLS()
	t.Cleanup(server.Close)
	good, wrong := caOf(t, server), filepath.Join(t.TempDir(), "wrong.crt")
	if err := os.WriteFile(wrong, otherAuthority(t), 0o600); err != nil {
		t.Fatal(err)
	}
	token := sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt","kid":"a"}`, goodClaims(nil))
	for _, tt := range []struct {
		source KeySource
		good   bool
	}{
		{RemoteSource{URL: server.URL + "/keys", CAFile: good}, true},
		{DiscoverySource{URL: server.URL + "/metadata", CAFile: good}, true},
		{RemoteSource{URL: server.URL + "/keys"}, false},
		{RemoteSource{URL: server.URL + "/keys", CAFile: wrong, Timeout: time.Second}, false},
		{DiscoverySource{URL: server.URL + "/metadata", CAFile: wrong, Timeout: time.Second}, false},
	} {
		a, err := New(policy("ES256"), tt.source, scopes)
		if err != nil {
			t.Fatal(err)
		}
		if !tt.good {
			wantUnavailable(t, a, token)
		} else if _, err := a.Verify(token); err != nil {
			t.Errorf("%+v: %v", tt.source, err)
		}
		if _, rules := a.Relaxed(); len(rules) > 0 {
			t.Errorf("%+v: %v", tt.source, rules)
		}
		a.Close()
	}
}
