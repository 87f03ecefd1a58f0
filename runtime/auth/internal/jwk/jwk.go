// Package jwk reads keys (RFC 7517) and judges whether they are strong enough to verify anything with.
package jwk

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// ErrSkip marks a JWK that is none of our business: meant for encryption, or of a kind that we don't
// know, which RFC 7517, section 5, says to ignore.
var ErrSkip = errors.New("not for signatures")

const (
	minRSABits = 2048
	maxRSABits = 8192  // beyond, one verification costs an attacker's choice of CPU
	minRSAExp  = 65537 // FIPS 186-5, section A.1.1: e > 2^16
)

// RSA reads n and e.
func RSA(jwk map[string]any) (*rsa.PublicKey, error) {
	n, err := Octets(jwk, "n", 0)
	if err != nil {
		return nil, err
	}
	e, err := Octets(jwk, "e", 0)
	if err != nil {
		return nil, err
	}
	exponent := new(big.Int).SetBytes(e)
	if exponent.BitLen() > 31 {
		return nil, errors.New("an RSA exponent of more than 31 bits")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}, nil
}

// EC reads a point and its curve.
func EC(jwk map[string]any) (*ecdsa.PublicKey, error) {
	crv, err := Member(jwk, "crv", true)
	if err != nil {
		return nil, err
	}
	var curve elliptic.Curve
	switch crv {
	case "P-256":
		curve = elliptic.P256()
	case "P-384":
		curve = elliptic.P384()
	case "P-521":
		curve = elliptic.P521()
	default:
		return nil, ErrSkip // secp256k1 and others: no algorithm of ours
	}
	size := (curve.Params().BitSize + 7) / 8
	x, err := Octets(jwk, "x", size)
	if err != nil {
		return nil, err
	}
	y, err := Octets(jwk, "y", size)
	if err != nil {
		return nil, err
	}
	// Refuses what is not on the curve: such a point makes invalid-curve attacks possible.
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, fmt.Errorf("x and y are not a point of %s", crv)
	}
	return pub, nil
}

// OKP reads an Ed25519 key.
func OKP(jwk map[string]any) (ed25519.PublicKey, error) {
	crv, err := Member(jwk, "crv", true)
	if err != nil {
		return nil, err
	}
	if crv != "Ed25519" {
		return nil, ErrSkip
	}
	return Octets(jwk, "x", ed25519.PublicKeySize)
}

// Member returns a string member; "" where it is absent and need not be there.
func Member(jwk map[string]any, name string, required bool) (string, error) {
	v, ok := jwk[name]
	if !ok && !required {
		return "", nil
	}
	s, ok := v.(string)
	if !ok || s == "" {
		return "", fmt.Errorf("%s is not a string with something in it", name)
	}
	return s, nil
}

// Octets returns a member in base64url without padding; size 0 means any but none.
func Octets(jwk map[string]any, name string, size int) ([]byte, error) {
	s, err := Member(jwk, name, true)
	if err != nil {
		return nil, err
	}
	if !IsBase64URL(s) {
		return nil, fmt.Errorf("%s is not base64url", name)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%s is not base64url", name)
	}
	if size != 0 && len(b) != size {
		return nil, fmt.Errorf("%s has %d bytes, not %d", name, len(b), size)
	}
	return b, nil
}

// CheckRSA refuses keys that are too weak, or cost too much.
func CheckRSA(pub *rsa.PublicKey) error {
	bits := pub.N.BitLen()
	switch {
	case bits < minRSABits:
		return fmt.Errorf("an RSA key of %d bits, less than %d", bits, minRSABits)
	case bits > maxRSABits:
		return fmt.Errorf("an RSA key of %d bits, more than %d", bits, maxRSABits)
	case pub.N.Bit(0) == 0:
		return errors.New("an RSA key with an even modulus")
	case pub.E < minRSAExp || pub.E%2 == 0:
		return fmt.Errorf("an RSA key with exponent %d: it must be odd and at least %d", pub.E, minRSAExp)
	case isROCA(pub.N):
		return errors.New("an RSA key whose factors can be found (CVE-2017-15361)")
	}
	return nil
}

// IsBase64URL reports whether s is one or more of the alphabet of RFC 4648, section 5, and
// nothing else: encoding/base64 skips line breaks.
func IsBase64URL(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != ""
}
