package bound

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	sum := sha256.Sum256([]byte("a"))
	good := base64.RawURLEncoding.EncodeToString(sum[:])
	type m = map[string]any
	for _, tt := range []struct {
		name      string
		claims    m
		cert, jwk bool
		ok        bool
	}{
		{"none", m{"sub": "ada"}, false, false, true},
		{"certificate", m{"cnf": m{"x5t#S256": good}}, true, false, true},
		{"proof", m{"cnf": m{"jkt": good}}, false, true, true},
		{"both", m{"cnf": m{"jkt": good, "x5t#S256": good}}, true, true, true},
		{"null", m{"cnf": nil}, false, false, false},
		{"empty", m{"cnf": m{}}, false, false, false},
		{"a text", m{"cnf": good}, false, false, false},
		{"a key", m{"cnf": m{"jwk": m{"kty": "EC"}}}, false, false, false},
		{"a key's name", m{"cnf": m{"kid": "1"}}, false, false, false},
		{"another beside it", m{"cnf": m{"jkt": good, "kid": "1"}}, false, false, false},
		{"SHA-1", m{"cnf": m{"x5t": good[:27]}}, false, false, false},
		{"another case", m{"cnf": m{"JKT": good}}, false, false, false},
		{"short", m{"cnf": m{"jkt": good[:42]}}, false, false, false},
		{"padded", m{"cnf": m{"jkt": good + "="}}, false, false, false},
		{"hex", m{"cnf": m{"jkt": strings.Repeat("0", 64)}}, false, false, false},
		{"a line break", m{"cnf": m{"jkt": good[:42] + "\n"}}, false, false, false},
		{"line breaks inside", m{"cnf": m{"jkt": good[:20] + "\r\n" + good[22:]}}, false, false, false},
		{"unused bits", m{"cnf": m{"jkt": good[:42] + "9"}}, false, false, false},
		{"a number", m{"cnf": m{"jkt": 1}}, false, false, false},
		{"null inside", m{"cnf": m{"jkt": nil}}, false, false, false},
		{"a list", m{"cnf": m{"jkt": []any{good}}}, false, false, false},
	} {
		k, ok := Read(tt.claims)
		if ok != tt.ok || (k != nil) != (tt.cert || tt.jwk) {
			t.Errorf("%s: %v, %v; want %v", tt.name, k, ok, tt.ok)
			continue
		}
		if k != nil && ((k.Certificate != nil) != tt.cert || (k.JWK != nil) != tt.jwk) {
			t.Errorf("%s: %v", tt.name, k)
		}
		if k != nil && k.JWK != nil && !bytes.Equal(k.JWK[:], sum[:]) {
			t.Errorf("%s: %x, want %x", tt.name, k.JWK, sum)
		}
	}
}

func TestHoldsCertificate(t *testing.T) {
	leaf, other := &x509.Certificate{Raw: []byte("leaf")}, &x509.Certificate{Raw: []byte("other")}
	want := sha256.Sum256(leaf.Raw)
	for name, tt := range map[string]struct {
		r  *http.Request
		ok bool
	}{
		"no request":       {nil, false},
		"no TLS":           {&http.Request{}, false},
		"no certificate":   {&http.Request{TLS: &tls.ConnectionState{HandshakeComplete: true}}, false},
		"no handshake yet": {&http.Request{TLS: &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}}, false},
		"it":               {&http.Request{TLS: &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{leaf, other}}}, true},
		"another":          {&http.Request{TLS: &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{other}}}, false},
		"behind another":   {&http.Request{TLS: &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{other, leaf}}}, false},
		"in a field":       {&http.Request{Header: http.Header{"X-Forwarded-Client-Cert": {"leaf"}}}, false},
	} {
		if got := HoldsCertificate(tt.r, &want); got != tt.ok {
			t.Errorf("%s: %v, want %v", name, got, tt.ok)
		}
	}
}
