package gen

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

type (
	askBefore = func(context.Context, principal.Caller, *note) error
	askAfter  = func(context.Context, principal.Caller, *note, *note) (*note, error)
)

// authorizeServer serves PUT /users/{user}/note with an authoriser, and counts the calls of its handler.
func authorizeServer(sink *events, hook Hook, before askBefore, after askAfter, handled *int) (*Server, error) {
	b := New(Setup{Title: "test", Config: runtime.Config{Events: sink}})
	b.Scheme("bearer", func(*principal.Table) (auth.Authenticator, error) {
		return tokens{"ada": {Subject: "ada"}}, nil
	})
	steps := noteSteps
	steps.Owner = nil
	steps.Authorize, steps.Filter = before, after
	steps.Call = func(_ context.Context, n *note) (*note, error) {
		*handled++
		return &note{User: n.User, Text: "secret"}, nil
	}
	Mount(b, &Operation{
		ID: "putNote", Method: "PUT", Path: "/users/{user}/note", Authorize: hook, Consumes: []string{"application/json"},
		Access: Require(Requirement{{Scheme: "bearer"}}), Limits: Limits{Timeout: 100 * time.Millisecond},
	}, steps)
	return b.Server()
}

func TestAuthorize(t *testing.T) {
	allow := func(context.Context, principal.Caller, *note) error { return nil }
	deny := func(err error) askBefore {
		return func(context.Context, principal.Caller, *note) error { return err }
	}
	onlyAda := func(_ context.Context, p principal.Caller, n *note) error {
		if p.Anonymous() || p.Subject() != n.User {
			return runtime.ErrDenied
		}
		return nil
	}
	same := func(_ context.Context, _ principal.Caller, _, n *note) (*note, error) { return n, nil }
	blank := func(_ context.Context, p principal.Caller, req, n *note) (*note, error) {
		return &note{Text: p.Subject() + req.User}, nil
	}
	refuse := func(context.Context, principal.Caller, *note, *note) (*note, error) {
		return &note{Text: "secret"}, runtime.ErrDenied
	}
	waits := func(ctx context.Context, _ principal.Caller, _ *note) error { <-ctx.Done(); return ctx.Err() }
	tests := []struct {
		name, user    string
		hook          Hook
		before        askBefore
		after         askAfter
		status, calls int
		rule, body    string
	}{
		{name: "no hook", user: "bob", status: 200, calls: 1},
		{name: "allowed", user: "bob", hook: AuthorizeBefore, before: allow, status: 200, calls: 1},
		{name: "by the request", user: "ada", hook: AuthorizeBefore, before: onlyAda, status: 200, calls: 1},
		{name: "another's", user: "bob", hook: AuthorizeBefore, before: onlyAda, status: 403, rule: "authorize"},
		{name: "hidden", user: "bob", hook: AuthorizeBefore | AuthorizeHide, before: onlyAda, status: 404, rule: "authorize"},
		{name: "denied for a reason", user: "ada", hook: AuthorizeBefore, before: deny(fmt.Errorf("password=x: %w", runtime.ErrDenied)), status: 403, rule: "authorize"},
		{name: "denied when the time is up", user: "ada", hook: AuthorizeBefore, before: deny(errors.Join(context.DeadlineExceeded, runtime.ErrDenied)), status: 403, rule: "authorize"},
		{name: "not there", user: "ada", hook: AuthorizeBefore, before: deny(fmt.Errorf("password=x: %w", runtime.ErrNotFound)), status: 404, rule: "authorize"},
		{name: "no row", user: "ada", hook: AuthorizeBefore, before: deny(fmt.Errorf("password=x: %w", sql.ErrNoRows)), status: 404, rule: "authorize"},
		{name: "no row, hidden", user: "ada", hook: AuthorizeBefore | AuthorizeHide, before: deny(sql.ErrNoRows), status: 404, rule: "authorize"},
		{name: "cannot decide", user: "ada", hook: AuthorizeBefore, before: deny(errors.New("engine down: password=x")), status: 503, rule: "authorizer"},
		{name: "cannot decide, hidden", user: "ada", hook: AuthorizeBefore | AuthorizeHide, before: deny(errors.New("engine down: password=x")), status: 404, rule: "authorizer"},
		{name: "unavailable", user: "ada", hook: AuthorizeBefore, before: deny(fmt.Errorf("%w: password=x", runtime.ErrUnavailable)), status: 503, rule: "unavailable"},
		{name: "unavailable, hidden", user: "ada", hook: AuthorizeBefore | AuthorizeHide, before: deny(fmt.Errorf("%w: password=x", runtime.ErrUnavailable)), status: 503, rule: "unavailable"},
		{name: "canceled, hidden", user: "ada", hook: AuthorizeBefore | AuthorizeHide, before: deny(context.Canceled), status: 503, rule: "deadline"},
		{name: "a problem of the server", user: "ada", hook: AuthorizeBefore, before: deny(&problem.Problem{Status: 500, Detail: "password=x"}), status: 503, rule: "authorizer"},
		{name: "nil problem", user: "ada", hook: AuthorizeBefore, before: deny((*problem.Problem)(nil)), status: 503, rule: "authorizer"},
		{name: "its own problem", user: "ada", hook: AuthorizeBefore, before: deny(&problem.Problem{Status: 409, Detail: "closed"}), status: 409, rule: "authorize", body: "closed"},
		{name: "a problem that is no refusal", user: "ada", hook: AuthorizeBefore, before: deny(&problem.Problem{Status: 200}), status: 503, rule: "authorizer"},
		{name: "its own problem, hidden", user: "ada", hook: AuthorizeBefore | AuthorizeHide, before: deny(&problem.Problem{Status: 409}), status: 404, rule: "authorize"},
		{name: "too slow", user: "ada", hook: AuthorizeBefore, before: waits, status: 503, rule: "deadline"},
		{name: "denied when the client has closed its side", user: "bob", hook: AuthorizeBefore, before: func(ctx context.Context, p principal.Caller, n *note) error {
			<-ctx.Done()
			return onlyAda(ctx, p, n)
		}, status: 403, rule: "authorize"},
		{name: "panics", user: "ada", hook: AuthorizeBefore, before: func(context.Context, principal.Caller, *note) error { panic("x") }, status: 500, rule: "panic"},
		{name: "panics over the result", user: "ada", hook: AuthorizeAfter, after: func(context.Context, principal.Caller, *note, *note) (*note, error) { panic("secret") }, status: 500, calls: 1, rule: "panic"},
		{name: "the result as it is", user: "ada", hook: AuthorizeAfter, after: same, status: 200, calls: 1},
		{name: "another result", user: "bob", hook: AuthorizeAfter, after: blank, status: 200, calls: 1},
		{name: "no result", user: "ada", hook: AuthorizeAfter, after: refuse, status: 403, calls: 1, rule: "authorize"},
		{name: "no result, hidden", user: "ada", hook: AuthorizeAfter | AuthorizeHide, after: refuse, status: 404, calls: 1, rule: "authorize"},
	}
	for _, tt := range tests {
		var sink events
		handled := 0
		s, err := authorizeServer(&sink, tt.hook, tt.before, tt.after, &handled)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		r := httptest.NewRequest("PUT", "/users/"+tt.user+"/note", strings.NewReader(`{"text":"hello"}`))
		r.Header.Set("Authorization", "Bearer ada")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if e := sink.last(); w.Code != tt.status || e.Rule != tt.rule || handled != tt.calls || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%s: got %d, rule %q, %d calls: %s; want %d, %q, %d, %q", tt.name, w.Code, e.Rule, handled, w.Body, tt.status, tt.rule, tt.calls, tt.body)
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "password") {
			t.Errorf("%s: the answer holds what it must not: %s", tt.name, w.Body)
		}
	}
}

