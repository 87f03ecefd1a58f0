package harden

import (
	"crypto/tls"
	"errors"
	"fmt"
	"sync"

	"github.com/bailey-go/bailey/runtime/internal/suites"
)

// checkSuites refuses suites that are known and not authenticated encryption with an ephemeral key.
func checkSuites(ids []uint16) error {
	for _, id := range ids {
		for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			if s.ID == id && !suites.IsAEAD(s) && (len(s.SupportedVersions) != 1 || s.SupportedVersions[0] != tls.VersionTLS13) {
				return fmt.Errorf("harden: the cipher suite %s is not secure: use ECDHE with AES-GCM or ChaCha20-Poly1305, or leave CipherSuites empty", s.Name)
			}
		}
	}
	return nil
}

// secure returns a copy of c with TLS 1.2 as its floor and suites with authenticated encryption. Configurations that
// ask for less are refused, and so are handshakes where GetConfigForClient answers with one.
func secure(c *tls.Config) (*tls.Config, error) {
	if c == nil {
		return nil, nil
	}
	c = c.Clone()
	if c.MinVersion == 0 {
		c.MinVersion = tls.VersionTLS12
	}
	switch {
	case c.MinVersion < tls.VersionTLS12:
		return nil, errors.New("harden: TLS before 1.2 is broken (RFC 8996)")
	case c.InsecureSkipVerify:
		return nil, errors.New("harden: InsecureSkipVerify has no place in a server")
	case len(c.Certificates) == 0 && c.GetCertificate == nil && c.GetConfigForClient == nil:
		return nil, errors.New("harden: the TLS configuration has no certificate")
	}
	if err := checkSuites(c.CipherSuites); err != nil {
		return nil, err
	}
	if c.CipherSuites == nil {
		c.CipherSuites = suites.AEAD()
	}
	if inner := c.GetConfigForClient; inner != nil {
		known := &secured{byConfig: map[*tls.Config]*tls.Config{}}
		c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			chosen, err := inner(hello)
			if chosen == nil || err != nil {
				return nil, err
			}
			return known.of(chosen)
		}
	}
	return c, nil
}

// secured holds the secure copies of configurations, each made once, since a copy has session
// tickets of its own.
type secured struct {
	mu       sync.Mutex
	byConfig map[*tls.Config]*tls.Config
}

const maxSecured = 256

func (s *secured) of(c *tls.Config) (*tls.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.byConfig[c]; known != nil {
		return known, nil
	}
	safe, err := secure(c)
	if err != nil {
		return nil, err
	}
	if len(s.byConfig) >= maxSecured { // one for each handshake
		clear(s.byConfig)
	}
	s.byConfig[c] = safe
	return safe, nil
}
