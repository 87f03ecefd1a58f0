package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
)

// TestFlood sends 10,000 requests over sockets, made from the demonstration's by damaging
// them. Whatever comes, the bank answers without a 500, no refusal and no line of its log
// has a word of a credential or a value, no memory and no goroutine is kept, and the next
// caller is served.
func TestFlood(t *testing.T) {
	requests, warm := 10_000, 1_000
	if testing.Short() {
		requests, warm = 1_000, 200
	}
	log := &watch{t: t, never: []string{marked, "eyJ", "bank_", "correct horse", "correct+horse", "wrong password", "wrong+password", "DE8937"}}
	handler := slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})
	b := serveBank(t, runtime.Config{Log: slog.New(handler), Events: event.Slog(slog.New(handler)), Limiter: generous{}})
	rows, err := script(b)
	if err != nil {
		t.Fatal(err)
	}
	f := flood{t: t, bank: b, rows: rows, rand: rand.New(rand.NewPCG(1, 2)), statuses: map[int]int{}}
	f.tls = b.transport().TLSClientConfig
	f.tls.ServerName, f.tls.ClientSessionCache = "api.bank.example", tls.NewLRUClientSessionCache(0)
	for range warm {
		f.send(f.make())
	}
	heap, goroutines := heapInUse(), goruntime.NumGoroutine()
	for range requests - warm {
		f.send(f.make())
	}
	t.Logf("%d requests: %v; %d without an answer, %d answered by bailey; %d lines in the log", requests, f.statuses, f.silent, f.ours, log.count())

	for _, want := range []int{200, 400, 401, 403, 404, 405, 413, 415, 422} {
		if f.statuses[want] == 0 {
			t.Errorf("no answer was a %d: the requests miss a stage", want)
		}
	}
	if f.unjudged > requests/50 {
		t.Errorf("%d of %d requests were not judged", f.unjudged, requests)
	}
	if f.silent > requests/5 || f.ours < requests/2 || log.count() < requests/2 {
		t.Errorf("of %d requests %d had no answer and %d one of bailey's; the log has %d lines", requests, f.silent, f.ours, log.count())
	}
	good := row{method: "GET", path: "/health", want: 200}
	if came, err := good.send(b.town); err != nil || came != "200" {
		t.Errorf("after the flood the bank answers %s, %v", came, err)
	}
	b.plain.CloseIdleConnections()
	for deadline := time.Now().Add(30 * time.Second); goruntime.NumGoroutine() > goroutines+5; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", goruntime.NumGoroutine(), goroutines)
		}
	}
	if now := heapInUse(); now > heap+16<<20 {
		t.Errorf("the heap has %d KiB, %d before", now>>10, heap>>10)
	}
}

func heapInUse() uint64 {
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watch is a log that keeps nothing, and fails the test for what no line may hold.
type watch struct {
	t     *testing.T
	never []string
	mu    sync.Mutex
	lines int
}

func (w *watch) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines++
	for _, secret := range w.never {
		if bytes.Contains(line, []byte(secret)) {
			w.t.Errorf("the log holds %q: %s", secret, line)
		}
	}
	return len(line), nil
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lines
}

type flood struct {
	t        *testing.T
	bank     *instance
	tls      *tls.Config
	rows     []row
	rand     *rand.Rand
	statuses map[int]int
	silent   int // connections that were reset before the answer was read
	unjudged int // answers that say when to come again
	ours     int // answers of the pipeline; the others are net/http's
}

