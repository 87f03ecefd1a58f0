package gen

import (
	"errors"
	"net/http/httptest"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/principal"
)

// closer is an authenticator that is closed.
type closer struct {
	tokens
	closed *int
}

func (c closer) Close() error {
	*c.closed++
	return errors.New("closed")
}

// TestClose proves that a closed server closes what was made for it, and not what Config has, answers 503, and may be closed again.
func TestClose(t *testing.T) {
	made, given := 0, 0
	s, err := newServer(t, discard{}, func(b *Builder, _ *Operation) {
		b.Scheme("made", func(*principal.Table) (auth.Authenticator, error) { return closer{tokens{}, &made}, nil })
		b.Given("given", closer{tokens{}, &given})
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	for i, want := range []int{204, 503, 503} {
		res, err := srv.Client().Get(srv.URL + "/open")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i, res.StatusCode, want)
		}
		if err := s.Close(); (err != nil) != (i == 0) {
			t.Errorf("Close %d: %v", i, err)
		}
	}
	if made != 1 || given != 0 {
		t.Errorf("closed: made %d times, given %d times", made, given)
	}
}

// TestCloseLeavesNothing proves that no goroutine of a server stays: keys are fetched no more, whether the server started or not,
// and no timer of an outage or a summary goes on.
func TestCloseLeavesNothing(t *testing.T) {
	keys := httptest.NewServer(nil) // has none
	defer keys.Close()
	for _, good := range []bool{true, false} {
		s, err := newServer(t, nil, func(b *Builder, op *Operation) {
			b.Scheme("jwt", func(scopes *principal.Table) (auth.Authenticator, error) {
				return jwt.New(jwt.Policy{
					Scheme: "jwt", Issuer: "https://id.example", Audiences: []string{"a"}, Algorithms: []string{"ES256"}, Types: []string{"at+jwt"},
				}, jwt.RemoteSource{URL: keys.URL}, scopes)
			})
			if !good {
				op.ID = ""
				b.fail("something else is wrong")
			}
		})
		if (err == nil) != good {
			t.Fatal(err)
		}
		if good {
			if n := goroutines("jwt.(*remoteRing).run"); n != 1 {
				t.Fatalf("%d goroutines fetch keys", n)
			}
			s.outages.first(outage{issuer: "https://id.example", rule: "keys"}, s.events)
			if len(s.outages.timers) != 1 {
				t.Errorf("%d outages are counted", len(s.outages.timers))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if len(s.outages.timers) != 0 {
				t.Errorf("%d timers are left", len(s.outages.timers))
			}
		}
		if n := goroutines("bailey/runtime/auth"); n != 0 {
			t.Errorf("good %v: %d goroutines are left", good, n)
		}
	}
}

// goroutines counts those with a function in their stack.
func goroutines(of string) int {
	n := 0
	for range 50 {
		b := make([]byte, 1<<20)
		n = 0
		for _, stack := range strings.Split(string(b[:goruntime.Stack(b, true)]), "\n\n") {
			if strings.Contains(stack, of) && !strings.Contains(stack, "testing.tRunner") {
				n++
			}
		}
		if n == 0 {
			return 0
		}
		time.Sleep(time.Millisecond) // one that is ending
	}
	return n
}

// TestNil proves that what is nil is named when the server is built, also in an interface.
func TestNil(t *testing.T) {
	var none *closer
	for name, v := range map[string]any{"nil": nil, "a nil pointer": none, "a nil map": tokens(nil), "a nil function": (func())(nil)} {
		if There(v) {
			t.Errorf("%s is there", name)
		}
		_, err := newServer(t, discard{}, func(b *Builder, _ *Operation) { b.Handler(v) })
		if err == nil || !strings.Contains(err.Error(), "the handler is nil") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !There(0) || !There(Empty{}) || !There(func() {}) {
		t.Error("something is not there")
	}
	_, err := newServer(t, discard{}, func(b *Builder, _ *Operation) { b.Given("nobody", none) })
	if err == nil || !strings.Contains(err.Error(), "nobody: Config has no authenticator") {
		t.Errorf("an authenticator that is a nil pointer: %v", err)
	}
}
