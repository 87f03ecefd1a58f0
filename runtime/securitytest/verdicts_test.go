package securitytest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen"
)

// complaints collects what an attack reports.
type complaints struct{ list []string }

func (*complaints) Helper()             {}
func (*complaints) Logf(string, ...any) {}
func (c *complaints) Errorf(format string, args ...any) {
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

// A server that tells objects apart is found, whatever it tells them apart by.
func TestVerdicts(t *testing.T) {
	type server = func(w http.ResponseWriter, err error)
	hidden := func(w http.ResponseWriter, err error) {
		if errors.Is(err, runtime.ErrUnavailable) {
			w.WriteHeader(503)
			return
		}
		w.Header().Set("X-Request-Id", fmt.Sprintf("%p", w))
		w.WriteHeader(404)
		fmt.Fprintf(w, "not found %p", w)
	}
	isOurs := func(err error) bool {
		return !errors.Is(err, runtime.ErrDenied) && !errors.Is(err, runtime.ErrNotFound) && !errors.Is(err, sql.ErrNoRows) && !errors.Is(err, runtime.ErrUnavailable)
	}
	for name, tt := range map[string]struct {
		hook  gen.Hook
		serve server
		want  []string
	}{
		"hidden": {gen.AuthorizeBefore | gen.AuthorizeHide, hidden, nil},
		"a failure is seen": {gen.AuthorizeBefore | gen.AuthorizeHide, func(w http.ResponseWriter, err error) {
			if isOurs(err) {
				w.WriteHeader(500)
				return
			}
			hidden(w, err)
		}, []string{"an object that cannot be read: got 500"}},
		"an absent object has another text": {gen.AuthorizeBefore | gen.AuthorizeHide, func(w http.ResponseWriter, err error) {
			hidden(w, err)
			if errors.Is(err, sql.ErrNoRows) {
				fmt.Fprint(w, "!")
			}
		}, []string{"an object without a row can be told from a foreign one"}},
		"an absent object has another header": {gen.AuthorizeBefore | gen.AuthorizeHide, func(w http.ResponseWriter, err error) {
			if errors.Is(err, runtime.ErrNotFound) {
				w.Header().Set("Retry-After", "1")
			}
			hidden(w, err)
		}, []string{"an absent object can be told from a foreign one"}},
		"open, and hidden": {gen.AuthorizeBefore, hidden, []string{"a foreign object: got 404, want 403", "an object that cannot be read: got 404, want 503"}},
		"nobody is asked":  {0, hidden, nil},
	} {
		var found complaints
		a := attacker{
			t: &found, credentials: &Credentials{}, op: Operation{Operation: &gen.Operation{Method: "GET", Authorize: tt.hook}, Target: "/"},
			server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tt.serve(w, Verdict(r.Context())) }),
		}
		a.verdicts(nil)
		if len(found.list) != len(tt.want) || slices.ContainsFunc(tt.want, func(w string) bool {
			return !slices.ContainsFunc(found.list, func(f string) bool { return strings.Contains(f, w) })
		}) {
			t.Errorf("%s: got %q, want %q", name, found.list, tt.want)
		}
	}
	if err := Verdict(context.Background()); err != nil {
		t.Errorf("nobody has asked for %v", err)
	}
}
