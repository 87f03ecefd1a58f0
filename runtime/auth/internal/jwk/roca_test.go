package jwk

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"
)

// TestROCA: what a weak generator makes is recognised, and what ours makes is not. The suites have a real key of that kind.
func TestROCA(t *testing.T) {
	product := big.NewInt(2)
	for _, p := range rocaPrimes {
		product.Mul(product, big.NewInt(int64(p)))
	}
	prime := func(k, a int64) *big.Int { // of the form, prime or not
		n := new(big.Int).Exp(big.NewInt(65537), big.NewInt(a), product)
		shift := new(big.Int).Lsh(big.NewInt(k), 810)
		return n.Add(n, shift.Mul(shift, product))
	}
	n := new(big.Int).Mul(prime(5, 7), prime(9, 1234))
	err := CheckRSA(&rsa.PublicKey{N: n, E: 65537})
	if err == nil || !strings.Contains(err.Error(), "CVE-2017-15361") {
		t.Errorf("a modulus of %d bits with the fingerprint: %v", n.BitLen(), err)
	}
	for range 3 {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil || isROCA(key.N) {
			t.Errorf("a modulus of crypto/rsa has the fingerprint, %v", err)
		}
	}
}
