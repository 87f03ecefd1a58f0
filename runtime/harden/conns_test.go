package harden_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/harden"
)

// events keeps what is recorded.
type events struct {
	mu  sync.Mutex
	all []event.Event
}

func (e *events) Record(_ context.Context, ev *event.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, *ev)
}

func (e *events) of(rule string) (out []event.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.all {
		if ev.Rule == rule {
			out = append(out, ev)
		}
	}
	return out
}

// served is a server under test.
type served struct {
	*harden.Server
	addr   string
	events *events
	stop   func()
}

func serve(t *testing.T, cfg harden.Config) *served {
	t.Helper()
	s := &served{events: &events{}}
	cfg.Events, cfg.Log = s.events, slog.New(slog.DiscardHandler)
	if cfg.Handler == nil {
		cfg.Handler = hello
	}
	var err error
	if s.Server, err = harden.New(cfg); err != nil {
		t.Fatal(err)
	}
	ln := listen(t, "127.0.0.1:0")
	s.addr = ln.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve returned %v", err)
		}
	})
	t.Cleanup(s.stop)
	return s
}

// dial connects from an address of the loopback network.
func dial(t *testing.T, s *served, as string) net.Conn {
	t.Helper()
	c, err := try(t, s, as)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// try is dial for connections that may be refused: a reset can come before Dial is done.
func try(t *testing.T, s *served, as string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(as)}, Timeout: 10 * time.Second}
	c, err := d.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { c.Close() })
	return c, c.SetDeadline(time.Now().Add(20 * time.Second))
}

// get sends a request on c and reads the answer.
func get(c net.Conn, path string) error {
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// eventually waits for something that other goroutines do.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not after 20 s", what)
		}
	}
}

// TestRedteamConns: as many idle connections of one address as there may be in all, and everybody
// is served, that address included: its own idle connections make room for it.
func TestRedteamConns(t *testing.T) {
	const most = 64
	s := serve(t, harden.Config{MaxConnections: most})
	for i := range most {
		if err := get(dial(t, s, "127.0.0.2"), "/"); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
	}
	if n := s.Connections(); n > most/2 {
		t.Errorf("one address has %d of %d connections", n, most)
	}
	for _, as := range []string{"127.0.0.3", "127.0.0.2"} {
		if err := get(dial(t, s, as), "/"); err != nil {
			t.Errorf("%s is not served: %v", as, err)
		}
	}
	if got := s.events.of("connections-per-address"); len(got) != 0 {
		t.Errorf("%d refusals, though idle connections could make room", len(got))
	}
}

// blocked is a handler whose answers wait.
func blocked() (h http.HandlerFunc, waiting func() int, release func()) {
	free := make(chan struct{})
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/wait" {
				mu.Lock()
				n++
				mu.Unlock()
				<-free
			}
			_, _ = io.WriteString(w, "hello")
		}, func() int {
			mu.Lock()
			defer mu.Unlock()
			return n
		}, sync.OnceFunc(func() { close(free) })
}

// TestShareOfBusyConnections: the connections beyond an address's share are reset, with one event,
// and others are served. With the requests, the share is free again.
func TestShareOfBusyConnections(t *testing.T) {
	h, waiting, release := blocked()
	defer release()
	s := serve(t, harden.Config{Handler: h, MaxConnections: 20, MaxConnectionsPerAddress: 4})
	for range 4 {
		go get(dial(t, s, "127.0.0.2"), "/wait")
	}
	eventually(t, "four requests", func() bool { return waiting() == 4 })
	for range 10 {
		if c, err := try(t, s, "127.0.0.2"); err == nil && get(c, "/") == nil {
			t.Fatal("a fifth connection is served")
		}
	}
	if err := get(dial(t, s, "127.0.0.3"), "/"); err != nil {
		t.Fatalf("another address is not served: %v", err)
	}
	got := s.events.of("connections-per-address")
	if len(got) != 1 || got[0].Address != netip.MustParseAddr("127.0.0.2") || got[0].Name != event.RateLimit {
		t.Errorf("events: %+v, want one for the address", got)
	}
	release()
	eventually(t, "a place", func() bool {
		c, err := try(t, s, "127.0.0.2")
		return err == nil && get(c, "/") == nil
	})
}

