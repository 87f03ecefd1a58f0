package generator_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/harden"
)

// selfSigned is a certificate for this machine.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveHardened serves a handler, and returns its address.
func serveHardened(t *testing.T, cfg harden.Config) string {
	t.Helper()
	cfg.Log = slog.New(slog.DiscardHandler)
	s, err := harden.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-done })
	return l.Addr().String()
}

// longToken is a good token of about so many bytes.
func longToken(t *testing.T, token func(map[string]any) string, bytes int) string {
	t.Helper()
	short := len(token(map[string]any{"sub": "ada", "pad": ""}))
	text := token(map[string]any{"sub": "ada", "pad": strings.Repeat("x", (bytes-short)*3/4-2)})
	if len(text) > bytes || len(text) < bytes-16 {
		t.Fatalf("a token of %d bytes, want %d", len(text), bytes)
	}
	return text
}

// TestLongTokens: a token of up to max-token gets in over HTTP/1.1, over HTTP/2 and through nginx, and a longer one does not.
func TestLongTokens(t *testing.T) {
	t.Parallel()
	var events events
	server, issuers := newTokenServer(t, &events)
	if got := server.HeaderBytes(); got != 40<<10 {
		t.Errorf("the server wants headers of %d bytes", got)
	}
	if _, err := harden.New(harden.Config{Handler: server, MaxHeaderBytes: 20 << 10}); err == nil || !strings.Contains(err.Error(), "max-token") {
		t.Errorf("a bound of 20 KiB on headers: %v", err)
	}
	good, long := longToken(t, issuers["at+jwt"].Token, 32<<10), longToken(t, issuers["at+jwt"].Token, 33<<10)
	usual := longToken(t, issuers["at+jwt"].Token, 9<<10)
	certificate := selfSigned(t)
	plain := serveHardened(t, harden.Config{Handler: server})
	secure := serveHardened(t, harden.Config{Handler: server, TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
	trust := func(h2 bool) *http.Client {
		p := new(http.Protocols)
		p.SetHTTP1(!h2)
		p.SetHTTP2(h2)
		tr := &http.Transport{Protocols: p, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // the test's own server
		t.Cleanup(tr.CloseIdleConnections)
		return &http.Client{Transport: tr}
	}
	type way struct {
		name, base string
		client     *http.Client
		major      int
	}
	ways := []way{
		{"HTTP/1.1", "http://" + plain, trust(false), 1}, {"HTTP/1.1 over TLS", "https://" + secure, trust(false), 1}, {"HTTP/2", "https://" + secure, trust(true), 2},
	}
	if path, err := exec.LookPath("nginx"); err == nil {
		ways = append(ways, way{"nginx", "http://" + startNginx(t, path, plain), trust(false), 1})
	} else {
		t.Log("SKIPPED: nginx, which is not there")
	}
	for _, w := range ways {
		for _, tt := range []struct {
			path, token string
			want        int
		}{
			{"/long", good, 204}, {"/long", usual, 204}, {"/long", long, 401}, {"/header", usual, 401},
		} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", w.base+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+tt.token)
			res, err := w.client.Do(r)
			if err != nil {
				t.Fatalf("%s: %v", w.name, err)
			}
			res.Body.Close()
			if res.StatusCode != tt.want || res.ProtoMajor != w.major {
				t.Errorf("%s: %s with a token of %d bytes: %s %d, want %d", w.name, tt.path, len(tt.token), res.Proto, res.StatusCode, tt.want)
			}
		}
	}
	if got := events.last(); !strings.HasSuffix(got, " no-credential") && !strings.HasSuffix(got, " token-too-long") {
		t.Errorf("the last event is %q", got)
	}
}

// startNginx starts nginx in front of a server, with the buffers that docs/policy.md names, and returns its address.
func startNginx(t *testing.T, path, upstream string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	text := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events {}
http {
	access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	large_client_header_buffers 4 40k;
	server { listen %[2]s; location / { proxy_pass http://%[3]s; proxy_http_version 1.1; proxy_set_header Host $http_host; } }
}
`, dir, address, upstream)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-p", dir, "-c", file, "-e", filepath.Join(dir, "error.log"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	t.Fatalf("nginx does not start: %s", log)
	return ""
}
