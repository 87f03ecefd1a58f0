package gen_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/harden"
)

// TestFloodServer is the server of TestFloods, in a process of its own.
func TestFloodServer(t *testing.T) {
	if os.Getenv("BAILEY_FLOOD_SERVER") == "" {
		t.Skip("it is started by TestFloods")
	}
	quiet := slog.New(slog.DiscardHandler)
	b := gen.New(gen.Setup{Title: "flood", Config: runtime.Config{Log: quiet}})
	mount := func(method, path, answer string, body func(*gen.Call, *string)) {
		op := &gen.Operation{ID: path, Method: method, Path: path, Access: gen.Public("a test")}
		if body != nil {
			op.Consumes = []string{"application/json"}
		}
		gen.Mount(b, op, gen.Steps[*string, gen.Empty]{
			New:  func(*gen.Call) *string { return new(string) },
			Body: body,
			Call: gen.NoResult(func(context.Context, *string) error { return nil }),
			Encode: func(c *gen.Call, _ gen.Empty) {
				c.Body = append(c.Body, answer...)
				c.Reply(200, "text/plain")
			},
		})
	}
	mount("POST", "/text", "ok", func(c *gen.Call, s *string) { d := c.JSON(); *s = d.String(); d.End() })
	mount("GET", "/long", strings.Repeat("x", 1<<20), nil)
	server, err := b.Server()
	if err != nil {
		t.Fatal(err)
	}
	borrowed := httptest.NewTLSServer(nil) // for its certificate
	certificates := borrowed.TLS.Certificates
	borrowed.Close()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/goroutines" {
			fmt.Fprint(w, goruntime.NumGoroutine())
			return
		}
		server.ServeHTTP(w, r)
	})
	s, err := harden.New(harden.Config{Handler: h, Log: quiet, TLS: &tls.Config{Certificates: certificates}})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("address %s\n", ln.Addr())
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); cancel() }() // ends with its parent
	if err := s.Serve(ctx, ln); err != nil {
		t.Fatal(err)
	}
}

// target is the server in its process.
type target struct {
	addr string
	pid  int
}

// rss is the resident memory of the process in MiB.
func (s *target) rss(t *testing.T) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	kib, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib / 1024
}

// from dials from an address of the loopback network.
func from(addr string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(addr)}, Timeout: 10 * time.Second}
}

var insecure = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the test's own server

// goroutines asks the server, from an address that takes part in no flood.
func (s *target) goroutines(t *testing.T) int {
	t.Helper()
	c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: insecure, DialContext: from("127.0.0.1").DialContext, DisableKeepAlives: true}}
	res, err := c.Get("https://" + s.addr + "/goroutines")
	for range 4 { // TLS and a header have 5 s, and the flood and its clients share the machine
		if err == nil {
			break
		}
		t.Logf("another address is not served: %v", err)
		res, err = c.Get("https://" + s.addr + "/goroutines")
	}
	if err != nil {
		t.Fatal("another address is not served")
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	n, _ := strconv.Atoi(string(text))
	return n
}

// bodies sends n bodies of a million bytes that stop before their end, each over a connection of
// HTTP/1, or over one of HTTP/2 for each address.
func (s *target) bodies(ctx context.Context, n, addresses, connections int, h2 bool) {
	body := `"` + strings.Repeat("a", 1_000_000)
	var clients []*http.Client
	for i := range connections {
		tr := &http.Transport{TLSClientConfig: insecure.Clone(), DialContext: from(fmt.Sprintf("127.0.1.%d", 1+i%addresses)).DialContext, ForceAttemptHTTP2: h2}
		clients = append(clients, &http.Client{Transport: tr})
	}
	for i := range n {
		go func() {
			r, _ := http.NewRequestWithContext(ctx, "POST", "https://"+s.addr+"/text", io.MultiReader(strings.NewReader(body), until{ctx}))
			r.ContentLength = 1_048_000
			r.Header.Set("Content-Type", "application/json")
			if res, err := clients[i%connections].Do(r); err == nil {
				res.Body.Close()
			}
			<-ctx.Done()
			time.Sleep(2 * time.Second) // until the streams have ended, too
			clients[i%connections].CloseIdleConnections()
		}()
	}
}

// until is a body that goes on no further.
type until struct{ ctx context.Context }

func (u until) Read([]byte) (int, error) { <-u.ctx.Done(); return 0, u.ctx.Err() }

