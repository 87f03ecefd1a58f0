package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/bound"
)

func wantUnavailable(t *testing.T, a *Authenticator, token string) {
	t.Helper()
	p, err := a.Verify(token)
	var unavailable *auth.Unavailable
	if p != nil || !errors.As(err, &unavailable) {
		t.Errorf("got %v, %v; want Unavailable", p, err)
	}
}

// issuer is a server whose answer tests change, and which counts what it is asked.
type issuer struct {
	*httptest.Server
	mu    sync.Mutex
	serve http.HandlerFunc
	asked atomic.Int64
}

func newIssuer(t *testing.T, serve http.HandlerFunc) *issuer {
	t.Helper()
	i := &issuer{serve: serve}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
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

func kidSet(kid string, key any) string { return jwks(jwkOf(key, map[string]any{"kid": kid})) }

func kidToken(kid string) string {
	return sign(gojwt.SigningMethodRS256, rsaKey(), fmt.Sprintf(`{"alg":"RS256","typ":"at+jwt","kid":%q}`, kid), goodClaims(nil))
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

// reports collects what Policy.Report is told.
type reports struct {
	mu   sync.Mutex
	list []string
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, err.Error())
}

func (r *reports) has(want string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Contains(strings.Join(r.list, "\n"), want)
}

// quick is a source that tests can wait for.
func quick(url string) RemoteSource {
	return RemoteSource{URL: url, Interval: time.Hour, MinGap: 20 * time.Millisecond, Timeout: time.Second, Keep: 2 * time.Hour}
}

func TestRemoteKeys(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	a := open(t, policy(), JWKS(i.URL))
	wantRule(t, a, kidToken("a"), "")
	if n := i.asked.Load(); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
}

// TestRemoteRotation has a new key arrive because a token names it: that very token is good, and so are those that come with it.
func TestRemoteRotation(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	a := open(t, policy(), quick(i.URL))
	old := kidToken("a")
	wantRule(t, a, old, "")
	for n := range 5 {
		kid := fmt.Sprint("b", n)
		i.set(text(kidSet(kid, &rsaKey().PublicKey)))
		token := kidToken(kid)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { wantRule(t, a, token, "") })
		}
		all.Wait()
	}
	if n := i.asked.Load(); n != 6 {
		t.Errorf("%d fetches for 5 rotations, want 6", n)
	}
	source := quick(i.URL)
	source.Wait = -1
	a = open(t, policy(), source)
	wantRule(t, a, kidToken("b4"), "")
	i.set(text(kidSet("c", &rsaKey().PublicKey)))
	wantUnavailable(t, a, kidToken("c")) // not to wait is not to know
	eventually(t, "the new key is had", func() bool { _, err := a.Verify(kidToken("c")); return err == nil })
	wantUnavailable(t, a, kidToken("b4"))
	eventually(t, "the old key is known to be gone", func() bool { _, err := a.Verify(kidToken("b4")); return errors.Is(err, errKeyID) }) // and what the old one verified is forgotten
}

// TestWaitersAreBounded has more tokens name unknown keys than may wait, while the issuer hangs.
func TestWaitersAreBounded(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	source := quick(i.URL)
	source.Timeout, source.Wait = time.Minute, time.Minute
	a := open(t, policy(), source)
	hanging := make(chan struct{}, 1)
	i.set(func(_ http.ResponseWriter, r *http.Request) { hanging <- struct{}{}; <-r.Context().Done() })
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for range maxWaiting {
		all.Go(func() { _, _, _ = a.verifyAt(ctx, nil, bound.Token{Text: kidToken("x")}, noon) })
	}
	<-hanging
	ring := a.ring.(*remoteRing)
	eventually(t, "all wait", func() bool { ring.mu.Lock(); defer ring.mu.Unlock(); return ring.waiting == maxWaiting })
	wantUnavailable(t, a, kidToken("y")) // or it would wait for a minute
	wantRule(t, a, kidToken("a"), "")
	cancel()
	all.Wait()
	if ring.waiting != 0 {
		t.Errorf("%d wait, want none", ring.waiting)
	}
}

// TestConditionalFetch: what did not change is not sent again, and what the issuer says about that is bounded.
func TestConditionalFetch(t *testing.T) {
	const tag = `"v1"`
	var sent, same atomic.Int64
	i := newIssuer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			same.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent.Add(1)
		_, _ = w.Write([]byte(kidSet("a", &rsaKey().PublicKey)))
	})
	source := quick(i.URL)
	source.Interval = 20 * time.Millisecond
	a := open(t, policy(), source)
	before, _ := a.ring.current(noon)
	eventually(t, "the set is asked for again", func() bool { return same.Load() >= 3 })
	if after, err := a.ring.current(noon); err != nil || after != before || sent.Load() != 1 {
		t.Errorf("set %p, %v after %p; sent %d times, want once", after, err, before, sent.Load())
	}
	wantRule(t, a, kidToken("a"), "")
}