// send writes one request on a connection of its own, and holds the answer to what no
// answer may be.
func (f *flood) send(message []byte, secrets []string) {
	conn, err := tls.Dial("tcp", f.bank.names["api.bank.example:443"], f.tls)
	if err != nil {
		f.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		f.t.Fatal(err)
	}
	_, _ = conn.Write(message) // the server may refuse before it has read everything
	_ = conn.CloseWrite()
	in := bufio.NewReader(conn)
	res, err := http.ReadResponse(in, nil)
	for err == nil && res.StatusCode < 200 { // 100 Continue: the answer is still to come
		res, err = http.ReadResponse(in, nil)
	}
	if err != nil {
		if e := net.Error(nil); errors.As(err, &e) && e.Timeout() {
			f.t.Fatalf("no answer and no end of the connection to:\n%.600q", message)
		}
		f.silent++
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !bytes.HasPrefix(message, []byte("HEAD")) {
		f.silent++
		return
	}
	f.statuses[res.StatusCode]++
	f.judge(message, res, body, secrets)
}

func (f *flood) judge(message []byte, res *http.Response, body []byte, secrets []string) {
	if res.Header.Get("X-Request-Id") == "" {
		if !slices.Contains(foreign, res.StatusCode) {
			f.t.Errorf("%s has no request id\nto %.900q", res.Status, message)
		}
	} else if f.ours++; res.StatusCode == 503 && res.Header.Get("Retry-After") != "" {
		f.unjudged++ // a token whose damaged kid could not be asked about
	} else if res.StatusCode >= 500 {
		f.t.Errorf("%s %s\nto %.900q", res.Status, body, message)
	} else if res.StatusCode >= 400 {
		var problem struct{ Status int }
		if err := json.Unmarshal(body, &problem); len(body) > 0 && (err != nil || problem.Status != res.StatusCode) || res.Header.Get("Content-Type") != "application/problem+json" {
			f.t.Errorf("%s as %q, %v: %s\nto %.900q", res.Status, res.Header.Get("Content-Type"), err, body, message)
		}
	}
	for _, secret := range secrets {
		switch said := fmt.Sprint(res.Header) + string(body); {
		case len(secret) <= 16: // a token such as "abc" stands in many a request id
		case strings.HasPrefix(secret, marked) && res.StatusCode < 400: // a name that was changed
		case strings.Contains(said, secret):
			f.t.Errorf("%s repeats %q: %s\nto %.900q", res.Status, secret, said, message)
		}
	}
}

// foreign are the refusals that net/http makes before bailey sees a request.
var foreign = []int{400, 413, 417, 431, 501, 505}

// make returns a request that is damaged or marked, and the secrets in it.
func (f *flood) make() (message []byte, secrets []string) {
	r := f.rows[f.rand.IntN(len(f.rows))]
	header := map[string]string{"Host": "bank.example", "Connection": "close"}
	for name, value := range r.header {
		header[name] = value
	}
	if r.kind != "" {
		header["Content-Type"] = r.kind
	}
	if f.rand.IntN(4) == 0 {
		secret := f.mark(&r, header)
		return f.frame(r.method, r.path, f.credentials(header, r.token, r.key), []byte(r.body), len(r.body) > 0 && f.rand.IntN(3) == 0), []string{r.token, r.key, secret}
	}
	token, body, chunked := r.token, []byte(r.body), false
	secrets = []string{r.token, r.key, r.token[strings.LastIndexByte(r.token, '.')+1:]}
	for range f.rand.IntN(3) {
		switch f.rand.IntN(8) {
		case 0:
			r.method = pick(f, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "X")
		case 1:
			r.path = f.path(r.path)
		case 2:
			r.path += pick(f, "?", "&") + pick(f, "limit=1", "limit=%zz", "limit=1;limit=2", "a[b]=c", "%00=1", "limit=9e9", "kind=savings,loan",
				"&&&", "=", strings.Repeat("a=1&", 2000), "limit=1&limit=2", "%6cimit=3", "name=\xff")
		case 3:
			name := pick(f, "Content-Type", "Accept", "Cookie", "X-Forwarded-For", "Content-Encoding", "Expect", "X-Reason", "Range", "Authorization")
			header[name] = pick(f, "application/json", "text/html", "multipart/form-data", "multipart/form-data; boundary=x", "a=b; c", "gzip", "100-continue",
				"10.0.0.1, 10.0.0.2", "Basic YTpi", "Bearer", "\xff", strings.Repeat("x", 5000), "application/json; charset=latin1")
		case 4, 5:
			body = f.body(body)
		case 6:
			if len(token) > 8 {
				at := f.rand.IntN(len(token))
				token = token[:at] + pick(f, "", ".", "A", "=", " ", "\x00", token) + token[at:]
			}
		case 7:
			chunked = len(body) > 0
		}
	}
	message = f.frame(r.method, r.path, f.credentials(header, token, r.key), body, chunked)
	if f.rand.IntN(4) == 0 {
		for range 1 + f.rand.IntN(3) {
			message[f.rand.IntN(len(message))] = byte(f.rand.IntN(256))
		}
	}
	return message, secrets
}

func (f *flood) credentials(header map[string]string, token, key string) map[string]string {
	if token != "" {
		header["Authorization"] = "Bearer " + token
	}
	if key != "" {
		header["X-Api-Key"] = key
	}
	return header
}

// marked is how every value begins that mark puts into a request.
const marked = "hush5ecret"

var jsonValue, formValue = regexp.MustCompile(`:("[^"]*"|\d+)`), regexp.MustCompile(`=[^&]*`)

// mark puts a secret into one place of a request where a caller may put one by mistake: a
// value, not a name, for the name of what nobody declared is what a refusal tells.
func (f *flood) mark(r *row, header map[string]string) (secret string) {
	secret = fmt.Sprintf("%s%016x", marked, f.rand.Uint64())
	values, with := jsonValue.FindAllStringIndex(r.body, -1), `:"`+secret+`"`
	if strings.HasSuffix(r.kind, "urlencoded") {
		values, with = formValue.FindAllStringIndex(r.body, -1), "="+secret
	}
	path, query, _ := strings.Cut(r.path, "?")
	switch f.rand.IntN(6) {
	case 0:
		r.path = path + "?" + query + pick(f, "&", "") + pick(f, "limit", "kind", "currency", "name", "token", "access_token") + "=" + secret
	case 1:
		slash := strings.LastIndexByte(path, '/')
		r.path = path[:slash+1] + pick(f, secret, path[slash+1:]+"/"+secret, path[slash+1:]+secret, "%2e%2e%2f"+secret) + "?" + query
	case 2:
		r.token = pick(f, secret, r.token+secret, secret+"."+r.token, secret+" "+secret)
	case 3:
		r.key = pick(f, secret, "bank_"+secret, "bank_"+secret+secret)
	case 4:
		header[pick(f, "X-Reason", "Cookie", "Content-Type", "Accept", "Content-Encoding", "Expect", "User-Agent", "Referer", "Host", "X-Request-Id", "Traceparent", "Idempotency-Key",
			"Forwarded", "X-Forwarded-For", "X-Http-Method-Override")] = pick(f, secret, "session="+secret, "text/"+secret, "application/json; charset="+secret)
	default:
		if len(values) > 0 {
			at := values[f.rand.IntN(len(values))]
			r.body = r.body[:at[0]] + with + r.body[at[1]:]
		}
	}
	return secret
}

func (f *flood) frame(method, path string, header map[string]string, body []byte, chunked bool) []byte {
	var m bytes.Buffer
	fmt.Fprintf(&m, "%s %s HTTP/1.1\r\n", method, path)
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&m, "%s: %s\r\n", name, header[name])
	}
	switch {
	case chunked:
		m.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for len(body) > 0 {
			n := 1 + f.rand.IntN(len(body))
			fmt.Fprintf(&m, "%x\r\n%s\r\n", n, body[:n])
			body = body[n:]
		}
		m.WriteString("0\r\n\r\n")
	case len(body) > 0:
		fmt.Fprintf(&m, "Content-Length: %d\r\n\r\n%s", len(body), body)
	default:
		m.WriteString("\r\n")
	}
	return m.Bytes()
}

