package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestTransportSuites: an issuer that speaks TLS 1.2 with CBC suites only is not asked.
func TestTransportSuites(t *testing.T) {
	for _, tt := range []struct {
		suite uint16
		ok    bool
	}{
		{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, false},
	} {
		issuer := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		issuer.TLS = &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tt.suite}}
		issuer.StartTLS()
		tr := NewTransport(10*time.Second, 1)
		tr.TLSClientConfig.RootCAs = x509.NewCertPool()
		tr.TLSClientConfig.RootCAs.AddCert(issuer.Certificate())
		res, err := (&http.Client{Transport: tr}).Get(issuer.URL)
		if err == nil {
			res.Body.Close()
		}
		if (err == nil) != tt.ok {
			t.Errorf("%s: got error %v, want success %v", tls.CipherSuiteName(tt.suite), err, tt.ok)
		}
		tr.CloseIdleConnections()
		issuer.Close()
	}
}

func TestRedirectRules(t *testing.T) {
	request := func(url string) *http.Request { return httptest.NewRequest("GET", url, nil) }
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"https://a.example/x", "https://a.example/y", true},
		{"http://localhost/x", "https://localhost/y", true},
		{"http://localhost/x", "http://localhost/y", true},
		{"https://a.example/x", "http://a.example/y", false},
		{"https://a.example/x", "https://b.example/y", false},
		{"https://a.example/x", "https://a.example:8443/y", false},
		{"https://localhost/x", "http://localhost/y", false},
	} {
		if err := Redirect(request(tt.to), []*http.Request{request(tt.from)}); (err == nil) != tt.ok {
			t.Errorf("from %s to %s: %v", tt.from, tt.to, err)
		}
	}
}