// TestNothingWasAskedAbout has an issuer answer 304 to a question that has no condition.
func TestNothingWasAskedAbout(t *testing.T) {
	i := newIssuer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	var r reports
	p := policy()
	p.Report = r.add
	wantUnavailable(t, open(t, p, quick(i.URL)), kidToken("a"))
	if !r.has("nothing was asked about") {
		t.Errorf("reports %q", r.list)
	}
}

func TestMaxAge304(t *testing.T) {
	for _, tt := range []struct {
		fields []string
		want   time.Duration
		ok     bool
	}{
		{nil, 0, false},
		{[]string{"public"}, 0, false},
		{[]string{"public, Max-Age=300"}, 5 * time.Minute, true},
		{[]string{"max-age=0"}, 1, true},
		{[]string{"no-cache"}, 1, true},
		{[]string{"max-age=300", "no-store"}, 1, true},
		{[]string{"max-age=300, max-age=60"}, 0, false},
		{[]string{"max-age=-1"}, 0, false},
		{[]string{`max-age="60"`}, 0, false},
		{[]string{"max-age=99999999999999999999"}, 0, false},
		{[]string{"s-maxage=5"}, 0, false},
	} {
		if got, ok := maxAge(http.Header{"Cache-Control": tt.fields}); got != tt.want || ok != tt.ok {
			t.Errorf("maxAge(%q) = %v, %v; want %v, %v", tt.fields, got, ok, tt.want, tt.ok)
		}
	}
	for fresh, want := range map[time.Duration]time.Duration{
		0: 15 * time.Minute, 1: time.Minute, 5 * time.Minute: 5 * time.Minute, 24 * time.Hour: 15 * time.Minute,
	} {
		r := &remoteRing{source: RemoteSource{Interval: 15 * time.Minute, MinGap: time.Second}, fetcher: fetcher{fresh: fresh}}
		if got := r.pace(); got != want {
			t.Errorf("fresh for %v: fetched after %v, want %v", fresh, got, want)
		}
	}
}

func TestTags(t *testing.T) {
	for tag, want := range map[string]bool{
		`"a"`: true, `W/"a"`: true, `""`: true, ``: false, `a`: false, `"a`: false, `"a"b"`: false, "\"a\r\nX: y\"": false,
		`"a b"`: false, `"` + strings.Repeat("a", maxTag) + `"`: false, `w/"a"`: false,
	} {
		if got := isTag(tag); got != want {
			t.Errorf("isTag(%q) = %v, want %v", tag, got, want)
		}
	}
}

// TestConfiguredKeep: the policy says how long keys are kept, where the source does not.
func TestConfiguredKeep(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	for _, tt := range []struct {
		policy, source, want time.Duration
	}{{0, 0, 6 * time.Hour}, {20 * time.Minute, 0, 20 * time.Minute}, {20 * time.Minute, time.Hour, time.Hour}} {
		c := &clock{now: noon}
		p := policy()
		p.Clock, p.KeepKeys = c.time, tt.policy
		a := open(t, p, RemoteSource{URL: i.URL, Keep: tt.source})
		token := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"exp": noon.Add(24 * time.Hour).Unix()}))
		c.add(tt.want)
		wantRule(t, a, token, "")
		c.add(time.Nanosecond)
		wantUnavailable(t, a, token)
		wantRule(t, a, "a.b", "jwt-malformed") // what no key would help is refused all the same
	}
	for _, keep := range []time.Duration{-1, maxKeep + 1} {
		p := policy()
		p.KeepKeys = keep
		if a, err := New(p, JWKS(i.URL), scopes); a != nil || err == nil {
			t.Errorf("keys kept for %v: %v", keep, err)
		}
	}
}

// TestForeignTokensAskNobody: a token of another issuer does not make us ask ours, since another scheme may be its own.
func TestForeignTokensAskNobody(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	a := open(t, policy(), quick(i.URL))
	time.Sleep(30 * time.Millisecond) // more than the least gap between two fetches
	header := `{"alg":"RS256","typ":"at+jwt","kid":"x"}`
	wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), header, goodClaims(map[string]any{"iss": "https://other.example"})), "jwt-issuer")
	if kicked := len(a.ring.(*remoteRing).kick); kicked != 0 || i.asked.Load() != 1 {
		t.Errorf("asked %d times, kicked %d", i.asked.Load(), kicked)
	}
}

