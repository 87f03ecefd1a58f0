package jwt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
)

// TestLeewayOfExp: a token that expired within the leeway is good, verified and remembered, and its
// principal ends with the leeway.
func TestLeewayOfExp(t *testing.T) {
	c := &clock{now: noon}
	p := policy()
	p.Leeway, p.Clock = time.Minute, c.time
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	text := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"exp": noon.Add(-10 * time.Second).Unix(), "iat": noon.Add(-time.Hour).Unix()}))
	for _, step := range []struct {
		at   time.Duration
		good bool
	}{{0, true}, {49 * time.Second, true}, {50 * time.Second, false}} {
		c.now = noon.Add(step.at)
		caller, err := a.Verify(text)
		if (err == nil) != step.good || err == nil && caller.Expired(c.now) {
			t.Errorf("at %v: %v, %v; want good: %v", step.at, caller, err, step.good)
		}
	}
}

func TestPolicyIsChecked(t *testing.T) {
	keys := Inline(pemOf(&rsaKey().PublicKey))
	tests := []struct {
		name   string
		change func(*Policy)
		want   string
	}{
		{"no issuer", func(p *Policy) { p.Issuer = "" }, "no issuer"},
		{"no audience", func(p *Policy) { p.Audiences = nil }, "no audience"},
		{"an empty audience", func(p *Policy) { p.Audiences = []string{"a", ""} }, "no audience"},
		{"no algorithm", func(p *Policy) { p.Algorithms = nil }, "no algorithm"},
		{"none", func(p *Policy) { p.Algorithms = []string{"none"} }, `"none" is not an algorithm`},
		{"lower case", func(p *Policy) { p.Algorithms = []string{"rs256"} }, `"rs256" is not an algorithm`},
		{"mixed", func(p *Policy) { p.Algorithms = []string{"RS256", "HS256"} }, "mixes HS*"},
		{"empty type", func(p *Policy) { p.Types = []string{""} }, "empty typ"},
		{"long leeway", func(p *Policy) { p.Leeway = 6 * time.Minute }, "leeway"},
		{"negative age", func(p *Policy) { p.MaxAge = -1 }, "maximum age"},
		{"large cache", func(p *Policy) { p.CacheEntries = 2_000_000 }, "cached tokens"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := policy()
			tt.change(&p)
			a, err := New(p, keys, scopes)
			if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
	t.Run("all at once", func(t *testing.T) {
		_, err := New(Policy{}, nil, nil)
		for _, want := range []string{"no issuer", "no audience", "no algorithm", "no key source", "no table"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("err = %v, want %q in it", err, want)
			}
		}
	})
}

func TestPolicyIsCopied(t *testing.T) {
	p := policy()
	p.Types = []string{"at+jwt"}
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	p.Types[0], p.Audiences[0], p.Algorithms[0] = "x", "x", "x"
	wantRule(t, a, goodToken(), "")
}

func TestPrincipal(t *testing.T) {
	p := policy()
	p.ScopeClaim, p.RolesClaim = "scp", "/realm~1x/roles"
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	claims := goodClaims(map[string]any{
		"scope": "delete", "scp": []string{"read", "write"}, "roles": []string{"nobody"},
		"realm/x": map[string]any{"roles": []string{"admin"}}, "groups": []string{"g1", "g2"}, "big": 1 << 60,
	})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, claims))
	got, err := a.Authenticate(r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "alice" || got.Issuer != p.Issuer || got.Scheme != "bearer" || !got.Expires.Equal(noon.Add(time.Hour+auth.DefaultLeeway)) {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(got.Scopes, []string{"read", "write"}) || !slices.Equal(got.Roles, []string{"admin"}) {
		t.Errorf("scopes %q, roles %q", got.Scopes, got.Roles)
	}
	need, _ := scopes.Scopes("read", "write")
	role, _ := scopes.Roles("admin")
	more, _ := scopes.Scopes("delete")
	if set := got.Set(scopes); !set.Has(need) || !set.Has(role) || set.Has(more) {
		t.Error("the set is wrong")
	}
	if !got.HasClaim("tenant", "t1") || !got.HasClaim("groups", "g2") || fmt.Sprint(got.Claims["big"]) != "1152921504606846976" {
		t.Errorf("claims %v", got.Claims)
	}
}

func TestScopeForms(t *testing.T) {
	a := rsaAuthenticator(t)
	for _, tt := range []struct {
		scope any
		want  []string
	}{
		{"read write", []string{"read", "write"}}, {"  read   write ", []string{"read", "write"}}, {"", []string{}}, {nil, nil},
		{[]string{"read", "write"}, []string{"read", "write"}}, {[]string{}, []string{}},
	} {
		p, err := a.Verify(sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"scope": tt.scope, "roles": nil})))
		if err != nil || !slices.Equal(p.Scopes, tt.want) || p.Roles != nil {
			t.Errorf("scope %#v: %v, %v; want %q", tt.scope, p, err, tt.want)
		}
	}
}

func TestAuthenticateNeedsOneHeader(t *testing.T) {
	a := rsaAuthenticator(t)
	r := httptest.NewRequest("GET", "/?access_token="+goodToken(), nil)
	if _, err := a.Authenticate(r); err != auth.ErrMissing {
		t.Errorf("err = %v, want ErrMissing", err)
	}
	r.Header["Authorization"] = []string{"Bearer " + goodToken(), "Bearer " + goodToken()}
	if p, err := a.Authenticate(r); err == nil || p != nil {
		t.Error("two Authorization fields pass")
	}
}

