package securitytest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen"
)

// verdict is the key of the error that an authorizer is to return.
type verdict struct{}

// Verdict is the answer of the authorizers of generated tests to a request: nil, or the error that the
// test asks for.
func Verdict(ctx context.Context) error {
	err, _ := ctx.Value(verdict{}).(error)
	return err
}

// verdicts has the authorizer of the operation refuse a good request: for a foreign, an absent and a failing object, and
// since it is not available. Where the operation hides objects, the first three must not be told apart.
func (a *attacker) verdicts(good fields) {
	a.t.Helper()
	if a.op.Authorize&gen.AuthorizeBefore == 0 || len(good[untriedField]) > 0 {
		return
	}
	hides := a.op.Authorize&gen.AuthorizeHide != 0
	foreign := ""
	for _, v := range []struct {
		what   string
		err    error
		open   int
		hidden int
	}{
		{"a foreign object", runtime.ErrDenied, http.StatusForbidden, http.StatusNotFound},
		{"an absent object", runtime.ErrNotFound, http.StatusNotFound, http.StatusNotFound},
		{"an object without a row", fmt.Errorf("get: %w", sql.ErrNoRows), http.StatusNotFound, http.StatusNotFound},
		{"an object that cannot be read", errors.New("securitytest: cannot be read"), http.StatusServiceUnavailable, http.StatusNotFound},
		{"any object when the authorizer is not available", fmt.Errorf("ask: %w", runtime.ErrUnavailable), http.StatusServiceUnavailable, http.StatusServiceUnavailable},
	} {
		r := a.request(maps.Clone(good))
		w := httptest.NewRecorder()
		a.server.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), verdict{}, v.err)))
		want := v.open
		if hides {
			want = v.hidden
		}
		if w.Code != want {
			a.t.Errorf("%s: got %d, want %d: %s", v.what, w.Code, want, w.Body)
			continue
		}
		if !hides || want != http.StatusNotFound {
			continue
		}
		got := comparable(w)
		if foreign == "" {
			foreign = got
		}
		if got != foreign {
			a.t.Errorf("%s can be told from a foreign one: got %s, want %s", v.what, got, foreign)
		}
	}
}

// comparable is the answer as text, without what differs between any two answers: the request's id, and what is left of
// a rate limit.
func comparable(w *httptest.ResponseRecorder) string {
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	for _, name := range slices.Sorted(maps.Keys(w.Header())) {
		if name != "Ratelimit" && name != "Date" {
			fmt.Fprintln(&b, name, w.Header()[name])
		}
	}
	b.WriteString(w.Body.String())
	text := b.String()
	if id := w.Header().Get("X-Request-Id"); id != "" {
		text = strings.ReplaceAll(text, id, "ID")
	}
	return text
}