// TestUnknownKeysAskAtABoundedRate sends many tokens that name keys nobody has.
func TestUnknownKeysAskAtABoundedRate(t *testing.T) {
	const gap = 50 * time.Millisecond
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	source := quick(i.URL)
	source.MinGap = gap
	started := time.Now()
	a := open(t, policy(), source)
	for n := 0; i.asked.Load() < 4; n++ {
		wantRule(t, a, kidToken(fmt.Sprint("x", n)), "jwt-key-unknown")
	}
	if took := time.Since(started); took < 3*gap {
		t.Errorf("3 more fetches in %v, want at most one each %v", took, gap)
	}
}

// TestRequestsDoNotWait holds that nobody but the one who names an unknown key waits for an issuer that hangs, and that one not for long.
func TestRequestsDoNotWait(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	source := quick(i.URL)
	source.Timeout, source.Wait = time.Minute, 10*time.Millisecond
	a := open(t, policy(), source)
	hanging := make(chan struct{}, 1)
	i.set(func(_ http.ResponseWriter, r *http.Request) { hanging <- struct{}{}; <-r.Context().Done() })
	wantUnavailable(t, a, kidToken("x"))
	<-hanging
	started := time.Now()
	for n := range 20 {
		wantUnavailable(t, a, kidToken(fmt.Sprint("x", n)))
		wantRule(t, a, kidToken("a"), "")
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("40 requests took %v while the issuer hangs", took)
	}
}

// TestIssuerDownAtStart holds that a server starts without its issuer, and lets nobody in.
func TestIssuerDownAtStart(t *testing.T) {
	i := newIssuer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	var r reports
	p := policy()
	p.Report = r.add
	a := open(t, p, quick(i.URL))
	wantUnavailable(t, a, kidToken("a"))
	if !r.has("status 503") {
		t.Errorf("reports %q", r.list)
	}
	i.set(text(kidSet("a", &rsaKey().PublicKey)))
	eventually(t, "the keys are had", func() bool { _, err := a.Verify(kidToken("a")); return err == nil })
}

// TestNoIssuerAtStart is the same with nothing listening.
func TestNoIssuerAtStart(t *testing.T) {
	i := newIssuer(t, text(""))
	url := i.URL
	i.Close()
	wantUnavailable(t, open(t, policy(), quick(url)), kidToken("a"))
}

// TestLastGoodKeysAreKept lets the issuer break, and time go by.
func TestLastGoodKeysAreKept(t *testing.T) {
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	c := &clock{now: noon}
	var r reports
	p := policy()
	p.Clock, p.Report = c.time, r.add
	a := open(t, p, quick(i.URL))
	token := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"exp": noon.Add(24 * time.Hour).Unix()}))
	wantRule(t, a, token, "")
	i.set(text("<html>bad gateway</html>"))
	wantUnavailable(t, a, kidToken("x")) // asks
	eventually(t, "the failure is reported", func() bool { return r.has("not a JWK set") })
	c.add(2 * time.Hour)
	wantRule(t, a, token, "")
	c.add(time.Nanosecond)
	wantUnavailable(t, a, token) // a remembered token too
}

