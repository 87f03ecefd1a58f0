package gen

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// TestWindowOfZero: a connection of HTTP/2 that lets no byte of an answer come (RFC 9113, 6.9.2) holds
// its share of requests and a few refusals. Its further streams are reset, and none of it is left
// when it ends.
func TestWindowOfZero(t *testing.T) {
	f := newFlight(t, runtime.Config{MaxRequestsPerAddress: 20})
	url, _ := f.serve(t, true)
	c, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // the test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	var out bytes.Buffer
	out.WriteString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00") // SETTINGS_INITIAL_WINDOW_SIZE is 0
	const streams, block = 60, "\x82\x87\x04\x05/long\x01\x01x"
	for i := range streams {
		out.Write([]byte{0, 0, byte(len(block)), 1, 5, 0, 0, 0, byte(2*i + 1)}) // HEADERS
		out.WriteString(block)
	}
	if _, err := c.Write(out.Bytes()); err != nil {
		t.Fatal(err)
	}
	for resets := 0; resets < streams-20-6; { // a quarter of 20 and one more are answered
		var head [9]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			t.Fatalf("after %d resets: %v", resets, err)
		}
		payload := make([]byte, binary.BigEndian.Uint32(append([]byte{0}, head[:3]...)))
		if _, err := io.ReadFull(c, payload); err != nil {
			t.Fatal(err)
		}
		if head[3] == 3 {
			resets++
		}
	}
	eventually(t, "20 requests and 6 refusals in flight", func() bool { return f.ledger.Requests() == 26 })
	eventually(t, "20 answers of 200 KiB held", func() bool { return f.ledger.Bytes(inflight.Memory) >= 20*200<<10 })
	c.Close()
	f.empty(t)
}
