package jwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// provider is an OpenID provider over TLS whose answers tests change.
type provider struct {
	*httptest.Server
	mu             sync.Mutex
	metadata, keys http.HandlerFunc
	asked          atomic.Int64 // for metadata
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	p := new(provider)
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		metadata, keys := p.metadata, p.keys
		p.mu.Unlock()
		switch r.URL.Path {
		case wellKnown:
			p.asked.Add(1)
			metadata(w, r)
		case "/keys", "/new/keys":
			keys(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(p.Close)
	p.set(p.good(nil), text(kidSet("a", &rsaKey().PublicKey)))
	return p
}

// set replaces an answer that is not nil.
func (p *provider) set(metadata, keys http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if metadata != nil {
		p.metadata = metadata
	}
	if keys != nil {
		p.keys = keys
	}
}

// good is the metadata with some members replaced, or removed with nil.
func (p *provider) good(change map[string]any) http.HandlerFunc {
	doc := map[string]any{
		"issuer": p.URL, "jwks_uri": p.URL + "/keys", "authorization_endpoint": p.URL + "/authorize",
		"response_types_supported": []string{"code"}, "id_token_signing_alg_values_supported": []string{"RS256", "none"},
	}
	for k, v := range change {
		if doc[k] = v; v == nil {
			delete(doc, k)
		}
	}
	return text(string(must(json.Marshal(doc))))
}

func (p *provider) policy() Policy {
	pol := policy()
	pol.Issuer = p.URL
	return pol
}

func (p *provider) source() DiscoverySource {
	return DiscoverySource{
		Interval: time.Hour, MinGap: 20 * time.Millisecond, Timeout: time.Second, Keep: 2 * time.Hour, Transport: p.Client().Transport,
	}
}

func (p *provider) token(kid string) string {
	header := fmt.Sprintf(`{"alg":"RS256","typ":"at+jwt","kid":%q}`, kid)
	return sign(gojwt.SigningMethodRS256, rsaKey(), header, goodClaims(map[string]any{"iss": p.URL, "exp": noon.Add(24 * time.Hour).Unix()}))
}

func TestDiscovery(t *testing.T) {
	p := newProvider(t)
	for name, url := range map[string]string{"from the issuer": "", "by its own address": p.URL + wellKnown} {
		t.Run(name, func(t *testing.T) {
			source := p.source()
			source.URL = url
			a := open(t, p.policy(), source)
			wantRule(t, a, p.token("a"), "")
			wantRule(t, a, sign(gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, `{"alg":"none","typ":"at+jwt"}`, goodClaims(nil))+"AA", "jwt-algorithm")
		})
	}
	t.Run("a certificate that nobody signed", func(t *testing.T) {
		wantUnavailable(t, open(t, p.policy(), DiscoverySource{Timeout: time.Second}), p.token("a"))
	})
}

// TestDiscoveryIssuer holds that metadata which is another's, or another spelling of the issuer, proves nothing.
func TestDiscoveryIssuer(t *testing.T) {
	p := newProvider(t)
	for _, claimed := range []any{
		p.URL + "/", strings.ToUpper(p.URL), strings.Replace(p.URL, "127.0.0.1", "localhost", 1), p.URL + "#", p.URL + "\x00",
		"https://issuer.example", "", nil, 1, []string{p.URL}, map[string]any{p.URL: true},
	} {
		t.Run(fmt.Sprint(claimed), func(t *testing.T) {
			p.set(p.good(map[string]any{"issuer": claimed}), nil)
			var r reports
			pol := p.policy()
			pol.Report = r.add
			a := open(t, pol, p.source())
			wantUnavailable(t, a, p.token("a"))
			if !r.has("not that of the policy's issuer") {
				t.Errorf("reports %q", r.list)
			}
		})
	}
}

// TestBadProviders has providers that send what they should not. The server starts, and lets nobody in.
func TestBadProviders(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		block := []byte(strings.Repeat(" ", 1<<16))
		for range 10 << 30 / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	trickle := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	tests := []struct {
		name     string
		metadata func(p *provider) http.HandlerFunc
		keys     http.HandlerFunc
		want     string
	}{
		{"HTML", func(*provider) http.HandlerFunc { return text("<html>login</html>") }, nil, "not a provider's metadata"},
		{"nothing", func(*provider) http.HandlerFunc { return text("") }, nil, "not a provider's metadata"},
		{"a list", func(*provider) http.HandlerFunc { return text("[]") }, nil, "not a provider's metadata"},
		{"issuer twice", func(p *provider) http.HandlerFunc {
			return text(`{"issuer":"` + p.URL + `","issuer":"` + p.URL + `","jwks_uri":"` + p.URL + `/keys"}`)
		}, nil, "not a provider's metadata"},
		{"nested", func(*provider) http.HandlerFunc { return text(strings.Repeat(`{"a":[`, 10_000)) }, nil, "not a provider's metadata"},
		{"endless", func(*provider) http.HandlerFunc { return endless }, nil, "more than 262144 bytes"},
		{"hangs", func(*provider) http.HandlerFunc { return hang }, nil, "deadline"},
		{"trickles", func(*provider) http.HandlerFunc { return trickle }, nil, "deadline"},
		{"down", func(*provider) http.HandlerFunc { return status(503) }, nil, "status 503"},
		{"not there", func(*provider) http.HandlerFunc { return status(404) }, nil, "status 404"},
		{"elsewhere", func(*provider) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://issuer.example/", http.StatusFound)
			}
		}, nil, "another host"},
		{"less than https", func(p *provider) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http"+strings.TrimPrefix(p.URL, "https")+"/keys", http.StatusFound)
			}
		}, nil, "away from https"},
		{"no keys", func(p *provider) http.HandlerFunc { return p.good(map[string]any{"jwks_uri": nil}) }, nil, "no jwks_uri"},
		{"keys without encryption", func(p *provider) http.HandlerFunc {
			return p.good(map[string]any{"jwks_uri": "http://issuer.example/keys"})
		}, nil, "only https"},
		{"keys from our own machine", func(p *provider) http.HandlerFunc {
			return p.good(map[string]any{"jwks_uri": "http://127.0.0.1:6060/keys"})
		}, nil, "over http"},
		{"keys from a file", func(p *provider) http.HandlerFunc { return p.good(map[string]any{"jwks_uri": "file:///etc/keys"}) }, nil, "no host"},
		{"keys with a password", func(p *provider) http.HandlerFunc {
			return p.good(map[string]any{"jwks_uri": "https://user:hunter2@issuer.example/keys"})
		}, nil, "credentials"},
		{"keys endless", nil, endless, "more than 1048576 bytes"},
		{"keys hang", nil, hang, "deadline"},
		{"keys down", nil, status(502), "status 502"},
		{"keys HTML", nil, text("<html>"), "not a JWK set"},
		{"keys weak", nil, text(jwks(jwkOf(weakRSA(1024, 65537), nil))), "no usable key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			if tt.metadata != nil {
				p.set(tt.metadata(p), nil)
			}
			p.set(nil, tt.keys)
			var r reports
			pol := p.policy()
			pol.Report = r.add
			source := p.source()
			if source.Timeout = 20 * time.Second; tt.want == "deadline" {
				source.Timeout = 300 * time.Millisecond
			}
			started := time.Now()
			a := open(t, pol, source)
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("New took %v", took)
			}
			wantUnavailable(t, a, p.token("a"))
			if !r.has(tt.want) || r.has("hunter2") {
				t.Errorf("reports %q, want %q", r.list, tt.want)
			}
			p.set(p.good(nil), text(kidSet("a", &rsaKey().PublicKey))) // and when it recovers, so do we
			eventually(t, "the keys are had", func() bool { _, err := a.Verify(p.token("a")); return err == nil })
		})
	}
}

