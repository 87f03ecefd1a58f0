package generator_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/testdata/golden/callers/api"
)

// counter is a handler that counts whom it serves.
type counter struct {
	api.Unimplemented
	mu sync.Mutex
	by map[string]int
}

func (h *counter) serve(c principal.Caller) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by[c.Scheme()+":"+c.Subject()]++
	return nil
}

func (h *counter) GetQuota(_ context.Context, r *api.GetQuotaRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetOne(_ context.Context, r *api.GetOneRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetTwo(_ context.Context, r *api.GetTwoRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetShelf(context.Context, *api.GetShelfRequest) error { return nil }
func (h *counter) ClearShelf(context.Context, *api.ClearShelfRequest) error {
	return nil
}
func (h *counter) GetApart(context.Context, *api.GetApartRequest) error { return nil }
func (h *counter) Pay(_ context.Context, r *api.PayRequest) error       { return h.serve(r.Caller.Caller) }
func (h *counter) PayBoth(_ context.Context, r *api.PayBothRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetOpen(_ context.Context, r *api.GetOpenRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetPair(_ context.Context, r *api.GetPairRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetClient(_ context.Context, r *api.GetClientRequest) error {
	return h.serve(r.Caller.Caller)
}
func (h *counter) GetToken(_ context.Context, r *api.GetTokenRequest) error {
	return h.serve(r.Caller.Caller)
}

// named authenticates whoever the field names; "bad" is refused, "down" cannot be judged.
type named struct{ field, scheme string }

func (n named) Authenticate(r *http.Request) (*principal.Principal, error) {
	who := strings.TrimPrefix(r.Header.Get(n.field), "Bearer ")
	switch who {
	case "":
		return nil, auth.ErrMissing
	case "bad":
		return nil, &auth.Refused{Rule: "bad"}
	case "down":
		return nil, &auth.Unavailable{Rule: "down"}
	}
	return &principal.Principal{Scheme: n.scheme, Subject: who}, nil
}

// callers is a server of the golden package.
type callers struct {
	url     string
	handler *counter
	events  *events
	key     *ecdsa.PrivateKey // of the issuer
}

func newCallers(t *testing.T) *callers {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	keys := jwt.Inline(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	c := &callers{handler: &counter{by: map[string]int{}}, events: &events{}, key: key}
	s, err := api.NewServer(c.handler, api.Config{
		Config: runtime.Config{
			Log: slog.New(slog.DiscardHandler), Events: c.events,
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		},
		People: named{"Authorization", "people"}, Partner: named{"X-Api-Key", "partner"}, Key: named{"X-Key", "key"}, App: named{"X-App", "app"},
		Wallet: keys, Token: keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

// sign makes a token of the issuer.
func (c *callers) sign(t *testing.T, exp time.Duration, scope string, more gojwt.MapClaims) string {
	t.Helper()
	now := time.Now()
	claims := gojwt.MapClaims{"iss": "https://id.example", "aud": "a", "sub": "ada", "scope": scope, "iat": now.Add(-time.Hour).Unix(), "exp": now.Add(exp).Unix()}
	maps.Copy(claims, more)
	j := gojwt.NewWithClaims(gojwt.SigningMethodES256, claims)
	j.Header["typ"] = "at+jwt"
	text, err := j.SignedString(c.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// ask sends a request from an address with pairs of field and value.
func (c *callers) ask(t *testing.T, method, path, address string, pairs ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, c.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", address)
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res
}

// elsewhere is an address that no other request of the test comes from.
func elsewhere(i int) string { return netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}).String() }

// TestRedteamRatelimitAlternative: the caller that authorization settles on is charged, whatever
// other credentials stand beside theirs.
func TestRedteamRatelimitAlternative(t *testing.T) {
	c := newCallers(t)
	codes := map[int]int{}
	for i := range 1000 {
		codes[c.ask(t, "GET", "/quota", elsewhere(i), "X-Api-Key", "acme", "Authorization", fmt.Sprint("Bearer throwaway-", i)).StatusCode]++
	}
	if codes[204] != 3 || codes[429] != 997 || c.handler.by["partner:acme"] != 3 {
		t.Errorf("answers %v, served %v; want 3 of 204 for the partner, and 429 otherwise", codes, c.handler.by)
	}
	res := c.ask(t, "GET", "/quota", elsewhere(2000), "X-Api-Key", "other")
	if got := res.Header.Get("Ratelimit-Policy"); res.StatusCode != 204 || got != `"everybody";q=20;w=3600, "caller";q=6;w=3600, "quota";q=3;w=3600` {
		t.Errorf("another partner: %d, policy %s", res.StatusCode, got)
	}
	if got := res.Header.Get("Ratelimit"); !strings.HasPrefix(got, `"quota";r=2;`) {
		t.Errorf("another partner: RateLimit %s", got)
	}
}

// TestForbiddenIsCharged: a request that ends in 403 is charged to the principal of the last
// alternative that authenticated, once.
func TestForbiddenIsCharged(t *testing.T) {
	c := newCallers(t)
	for i, want := range []int{403, 403, 403, 429, 429} {
		if got := c.ask(t, "GET", "/quota", elsewhere(i), "Authorization", "Bearer eve").StatusCode; got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if got := c.ask(t, "GET", "/quota", elsewhere(10), "Authorization", "Bearer mallory").StatusCode; got != 403 {
		t.Errorf("another caller: %d", got)
	}
	for name, pair := range map[string][]string{"a bad second credential": {"X-Api-Key", "bad"}, "none": nil} {
		if got := c.ask(t, "GET", "/quota", elsewhere(11), append([]string{"Authorization", "Bearer " + name}, pair...)...).StatusCode; got != 403 {
			t.Errorf("%s: %d, want 403", name, got)
		}
	}
	if got := c.ask(t, "GET", "/quota", elsewhere(12), "Authorization", "Bearer new", "X-Api-Key", "down").StatusCode; got != 503 {
		t.Errorf("an alternative that cannot be judged: %d, want 503", got)
	}
}

// TestDocumentLimit: a rule of the document counts once for the whole API, requests that match no
// operation included; a rule of a path for all of its operations; a rule of the same name on an
// operation counts instead.
func TestDocumentLimit(t *testing.T) {
	c := newCallers(t)
	served := func(address string, n int, requests ...string) (codes map[int]int) {
		codes = map[int]int{}
		for i := range n {
			method, path, _ := strings.Cut(requests[i%len(requests)], " ")
			codes[c.ask(t, method, path, address, "X-Api-Key", fmt.Sprint("partner-", address, i)).StatusCode]++
		}
		return codes
	}
	wants := func(name string, got, want map[int]int) {
		t.Helper()
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	wants("operations together", served("203.0.113.1", 60, "GET /one", "GET /two", "GET /quota"), map[int]int{204: 20, 429: 40})
	wants("the same address, no operation", served("203.0.113.1", 5, "GET /nowhere"), map[int]int{429: 5})
	wants("the same address, the rule of an operation", served("203.0.113.1", 60, "GET /apart"), map[int]int{204: 40, 429: 20})
	wants("another address, a flood of 404", served("203.0.113.2", 100, "GET /nowhere"), map[int]int{404: 20, 429: 80})
	wants("that address, operations", served("203.0.113.2", 3, "GET /one"), map[int]int{429: 3})
	wants("a third address, 404 and 405", served("203.0.113.3", 60, "GET /nowhere", "POST /one", "PUT /two"), map[int]int{404: 7, 405: 13, 429: 40})
	wants("a fourth address, one path", served("203.0.113.4", 10, "GET /shelf", "DELETE /shelf"), map[int]int{204: 4, 429: 6})
	wants("an operation of another name", served("203.0.113.5", 30, "GET /apart"), map[int]int{204: 30})
	wants("after it, the document's rule", served("203.0.113.5", 22, "GET /one"), map[int]int{204: 20, 429: 2})

	res := c.ask(t, "GET", "/nowhere", "203.0.113.6")
	if policy, state := res.Header.Get("Ratelimit-Policy"), res.Header.Get("Ratelimit"); policy != `"everybody";q=20;w=3600` || !strings.HasPrefix(state, `"everybody";r=19;`) {
		t.Errorf("the fields of a 404: policy %s, state %s", policy, state)
	}
}

// TestDocumentLimitPerPrincipal: the document's rule per principal counts a caller over all
// operations.
func TestDocumentLimitPerPrincipal(t *testing.T) {
	c := newCallers(t)
	codes := map[int]int{}
	for i := range 30 {
		codes[c.ask(t, "GET", []string{"/one", "/two"}[i%2], elsewhere(i), "X-Api-Key", "acme").StatusCode]++
	}
	if codes[204] != 6 || codes[429] != 24 {
		t.Errorf("answers %v, want 6 of 204", codes)
	}
}

// TestMalformedIsCounted: messages that could be read in two ways count against the address, too.
func TestMalformedIsCounted(t *testing.T) {
	c := newCallers(t)
	codes := map[int]int{}
	for range 40 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, "GET /one HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		codes[res.StatusCode]++
		res.Body.Close()
		conn.Close()
	}
	if codes[400] != 20 || codes[429] != 20 {
		t.Errorf("answers %v, want 20 of 400 and 20 of 429", codes)
	}
}

// TestRedteamDpopAlternatives: one verdict per scheme and request, so that a proof which is spent
// by the first alternative is good for the second.
func TestRedteamDpopAlternatives(t *testing.T) {
	c, h := newCallers(t), newHolder(t)
	token := c.sign(t, time.Hour, "pay", gojwt.MapClaims{"cnf": h.cnf()})
	for i, path := range []string{"/pay", "/both"} {
		proof := h.proof(t, "GET", "https://api.example"+path, token, nil)
		for n, want := range []int{204, 401} { // and for one request only
			if got := c.ask(t, "GET", path, elsewhere(i), "Authorization", "DPoP "+token, "DPoP", proof); got.StatusCode != want {
				t.Errorf("%s, request %d: %d %q, want %d", path, n, got.StatusCode, got.Header["Www-Authenticate"], want)
			}
		}
	}
}

// TestRedteamCollide: a bad credential refuses the request wherever in the alternatives it stands,
// and credentials of two subjects do not make one caller.
func TestRedteamCollide(t *testing.T) {
	c := newCallers(t)
	good, bad := "Bearer "+c.sign(t, time.Hour, "", nil), "Bearer "+c.sign(t, -time.Hour, "", nil)
	for i, tt := range []struct {
		name, path string
		pairs      []string
		status     int
		by, rule   string
	}{
		{"no credential", "/open", nil, 204, ":", ""},
		{"a bad first one", "/open", []string{"X-Api-Key", "bad"}, 401, "", "bad"},
		{"a bad second one", "/open", []string{"X-Key", "bad"}, 401, "", "bad"},
		{"a bad second one beside a good first one", "/open", []string{"X-Api-Key", "ada", "X-Key", "bad"}, 401, "", "bad"},
		{"a second one that cannot be judged", "/open", []string{"X-Key", "down"}, 503, "", "authentication"},
		{"a bad one of a later alternative", "/open", []string{"Authorization", bad}, 401, "", "jwt-expired"},
		{"a bad second one, and a later alternative that holds", "/open", []string{"X-Key", "bad", "Authorization", good}, 204, "token:ada", ""},
		{"half of an alternative, and good", "/open", []string{"X-Key", "ada"}, 204, ":", ""},
		{"two subjects", "/open", []string{"X-Api-Key", "ada", "X-Key", "bob"}, 401, "", "subjects-differ"},
		{"one subject", "/open", []string{"X-Api-Key", "ada", "X-Key", "ada"}, 204, "partner:ada", ""},
		{"ada's token with bob's key", "/pair", []string{"Authorization", "Bearer ada", "X-Key", "bob"}, 401, "", "subjects-differ"},
		{"ada's token with ada's key", "/pair", []string{"Authorization", "Bearer ada", "X-Key", "ada"}, 204, "people:ada", ""},
		{"ada's token with a client's key", "/client", []string{"Authorization", "Bearer ada", "X-App", "shop"}, 204, "people:ada", ""},
		{"ada's token with a bad key of a client", "/client", []string{"Authorization", "Bearer ada", "X-App", "bad"}, 401, "", "bad"},
		{"ada's token without a client", "/client", []string{"Authorization", "Bearer ada"}, 401, "", "no-credential"},
	} {
		clear(c.handler.by)
		if got := c.ask(t, "GET", tt.path, elsewhere(i), tt.pairs...).StatusCode; got != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.status)
		}
		if tt.by != "" && c.handler.by[tt.by] != 1 {
			t.Errorf("%s: served %v, want %s", tt.name, c.handler.by, tt.by)
		}
		if tt.rule != "" && !strings.HasSuffix(c.events.last(), " "+tt.rule) {
			t.Errorf("%s: event %s, want the rule %s", tt.name, c.events.last(), tt.rule)
		}
	}
}

// TestRedteamLeeway: the leeway of a scheme is granted for exp, at the first request and at those
// that find the token remembered.
func TestRedteamLeeway(t *testing.T) {
	c := newCallers(t)
	for i, tt := range []struct {
		exp  time.Duration
		want int
	}{{time.Hour, 204}, {-30 * time.Second, 204}, {-2 * time.Minute, 401}} {
		token := c.sign(t, tt.exp, "", nil)
		for range 2 {
			if got := c.ask(t, "GET", "/token", elsewhere(i), "Authorization", "Bearer "+token).StatusCode; got != tt.want {
				t.Errorf("a token that expires in %v: %d, want %d", tt.exp, got, tt.want)
			}
		}
	}
}
