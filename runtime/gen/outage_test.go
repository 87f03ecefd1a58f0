package gen

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
)

// made refuses every token as one that it cannot judge.
type made struct{ issuer string }

func (m made) Authenticate(r *http.Request) (*principal.Principal, error) {
	if r.Header.Get("Authorization") == "" {
		return nil, auth.ErrMissing
	}
	return nil, &auth.Unavailable{Rule: "jwt-key-not-judged", RetryAfter: 2500 * time.Millisecond, Unverified: true, Issuer: m.issuer}
}

// TestUnverifiedCountsByAddress: a request whose credential could not be judged is told when to
// come again, counts against its address by a limit per principal too, and one event a minute
// stands for all of an issuer.
func TestUnverifiedCountsByAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &events{}
		b := New(Setup{Title: "test", Config: runtime.Config{Events: sink}})
		for _, name := range []string{"one", "two"} {
			b.Scheme(name, func(*principal.Table) (auth.Authenticator, error) { return made{"https://" + name + ".example"}, nil })
			Mount(b, &Operation{
				ID: name, Method: "GET", Path: "/" + name, At: "openapi.yaml:1:1", Access: Require(Requirement{{Scheme: name}}),
				Rate: []Rate{{Name: "me", Limit: 10, Window: time.Hour, Per: "principal"}},
			}, noteOpen)
		}
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		ask := func(path, address string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("Authorization", "Bearer x")
			r.RemoteAddr = address + ":1"
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w
		}
		for i := range 15 {
			w := ask("/one", "192.0.2.1")
			want, after := 503, "3"
			if i >= 10 {
				want, after = 429, "360"
			}
			if w.Code != want || w.Header().Get("Retry-After") != after {
				t.Errorf("request %d: %d, to come again after %q; want %d, %q", i, w.Code, w.Header().Get("Retry-After"), want, after)
			}
		}
		for range 5 {
			if w := ask("/one", "192.0.2.2"); w.Code != 503 {
				t.Errorf("another address: %d", w.Code)
			}
			ask("/two", "192.0.2.2")
		}
		recorded := func() string {
			var lines []string
			sink.mu.Lock()
			defer sink.mu.Unlock()
			for _, e := range sink.list {
				if e.Name != event.RateLimit {
					lines = append(lines, strings.Join([]string{e.Name, e.Rule, e.Issuer, e.Operation, string(rune('0' + e.Count/10)), string(rune('0' + e.Count%10))}, " "))
				}
			}
			sink.list = nil
			return strings.Join(lines, "\n")
		}
		const what = "sys_unavailable jwt-key-not-judged https://"
		if got, want := recorded(), what+"one.example one 0 0\n"+what+"two.example two 0 0"; got != want {
			t.Errorf("at first:\n%s\nwant\n%s", got, want)
		}
		time.Sleep(time.Minute + time.Second)
		got := recorded()
		for _, want := range []string{what + "one.example  1 4", what + "two.example  0 4"} {
			if !strings.Contains(got, want) {
				t.Errorf("after a minute:\n%s\nwant %s in it", got, want)
			}
		}
		time.Sleep(time.Minute) // without any
		ask("/two", "192.0.2.3")
		if got, want := recorded(), what+"two.example two 0 0"; got != want {
			t.Errorf("a new outage:\n%s\nwant\n%s", got, want)
		}
		time.Sleep(2 * time.Minute)
		if got := recorded(); got != "" {
			t.Errorf("then:\n%s\nwant nothing", got)
		}
	})
}

// TestOutagesAreBounded: an authenticator that makes a rule up for each request does not fill the
// memory.
func TestOutagesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outages
		for i := range 3 * maxOutages {
			o.first(outage{"i", string(rune(0x4e00 + i))}, &events{})
		}
		open := func() int { o.mu.Lock(); defer o.mu.Unlock(); return len(o.counts) }
		if n := open(); n != maxOutages {
			t.Errorf("%d outages, want %d", n, maxOutages)
		}
		time.Sleep(outageEvery + 1)
		synctest.Wait()
		if n := open(); n != 0 {
			t.Errorf("%d outages after a minute, want none", n)
		}
	})
}
