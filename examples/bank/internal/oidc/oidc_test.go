package oidc

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/bailey-go/bailey/examples/bank/internal/idp"
	"github.com/bailey-go/bailey/examples/bank/internal/jwk"
)

// provider is one that says whatever a test wants it to.
type provider struct {
	*httptest.Server
	keys     *idp.Keys
	metadata map[string]any
	id       string // the ID token
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	keys, err := idp.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{keys: keys}
	say := func(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) { say(w, p.metadata) })
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { say(w, map[string]string{"id_token": p.id}) })
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		key, err := jwk.Of(keys.Public())
		if err != nil {
			t.Error(err)
		}
		key.Kid = keys.ID()
		say(w, map[string]any{"keys": []jwk.Key{key, {Kty: "RSA", Kid: "another"}}})
	})
	p.Server = httptest.NewTLSServer(mux)
	t.Cleanup(p.Close)
	p.metadata = map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys"}
	return p
}

func (p *provider) client() *Client {
	return &Client{Issuer: p.URL, ID: "web", Secret: "secret", Redirect: "https://bank.example/callback", HTTP: p.Client()}
}

// TestIDToken is given ID tokens each of which is wrong in one way.
func TestIDToken(t *testing.T) {
	p := newProvider(t)
	stranger, err := idp.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		keys   *idp.Keys
		typ    string
		change func(claims map[string]any)
		good   bool
	}{
		{"right", p.keys, "JWT", func(map[string]any) {}, true},
		{"another key", stranger, "JWT", func(map[string]any) {}, false},
		{"an access token", p.keys, "at+jwt", func(map[string]any) {}, false},
		{"another issuer", p.keys, "JWT", func(c map[string]any) { c["iss"] = "https://evil.example" }, false},
		{"another client", p.keys, "JWT", func(c map[string]any) { c["aud"] = "wallet" }, false},
		{"another client, too", p.keys, "JWT", func(c map[string]any) { c["aud"] = []string{"web", "wallet"} }, false},
		{"another login", p.keys, "JWT", func(c map[string]any) { c["nonce"] = "another" }, false},
		{"no nonce", p.keys, "JWT", func(c map[string]any) { delete(c, "nonce") }, false},
		{"nobody", p.keys, "JWT", func(c map[string]any) { delete(c, "sub") }, false},
		{"expired", p.keys, "JWT", func(c map[string]any) { c["exp"] = time.Now().Add(-time.Second).Unix() }, false},
		{"no end", p.keys, "JWT", func(c map[string]any) { delete(c, "exp") }, false},
		{"not yet", p.keys, "JWT", func(c map[string]any) { c["iat"] = time.Now().Add(time.Hour).Unix() }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := p.client()
			secret, page, err := c.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			at, err := url.Parse(page)
			if err != nil {
				t.Fatal(err)
			}
			claims := map[string]any{"iss": p.URL, "aud": "web", "sub": "ada", "nonce": at.Query().Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()}
			test.change(claims)
			if p.id, err = test.keys.Sign(test.typ, claims); err != nil {
				t.Fatal(err)
			}
			who, err := c.Finish(t.Context(), secret, Answer{Code: "code", State: at.Query().Get("state"), Issuer: p.URL})
			if test.good != (err == nil && who.Subject == "ada") || !test.good && !errors.Is(err, ErrRefused) {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

// TestMetadata believes a provider under its own name alone, and over TLS alone.
func TestMetadata(t *testing.T) {
	p := newProvider(t)
	for name, value := range map[string]string{"issuer": "https://evil.example", "token_endpoint": "http://login.example/token", "jwks_uri": "", "authorization_endpoint": "http://login.example/authorize"} {
		before := p.metadata[name]
		p.metadata[name] = value
		if _, page, err := p.client().Begin(t.Context()); err == nil {
			t.Errorf("%s %q: on to %s", name, value, page)
		}
		p.metadata[name] = before
	}
	if _, _, err := p.client().Begin(t.Context()); err != nil {
		t.Error(err)
	}
}
