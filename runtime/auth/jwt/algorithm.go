package jwt

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"sync"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// family is the kind of key an algorithm works with.
type family uint8

const (
	familyRSA family = iota
	familyEC
	familyEd
	familyMAC
)

// An algorithm is one row of RFC 7518, section 3.1, RFC 8037 and RFC 9864.
type algorithm struct {
	name   string
	method gojwt.SigningMethod
	family family
	// bits: for EC the curve's size, exactly; for a MAC the least size of the key
	// (RFC 7518, section 3.2: the hash's).
	bits int
}

// algorithmNamed knows the algorithms that a policy may list. "none" is not among them.
func algorithmNamed(name string) (*algorithm, bool) {
	for i := range algorithmTable {
		if algorithmTable[i].name == name {
			return &algorithmTable[i], true
		}
	}
	return nil, false
}

var algorithmTable = [...]algorithm{
	{"RS256", gojwt.SigningMethodRS256, familyRSA, 0},
	{"RS384", gojwt.SigningMethodRS384, familyRSA, 0},
	{"RS512", gojwt.SigningMethodRS512, familyRSA, 0},
	{"PS256", gojwt.SigningMethodPS256, familyRSA, 0},
	{"PS384", gojwt.SigningMethodPS384, familyRSA, 0},
	{"PS512", gojwt.SigningMethodPS512, familyRSA, 0},
	{"ES256", gojwt.SigningMethodES256, familyEC, 256},
	{"ES384", gojwt.SigningMethodES384, familyEC, 384},
	{"ES512", gojwt.SigningMethodES512, familyEC, 521},
	{"EdDSA", gojwt.SigningMethodEdDSA, familyEd, 0},
	{fullEd25519.Alg(), fullEd25519, familyEd, 0},
	{"HS256", gojwt.SigningMethodHS256, familyMAC, 256},
	{"HS384", gojwt.SigningMethodHS384, familyMAC, 384},
	{"HS512", gojwt.SigningMethodHS512, familyMAC, 512},
}

// ed25519Method is the algorithm of EdDSA under the name that says which curve (RFC 9864, section 2.2). golang-jwt does not know it. It is another
// name than EdDSA for all that compares names: policies, headers and the alg of a JWK.
type ed25519Method struct{ *gojwt.SigningMethodEd25519 }

func (ed25519Method) Alg() string { return "Ed25519" }

var fullEd25519 = ed25519Method{gojwt.SigningMethodEdDSA}

// register makes golang-jwt's parser, which looks methods up in a registry of the whole program, find fullEd25519: once a policy lists it, so
// that nothing changes for programs without one. Should another package put its own there, tokens are refused.
var register = sync.OnceFunc(func() {
	gojwt.RegisterSigningMethod(fullEd25519.Alg(), func() gojwt.SigningMethod { return fullEd25519 })
})

// strict keeps the keys under which a signature is as RFC 7518 has it, where golang-jwt takes more: PS* with
// a salt of any length (section 3.5: as long as the hash).
func (a *algorithm) strict(input string, signature []byte, keys []gojwt.VerificationKey) []gojwt.VerificationKey {
	pss, ok := a.method.(*gojwt.SigningMethodRSAPSS)
	if !ok {
		return keys
	}
	hash := pss.Hash.New()
	hash.Write([]byte(input))
	sum := hash.Sum(nil)
	var kept []gojwt.VerificationKey
	for _, k := range keys {
		options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: pss.Hash}
		if pub, ok := k.(*rsa.PublicKey); ok && rsa.VerifyPSS(pub, pss.Hash, sum, signature, options) == nil {
			kept = append(kept, k)
		}
	}
	return kept
}

// pin resolves a policy's algorithms.
func pin(names []string) ([]*algorithm, error) {
	if len(names) == 0 {
		return nil, errors.New("jwt: the policy lists no algorithm")
	}
	var (
		list       []*algorithm
		errs       []error
		mac, other bool
	)
	for _, name := range names {
		a, ok := algorithmNamed(name)
		if !ok {
			errs = append(errs, fmt.Errorf("jwt: %q is not an algorithm that can be allowed", name))
			continue
		}
		if a.method == gojwt.SigningMethod(fullEd25519) {
			register()
		}
		mac = mac || a.family == familyMAC
		other = other || a.family != familyMAC
		list = append(list, a)
	}
	if mac && other {
		// A public key must never be taken for a MAC's secret (RFC 8725, section 2.1).
		errs = append(errs, errors.New("jwt: the policy mixes HS* with signatures"))
	}
	return list, errors.Join(errs...)
}
