package generator_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/mtls"
	"github.com/bailey-go/bailey/runtime/harden"
	"github.com/bailey-go/bailey/testdata/golden/credentials/api"
)

// authority is a certificate authority, of servers and of machines.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "golden"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	made := a.sign(template)
	a.cert, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// sign signs a certificate with a key of its own; the first one signs itself.
func (a *authority) sign(template *x509.Certificate) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (a *authority) machine(serial int64, id string) *tls.Certificate {
	u, err := url.Parse(id)
	if err != nil {
		a.t.Fatal(err)
	}
	c := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), URIs: []*url.URL{u},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	return &c
}

// trustOf is what the document's files would hold.
func (a *authority) trustOf(revoked ...int64) mtls.Trust {
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(time.Hour)}
	for _, serial := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: time.Now()})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, a.cert, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	dir := a.t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			a.t.Fatal(err)
		}
		return path
	}
	return mtls.Trust{CAFile: write("ca.pem", "CERTIFICATE", a.cert.Raw), CRLFile: write("crl.pem", "X509 CRL", der)}
}

// TestClientCertificates goes through a hardened listener that asks for certificates.
func TestClientCertificates(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	c, server := newCredentials(t, func(cfg *api.Config) { cfg.Machine = ca.trustOf(66) })
	mine := ca.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	srv, err := harden.New(harden.Config{Handler: server, TLS: &tls.Config{Certificates: []tls.Certificate{mine}}, ClientCertificates: harden.RequestClientCertificates, Log: quiet.Log})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	t.Cleanup(func() { cancel(); <-done })
	c.url = "https://" + ln.Addr().String()
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	for _, tt := range []struct {
		name, method string
		cert         *tls.Certificate
		header       map[string]string
		status       int
		event        string
	}{
		{"on the list", "GET", ca.machine(10, "spiffe://golden.example/batch"), nil, 204, ""},
		{"without the role", "POST", ca.machine(10, "spiffe://golden.example/batch"), nil, 403, "authz_fail role"},
		{"an operator", "POST", ca.machine(11, "spiffe://golden.example/operators/ada"), nil, 204, ""},
		{"an operator's browser on another page", "POST", ca.machine(11, "spiffe://golden.example/operators/ada"), map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "malicious_csrf cross-origin"},
		{"revoked", "GET", ca.machine(66, "spiffe://golden.example/batch"), nil, 401, "authn_login_fail certificate-revoked"},
		{"another authority", "GET", other.machine(10, "spiffe://golden.example/batch"), nil, 401, "authn_login_fail certificate-chain"},
		{"another trust domain", "GET", ca.machine(12, "spiffe://evil.example/batch"), nil, 401, "authn_login_fail certificate-identity"},
		{"nobody", "GET", ca.machine(13, "spiffe://golden.example/operators"), nil, 401, "authn_login_fail certificate-not-allowed"},
		{"a server's certificate", "GET", &mine, nil, 401, "authn_login_fail certificate-use"},
		{"none", "GET", nil, nil, 401, "authn_login_fail no-credential"},
		{"none but a header", "GET", nil, map[string]string{"X-Forwarded-Client-Cert": "URI=spiffe://golden.example/batch"}, 401, "authn_login_fail no-credential"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if tt.cert == nil {
					return &tls.Certificate{}, nil
				}
				return tt.cert, nil
			}}}
			defer transport.CloseIdleConnections()
			c.client = &http.Client{Transport: transport}
			res, body := c.send(t, tt.method, "/machine", tt.header)
			if res.StatusCode != tt.status || tt.event != "" && c.events.last() != tt.event {
				t.Errorf("status %d, event %q; want %d, %q: %s", res.StatusCode, c.events.last(), tt.status, tt.event, body)
			}
			if tt.status == 401 && res.Header.Get("WWW-Authenticate") != "Certificate" {
				t.Errorf("challenge %q", res.Header.Values("WWW-Authenticate"))
			}
		})
	}
}
