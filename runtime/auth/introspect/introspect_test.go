package introspect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// TestBadIssuers has issuers that send what they should not. None may cost more than the time-out, or memory.
func TestBadIssuers(t *testing.T) {
	plain := newIssuer(t, text(goodAnswer(nil)))
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	tests := []struct {
		name  string
		serve http.HandlerFunc
		want  string
	}{
		{"down", status(503), "status 503"},
		{"our credentials are bad", status(401), "status 401"},
		{"bad request", status(400), "status 400"},
		{"no content", status(204), "status 204"},
		{"another status with an answer", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(203); text(goodAnswer(nil))(w, r) }, "status 203"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, plain.URL, http.StatusTemporaryRedirect)
		}, "status 307"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			block := []byte(strings.Repeat(" ", 1<<16))
			for range 10 << 30 / len(block) {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "more than 65536 bytes"},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "deadline"},
		{"trickles", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		}, "deadline"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t, tt.serve)
			var reports []string
			p := i.policy()
			p.Report = func(err error) { reports = append(reports, err.Error()) }
			if tt.want == "deadline" {
				p.Timeout = 200 * time.Millisecond
			}
			a := open(t, p)
			started := time.Now()
			wantRule(t, a, "opaque-token", "introspection!")
			wantRule(t, a, "opaque-token", "introspection!") // and it is not remembered
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			all := strings.Join(reports, "\n")
			if len(reports) != 1 || !strings.Contains(all, tt.want) || strings.Contains(all, "opaque-token") || strings.Contains(all, "hunter2") {
				t.Errorf("reports %q, want one with %q", reports, tt.want)
			}
			i.set(text(goodAnswer(nil)))
			wantRule(t, a, "opaque-token", "")
		})
	}
	if n := plain.asked.Load(); n != 0 {
		t.Errorf("a redirect was followed %d times", n)
	}
}

// TestCache holds for how long an answer counts.
func TestCache(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(nil)))
	c := newClock()
	p := i.policy()
	p.Clock, p.Leeway = c.time, -1
	a := open(t, p)
	step := func(d time.Duration, asked int64, rule string) {
		t.Helper()
		c.add(d)
		wantRule(t, a, "t", rule)
		if n := i.asked.Load(); n != asked {
			t.Errorf("%d questions, want %d", n, asked)
		}
	}
	step(0, 1, "")
	i.set(text(`{"active":false}`)) // revoked
	step(time.Minute-1, 1, "")
	step(1, 2, "introspection-inactive")
	i.set(text(goodAnswer(map[string]any{"exp": noon.Add(2 * time.Minute).Unix()}))) // and good again
	step(10*time.Second-1, 2, "introspection-inactive")
	step(1, 3, "")
	step(50*time.Second-1, 3, "")
	step(1, 4, "introspection-expired") // not a nanosecond beyond exp
	i.Close()
	step(10*time.Second-1, 4, "introspection-expired")
	step(1, 4, "introspection!")
}

// TestLeewayOfAnswers: a token that expired within the leeway is good, for the pipeline too, is
// remembered as others are, and not beyond the leeway.
func TestLeewayOfAnswers(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(map[string]any{"exp": noon.Add(-10 * time.Second).Unix()})))
	c := newClock()
	p := i.policy()
	p.Clock, p.Leeway = c.time, 30*time.Second
	a := open(t, p)
	for _, step := range []struct {
		wait  time.Duration
		asked int64
		rule  string
	}{{0, 1, ""}, {10 * time.Second, 1, ""}, {10*time.Second - 1, 1, ""}, {1, 2, "introspection-expired"}} {
		c.add(step.wait)
		wantRule(t, a, "t", step.rule)
		if n := i.asked.Load(); n != step.asked {
			t.Errorf("after %v: %d questions, want %d", step.wait, n, step.asked)
		}
		if caller, err := a.Authenticate(request("t")); err == nil && caller.Expired(c.time()) {
			t.Errorf("after %v: the principal has expired", step.wait)
		}
	}
}

func TestCachesOff(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(nil)))
	p := i.policy()
	p.Cache, p.NegativeCache = -1, -1
	a := open(t, p)
	for n := range int64(4) {
		if n == 2 {
			i.set(text(`{"active":false}`))
		}
		wantRule(t, a, "t", []string{"", "", "introspection-inactive", "introspection-inactive"}[n])
		if got := i.asked.Load(); got != n+1 {
			t.Errorf("%d questions, want %d", got, n+1)
		}
	}
}

