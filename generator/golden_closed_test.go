package generator_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/harden"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/testdata/golden/identity/api"
)

// TestNilsInConfig: a generated server does not start with a nil pointer in an interface of its
// configuration, and names each.
func TestNilsInConfig(t *testing.T) {
	cfg := api.Config{Config: quiet, Session: (*jwt.RemoteSource)(nil), SessionRevocations: (*jwt.RevocationMemory)(nil), Opaque: (*nilClient)(nil)}
	cfg.Limiter, cfg.Events = (*limit.Memory)(nil), (*nilSink)(nil)
	_, err := api.NewServer(known{}, cfg)
	for _, want := range []string{"Config.Session is a nil *jwt.RemoteSource", "Config.SessionRevocations is a nil", "Config.Opaque is a nil", "Config.Limiter is a nil", "Config.Events is a nil"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
}

type (
	nilClient struct{ introspect.Client }
	nilSink   struct{ event.Sink }
)

// TestClosedServers: a generated server that has fetched keys and served requests over TLS, with a
// certificate that was renewed meanwhile, leaves no goroutine when both it and package harden's have stopped.
func TestClosedServers(t *testing.T) {
	before := ours()
	p := newProvider(t)
	revoked := revocations(t)
	cfg := api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Login: jwt.Discovery(p.URL + "/.well-known/openid-configuration"), SessionRevocations: revoked}
	cfg.Session = jwt.Discovery(p.URL + "/.well-known/openid-configuration")
	cfg.Held, cfg.HeldOpaque, cfg.Opaque = cfg.Session, introspect.Secret("server", "secret"), introspect.Secret("server", "secret")
	prove(&cfg)
	s, err := api.NewServer(known{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	chain, key := certificatePair(t)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(chain) {
		t.Fatal("there is no certificate")
	}
	dir := t.TempDir()
	files := harden.CertificateFile{Certificate: filepath.Join(dir, "tls.crt"), Key: filepath.Join(dir, "tls.key")}
	writes := 0
	write := func() {
		writes++ // another text of the same certificate
		for name, text := range map[string][]byte{files.Certificate: append(bytes.Clone(chain), strings.Repeat("\n", writes)...), files.Key: key} {
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write()
	server, err := harden.New(harden.Config{Handler: s, CertificateFiles: []harden.CertificateFile{files}, CertificateInterval: time.Nanosecond, Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, ln) }()
	for range 3 {
		req, err := http.NewRequest("GET", "https://"+ln.Addr().String()+"/login", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.token(t, nil))
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 204 {
			t.Errorf("the answer is %d", res.StatusCode)
		}
		client.CloseIdleConnections()
		write()
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("the server stopped: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("the server is closed: %v", err)
	}
	var left []string
	for range 200 {
		if left = ours(); len(left) <= len(before) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left, %d were there before:\n%s", len(left), len(before), strings.Join(left, "\n\n"))
}

// ours are the stacks of goroutines that the runtime has begun.
func ours() []string {
	b := make([]byte, 4<<20)
	var found []string
	for _, stack := range strings.Split(string(b[:goruntime.Stack(b, true)]), "\n\n") {
		_, began, _ := strings.Cut(stack, "created by ")
		if strings.Contains(began, "bailey/runtime") || strings.Contains(stack, "harden.(*Server)") {
			found = append(found, stack)
		}
	}
	return found
}

// certificatePair is the certificate of package httptest, which names 127.0.0.1, and its key.
func certificatePair(t *testing.T) (chain, key []byte) {
	t.Helper()
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	pair := srv.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
