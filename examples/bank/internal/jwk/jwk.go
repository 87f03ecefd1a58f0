// Package jwk writes and reads public keys on P-256 as JSON Web Keys (RFC 7518, section 6.2.1): the one kind of key in the example.
package jwk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
)

// A Key is a public key as JSON has it.
type Key struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
	// D makes it a private key, which is never read and never written.
	D string `json:"d,omitempty"`

	Kid string `json:"kid,omitempty"`
	Alg string `json:"alg,omitempty"`
	Use string `json:"use,omitempty"`
}

// Of writes a key.
func Of(key *ecdsa.PublicKey) (Key, error) {
	if key.Curve != elliptic.P256() {
		return Key{}, errKey
	}
	point, err := key.Bytes()
	if err != nil {
		return Key{}, err
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return Key{Kty: "EC", Crv: "P-256", X: b64(point[1:33]), Y: b64(point[33:])}, nil
}

var errKey = errors.New("jwk: not a public key on P-256")

// Public reads one, and refuses points that are not on the curve.
func (k Key) Public() (*ecdsa.PublicKey, error) {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	y, e := base64.RawURLEncoding.DecodeString(k.Y)
	if err != nil || e != nil || k.Kty != "EC" || k.Crv != "P-256" || k.D != "" || len(x) != 32 || len(y) != 32 {
		return nil, errKey
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
}
