package gen

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/principal"
)

// issuer signs tokens of one algorithm, ES256.
type issuer struct{ key *ecdsa.PrivateKey }

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &issuer{key}
}

func (i *issuer) token(t testing.TB, subject string) string {
	t.Helper()
	now := time.Now()
	token := gojwt.NewWithClaims(gojwt.SigningMethodES256, gojwt.MapClaims{
		"iss": "https://id.example", "aud": "notes", "sub": subject, "scope": "notes:read notes:write",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	})
	token.Header["typ"] = "at+jwt"
	text, err := token.SignedString(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// scheme makes the authenticator; wrap may stand between it and the server.
func (i *issuer) scheme(t testing.TB, wrap func(auth.Authenticator) auth.Authenticator) func(*principal.Table) (auth.Authenticator, error) {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	keys := jwt.Inline(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	return func(table *principal.Table) (auth.Authenticator, error) {
		a, err := jwt.New(jwt.Policy{Scheme: "token", Issuer: "https://id.example", Audiences: []string{"notes"}, Algorithms: []string{"ES256"}}, keys, table)
		if err != nil || wrap == nil {
			return a, err
		}
		return wrap(a), nil
	}
}

// newTokenServer serves GET /users/{user}/note to owners with a token and a scope; handle is the handler.
func newTokenServer(t testing.TB, i *issuer, wrap func(auth.Authenticator) auth.Authenticator, rates []Rate, handle func(context.Context)) *Server {
	t.Helper()
	b := New(Setup{Title: "test", Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	Mount(b, &Operation{
		ID: "getNote", Method: "GET", Path: "/users/{user}/note", Rate: rates,
		Access: Require(Requirement{{Scheme: "token", Scopes: []string{"notes:read"}}}),
		Owner:  []Owner{{In: "path", Name: "user", Claim: "sub", Hide: true}},
	}, Steps[*note, Empty]{
		New:    func(*Call) *note { return new(note) },
		Params: paramsNote,
		Owner:  func(c *Call, n *note) bool { return c.Owns(0, OwnedText(n.User)) },
		Call:   NoResult(func(ctx context.Context, _ *note) error { handle(ctx); return nil }),
		Encode: func(c *Call, _ Empty) { c.ReplyEmpty(204) },
	})
	b.Scheme("token", i.scheme(t, wrap))
	s, err := b.Server()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// get asks for somebody's note.
func get(user, token string) *http.Request {
	r := httptest.NewRequest("GET", "/users/"+user+"/note", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func answer(s *Server, r *http.Request) int {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

// identify runs the stages that say who calls and what they may, and nothing else.
func identify(s *Server, r *http.Request, user string) bool {
	c := s.begin(nil, r)
	defer c.end()
	return c.match() && c.route() && c.authenticate() && c.authorise() && c.Owns(0, OwnedText(user))
}

// TestIdentityAllocates counts what a remembered token, a scope and an owner rule allocate.
func TestIdentityAllocates(t *testing.T) {
	i := newIssuer(t)
	s := newTokenServer(t, i, nil, nil, func(context.Context) {})
	r := get("ada", i.token(t, "ada"))
	if n := testing.AllocsPerRun(100, func() {
		if !identify(s, r, "ada") {
			t.Fatal("refused")
		}
	}); n > 1 {
		t.Errorf("%v allocations, want 1", n)
	}
}

// BenchmarkIdentity is a remembered token, a scope and an owner rule.
func BenchmarkIdentity(b *testing.B) {
	i := newIssuer(b)
	s := newTokenServer(b, i, nil, nil, func(context.Context) {})
	r := get("ada", i.token(b, "ada"))
	b.ReportAllocs()
	for b.Loop() {
		if !identify(s, r, "ada") {
			b.Fatal("refused")
		}
	}
}

// counted counts what an authenticator is asked.
type counted struct {
	auth.Authenticator
	asked *atomic.Int64
}

func (c counted) Authenticate(r *http.Request) (*principal.Principal, error) {
	c.asked.Add(1)
	return c.Authenticator.Authenticate(r)
}

// TestFloodOfTokens holds that a flood from one address costs at most as many signatures as the
// address may send requests: whoever is over the limit is refused before a token is looked at.
func TestFloodOfTokens(t *testing.T) {
	const limit, flood = 5, 200
	i, other := newIssuer(t), newIssuer(t)
	var asked atomic.Int64
	s := newTokenServer(t, i, func(a auth.Authenticator) auth.Authenticator { return counted{a, &asked} },
		[]Rate{{Name: "address", Limit: limit, Window: time.Hour, Per: "address"}}, func(context.Context) {})
	codes := map[int]int{}
	for n := range flood {
		codes[answer(s, get("ada", other.token(t, fmt.Sprint("ada", n))))]++
	}
	if codes[401] != limit || codes[429] != flood-limit {
		t.Errorf("answers %v, want %d of 401 and the others 429", codes, limit)
	}
	if n := asked.Load(); n != limit {
		t.Errorf("%d tokens were looked at, want %d", n, limit)
	}
	r := get("ada", i.token(t, "ada")) // others are not affected
	r.RemoteAddr = "198.51.100.7:1234"
	if code := answer(s, r); code != 204 {
		t.Errorf("another address gets %d", code)
	}
}

// TestCallerOf: handlers find their own request's caller in the context, may keep it, and
// hold nothing of the Call, which is used again.
func TestCallerOf(t *testing.T) {
	i := newIssuer(t)
	var kept []principal.Caller
	s := newTokenServer(t, i, nil, nil, func(ctx context.Context) {
		kept = append(kept, runtime.CallerOf(ctx))
	})
	users := []string{"ada", "bob", "ada", "eve"}
	for _, user := range users {
		if code := answer(s, get(user, i.token(t, user))); code != 204 {
			t.Fatalf("status %d", code)
		}
	}
	if len(kept) != len(users) {
		t.Fatalf("%d callers", len(kept))
	}
	for n, user := range users {
		if kept[n].Subject() != user || !kept[n].HasScope("notes:read") || !kept[n].HasClaim("sub", user) {
			t.Errorf("the caller of request %d is %v", n, kept[n])
		}
	}
	if c := runtime.CallerOf(t.Context()); !c.Anonymous() {
		t.Errorf("%v calls outside of any request", c)
	}
}

func BenchmarkCallerOf(b *testing.B) {
	i := newIssuer(b)
	s := newTokenServer(b, i, nil, nil, func(context.Context) {})
	c := s.begin(nil, get("ada", i.token(b, "ada")))
	if !c.match() || !c.route() || !c.authenticate() {
		b.Fatal("refused")
	}
	b.ReportAllocs()
	for b.Loop() {
		if runtime.CallerOf(c.ctx).Anonymous() {
			b.Fatal("nobody")
		}
	}
}
