package outbound

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

const (
	maxAuthorityFile = 1 << 20
	maxAuthorities   = 1000
)

// Authority is a transport that believes the certificate authorities of a file, and no other. The file is read again when it changes: one of
// the requests looks at it, at most once in 10 seconds. One that cannot be read is reported, and the authorities read last stay in force for an hour.
type Authority struct {
	base  *http.Transport
	live  *keyfile.Live[*x509.CertPool]
	clock func() time.Time

	mu      sync.Mutex
	current *http.Transport
	pool    *x509.CertPool // of current
}

// NewAuthority returns base with the authorities of the file at path: PEM of at most 1 MiB that not everyone may write, as [keyfile] says. The
// system's own authorities are not believed.
func NewAuthority(base *http.Transport, path string, clock func() time.Time, report func(error)) (*Authority, error) {
	live, err := keyfile.OpenLive(keyfile.LiveConfig{Path: path, Max: maxAuthorityFile}, clock(), parseAuthorities)
	if err != nil {
		return nil, fmt.Errorf("ca-file: %w", err)
	}
	if report != nil {
		live.ReportTo(func(err error) { report(fmt.Errorf("ca-file: %w", err)) })
	}
	return &Authority{base: base, live: live, clock: clock}, nil
}

// RoundTrip implements [http.RoundTripper].
func (a *Authority) RoundTrip(r *http.Request) (*http.Response, error) {
	t, err := a.transport()
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	return t.RoundTrip(r)
}

// CloseIdleConnections ends connections that nobody uses.
func (a *Authority) CloseIdleConnections() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.current != nil {
		a.current.CloseIdleConnections()
	}
}

// transport returns one for the authorities in force: another one after they changed, so that no connection of before is used again.
func (a *Authority) transport() (*http.Transport, error) {
	pool, err := a.live.Get(a.clock())
	if err != nil {
		return nil, fmt.Errorf("ca-file: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pool == *pool {
		return a.current, nil
	}
	if a.current != nil {
		a.current.CloseIdleConnections()
	}
	a.current, a.pool = a.base.Clone(), *pool
	a.current.TLSClientConfig.RootCAs = *pool
	return a.current, nil
}

// parseAuthorities reads certificates in PEM. Anything else in it, such as a private key, is a mistake.
func parseAuthorities(text []byte) (*x509.CertPool, error) {
	pool, n := x509.NewCertPool(), 0
	for len(bytes.TrimSpace(text)) > 0 {
		block, rest := pem.Decode(text)
		if block == nil {
			if bytes.Contains(text, []byte("-----BEGIN")) {
				return nil, errors.New("a block of PEM that is broken")
			}
			break // a comment
		}
		text = rest
		n++
		c, err := x509.ParseCertificate(block.Bytes)
		switch {
		case block.Type != "CERTIFICATE" || err != nil:
			return nil, fmt.Errorf("block %d is not a certificate", n)
		case n > maxAuthorities:
			return nil, fmt.Errorf("more than %d certificates", maxAuthorities)
		case !c.IsCA || !c.BasicConstraintsValid || c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
			return nil, fmt.Errorf("certificate %d is not that of an authority", n)
		}
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
			return nil, fmt.Errorf("certificate %d has a weak key: RSA keys need 2048 bits", n)
		}
		pool.AddCert(c)
	}
	if n == 0 {
		return nil, errors.New("no certificate")
	}
	return pool, nil
}
