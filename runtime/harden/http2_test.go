package harden_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
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
