package generator_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/config"
	"github.com/bailey-go/bailey/testdata/golden/settings/api"
)

// TestConfigFile fills the Config of testdata/golden/settings from a file: each of its settings has a key.
func TestConfigFile(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.Config.Handler.(*http.ServeMux).HandleFunc("/introspect", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	file := filepath.Join(dir, "settings.yaml")
	for name, text := range map[string]string{secret: "a secret of the server", file: strings.NewReplacer("URL", p.URL, "SECRET", secret).Replace(`
login-issuer: URL
login-audiences: [api]
login: {discovery-url: URL/.well-known/openid-configuration}
partner-issuer: URL
partner-audiences: [api]
partner-discovery: URL/metadata
staff-issuer: URL
staff-jwks: URL/keys
opaque: {id: server, secret-file: SECRET}
opaque-url: URL/introspect
opaque-issuer: URL
opaque-audiences: [api]
body-limit: 8
timeout-limit: 1s
notes-depth-limit: 2
set-notes-body-limit: 8
everybody-rate-requests: 9
add-note-notes-rate-requests: 9
add-note-notes-rate-burst: 9
`)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var cfg api.Config
	if err := config.Load(&cfg, config.Source{File: file, Prefix: "TEST", Environ: []string{"TEST_STAFF_ISSUER=" + p.URL + "/staff", "TEST_EVERYBODY_RATE_REQUESTS=1000"}}); err != nil {
		t.Fatal(err)
	}
	var level int64
	s, err := api.NewServer(settled{&level}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	e := &environment{provider: p, server: s}
	good, bad := p.token(t, map[string]any{"iss": p.URL + "/staff"}), p.token(t, map[string]any{"iss": p.URL})
	deadline := time.Now().Add(20 * time.Second)
	for e.ask("/keys", good) != http.StatusNoContent {
		if time.Now().After(deadline) {
			t.Fatal("the server does not take the token of its issuer")
		}
		time.Sleep(10 * time.Millisecond) // until the keys are there
	}
	if got := e.ask("/keys", bad); got != http.StatusUnauthorized {
		t.Errorf("the file's issuer, which a variable replaces: %d", got)
	}
	if cfg.TimeoutLimit.Seconds() != 1 || cfg.BodyLimit != 8 || cfg.EverybodyRateRequests != 1000 {
		t.Errorf("%+v", cfg)
	}
}
