package generator_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
	"github.com/bailey-go/bailey/testdata/golden/deprecation/api"
)

type deprecation struct{}

func (deprecation) GetAll(_ context.Context, r *api.GetAllRequest) (*api.GetAllOK, error) {
	switch r.How {
	case "none":
		return nil, &api.GetAllNotFound{}
	case "panic":
		panic("a test")
	case "error":
		return nil, errors.New("a test")
	case "own":
		return &api.GetAllOK{Link: runtime.Some(`</next>; rel="next"`), Sunset: runtime.Some("Thu, 01 Jan 1970 00:00:00 GMT")}, nil
	}
	return &api.GetAllOK{Body: "x"}, nil
}

func (deprecation) PutAll(context.Context, *api.PutAllRequest) error   { return nil }
func (deprecation) PostAll(context.Context, *api.PostAllRequest) error { return nil }

func (deprecation) Inherited(context.Context, *api.InheritedRequest) (iter.Seq2[int64, error], error) {
	return func(yield func(int64, error) bool) { yield(1, nil) }, nil
}

func (deprecation) File(context.Context, *api.FileRequest) (*api.FileOK, error) {
	return &api.FileOK{Body: strings.NewReader("x")}, nil
}

// TestDeprecationFields: each answer of a deprecated operation, a refusal as well, says since when and until
// when (RFC 9745, RFC 8594); no other answer does.
func TestDeprecationFields(t *testing.T) {
	t.Parallel()
	key, keys := keyOf(t, apikeytest.HashKeys(t), "dep")
	server, err := api.NewServer(deprecation{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Key: keys})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server)
	defer s.Close()
	const (
		since  = "@1767225600" // 2026-01-01
		sunset = "Fri, 01 Jan 2027 00:00:00 GMT"
		link   = `<https://api.example/migrate>; rel="deprecation"`
		early  = "@1772362800" // 2026-03-01T11:00:00Z
	)
	for _, test := range []struct {
		method, path, key          string
		status                     int
		deprecation, sunset, links string
	}{
		{"GET", "/all?how=x", key, 200, since, sunset, link},
		{"HEAD", "/all?how=x", key, 200, since, sunset, link},
		{"GET", "/all?how=own", key, 200, since, sunset, `</next>; rel="next", ` + link},
		{"GET", "/all?how=none", key, 404, since, sunset, link},
		{"GET", "/all?how=panic", key, 500, since, sunset, link},
		{"GET", "/all?how=error", key, 500, since, sunset, link},
		{"GET", "/all?how=toolong", key, 400, since, sunset, link},
		{"GET", "/all?how=x", "", 401, since, sunset, link},
		{"PUT", "/all", "", 204, "@1893456000", "", ""},
		{"POST", "/all", "", 204, "", "", ""},
		{"GET", "/inherited", "", 200, early, "", ""},
		{"GET", "/file", "", 200, early, "", ""},
		{"GET", "/none", "", 404, "", "", ""},
		{"DELETE", "/all", "", 405, "", "", ""},
	} {
		r, err := http.NewRequest(test.method, s.URL+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.key != "" {
			r.Header.Set("X-Key", test.key)
		}
		w, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, w.Body)
		_ = w.Body.Close()
		got := []string{strings.Join(w.Header["Deprecation"], ", "), strings.Join(w.Header["Sunset"], ", "), strings.Join(w.Header["Link"], ", ")}
		if want := []string{test.deprecation, test.sunset, test.links}; w.StatusCode != test.status || !slices.Equal(got, want) {
			t.Errorf("%s %s: %d %q, want %d %q", test.method, test.path, w.StatusCode, got, test.status, want)
		}
	}
}
