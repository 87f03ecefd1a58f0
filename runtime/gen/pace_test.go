package gen

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bailey-go/bailey/runtime"
)

// slowBody is a client's side of a body: pieces, each after a pause. Like a connection it fails at
// the deadline that is set when it waits, and it sets deadlines as a ResponseWriter.
type slowBody struct {
	*httptest.ResponseRecorder
	pieces   []string
	pause    time.Duration
	deadline time.Time
	set      int
	here     bool // the rest of a piece that has come waits for nobody
}

func (b *slowBody) SetReadDeadline(t time.Time) error {
	b.deadline = t
	b.set++
	return nil
}

func (b *slowBody) Read(p []byte) (int, error) {
	if len(b.pieces) == 0 {
		return 0, io.EOF
	}
	if left := time.Until(b.deadline); !b.here && !b.deadline.IsZero() && left < b.pause {
		time.Sleep(left)
		return 0, os.ErrDeadlineExceeded
	}
	if !b.here {
		time.Sleep(b.pause)
	}
	n := copy(p, b.pieces[0])
	if b.pieces[0], b.here = b.pieces[0][n:], true; b.pieces[0] == "" {
		b.pieces, b.here = b.pieces[1:], false
	}
	return n, nil
}

func (b *slowBody) Close() error { return nil }

// TestSlowBodies: a body may pause for less than stallTime, as long as the request has time; one that
// stops is given up, and its memory given back.
func TestSlowBodies(t *testing.T) {
	piece := strings.Repeat("x", 1000)
	part := "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nx\r\n"
	for _, tt := range []struct {
		name, path, kind string
		pieces           []string
		pause            time.Duration
		status           int
		after            time.Duration // at most
	}{
		{"quick", "/text", "text/plain", []string{piece, piece}, 0, 200, 0},
		{"with pauses", "/text", "text/plain", []string{piece, piece, piece}, 5 * time.Second, 200, 15 * time.Second},
		{"stops", "/text", "text/plain", []string{piece, piece}, time.Minute, 408, stallTime},
		{"drop by drop", "/text", "text/plain", strings.Split(piece, ""), 3 * time.Second, 408, 20 * time.Second},
		{"parts with pauses", "/form", "multipart/form-data; boundary=b", []string{part, part, "--b--\r\n"}, 5 * time.Second, 200, 15 * time.Second},
		{"parts that stop", "/form", "multipart/form-data; boundary=b", []string{part, "--b--\r\n"}, time.Minute, 408, stallTime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFlight(t, runtime.Config{SpoolDir: t.TempDir()})
				b := &slowBody{ResponseRecorder: httptest.NewRecorder(), pieces: tt.pieces, pause: tt.pause}
				r := httptest.NewRequest("POST", tt.path, nil)
				r.Body, r.ContentLength = b, -1
				r.Header.Set("Content-Type", tt.kind)
				start := time.Now()
				f.ServeHTTP(b, r)
				took := time.Since(start)
				if b.Code != tt.status || took > tt.after {
					t.Errorf("%d after %v, want %d after at most %v", b.Code, took, tt.status, tt.after)
				}
				if until := start.Add(20 * time.Second); tt.status == 200 && !b.deadline.Equal(until) {
					t.Errorf("the deadline behind the body is %v, want the request's", b.deadline.Sub(start))
				}
				if most := int(took/time.Second) + 3; b.set > most {
					t.Errorf("the deadline was moved %d times in %v", b.set, took)
				}
				f.empty(t)
			})
		})
	}
}

var _ http.ResponseWriter = (*slowBody)(nil)

// slowReader is a client who takes pieces of an answer, each after a pause.
type slowReader struct {
	*httptest.ResponseRecorder
	pause    time.Duration
	deadline time.Time
	took     int
}

func (r *slowReader) SetWriteDeadline(t time.Time) error { r.deadline = t; return nil }

func (r *slowReader) Write(b []byte) (int, error) {
	if left := time.Until(r.deadline); !r.deadline.IsZero() && left < r.pause {
		time.Sleep(left)
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(r.pause)
	r.took += len(b)
	return len(b), nil
}

// TestSlowReaders: a client has writeTime for each piece of a long answer, and the server's
// WriteTimeout for all of it.
func TestSlowReaders(t *testing.T) {
	for _, tt := range []struct {
		name    string
		pause   time.Duration
		timeout time.Duration // of the server
		whole   bool
		after   time.Duration
	}{
		{"quick", 0, time.Minute, true, 0},
		{"slow", 10 * time.Second, time.Minute, true, 40 * time.Second}, // four pieces of 200 KiB
		{"slow, of a server without a time-out", 10 * time.Second, 0, true, 40 * time.Second},
		{"too slow", 10 * time.Second, 25 * time.Second, false, 25 * time.Second},
		{"takes nothing", time.Hour, time.Minute, false, writeTime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFlight(t, runtime.Config{})
				w := &slowReader{ResponseRecorder: httptest.NewRecorder(), pause: tt.pause}
				ctx := context.WithValue(t.Context(), http.ServerContextKey, &http.Server{WriteTimeout: tt.timeout}) //nolint:gosec // never started
				start := time.Now()
				f.ServeHTTP(w, httptest.NewRequest("GET", "/long", nil).WithContext(ctx))
				if took := time.Since(start); (w.took == 200<<10) != tt.whole || took != tt.after {
					t.Errorf("%d bytes after %v, want whole %v after %v", w.took, took, tt.whole, tt.after)
				}
				f.empty(t)
			})
		})
	}
}
