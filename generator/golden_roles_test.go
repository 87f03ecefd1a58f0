package generator_test

import (
	"net/http"
	"testing"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	credentials31 "github.com/bailey-go/bailey/testdata/golden/credentials/api"
	"github.com/bailey-go/bailey/testdata/golden/identity/api"
)

// TestRolesOfTokens: in OpenAPI 3.1 a requirement of http bearer names roles, all of which the token has to hold; scopes are
// asked for by x-bailey-require. Only these are told.
func TestRolesOfTokens(t *testing.T) {
	p := newProvider(t)
	url := serveIdentity(t, api.Config{Session: jwt.Discovery(p.URL + "/.well-known/openid-configuration")})
	const scopes = `Bearer error="insufficient_scope", scope="read list"`
	for _, tt := range []struct {
		name      string
		claims    gojwt.MapClaims
		status    int
		challenge string
	}{
		{"both roles and both scopes", nil, 204, ""},
		{"one role", gojwt.MapClaims{"roles": []string{"clerk"}}, 403, ""},
		{"roles as scopes", gojwt.MapClaims{"roles": nil, "scope": "clerk auditor read list"}, 401, ""}, // null is no list
		{"no roles", gojwt.MapClaims{"roles": []string{}, "scope": "clerk auditor read list"}, 403, ""},
		{"one scope", gojwt.MapClaims{"scope": "read"}, 403, scopes},
		{"scopes as roles", gojwt.MapClaims{"scope": "", "roles": []string{"clerk", "auditor", "read", "list"}}, 403, scopes},
	} {
		claims := gojwt.MapClaims{"jti": "1"}
		for k, v := range tt.claims {
			claims[k] = v
		}
		r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/session", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+p.clerk(t, claims))
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Www-Authenticate"); res.StatusCode != tt.status || got != tt.challenge && tt.status != 401 {
			t.Errorf("%s: %d, challenge %q; want %d, %q", tt.name, res.StatusCode, got, tt.status, tt.challenge)
		}
	}
}

// TestRolesOfKeys: the same for API keys, of which a role of the requirement and a scope of x-bailey-require are asked.
func TestRolesOfKeys(t *testing.T) {
	hash := apikeytest.HashKeys(t)
	for _, tt := range []struct {
		name          string
		roles, scopes []string
		status        int
		event         string
	}{
		{"both", []string{"reader"}, []string{"list"}, 204, ""},
		{"exchanged", []string{"list"}, []string{"reader"}, 403, "authz_fail role"},
		{"no scope", []string{"reader"}, nil, 403, "authz_fail scope"},
		{"neither", nil, nil, 403, "authz_fail role"},
	} {
		clear, key := hash.Generate("hk_")
		key.Subject, key.Roles, key.Scopes = "ada", tt.roles, tt.scopes
		store, err := apikey.Static(key)
		if err != nil {
			t.Fatal(err)
		}
		c := serveCredentials(t, func(cfg *credentials31.Config) { cfg.HeaderKey = apikey.Keys{Store: store, Hash: hash} })
		res, body := c.send(t, "GET", "/header", map[string]string{"X-Api-Key": clear})
		if res.StatusCode != tt.status || tt.event != "" && c.events.last() != tt.event {
			t.Errorf("%s: %d, event %q; want %d, %q: %s", tt.name, res.StatusCode, c.events.last(), tt.status, tt.event, body)
		}
		want := ""
		if tt.event == "authz_fail scope" {
			want = `ApiKey error="insufficient_scope", scope="list"`
		}
		if got := res.Header.Get("Www-Authenticate"); got != want {
			t.Errorf("%s: challenge %q, want %q", tt.name, got, want)
		}
	}
}