// windows asks over each connection for a hundred long answers, and lets none of them come
// (RFC 9113, 6.9.2).
func (s *target) windows(ctx context.Context, connections, addresses int) {
	for i := range connections {
		go func() {
			raw, err := from(fmt.Sprintf("127.0.1.%d", 1+i%addresses)).Dial("tcp", s.addr)
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { raw.Close() })
			c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // as above
			out := bufio.NewWriter(c)
			_, _ = out.WriteString(preface + frameOf(4, 0, 0, "\x00\x04\x00\x00\x00\x00"))
			for stream := uint32(1); stream < 200; stream += 2 {
				_, _ = out.WriteString(frameOf(1, 5, stream, longBlock))
			}
			_ = out.Flush()
			_, _ = io.Copy(io.Discard, c)
		}()
	}
}

const (
	preface   = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	longBlock = "\x82\x87\x04\x05/long\x01\x01x" // a field block: GET, https, /long, x
)

// frameOf is a frame of HTTP/2 (RFC 9113, 4.1).
func frameOf(kind, flags byte, stream uint32, payload string) string {
	n := len(payload)
	head := []byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags, byte(stream >> 24), byte(stream >> 16), byte(stream >> 8), byte(stream)}
	return string(head) + payload
}

// frames sends frames without end over each connection and reads none of the server's. Where the server
// ends a connection, the next one begins. next makes the frames that follow n earlier ones.
func (s *target) frames(ctx context.Context, connections, addresses int, next func(n uint32) string) {
	once := func(i int) {
		raw, err := from(fmt.Sprintf("127.0.1.%d", 1+i%addresses)).DialContext(ctx, "tcp", s.addr)
		if err != nil {
			return
		}
		defer raw.Close()
		stop := context.AfterFunc(ctx, func() { raw.Close() })
		defer stop()
		c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // as above
		out := bufio.NewWriterSize(c, 16<<10)
		_, err = out.WriteString(preface + frameOf(4, 0, 0, ""))
		for n := uint32(0); err == nil && n < 1<<30; n++ {
			_, err = out.WriteString(next(n))
		}
	}
	for i := range connections {
		go func() {
			for ctx.Err() == nil {
				once(i)
				time.Sleep(20 * time.Millisecond)
			}
		}()
	}
}

// The floods of frames.
func pings(uint32) string    { return frameOf(6, 0, 0, "12345678") }
func settings(uint32) string { return frameOf(4, 0, 0, "\x00\x04\x00\x01\x00\x00") }
func resets(n uint32) string { // CVE-2023-44487
	return frameOf(1, 5, 2*n+1, longBlock) + frameOf(3, 0, 2*n+1, "\x00\x00\x00\x08")
}
func continuations(n uint32) string { // CVE-2023-45288
	if n == 0 {
		return frameOf(1, 1, 1, longBlock)
	}
	return frameOf(9, 0, 1, strings.Repeat("\x00\x01a\x01b", 100)) // literal fields, not indexed
}

