package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/examples/environments/api"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
)

// environment is an issuer, and a server that a file configures for it.
type environment struct {
	issuer *jwttest.Issuer
	server *api.Server
}

// start starts a server with one of the files of the example, whose issuer is replaced by one that runs.
func start(t *testing.T, file, audience string, environ ...string) environment {
	t.Helper()
	mux := http.NewServeMux()
	provider := httptest.NewServer(mux)
	t.Cleanup(provider.Close)
	issuer, err := jwttest.New(jwttest.Config{Issuer: provider.URL, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(issuer.JWKS()) })
	server, err := open(file, append(environ, "ENVIRONMENTS_LOGIN_ISSUER="+provider.URL, "ENVIRONMENTS_LOGIN_JWKS="+provider.URL+"/keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return environment{issuer, server}
}

func (e environment) ask(token string) (int, string) {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		r := httptest.NewRequest(http.MethodGet, "/me", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		e.server.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || time.Now().After(deadline) { // until it has the keys
			return w.Code, w.Body.String()
		}
	}
}

// TestEnvironments: one build serves two environments, and neither takes the other's tokens.
func TestEnvironments(t *testing.T) {
	t.Parallel()
	staging, production := start(t, "staging.yaml", "https://api.staging.example"), start(t, "production.yaml", "https://api.example")
	claims := map[string]any{"sub": "ada"}
	for name, of := range map[string]struct{ own, other environment }{"staging": {staging, production}, "production": {production, staging}} {
		token := of.own.issuer.Token(claims)
		if status, body := of.own.ask(token); status != http.StatusOK || body != `{"subject":"ada"}` {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if status, _ := of.other.ask(token); status != http.StatusUnauthorized {
			t.Errorf("a token of %s elsewhere: %d", name, status)
		}
	}
	if staging.server.PolicyDigest() == production.server.PolicyDigest() {
		t.Error("both have one digest")
	}
}

// TestFiles: the files of the example start a server as they are.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"staging.yaml", "production.yaml"} {
		server, err := open(file, nil)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		_ = server.Close()
	}
}

// TestMistakes: what is wrong is named before the server starts, by the file's place or by the field.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"login-isser: https://login.example\n":                       `:1:1: unknown key "login-isser"; did you mean login-issuer?`,
		"login-issuer: https://login.example\n":                      "Config.LoginAudiences is missing",
		"login-issuer: http://login.example\nlogin-audiences: [a]\n": "Config.LoginIssuer is no issuer",
		"get-me-me-rate-requests: 601\n":                             "Config.GetMeMeRateRequests is 601, more than the 600 that the document allows",
		"login-issuer: ${ISSUER}\n":                                  ":1:15: a placeholder, which nothing replaces",
		"timeout-limit: 6s\n":                                        "Config.TimeoutLimit is 6s, more than the 5s",
	} {
		file := filepath.Join(t.TempDir(), "a.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := open(file, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