func TestChallenge(t *testing.T) {
	p := policy()
	p.Realm = "bank"
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	if got, want := a.Challenge(nil), `Bearer realm="bank"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := a.Challenge([]string{"read"}), `Bearer realm="bank", error="insufficient_scope", scope="read"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func TestCacheHitAndExpiry(t *testing.T) {
	c := &clock{now: noon}
	p := policy()
	p.Clock, p.Leeway = c.time, -1
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	token := goodToken()
	first, err := a.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	c.add(59 * time.Minute)
	if again, err := a.Verify(token); err != nil || again != first {
		t.Errorf("the second time: %p, %v; want the same principal %p", again, err, first)
	}
	c.add(time.Minute)
	wantRule(t, a, token, "jwt-expired")
	wantRule(t, a, token+"x", "jwt-malformed")
}

func TestCacheHonoursMaxAge(t *testing.T) {
	c := &clock{now: noon}
	p := policy()
	p.Clock, p.Leeway, p.MaxAge = c.time, -1, time.Minute
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	wantRule(t, a, goodToken(), "")
	token := goodToken()
	wantRule(t, a, token, "")
	c.add(time.Minute)
	wantRule(t, a, token, "jwt-too-old")
}

func TestCacheRemembersNoRefusal(t *testing.T) {
	a := rsaAuthenticator(t)
	for range 100 {
		wantRule(t, a, goodToken()[:50], "jwt-malformed")
		wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"sub": nil})), "jwt-subject")
	}
	if n := a.cache.Len(); n != 0 {
		t.Errorf("%d refusals are remembered", n)
	}
}

func TestCacheOff(t *testing.T) {
	p := policy()
	p.CacheEntries = -1
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	for range 2 {
		wantRule(t, a, goodToken(), "")
	}
}

func TestConcurrentVerify(t *testing.T) {
	p := policy("HS256")
	p.CacheEntries = 64
	a := open(t, p, Inline(jwks(jwkOf(macKey[:32], nil))))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				claims := goodClaims(map[string]any{"sub": fmt.Sprint("s", (g+i)%100)})
				wantRule(t, a, sign(gojwt.SigningMethodHS256, macKey[:32], `{"alg":"HS256","typ":"at+jwt"}`, claims), "")
			}
		})
	}
	wg.Wait()
}

func request(token string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestCachedAuthenticateDoesNotAllocate(t *testing.T) {
	a := rsaAuthenticator(t)
	r := request(goodToken())
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.Authenticate(r); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkAuthenticateCached(b *testing.B) {
	for name, revoked := range map[string]int{"plain": -1, "revocations=0": 0, "revocations=100000": 100_000} {
		b.Run(name, func(b *testing.B) {
			p := policy()
			p.Clock = func() time.Time { return time.Now() }
			now := time.Now()
			if revoked >= 0 {
				m := must(NewRevocationMemory(0, nil))
				for i := range revoked {
					if err := m.Revoke(p.Issuer, fmt.Sprint(i), now.Add(time.Hour)); err != nil {
						b.Fatal(err)
					}
				}
				p.Revocations = m
			}
			claims := goodClaims(map[string]any{"exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "nbf": now.Unix(), "jti": "0d7c6c9e"})
			token := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, claims)
			a := open(b, p, Inline(pemOf(&rsaKey().PublicKey)))
			r := request(token)
			b.ReportAllocs()
			b.ReportMetric(float64(len(token)), "bytes/token")
			for b.Loop() {
				if _, err := a.Authenticate(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAuthenticateUncached(b *testing.B) {
	for _, tt := range []struct {
		method gojwt.SigningMethod
		key    any
		source string
	}{
		{gojwt.SigningMethodRS256, rsaKey(), pemOf(&rsaKey().PublicKey)},
		{gojwt.SigningMethodES256, ecKey(), pemOf(&ecKey().PublicKey)},
		{gojwt.SigningMethodEdDSA, edKey(), pemOf(edKey().Public())},
		{gojwt.SigningMethodHS256, macKey, jwks(jwkOf(macKey, nil))},
	} {
		b.Run(tt.method.Alg(), func(b *testing.B) {
			p := policy(tt.method.Alg())
			p.CacheEntries = -1
			a := open(b, p, Inline(tt.source))
			token := sign(tt.method, tt.key, `{"alg":"`+tt.method.Alg()+`","typ":"at+jwt"}`, goodClaims(nil))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Verify(token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestTypedClaims: a token whose claims do not hold what the policy says is refused, by name of the rule.
func TestTypedClaims(t *testing.T) {
	p := policy("RS256")
	p.Claims = []auth.Claim{{Name: "level", Type: auth.ClaimInteger, Required: true}, {Name: "/org/tier", Type: auth.ClaimText}}
	p.TenantClaim = "customer"
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	for _, tt := range []struct {
		change map[string]any
		rule   string
	}{
		{map[string]any{"level": 3, "customer": "t"}, ""},
		{map[string]any{"level": 3, "customer": "t", "org": map[string]any{"tier": "gold"}}, ""},
		{map[string]any{"customer": "t"}, "jwt-claim-missing"},
		{map[string]any{"level": "3", "customer": "t"}, "jwt-claim-type"},
		{map[string]any{"level": 3, "customer": "t", "org": map[string]any{"tier": 1}}, "jwt-claim-type"},
		{map[string]any{"level": 3}, "jwt-tenant"},
		{map[string]any{"level": 3, "customer": []string{"t"}}, "jwt-tenant"},
	} {
		wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(tt.change)), tt.rule)
	}
}
