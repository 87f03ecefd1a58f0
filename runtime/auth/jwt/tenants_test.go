package jwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/internal/mint"
	"github.com/bailey-go/bailey/runtime/principal"
)

const (
	tenantOne = "11111111-1111-4111-8111-111111111111"
	tenantTwo = "22222222-2222-4222-8222-222222222222"
	consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
	manyPlace = "https://login.example/{tenant}/v2.0"
)

// TestTenants: a token is good by its tenant, its issuer and a key that signs for that issuer, all three.
func TestTenants(t *testing.T) {
	t.Parallel()
	keys := map[string]*ecdsa.PrivateKey{}
	var set []map[string]any
	add := func(kid string, issuer any) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[kid] = key
		one := map[string]any{"kid": kid}
		for name, value := range mint.JWK(&key.PublicKey) {
			one[name] = value
		}
		if issuer != nil {
			one["issuer"] = issuer
		}
		set = append(set, one)
	}
	add("all", "https://login.example/{tenantid}/v2.0")
	add("one", "https://login.example/"+tenantOne+"/v2.0")
	add("consumers", "https://login.example/"+consumers+"/v2.0")
	add("elsewhere", "https://evil.example/{tenantid}/v2.0")
	add("silent", nil)
	add("number", 7)
	text, err := json.Marshal(map[string]any{"keys": set})
	if err != nil {
		t.Fatal(err)
	}
	claimed := atomic.Pointer[string]{}
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) })
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": *claimed.Load(), "jwks_uri": srv.URL + "/keys"})
	})
	served := atomic.Bool{} // whether tenantTwo is served
	served.Store(true)
	policy := jwt.Policy{
		Scheme: "many", Issuer: manyPlace, Audiences: []string{"api"}, Algorithms: []string{"ES256"}, TenantClaim: "tid",
		Tenants: func(tenant string) bool { return tenant == tenantOne || tenant == tenantTwo && served.Load() },
	}
	token := func(kid string, claims map[string]any) string {
		all := map[string]any{"iss": "https://login.example/" + tenantOne + "/v2.0", "tid": tenantOne, "aud": "api", "sub": "ada", "exp": time.Now().Add(time.Hour).Unix()}
		for name, v := range claims {
			if all[name] = v; v == nil {
				delete(all, name)
			}
		}
		signed, err := mint.Sign(gojwt.SigningMethodES256, keys[kid], map[string]any{"typ": "at+jwt", "kid": kid}, all)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	two := map[string]any{"iss": "https://login.example/" + tenantTwo + "/v2.0", "tid": tenantTwo}
	placeholder := "https://login.example/{tenantid}/v2.0"
	claimed.Store(&placeholder)
	for source, from := range map[string]jwt.KeySource{"jwks": jwt.JWKS(srv.URL + "/keys"), "discovery": jwt.Discovery(srv.URL + "/metadata")} {
		a, err := jwt.New(policy, from, principal.NewTable(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		for _, tt := range []struct {
			name, kid string
			claims    map[string]any
			rule      string
		}{
			{"a key for all", "all", nil, ""},
			{"a key for all, another tenant", "all", two, ""},
			{"its own key", "one", nil, ""},
			{"another tenant's key", "one", two, "jwt-key-unknown"},
			{"a key of the consumers", "consumers", nil, "jwt-key-unknown"},
			{"a key of another host", "elsewhere", nil, "jwt-key-unknown"},
			{"a key that does not say", "silent", nil, "jwt-key-unknown"},
			{"a key that says it as a number", "number", nil, "jwt-key-unknown"},
			{"a tenant that is not served", "all", map[string]any{"tid": consumers, "iss": "https://login.example/" + consumers + "/v2.0"}, "jwt-issuer"},
			{"the tenant of another issuer", "all", map[string]any{"tid": tenantTwo}, "jwt-issuer"},
			{"no tenant", "all", map[string]any{"tid": nil}, "jwt-issuer"},
			{"no issuer", "all", map[string]any{"iss": nil}, "jwt-issuer"},
			{"the issuer as it is written", "all", map[string]any{"iss": manyPlace, "tid": "{tenant}"}, "jwt-issuer"},
			{"a tenant in capitals", "all", map[string]any{"tid": strings.ToUpper("a1111111-1111-4111-8111-111111111111")}, "jwt-issuer"},
			{"a path for a tenant", "all", map[string]any{"tid": "../" + tenantOne, "iss": "https://login.example/../" + tenantOne + "/v2.0"}, "jwt-issuer"},
			{"a slash at the issuer's end", "all", map[string]any{"iss": "https://login.example/" + tenantOne + "/v2.0/"}, "jwt-issuer"},
		} {
			p, err := a.Verify(token(tt.kid, tt.claims))
			var refused *auth.Refused
			rule := ""
			if errors.As(err, &refused) {
				rule = refused.Rule
			} else if err != nil {
				rule = err.Error()
			}
			if rule != tt.rule {
				t.Errorf("%s: %s: %q, want %q", source, tt.name, rule, tt.rule)
			}
			if err == nil && (p.Issuer != "https://login.example/"+p.Tenant+"/v2.0" || p.Tenant == "") {
				t.Errorf("%s: %s: the issuer %q, the tenant %q", source, tt.name, p.Issuer, p.Tenant)
			}
		}
		text := token("all", two) // it is remembered
		for _, want := range []bool{true, false, true} {
			served.Store(want)
			if _, err := a.Verify(text); (err == nil) != want {
				t.Errorf("%s: a tenant that is served %v: %v", source, want, err)
			}
		}
	}
	for _, wrong := range []string{manyPlace, "https://login.example/common/v2.0", "https://login.example/" + tenantOne + "/v2.0", "https://evil.example/{tenantid}/v2.0"} {
		claimed.Store(&wrong)
		a, err := jwt.New(policy, jwt.Discovery(srv.URL+"/metadata"), principal.NewTable(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(token("all", nil)); err == nil {
			t.Errorf("metadata of %s is believed", wrong)
		}
		a.Close()
	}
	for name, change := range map[string]func(*jwt.Policy){
		"no tenants":        func(p *jwt.Policy) { p.Tenants = nil },
		"no claim":          func(p *jwt.Policy) { p.TenantClaim = "" },
		"no place":          func(p *jwt.Policy) { p.Issuer = "https://login.example/v2.0" },
		"two places":        func(p *jwt.Policy) { p.Issuer = "https://login.example/{tenant}/{tenant}" },
		"the host":          func(p *jwt.Policy) { p.Issuer = "https://{tenant}.example/v2.0" },
		"the whole host":    func(p *jwt.Policy) { p.Issuer = "https://{tenant}/v2.0" },
		"a part of it":      func(p *jwt.Policy) { p.Issuer = "https://login.example/a{tenant}/v2.0" },
		"a part at its end": func(p *jwt.Policy) { p.Issuer = "https://login.example/{tenant}a" },
		"another place":     func(p *jwt.Policy) { p.Issuer = "https://login.example/{tenantid}/v2.0" },
		"plain http":        func(p *jwt.Policy) { p.Issuer = "http://login.example/{tenant}/v2.0" },
	} {
		p := policy
		change(&p)
		if a, err := jwt.New(p, jwt.JWKS(srv.URL+"/keys"), principal.NewTable(nil, nil)); err == nil {
			a.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