// From a hidden operation a client learns nothing: a foreign, an absent and a failing object have the bytes of the handler's
// own runtime.ErrNotFound, but for the request's id. The log tells them apart.
func TestHiddenBytes(t *testing.T) {
	type answer struct{ header, body string }
	var want answer
	for name, tt := range map[string]struct {
		err         error
		event, kind string
	}{
		"":                {nil, "", ""},
		"foreign":         {runtime.ErrDenied, event.AuthzFail, "*errors.errorString"},
		"foreign, cause":  {fmt.Errorf("of another: %w", runtime.ErrDenied), event.AuthzFail, "*fmt.wrapError < *errors.errorString"},
		"absent":          {runtime.ErrNotFound, event.AuthzFail, "*problem.Problem"},
		"no row":          {sql.ErrNoRows, event.AuthzFail, "*errors.errorString"},
		"its own problem": {&problem.Problem{Status: 410, Detail: "gone"}, event.AuthzFail, "*problem.Problem"},
		"failing":         {errors.New("decrypt: bad key"), event.Unavailable, "*errors.errorString"},
		"problem of ours": {&problem.Problem{Status: 502, Detail: "gone"}, event.Unavailable, "*problem.Problem"},
	} {
		var sink events
		handled := 0
		s, err := authorizeServer(&sink, AuthorizeBefore|AuthorizeHide, func(context.Context, principal.Caller, *note) error { return tt.err }, nil, &handled)
		if err != nil {
			t.Fatal(err)
		}
		s.config.Around = func(context.Context, *runtime.Operation, func(context.Context) error) error {
			return runtime.ErrNotFound
		}
		r := httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader(`{"text":"hello"}`))
		r.Header.Set("Authorization", "Bearer ada")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		id := w.Header().Get("X-Request-Id")
		got := answer{strings.ReplaceAll(fmt.Sprint(w.Code, w.Header()), id, "ID"), strings.ReplaceAll(w.Body.String(), id, "ID")}
		if want.body == "" {
			want = got
		}
		if got != want || w.Code != 404 || id == "" {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		if e := sink.last(); e.Name != tt.event || e.Err != tt.kind {
			t.Errorf("%s: the event is %s of %s", name, e.Name, e.Err)
		}
	}
}

// TestAuthorizeStart: what the table says and what is mounted must be the same.
func TestAuthorizeStart(t *testing.T) {
	allow := func(context.Context, principal.Caller, *note) error { return nil }
	for name, build := range map[string]func() (*Server, error){
		"said and not there": func() (*Server, error) { return authorizeServer(nil, AuthorizeBefore, nil, nil, new(int)) },
		"there and not said": func() (*Server, error) { return authorizeServer(nil, 0, allow, nil, new(int)) },
		"said for after": func() (*Server, error) {
			return authorizeServer(nil, AuthorizeBefore|AuthorizeAfter, allow, nil, new(int))
		},
		"missing in Config": func() (*Server, error) {
			b := New(Setup{Title: "test"})
			b.Need("Authorizer", false)
			Mount(b, &Operation{ID: "x", Method: "GET", Path: "/x", Access: Public("a test")}, noteOpen)
			return b.Server()
		},
	} {
		if _, err := build(); err == nil || !strings.Contains(err.Error(), "uthori") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
