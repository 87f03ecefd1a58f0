package introspect

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// noon is the time of every test that does not set another.
var noon = time.Unix(1_800_000_000, 0)

const issuerURL = "https://issuer.example"

var scopes = principal.NewTable([]string{"read", "write"}, []string{"admin"})

// clock is a time that tests move.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock               { c := new(clock); c.nanos.Store(noon.UnixNano()); return c }
func (c *clock) time() time.Time     { return time.Unix(0, c.nanos.Load()) }
func (c *clock) add(d time.Duration) { c.nanos.Add(int64(d)) }

// issuer is an endpoint over TLS whose answer tests change, and which counts what it is asked.
type issuer struct {
	*httptest.Server
	mu    sync.Mutex
	serve http.HandlerFunc
	asked atomic.Int64
}

func newIssuer(t testing.TB, serve http.HandlerFunc) *issuer {
	t.Helper()
	i := &issuer{serve: serve}
	i.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
		_ = r.ParseForm() // before its body is read, a request does not see that its client is gone
		i.mu.Lock()
		serve := i.serve
		i.mu.Unlock()
		serve(w, r)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) set(serve http.HandlerFunc) { i.mu.Lock(); defer i.mu.Unlock(); i.serve = serve }

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
}

// goodAnswer is what the tests change; a nil value removes a member.
func goodAnswer(change map[string]any) string {
	a := map[string]any{
		"active": true, "iss": issuerURL, "aud": "api", "sub": "alice", "scope": "read write", "client_id": "app", "token_type": "Bearer",
		"exp": noon.Add(time.Hour).Unix(), "iat": noon.Unix(), "nbf": noon.Unix(), "roles": []string{"admin"},
	}
	for k, v := range change {
		if a[k] = v; v == nil {
			delete(a, k)
		}
	}
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (i *issuer) policy() Policy {
	return Policy{
		Scheme: "opaque", URL: i.URL + "/introspect", Issuer: issuerURL, Audiences: []string{"api", "other-api"}, Timeout: 20 * time.Second,
		Transport: i.Client().Transport, Clock: func() time.Time { return noon },
	}
}

func open(t testing.TB, p Policy) *Authenticator {
	t.Helper()
	a, err := New(p, Secret("server", "hunter2"), scopes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func request(token string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// wantRule checks how a token is judged: "" is good, a rule that ends in "!" is Unavailable.
func wantRule(t testing.TB, a *Authenticator, token, rule string) {
	t.Helper()
	p, err := a.Authenticate(request(token))
	if err != nil && (len(token) > 4 && strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "hunter2")) {
		t.Errorf("the error holds a credential: %v", err)
	}
	if got := ruleOf(p, err); got != rule {
		t.Errorf("judged %q (%v), want %q", got, errors.Unwrap(err), rule)
	}
}

func ruleOf(p *principal.Principal, err error) string {
	var refused *auth.Refused
	var unavailable *auth.Unavailable
	switch {
	case errors.As(err, &refused) && p == nil:
		return refused.Rule
	case errors.As(err, &unavailable) && p == nil:
		return unavailable.Rule + "!"
	case err == nil && p != nil:
		return ""
	}
	return "neither a principal nor a reason"
}

// eventually waits until ok, for a few seconds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}
