package jwt

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/runtime/auth/internal/jwk"
)

// maxKID bounds a key's or a token's kid, in bytes.
const maxKID = 256

// parseJWKS reads a JWK set (RFC 7517, section 5).
func parseJWKS(text string, svid bool) (keys []key, errs []error) {
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
		one, ok := item.(map[string]any)
		if !ok {
			errs = append(errs, fmt.Errorf("JWK %d: not an object", i+1))
			continue
		}
		k, err := parseJWK(one, svid)
		switch {
		case errors.Is(err, jwk.ErrSkip):
		case err != nil:
			errs = append(errs, fmt.Errorf("JWK %d: %w", i+1, err))
		default:
			keys = append(keys, k)
		}
	}
	return keys, errs
}

// parseJWK reads one public key, or a MAC's key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2).
func parseJWK(one map[string]any, svid bool) (k key, err error) {
	kty, err := jwk.Member(one, "kty", true)
	if err != nil {
		return k, err
	}
	if err := forSignatures(one, svid); err != nil {
		return k, err
	}
	if k.id, err = jwk.Member(one, "kid", false); err != nil {
		return k, err
	}
	if svid && k.id == "" {
		return k, errors.New("a key of JWT-SVIDs without a kid")
	}
	if len(k.id) > maxKID {
		return k, fmt.Errorf("a kid of more than %d bytes", maxKID)
	}
	if k.alg, err = jwk.Member(one, "alg", false); err != nil {
		return k, err
	}
	k.issuer, _ = one["issuer"].(string)
	if _, private := one["d"]; private && kty != "oct" {
		return k, errors.New("a private key has no place in a verifier; leave out d, p, q, dp, dq, qi and oth")
	}
	switch kty {
	case "RSA":
		k.public, err = jwk.RSA(one)
	case "EC":
		k.public, err = jwk.EC(one)
	case "OKP":
		k.public, err = jwk.OKP(one)
	case "oct":
		k.public, err = jwk.Octets(one, "k", 0)
	default:
		return k, jwk.ErrSkip
	}
	return k, err
}

// forSignatures checks use and key_ops. Only those of the use jwt-svid sign JWT-SVIDs.
func forSignatures(one map[string]any, svid bool) error {
	use, err := jwk.Member(one, "use", false)
	if err != nil {
		return err
	}
	if svid && use != svidUse || !svid && use != "" && use != "sig" {
		return jwk.ErrSkip
	}
	ops, ok := one["key_ops"]
	if !ok {
		return nil
	}
	list, ok := ops.([]any)
	if !ok {
		return errors.New("key_ops is not a list")
	}
	if !slices.Contains(list, any("verify")) {
		return jwk.ErrSkip
	}
	return nil
}
