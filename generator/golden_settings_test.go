package generator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/testdata/golden/settings/api"
)

// settled lets every caller in whom the pipeline lets through, and notes the typed claim.
type settled struct{ level *int64 }

func (h settled) ByDiscovery(_ context.Context, req *api.ByDiscoveryRequest) error {
	if level, ok := req.Caller.Level(); ok {
		*h.level = level
	}
	return nil
}
func (settled) ByMetadata(context.Context, *api.ByMetadataRequest) error { return nil }
func (settled) ByKeys(context.Context, *api.ByKeysRequest) error         { return nil }
func (settled) ByOpaque(context.Context, *api.ByOpaqueRequest) error     { return nil }

// environment is one place where the package of testdata/golden/settings runs: a provider with a name of its own, and
// a server.
type environment struct {
	*provider
	server *api.Server
	level  int64
}

func newEnvironment(t *testing.T, audience string) *environment {
	t.Helper()
	e := &environment{provider: newProvider(t)}
	mux := e.Config.Handler.(*http.ServeMux)
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": e.URL, "jwks_uri": e.URL + "/keys"})
	})
	mux.HandleFunc("/introspect", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"active": r.FormValue("token") == "good", "iss": e.URL, "aud": audience, "sub": "ada", "scope": "read"})
	})
	var err error
	e.server, err = api.NewServer(settled{&e.level}, api.Config{
		LoginIssuer: e.URL, LoginAudiences: []string{audience}, LoginDiscovery: e.URL + "/metadata",
		PartnerDiscovery: e.URL + "/.well-known/openid-configuration",
		StaffIssuer:      e.URL, StaffJWKS: e.URL + "/keys",
		Opaque: introspect.Secret("server", "a secret of the server"), OpaqueURL: e.URL + "/introspect", OpaqueIssuer: e.URL, OpaqueAudiences: []string{audience},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.server.Close() })
	return e
}

func (e *environment) ask(path, token string) int {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	e.server.ServeHTTP(w, r)
	return w.Code
}

// TestSettings serves one generated package in two environments: each takes the tokens of its own issuer and
// audience alone. Default values count where Config has none, and typed claims are those of the document.
func TestSettings(t *testing.T) {
	t.Parallel()
	staging, production := newEnvironment(t, "https://api.staging.example"), newEnvironment(t, "https://api.example")
	for _, of := range []struct {
		*environment
		audience string
		other    *environment
	}{{staging, "https://api.staging.example", production}, {production, "https://api.example", staging}} {
		token := of.token(t, map[string]any{"iss": of.URL, "aud": of.audience, "level": 7})
		deadline := time.Now().Add(20 * time.Second)
		for of.ask("/discovered", token) == http.StatusServiceUnavailable && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond) // until the keys are there
		}
		for _, want := range []struct {
			at     *environment
			path   string
			token  string
			status int
		}{
			{of.environment, "/discovered", token, 204},
			{of.other, "/discovered", token, 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": of.URL, "aud": "https://api.other.example"}), 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": issuerName, "aud": of.audience}), 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": of.URL, "aud": of.audience, "level": "high"}), 401},
			{of.environment, "/metadata", of.token(t, map[string]any{"iss": issuerName, "aud": "legacy"}), 204}, // by default
			{of.environment, "/metadata", token, 401},
			{of.environment, "/keys", of.token(t, map[string]any{"iss": of.URL, "aud": "api"}), 204},
			{of.other, "/keys", of.token(t, map[string]any{"iss": of.URL, "aud": "api"}), 401},
			{of.environment, "/opaque", "good", 204},
			{of.environment, "/opaque", "bad", 401},
		} {
			if got := want.at.ask(want.path, want.token); got != want.status {
				t.Errorf("%s of %s at %s: %d, want %d", want.path, of.URL, want.at.URL, got, want.status)
			}
		}
		if of.level != 7 {
			t.Errorf("the handler found the level %d", of.level)
		}
	}
}

// TestSettingsMissing: NewServer names each value that Config lacks, at once, with its place in the document.
func TestSettingsMissing(t *testing.T) {
	t.Parallel()
	_, err := api.NewServer(settled{}, api.Config{StaffIssuer: "http://login.example", OpaqueAudiences: []string{" "}})
	if err == nil {
		t.Fatal("the server starts without its settings")
	}
	for _, want := range []string{
		"Config.LoginIssuer is missing", "Config.LoginAudiences is missing", "Config.LoginDiscovery is missing, as is Config.Login",
		"Config.StaffIssuer is no issuer", "Config.StaffJWKS is missing", "Config.OpaqueURL is missing", "Config.OpaqueAudiences has an empty text",
		"openapi.yaml:31:17",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "Partner") || strings.Count(err.Error(), "\n") != 7 {
		t.Errorf("got %v", err)
	}
}
