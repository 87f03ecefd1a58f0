package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// weakRSA makes a public key of so many bits; nobody knows its factors, and nothing needs them.
func weakRSA(bits int, e int) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: e}
}

func pemBlock(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func certificate(t *testing.T, from, until time.Time) string {
	t.Helper()
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "issuer"}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &rsaKey().PublicKey, rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	return pemBlock("CERTIFICATE", der)
}

// TestKeysRefused holds what New says about keys that must not be used.
func TestKeysRefused(t *testing.T) {
	p224 := must(ecdsa.GenerateKey(elliptic.P224(), rand.Reader))
	p384 := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	good := jwkOf(&rsaKey().PublicKey, nil)
	jwk := func(more map[string]any) string { return jwks(jwkOf(&rsaKey().PublicKey, more)) }
	ec := func(more map[string]any) string { return jwks(jwkOf(&ecKey().PublicKey, more)) }
	pub := pemOf(&rsaKey().PublicKey)
	tests := []struct{ name, algorithm, text, want string }{
		{"empty", "RS256", "", "no usable key"},
		{"not keys", "RS256", "hello", "no usable key"},
		{"HTML", "RS256", "<html></html>", "no usable key"},
		{"cut PEM", "RS256", pub[:len(pub)-30], "cut or damaged"},
		{"cut PEM behind a good one", "RS256", pub + pub[:len(pub)-30], "cut or damaged"},
		{"RSA 1024", "RS256", pemOf(weakRSA(1024, 65537)), "1024 bits"},
		{"RSA 2047", "RS256", jwks(jwkOf(weakRSA(2047, 65537), nil)), "2047 bits"},
		{"RSA 16384", "RS256", jwks(jwkOf(weakRSA(16384, 65537), nil)), "more than 8192"},
		{"RSA exponent 3", "RS256", pemOf(weakRSA(2048, 3)), "exponent 3"},
		{"RSA exponent even", "RS256", jwks(jwkOf(weakRSA(2048, 65538), nil)), "exponent 65538"},
		{"RSA exponent huge", "RS256", jwk(map[string]any{"e": b64(make([]byte, 5)) + "AAAAAQ"}), "e is not base64url"},
		{"RSA exponent of 40 bits", "RS256", jwk(map[string]any{"e": b64([]byte{1, 0, 0, 0, 1})}), "31 bits"},
		{"RSA under ES256", "ES256", pub, "fits none"},
		{"EC under RS256", "RS256", pemOf(&ecKey().PublicKey), "fits none"},
		{"P-384 under ES256", "ES256", pemOf(&p384.PublicKey), "P-384 fits none"},
		{"P-224", "ES256", pemOf(&p224.PublicKey), "fits none"},
		{"off the curve", "ES256", ec(map[string]any{"x": b64(make([]byte, 32))}), "not a point"},
		{"short coordinate", "ES256", ec(map[string]any{"x": b64(make([]byte, 31))}), "31 bytes, not 32"},
		{"point of another curve", "ES256", jwks(jwkOf(&p384.PublicKey, map[string]any{"crv": "P-256"})), "48 bytes, not 32"},
		{"short Ed25519", "EdDSA", jwks(jwkOf(edKey().Public(), map[string]any{"x": "AAAA"})), "3 bytes, not 32"},
		{"X25519", "EdDSA", jwks(jwkOf(edKey().Public(), map[string]any{"crv": "X25519"})), "no usable key"},
		{"secp256k1", "ES256", ec(map[string]any{"crv": "secp256k1"}), "no usable key"},
		{"MAC of 255 bits", "HS256", jwks(jwkOf(macKey[:31], nil)), "248 bits fits none"},
		{"MAC of 256 bits under HS512", "HS512", jwks(jwkOf(macKey[:32], nil)), "256 bits fits none"},
		{"MAC empty", "HS256", jwks(jwkOf([]byte{}, nil)), "k is not a string with something in it"},
		{"MAC long", "HS256", jwks(jwkOf(make([]byte, 2000), nil)), "more than 1024 bytes"},
		{"MAC under RS256", "RS256", jwks(jwkOf(macKey, nil)), "fits none"},
		{"private RSA", "RS256", pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey())), "openssl pkey"},
		{"private EC", "ES256", pemBlock("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(ecKey()))), "openssl pkey"},
		{"private PKCS 8", "EdDSA", pemBlock("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(edKey()))), "openssl pkey"},
		{"private encrypted", "RS256", pemBlock("ENCRYPTED PRIVATE KEY", []byte("x")), "openssl pkey"},
		{"private beside public", "RS256", pub + pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey())), "openssl pkey"},
		{"private JWK", "RS256", jwk(map[string]any{"d": "AQAB"}), "private key"},
		{"other PEM", "RS256", pemBlock("DH PARAMETERS", []byte("x")), `"DH PARAMETERS"`},
		{"damaged key", "RS256", pemBlock("PUBLIC KEY", []byte("x")), "not a public key"},
		{"encryption only", "RS256", jwk(map[string]any{"use": "enc"}), "no usable key"},
		{"for signing only", "RS256", jwk(map[string]any{"key_ops": []string{"sign"}}), "no usable key"},
		{"alg of another", "RS256", jwk(map[string]any{"alg": "RS512"}), "RS512 fits none"},
		{"alg for encryption", "RS256", jwk(map[string]any{"alg": "RSA-OAEP"}), "fits none"},
		{"no keys", "RS256", `{"keys":[]}`, "no usable key"},
		{"keys no list", "RS256", `{"keys":{}}`, `no list "keys"`},
		{"one JWK, no set", "RS256", string(jwk(nil)[9 : len(jwk(nil))-2]), `no list "keys"`},
		{"keys twice", "RS256", `{"keys":[],"keys":[]}`, "not a JWK set"},
		{"key no object", "RS256", `{"keys":[1]}`, "not an object"},
		{"kty absent", "RS256", `{"keys":[{}]}`, "kty is not a string"},
		{"n padded", "RS256", jwk(map[string]any{"n": "AQAB=="}), "n is not base64url"},
		{"kid number", "RS256", jwk(map[string]any{"kid": 1}), "kid is not a string"},
		{"kid long", "RS256", jwk(map[string]any{"kid": strings.Repeat("k", 257)}), "kid of more than"},
		{"kid twice", "RS256", jwks(jwkOf(&rsaKey().PublicKey, map[string]any{"kid": "a"}), jwkOf(&otherRSA().PublicKey, map[string]any{"kid": "a"})), `two keys with the kid "a"`},
		{"one of two weak", "RS256", jwks(good, jwkOf(weakRSA(1024, 65537), map[string]any{"kid": "weak"})), `(kid "weak")`},
		{"large", "RS256", pub + strings.Repeat(" ", 1<<20), "more than 1048576 bytes"},
		{"many", "RS256", strings.Repeat(pemOf(&ecKey().PublicKey), 300), "more than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := New(policy(tt.algorithm), Inline(tt.text), scopes)
			if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestKeysAccepted(t *testing.T) {
	pub := pemOf(&rsaKey().PublicKey)
	for name, text := range map[string]string{
		"comments around PEM": "# the issuer's key\n" + pub + "\nthe end\n",
		"PKCS 1":              pemBlock("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey().PublicKey)),
		"certificate":         certificate(t, noon.Add(-time.Hour), noon.Add(time.Hour)),
		"members we ignore":   jwks(jwkOf(&rsaKey().PublicKey, map[string]any{"x5c": []string{"x"}, "use": "sig", "key_ops": []string{"verify"}, "alg": "RS256"})),
		"others in the set":   jwks(map[string]any{"kty": "new", "x": 1}, jwkOf(&rsaKey().PublicKey, nil), jwkOf(&otherRSA().PublicKey, map[string]any{"use": "enc"})),
	} {
		t.Run(name, func(t *testing.T) {
			wantRule(t, open(t, policy(), Inline(text)), goodToken(), "")
		})
	}
}

func TestCertificateEnds(t *testing.T) {
	c := &clock{now: noon}
	p := policy()
	p.Clock = c.time
	a := open(t, p, Inline(certificate(t, noon.Add(-time.Minute), noon.Add(time.Minute))))
	token := goodToken()
	wantRule(t, a, token, "")
	c.add(2 * time.Minute)
	wantRule(t, a, token, "jwt-key-unknown") // remembered tokens too
	c.add(-4 * time.Minute)
	early := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"sub": "bob", "iat": nil, "nbf": nil}))
	wantRule(t, a, early, "jwt-key-unknown")
}

func write(t *testing.T, path, text string, when time.Time) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

func TestFileIsReloaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.pem")
	write(t, path, pemOf(&rsaKey().PublicKey), noon)
	c := &clock{now: noon}
	var reports []error
	p := policy()
	p.Clock, p.Report = c.time, func(err error) { reports = append(reports, err) }
	a := open(t, p, FileSource{Path: path, Interval: 10 * time.Second, Keep: time.Minute})
	old := goodToken()
	fresh := sign(gojwt.SigningMethodRS256, otherRSA(), goodHeader, goodClaims(nil))
	wantRule(t, a, old, "")
	wantRule(t, a, fresh, "jwt-signature")

	write(t, path, pemOf(&otherRSA().PublicKey), noon.Add(time.Second))
	c.add(9 * time.Second)
	wantRule(t, a, old, "") // not looked at yet
	c.add(time.Second)
	wantRule(t, a, fresh, "")
	wantRule(t, a, old, "jwt-signature") // what the old key verified is forgotten

	write(t, path, "rubbish", noon.Add(2*time.Second))
	c.add(10 * time.Second)
	wantRule(t, a, fresh, "") // the last good keys
	if len(reports) != 1 || !strings.Contains(reports[0].Error(), path) {
		t.Errorf("reports %v, want one that names %s", reports, path)
	}
	c.add(61 * time.Second)
	wantUnavailable(t, a, fresh)

	write(t, path, pemOf(&otherRSA().PublicKey), noon.Add(3*time.Second))
	c.add(10 * time.Second)
	wantRule(t, a, fresh, "")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	c.add(10 * time.Second)
	wantRule(t, a, fresh, "")
	c.add(61 * time.Second)
	wantUnavailable(t, a, fresh)
}

