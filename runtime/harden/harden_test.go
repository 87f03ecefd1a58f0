package harden_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/harden"
)

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/slow" {
		time.Sleep(200 * time.Millisecond)
	}
	_, _ = io.WriteString(w, "hello")
})

// testTLS is httptest's certificate.
func testTLS(t *testing.T) (*tls.Config, *http.Client) {
	t.Helper()
	srv := httptest.NewTLSServer(hello)
	t.Cleanup(srv.Close)
	return &tls.Config{Certificates: srv.TLS.Certificates}, srv.Client()
}

func TestNewRefuses(t *testing.T) {
	good, _ := testTLS(t)
	with := func(change func(*tls.Config)) *tls.Config {
		c := good.Clone()
		change(c)
		return c
	}
	for name, tt := range map[string]struct {
		cfg  harden.Config
		want string
	}{
		"no handler":        {harden.Config{}, "no handler"},
		"a negative time":   {harden.Config{Handler: hello, ReadTimeout: -1}, "ReadTimeout"},
		"negative limits":   {harden.Config{Handler: hello, MaxConnections: -1}, "MaxConnections"},
		"TLS 1.1":           {harden.Config{Handler: hello, TLS: with(func(c *tls.Config) { c.MinVersion = tls.VersionTLS11 })}, "1.2"},
		"no certificate":    {harden.Config{Handler: hello, TLS: &tls.Config{}}, "no certificate"},
		"no verification":   {harden.Config{Handler: hello, TLS: with(func(c *tls.Config) { c.InsecureSkipVerify = true })}, "InsecureSkipVerify"},
		"an insecure suite": {harden.Config{Handler: hello, TLS: with(func(c *tls.Config) { c.CipherSuites = []uint16{tls.TLS_RSA_WITH_RC4_128_SHA} })}, "RC4"},
	} {
		if s, err := harden.New(tt.cfg); err == nil || s != nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

func listen(t *testing.T, addr string) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func TestPlainHTTPNeedsLoopback(t *testing.T) {
	s, err := harden.New(harden.Config{Handler: hello})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context(), listen(t, "0.0.0.0:0")); err == nil || !strings.Contains(err.Error(), "plain HTTP") {
		t.Errorf("got %v", err)
	}
}

// TestServeAndStop answers, waits for the request in flight, and returns nil.
func TestServeAndStop(t *testing.T) {
	s, err := harden.New(harden.Config{Handler: hello, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ln := listen(t, "127.0.0.1:0")
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	got := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + ln.Addr().String() + "/slow")
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got <- string(b)
	}()
	time.Sleep(100 * time.Millisecond)
	cancel()
	if body := <-got; body != "hello" {
		t.Errorf("the request in flight got %q", body)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve returned %v", err)
	}
}

func TestTLSVersions(t *testing.T) {
	cfg, client := testTLS(t)
	s, err := harden.New(harden.Config{Handler: hello, TLS: cfg, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ln := listen(t, "127.0.0.1:0")
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	res, err := client.Get("https://" + ln.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.TLS.Version != tls.VersionTLS13 {
		t.Errorf("version %x", res.TLS.Version)
	}
	old := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} //nolint:gosec // the test's point
	if c, err := tls.Dial("tcp", ln.Addr().String(), old); err == nil {
		c.Close()
		t.Error("TLS 1.1 is accepted")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestConnectionLimit proves that one more connection waits until another is gone.
func TestConnectionLimit(t *testing.T) {
	s, err := harden.New(harden.Config{Handler: hello, MaxConnections: 1, ReadHeaderTimeout: 300 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ln := listen(t, "127.0.0.1:0")
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	idle, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	time.Sleep(20 * time.Millisecond)
	start := time.Now()
	res, err := http.Get("http://" + ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if time.Since(start) < 100*time.Millisecond {
		t.Error("the second connection did not wait for the first")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