// TestDiscoveryRotation announces a new key, signs with it, and drops the old one, while requests go on. None is
// refused; the key set moves to another address meanwhile.
func TestDiscoveryRotation(t *testing.T) {
	p := newProvider(t)
	source := p.source()
	source.Interval, source.MinGap = 20*time.Millisecond, 5*time.Millisecond
	a := open(t, p.policy(), source)
	var kid atomic.Pointer[string]
	use := func(name string) { token := p.token(name); kid.Store(&token) }
	use("a")
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := a.Verify(*kid.Load()); err != nil {
					t.Errorf("refused during a rotation: %v", err)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	both := jwks(jwkOf(&rsaKey().PublicKey, map[string]any{"kid": "a"}), jwkOf(&rsaKey().PublicKey, map[string]any{"kid": "b"}))
	p.set(p.good(map[string]any{"jwks_uri": p.URL + "/new/keys"}), text(both))
	eventually(t, "the new key is had", func() bool { _, err := a.Verify(p.token("b")); return err == nil })
	use("b")
	time.Sleep(20 * time.Millisecond) // what read the old token has used it
	p.set(nil, text(kidSet("b", &rsaKey().PublicKey)))
	eventually(t, "the old key is gone", func() bool { _, err := a.Verify(p.token("a")); return err != nil })
	close(stop)
	group.Wait()
}

// TestDiscoveryKeeps lets a provider that was good fail in each of its parts, and time go by.
func TestDiscoveryKeeps(t *testing.T) {
	for name, fail := range map[string]func(p *provider){
		"metadata of another": func(p *provider) { p.set(p.good(map[string]any{"issuer": "https://issuer.example"}), nil) },
		"metadata down":       func(p *provider) { p.set(http.NotFound, nil) },
		"keys down":           func(p *provider) { p.set(nil, http.NotFound) },
		"keys of another":     func(p *provider) { p.set(nil, text(jwks(jwkOf(weakRSA(1024, 65537), nil)))) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			c := &clock{now: noon}
			var r reports
			pol := p.policy()
			pol.Clock, pol.Report = c.time, r.add
			a := open(t, pol, p.source())
			wantRule(t, a, p.token("a"), "")
			fail(p)
			wantUnavailable(t, a, p.token("x")) // asks, and nobody could tell
			eventually(t, "the failure is reported", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.list) > 0 })
			c.add(2 * time.Hour)
			wantRule(t, a, p.token("a"), "")
			c.add(time.Nanosecond)
			wantUnavailable(t, a, p.token("a"))
		})
	}
}

