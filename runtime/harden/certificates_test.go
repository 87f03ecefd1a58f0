package harden_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/harden"
)

func TestClientCertificatesAreChecked(t *testing.T) {
	own := func(change func(*tls.Config)) *tls.Config {
		c := &tls.Config{Certificates: []tls.Certificate{{}}}
		if change != nil {
			change(c)
		}
		return c
	}
	for _, tt := range []struct {
		name string
		tls  *tls.Config
		mode harden.ClientCertificates
		want string // "" for none
	}{
		{"request", own(nil), harden.RequestClientCertificates, ""},
		{"require, of these authorities", own(func(c *tls.Config) { c.ClientCAs = x509.NewCertPool() }), harden.RequireClientCertificates, ""},
		{"nothing said", own(func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }), 0, ""},
		{"plain HTTP", nil, harden.RequestClientCertificates, "need TLS"},
		{"said twice", own(func(c *tls.Config) { c.ClientAuth = tls.RequestClientCert }), harden.RequireClientCertificates, "both say"},
		{"configurations for clients", own(func(c *tls.Config) {
			c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, nil }
		}), harden.RequestClientCertificates, "GetConfigForClient"},
		{"neither", own(nil), 9, "neither"},
	} {
		_, err := harden.New(harden.Config{Handler: http.NotFoundHandler(), TLS: tt.tls, ClientCertificates: tt.mode})
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
