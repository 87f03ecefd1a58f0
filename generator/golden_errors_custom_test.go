package generator_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/problem"
	"github.com/bailey-go/bailey/testdata/golden/errors/api"
)

// TestConfigProblem: a program answers refusals with declared responses, which are checked; where it fails the status
// goes out without a body, and the event tells why.
func TestConfigProblem(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var give func(p *problem.Problem) error
	log := &locked{}
	cfg := runtime.Config{
		Log: slog.New(slog.NewJSONHandler(log, nil)),
		Problem: func(_ *http.Request, p *problem.Problem) error {
			mu.Lock()
			defer mu.Unlock()
			return give(p)
		},
	}
	s, err := api.NewServer(shop{}, api.Config{Config: cfg, Token: claimed{}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	typed := func(rule, kind string) error {
		e := &api.PostTypedBadRequest{Body: api.Typed{Rule: rule}}
		if kind != "" {
			e.XKind = runtime.Some(kind)
		}
		return e
	}
	for _, test := range []struct {
		name, path, body string
		give             func(p *problem.Problem) error
		status           int
		media, want, log string
	}{
		{"a declared response", "/typed", `{"count":0}`, func(p *problem.Problem) error { return typed(p.Rule, "a") }, 400, "application/json", `{"rule":"body"}`, "minimum"},
		{"wrapped", "/typed", `{`, func(p *problem.Problem) error { return errors.Join(typed(p.Rule, "a")) }, 400, "application/json", `{"rule":"syntax"}`, "syntax"},
		{"nothing, and another text", "/none", ``, func(p *problem.Problem) error { p.Detail = "another text"; return nil }, 400, "application/json", `"message":"another text"`, "body-missing"},
		{"nothing, and another status", "/none", ``, func(p *problem.Problem) error { p.Status = 200; return nil }, 400, "application/json", `"status":"400"`, "body-missing"},
		{"no operation", "/nowhere", ``, func(p *problem.Problem) error { return typed("a", "") }, 404, "", "", `"problem"`},
		{"no rule", "/orders/7", ``, func(p *problem.Problem) error { p.Detail = "rule " + p.Rule + "."; return nil }, 401, "application/json", `"message":"rule ."`, "no-credential"},
		{"a panic", "/typed", `{`, func(*problem.Problem) error { panic("a secret") }, 400, "", "", `"problem"`},
		{"an error that is no response", "/typed", `{`, func(*problem.Problem) error { return errors.New("x") }, 400, "", "", `"problem"`},
		{"a body that breaks its schema", "/typed", `{`, func(*problem.Problem) error { return typed("12345678901", "") }, 400, "", "", "problem maxLength at /rule"},
		{"a header that breaks its schema", "/typed", `{`, func(*problem.Problem) error { return typed("a", "12345") }, 400, "", "", "problem maxLength at header X-Kind"},
		{"another status", "/typed", "text", func(*problem.Problem) error { return typed("a", "") }, 415, "", "", "problem status"},
	} {
		mu.Lock()
		give = test.give
		log.take()
		mu.Unlock()
		header := []string{"X-Test", "1"}
		if test.body == "text" {
			header = []string{"Content-Type", "text/plain"}
		}
		method := "POST"
		if strings.HasPrefix(test.path, "/orders") {
			method = "GET"
		}
		got := answered(t, srv, method, test.path, test.body, header...)
		if got.status != test.status || got.media != test.media || !strings.Contains(got.body, test.want) || test.want == "" && got.body != "" {
			t.Errorf("%s: got %d %q %s\nwant %d %q %s", test.name, got.status, got.media, got.body, test.status, test.media, test.want)
		}
		if text := log.take(); !strings.Contains(text, test.log) {
			t.Errorf("%s: the log lacks %s: %s", test.name, test.log, text)
		}
		if strings.Contains(got.body, "secret") || got.header.Get("X-Kind") != "" && got.body == "" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v %s", test.name, got.header, got.body)
		}
	}
}

// locked is a buffer for several goroutines.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// take returns the text since the last call.
func (l *locked) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.b.String()
	l.b.Reset()
	return text
}
