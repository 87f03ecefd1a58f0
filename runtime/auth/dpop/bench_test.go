package dpop

import (
	"fmt"
	"testing"
)

// BenchmarkCheck is one proof by ES256, which nobody has seen before: what a request with DPoP costs beyond its token.
func BenchmarkCheck(b *testing.B) {
	c := open(b, policy())
	print := Thumbprint(&ecKey.PublicKey)
	h := header(nil)
	proofs := make([]string, b.N)
	for i := range proofs {
		proofs[i] = sign(ecKey, "ES256", h, goodClaims(map[string]any{"jti": fmt.Sprint(i)}))
	}
	r := request("")
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		r.Header["Dpop"][0] = proofs[i]
		if _, err := c.Check(r, token, &print, noon); err != nil {
			b.Fatal(err)
		}
	}
}
