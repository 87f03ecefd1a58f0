package jwt

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

// errSkip marks a JWK that is none of our business: meant for encryption, or of a kind that we don't
// know, which RFC 7517, section 5, says to ignore.
var errSkip = errors.New("not for signatures")

// maxKID bounds a key's or a token's kid, in bytes.
const maxKID = 256

// parseJWKS reads a JWK set (RFC 7517, section 5).
func parseJWKS(text string) (keys []key, errs []error) {
	doc, _, err := decodeObject(text, maxSetValues)
	if err != nil {
		return nil, []error{fmt.Errorf("not a JWK set: %w", err)}
	}
	list, ok := doc["keys"].([]any)
	if !ok {
		return nil, []error{errors.New(`not a JWK set: it has no list "keys"`)}
	}
	if len(list) > maxKeys {
		return nil, []error{fmt.Errorf("a JWK set of more than %d keys", maxKeys)}
	}
	for i, item := range list {
		jwk, ok := item.(map[string]any)
		if !ok {
			errs = append(errs, fmt.Errorf("JWK %d: not an object", i+1))
			continue
		}
		k, err := parseJWK(jwk)
		switch {
		case errors.Is(err, errSkip):
		case err != nil:
			errs = append(errs, fmt.Errorf("JWK %d: %w", i+1, err))
		default:
			keys = append(keys, k)
		}
	}
	return keys, errs
}

// parseJWK reads one public key, or a MAC's key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2).
func parseJWK(jwk map[string]any) (k key, err error) {
	kty, err := member(jwk, "kty", true)
	if err != nil {
		return k, err
	}
	if err := forSignatures(jwk); err != nil {
		return k, err
	}
	if k.id, err = member(jwk, "kid", false); err != nil {
		return k, err
	}
	if len(k.id) > maxKID {
		return k, fmt.Errorf("a kid of more than %d bytes", maxKID)
	}
	if k.alg, err = member(jwk, "alg", false); err != nil {
		return k, err
	}
	if _, private := jwk["d"]; private && kty != "oct" {
		return k, errors.New("a private key has no place in a verifier; leave out d, p, q, dp, dq, qi and oth")
	}
	switch kty {
	case "RSA":
		k.public, err = rsaJWK(jwk)
	case "EC":
		k.public, err = ecJWK(jwk)
	case "OKP":
		k.public, err = okpJWK(jwk)
	case "oct":
		k.public, err = octets(jwk, "k", 0)
	default:
		return k, errSkip
	}
	return k, err
}

// forSignatures checks use and key_ops.
func forSignatures(jwk map[string]any) error {
	use, err := member(jwk, "use", false)
	if err != nil {
		return err
	}
	if use != "" && use != "sig" {
		return errSkip
	}
	ops, ok := jwk["key_ops"]
	if !ok {
		return nil
	}
	list, ok := ops.([]any)
	if !ok {
		return errors.New("key_ops is not a list")
	}
	if !slices.Contains(list, any("verify")) {
		return errSkip
	}
	return nil
}

func rsaJWK(jwk map[string]any) (*rsa.PublicKey, error) {
	n, err := octets(jwk, "n", 0)
	if err != nil {
		return nil, err
	}
	e, err := octets(jwk, "e", 0)
	if err != nil {
		return nil, err
	}
	exponent := new(big.Int).SetBytes(e)
	if exponent.BitLen() > 31 {
		return nil, errors.New("an RSA exponent of more than 31 bits")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}, nil
}

func ecJWK(jwk map[string]any) (*ecdsa.PublicKey, error) {
	crv, err := member(jwk, "crv", true)
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
		return nil, errSkip // secp256k1 and others: no algorithm of ours
	}
	size := (curve.Params().BitSize + 7) / 8
	x, err := octets(jwk, "x", size)
	if err != nil {
		return nil, err
	}
	y, err := octets(jwk, "y", size)
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

func okpJWK(jwk map[string]any) (ed25519.PublicKey, error) {
	crv, err := member(jwk, "crv", true)
	if err != nil {
		return nil, err
	}
	if crv != "Ed25519" {
		return nil, errSkip
	}
	return octets(jwk, "x", ed25519.PublicKeySize)
}

// member returns a string member; "" where it is absent and need not be there.
func member(jwk map[string]any, name string, required bool) (string, error) {
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

// octets returns a member in base64url without padding; size 0 means any but none.
func octets(jwk map[string]any, name string, size int) ([]byte, error) {
	s, err := member(jwk, name, true)
	if err != nil {
		return nil, err
	}
	if !isBase64URL(s) {
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
