// Package suites names the cipher suites of TLS 1.2 that the server offers and the clients of issuers accept.
package suites

import (
	"crypto/tls"
	"strings"
)

// AEAD returns the suites of TLS 1.2 with authenticated encryption and an ephemeral key (RFC 9325, section
// 4.2), in the order of crypto/tls. The suites of TLS 1.3 are all of that kind and are not configurable. The
// caller may change the list.
func AEAD() (list []uint16) {
	for _, s := range tls.CipherSuites() {
		if IsAEAD(s) {
			list = append(list, s.ID)
		}
	}
	return list
}

// IsAEAD reports whether s is a suite of TLS 1.2 with authenticated encryption and an ephemeral key.
func IsAEAD(s *tls.CipherSuite) bool {
	return strings.HasPrefix(s.Name, "TLS_ECDHE_") && (strings.Contains(s.Name, "_GCM_") || strings.Contains(s.Name, "_CHACHA20_POLY1305"))
}
