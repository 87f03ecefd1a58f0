package generator_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/runtime/limit"
	callersapi "github.com/bailey-go/bailey/testdata/golden/callers/api"
	settingsapi "github.com/bailey-go/bailey/testdata/golden/settings/api"
)

// TestSharedLimiter serves two generated packages in one process with one limiter. Both have a rule of the document
// that is called everybody, and count apart; servers of one package count together, and apart where their names differ.
// The bound of the limiter's memory holds for all.
func TestSharedLimiter(t *testing.T) {
	t.Parallel()
	memory, err := limit.NewMemory(limit.Config{Entries: 1000})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "api"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := func(name string) runtime.Config {
		return runtime.Config{Log: slog.New(slog.DiscardHandler), Limiter: memory, LimiterName: name, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	}
	serve := func(h http.Handler, err error) *httptest.Server {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return srv
	}
	caller := func(name string) *httptest.Server {
		return serve(callersapi.NewServer(callersapi.Unimplemented{}, callersapi.Config{
			Config: cfg(name), People: named{"Authorization", "people"}, Partner: named{"X-Api-Key", "partner"}, Key: named{"X-Key", "key"}, App: named{"X-App", "app"},
			Wallet: issuer.Keys(), Token: issuer.Keys(),
		}))
	}
	first, second, apart := caller(""), caller(""), caller("another")
	other := serve(settingsapi.NewServer(settingsapi.Unimplemented{}, settingsapi.Config{
		Config: cfg(""), Login: issuer.Keys(), LoginIssuer: "https://id.example", LoginAudiences: []string{"api"}, Staff: issuer.Keys(), StaffIssuer: "https://id.example",
		OpaqueURL: "https://id.example/introspect", OpaqueAudiences: []string{"api"}, Partner: issuer.Keys(), Opaque: introspectSecret, AddNoteNotesRateRequests: 50, SetNotesBodyLimit: 64,
	}))
	ask := func(srv *httptest.Server, address string) int {
		return send(t, http.MethodGet, srv.URL+"/none", "", "X-Forwarded-For", address)
	}
	const one = "192.0.2.1"
	for i := range 20 { // everybody: 20/h of callers
		srv := first
		if i%2 == 1 {
			srv = second
		}
		if got := ask(srv, one); got != http.StatusNotFound {
			t.Fatalf("request %d: %d", i, got)
		}
	}
	for _, want := range []struct {
		name   string
		srv    *httptest.Server
		status int
	}{{"the first server", first, 429}, {"another of the package", second, 429}, {"one of another name", apart, 404}, {"another package", other, 404}} {
		if got := ask(want.srv, one); got != want.status {
			t.Errorf("%s: %d, want %d", want.name, got, want.status)
		}
	}
	for i := range 1500 {
		for _, srv := range []*httptest.Server{first, other} {
			r := httptest.NewRequest(http.MethodGet, "/none", nil)
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", i/250, i%250))
			srv.Config.Handler.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	if n := memory.Len(); n > 1000 || n < 200 {
		t.Errorf("the limiter has %d buckets of 1000", n)
	}
}
