package mtls

import (
	"crypto/x509"
	"sync/atomic"
	"testing"
)

// CountListSignatures counts the signatures over whole revocation lists that are checked until the
// test ends.
func CountListSignatures(t testing.TB) *atomic.Int64 {
	var n atomic.Int64
	before := checkSignature
	checkSignature = func(l *x509.RevocationList, issuer *x509.Certificate) error { n.Add(1); return before(l, issuer) }
	t.Cleanup(func() { checkSignature = before })
	return &n
}
