package gen

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	goruntime "runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// text is the request and the answer of the operations here.
type text struct {
	s    string
	list []string
}

// flight is a server whose requests are counted by themselves.
type flight struct {
	*Server
	events  *events
	waiting atomic.Int64
	free    chan struct{} // ends the handlers that wait
}

// newFlight builds a server that has POST /text (any text, and the answer is empty), GET /wait (until
// free is closed), GET /long (an answer of 200 KiB), GET /panic, POST /form, and POST
// /list (texts, and it waits).
func newFlight(t *testing.T, cfg runtime.Config) *flight {
	t.Helper()
	f := &flight{events: &events{}, free: make(chan struct{})}
	cfg.Log, cfg.Events = slog.New(slog.DiscardHandler), f.events
	b := New(Setup{Title: "test", Config: cfg})
	operation := func(method, path string, consumes ...string) *Operation {
		return &Operation{ID: path, Method: method, Path: path, Access: Public("a test"), Consumes: consumes, Limits: Limits{Timeout: 20 * time.Second}}
	}
	mount := func(op *Operation, body func(*Call, *text), call func(context.Context, *text) error, answer string) {
		Mount(b, op, Steps[*text, Empty]{
			New:  func(*Call) *text { return new(text) },
			Body: body,
			Call: NoResult(call),
			Encode: func(c *Call, _ Empty) {
				c.Body = append(c.Body, answer...)
				c.Reply(200, "text/plain")
			},
		})
	}
	nothing := func(context.Context, *text) error { return nil }
	mount(operation("POST", "/text", "text/plain"), func(c *Call, v *text) { v.s = c.Text() }, nothing, "ok")
	wait := func(context.Context, *text) error {
		f.waiting.Add(1)
		defer f.waiting.Add(-1)
		<-f.free
		return nil
	}
	mount(operation("GET", "/wait"), nil, wait, "ok")
	mount(operation("POST", "/list", "application/json"), func(c *Call, v *text) {
		d := c.JSON()
		wire.Array(d, &v.list, -1, wire.DecodeString)
		d.End()
	}, wait, "ok")
	mount(operation("GET", "/long"), nil, nothing, strings.Repeat("x", 200<<10))
	mount(operation("GET", "/panic"), nil, func(context.Context, *text) error { panic("x") }, "")
	mount(operation("POST", "/form", "multipart/form-data"), func(c *Call, v *text) {
		p := c.Parts()
		for p.Next() {
			if p.Name() == "file" {
				p.File(-1)
			} else {
				v.s += p.Text()
			}
		}
	}, nothing, "ok")
	var err error
	if f.Server, err = b.Server(); err != nil {
		t.Fatal(err)
	}
	f.ledger = inflight.New()
	return f
}

// empty waits until nothing is held any more.
func (f *flight) empty(t *testing.T) {
	t.Helper()
	eventually(t, "nothing held", func() bool {
		return f.ledger.Requests() == 0 && f.ledger.Bytes(inflight.Memory) == 0 && f.ledger.Bytes(inflight.Disk) == 0 && f.ledger.Clients() == 0
	})
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

// serve starts it, and returns clients of other addresses of the loopback network.
func (f *flight) serve(t *testing.T, h2 bool) (url string, as func(addr string) *http.Client) {
	t.Helper()
	srv := httptest.NewUnstartedServer(f)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Config.HTTP2 = &http.HTTP2Config{MaxReadFrameSize: 16 << 10} // as harden has it; clients have a buffer of a frame for each stream
	if srv.EnableHTTP2 = h2; h2 {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	base := srv.Client().Transport.(*http.Transport)
	return srv.URL, func(addr string) *http.Client {
		tr := base.Clone()
		tr.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(addr)}}).DialContext
		t.Cleanup(tr.CloseIdleConnections)
		return &http.Client{Transport: tr, Timeout: 20 * time.Second}
	}
}

