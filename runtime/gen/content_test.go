package gen

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// seen answers 200 where a request has a body, and 204 where it has none.
type seen struct{ has bool }

func newContentServer(t testing.TB) *httptest.Server {
	t.Helper()
	steps := Steps[*seen, Empty]{
		New:  func(*Call) *seen { return new(seen) },
		Body: func(_ *Call, v *seen) { v.has = true },
		Call: NoResult(func(context.Context, *seen) error { return nil }),
	}
	read := func(of func(*Call, *seen)) Steps[*seen, Empty] {
		s := steps
		s.Body = func(c *Call, v *seen) { v.has = true; of(c, v) }
		s.New = func(c *Call) *seen { return new(seen) }
		s.Encode = func(c *Call, _ Empty) {
			if c.in.hasBody {
				c.ReplyEmpty(200)
				return
			}
			c.ReplyEmpty(204)
		}
		return s
	}
	json := read(func(c *Call, _ *seen) { d := c.JSON(); d.Raw(); d.End() })
	text := read(func(c *Call, _ *seen) { _ = c.Text() })
	stream := read(func(c *Call, _ *seen) { _, _ = io.ReadAll(c.Stream()) })
	form := read(func(c *Call, _ *seen) { p := c.Parts(); _ = p.Next() })
	none := read(func(*Call, *seen) {})
	none.Body = nil
	s, err := newServer(t, discard{}, func(b *Builder, _ *Operation) {
		for _, m := range []string{"GET", "POST", "DELETE"} {
			Mount(b, &Operation{ID: "none" + m, Method: m, Path: "/none", Access: Public("a test")}, none)
			Mount(b, &Operation{ID: "drop" + m, Method: m, Path: "/drop", Access: Public("a test"), Unknown: param.Drop}, none)
			for path, kind := range map[string]string{"json": "application/json", "old": "text/json", "text": "text/plain", "stream": "application/octet-stream", "parts": "multipart/form-data"} {
				how := map[string]Steps[*seen, Empty]{"json": json, "old": json, "text": text, "stream": stream, "parts": form}[path]
				Mount(b, &Operation{ID: path + m, Method: m, Path: "/" + path, Access: Public("a test"), Consumes: []string{kind}}, how)
				Mount(b, &Operation{ID: path + m + "2", Method: m, Path: "/" + path + "/required", Access: Public("a test"), Consumes: []string{kind}, BodyRequired: true}, how)
			}
		}
		Mount(b, &Operation{ID: "short", Method: "POST", Path: "/short", Access: Public("a test"), Unknown: param.Drop, Limits: Limits{Body: 8}}, none)
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(s)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

// contentCases are requests without content, and with some, in a framing that does not say how long it is.
var contentCases = []struct {
	path, kind, body string
	status           int
}{
	{"/none", "", "", 204},
	{"/none", "application/json", "", 204},
	{"/none", "application/json", "{}", 400},
	{"/none", "", "x", 400},
	{"/drop", "", "", 204},
	{"/drop", "application/json", "{}", 200}, // the test's handler sees that there was one, and not more
	{"/drop", "text/plain", strings.Repeat("x", shortBody), 200},
	{"/drop", "text/plain", strings.Repeat("x", shortBody+1), 413},
	{"/short", "", "12345678", 200},
	{"/short", "", "123456789", 413},
	{"/json", "", "", 204},
	{"/json", "application/json", "", 204},
	{"/json", "text/plain", "", 204},
	{"/json", "application/json", "{}", 200},
	{"/json", "text/plain", "{}", 415},
	{"/json", "", "{}", 415},
	{"/json", "application/json", "{", 400},
	{"/json/required", "", "", 400},
	{"/json/required", "application/json", "", 400},
	{"/json/required", "application/json", "[1]", 200},
	{"/old", "text/json", "", 204},
	{"/old", "text/json", "{}", 200},
	{"/old/required", "text/json", "", 400},
	{"/text", "", "", 204},
	{"/text", "text/plain", "", 200}, // a text can be empty
	{"/text", "text/plain", "a", 200},
	{"/text/required", "", "", 400},
	{"/text/required", "text/plain", "", 200},
	{"/stream", "", "", 204},
	{"/stream", "application/octet-stream", "", 200},
	{"/stream", "application/octet-stream", "abc", 200},
	{"/parts", "", "", 204},
	{"/parts", "multipart/form-data; boundary=b", "", 204},
	{"/parts", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\n", 200},
	{"/parts/required", "multipart/form-data; boundary=b", "", 400},
}

// TestNoContent proves that a message of no octets is one without a body in every framing: in chunks, with a length, and over
// HTTP/2 with the end of the stream behind its header.
func TestNoContent(t *testing.T) {
	srv := newContentServer(t)
	h1 := httptest.NewServer(srv.Config.Handler)
	defer h1.Close()
	for _, tt := range contentCases {
		methods := []string{"GET", "POST", "DELETE"}
		if tt.path == "/short" {
			methods = methods[1:2]
		}
		for _, method := range methods {
			for name, header := range map[string]string{"chunked": "Transfer-Encoding: chunked\r\n", "length": "Content-Length: " + strconv.Itoa(len(tt.body)) + "\r\n"} {
				conn, err := net.Dial("tcp", h1.Listener.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				content := tt.body
				if name == "chunked" {
					content = "0\r\n\r\n"
					if tt.body != "" {
						content = strconv.FormatInt(int64(len(tt.body)), 16) + "\r\n" + tt.body + "\r\n" + content
					}
				}
				if tt.kind != "" {
					header += "Content-Type: " + tt.kind + "\r\n"
				}
				read := bufio.NewReader(conn)
				res := exchange(t, conn, read, method+" "+tt.path+" HTTP/1.1\r\nHost: api.example\r\n"+header+"\r\n"+content)
				if res.StatusCode != tt.status {
					t.Errorf("%s %s %q in %s: %d, want %d", method, tt.path, tt.body, name, res.StatusCode, tt.status)
				}
				if name == "chunked" {
					if _, err := read.ReadByte(); !res.Close || err != io.EOF {
						t.Errorf("%s %s %q in %s: the connection stays open (%v)", method, tt.path, tt.body, name, err)
					}
				} else if !res.Close { // what follows is the next request, and nothing of this one
					if res := exchange(t, conn, read, "GET /open HTTP/1.1\r\nHost: api.example\r\n\r\n"); res.StatusCode != 204 {
						t.Errorf("%s %s %q: the next request: %d", method, tt.path, tt.body, res.StatusCode)
					}
				} else if res.StatusCode < 400 {
					t.Errorf("%s %s %q: the connection ends", method, tt.path, tt.body)
				}
				conn.Close()
			}
			req, err := http.NewRequest(method, srv.URL+tt.path, io.NopCloser(io.MultiReader(strings.NewReader(tt.body))))
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = -1
			if tt.kind != "" {
				req.Header.Set("Content-Type", tt.kind)
			}
			res, err := srv.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tt.status || res.ProtoMajor != 2 {
				t.Errorf("%s %s %q over %s: %d, want %d", method, tt.path, tt.body, res.Proto, res.StatusCode, tt.status)
			}
		}
	}
}

// TestContinueWithoutLength proves that a client that waits for 100 Continue gets it before its content is looked for.
func TestContinueWithoutLength(t *testing.T) {
	h1 := httptest.NewServer(newContentServer(t).Config.Handler)
	defer h1.Close()
	for content, status := range map[string]int{"0\r\n\r\n": 204, "2\r\n{}\r\n0\r\n\r\n": 400} {
		conn, err := net.Dial("tcp", h1.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		read := bufio.NewReader(conn)
		res := exchange(t, conn, read, "POST /none HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
		if res.StatusCode != 100 {
			t.Fatalf("%d, want 100", res.StatusCode)
		}
		if res = exchange(t, conn, read, content); res.StatusCode != status {
			t.Errorf("%q: %d, want %d", content, res.StatusCode, status)
		}
		conn.Close()
	}
}

// TestContentThatNeverComes proves that a client which says that chunks follow, and sends none, is held by the time of a body.
func TestContentThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := newServer(t, discard{}, func(b *Builder, _ *Operation) {
			Mount(b, &Operation{ID: "slow", Method: "GET", Path: "/slow", Access: Public("a test"), Limits: Limits{Timeout: time.Minute}}, noteOpen)
			Mount(b, &Operation{ID: "quick", Method: "GET", Path: "/quick", Access: Public("a test"), Limits: Limits{Timeout: time.Second}}, noteOpen)
		})
		if err != nil {
			t.Fatal(err)
		}
		for path, most := range map[string]time.Duration{"/slow": stallTime, "/quick": time.Second} {
			body := &slowBody{ResponseRecorder: httptest.NewRecorder(), pieces: []string{"never"}, pause: time.Hour}
			r := httptest.NewRequest("GET", path, body)
			r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
			start := time.Now()
			s.ServeHTTP(body, r)
			if took := time.Since(start); body.Code != 408 || took != most {
				t.Errorf("%s: %d after %v, want 408 after %v", path, body.Code, took, most)
			}
		}
	})
}
