package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/principal"
)

var table = principal.NewTable([]string{"read", "write"}, []string{"admin"})

const cookie = "__Host-session"

// world is sessions with a clock and a store.
type world struct {
	*session.Sessions
	auth.Authenticator
	store *session.Memory
	now   time.Time
}

func newWorld(t testing.TB, change func(*session.Policy)) *world {
	t.Helper()
	w := &world{now: time.Unix(1_800_000_000, 0)}
	clock := func() time.Time { return w.now }
	var err error
	if w.store, err = session.NewMemory(session.MemoryConfig{Sessions: 30, PerSubject: 3, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	if w.Sessions, err = session.New(w.store); err != nil {
		t.Fatal(err)
	}
	p := session.Policy{Scheme: "browser", Cookie: cookie, Idle: 16 * time.Minute, Absolute: 2 * time.Hour, Clock: clock}
	if change != nil {
		change(&p)
	}
	if w.Authenticator, err = w.Serve(p, table); err != nil {
		t.Fatal(err)
	}
	return w
}

// begin begins a session, and returns what the browser sends.
func (w *world) begin(t testing.TB, subject string) string {
	t.Helper()
	set, err := w.Begin(t.Context(), session.Who{Subject: subject, Scopes: []string{"read"}, Roles: []string{"admin"}, Claims: map[string]string{"tenant": "t1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pair, _, _ := strings.Cut(set, ";")
	return pair
}

func request(lines ...string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header["Cookie"] = lines
	return r
}

// rule names an answer: "" for a principal.
func (w *world) rule(lines ...string) string {
	p, err := w.Authenticate(request(lines...))
	var refused *auth.Refused
	var unavailable *auth.Unavailable
	switch {
	case errors.Is(err, auth.ErrMissing):
		return "missing"
	case errors.As(err, &refused):
		return refused.Rule
	case errors.As(err, &unavailable):
		return "unavailable"
	case err == nil && p != nil:
		return ""
	}
	return fmt.Sprint("neither: ", p, err)
}

func TestCookie(t *testing.T) {
	w := newWorld(t, nil)
	set, err := w.Begin(t.Context(), session.Who{Subject: "ada"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := http.ParseSetCookie(set)
	if err != nil || c.Name != cookie || len(c.Value) != 43 || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 7200 {
		t.Errorf("%s: %+v, %v", set, c, err)
	}
	if got, want := w.Forget(), cookie+"=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	strict := newWorld(t, func(p *session.Policy) { p.Strict = true })
	if set, err := strict.Begin(t.Context(), session.Who{Subject: "ada"}, nil); err != nil || !strings.HasSuffix(set, "; SameSite=Strict") {
		t.Errorf("%s, %v", set, err)
	}
}

func TestAuthenticate(t *testing.T) {
	w := newWorld(t, nil)
	good := w.begin(t, "ada")
	value := strings.TrimPrefix(good, cookie+"=")
	for _, tt := range []struct {
		name  string
		lines []string
		rule  string
	}{
		{"good", []string{good}, ""},
		{"among others", []string{"a=b; " + good + "; c=d"}, ""},
		{"in the second line", []string{"a=b", good}, ""},
		{"none", nil, "missing"},
		{"another name", []string{"session=" + value}, "missing"},
		{"another case", []string{"__host-session=" + value}, "missing"},
		{"another case beside it", []string{"__host-session=x; " + good}, ""},
		{"a space in the name", []string{cookie + " =" + value}, "missing"},
		{"two", []string{good + "; " + good}, "session-repeated"},
		{"two, in two lines", []string{good, cookie + "=x"}, "session-repeated"},
		{"empty", []string{cookie + "="}, "session-malformed"},
		{"no value", []string{cookie}, "session-malformed"},
		{"quoted", []string{cookie + `="` + value + `"`}, "session-malformed"},
		{"cut", []string{good[:len(good)-1]}, "session-malformed"},
		{"longer", []string{good + "A"}, "session-malformed"},
		{"unknown", []string{cookie + "=" + strings.Repeat("A", 43)}, "session-unknown"},
		{"changed", []string{good[:len(good)-2] + "__"}, "session-unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := w.rule(tt.lines...); got != tt.rule {
				t.Errorf("got %q, want %q", got, tt.rule)
			}
		})
	}
	p, err := w.Authenticate(request(good))
	if err != nil || p.Subject != "ada" || p.Scheme != "browser" || !p.HasScope("read") || p.HasScope("write") || !p.HasRole("admin") || !p.HasClaim("tenant", "t1") {
		t.Errorf("got %+v, %v", p, err)
	}
	if again, _ := w.Authenticate(request(good)); again != p {
		t.Error("the principal is made again for the same session")
	}
}

func TestTimes(t *testing.T) {
	w := newWorld(t, nil)
	used, idle := w.begin(t, "ada"), w.begin(t, "bob")
	for i := range 7 {
		w.now = w.now.Add(15*time.Minute + 59*time.Second)
		if got := w.rule(used); got != "" {
			t.Fatalf("after %d pauses that are short enough: %q", i+1, got)
		}
	}
	if got := w.rule(idle); got != "session-idle" {
		t.Errorf("got %q", got)
	}
	w.now = w.now.Add(8 * time.Minute)
	if got := w.rule(used); got != "" { // 1:59:53
		t.Errorf("got %q", got)
	}
	w.now = w.now.Add(7 * time.Second)
	if got := w.rule(used); got != "session-over" {
		t.Errorf("got %q", got)
	}
}

// TestBeginEndsTheOldOne: whoever planted or copied the number before a login has nothing after it.
func TestBeginEndsTheOldOne(t *testing.T) {
	w := newWorld(t, nil)
	before := w.begin(t, "guest")
	p, err := w.Authenticate(request(before))
	if err != nil {
		t.Fatal(err)
	}
	set, err := w.Begin(t.Context(), session.Who{Subject: "ada"}, p.Caller())
	if err != nil {
		t.Fatal(err)
	}
	after, _, _ := strings.Cut(set, ";")
	if before == after || w.rule(before) != "session-unknown" || w.rule(after) != "" {
		t.Errorf("before: %q, after: %q", w.rule(before), w.rule(after))
	}
}

func TestEnd(t *testing.T) {
	w := newWorld(t, nil)
	one, two, other := w.begin(t, "ada"), w.begin(t, "ada"), w.begin(t, "bob")
	p, err := w.Authenticate(request(one))
	if err != nil {
		t.Fatal(err)
	}
	for _, nobody := range []*principal.Principal{nil, {}, {Scheme: "token", Claims: map[string]any{"session": "x"}}} {
		if err := w.End(t.Context(), nobody.Caller()); err != nil {
			t.Error(err)
		}
	}
	if err := w.End(t.Context(), nil); err != nil {
		t.Error(err)
	}
	forged := principal.Principal{Scheme: p.Scheme, Claims: map[string]any{"session": "x"}}
	if err := w.End(t.Context(), forged.Caller()); err == nil {
		t.Error("a caller of the scheme without a session had one ended")
	}
	if err := w.End(t.Context(), p.Caller()); err != nil || w.rule(one) != "session-unknown" || w.rule(two) != "" {
		t.Errorf("%v; %q, %q", err, w.rule(one), w.rule(two))
	}
	three := w.begin(t, "ada")
	if err := w.EndAll(t.Context(), "ada"); err != nil || w.rule(two) == "" || w.rule(three) == "" || w.rule(other) != "" {
		t.Errorf("%v; %q, %q, %q", err, w.rule(two), w.rule(three), w.rule(other))
	}
}

// TestBounds: so many for one, so many for all; those that are over make room.
func TestBounds(t *testing.T) {
	w := newWorld(t, nil)
	first := w.begin(t, "ada")
	w.now = w.now.Add(time.Second)
	second := w.begin(t, "ada")
	w.now = w.now.Add(2 * time.Minute)
	if got := w.rule(first); got != "" { // used since
		t.Fatal(got)
	}
	for range 2 {
		w.begin(t, "ada")
	}
	if w.rule(first) != "" || w.rule(second) != "session-unknown" {
		t.Errorf("first %q, second %q", w.rule(first), w.rule(second))
	}
	var err error
	for i := range 40 {
		if _, err = w.Begin(t.Context(), session.Who{Subject: fmt.Sprint("u", i)}, nil); err != nil {
			break
		}
	}
	var unavailable *auth.Unavailable
	if !errors.Is(err, session.ErrFull) || !errors.As(err, &unavailable) || w.rule(first) != "" {
		t.Errorf("err = %v, first %q", err, w.rule(first))
	}
	w.now = w.now.Add(3 * time.Hour)
	w.begin(t, "late")
}

// TestIdleMakesRoom: sessions that nobody uses do not keep others from beginning.
func TestIdleMakesRoom(t *testing.T) {
	w := newWorld(t, nil)
	for i := range 30 {
		w.begin(t, fmt.Sprint("u", i))
	}
	w.now = w.now.Add(10 * time.Minute)
	if _, err := w.Begin(t.Context(), session.Who{Subject: "late"}, nil); !errors.Is(err, session.ErrFull) {
		t.Errorf("err = %v", err)
	}
	w.now = w.now.Add(7 * time.Minute)
	if got := w.rule(w.begin(t, "late")); got != "" {
		t.Errorf("got %q", got)
	}
}

// broken is a store that fails.
type broken struct{ session.Store }

var errDown = errors.New("redis.internal is down")

func (broken) Get(context.Context, [32]byte) (*session.Record, bool, error) {
	return nil, false, errDown
}
func (broken) Put(context.Context, [32]byte, *session.Record) error { return errDown }

func TestStoreIsDown(t *testing.T) {
	s, err := session.New(broken{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), session.Who{Subject: "ada"}, nil); !errors.Is(err, session.ErrNotServed) {
		t.Errorf("err = %v", err)
	}
	a, err := s.Serve(session.Policy{Scheme: "browser", Cookie: cookie}, table)
	if err != nil {
		t.Fatal(err)
	}
	var unavailable *auth.Unavailable
	if _, err := a.Authenticate(request(cookie + "=" + strings.Repeat("A", 43))); !errors.As(err, &unavailable) || strings.Contains(err.Error(), "internal") {
		t.Errorf("err = %v", err)
	}
	if set, err := s.Begin(t.Context(), session.Who{Subject: "ada"}, nil); set != "" || !errors.Is(err, errDown) || !errors.As(err, &unavailable) {
		t.Errorf("%s, %v", set, err)
	}
}

func TestIsChecked(t *testing.T) {
	w := newWorld(t, nil)
	for _, who := range []session.Who{{}, {Subject: strings.Repeat("a", 256)}, {Subject: "a", Scopes: []string{"a b"}}} {
		if set, err := w.Begin(t.Context(), who, nil); set != "" || err == nil {
			t.Errorf("%+v has a session", who)
		}
	}
	if _, err := session.New(nil); err == nil {
		t.Error("no store is taken")
	}
	var none *session.Sessions
	if _, err := none.Serve(session.Policy{Cookie: cookie}, table); err == nil || !strings.Contains(err.Error(), "no sessions") {
		t.Errorf("err = %v", err)
	}
	for _, p := range []session.Policy{
		{}, {Cookie: "session"}, {Cookie: "__Secure-session"}, {Cookie: "__Host-"}, {Cookie: "__Host-a b"}, {Cookie: "__Host-a;b"},
		{Cookie: cookie, Idle: time.Second}, {Cookie: cookie, Idle: 25 * time.Hour}, {Cookie: cookie, Idle: time.Hour, Absolute: time.Minute}, {Cookie: cookie, Absolute: 31 * 24 * time.Hour},
	} {
		s, err := session.New(w.store)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.Serve(p, table); a != nil || err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	if _, err := w.Serve(session.Policy{Scheme: "other", Cookie: cookie}, table); err == nil {
		t.Error("two servers with different policies share sessions")
	}
}

// TestNothingIsPrinted: neither the number nor what it is stored by.
func TestNothingIsPrinted(t *testing.T) {
	w := newWorld(t, nil)
	good := w.begin(t, "ada")
	p, err := w.Authenticate(request(good))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p.Claims)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "claims", p.Claims)
	for _, printed := range []string{fmt.Sprintf("%v %+v %x", p.Claims, p.Claims, p.Claims["session"]), string(text), log.String()} {
		if !strings.Contains(printed, "session") || len(printed) > 250 {
			t.Errorf("printed as %s", printed)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	w := newWorld(t, nil)
	good := w.begin(t, "ada")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				_ = w.rule(good)
				pair := w.begin(t, fmt.Sprint("u", i))
				p, err := w.Authenticate(request(pair))
				if err != nil {
					t.Error(err)
					return
				}
				if err := w.End(t.Context(), p.Caller()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzCookie(f *testing.F) {
	f.Add(cookie + "=" + strings.Repeat("A", 43))
	f.Add("a=b; " + cookie + "=x; " + cookie)
	f.Fuzz(func(t *testing.T, line string) {
		if got := newWorld(t, nil).rule(line); got == "" || got == "unavailable" {
			t.Errorf("%q: %q", line, got)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	w := newWorld(b, nil)
	r := request(w.begin(b, "ada"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}
