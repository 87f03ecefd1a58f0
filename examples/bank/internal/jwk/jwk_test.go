package jwk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
)

func TestKey(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k, err := Of(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Public(); err != nil || !got.Equal(&key.PublicKey) {
		t.Errorf("%v, %v", got, err)
	}
	for name, change := range map[string]func(*Key){
		"a private key":    func(k *Key) { k.D = k.X },
		"another kind":     func(k *Key) { k.Kty = "RSA" },
		"another curve":    func(k *Key) { k.Crv = "P-384" },
		"off the curve":    func(k *Key) { k.Y = k.X },
		"too short":        func(k *Key) { k.X = k.X[:40] },
		"no number at all": func(k *Key) { k.X = "*" },
	} {
		bad := k
		change(&bad)
		if got, err := bad.Public(); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Of(&other.PublicKey); err == nil {
		t.Errorf("a key on another curve: %+v", got)
	}
}