// idles opens connections, asks once, and keeps them.
func (s *target) idles(ctx context.Context, connections, addresses int) {
	for i := range connections {
		go func() {
			raw, err := from(fmt.Sprintf("127.0.1.%d", 1+i%addresses)).Dial("tcp", s.addr)
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { raw.Close() })
			c := tls.Client(raw, insecure)
			_, _ = io.WriteString(c, "GET /goroutines HTTP/1.1\r\nHost: x\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}()
	}
}

// warm has the server serve what honest clients send, so that what is measured afterwards is not what
// it needs anyway.
func (s *target) warm(t *testing.T) {
	t.Helper()
	body := `"` + strings.Repeat("a", 500_000) + `"`
	var all sync.WaitGroup
	for i := range 40 {
		tr := &http.Transport{TLSClientConfig: insecure.Clone(), ForceAttemptHTTP2: i%2 == 0}
		defer tr.CloseIdleConnections()
		client := http.Client{Transport: tr, Timeout: 20 * time.Second}
		all.Go(func() {
			for range 3 {
				res, err := client.Post("https://"+s.addr+"/text", "application/json", strings.NewReader(body))
				if err != nil || res.StatusCode != 200 {
					t.Errorf("an honest request: %v, %v", res, err)
					return
				}
				res.Body.Close()
			}
		})
	}
	all.Wait()
	s.goroutines(t)
	time.Sleep(5 * time.Second)
}

// TestFloods floods a server and measures its memory before, meanwhile, and a minute later: `make
// slow`. The table is in docs/security.md.
func TestFloods(t *testing.T) {
	if os.Getenv("BAILEY_SLOW") == "" {
		t.Skip("it takes minutes: set BAILEY_SLOW")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc")
	}
	server := exec.Command(os.Args[0], "-test.run", "^TestFloodServer$", "-test.v") //nolint:gosec // this test
	server.Env = append(os.Environ(), "BAILEY_FLOOD_SERVER=1")
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stdin.Close(); _ = server.Wait() }()
	s := &target{pid: server.Process.Pid}
	for lines := bufio.NewScanner(stdout); s.addr == "" && lines.Scan(); {
		s.addr, _ = strings.CutPrefix(lines.Text(), "address ")
		if s.addr == lines.Text() {
			s.addr = ""
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	s.warm(t)
	table := []string{"| flood | before | peak | a minute later | goroutines before, peak, later |", "|---|---|---|---|---|"}
	for _, flood := range []struct {
		name  string
		slack float64 // MiB that may stay beyond 1.5 times the level of before
		run   func(context.Context)
	}{
		{"549 bodies of 1 MB over HTTP/1 that stop, one address", 0, func(ctx context.Context) { s.bodies(ctx, 549, 1, 549, false) }},
		{"the same, 20 addresses", 0, func(ctx context.Context) { s.bodies(ctx, 549, 20, 549, false) }},
		{"12 connections of HTTP/2 with 100 such bodies each, one address", 0, func(ctx context.Context) { s.bodies(ctx, 1200, 1, 12, true) }},
		{"the same, 12 addresses", 0, func(ctx context.Context) { s.bodies(ctx, 1200, 12, 12, true) }},
		{"20 connections of HTTP/2 that ask for 100 answers of 1 MiB each and take none, 20 addresses", 0, func(ctx context.Context) { s.windows(ctx, 20, 20) }},
		{"20 connections of HTTP/2 that send PING and read nothing, 20 addresses", 0, func(ctx context.Context) { s.frames(ctx, 20, 20, pings) }},
		{"20 connections of HTTP/2 that send SETTINGS and read nothing, 20 addresses", 0, func(ctx context.Context) { s.frames(ctx, 20, 20, settings) }},
		// Short-lived requests leave few live objects in many spans, which Go's collector does not move.
		{"20 connections of HTTP/2 that ask and reset at once, 20 addresses", 20, func(ctx context.Context) { s.frames(ctx, 20, 20, resets) }},
		{"20 connections of HTTP/2 with CONTINUATION without end, 20 addresses", 0, func(ctx context.Context) { s.frames(ctx, 20, 20, continuations) }},
		{"3000 idle connections, 20 addresses", 0, func(ctx context.Context) { s.idles(ctx, 3000, 20) }},
	} {
		if only := os.Getenv("BAILEY_FLOOD"); !strings.Contains(flood.name, only) {
			continue
		}
		before, goroutines := s.rss(t), s.goroutines(t)
		ctx, cancel := context.WithCancel(t.Context())
		flood.run(ctx)
		peak, most := 0.0, 0
		for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			peak = max(peak, s.rss(t))
			most = max(most, s.goroutines(t))
		}
		cancel()
		time.Sleep(time.Minute)
		later, left := s.rss(t), s.goroutines(t)
		row := fmt.Sprintf("| %s | %.0f MiB | %.0f MiB | %.0f MiB | %d, %d, %d |", flood.name, before, peak, later, goroutines, most, left)
		t.Log(row)
		table = append(table, row)
		if later > 1.5*before+flood.slack {
			t.Errorf("%s: %.0f MiB a minute later, %.0f before", flood.name, later, before)
		}
		if left > goroutines+2 {
			t.Errorf("%s: %d goroutines a minute later, %d before", flood.name, left, goroutines)
		}
	}
	t.Log("\n" + strings.Join(table, "\n"))
	if path := os.Getenv("BAILEY_FLOOD_TABLE"); path != "" {
		if err := os.WriteFile(filepath.Clean(path), []byte(strings.Join(table, "\n")+"\n"), 0o644); err != nil { //nolint:gosec // to be read
			t.Fatal(err)
		}
	}
}
