package jwt

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
)

// A far issuer answers without a network, so that time can be that of the test.
type far struct {
	kid     atomic.Pointer[string] // of its one key; nil while it is down
	fetches atomic.Int64
	takes   atomic.Int64 // nanoseconds
}

// farFor returns one whose answers take so long.
func farFor(takes time.Duration) *far {
	f := &far{}
	f.takes.Store(int64(takes))
	return f
}

func (f *far) sign(kid string) { f.kid.Store(&kid) }

func (f *far) RoundTrip(r *http.Request) (*http.Response, error) {
	f.fetches.Add(1)
	kid := f.kid.Load() // what it says is of when the question came
	select {
	case <-time.After(time.Duration(f.takes.Load())):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if kid == nil {
		return nil, errors.New("connection refused")
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(jwks(jwkOf(&ecKey().PublicKey, map[string]any{"kid": *kid, "alg": "ES256"})))),
	}, nil
}

// numbered makes a token of its own for each n.
func numbered(kid string, n int) string {
	now := time.Now()
	return sign(gojwt.SigningMethodES256, ecKey(), fmt.Sprintf(`{"alg":"ES256","typ":"at+jwt","kid":%q}`, kid),
		goodClaims(map[string]any{"jti": fmt.Sprint(n), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix()}))
}

// madeUp makes a token with a signature of nobody.
func madeUp(kid string, n int) string {
	now := time.Now().Unix()
	return b64(fmt.Appendf(nil, `{"alg":"ES256","typ":"at+jwt","kid":%q}`, kid)) + "." +
		b64(fmt.Appendf(nil, `{"iss":"https://issuer.example","aud":"api","sub":"eve","iat":%d,"exp":%d,"jti":"%d"}`, now, now+3600, n)) + "." + b64(make([]byte, 64))
}

func farAuthenticator(t *testing.T, f *far, change func(*Policy)) *Authenticator {
	t.Helper()
	p := policy("ES256")
	p.Clock = time.Now
	if change != nil {
		change(&p)
	}
	return open(t, p, RemoteSource{URL: "https://issuer.example/keys", Transport: f})
}

// judged sorts an answer: "good", "refused" or how long to wait.
func judged(err error) (string, time.Duration) {
	var refused *auth.Refused
	var unavailable *auth.Unavailable
	switch {
	case err == nil:
		return "good", 0
	case errors.As(err, &refused):
		return "refused", 0
	case errors.As(err, &unavailable):
		return "unavailable", unavailable.RetryAfter
	}
	return err.Error(), 0
}

// TestRedteamJWKSRotation: an issuer changes its key four times under a flood of tokens with
// made-up keys, one of which is the name of the next key. No good token is refused: one that comes
// before its key was fetched waits, or is told when to come again, and then is good. The flood does
// not make the issuer be asked more often than the bound.
func TestRedteamJWKSRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := farFor(50 * time.Millisecond)
		f.sign("key-0")
		a := farAuthenticator(t, f, nil)
		stop := make(chan struct{})
		var all sync.WaitGroup
		var made atomic.Int64
		for i := range 100 {
			all.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					case <-time.After(100 * time.Millisecond):
					}
					kid := fmt.Sprint("made-up-", i, "-", n)
					if n%2 == 0 {
						kid = "key-4" // the name of the last key can be guessed
					}
					if _, err := a.Verify(madeUp(kid, i*1_000_000+n)); err == nil {
						t.Error("a made-up token is good")
					}
					made.Add(1)
				}
			})
		}
		began := time.Now()
		longest := time.Duration(0)
		for rotation := 1; rotation <= 4; rotation++ {
			time.Sleep(12300 * time.Millisecond)
			kid := fmt.Sprint("key-", rotation)
			f.sign(kid)
			rotated := time.Now()
			for n := 0; ; n++ {
				came := time.Now()
				got, after := judged(func() error { _, err := a.Verify(numbered(kid, -n)); return err }())
				if got == "good" {
					break
				}
				if got != "unavailable" || after < time.Second || after > 3*time.Second || time.Since(came) > 3*time.Second {
					t.Fatalf("rotation %d, request %d: %s after %v, to come again after %v", rotation, n, got, time.Since(came), after)
				}
				time.Sleep(after.Truncate(time.Second) + time.Second) // as Retry-After says, in whole seconds
			}
			longest = max(longest, time.Since(rotated))
		}
		took := time.Since(began)
		close(stop)
		all.Wait()
		t.Logf("%d made-up tokens in %v, %d fetches; a new key was good after at most %v", made.Load(), took, f.fetches.Load(), longest)
		if most := int64(1 + fetchBurst + 4 + took/(fetchSlow*defaultGap)); f.fetches.Load() > most {
			t.Errorf("%d fetches in %v, want at most %d", f.fetches.Load(), took, most)
		}
		if longest > 5*time.Second {
			t.Errorf("a new key was not good for %v", longest)
		}
	})
}

