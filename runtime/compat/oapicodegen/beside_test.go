package oapicodegen_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	oapi "github.com/oapi-codegen/runtime"
	oapitypes "github.com/oapi-codegen/runtime/types"

	"github.com/bailey-go/bailey/examples/hello/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/compat/oapicodegen"
)

// greeter is the handler of the operation that bailey serves.
type greeter struct{}

func (greeter) GetHello(_ context.Context, req *api.GetHelloRequest) (*api.Greeting, error) {
	return &api.Greeting{Text: "Hello " + req.Name}, nil
}

// visits is the handler of the operation that has not moved, as oapi-codegen writes it for net/http.
func visits(w http.ResponseWriter, r *http.Request) {
	var day oapitypes.Date
	if err := oapi.BindStyledParameterWithOptions("simple", "day", r.PathValue("day"), &day, oapi.BindStyledParameterOptions{Required: true}); err != nil {
		http.Error(w, "the day is no date", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "visits of %v", oapicodegen.ToDate(day))
}

// both is one service of the two, and a good key of the one that bailey serves.
func both() (h http.Handler, key string, err error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "1", Secret: secret})
	if err != nil {
		return nil, "", err
	}
	clear, stored := hash.Generate("hello_")
	stored.Subject = "ada"
	store, err := apikey.Static(stored)
	if err != nil {
		return nil, "", err
	}
	server, err := api.NewServer(greeter{}, api.Config{Key: apikey.Keys{Store: store, Hash: hash}, Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		return nil, "", err
	}
	old := http.NewServeMux() // oapi-codegen's HandlerFromMux
	old.HandleFunc("GET /visits/{day}", visits)
	old.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the old one, without a key") })
	h, err = oapicodegen.Beside(server, old, "GET /visits/{day}")
	return h, clear, err
}

// One service: bailey serves an operation, and oapi-codegen another one until that has moved.
func ExampleBeside() {
	service, key, err := both()
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(service)
	defer server.Close()
	for _, path := range []string{"/hello/ada", "/visits/2026-03-01", "/visits/today"} {
		req, _ := http.NewRequest("GET", server.URL+path, nil)
		req.Header.Set("X-API-Key", key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(resp.StatusCode, path, strings.TrimSpace(string(body)))
	}
	// Output:
	// 200 /hello/ada {"text":"Hello ada"}
	// 200 /visits/2026-03-01 visits of 2026-03-01
	// 400 /visits/today the day is no date
}

// No spelling of a path reaches an operation of the old handler that bailey serves now.
func TestBeside(t *testing.T) {
	t.Parallel()
	service, _, err := both()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, target string
		old            bool
	}{
		{"GET", "/visits/2026-03-01", true},
		{"GET", "/visits/2026-03-01?x=1", true},
		{"HEAD", "/visits/2026-03-01", false},
		{"POST", "/visits/2026-03-01", false},
		{"GET", "/visits/2026-03-01/", false},
		{"GET", "/visits/", false},
		{"GET", "//visits/2026-03-01", false},
		{"GET", "/visits/../hello/ada", false},
		{"GET", "/visits/..%2fhello%2fada", false},
		{"GET", "/./visits/2026-03-01", false},
		{"GET", "/hello/ada", false},
		{"GET", "//hello/ada", false},
		{"GET", "/hello/%61da", false},
		{"GET", "/none", false},
	} {
		req := httptest.NewRequest(test.method, "http://a.example/", nil)
		req.URL, err = url.ParseRequestURI(test.target)
		if err != nil {
			t.Fatal(err)
		}
		req.RequestURI = test.target
		w := httptest.NewRecorder()
		service.ServeHTTP(w, req)
		if body := w.Body.String(); strings.HasPrefix(body, "visits of") != test.old || strings.Contains(body, "the old one") || !test.old && w.Code < 400 {
			t.Errorf("%s %s: %d %s", test.method, test.target, w.Code, body)
		}
	}
}

func TestBesideErrors(t *testing.T) {
	t.Parallel()
	h := http.NotFoundHandler()
	for _, list := range [][]string{nil, {"/a"}, {" /a"}, {"GET"}, {"GET a"}, {"GET /a/"}, {"GET /{rest...}"}, {"GET /{a"}, {"GET /a", "GET /a"}, {"GET example.com/a"}, {"CONNECT /a"}} {
		if got, err := oapicodegen.Beside(h, h, list...); err == nil || got != nil {
			t.Errorf("%q: no error", list)
		}
	}
	if _, err := oapicodegen.Beside(nil, h, "GET /a"); err == nil {
		t.Error("no error without a server")
	}
}
