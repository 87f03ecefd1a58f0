package gen

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// wrapped is a ResponseWriter of a middleware.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// exchange sends a request as it is, and reads the answer to its end.
func exchange(t *testing.T, conn net.Conn, read *bufio.Reader, request string) *http.Response {
	t.Helper()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(read, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res
}

// TestLinger proves that a client that is still sending its body can read why it was refused: the connection is ended on the server's
// side first, and is not reset by what nobody has read.
func TestLinger(t *testing.T) {
	s, err := newServer(t, discard{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]http.Handler{
		"bare":       s,
		"middleware": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(wrapped{w}, r) }),
	} {
		for _, tt := range []struct {
			name, header string
			status       int
		}{
			{"length over the limit", "Authorization: Bearer ada\r\nContent-Length: 200000\r\n", 413},
			{"no caller", "Content-Length: 200000\r\n", 401},
		} {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				srv := httptest.NewServer(h)
				defer srv.Close()
				conn, err := net.Dial("tcp", srv.Listener.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				head := "PUT /users/ada/note HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\n" + tt.header + "\r\n"
				read := bufio.NewReader(conn)
				res := exchange(t, conn, read, head+strings.Repeat("x", 100_000))
				if res.StatusCode != tt.status || !res.Close {
					t.Errorf("%d, close %v", res.StatusCode, res.Close)
				}
				if _, err := read.ReadByte(); err != io.EOF {
					t.Errorf("after the answer: %v", err)
				}
				// What is still on its way does not break it.
				if _, err := io.WriteString(conn, strings.Repeat("x", 10_000)); err != nil {
					t.Errorf("the rest of the body: %v", err)
				}
			})
		}
	}
}

// TestShortBody proves that a short body that is not wanted does not cost the connection, and that one that never comes does.
func TestShortBody(t *testing.T) {
	s, err := newServer(t, discard{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	const head = "PUT /users/ada/note HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\n"
	for name, tt := range map[string]struct {
		send   string
		closes bool
	}{
		"no caller": {head + "Content-Length: 16\r\n\r\n" + `{"text":"hello"}`, false},
		"another media type": {"PUT /users/ada/note HTTP/1.1\r\nHost: api.example\r\nContent-Type: text/plain\r\nAuthorization: Bearer ada\r\nContent-Length: 5\r\n\r\nhello",
			false},
		"too long for the operation": {head + "Authorization: Bearer ada\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", 1000), false},
		"it never comes":             {head + "Content-Length: 16\r\n\r\n", true},
		"it is not asked for":        {head + "Content-Length: 16\r\nExpect: 100-continue\r\n\r\n", true},
		"its length is not said":     {head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			read := bufio.NewReader(conn)
			for i := range 2 {
				res := exchange(t, conn, read, tt.send)
				if res.StatusCode < 400 || res.StatusCode >= 500 || res.Close != tt.closes {
					t.Errorf("request %d: %d, close %v", i, res.StatusCode, res.Close)
				}
				if res.Close {
					return
				}
			}
		})
	}
}

// plain is a ResponseWriter that can nothing else, and has no Unwrap.
type plain struct{ w http.ResponseWriter }

func (p plain) Header() http.Header         { return p.w.Header() }
func (p plain) WriteHeader(status int)      { p.w.WriteHeader(status) }
func (p plain) Write(b []byte) (int, error) { return p.w.Write(b) }

// TestShortBodyAround proves what middleware may do: hide what the ResponseWriter can, and read the body first and take its time.
func TestShortBodyAround(t *testing.T) {
	s, err := newServer(t, discard{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ended []error
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("X-Around") {
		case "plain":
			s.ServeHTTP(plain{w}, r)
		case "reads":
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.ServeHTTP(w, r)
			time.Sleep(discardTime + 200*time.Millisecond)
			ended = append(ended, r.Context().Err())
		}
	}))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	read := bufio.NewReader(conn)
	ask := func(around, body string) *http.Response {
		head := "PUT /users/ada/note HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\nContent-Length: 16\r\nX-Around: " + around + "\r\n\r\n"
		return exchange(t, conn, read, head+body)
	}
	for range 2 {
		if res := ask("reads", `{"text":"hello"}`); res.StatusCode != 401 || res.Close {
			t.Errorf("a body that was read: %d, close %v", res.StatusCode, res.Close)
		}
	}
	if res := ask("plain", ""); res.StatusCode != 401 || !res.Close {
		t.Errorf("a plain writer: %d, close %v", res.StatusCode, res.Close)
	}
	conn.Close() // its body is not waited for
	srv.Close()
	for _, err := range ended {
		if err != nil {
			t.Errorf("the request's context: %v", err)
		}
	}
}