// TestFloodOfBadTokens holds that bad tokens neither push out who is known, nor reach the issuer twice.
func TestFloodOfBadTokens(t *testing.T) {
	i := newIssuer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("token") == "good" {
			text(goodAnswer(nil))(w, r)
			return
		}
		text(`{"active":false}`)(w, r)
	})
	p := i.policy()
	p.CacheEntries = 320
	a := open(t, p)
	wantRule(t, a, "good", "")
	for n := range 1000 {
		wantRule(t, a, fmt.Sprint("bad", n), "introspection-inactive")
	}
	asked := i.asked.Load()
	wantRule(t, a, "good", "")
	for range 1000 {
		wantRule(t, a, "bad999", "introspection-inactive")
	}
	if n := i.asked.Load(); n != asked || asked != 1001 {
		t.Errorf("%d questions, then %d", asked, n)
	}
	if n := a.bad.Len(); n > 320 {
		t.Errorf("%d bad answers, want at most 320", n)
	}
}

// TestSingleFlight holds that one token is asked about once at a time, and that who leaves takes nobody along.
func TestSingleFlight(t *testing.T) {
	release := make(chan struct{})
	i := newIssuer(t, func(w http.ResponseWriter, r *http.Request) { <-release; text(goodAnswer(nil))(w, r) })
	a := open(t, i.policy())
	ctx, leave := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { // the first
		if p, err := a.Authenticate(request("t").WithContext(ctx)); p == nil || err != nil {
			t.Errorf("the first: %v", err)
		}
	})
	eventually(t, "the issuer is asked", func() bool { return i.asked.Load() == 1 })
	leave()
	for range 20 {
		group.Go(func() { wantRule(t, a, "t", "") })
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := a.Authenticate(request("t").WithContext(gone))
	if rule := ruleOf(p, err); rule != "introspection-aborted!" {
		t.Errorf("who left is judged %q", rule)
	}
	close(release)
	group.Wait()
	if n := i.asked.Load(); n != 1 || len(a.flights) != 0 {
		t.Errorf("%d questions, %d flights left", n, len(a.flights))
	}
}

