package harden_test

import (
	"crypto/tls"
	"log/slog"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/harden"
)

// TestSuites: of TLS 1.2, suites of authenticated encryption with ephemeral keys are offered and no
// others, also by a configuration for one client.
func TestSuites(t *testing.T) {
	dir := t.TempDir()
	ca := newIssuer(t)
	chain, private, _ := ca.issue(t, newKey(t), nil)
	files := harden.CertificateFile{Certificate: dir + "/crt", Key: dir + "/key"}
	writeFile(t, files.Certificate, chain)
	writeFile(t, files.Key, private)
	pair, err := tls.X509KeyPair(chain, private)
	if err != nil {
		t.Fatal(err)
	}
	forClient := &tls.Config{Certificates: []tls.Certificate{pair}}
	for name, cfg := range map[string]harden.Config{
		"files":                  {CertificateFiles: []harden.CertificateFile{files}},
		"a configuration":        {TLS: &tls.Config{Certificates: []tls.Certificate{pair}}},
		"one for each client":    {TLS: &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return forClient, nil }}},
		"a new one for each":     {TLS: &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return forClient.Clone(), nil }}},
		"the first, for clients": {TLS: &tls.Config{Certificates: []tls.Certificate{pair}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, nil }}},
	} {
		addr := startTLS(t, cfg)
		good := 0
		for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			if s.SupportedVersions[0] == tls.VersionTLS13 {
				continue
			}
			conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: ca.pool, ServerName: "api.bank.example", MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{s.ID}})
			aead := strings.HasPrefix(s.Name, "TLS_ECDHE_ECDSA_") && (strings.Contains(s.Name, "GCM") || strings.Contains(s.Name, "CHACHA20"))
			if (err == nil) != aead {
				t.Errorf("%s: %s: %v", name, s.Name, err)
			}
			if err == nil {
				conn.Close()
				good++
			}
		}
		if good != 3 {
			t.Errorf("%s: %d suites, want 3", name, good)
		}
		if _, err := handshake(addr, ca.pool); err != nil {
			t.Errorf("%s: TLS 1.3: %v", name, err)
		}
	}
}

// TestSuitesAreRefused: a configuration that asks for others is refused, and a handshake whose
// configuration does.
func TestSuitesAreRefused(t *testing.T) {
	own, _ := testTLS(t)
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		c := own.Clone()
		c.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, s.ID}
		aead := s.SupportedVersions[0] == tls.VersionTLS13 || strings.HasPrefix(s.Name, "TLS_ECDHE_") && (strings.Contains(s.Name, "GCM") || strings.Contains(s.Name, "CHACHA20"))
		_, err := harden.New(harden.Config{Handler: hello, TLS: c})
		if (err == nil) != aead || err != nil && !strings.Contains(err.Error(), s.Name) {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	bad := own.Clone()
	bad.MinVersion = tls.VersionTLS10
	addr := startTLS(t, harden.Config{Log: slog.New(slog.DiscardHandler), TLS: &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return bad, nil }}})
	if conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true}); err == nil {
		conn.Close()
		t.Error("a configuration for a client that allows TLS 1.0 is used")
	}
}
