// Package mint makes keys and signs tokens for tests: jwttest and securitytest share it.
package mint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"math/big"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// Method is golang-jwt's, and for Ed25519 (RFC 9864), which it does not know, EdDSA under that name.
func Method(algorithm string) gojwt.SigningMethod {
	if algorithm == "Ed25519" {
		return renamed{gojwt.SigningMethodEdDSA, algorithm}
	}
	return gojwt.GetSigningMethod(algorithm)
}

type renamed struct {
	gojwt.SigningMethod
	name string
}

func (m renamed) Alg() string { return m.name }

// Key makes a signing key, and the verifying key as text that jwt.Inline reads.
func Key(algorithm string) (key any, public string, err error) {
	var signer crypto.Signer
	switch algorithm {
	case "HS256", "HS384", "HS512":
		secret := make([]byte, 64)
		if _, err := rand.Read(secret); err != nil {
			return nil, "", err
		}
		set, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
			"kty": "oct", "alg": algorithm, "k": base64.RawURLEncoding.EncodeToString(secret),
		}}})
		return secret, string(set), err
	case "ES256":
		signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ES384":
		signer, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ES512":
		signer, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "EdDSA", "Ed25519":
		_, signer, err = ed25519.GenerateKey(rand.Reader)
	default:
		signer, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return nil, "", err
	}
	der, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return nil, "", err
	}
	return signer, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// JWK is a public key as a JSON Web Key (RFC 7517); nil for a key of another kind.
func JWK(key crypto.PublicKey) map[string]string {
	b64 := base64.RawURLEncoding.EncodeToString
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return nil
		}
		half := (len(point) - 1) / 2
		return map[string]string{"kty": "EC", "crv": key.Curve.Params().Name, "x": b64(point[1 : 1+half]), "y": b64(point[1+half:])}
	case ed25519.PublicKey:
		return map[string]string{"kty": "OKP", "crv": "Ed25519", "x": b64(key)}
	case *rsa.PublicKey:
		return map[string]string{"kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
	}
	return nil
}

// Sign signs claims under a header, whose members replace those of the method.
func Sign(method gojwt.SigningMethod, key any, header, claims map[string]any) (string, error) {
	t := gojwt.NewWithClaims(method, gojwt.MapClaims(claims))
	maps.Copy(t.Header, header)
	maps.DeleteFunc(t.Header, func(_ string, v any) bool { return v == nil }) // typ, which the library writes
	return t.SignedString(key)
}
