package jwt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

const (
	maxKeyText = 1 << 20 // bytes of PEM or JWKS
	maxKeys    = 256
)

const adviceExtract = "give it the public key: openssl pkey -in KEY -pubout"

// parseKeys reads PEM or a JWKS that the operator wrote: any key that was meant to be used and
// cannot be, is an error. The keys of JWT-SVIDs come as a SPIFFE bundle alone, which says what each is for.
func parseKeys(text []byte, algorithms []*algorithm, svid bool) (*keySet, error) {
	if len(text) > maxKeyText {
		return nil, fmt.Errorf("more than %d bytes", maxKeyText)
	}
	var (
		keys []key
		errs []error
	)
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		keys, errs = parseJWKS(string(text), svid)
	} else if svid {
		return nil, errors.New("not a SPIFFE bundle: it is a JWK set whose keys have use: jwt-svid")
	} else {
		keys, errs = parsePEM(text)
	}
	set, errs := newKeySet(text, keys, errs, algorithms)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return set, set.unique()
}

// newKeySet keeps the keys that the algorithms can use, and adds to errs why the others cannot be,
// and whether none is left.
func newKeySet(text []byte, keys []key, errs []error, algorithms []*algorithm) (*keySet, []error) {
	set := &keySet{digest: sha256.Sum256(text)}
	for i := range keys {
		err := keys[i].check()
		if err == nil {
			err = keys[i].fitsAny(algorithms)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("key %d%s: %w", i+1, named(keys[i].id), err))
			continue
		}
		set.keys = append(set.keys, keys[i])
	}
	if len(set.keys) == 0 {
		errs = append(errs, errors.New("no usable key"))
	}
	return set, errs
}

func named(kid string) string {
	if kid == "" {
		return ""
	}
	return fmt.Sprintf(" (kid %q)", kid)
}

// parsePEM reads public keys and certificates. Text between the blocks is a comment, as in RFC 7468, section 2;
// a block that begins and does not end is an error.
func parsePEM(text []byte) (keys []key, errs []error) {
	rest := text
	for len(keys) < maxKeys {
		var block *pem.Block
		before := rest
		block, rest = pem.Decode(rest)
		if block == nil {
			if bytes.Contains(before, []byte("-----BEGIN")) {
				errs = append(errs, errors.New("a PEM block that is cut or damaged"))
			}
			return keys, errs
		}
		k, err := parseBlock(block)
		if err != nil {
			errs = append(errs, fmt.Errorf("PEM block %d: %w", len(keys)+len(errs)+1, err))
			continue
		}
		keys = append(keys, k)
	}
	return keys, append(errs, fmt.Errorf("more than %d keys", maxKeys-1))
}

func parseBlock(block *pem.Block) (key, error) {
	switch block.Type {
	case "PUBLIC KEY":
		pub, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return key{}, errors.New("not a public key (RFC 5280, SubjectPublicKeyInfo)")
		}
		return publicKey(pub)
	case "RSA PUBLIC KEY":
		pub, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			return key{}, errors.New("not an RSA public key (RFC 8017, appendix A.1.1)")
		}
		return publicKey(pub)
	case "CERTIFICATE":
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return key{}, errors.New("not a certificate (RFC 5280)")
		}
		k, err := publicKey(cert.PublicKey)
		k.from, k.until = cert.NotBefore, cert.NotAfter
		return k, err
	}
	if strings.Contains(block.Type, "PRIVATE KEY") {
		return key{}, errors.New("a private key has no place in a verifier; " + adviceExtract)
	}
	return key{}, fmt.Errorf("unexpected PEM type %q", block.Type)
}

func publicKey(pub any) (key, error) {
	switch pub.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return key{public: pub}, nil
	}
	return key{}, fmt.Errorf("a key of type %T: not RSA, EC or Ed25519", pub)
}
