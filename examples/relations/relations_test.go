package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/examples/relations/internal/relations"
	"github.com/bailey-go/bailey/runtime"
)

// down is an engine that cannot be asked.
type down struct{}

func (down) Check(context.Context, string, string, string) (bool, error) {
	return true, errors.New("the engine is down")
}

// TestShared asks the server over HTTP, as each caller, and with an engine that is down.
func TestShared(t *testing.T) {
	issuer, err := newIssuer()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, caller, method, path string
		engine                     relations.Checker
		status                     int
		body                       string
	}{
		{"what ada may see", "ada", "GET", "/documents", nil, 200, `[{"id":"plan","title":"The plan"}]`},
		{"what a group may see", "bob", "GET", "/documents", nil, 200, `[{"id":"plan","title":"The plan"},{"id":"memo","title":"A memo"}]`},
		{"what a stranger may see", "eve", "GET", "/documents", nil, 200, `[]`},
		{"the owner's", "ada", "GET", "/documents/plan", nil, 200, `{"id":"plan","title":"The plan"}`},
		{"by a group", "bob", "GET", "/documents/plan", nil, 200, ""},
		{"another's", "ada", "GET", "/documents/memo", nil, 404, ""},
		{"nobody's", "ada", "GET", "/documents/none", nil, 404, ""},
		{"renamed by its owner", "ada", "PUT", "/documents/plan", nil, 204, ""},
		{"renamed by a viewer", "bob", "PUT", "/documents/plan", nil, 404, ""},
		{"a list, with the engine down", "ada", "GET", "/documents", down{}, 503, ""},
		{"a document, with the engine down", "ada", "GET", "/documents/plan", down{}, 503, ""},
		{"without a token", "", "GET", "/documents", nil, 401, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			engine := tt.engine
			if engine == nil {
				engine = shared()
			}
			server, err := newServer(newStore(), engine, issuer, runtime.Config{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if tt.method == "PUT" {
				r = httptest.NewRequest(tt.method, tt.path, strings.NewReader(`{"title":"Another"}`))
				r.Header.Set("Content-Type", "application/json")
			}
			if tt.caller != "" {
				r.Header.Set("Authorization", "Bearer "+tokenOf(issuer, tt.caller))
			}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, tt.status, tt.body)
			}
		})
	}
}