func (f *flood) path(path string) string {
	at := f.rand.IntN(len(path))
	return path[:at] + pick(f, "/", "//", "/../", "%2f", "%2e%2e", "%", "%00", "%ff", "é", "{", ";", "#", strings.Repeat("/a", 500), strings.Repeat("a", 9000)) + path[at:]
}

// body damages a body: a byte, a part of it, a value, or all of it.
func (f *flood) body(body []byte) []byte {
	if len(body) == 0 || f.rand.IntN(8) == 0 {
		return []byte(pick(f, "null", "{}", "[]", "\"", "{", strings.Repeat("[", 9000), strings.Repeat(`{"a":`, 3000), "\x00", "\ufeff{}", strings.Repeat("a", 200_000)))
	}
	out := bytes.Clone(body)
	at := f.rand.IntN(len(out))
	switch f.rand.IntN(7) {
	case 0:
		out[at] ^= 1 << f.rand.IntN(8)
	case 1:
		out = slices.Delete(out, at, at+1+f.rand.IntN(len(out)-at))
	case 2:
		end := at + f.rand.IntN(len(out)-at)
		out = slices.Insert(out, at, bytes.Clone(out[at:end])...)
	case 3:
		out = out[:at]
	case 4:
		out = append(out, pick(f, " ", "{}", "\n", "x", "\x00")...)
	case 5:
		if colon := bytes.IndexByte(out[at:], ':'); colon >= 0 {
			value := pick(f, "null", "1e999", "-0", `"\ud800"`, "[]", "{}", "9007199254740993", "true", strings.Repeat("[", 40)+strings.Repeat("]", 40), `"`+strings.Repeat("x", 3000)+`"`)
			out = append(append(bytes.Clone(out[:at+colon+1]), value...), out[at+colon+1:]...)
			if comma := bytes.IndexByte(out[at+colon+1+len(value):], ','); comma >= 0 {
				out = slices.Delete(out, at+colon+1+len(value), at+colon+1+len(value)+comma)
			}
		}
	case 6: // every member twice
		if members, ok := bytes.CutSuffix(body, []byte("}")); ok && len(members) > 1 {
			out = slices.Concat(members, []byte(","), body[1:])
		}
	}
	return out
}

func pick(f *flood, of ...string) string { return of[f.rand.IntN(len(of))] }