// TestRotationWithoutFlood: nobody is refused, and a request waits for a second at most, whenever
// the issuer rotates.
func TestRotationWithoutFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := farFor(50 * time.Millisecond)
		f.sign("key-0")
		a := farAuthenticator(t, f, nil)
		for i := range 10 { // each right after the last
			kid := fmt.Sprint("key-", i+1)
			f.sign(kid)
			began := time.Now()
			if _, err := a.Verify(numbered(kid, i)); err != nil || time.Since(began) > 1200*time.Millisecond {
				t.Errorf("rotation %d: %v after %v", i, err, time.Since(began))
			}
		}
		if n := f.fetches.Load(); n != 11 {
			t.Errorf("%d fetches for 10 rotations, want 11", n)
		}
	})
}

// TestIssuerDown: a token whose key could not be asked for is unavailable, however often it comes,
// and judged when the issuer is back. What is wrong with a token whatever its key is, is found
// without the issuer.
func TestIssuerDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{}
		f.sign("key-0")
		var told reports
		a := farAuthenticator(t, f, func(p *Policy) { p.Report = told.add })
		f.kid.Store(nil)
		strange, expired := numbered("key-1", 0), sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt","kid":"key-1"}`, goodClaims(map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}))
		began := time.Now()
		for time.Since(began) < 5*time.Minute {
			for _, token := range []string{strange, numbered("key-1", int(time.Since(began)))} {
				var u *auth.Unavailable
				_, err := a.Verify(token)
				if !errors.As(err, &u) || u.RetryAfter < time.Second || u.RetryAfter > 3*time.Second || !u.Unverified || u.Issuer != "https://issuer.example" {
					t.Fatalf("after %v: %+v", time.Since(began), err)
				}
			}
			if got, _ := judged(func() error { _, err := a.Verify(expired); return err }()); got != "refused" {
				t.Fatalf("an expired token is %s", got)
			}
			if _, err := a.Verify(numbered("key-0", 0)); err != nil {
				t.Fatalf("a token of a known key: %v", err)
			}
			time.Sleep(700 * time.Millisecond)
		}
		if n, most := f.fetches.Load(), int64(1+fetchBurst+10+5*60/fetchSlow); n > most {
			t.Errorf("%d fetches in 5 minutes, want at most %d", n, most)
		}
		told.mu.Lock()
		if n := len(told.list); n < 5 || n > 6 {
			t.Errorf("%d reports in 5 minutes, want one a minute: %q", n, told.list)
		}
		told.mu.Unlock()
		f.sign("key-1")
		time.Sleep(3 * time.Second)
		if _, err := a.Verify(strange); err != nil {
			t.Errorf("the issuer is back: %v", err)
		}
		if got, _ := judged(func() error { _, err := a.Verify(numbered("key-2", 0)); return err }()); got != "refused" {
			t.Errorf("a made-up key while the issuer is up: %s", got)
		}
	})
}

// TestOneMadeUpTokenAsksOnce: the same token costs one fetch, and is refused at once when it comes
// again.
func TestOneMadeUpTokenAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := farFor(50 * time.Millisecond)
		f.sign("key-0")
		a := farAuthenticator(t, f, nil)
		token := numbered("made-up", 0)
		for i := range 100 {
			began := time.Now()
			if got, _ := judged(func() error { _, err := a.Verify(token); return err }()); got != "refused" || i > 0 && time.Since(began) > 0 {
				t.Fatalf("time %d: %s after %v", i, got, time.Since(began))
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n := f.fetches.Load(); n != 2 {
			t.Errorf("%d fetches, want 2", n)
		}
	})
}

