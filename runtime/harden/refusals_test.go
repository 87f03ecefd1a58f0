package harden_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/harden"
)

// from returns the events that name an address.
func (e *events) from(addr string) (out []event.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.all {
		if ev.Address == netip.MustParseAddr(addr) {
			out = append(out, ev)
		}
	}
	return out
}

// say sends a text on a connection, and reads until the server closes it.
func say(c net.Conn, text string) string {
	_, _ = io.WriteString(c, text)
	if !strings.HasSuffix(text, "\n") && !strings.HasSuffix(text, "x") {
		_ = c.(interface{ CloseWrite() error }).CloseWrite() // it will not be finished
	}
	b, _ := io.ReadAll(c)
	return string(b)
}

const (
	good = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
)

// refusals are what net/http answers without a handler.
var refusals = []struct {
	name, text string
	status     int // of the event
	rule       string
}{
	{"no request line", "SECRET\r\n\r\n", 400, "malformed-request"},
	{"a bad method", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "malformed-request"},
	{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed-request"},
	{"a bad Host", "GET / HTTP/1.1\r\nHost: SECRET SECRET\r\n\r\n", 400, "malformed-request"},
	{"a bad field name", "GET / HTTP/1.1\r\nHost: x\r\nX Y: SECRET\r\n\r\n", 400, "malformed-request"},
	{"a bad field value", "GET / HTTP/1.1\r\nHost: x\r\nX: \x00SECRET\r\n\r\n", 400, "malformed-request"},
	{"a bad target", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"},
	{"a bad length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400, "malformed-request"},
	{"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "malformed-request"},
	{"long fields", "GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431, "malformed-request"},
	{"a transfer coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: SECRET\r\n\r\n", 501, "malformed-request"},
	{"an expectation", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: SECRET\r\n\r\nx", 417, "malformed-request"},
	{"a version", "GET / HTTP/4.7\r\nHost: x\r\n\r\n", 505, "malformed-request"},
	{"after good requests", good + good + "SECRET\r\n\r\n", 400, "malformed-request"},
	{"half a line", "GET /SECRET", 400, "malformed-request"},
	{"half the fields", "GET / HTTP/1.1\r\nHost: x\r\nX: SECRET", 400, "malformed-request"},
}

func TestRefusalsOfNetHTTP(t *testing.T) {
	tlsConfig, _ := testTLS(t)
	for _, secure := range []bool{false, true} {
		cfg := harden.Config{}
		if secure {
			cfg.TLS = tlsConfig
		}
		s := serve(t, cfg)
		connect := func(as string) net.Conn {
			c := dial(t, s, as)
			if secure {
				c = tls.Client(c, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the test's own server
			}
			return c
		}
		var all sync.WaitGroup
		for i, test := range refusals {
			all.Go(func() {
				as := fmt.Sprintf("127.0.1.%d", i+1)
				answer := say(connect(as), test.text)
				eventually(t, test.name, func() bool { return len(s.events.from(as)) > 0 })
				got := s.events.from(as)
				want := event.Event{Name: event.InputFail, Rule: test.rule, Address: netip.MustParseAddr(as), Status: test.status}
				if secure {
					want.Status = 400
				}
				if len(got) != 1 || got[0] != want {
					t.Errorf("%s (TLS %v): got %+v, want %+v", test.name, secure, got, want)
				}
				if !strings.Contains(answer, fmt.Sprintf("HTTP/1.1 %d ", test.status)) {
					t.Errorf("%s: %q", test.name, answer)
				}
			})
		}
		all.Go(func() {
			say(connect("127.0.2.1"), last)
			say(connect("127.0.2.1"), good+good+last)
			c := connect("127.0.2.1")
			if err := get(c, "/"); err != nil {
				t.Error(err)
			}
			c.Close()
			if !secure { // where it is a failed handshake
				dial(t, s, "127.0.2.1").Close()
			}
		})
		all.Wait()
		s.stop()
		if got := s.events.from("127.0.2.1"); len(got) != 0 {
			t.Errorf("good requests leave %+v", got)
		}
	}
}

// A request that does not come to its end has no answer, and an event.
func TestIncompleteRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, harden.Config{ReadHeaderTimeout: 3 * time.Second})
	if answer := say(dial(t, s, "127.0.1.1"), "GET / HTTP/1.1\r\nHost: x\r\nX: SECRET\r\n"); answer != "" {
		t.Errorf("answer %q", answer)
	}
	eventually(t, "an event", func() bool { return len(s.events.from("127.0.1.1")) > 0 })
	want := event.Event{Name: event.InputFail, Rule: "incomplete-request", Address: netip.MustParseAddr("127.0.1.1")}
	if got := s.events.from("127.0.1.1"); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Failures of TLS and HTTP/2, which net/http tells its ErrorLog.
func TestRefusalsOfTLS(t *testing.T) {
	tlsConfig, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: tlsConfig})
	say(dial(t, s, "127.0.1.1"), good)
	say(dial(t, s, "127.0.1.2"), "\x16\x03\x01\x00\x05SECRET")
	c, _, _ := h2(t, s, "127.0.1.3")
	say(c, "\x00\x00\x00\x04\x00\x00\x00\x00\x07")                                                             // SETTINGS on a stream
	c = tls.Client(dial(t, s, "127.0.1.4"), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // the test's own server
	say(c, "SECRET / HTTP/1.1\r\nHost: SECRET\r\n\r\n")
	for as, want := range map[string]event.Event{
		"127.0.1.1": {Name: event.InputFail, Rule: "http-on-tls", Status: 400},
		"127.0.1.2": {Name: event.InputFail, Rule: "tls-handshake"},
		"127.0.1.3": {Name: event.InputFail, Rule: "http2"},
		"127.0.1.4": {Name: event.InputFail, Rule: "http2"},
	} {
		eventually(t, want.Rule, func() bool { return len(s.events.from(as)) > 0 })
		want.Address = netip.MustParseAddr(as)
		if got := s.events.from(as); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %+v, want %+v", as, got, want)
		}
	}
}

// A proxy is not named: who bans the addresses in a log would ban it for its clients.
func TestRefusalsOfProxies(t *testing.T) {
	s := serve(t, harden.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.1.0/24")}})
	say(dial(t, s, "127.0.1.1"), "SECRET\r\n\r\n")
	eventually(t, "an event", func() bool { return len(s.events.of("malformed-request")) > 0 })
	if got := s.events.of("malformed-request"); got[0].Address.IsValid() {
		t.Errorf("%+v", got)
	}
}

// syncBuffer is a bytes.Buffer for several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// flushed is a handler as package gen's server, which has counts of its own.
type flushed struct {
	http.Handler
	flushed bool
}

func (f *flushed) FlushEvents() { f.flushed = true }

// The log has the first 20 in full, and the count when the server stops at the latest. It has
// nothing of what clients sent, nor the values of panics.
func TestLogOfRefusals(t *testing.T) {
	var out syncBuffer
	handler := &flushed{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("SECRET")
		}
		w.WriteHeader(200)
		w.WriteHeader(201) // a complaint without an address
	})}
	srv, err := harden.New(harden.Config{Handler: handler, Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ln := listen(t, "127.0.0.1:0")
	s := &served{Server: srv, addr: ln.Addr().String()}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	for range 50 {
		say(dial(t, s, "127.0.1.1"), "SECRET\r\n\r\n")
	}
	say(dial(t, s, "127.0.1.2"), "GET /panic HTTP/1.1\r\nHost: x\r\n\r\n")
	say(dial(t, s, "127.0.1.2"), last)
	eventually(t, "the panic", func() bool { return strings.Contains(out.String(), "rule=panic") })
	eventually(t, "no connections", func() bool { return srv.Connections() == 0 })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	// The server may notice the end of the last connections after it has stopped: those are written
	// in full again.
	count := regexp.MustCompile(`rule=malformed-request .*count=(\d+)`)
	eventually(t, "50 events", func() bool {
		text, counted := out.String(), 0
		for _, m := range count.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			counted += n - 1
		}
		return strings.Count(text, "rule=malformed-request address=127.0.1.1 ")+counted == 50
	})
	text := out.String()
	if n := strings.Count(text, "rule=malformed-request"); n < 21 || n > 30 || len(count.FindAllString(text, -1)) != 1 {
		t.Errorf("%d lines: %s", n, text)
	}
	if !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "event=sys_crash rule=panic address=127.0.1.2 status=500") || strings.Count(text, "rule=net/http") != 1 {
		t.Errorf("the panic or the complaint is missing: %s", text)
	}
	if strings.Contains(text, "SECRET") {
		t.Errorf("the log has what clients sent: %s", text)
	}
	if !handler.flushed {
		t.Error("the handler's counts are not written when the server stops")
	}
}
