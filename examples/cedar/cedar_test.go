package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/examples/cedar/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/principal"
)

// TestPolicies asks the server over HTTP, as each caller.
func TestPolicies(t *testing.T) {
	issuer, err := newIssuer()
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, c := range callers {
		tokens[c.subject] = tokenOf(issuer, c)
	}
	for _, tt := range []struct {
		name, caller, method, path string
		status                     int
		ids                        string // of the answer, in order
	}{
		{"what ada may read", "ada", "GET", "/files", 200, "plan"},
		{"what an editor may read", "bob", "GET", "/files", 200, "plan memo"},
		{"what another tenant may read", "eve", "GET", "/files", 200, "recipe"},
		{"one's own", "ada", "GET", "/files/plan", 200, "plan"},
		{"one's own, beyond one's clearance", "ada", "GET", "/files/budget", 404, ""},
		{"a colleague's", "ada", "GET", "/files/memo", 404, ""},
		{"a colleague's, as editor", "bob", "GET", "/files/plan", 200, "plan"},
		{"another tenant's, as editor", "eve", "GET", "/files/plan", 404, ""},
		{"nobody's", "eve", "GET", "/files/none", 404, ""},
		{"deleting as editor", "bob", "DELETE", "/files/plan", 404, ""},
		{"deleting one's own", "bob", "DELETE", "/files/memo", 204, ""},
		{"a stranger", "", "GET", "/files", 401, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server, err := newServer(newStore(), issuer, runtime.Config{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if tt.caller != "" {
				r.Header.Set("Authorization", "Bearer "+tokens[tt.caller])
			}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			body, err := io.ReadAll(w.Result().Body)
			if err != nil || w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s %v", w.Code, tt.status, body, err)
			}
			var ids []string
			for _, part := range strings.Split(string(body), `{"id":"`)[1:] {
				id, _, _ := strings.Cut(part, `"`)
				ids = append(ids, id)
			}
			if got := strings.Join(ids, " "); tt.status == http.StatusOK && got != tt.ids {
				t.Errorf("got %q, want %q", got, tt.ids)
			}
		})
	}
}

// down cannot find anything.
type down struct{}

func (down) Find(context.Context, string) (api.File, bool, error) {
	return api.File{}, false, errors.New("the store is down")
}

// TestFailsClosed: who cannot be judged is denied.
func TestFailsClosed(t *testing.T) {
	is := func(p *principal.Principal) api.Caller { return api.Caller{Caller: p.Caller()} }
	caller := is(&principal.Principal{Subject: "ada", Tenant: "t1", Claims: map[string]any{"clearance": int64(9)}})
	req := &api.GetFileRequest{ID: "plan"}
	if _, err := newAuthorizer([]byte("permit everything"), newStore()); err == nil {
		t.Error("policies that cannot be read are taken")
	}
	for name, text := range map[string]string{
		"no policy":              "",
		"a forbid that fails":    `permit (principal, action, resource); forbid (principal, action, resource) when { resource.missing > 1 };`,
		"a permit that fails":    `permit (principal, action, resource) when { resource.missing };`,
		"a permit for something": `permit (principal, action == Action::"other", resource);`,
	} {
		a, err := newAuthorizer([]byte(text), newStore())
		if err != nil {
			t.Fatal(err)
		}
		if err := a.AuthorizeGetFile(t.Context(), caller, req); err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	a, err := newAuthorizer(policies, down{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.AuthorizeGetFile(t.Context(), caller, req); err == nil {
		t.Error("allowed without a store")
	}
	if a, err = newAuthorizer(policies, newStore()); err != nil {
		t.Fatal(err)
	}
	if err := a.AuthorizeGetFile(t.Context(), is(&principal.Principal{Subject: "ada"}), req); err == nil {
		t.Error("a caller without clearance is allowed")
	}
	if err := a.AuthorizeGetFile(t.Context(), api.Caller{}, req); err == nil {
		t.Error("nobody is allowed")
	}
}