// TestUnchangedFileStaysGood holds that keys of a file which nobody touches do not grow too old.
func TestUnchangedFileStaysGood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.pem")
	write(t, path, pemOf(&rsaKey().PublicKey), noon)
	c := &clock{now: noon}
	p := policy()
	p.Clock = c.time
	a := open(t, p, FileSource{Path: path, Keep: time.Minute})
	for range 10 {
		c.add(5 * time.Minute)
		wantRule(t, a, goodToken(), "")
	}
}

func TestFileRefused(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	write(t, good, pemOf(&rsaKey().PublicKey), noon)
	open777 := filepath.Join(dir, "open")
	write(t, open777, pemOf(&rsaKey().PublicKey), noon)
	if err := os.Chmod(open777, 0o666); err != nil {
		t.Fatal(err)
	}
	private := filepath.Join(dir, "private")
	write(t, private, pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey())), noon)
	large := filepath.Join(dir, "large")
	write(t, large, strings.Repeat(" ", 1<<20+1), noon)
	tests := []struct {
		name   string
		source KeySource
		want   string
	}{
		{"absent", File(filepath.Join(dir, "absent")), filepath.Join(dir, "absent")},
		{"a folder", File(dir), "not a regular file"},
		{"private key", File(private), "openssl pkey"},
		{"large", File(large), "more than 1048576 bytes"},
		{"no path", File(""), "no path"},
		{"negative", FileSource{Path: good, Interval: -1}, "negative"},
	}
	if runtime.GOOS != "windows" {
		tests = append(tests, struct {
			name   string
			source KeySource
			want   string
		}{"everyone may write", File(open777), "chmod o-w"})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := New(policy(), tt.source, scopes)
			if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}