// TestBadIssuers has issuers that send what they should not. None may cost more than the time-out, or memory.
func TestBadIssuers(t *testing.T) {
	set := kidSet("a", &rsaKey().PublicKey)
	plain := newIssuer(t, text(set))
	tests := []struct {
		name  string
		serve http.HandlerFunc
		want  string
	}{
		{"HTML", text("<!DOCTYPE html><html>login</html>"), "not a JWK set"},
		{"nothing", text(""), "not a JWK set"},
		{"a key twice", text(strings.Replace(set, `{"keys"`, `{"keys":[],"keys"`, 1)), "not a JWK set"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			block := []byte(strings.Repeat(" ", 1<<16))
			for range 10 << 30 / len(block) {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "more than 1048576 bytes"},
		{"endless header", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		}, "header"},
		{"never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "deadline"},
		{"never the body", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"keys":`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "deadline"},
		{"redirect to another host", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, plain.URL, http.StatusFound)
		}, "another host"},
		{"redirects in a circle", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/", http.StatusFound)
		}, "too many redirects"},
		{"weak keys only", text(jwks(jwkOf(weakRSA(1024, 65537), nil))), "no usable key"},
		{"secrets only", text(jwks(jwkOf(macKey, nil))), "no usable key"},
		{"nested", text(strings.Repeat(`{"keys":[`, 100_000)), "not a JWK set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t, tt.serve)
			var r reports
			p := policy()
			p.Report = r.add
			source := quick(i.URL)
			if source.Timeout = 20 * time.Second; tt.want == "deadline" {
				source.Timeout = 200 * time.Millisecond
			}
			started := time.Now()
			a := open(t, p, source)
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("New took %v", took)
			}
			wantUnavailable(t, a, kidToken("a"))
			if !r.has(tt.want) {
				t.Errorf("reports %q, want %q", r.list, tt.want)
			}
		})
	}
}

// TestBadKeysAreLeftOut has one good key among bad ones.
func TestBadKeysAreLeftOut(t *testing.T) {
	i := newIssuer(t, text(jwks(
		jwkOf(weakRSA(1024, 65537), map[string]any{"kid": "weak"}),
		jwkOf(&otherRSA().PublicKey, map[string]any{"kid": "private", "d": "AQAB"}),
		jwkOf(macKey, map[string]any{"kid": "secret"}),
		jwkOf(&rsaKey().PublicKey, map[string]any{"kid": "a"}),
	)))
	a := open(t, policy(), quick(i.URL))
	wantRule(t, a, kidToken("a"), "")
	for _, kid := range []string{"weak", "private", "secret"} {
		wantRule(t, a, kidToken(kid), "jwt-key-unknown")
	}
}

func TestRemoteTLS(t *testing.T) {
	server := httptest.NewTLSServer(text(kidSet("a", &rsaKey().PublicKey)))
	defer server.Close()
	source := quick(server.URL)
	wantUnavailable(t, open(t, policy(), source), kidToken("a")) // a certificate that nobody signed
	source.Transport = server.Client().Transport
	wantRule(t, open(t, policy(), source), kidToken("a"), "")
}

func TestRemoteRefused(t *testing.T) {
	for _, tt := range []struct {
		source RemoteSource
		want   string
	}{
		{RemoteSource{}, "no host"},
		{RemoteSource{URL: "://"}, "not a URL"},
		{RemoteSource{URL: "http://issuer.example/keys"}, "only https"},
		{RemoteSource{URL: "http://127.0.0.1.evil.example/keys"}, "only https"},
		{RemoteSource{URL: "http://localhost.evil.example/keys"}, "only https"},
		{RemoteSource{URL: "http://10.0.0.1/keys"}, "only https"},
		{RemoteSource{URL: "file:///etc/passwd"}, "no host"},
		{RemoteSource{URL: "ftp://127.0.0.1/keys"}, "only https"},
		{RemoteSource{URL: "https://user:hunter2@issuer.example/keys"}, "credentials"},
		{RemoteSource{URL: "https://issuer.example/", Timeout: -1}, "negative"},
		{RemoteSource{URL: "https://issuer.example/", Interval: time.Hour, Keep: time.Minute}, "kept for"},
	} {
		a, err := New(policy(), tt.source, scopes)
		if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: err = %v, want %q in it", tt.source.URL, err, tt.want)
		}
	}
	if _, err := New(policy("HS256"), JWKS("https://issuer.example/"), scopes); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("a MAC key by URL: err = %v", err)
	}
}

// TestCloseStops holds that Close ends the goroutine, in the middle of a fetch too, and may be called twice.
func TestCloseStops(t *testing.T) {
	before := runtime.NumGoroutine()
	i := newIssuer(t, text(kidSet("a", &rsaKey().PublicKey)))
	source := quick(i.URL)
	source.Timeout = time.Minute
	a, err := New(policy(), source, scopes)
	if err != nil {
		t.Fatal(err)
	}
	hanging := make(chan struct{}, 1)
	i.set(func(_ http.ResponseWriter, r *http.Request) { hanging <- struct{}{}; <-r.Context().Done() })
	waiter := make(chan struct{})
	go func() { defer close(waiter); wantUnavailable(t, a, kidToken("x")) }()
	<-hanging
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	<-waiter
	i.Close()
	eventually(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= before })
}

func TestBackOff(t *testing.T) {
	r := &remoteRing{source: RemoteSource{Interval: 10 * time.Minute, MinGap: time.Minute}}
	failed := errors.New("failed")
	var waits []time.Duration
	wait := r.backOff(failed, 0)
	for range 6 {
		waits = append(waits, wait)
		wait = r.backOff(failed, wait)
	}
	if got, want := fmt.Sprint(waits), "[1m0s 2m0s 4m0s 8m0s 10m0s 10m0s]"; got != want {
		t.Errorf("waits %s, want %s", got, want)
	}
	if got := r.backOff(nil, time.Minute); got != 0 {
		t.Errorf("after a success %v, want 0", got)
	}
}
