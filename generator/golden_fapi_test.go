package generator_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/testdata/golden/fapi/api"
)

type accounts struct{}

func (accounts) ListAccounts(context.Context, *api.ListAccountsRequest) error { return nil }
func (accounts) ListPayments(context.Context, *api.ListPaymentsRequest) error { return nil }

// TestFAPIServer: an opaque token counts with the proof of its holder alone, which profile: fapi2 made the document ask for.
func TestFAPIServer(t *testing.T) {
	t.Parallel()
	issuer, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "https://api.example"})
	if err != nil {
		t.Fatal(err)
	}
	var seen events
	cfg := api.Config{Config: quiet, Signed: issuer.Keys(), Opaque: introspect.Via(introspect.Secret("server", "secret"), answers{})}
	cfg.Events = &seen
	srv := httptest.NewUnstartedServer(nil)
	address := "http://" + srv.Listener.Addr().String()
	cfg.OpaqueDPoP = dpop.Setup{Origins: []string{address}}
	s, err := api.NewServer(accounts{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	srv.Config.Handler = s
	srv.Start()
	defer srv.Close()
	holder, err := jwttest.NewHolder()
	if err != nil {
		t.Fatal(err)
	}
	type m = map[string]any
	answer := func(cnf any) string {
		claims := m{"active": true, "iss": "https://id.example", "aud": "https://api.example", "sub": "ada", "scope": "payments"}
		if cnf != nil {
			claims["cnf"] = cnf
		}
		text, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	bound, free := answer(holder.Confirmation()), answer(nil)
	ask := func(scheme, token string, proof bool) int {
		header := http.Header{"Authorization": {scheme + " " + token}}
		if proof {
			header.Set("DPoP", holder.Proof("GET", address+"/payments", token, nil))
		}
		return get(t, address+"/payments", header)
	}
	if status := ask("DPoP", bound, true); status != 204 {
		t.Errorf("with its proof: status %d: %s", status, seen.last())
	}
	for name, status := range map[string]int{
		"without proof": ask("DPoP", bound, false), "as a bearer token": ask("Bearer", bound, false), "bound to no key": ask("Bearer", free, false),
		"bound to no key, with a proof": ask("DPoP", free, true),
	} {
		if status != 401 {
			t.Errorf("%s: status %d", name, status)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", address+"/payments", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := strings.Join(res.Header.Values("WWW-Authenticate"), ", "); !strings.Contains(got, `algs="ES256 PS256 EdDSA"`) {
		t.Errorf("the challenge is %q", got)
	}
}
