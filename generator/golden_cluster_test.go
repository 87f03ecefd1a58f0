package generator_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/cluster/api"
)

type workload struct{}

func (workload) ByKeys(context.Context, *api.ByKeysRequest) error         { return nil }
func (workload) ByMetadata(context.Context, *api.ByMetadataRequest) error { return nil }
func (workload) ByOpaque(context.Context, *api.ByOpaqueRequest) error     { return nil }

// TestClusterAuthority: an issuer whose certificate only ca-file vouches for is believed, and one that the file does not name is not asked.
func TestClusterAuthority(t *testing.T) {
	p := newProvider(t)
	mux := p.Config.Handler.(*http.ServeMux)
	asked := 0
	issuer := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(issuer.Close)
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": issuer.URL, "jwks_uri": issuer.URL + "/keys"})
	})
	mux.HandleFunc("/introspect", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"active": r.FormValue("token") == "good", "aud": "api", "sub": "ada"})
	})
	t.Chdir(t.TempDir())
	now := time.Now()
	start := func() (*api.Server, error) {
		cfg := api.Config{
			Config: quiet, AccountIssuer: issuer.URL, AccountJWKS: issuer.URL + "/keys", DiscoveredIssuer: issuer.URL, DiscoveredDiscovery: issuer.URL + "/metadata",
			Opaque: introspect.Secret("server", "a secret of the server"), OpaqueURL: issuer.URL + "/introspect",
		}
		cfg.Clock = func() time.Time { return now }
		return api.NewServer(workload{}, cfg)
	}
	if _, err := start(); err == nil || strings.Count(err.Error(), "ca-file") != 3 {
		t.Errorf("without the file: %v", err)
	}
	for _, tt := range []struct {
		name   string
		der    []byte
		status int
	}{{"the issuer's authority", issuer.Certificate().Raw, 204}, {"another authority", newAuthority(t).cert.Raw, 503}} {
		if err := os.WriteFile("ca.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tt.der}), 0o600); err != nil {
			t.Fatal(err)
		}
		asked = 0
		s, err := start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		for path, token := range map[string]string{
			"/keys":     p.token(t, map[string]any{"iss": issuer.URL, "aud": "api"}),
			"/metadata": p.token(t, map[string]any{"iss": issuer.URL, "aud": "api"}),
			"/opaque":   "good",
		} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("%s, %s: %d %s", tt.name, path, w.Code, w.Body)
			}
		}
		if (asked > 0) != (tt.status == 204) {
			t.Errorf("%s: the issuer was asked %d times", tt.name, asked)
		}
	}
}

// TestKeysOverHTTPIsAnEvent: a server that fetches keys over plain HTTP says so each time that it starts.
func TestKeysOverHTTPIsAnEvent(t *testing.T) {
	p := newProvider(t)
	address := strings.Replace(p.URL, "127.0.0.1", "localhost", 1)
	t.Chdir(t.TempDir())
	if err := os.WriteFile(filepath.Join(".", "ca.crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: newAuthority(t).cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var seen events
		cfg := api.Config{
			Config: quiet, AccountIssuer: p.URL, DiscoveredIssuer: p.URL, Opaque: introspect.Secret("server", "a secret of the server"), OpaqueURL: "https://127.0.0.1:9/",
			Account:    jwt.RemoteSource{URL: address + "/keys", DangerouslyFetchKeysOverHTTP: "localhost"},
			Discovered: jwt.Inline(publicES256),
		}
		cfg.Events = &seen
		s, err := api.NewServer(workload{}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range seen.list {
			got = append(got, e.Name+" "+e.Rule+" "+e.Scheme+" "+e.Issuer)
		}
		if want := []string{"sys_startup keys-over-http account " + p.URL}; !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		r := httptest.NewRequest(http.MethodGet, "/keys", nil)
		r.Header.Set("Authorization", "Bearer "+p.token(t, map[string]any{"iss": p.URL, "aud": "api"}))
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 204 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		_ = s.Close()
	}
}
