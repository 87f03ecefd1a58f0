package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/examples/hello/api"
	"github.com/bailey-go/bailey/runtime"
)

func TestHello(t *testing.T) {
	keys, clear, err := newKeys()
	if err != nil {
		t.Fatal(err)
	}
	server, err := api.NewServer(greeter{}, api.Config{Key: keys, Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	srv := httptest.NewServer(server)
	defer srv.Close()
	for name, c := range map[string]struct {
		path, key string
		status    int
		body      string
	}{
		"with the key":    {"/hello/ada", clear, 200, `{"text":"Hello ada, says first-caller"}`},
		"without a key":   {"/hello/ada", "", 401, `"status":401`},
		"another's key":   {"/hello/ada", clear[:len(clear)-1] + "!", 401, `"status":401`},
		"no name":         {"/hello/4d4", clear, 400, `"parameter":"name"`},
		"more parameters": {"/hello/ada?debug=1", clear, 400, `"keyword":"unknown"`},
		"no operation":    {"/", clear, 404, `"status":404`},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequest("GET", srv.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.key != "" {
				req.Header.Set("X-API-Key", c.key)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != c.status || !strings.Contains(string(body), c.body) {
				t.Errorf("got %d %s, want %d with %s", res.StatusCode, body, c.status, c.body)
			}
		})
	}
}

// TestLines holds the promise of README.md: fewer than 60 lines of code.
func TestLines(t *testing.T) {
	text, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			lines++
		}
	}
	if lines > 60 {
		t.Errorf("main.go has %d lines of code, more than 60", lines)
	}
}
