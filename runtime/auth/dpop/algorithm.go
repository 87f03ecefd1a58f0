package dpop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes of the algorithms
	_ "crypto/sha512"
	"math/big"
)

// An algorithm is one row of RFC 7518, section 3.1, RFC 8037 and RFC 9864. There are no MACs, and no "none".
type algorithm struct {
	name  string
	hash  crypto.Hash // 0 for EdDSA and Ed25519
	curve int         // bits of the curve, for ES*
	pss   bool
}

var algorithmTable = [...]algorithm{
	{"ES256", crypto.SHA256, 256, false},
	{"ES384", crypto.SHA384, 384, false},
	{"ES512", crypto.SHA512, 521, false},
	{"EdDSA", 0, 0, false},
	{"Ed25519", 0, 0, false},
	{"PS256", crypto.SHA256, 0, true},
	{"PS384", crypto.SHA384, 0, true},
	{"PS512", crypto.SHA512, 0, true},
	{"RS256", crypto.SHA256, 0, false},
	{"RS384", crypto.SHA384, 0, false},
	{"RS512", crypto.SHA512, 0, false},
}

func algorithmNamed(name string) *algorithm {
	for i := range algorithmTable {
		if algorithmTable[i].name == name {
			return &algorithmTable[i]
		}
	}
	return nil
}

// fits reports whether the key is one of the algorithm.
func (a *algorithm) fits(key any) bool {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		return a.curve == key.Curve.Params().BitSize
	case ed25519.PublicKey:
		return a.hash == 0
	case *rsa.PublicKey:
		return a.hash != 0 && a.curve == 0
	}
	return false
}

// verify reports whether the signature is right, in the one form that RFC 7518 gives it. The key fits.
func (a *algorithm) verify(key any, input string, signature []byte) bool {
	if pub, ok := key.(ed25519.PublicKey); ok {
		return ed25519.Verify(pub, []byte(input), signature)
	}
	h := a.hash.New()
	h.Write([]byte(input))
	sum := h.Sum(nil)
	switch pub := key.(type) {
	case *ecdsa.PublicKey:
		size := (a.curve + 7) / 8
		if len(signature) != 2*size {
			return false
		}
		return ecdsa.Verify(pub, sum, new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]))
	case *rsa.PublicKey:
		if a.pss {
			return rsa.VerifyPSS(pub, a.hash, sum, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: a.hash}) == nil
		}
		return rsa.VerifyPKCS1v15(pub, a.hash, sum, signature) == nil
	}
	return false
}
