package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// crashing is a bank whose Login does what it is told.
type crashing struct {
	api.Unimplemented
	login func() (*api.Token, error)
}

func (c crashing) Login(context.Context, *api.LoginRequest) (*api.Token, error) { return c.login() }

// leak is what a handler may hold when it fails, and nobody may see: shorter than the
// accessToken of the document, so that it breaks the response's schema too.
const leak = "pa55word-of-db"

// TestCrash fails inside of a handler in every way: the caller gets a 500 that says
// nothing, and the log says what happened, and where, without the value.
func TestCrash(t *testing.T) {
	for _, test := range []struct {
		name, event, rule string
		login             func() (*api.Token, error)
	}{
		{"a panic with a text", "sys_crash", "panic", func() (*api.Token, error) { panic(leak) }},
		{"a panic with an error", "sys_crash", "panic", func() (*api.Token, error) { panic(errors.New(leak)) }},
		{"a nil result", "output_validation_fail", "no-response", func() (*api.Token, error) { return nil, nil }},
		{"an error", "sys_crash", "handler", func() (*api.Token, error) { return nil, fmt.Errorf("dial %s: %w", leak, context.Canceled) }},
		{"a response that breaks its schema", "output_validation_fail", "", func() (*api.Token, error) {
			return &api.Token{AccessToken: leak, ExpiresIn: 1}, nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log memory
			server := serverOf(t, crashing{login: test.login}, &log)
			req := httptest.NewRequest("POST", "/login", strings.NewReader("username=ada&password="+leak))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res := httptest.NewRecorder()
			server.ServeHTTP(res, req)

			id := res.Header().Get("X-Request-Id")
			want := `{"type":"about:blank","title":"Internal Server Error","status":500,"instance":"` + id + `"}`
			if got := strings.TrimSpace(res.Body.String()); res.Code != http.StatusInternalServerError || id == "" || got != want {
				t.Errorf("got %d %s\nwant 500 %s", res.Code, got, want)
			}
			if strings.Contains(log.text()+fmt.Sprint(res.Header()), leak) {
				t.Errorf("the secret stands in the log or the header: %v\n%s", res.Header(), log.text())
			}
			var last struct {
				Level, Event, Operation, Rule string
				RequestID                     string `json:"request_id"`
			}
			lines := strings.Split(strings.TrimSpace(log.text()), "\n")
			if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
				t.Fatal(err)
			}
			if last.Level != "ERROR" || last.Event != test.event || last.Operation != "login" || last.RequestID != id || test.rule != "" && last.Rule != test.rule {
				t.Errorf("the event is %+v", last)
			}
		})
	}
}

// serverOf is the bank's server around another handler.
func serverOf(t *testing.T, h api.Handler, log *memory) http.Handler {
	t.Helper()
	iss, err := newIssuer()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "test", Secret: []byte(rand.Text() + rand.Text())})
	if err != nil {
		t.Fatal(err)
	}
	_, key := hash.Generate("bank_")
	key.Subject = "batch"
	keys, err := apikey.Static(key)
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := jwt.NewRevocationMemory(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	server, err := api.NewServer(h, api.Config{
		Config:             runtime.Config{Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))},
		Session:            jwt.Inline(iss.publicPEM),
		SessionRevocations: revoked, SessionDPoP: dpop.Setup{Origins: []string{"http://127.0.0.1:8080"}},
		BatchKey:   apikey.Keys{Store: keys, Hash: hash},
		Authorizer: &handler{store: bank.NewStore()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}
