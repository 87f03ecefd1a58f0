package securitytest

import (
	"crypto/x509"
	"net/http"
	"strconv"
)

// Fields that only this package sends, and takes away again: what the request comes over.
const (
	plainField   = "Attack-Plain"   // without TLS
	machineField = "Attack-Machine" // with the certificate of this number
	untriedField = "Attack-Untried" // why there is no such credential
)

// overConnection changes what a request came over.
func (c *Credentials) overConnection(r *http.Request) {
	if r.Header[plainField] != nil {
		r.TLS = nil
		delete(r.Header, plainField)
	}
	for _, number := range r.Header[machineField] {
		if i, err := strconv.Atoi(number); err == nil && r.TLS != nil && i >= 0 && i < len(c.certificates) {
			r.TLS.PeerCertificates = []*x509.Certificate{c.certificates[i]}
		}
	}
	delete(r.Header, machineField)
}

// certificate returns the fields of a request that comes with it.
func (c *Credentials) certificate(cert *x509.Certificate) fields {
	if cert == nil {
		return fields{machineField: {"none"}}
	}
	c.certificates = append(c.certificates, cert)
	return fields{machineField: {strconv.Itoa(len(c.certificates) - 1)}}
}
