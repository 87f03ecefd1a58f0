package harden_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/harden"
)

// h2 opens a connection of HTTP/2, which is idle then, and returns the server's settings and the
// connection's window.
func h2(t *testing.T, s *served, as string) (c *tls.Conn, settings map[uint16]uint32, window uint32) {
	t.Helper()
	c = tls.Client(dial(t, s, as), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // the test's own server
	if _, err := io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	settings, window = map[uint16]uint32{}, 65535
	for read := false; !read || window == 65535; {
		kind, flags, payload := frame(t, c)
		switch {
		case kind == 8: // WINDOW_UPDATE
			window += binary.BigEndian.Uint32(payload)
		case kind == 4 && flags == 1: // the client's settings have been read
			read = true
		case kind == 4:
			for p := payload; len(p) >= 6; p = p[6:] {
				settings[binary.BigEndian.Uint16(p)] = binary.BigEndian.Uint32(p[2:])
			}
		}
	}
	return c, settings, window
}

// frame reads a frame of HTTP/2 (RFC 9113, 4.1).
func frame(t *testing.T, r io.Reader) (kind, flags byte, payload []byte) {
	t.Helper()
	var head [9]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		t.Fatal(err)
	}
	payload = make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
	if _, err := io.ReadFull(r, payload); err != nil {
		t.Fatal(err)
	}
	return head[3], head[4], payload
}

// TestHTTP2Settings: what a connection may make the server hold is what the client is told.
func TestHTTP2Settings(t *testing.T) {
	cfg, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: cfg})
	_, settings, window := h2(t, s, "127.0.0.2")
	for id, want := range map[uint16]uint32{
		1: 4096,         // SETTINGS_HEADER_TABLE_SIZE
		3: 100,          // SETTINGS_MAX_CONCURRENT_STREAMS
		4: 128 << 10,    // SETTINGS_INITIAL_WINDOW_SIZE
		5: 16 << 10,     // SETTINGS_MAX_FRAME_SIZE
		6: 16<<10 + 320, // SETTINGS_MAX_HEADER_LIST_SIZE, as net/http counts
	} {
		if settings[id] != want {
			t.Errorf("setting %d is %d, want %d", id, settings[id], want)
		}
	}
	if window != 256<<10 {
		t.Errorf("the connection's window is %d, want %d", window, 256<<10)
	}
}

// TestIdleHTTP2MakesRoom: a connection without streams is idle, ends with TLS's close_notify, and the
// new connection is served.
func TestIdleHTTP2MakesRoom(t *testing.T) {
	cfg, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: cfg, MaxConnections: 8, MaxConnectionsPerAddress: 2})
	first, _, _ := h2(t, s, "127.0.0.2")
	time.Sleep(5 * time.Millisecond)
	second, _, _ := h2(t, s, "127.0.0.2")
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, //nolint:gosec // the test's own server
		DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.2")}}).DialContext,
	}}
	defer client.CloseIdleConnections()
	var res *http.Response
	eventually(t, "a third connection", func() bool {
		var err error
		if res, err = client.Get("https://" + s.addr + "/"); err != nil {
			return false // the other two may still be opening
		}
		res.Body.Close()
		return true
	})
	if res.ProtoMajor != 2 {
		t.Errorf("HTTP/%d, want 2", res.ProtoMajor)
	}
	if _, err := io.Copy(io.Discard, first); err != nil {
		t.Errorf("the oldest idle connection ended with %v, want an orderly end", err)
	}
	_ = second.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := io.Copy(io.Discard, second); !isTimeout(err) {
		t.Errorf("the other one ended, too: %v", err)
	}
}

// The frames of HTTP/2 that the attacks below are made of (RFC 9113, 6).
const (
	frameHeaders      = 1
	frameReset        = 3
	frameGoAway       = 7
	frameContinuation = 9

	endStream  = 1
	endHeaders = 4
)

// request is the header block of GET /wait.
const request = "\x82\x87\x04\x05/wait\x01\x01x"

func appendFrame(b []byte, kind, flags byte, stream uint32, payload string) []byte {
	b = append(b, byte(len(payload)>>16), byte(len(payload)>>8), byte(len(payload)), kind, flags)
	return append(binary.BigEndian.AppendUint32(b, stream), payload...)
}

// goneAway reads until the server says that the connection ends, and returns why.
func goneAway(t *testing.T, c io.Reader) (code uint32) {
	t.Helper()
	for {
		var head [9]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			t.Fatalf("no GOAWAY: %v", err)
		}
		payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(c, payload); err != nil {
			t.Fatal(err)
		}
		if head[3] == frameGoAway {
			return binary.BigEndian.Uint32(payload[4:])
		}
	}
}

// TestRapidReset (CVE-2023-44487): streams that are reset as soon as they are begun get no more handlers
// than streams there may be, and the connection ends.
func TestRapidReset(t *testing.T) {
	cfg, _ := testTLS(t)
	h, waiting, release := blocked()
	defer release()
	s := serve(t, harden.Config{Handler: h, TLS: cfg})
	c, _, _ := h2(t, s, "127.0.0.2")
	var out []byte
	for i := range uint32(2000) {
		out = appendFrame(out, frameHeaders, endStream|endHeaders, 2*i+1, request)
		out = appendFrame(out, frameReset, 0, 2*i+1, "\x00\x00\x00\x08") // CANCEL
	}
	go c.Write(out) //nolint:errcheck // the server may not take all of it
	if code := goneAway(t, c); code != 11 {
		t.Errorf("the connection ended with code %d, want ENHANCE_YOUR_CALM", code)
	}
	if n := waiting(); n > 100 {
		t.Errorf("%d handlers, want at most 100", n)
	}
}

// TestContinuationFlood (CVE-2023-45288): a header that never ends ends the connection.
func TestContinuationFlood(t *testing.T) {
	cfg, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: cfg})
	c, _, _ := h2(t, s, "127.0.0.2")
	field := "\x00\x03abc\x7f\x80\x7f" + strings.Repeat("x", 127+16256) // a literal of 16,383 bytes, as text
	_, err := c.Write(appendFrame(nil, frameHeaders, endStream, 1, request))
	sent := 0
	for ; err == nil && sent < 4<<20; sent += len(field) {
		_, err = c.Write(appendFrame(nil, frameContinuation, 0, 1, field[:16000]))
	}
	if err == nil {
		t.Errorf("the server took %d bytes of one header", sent)
	}
	eventually(t, "no connection", func() bool { return s.Connections() == 0 })
}

// TestLongHeaderList: what HPACK makes of a few bytes counts, and not those.
func TestLongHeaderList(t *testing.T) {
	cfg, _ := testTLS(t)
	s := serve(t, harden.Config{TLS: cfg})
	c, _, _ := h2(t, s, "127.0.0.2")
	block := request + "\x40\x01a\x7f\x81\x1e" + strings.Repeat("x", 127+3841) // into the table: 4,000 bytes
	block += strings.Repeat("\xbe", 1000)                                      // a thousand times from it
	if _, err := c.Write(appendFrame(nil, frameHeaders, endStream|endHeaders, 1, block)); err != nil {
		t.Fatal(err)
	}
	for {
		kind, _, payload := frame(t, c)
		if kind == frameHeaders {
			if !strings.HasPrefix(string(payload[1:]), "\x03431") { // :status, as text
				t.Errorf("the answer begins with %q, want 431", payload)
			}
			return
		}
	}
}