// TestKeysWithoutNames: where neither keys nor tokens have a kid, a signature that fits none has
// the set fetched, at the same bounded rate.
func TestKeysWithoutNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := farFor(50 * time.Millisecond)
		f.sign("key-0")
		a := farAuthenticator(t, f, nil)
		bad := b64([]byte(`{"alg":"ES256","typ":"at+jwt"}`)) + madeUp("", 0)[strings.IndexByte(madeUp("", 0), '.'):]
		for range 600 {
			if got, _ := judged(func() error { _, err := a.Verify(bad); return err }()); got != "refused" {
				t.Fatalf("got %s", got)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n, most := f.fetches.Load(), int64(1+fetchBurst+1+60/fetchSlow); n < 10 || n > most {
			t.Errorf("%d fetches in a minute, want 10 to %d", n, most)
		}
	})
}

// TestFetchUnderWayDoesNotCount: a fetch that began before the token came says nothing about its key.
func TestFetchUnderWayDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := farFor(500 * time.Millisecond)
		f.sign("key-0")
		a := farAuthenticator(t, f, nil)
		time.Sleep(time.Second)
		go func() { _, _ = a.Verify(numbered("made-up", 0)) }()
		time.Sleep(100 * time.Millisecond) // the issuer has been asked
		f.sign("key-1")
		f.takes.Store(int64(10 * time.Millisecond))
		if _, err := a.Verify(numbered("key-1", 1)); err != nil {
			t.Errorf("a good token: %v", err)
		}
		if n := f.fetches.Load(); n != 3 {
			t.Errorf("%d fetches, want 3", n)
		}
	})
}

// TestSightingsAreBounded: what is remembered of tokens with unknown keys does not grow.
func TestSightingsAreBounded(t *testing.T) {
	var s sightings
	now := time.Now()
	a := rsaAuthenticator(t)
	for i := range 3 * maxSightings {
		s.at(a.marker.Of(fmt.Sprint(i)), uint64(i), now, time.Minute)
	}
	if n := len(s.young) + len(s.old); n > 2*maxSightings {
		t.Errorf("%d sightings, want at most %d", n, 2*maxSightings)
	}
	last := a.marker.Of(fmt.Sprint(3*maxSightings - 1))
	if got := s.at(last, 0, now.Add(time.Minute-1), time.Minute); got != 3*maxSightings-1 {
		t.Errorf("the last one came after fetch %d", got)
	}
	if got := s.at(last, 7, now.Add(time.Minute), time.Minute); got != 7 {
		t.Errorf("after its time it came after fetch %d, want 7", got)
	}
}

// TestUnknownKeyRereadsTheFile: a key that a file has had for a moment is found at once, and where
// the file cannot be read, nobody knows.
func TestUnknownKeyRereadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	write(t, path, kidSet("a", &rsaKey().PublicKey), noon)
	c := &clock{now: noon}
	p := policy()
	p.Clock = c.time
	a := open(t, p, File(path))
	wantRule(t, a, kidToken("a"), "")
	wantRule(t, a, kidToken("b"), "jwt-key-unknown")
	write(t, path, kidSet("b", &rsaKey().PublicKey), noon.Add(1))
	wantRule(t, a, kidToken("b"), "")
	wantRule(t, a, kidToken("a"), "jwt-key-unknown")
	write(t, path, "rubbish", noon.Add(2))
	for range 2 {
		wantUnavailable(t, a, kidToken("c"))
		wantRule(t, a, kidToken("b"), "")
	}
	write(t, path, kidSet("c", &rsaKey().PublicKey), noon.Add(3))
	wantUnavailable(t, a, kidToken("c")) // the file was read a moment ago
	c.add(time.Second)
	wantRule(t, a, kidToken("c"), "")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, a, kidToken("d"))
}
