package securitytest

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"

	"github.com/bailey-go/bailey/runtime/gen"
)

// certificateField carries the client certificate of a request's connection to connect.
const certificateField = "Attack-Certificate"

// ours and theirs are certificates that callers come with; nothing looks into them.
const ours, theirs = "securitytest: a certificate", "securitytest: another certificate"

// connect makes the request one that came over TLS with the certificate that certificateField names.
func connect(r *http.Request) {
	if names := r.Header[certificateField]; len(names) > 0 {
		r.TLS = &tls.ConnectionState{
			Version: tls.VersionTLS13, HandshakeComplete: true, PeerCertificates: []*x509.Certificate{{Raw: []byte(names[0])}},
		}
	}
	delete(r.Header, certificateField)
}

// twoCertificates reports whether an alternative has a token that is bound to a certificate beside one that names the caller itself.
func (c *Credentials) twoCertificates(alt gen.Requirement) bool {
	bound, names := false, false
	for _, need := range alt {
		i, e := c.schemes[need.Scheme], c.asked[need.Scheme]
		bound = bound || i != nil && i.policy.CertificateBound || e != nil && e.policy.CertificateBound
		_, machine := c.makers[need.Scheme].(*machines)
		names = names || machine
	}
	return bound && names
}

// boundTo is the cnf of a token for who holds a certificate (RFC 8705, section 3.1).
func boundTo(certificate string) map[string]any {
	sum := sha256.Sum256([]byte(certificate))
	return map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])}
}

// confirmations are tokens that are bound to what their caller does not show, by what they are bound to and with which certificate they come.
// required says that the scheme takes no others.
func confirmations(required bool) []confirmation {
	list := []confirmation{
		{"a token for the holder of a certificate, without it", boundTo(ours), nil},
		{"a token for the holder of a certificate, with another", boundTo(ours), []string{theirs}},
		{"a token for the holder of a key, by another", map[string]any{"jkt": base64.RawURLEncoding.EncodeToString(make([]byte, sha256.Size))}, []string{ours}},
		{"a token that is bound to a key in a way that nobody knows", map[string]any{"kid": "attack"}, nil},
		{"a token that is bound to nothing", map[string]any{}, []string{ours}},
	}
	if required {
		list = append(list, confirmation{"a token that anybody may bear", nil, []string{ours}})
	}
	return list
}

type confirmation struct {
	name        string
	cnf         any // nil: none
	certificate []string
}
