package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/internal/jwk"
)

const (
	maxMACKey = 1024 // bytes

	// maxCandidates bounds the signatures that one token can make us verify: keys that share
	// its kid, or all of them where neither has one.
	maxCandidates = 8
)

// A key verifies.
type key struct {
	id     string // kid; "" fits any
	alg    string // the only algorithm it may be used with; "" means any of its family
	public any    // *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, or []byte for a MAC
	// from and until bound a certificate's validity; zero for bare keys.
	from, until time.Time
	issuer      string // whose tokens it signs, where the key says so
	fetched     bool   // from an address, and not written down by the operator
}

// check refuses keys that are too weak to verify anything with.
func (k *key) check() error {
	switch pub := k.public.(type) {
	case *rsa.PublicKey:
		return jwk.CheckRSA(pub)
	case *ecdsa.PublicKey:
		return nil // on its curve: both parsers have checked
	case ed25519.PublicKey:
		if len(pub) != ed25519.PublicKeySize {
			return fmt.Errorf("an Ed25519 key of %d bytes", len(pub))
		}
		return nil
	case []byte:
		if len(pub) > maxMACKey {
			return fmt.Errorf("a MAC key of more than %d bytes", maxMACKey)
		}
		return nil
	}
	return errors.New("not an RSA, EC, Ed25519 or MAC key")
}

// fits reports whether k may be used with a.
func (k *key) fits(a *algorithm) bool {
	if k.alg != "" && k.alg != a.name {
		return false
	}
	switch pub := k.public.(type) {
	case *rsa.PublicKey:
		return a.family == familyRSA
	case *ecdsa.PublicKey:
		return a.family == familyEC && pub.Curve.Params().BitSize == a.bits
	case ed25519.PublicKey:
		return a.family == familyEd
	case []byte:
		return a.family == familyMAC && len(pub)*8 >= a.bits
	}
	return false
}

// fitsAny reports why none of the algorithms can be used with k.
func (k *key) fitsAny(algorithms []*algorithm) error {
	names := make([]string, 0, len(algorithms))
	for _, a := range algorithms {
		if k.fits(a) {
			return nil
		}
		names = append(names, a.name)
	}
	return fmt.Errorf("%s fits none of the policy's algorithms %v", k.kind(), names)
}

// kind describes k for an operator.
func (k *key) kind() string {
	text := "a key"
	switch pub := k.public.(type) {
	case *rsa.PublicKey:
		text = fmt.Sprintf("an RSA key of %d bits", pub.N.BitLen())
	case *ecdsa.PublicKey:
		text = "an EC key on " + pub.Curve.Params().Name
	case ed25519.PublicKey:
		text = "an Ed25519 key"
	case []byte:
		text = fmt.Sprintf("a MAC key of %d bits", len(pub)*8)
	}
	if k.alg != "" {
		text += " for " + k.alg
	}
	return text
}

// valid reports whether k may be used at now.
func (k *key) valid(now time.Time) bool {
	return (k.from.IsZero() || !now.Before(k.from)) && (k.until.IsZero() || !now.After(k.until))
}

// A keySet is what tokens are verified with. It is immutable; its identity stands for
// its content, so that a verified token can be tied to it.
type keySet struct {
	keys   []key
	digest [32]byte // of the text it was parsed from
}

// candidates returns the keys that may verify a token with this kid, algorithm and issuer, and when the first of
// them ends, if it is a certificate's. Several share a kid only by the issuer's mistake. It reports
// false for more than maxCandidates.
func (s *keySet) candidates(t *token, now time.Time) (list []gojwt.VerificationKey, until time.Time, ok bool) {
	for i := range s.keys {
		k := &s.keys[i]
		if t.kid != "" && k.id != "" && k.id != t.kid || !k.fits(t.algorithm) || !k.valid(now) || !k.signsFor(t.issuer, t.tenant) {
			continue
		}
		if len(list) == maxCandidates {
			return nil, time.Time{}, false
		}
		list = append(list, k.public)
		if !k.until.IsZero() && (until.IsZero() || k.until.Before(until)) {
			until = k.until
		}
	}
	return list, until, true
}
