package generator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/testdata/golden/svid/api"
)

type workloads struct{ caller string }

func (w *workloads) ListOrders(_ context.Context, r *api.ListOrdersRequest) error {
	w.caller = r.Caller.Subject()
	return nil
}
func (*workloads) RunBatch(context.Context, *api.RunBatchRequest) error       { return nil }
func (*workloads) ListReports(context.Context, *api.ListReportsRequest) error { return nil }

// TestSVIDServer: workloads of the trust domain are let in by JWT-SVIDs, over HTTP, and nothing that looks like one is.
func TestSVIDServer(t *testing.T) {
	t.Parallel()
	issuer := func(c jwttest.Config) *jwttest.Issuer {
		t.Helper()
		c.Audience = "https://api.bank.example"
		i, err := jwttest.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	spire, untyped := issuer(jwttest.Config{TrustDomain: "bank.example"}), issuer(jwttest.Config{TrustDomain: "bank.example", Type: jwt.NoType})
	access := issuer(jwttest.Config{TrustDomain: "bank.example", Type: "at+jwt"})
	foreign, staff := issuer(jwttest.Config{TrustDomain: "evil.example"}), issuer(jwttest.Config{Issuer: "https://id.bank.example"})
	bundle := httptest.NewServer(spire)
	defer bundle.Close()
	remote := jwt.RemoteSource{URL: bundle.URL, MinGap: time.Millisecond}
	serve := func(keys jwt.KeySource) (string, *workloads, *events) {
		t.Helper()
		var seen events
		handlers := &workloads{}
		cfg := api.Config{Config: quiet, Workloads: keys, Batch: untyped.Keys(), Staff: staff.Keys()}
		cfg.Events = &seen
		s, err := api.NewServer(handlers, cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		srv := httptest.NewServer(s)
		t.Cleanup(srv.Close)
		return srv.URL, handlers, &seen
	}
	address, handlers, seen := serve(remote)
	bearer := func(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
	type m = map[string]any
	const id = "spiffe://bank.example/ns/prod/sa/orders"
	good := m{"sub": id, "iss": nil}
	if status := get(t, address+"/orders", bearer(spire.Token(good))); status != 204 || handlers.caller != id {
		t.Fatalf("status %d for %q: %s", status, handlers.caller, seen.last())
	}
	if status := get(t, address+"/reports", bearer(staff.Token(m{"sub": "ada", "scope": "read"}))); status != 204 {
		t.Errorf("staff: status %d: %s", status, seen.last())
	}
	for _, tt := range []struct {
		name  string
		token string
		rule  string
	}{
		{"another trust domain", spire.Token(m{"sub": "spiffe://evil.example/ns/prod/sa/orders"}), "jwt-issuer"},
		{"another trust domain, and its key", foreign.Token(m{"sub": "spiffe://evil.example/a"}), "jwt-issuer"},
		{"the key of another trust domain", foreign.Token(good), "jwt-signature"},
		{"the key of another issuer", staff.Token(m{"sub": id}), "jwt-type"},
		{"the typ at+jwt", access.Token(good), "jwt-type"},
		{"no subject", spire.Token(m{}), "jwt-subject"},
		{"no SPIFFE ID", spire.Token(m{"sub": "ada"}), "jwt-issuer"},
		{"a scheme in capitals", spire.Token(m{"sub": strings.Replace(id, "spiffe", "SPIFFE", 1)}), "jwt-subject"},
		{"a trust domain in capitals", spire.Token(m{"sub": strings.Replace(id, "bank", "BANK", 1)}), "jwt-subject"},
		{"percent-encoding", spire.Token(m{"sub": id + "%2e"}), "jwt-subject"},
		{"a port", spire.Token(m{"sub": "spiffe://bank.example:443/ns/prod"}), "jwt-subject"},
		{"a user", spire.Token(m{"sub": "spiffe://evil@bank.example/ns/prod"}), "jwt-subject"},
		{"a query", spire.Token(m{"sub": id + "?a"}), "jwt-subject"},
		{"a fragment", spire.Token(m{"sub": id + "#"}), "jwt-subject"},
		{"an empty segment", spire.Token(m{"sub": "spiffe://bank.example//ns"}), "jwt-subject"},
		{"a dot segment", spire.Token(m{"sub": id + "/../admin"}), "jwt-subject"},
		{"the trust domain itself", spire.Token(m{"sub": "spiffe://bank.example"}), "jwt-subject"},
		{"an ID of 2049 bytes", spire.Token(m{"sub": id + "/" + strings.Repeat("a", 2048-len(id))}), "jwt-subject"},
		{"no audience", spire.Token(m{"sub": id, "aud": nil}), "jwt-audience"},
		{"another audience", spire.Token(m{"sub": id, "aud": "https://other.bank.example"}), "jwt-audience"},
		{"no end", spire.Token(m{"sub": id, "exp": nil}), "jwt-claim-missing"},
		{"expired", spire.Token(m{"sub": id, "exp": time.Now().Add(-time.Hour).Unix()}), "jwt-expired"},
		{"older than an hour", spire.Token(m{"sub": id, "iat": time.Now().Add(-2 * time.Hour).Unix()}), "jwt-too-old"},
		{"a logout token", spire.Token(m{"sub": id, "events": m{}}), "jwt-not-an-access-token"},
		{"a signature that is cut", strings.TrimRight(spire.Token(good), "AQgw")[:200], "jwt-malformed"},
	} {
		if status := get(t, address+"/orders", bearer(tt.token)); status != 401 || !strings.HasSuffix(seen.last(), " "+tt.rule) && tt.rule != "jwt-malformed" {
			t.Errorf("%s: status %d, %q; want 401, %s", tt.name, status, seen.last(), tt.rule)
		}
	}
	post := func(claims m) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "POST", address+"/batch", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = bearer(untyped.Token(claims))
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if status := post(m{"sub": "spiffe://bank.example/ns/prod/sa/batch"}); status != 204 {
		t.Errorf("a listed workload without typ: status %d: %s", status, seen.last())
	}
	if status := post(good); status != 401 || !strings.HasSuffix(seen.last(), " jwt-claim-type") {
		t.Errorf("a workload that is not listed: status %d, %s", status, seen.last())
	}
	// The keys of other tokens, at the address of the bundle, sign no JWT-SVID.
	plain := httptest.NewServer(issuer(jwttest.Config{Issuer: "https://id.bank.example", Type: "JWT"}))
	defer plain.Close()
	address, _, seen = serve(jwt.RemoteSource{URL: plain.URL})
	if status := get(t, address+"/orders", bearer(spire.Token(good))); status != 503 {
		t.Errorf("keys without the use jwt-svid: status %d, %s", status, seen.last())
	}
}
