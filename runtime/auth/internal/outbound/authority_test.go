package outbound

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// issuerCA is a certificate authority with a server certificate for localhost.
type issuerCA struct {
	pem    []byte
	server tls.Certificate
}

func newCA(t *testing.T, name string) issuerCA {
	t.Helper()
	make := func(subject string, ca bool, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{
			SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: subject}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IsCA: ca, BasicConstraintsValid: true, DNSNames: []string{"localhost"},
		}
		if parent == nil {
			parent, by = c, key
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	root, rootKey := make(name, true, nil, nil)
	leaf, leafKey := make("localhost", false, root, rootKey)
	return issuerCA{
		pem:    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}),
		server: tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey},
	}
}

// TestAuthorityRotates: a server with a certificate of the new authority is believed as soon as the file names it, and one with a certificate
// of the old authority no longer, nor over a connection that was opened before.
func TestAuthorityRotates(t *testing.T) {
	first, second := newCA(t, "first"), newCA(t, "second")
	var current atomic.Pointer[tls.Certificate]
	current.Store(&first.server)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return current.Load(), nil }}
	server.StartTLS()
	t.Cleanup(server.Close)
	address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)

	path := filepath.Join(t.TempDir(), "ca.crt")
	write := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(path+".new", text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
	}
	write(first.pem)
	now := time.Now()
	var reports []error
	a, err := NewAuthority(NewTransport(5*time.Second, 1), path, func() time.Time { return now }, func(err error) { reports = append(reports, err) })
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: a}
	ask := func(what string, ok bool) error {
		t.Helper()
		res, err := client.Get(address)
		if err == nil {
			res.Body.Close()
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v, want success %v", what, err, ok)
		}
		return err
	}
	ask("the first authority", true)
	current.Store(&second.server)
	server.CloseClientConnections()
	if err := ask("another authority", false); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("got %v", err)
	}
	write(second.pem)
	ask("within 10 seconds", false)
	now = now.Add(10 * time.Second)
	ask("the second authority", true)

	write(first.pem)
	now = now.Add(10 * time.Second)
	ask("a connection of before, and the file has another authority", false)
	write(append(append([]byte("# both\n"), first.pem...), second.pem...))
	now = now.Add(10 * time.Second)
	ask("both", true)

	write([]byte("-----BEGIN CERTIFICATE-----\nbroken"))
	now = now.Add(time.Minute)
	ask("a broken file leaves what was read", true)
	if len(reports) == 0 || !strings.Contains(reports[0].Error(), "ca-file") {
		t.Errorf("reports %v", reports)
	}
	now = now.Add(2 * time.Hour)
	if err := ask("for an hour", false); !errors.Is(err, keyfile.ErrStale) {
		t.Errorf("got %v", err)
	}
	client.CloseIdleConnections()
}

// TestSystemAuthoritiesAreNotBelieved: the file takes the place of the system's authorities.
func TestSystemAuthoritiesAreNotBelieved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(path, newCA(t, "own").pem, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := NewAuthority(NewTransport(time.Second, 1), path, time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := a.transport()
	if err != nil || tr.TLSClientConfig.RootCAs == nil || tr.TLSClientConfig.InsecureSkipVerify || tr.TLSClientConfig.MinVersion != tls.VersionTLS12 {
		t.Errorf("%+v, %v", tr.TLSClientConfig, err)
	}
	if again, _ := a.transport(); again != tr {
		t.Error("another transport for the same authorities: no connection is used twice")
	}
}

func TestAuthorityFileRefused(t *testing.T) {
	ca := newCA(t, "a")
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.server.Certificate[0]})
	for want, text := range map[string]string{
		"no certificate": "# none\n",
		"block 1 is not": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})),
		"block 2 is not": string(ca.pem) + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})),
		"broken":         string(ca.pem) + "-----BEGIN CERTIFICATE-----\nAAAA",
		"certificate 1 is not that of an authority": string(leaf),
	} {
		path := filepath.Join(t.TempDir(), "ca.crt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := NewAuthority(NewTransport(time.Second, 1), path, time.Now, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := NewAuthority(NewTransport(time.Second, 1), filepath.Join(t.TempDir(), "absent"), time.Now, nil); err == nil {
		t.Error("a file that is not there is taken")
	}
}
