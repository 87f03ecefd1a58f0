package gen

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

// TestCanceledBeforeItBegins: the server calls no handler and encodes no answer for a client that has
// given up its request already, and takes the request out of those in flight.
func TestCanceledBeforeItBegins(t *testing.T) {
	t.Parallel()
	f := newFlight(t, runtime.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"/wait", "/long", "/nowhere"} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil).WithContext(ctx)
		r.ProtoMajor, r.ProtoMinor, r.Proto = 2, 0, "HTTP/2.0"
		f.ServeHTTP(rec, r)
		if rec.Code != 503 || rec.Body.Len() > 1000 {
			t.Errorf("%s: got %d with %d bytes, want 503", path, rec.Code, rec.Body.Len())
		}
		if got := f.events.last().Rule; got != "canceled" {
			t.Errorf("%s: got rule %q", path, got)
		}
	}
	if n := f.ledger.Requests(); n != 0 {
		t.Errorf("%d requests are in flight", n)
	}
	rec := httptest.NewRecorder()
	if f.ServeHTTP(rec, httptest.NewRequest("GET", "/long", nil)); rec.Code != 200 {
		t.Errorf("afterwards: %d", rec.Code)
	}
}

// TestHalfClosed: a client of HTTP/1 that closes its sending side behind the request gets its answer, although net/http
// ends the request's context when it meets the end.
func TestHalfClosed(t *testing.T) {
	t.Parallel()
	f := newFlight(t, runtime.Config{})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	rec := httptest.NewRecorder()
	if f.ServeHTTP(rec, httptest.NewRequest("GET", "/long", nil).WithContext(canceled)); rec.Code != 200 {
		t.Errorf("a context that has ended: %d", rec.Code)
	}
	server := httptest.NewServer(f)
	defer server.Close()
	for range 20 {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(conn, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
		if err == nil {
			err = conn.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != 200 {
			t.Errorf("got %v, %v", res, err)
		}
		conn.Close()
	}
}
