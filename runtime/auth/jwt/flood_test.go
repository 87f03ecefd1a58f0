package jwt

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

// TestMemoryIsBounded verifies far more tokens than are remembered, as an issuer's whole user base or a
// stolen key would bring them.
func TestMemoryIsBounded(t *testing.T) {
	const entries, tokens = 640, 10_000
	p := policy("HS256")
	p.CacheEntries = entries
	a := open(t, p, Inline(jwks(jwkOf(macKey[:32], nil))))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var half uint64
	for i := range tokens {
		claims := goodClaims(map[string]any{"sub": fmt.Sprint("subject-", i)})
		wantRule(t, a, sign(gojwt.SigningMethodHS256, macKey[:32], `{"alg":"HS256","typ":"at+jwt"}`, claims), "")
		if i == tokens/2 {
			half = heap()
		}
	}
	after := heap()
	if n := a.cache.Len(); n != entries {
		t.Errorf("%d tokens are remembered, want %d", n, entries)
	}
	t.Logf("the heap grew by %d bytes with %d tokens, and by %d with %d", int64(half-before), tokens/2, int64(after-before), tokens)
	if bound := uint64(entries * remember.EntryWeight); after > before+bound {
		t.Errorf("the heap grew by %d bytes, more than the %d that %d entries may weigh", after-before, bound, entries)
	}
	if after > half+half/10 {
		t.Errorf("it still grows: %d bytes, then %d", half, after)
	}
}

// BenchmarkFlood compares what tokens cost that are seen for the first time: good ones, and those of a flood.
func BenchmarkFlood(b *testing.B) {
	p := policy("ES256")
	p.Clock = func() time.Time { return noon }
	a := open(b, p, Inline(pemOf(&ecKey().PublicKey)))
	const header = `{"alg":"ES256","typ":"at+jwt"}`
	distinct := func(change map[string]any) []string {
		list := make([]string, 4096)
		for i := range list {
			claims := map[string]any{"jti": fmt.Sprint(i)}
			for k, v := range change {
				claims[k] = v
			}
			list[i] = sign(gojwt.SigningMethodES256, ecKey(), header, goodClaims(claims))
		}
		return list
	}
	good := distinct(nil)
	forged := make([]string, len(good))
	for i, token := range good {
		forged[i] = token[:len(token)-20] + good[(i+1)%len(good)][len(token)-20:]
	}
	for _, tt := range []struct {
		name   string
		tokens []string
		good   bool
	}{
		{"good", good, true},
		{"forged", forged, false},
		{"expired", distinct(map[string]any{"exp": noon.Add(-time.Hour).Unix()}), false},
		{"malformed", []string{"a.b.c"}, false},
		{"other-type", []string{sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"logout+jwt"}`, goodClaims(nil))}, false},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if i++; i%len(tt.tokens) == 0 {
					a.cache.Flush()
				}
				if _, err := a.Verify(tt.tokens[i%len(tt.tokens)]); (err == nil) != tt.good {
					b.Fatal(err)
				}
			}
		})
	}
}