// TestFullOfBusyConnections: a new connection waits, and is served when one of the others is idle.
func TestFullOfBusyConnections(t *testing.T) {
	h, waiting, release := blocked()
	defer release()
	s := serve(t, harden.Config{Handler: h, MaxConnections: 2, MaxConnectionsPerAddress: 2})
	for range 2 {
		go get(dial(t, s, "127.0.0.2"), "/wait")
	}
	eventually(t, "two requests", func() bool { return waiting() == 2 })
	done := make(chan error, 1)
	c := dial(t, s, "127.0.0.3")
	go func() { done <- get(c, "/") }()
	eventually(t, "the event", func() bool { return len(s.events.of("connections")) == 1 })
	select {
	case err := <-done:
		t.Fatalf("the third connection was served while two were busy: %v", err)
	default:
	}
	release()
	if err := <-done; err != nil {
		t.Errorf("the third connection: %v", err)
	}
}

// TestStopWhileFull: a server that waits for room stops nevertheless.
func TestStopWhileFull(t *testing.T) {
	h, waiting, release := blocked()
	s := serve(t, harden.Config{Handler: h, MaxConnections: 1})
	go get(dial(t, s, "127.0.0.2"), "/wait")
	eventually(t, "a request", func() bool { return waiting() == 1 })
	dial(t, s, "127.0.0.3")
	eventually(t, "the event", func() bool { return len(s.events.of("connections")) == 1 })
	time.AfterFunc(50*time.Millisecond, release)
	s.stop()
	eventually(t, "no connection", func() bool { return s.Connections() == 0 })
}

// TestTrustedProxiesHaveNoShare: as many connections as a proxy likes.
func TestTrustedProxiesHaveNoShare(t *testing.T) {
	s := serve(t, harden.Config{MaxConnections: 20, MaxConnectionsPerAddress: 2, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}})
	conns := make([]net.Conn, 10)
	for i := range conns {
		conns[i] = dial(t, s, "127.0.0.2")
		if err := get(conns[i], "/"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range conns {
		if err := get(c, "/"); err != nil {
			t.Fatalf("an idle connection of the proxy was closed: %v", err)
		}
	}
}

// TestUnixSocketsHaveNoShare: everybody has the same address there.
func TestUnixSocketsHaveNoShare(t *testing.T) {
	s, err := harden.New(harden.Config{Handler: hello, MaxConnections: 20, MaxConnectionsPerAddress: 2, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	for range 2 {
		var conns []net.Conn
		for range 5 {
			c, err := net.Dial("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			conns = append(conns, c)
		}
		for _, c := range conns {
			if err := get(c, "/"); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestPlacesComeBack: whatever becomes of a connection, its place is free afterwards.
func TestPlacesComeBack(t *testing.T) {
	cfg, _ := testTLS(t)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("x")
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/hijack":
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			c.Close()
			c.Close()
		}
	})
	for name, useTLS := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			c := harden.Config{Handler: h, MaxConnections: 50}
			if useTLS {
				c.TLS = cfg
			}
			s := serve(t, c)
			for _, send := range []string{"", "x", "GET /panic", "GET /abort", "GET /hijack", "GET /", "G E T /", "GET /half\r\nHost"} {
				raw := dial(t, s, "127.0.0.2")
				nc := raw
				if useTLS && send != "x" {
					nc = tls.Client(raw, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the test's own server
				}
				if send != "" {
					_, _ = io.WriteString(nc, send+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
					_, _ = io.Copy(io.Discard, nc)
				}
				raw.Close()
			}
			eventually(t, "no connection", func() bool { return s.Connections() == 0 && s.Leaving() == 0 })
		})
	}
}

// TestRefusedBeforeTLS: a connection beyond the share costs no handshake.
func TestRefusedBeforeTLS(t *testing.T) {
	cfg, _ := testTLS(t)
	asked := make(chan struct{}, 10)
	cfg.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { asked <- struct{}{}; return nil, nil }
	h, waiting, release := blocked()
	defer release()
	s := serve(t, harden.Config{Handler: h, TLS: cfg, MaxConnections: 8, MaxConnectionsPerAddress: 1})
	go get(tls.Client(dial(t, s, "127.0.0.2"), insecure), "/wait")
	eventually(t, "a request", func() bool { return waiting() == 1 })
	if c, err := try(t, s, "127.0.0.2"); err == nil && tls.Client(c, insecure).Handshake() == nil {
		t.Error("a second connection came in")
	}
	if len(asked) != 1 {
		t.Errorf("%d handshakes began, want 1", len(asked))
	}
}

// TestStalledHandshake: a client who begins TLS and goes on no further has its place for
// ReadHeaderTimeout at most.
func TestStalledHandshake(t *testing.T) {
	cfg, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: cfg, ReadHeaderTimeout: 100 * time.Millisecond})
	c := dial(t, s, "127.0.0.2")
	if _, err := c.Write([]byte("\x16\x03\x01\x02\x00\x01")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, c); isTimeout(err) {
		t.Error("the server still waits")
	}
	eventually(t, "no connection", func() bool { return s.Connections() == 0 })
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}
