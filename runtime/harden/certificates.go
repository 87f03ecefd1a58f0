package harden

import (
	"crypto/tls"
	"errors"
)

// ClientCertificates says whether clients are asked for a certificate (RFC 8446, section 4.3.2).
type ClientCertificates uint8

// The zero value leaves TLS.ClientAuth as it is: without it, nobody is asked.
const (
	_ ClientCertificates = iota
	// RequestClientCertificates asks; clients without one are served, as the operations' policies allow.
	RequestClientCertificates
	// RequireClientCertificates asks, and fails the handshake without one: for listeners of machines alone.
	RequireClientCertificates
)

// apply sets the mode of c, which is a copy.
func (m ClientCertificates) apply(c *tls.Config) error {
	if m == 0 {
		return nil
	}
	switch {
	case m > RequireClientCertificates:
		return errors.New("harden: ClientCertificates is neither to request nor to require them")
	case c == nil:
		return errors.New("harden: client certificates need TLS")
	case c.ClientAuth != tls.NoClientCert:
		return errors.New("harden: ClientCertificates and TLS.ClientAuth both say what clients are asked for")
	case c.GetConfigForClient != nil:
		return errors.New("harden: with TLS.GetConfigForClient, say in its configurations what clients are asked for")
	}
	// Without verification a client still proves that it has the key.
	asked := map[bool][2]tls.ClientAuthType{
		false: {tls.RequestClientCert, tls.RequireAnyClientCert},
		true:  {tls.VerifyClientCertIfGiven, tls.RequireAndVerifyClientCert},
	}[c.ClientCAs != nil]
	c.ClientAuth = asked[m-1]
	return nil
}
