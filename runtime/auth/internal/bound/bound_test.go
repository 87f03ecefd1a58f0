package bound

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
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

// proofs finds every proof good, or none.
type proofs struct{ err error }

func (p proofs) Check(*http.Request, string, *[sha256.Size]byte, time.Time) (string, error) {
	return "next", p.err
}

func (proofs) Challenge(string, []string, *auth.Refused) string { return "DPoP" }

// TestRules: what each kind of token needs, under each policy.
func TestRules(t *testing.T) {
	leaf := &x509.Certificate{Raw: []byte("leaf")}
	sum, other := sha256.Sum256(leaf.Raw), sha256.Sum256([]byte("x"))
	over := &http.Request{TLS: &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{leaf}}}
	plain := &http.Request{}
	bad := &auth.Refused{Rule: "bad"}
	free, cert, foreign, key, both := (*Key)(nil), &Key{Certificate: &sum}, &Key{Certificate: &other}, &Key{JWK: &other}, &Key{Certificate: &sum, JWK: &other}
	none, mtls, accepted, required := Rules{}, Rules{Certificate: true}, Rules{Proofs: proofs{}}, Rules{Proofs: proofs{}, Proof: true}
	everything, failing := Rules{Certificate: true, Proofs: proofs{}, Proof: true}, Rules{Proofs: proofs{bad}}
	for i, tt := range []struct {
		rules *Rules
		key   *Key
		r     *http.Request
		proof bool
		want  string
	}{
		{&none, free, plain, false, ""},
		{&none, cert, over, false, ""},
		{&none, cert, plain, false, "token-certificate"},
		{&none, cert, nil, false, "token-certificate"},
		{&none, foreign, over, false, "token-certificate"},
		{&none, key, over, false, "token-proof-missing"},
		{&none, both, over, false, "token-proof-missing"},
		{&mtls, free, over, false, "token-not-bound"},
		{&mtls, key, over, false, "token-not-bound"},
		{&mtls, cert, over, false, ""},
		{&accepted, free, plain, false, ""},
		{&accepted, free, plain, true, "token-not-bound"},
		{&accepted, key, plain, true, ""},
		{&accepted, key, plain, false, "token-proof-missing"},
		{&accepted, key, nil, true, "token-proof-missing"},
		{&accepted, cert, over, true, "token-not-bound"},
		{&accepted, cert, over, false, ""},
		{&accepted, both, over, true, ""},
		{&accepted, both, plain, true, "token-certificate"},
		{&accepted, both, over, false, "token-proof-missing"},
		{&required, free, plain, true, "token-not-bound"},
		{&required, cert, over, true, "token-not-bound"},
		{&required, key, plain, true, ""},
		{&failing, key, plain, true, "bad"},
		{&everything, both, over, true, ""},
		{&everything, key, over, true, "token-not-bound"},
		{&everything, cert, over, true, "token-not-bound"},
		{&everything, both, plain, true, "token-certificate"},
	} {
		given := Token{"t", tt.proof}
		next, err := tt.rules.Check(tt.r, tt.key, given, time.Time{})
		if proved := err == nil && tt.proof; (next != "") != (proved || tt.want == "bad") {
			t.Errorf("%d: next %q, %v", i, next, err)
		}
		got := ""
		if r := (*auth.Refused)(nil); errors.As(err, &r) {
			got = r.Rule
		}
		if got != tt.want || (err == nil) != (tt.want == "") {
			t.Errorf("%d: %v, want %q", i, err, tt.want)
		}
		if tt.rules.Plain(tt.key, given) && (tt.key != nil || tt.want != "") {
			t.Errorf("%d: taken for plain", i)
		}
	}
	for i, tt := range []struct {
		rules *Rules
		field string
		want  string
	}{
		{&none, "Bearer t", "{t false} <nil>"}, {&none, "DPoP t", "missing"}, {&accepted, "Bearer t", "{t false} <nil>"}, {&accepted, "dpop t", "{t true} <nil>"},
		{&accepted, "Basic t", "missing"}, {&accepted, "DPoP", "refused"}, {&required, "Bearer t", "refused"}, {&required, "DPoP t", "{t true} <nil>"}, {&required, "Basic t", "missing"},
	} {
		token, err := tt.rules.Find(&http.Request{Header: http.Header{"Authorization": {tt.field}}})
		got := fmt.Sprint(token, err)
		if errors.Is(err, auth.ErrMissing) {
			got = "missing"
		} else if err != nil {
			got = "refused"
		}
		if got != tt.want {
			t.Errorf("%d: %q is %s, want %s", i, tt.field, got, tt.want)
		}
	}
	for rules, want := range map[*Rules]string{&none: `[Bearer error="invalid_token"]`, &accepted: `[Bearer error="invalid_token" DPoP]`, &required: "[DPoP]"} {
		if got := fmt.Sprint(rules.Challenges("", nil, bad)); got != want {
			t.Errorf("challenges %s, want %s", got, want)
		}
	}
	if got := fmt.Sprint(accepted.Challenges("", nil, &auth.Refused{Code: "use_dpop_nonce"})); got != "[Bearer DPoP]" {
		t.Errorf("challenges %s", got)
	}
}