// TestDiscoveryIsAskedAtABoundedRate sends many tokens that name keys nobody has.
func TestDiscoveryIsAskedAtABoundedRate(t *testing.T) {
	const gap = 50 * time.Millisecond
	p := newProvider(t)
	source := p.source()
	source.MinGap = gap
	started := time.Now()
	a := open(t, p.policy(), source)
	for n := 0; p.asked.Load() < 4; n++ {
		wantRule(t, a, p.token(fmt.Sprint("x", n)), "jwt-key-unknown")
	}
	if took := time.Since(started); took < 3*gap {
		t.Errorf("3 more fetches in %v, want at most one each %v", took, gap)
	}
}

func TestDiscoveryRefused(t *testing.T) {
	for _, tt := range []struct {
		issuer string
		source DiscoverySource
		want   string
	}{
		{"accounts", DiscoverySource{}, "no host"},
		{"http://issuer.example", DiscoverySource{}, "only https"},
		{"https://user:hunter2@issuer.example", DiscoverySource{}, "credentials"},
		{"https://issuer.example?tenant=a", DiscoverySource{}, "query"},
		{"https://issuer.example#a", DiscoverySource{}, "fragment"},
		{"a", DiscoverySource{URL: "://"}, "not a URL"},
		{"a", DiscoverySource{URL: "http://issuer.example/x"}, "only https"},
		{"a", DiscoverySource{URL: "/.well-known/openid-configuration"}, "no host"},
		{"https://issuer.example", DiscoverySource{Timeout: -1}, "negative"},
		{"https://issuer.example", DiscoverySource{Interval: time.Hour, Keep: time.Minute}, "fetched only every"},
	} {
		p := policy()
		p.Issuer = tt.issuer
		a, err := New(p, tt.source, scopes)
		if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s %+v: err = %v, want %s", tt.issuer, tt.source, err, tt.want)
		}
	}
	if _, err := New(policy("HS256"), Discovery(""), scopes); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("a MAC key by discovery: err = %v", err)
	}
}

func FuzzMetadata(f *testing.F) {
	const issuer = "https://issuer.example"
	from := must(outbound.Target("metadata", issuer+wellKnown))
	f.Add(`{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/keys"}`)
	f.Add(`{"issuer":"https://issuer.example","jwks_uri":"http://localhost/keys"}`)
	f.Add(`{"issuer":"https://issuer.example/","jwks_uri":"https://[::1]:0/%zz"}`)
	f.Fuzz(func(t *testing.T, text string) {
		u, err := parseMetadata(text, issuer, from, outbound.Target)
		if (u == nil) == (err == nil) {
			t.Fatalf("%v, %v", u, err)
		}
		if err != nil {
			return
		}
		if u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			t.Errorf("keys from %s", u)
		}
		var doc map[string]any
		if json.Unmarshal([]byte(text), &doc) != nil || doc["issuer"] != issuer {
			t.Error(errors.New("believed what is not the issuer's"))
		}
	})
}