// ask sends one request to the handler without a connection.
func (f *flight) ask(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// waits sends n requests that wait, and returns when they do.
func (f *flight) waits(t *testing.T, n int, request func() *http.Request) {
	t.Helper()
	before := f.waiting.Load()
	for range n {
		go f.ask(request())
	}
	eventually(t, "requests that wait", func() bool { return f.waiting.Load() == before+int64(n) })
}

func TestRequestsInFlight(t *testing.T) {
	f := newFlight(t, runtime.Config{MaxRequests: 12, MaxRequestsPerAddress: 4, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	from := func(remote, forwarded, path string) *http.Request {
		r := httptest.NewRequest("GET", path, nil)
		if r.RemoteAddr = remote; forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		return r
	}
	expect := func(name string, r *http.Request, status int, rule string) { // 405 where there is room
		t.Helper()
		w := f.ask(r)
		e := f.events.last()
		if w.Code != status || e.Rule != rule || status == 503 && w.Header().Get("Retry-After") != "5" {
			t.Errorf("%s: %d, event %q; want %d, %q; Retry-After %q", name, w.Code, e.Rule, status, rule, w.Header().Get("Retry-After"))
		}
	}
	f.waits(t, 4, func() *http.Request { return from("10.0.0.1:5", "2001:db8::1", "/wait") })
	expect("the same client", from("10.0.0.1:5", "2001:db8::1", "/text"), 503, "requests-per-address")
	if e := f.events.last(); e.Name != event.RateLimit || e.Address != netip.MustParseAddr("2001:db8::1") {
		t.Errorf("event %+v", e)
	}
	expect("its /64", from("[2001:db8::2]:5", "", "/text"), 503, "requests-per-address")
	expect("another /64, behind the same proxy", from("10.0.0.1:5", "2001:db8:0:1::1", "/text"), 405, "method")
	f.waits(t, 6, func() *http.Request { return from("10.0.0.1:5", "", "/wait") }) // the proxy itself has no share
	f.waits(t, 2, func() *http.Request { return from("@", "", "/wait") })          // nor has a Unix socket
	expect("everybody else", from("192.0.2.1:5", "", "/text"), 503, "requests")
	if e := f.events.last(); e.Name != event.Unavailable {
		t.Errorf("event %+v", e)
	}
	close(f.free)
	f.empty(t)
	expect("afterwards", from("[2001:db8::2]:5", "", "/text"), 405, "method")
	f.empty(t)
}

// TestRequestFlood: when even the refusals are too many, a request is not answered.
func TestRequestFlood(t *testing.T) {
	f := newFlight(t, runtime.Config{MaxRequests: 4, MaxRequestsPerAddress: 4})
	f.waits(t, 4, func() *http.Request { return httptest.NewRequest("GET", "/wait", nil) })
	stalled := make(chan struct{})
	for range 2 { // two refusals whose clients do not read
		go f.ServeHTTP(&slowWriter{httptest.NewRecorder(), stalled}, httptest.NewRequest("GET", "/wait", nil))
	}
	eventually(t, "two refusals", func() bool { return f.ledger.Requests() == 6 })
	func() {
		defer func() {
			if v := recover(); v != http.ErrAbortHandler {
				t.Errorf("the seventh request: %v, want an end without an answer", v)
			}
		}()
		f.ask(httptest.NewRequest("GET", "/wait", nil))
	}()
	if n := f.ledger.Requests(); n != 6 {
		t.Errorf("%d requests in flight, want 6", n)
	}
	close(stalled)
	close(f.free)
	f.empty(t)
}

// slowWriter is a client who does not read.
type slowWriter struct {
	*httptest.ResponseRecorder
	until chan struct{}
}

func (w *slowWriter) Write(b []byte) (int, error) {
	<-w.until
	return w.ResponseRecorder.Write(b)
}

// stall yields a text, and then nothing until it is told to end.
type stall struct {
	r    io.Reader
	stop chan struct{}
}

func (s *stall) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err == io.EOF {
		<-s.stop
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// TestRedteamHTTP2Streams: a hundred bodies of one connection that stop before their end hold no more than
// the share of its address; the rest is refused, and another address is served. The same over
// HTTP/1, with a connection each.
func TestRedteamHTTP2Streams(t *testing.T) {
	const share = 8 << 20
	for name, h2 := range map[string]bool{"HTTP/1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			f := newFlight(t, runtime.Config{BodyMemory: 8 * share})
			url, as := f.serve(t, h2)
			body := strings.Repeat("a", 1_000_000)
			stop := make(chan struct{})
			statuses := make(chan int, 100)
			flood := as("127.0.0.2")
			before := heap()
			for range cap(statuses) {
				go func() {
					r, _ := http.NewRequest("POST", url+"/text", &stall{strings.NewReader(body), stop})
					r.ContentLength = 1 << 20
					r.Header.Set("Content-Type", "text/plain")
					res, err := flood.Do(r)
					if err != nil {
						statuses <- 0
						return
					}
					statuses <- res.StatusCode
					res.Body.Close() // over HTTP/2 it waits for the request's body
				}()
			}
			for range cap(statuses) - share/1_000_000 { // those are refused
				select {
				case status := <-statuses:
					if status != 503 && status != 0 { // 0: the connection ended while it was sending
						t.Fatalf("status %d, want 503", status)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("%d requests are still in flight", f.ledger.Requests())
				}
				if n := f.ledger.Bytes(inflight.Memory); n > share+share/2 { // what is refused is charged for a moment
					t.Fatalf("one address holds %d bytes, want at most %d", n, share)
				}
			}
			eventually(t, "the bound", func() bool { return f.ledger.Bytes(inflight.Memory) <= share })
			if held := f.ledger.Requests(); held < 4 {
				t.Errorf("%d bodies are held, want about %d", held, share/1_000_000)
			}
			if more := heap() - before; more > 6*share {
				t.Errorf("the heap has %d MiB more than before, and %d are charged", more>>20, f.ledger.Bytes(inflight.Memory)>>20)
			}
			res, err := as("127.0.0.3").Post(url+"/text", "text/plain", strings.NewReader(body))
			if err != nil || res.StatusCode != 200 {
				t.Errorf("another address: %v, %v", res, err)
			}
			if err == nil {
				res.Body.Close()
			}
			if got := f.events.of("body-memory-per-address"); got.Address != netip.MustParseAddr("127.0.0.2") || got.Name != event.RateLimit {
				t.Errorf("event %+v", got)
			}
			close(stop)
			f.empty(t)
		})
	}
}

func (e *events) of(rule string) event.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.list {
		if ev.Rule == rule {
			return ev
		}
	}
	return event.Event{}
}

// TestPromises: a client who says that a long body follows, and sends nothing of it, is charged
// little.
func TestPromises(t *testing.T) {
	f := newFlight(t, runtime.Config{})
	url, _ := f.serve(t, false)
	const n = 20
	for range n {
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1048576\r\n\r\n")
	}
	eventually(t, "all requests", func() bool { return f.ledger.Bytes(inflight.Memory) == n*chunkSize })
	if got := f.ledger.Bytes(inflight.Memory); got > n*chunkSize {
		t.Errorf("%d bytes are charged", got)
	}
}

// TestNothingIsLeft: whatever becomes of a request, what it held is given back.
func TestNothingIsLeft(t *testing.T) {
	f := newFlight(t, runtime.Config{SpoolDir: t.TempDir()})
	url, as := f.serve(t, false)
	client := as("127.0.0.2")
	form := func(name, content string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n--b--\r\n"
	}
	for _, tt := range []struct {
		name, path, kind, body string
		status                 int
	}{
		{"short", "/text", "text/plain", "hello", 200},
		{"long", "/text", "text/plain", strings.Repeat("x", 300_000), 200},
		{"too long", "/text", "text/plain", strings.Repeat("x", 2<<20), 413},
		{"not UTF-8", "/text", "text/plain", strings.Repeat("\xff", 100_000), 400},
		{"a field", "/form", "multipart/form-data; boundary=b", form("x", "hello"), 200},
		{"a long field", "/form", "multipart/form-data; boundary=b", form("x", strings.Repeat("x", 100_000)), 200},
		{"a short file", "/form", "multipart/form-data; boundary=b", form("file", "hello"), 200},
		{"a long file", "/form", "multipart/form-data; boundary=b", form("file", strings.Repeat("x", 300_000)), 200},
		{"a form that breaks off", "/form", "multipart/form-data; boundary=b", form("file", strings.Repeat("x", 300_000))[:200_000], 400},
		{"a panic", "/panic", "", "", 500},
		{"a long answer", "/long", "", "", 200},
		{"no operation", "/nothing", "", "", 404},
	} {
		method, body := "POST", io.Reader(strings.NewReader(tt.body))
		if tt.kind == "" {
			method, body = "GET", nil
		}
		r, err := http.NewRequest(method, url+tt.path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", tt.kind)
		res, err := client.Do(r)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, res.StatusCode, tt.status)
		}
		f.empty(t)
	}
}

// TestAnswersThatNobodyReads count: after a share of them, the address gets nothing more.
func TestAnswersThatNobodyReads(t *testing.T) {
	f := newFlight(t, runtime.Config{BodyMemory: 8 << 20, BodyMemoryPerAddress: 4 << 20})
	stalled := make(chan struct{})
	long := func() *http.Request { return httptest.NewRequest("GET", "/long", nil) }
	n := 0
	for ; n < 50; n++ {
		before := f.ledger.Bytes(inflight.Memory)
		if before >= 4<<20 {
			break
		}
		go f.ServeHTTP(&slowWriter{httptest.NewRecorder(), stalled}, long())
		eventually(t, "an answer", func() bool { return f.ledger.Bytes(inflight.Memory) > before })
	}
	if n > 4<<20/(200<<10)+1 {
		t.Errorf("%d answers of 200 KiB are held within 4 MiB", n)
	}
	if w := f.ask(long()); w.Code != 503 || f.events.last().Rule != "body-memory-per-address" {
		t.Errorf("one more: %d, %q", w.Code, f.events.last().Rule)
	}
	close(stalled)
	f.empty(t)
}

// TestRefusalsCanBeRead: who is refused for lack of room while sending a body reads why.
func TestRefusalsCanBeRead(t *testing.T) {
	f := newFlight(t, runtime.Config{MaxRequestsPerAddress: 1})
	url, _ := f.serve(t, false)
	f.waits(t, 1, func() *http.Request {
		r := httptest.NewRequest("GET", "/wait", nil)
		r.RemoteAddr = "127.0.0.1:5"
		return r
	})
	defer close(f.free)
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" {
		t.Errorf("status %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

// heap is how many bytes of the heap are in use.
func heap() uint64 {
	goruntime.GC()
	goruntime.GC() // pools keep for one
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc
}
