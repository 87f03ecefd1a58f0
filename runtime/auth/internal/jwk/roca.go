package jwk

import "math/big"

// rocaPrimes and their subgroups are the fingerprint of CVE-2017-15361 (ROCA): a library for smart cards and TPMs made primes of the
// form k*M + 65537^a mod M, M being the product of the first primes, and their factors can be found. Modulo each of these, the modulus of
// such a key is a power of 65537; one of another kind is that by chance once in about 2^27.
var rocaPrimes = [...]uint16{
	3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131,
	137, 139, 149, 151, 157, 163, 167,
}

// isROCA reports whether a modulus has the fingerprint.
func isROCA(n *big.Int) bool {
	var p, rest big.Int
	for _, prime := range rocaPrimes {
		rest.Mod(n, p.SetUint64(uint64(prime)))
		if !isPower(uint16(rest.Uint64()), prime) {
			return false
		}
	}
	return true
}

// isPower reports whether n is a power of 65537 modulo p.
func isPower(n, p uint16) bool {
	generator := uint32(65537 % uint32(p))
	for x, power := uint16(0), uint32(1); x < p; x++ {
		if uint16(power) == n {
			return true
		}
		power = power * generator % uint32(p)
	}
	return false
}