// TestConcurrencyIsBounded lets many tokens come while the issuer is slow.
func TestConcurrencyIsBounded(t *testing.T) {
	release := make(chan struct{})
	var now, most atomic.Int64
	i := newIssuer(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-release
		text(goodAnswer(nil))(w, r)
	})
	p := i.policy()
	p.Concurrency = 2
	a := open(t, p)
	var good, busy atomic.Int64
	var group sync.WaitGroup
	for n := range 30 {
		group.Go(func() {
			switch p, err := a.Authenticate(request(fmt.Sprint("t", n))); ruleOf(p, err) {
			case "":
				good.Add(1)
			case "introspection-busy!":
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	eventually(t, "those who may not wait are refused", func() bool { return busy.Load() == 20 })
	close(release)
	group.Wait()
	if good.Load() != 10 || most.Load() > 2 {
		t.Errorf("%d of 2+8 let in, %d at once", good.Load(), most.Load())
	}
	if len(a.slots) != 0 || a.waiting.Load() != 0 {
		t.Errorf("%d slots and %d waiting are left", len(a.slots), a.waiting.Load())
	}
}

// TestWaitEnds holds that who waits for a turn does so within the time-out.
func TestWaitEnds(t *testing.T) {
	i := newIssuer(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	p := i.policy()
	p.Concurrency, p.Timeout = 1, 100*time.Millisecond
	a := open(t, p)
	a.slots <- struct{}{}
	wantRule(t, a, "t", "introspection-busy!")
	<-a.slots
}

func TestSecretFile(t *testing.T) {
	var secret atomic.Pointer[string]
	i := newIssuer(t, func(w http.ResponseWriter, r *http.Request) {
		_, s, _ := r.BasicAuth()
		secret.Store(&s)
		text(goodAnswer(nil))(w, r)
	})
	path := filepath.Join(t.TempDir(), "secret")
	write := func(text string, mode os.FileMode) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
	}
	c := newClock()
	var reports []string
	p := i.policy()
	p.Clock, p.Report = c.time, func(err error) { reports = append(reports, err.Error()) }
	for name, bad := range map[string]func(){
		"missing":               func() {},
		"empty":                 func() { write("\n", 0o600) },
		"two lines":             func() { write("a\nb\n", 0o600) },
		"too long":              func() { write(strings.Repeat("a", 5000), 0o600) },
		"everyone may write it": func() { write("secret", 0o602) },
	} {
		bad()
		if a, err := New(p, SecretFile("server", path), scopes); a != nil || err == nil {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	write("first\n", 0o600)
	a, err := New(p, SecretFile("server", path), scopes)
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, a, "1", "")
	write("second!\r\n", 0o600)
	c.add(10 * time.Second)
	wantRule(t, a, "2", "")
	if got := *secret.Load(); got != "second%21" {
		t.Errorf("asked with %q", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	c.add(10 * time.Second)
	wantRule(t, a, "3", "") // with the last one
	if len(reports) != 1 || strings.Contains(reports[0], "second") {
		t.Errorf("reports %q", reports)
	}
}

// TestVia reaches the endpoint by the client's transport.
func TestVia(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(nil)))
	p := i.policy()
	p.Transport = nil
	for want, c := range map[string]Client{
		"":               Via(Secret("a", "b"), i.Client().Transport),
		"introspection!": Via(Secret("a", "b"), nil), // a certificate that nobody signed
	} {
		a, err := New(p, c, scopes)
		if err != nil {
			t.Fatal(err)
		}
		wantRule(t, a, "opaque-token", want)
	}
	if a, err := New(p, Via(nil, i.Client().Transport), scopes); a != nil || err == nil {
		t.Errorf("without credentials: err = %v", err)
	}
}

func TestPolicyRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Policy)
		want   string
	}{
		"no URL":            {func(p *Policy) { p.URL = "" }, "no host"},
		"http":              {func(p *Policy) { p.URL = "http://issuer.example/" }, "only https"},
		"a private address": {func(p *Policy) { p.URL = "http://10.0.0.1/" }, "only https"},
		"credentials":       {func(p *Policy) { p.URL = "https://a:hunter2@issuer.example/" }, "credentials"},
		"no audience":       {func(p *Policy) { p.Audiences = nil }, "no audience"},
		"empty audience":    {func(p *Policy) { p.Audiences = []string{""} }, "no audience"},
		"leeway":            {func(p *Policy) { p.Leeway = time.Hour }, "leeway"},
		"cache":             {func(p *Policy) { p.Cache = 2 * time.Hour }, "cache"},
		"negative cache":    {func(p *Policy) { p.NegativeCache = time.Hour }, "negative cache"},
		"time-out":          {func(p *Policy) { p.Timeout = time.Hour }, "time-out"},
		"no time":           {func(p *Policy) { p.Timeout = -1 }, "time-out"},
		"entries":           {func(p *Policy) { p.CacheEntries = -1 }, "cached"},
		"concurrency":       {func(p *Policy) { p.Concurrency = 1 << 20 }, "at once"},
	} {
		p := Policy{URL: "https://issuer.example/", Audiences: []string{"api"}}
		tt.change(&p)
		if a, err := New(p, Secret("a", "hunter2"), scopes); a != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	p := Policy{URL: "https://issuer.example/", Audiences: []string{"api"}}
	for _, c := range []Client{nil, Secret("", "hunter2"), Secret("a", ""), Secret("a\n", "hunter2"), Secret("a", "hunter2\n"), SecretFile("a", "")} {
		if a, err := New(p, c, scopes); a != nil || err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v: err = %v", c, err)
		}
	}
	if a, err := New(p, Secret("a", "b"), nil); a != nil || err == nil {
		t.Errorf("no table: err = %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", Secret("a", "hunter2"), struct{ C Client }{Secret("a", "hunter2")}, Secret("a", "hunter2"), Secret("a", "hunter2")); strings.Contains(text, "hunter2") {
		t.Errorf("printed as %s", text)
	}
}

func TestCachedDoesNotAllocate(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(nil)))
	a := open(t, i.policy())
	r := request("opaque-token")
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.Authenticate(r); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkCached(b *testing.B) {
	i := newIssuer(b, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("token") == "good" {
			text(goodAnswer(nil))(w, r)
			return
		}
		text(`{"active":false}`)(w, r)
	})
	for _, token := range []string{"good", "bad"} {
		b.Run(token, func(b *testing.B) {
			a := open(b, i.policy())
			r := request(token)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = a.Authenticate(r)
			}
		})
	}
}

// TestTypedMembers: an answer whose members do not hold what the policy says is no good one.
func TestTypedMembers(t *testing.T) {
	for _, tt := range []struct {
		change map[string]any
		rule   string
	}{
		{map[string]any{"level": 3, "tenant": "t"}, ""},
		{map[string]any{"level": "3", "tenant": "t"}, "introspection-claim-type"},
		{map[string]any{"tenant": "t"}, "introspection-claim-type"},
		{map[string]any{"level": 3}, "introspection-tenant"},
	} {
		i := newIssuer(t, text(goodAnswer(tt.change)))
		p := i.policy()
		p.Claims, p.TenantClaim = []auth.Claim{{Name: "level", Type: auth.ClaimInteger, Required: true}}, "tenant"
		wantRule(t, open(t, p), "token", tt.rule)
	}
}
