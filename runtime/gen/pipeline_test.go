package gen

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

// tokens authenticates by a table: the bearer token's text names the caller.
type tokens map[string]*principal.Principal

func (t tokens) Authenticate(r *http.Request) (*principal.Principal, error) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch p := t[text]; {
	case !ok:
		return nil, auth.ErrMissing
	case text == "down":
		return nil, &auth.Unavailable{Rule: "keys"}
	case p == nil:
		return nil, &auth.Refused{Rule: "unknown"}
	default:
		return p, nil
	}
}

func (tokens) Challenge(missing []string) string { return auth.BearerChallenge("test", missing) }

// events keeps what was recorded.
type events struct {
	mu   sync.Mutex
	list []event.Event
}

func (e *events) Record(_ context.Context, ev *event.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, *ev)
}

func (e *events) last() event.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.list) == 0 {
		return event.Event{}
	}
	return e.list[len(e.list)-1]
}

// note is the request and the response of the tests' operation.
type note struct {
	User string
	Text string
}

var noteKeys = wire.NewKeys([]string{"text"}, nil)

func decodeNote(d *wire.Decoder, v *note) {
	var seen uint64
	for f := d.Object(noteKeys, wire.Silent); f >= 0; f = d.Next(noteKeys, f) {
		if !d.First(&seen, f) {
			continue
		}
		v.Text = d.String()
		if !wire.MaxRunes(v.Text, 20) {
			d.Refuse("maxLength")
		}
	}
	d.Require(seen, 1, noteKeys)
}

func encodeNote(c *Call, v *note) {
	if v == nil {
		c.NoReply()
		return
	}
	e, b := c.Encoder(), c.Body
	b = append(b, `{"text":`...)
	if !wire.MaxRunes(v.Text, 20) {
		e.Refuse(b, "maxLength")
	}
	if e.Clear&1 != 0 {
		b = wire.AppendString(b, v.Text)
	} else {
		b = wire.AppendString(b, "***")
	}
	c.Body = append(b, '}')
	c.Reply(200, "application/json")
}

var errDeclared = errors.New("declared")

// handle does what the note's text asks for.
func handle(ctx context.Context, n *note) (*note, error) {
	switch n.Text {
	case "nil":
		return nil, nil
	case "panic":
		panic("a secret")
	case "error":
		return nil, errors.New("a secret")
	case "problem":
		return nil, &problem.Problem{Status: 409, Title: "Conflict of the test"}
	case "declared":
		return nil, errDeclared
	case "store":
		return nil, fmt.Errorf("login: %w", &auth.Unavailable{Rule: "session-store", Err: errors.New("a secret")})
	case "long":
		return &note{Text: "longer than twenty characters"}, nil
	case "wait":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return n, nil
}

func failNote(c *Call, err error) bool {
	if errors.Is(err, errDeclared) {
		c.ReplyEmpty(418)
		return true
	}
	return false
}

func paramsNote(c *Call, n *note) {
	p := c.Params()
	p.Path(0, "user")
	n.User = p.String()
	for p.NextQuery() {
		p.Unknown(c.Unknown())
	}
}

var noteSteps = Steps[*note, *note]{
	New:    func(*Call) *note { return new(note) },
	Params: paramsNote,
	Owner:  func(c *Call, n *note) bool { return c.Owns(0, OwnedText(n.User)) },
	Body:   func(c *Call, n *note) { d := c.JSON(); decodeNote(d, n); d.End() },
	Call:   handle,
	Encode: encodeNote,
	Fail:   failNote,
}

// noteOpen takes nothing and answers 204.
var noteOpen = Steps[*note, Empty]{
	New: func(*Call) *note { return new(note) },
	Params: func(c *Call, _ *note) {
		p := c.Params()
		for p.NextQuery() {
			p.Unknown(param.Refuse)
		}
	},
	Call:   NoResult(func(context.Context, *note) error { return nil }),
	Encode: func(c *Call, _ Empty) { c.ReplyEmpty(204) },
}

// newServer builds a server of a few operations; change may adjust them.
func newServer(t testing.TB, sink event.Sink, change func(*Builder, *Operation)) (*Server, error) {
	t.Helper()
	b := New(Setup{Title: "test", Config: runtime.Config{Log: slog.New(slog.DiscardHandler), Events: sink}, Lifts: []Lift{{Scopes: []string{"clear"}}}})
	op := &Operation{
		ID: "putNote", Method: "PUT", Path: "/users/{user}/note", At: "openapi.yaml:1:1",
		Access: Require(Requirement{{Scheme: "bearer", Scopes: []string{"write"}}}),
		Rate: []Rate{
			{Name: "ip", Limit: 1000, Window: time.Minute, Per: "address"},
			{Name: "me", Limit: 60, Window: time.Minute, Burst: 30, Per: "principal"},
		},
		Owner:    []Owner{{In: "path", Name: "user", Claim: "sub", Hide: true, LiftScopes: []string{"staff"}}},
		Consumes: []string{"application/json"}, BodyRequired: true,
		Limits: Limits{Body: 64, Depth: 4, Timeout: 200 * time.Millisecond},
	}
	if change != nil {
		change(b, op)
	}
	Mount(b, op, noteSteps)
	Mount(b, &Operation{ID: "open", Method: "GET", Path: "/open", Access: Public("a test")}, noteOpen)
	b.Scheme("bearer", func(*principal.Table) (auth.Authenticator, error) {
		return tokens{
			"ada":   {Subject: "ada", Scheme: "bearer", Scopes: []string{"write"}},
			"clear": {Subject: "ada", Scheme: "bearer", Scopes: []string{"write", "clear"}},
			"bob":   {Subject: "bob", Scheme: "bearer", Scopes: []string{"write"}},
			"staff": {Subject: "eve", Scheme: "bearer", Scopes: []string{"write", "staff"}},
			"weak":  {Subject: "ada", Scheme: "bearer", Scopes: []string{"read"}},
			"old":   {Subject: "ada", Scheme: "bearer", Scopes: []string{"write"}, Expires: time.Unix(1, 0)},
		}, nil
	})
	return b.Server()
}

func TestPipeline(t *testing.T) {
	sink := &events{}
	s, err := newServer(t, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, path, token, kind, body string
		header                                http.Header
		status                                int
		rule                                  string // of the event, "" for none
		has                                   string
		want                                  map[string]string // header fields
	}{
		{name: "good", body: `{"text":"hi"}`, status: 200, has: `{"text":"***"}`},
		{name: "lifted", token: "clear", body: `{"text":"hi"}`, status: 200, has: `{"text":"hi"}`},
		{name: "no such path", path: "/nobody", status: 404, rule: "route"},
		{name: "a trailing slash", path: "/users/ada/note/", status: 404, rule: "route"},
		{name: "another method", method: "GET", status: 405, rule: "method", want: map[string]string{"Allow": "PUT"}},
		{name: "no token", token: "-", body: `{}`, status: 401, rule: "no-credential", want: map[string]string{"Www-Authenticate": auth.BearerChallenge("test", nil)}},
		{name: "a bad token", token: "x", body: `{}`, status: 401, rule: "unknown"},
		{name: "an expired principal", token: "old", body: `{}`, status: 401, rule: "expired"},
		{name: "no keys", token: "down", body: `{}`, status: 503, rule: "authentication", want: map[string]string{"Retry-After": "5"}},
		{name: "a store that the handler needs", body: `{"text":"store"}`, status: 503, rule: "session-store", want: map[string]string{"Retry-After": "5"}},
		{name: "no scope", token: "weak", body: `{}`, status: 403, rule: "scope", want: map[string]string{"Www-Authenticate": auth.BearerChallenge("test", []string{"write"})}},
		{name: "two Authorization fields", header: http.Header{"Authorization": {"Bearer ada", "Bearer bob"}}, body: `{}`, status: 400, rule: "authorization-repeated"},
		{name: "no body", status: 400, rule: "body-missing"},
		{name: "another media type", kind: "text/plain", body: `{}`, status: 415, rule: "media-type"},
		{name: "another charset", kind: "application/json; charset=latin1", body: `{}`, status: 415, rule: "media-type"},
		{name: "UTF-8 by name", kind: "application/json; charset=UTF-8", body: `{"text":"a"}`, status: 200},
		{name: "a content encoding", header: http.Header{"Content-Encoding": {"gzip"}}, body: `{}`, status: 415, rule: "content-encoding"},
		{name: "too long", body: `{"text":"` + strings.Repeat("a", 80) + `"}`, status: 413, rule: "body-size"},
		{name: "an unknown parameter", path: "/users/ada/note?x=1", body: `{"text":"a"}`, status: 400, rule: "parameters", has: `"parameter":"x"`},
		{name: "somebody else's", token: "bob", body: `{"text":"a"}`, status: 404, rule: "owner"},
		{name: "somebody else's, as staff", token: "staff", body: `{"text":"a"}`, status: 200},
		{name: "broken", body: `{"text":`, status: 400, rule: "syntax"},
		{name: "twice", body: `{"text":"a","text":"b"}`, status: 400, rule: "syntax"},
		{name: "too deep", body: `{"text":[[[[[]]]]]}`, status: 400, rule: "syntax"},
		{name: "trailing", body: `{"text":"a"}x`, status: 400, rule: "syntax"},
		{name: "unknown member", body: `{"text":"a","b":1}`, status: 422, rule: "additionalProperties", has: `"pointer":"/b"`},
		{name: "missing member", body: `{}`, status: 422, rule: "required at "},
		{name: "too long a text", body: `{"text":"aaaaaaaaaaaaaaaaaaaaaaa"}`, status: 422, rule: "maxLength at /text"},
		{name: "nil", body: `{"text":"nil"}`, status: 500, rule: "no-response"},
		{name: "a panic", body: `{"text":"panic"}`, status: 500, rule: "panic"},
		{name: "an error", body: `{"text":"error"}`, status: 500, rule: "handler"},
		{name: "a problem", body: `{"text":"problem"}`, status: 409, has: "Conflict of the test"},
		{name: "a declared error", body: `{"text":"declared"}`, status: 418},
		{name: "a response that breaks its schema", body: `{"text":"long"}`, status: 500, rule: "maxLength at /text"},
		{name: "too slow", body: `{"text":"wait"}`, status: 503, rule: "deadline"},
		{name: "public", method: "GET", path: "/open", token: "-", status: 204},
		{name: "public with a body", method: "GET", path: "/open", body: "x", status: 400, rule: "body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(sink.list)
			method, path := tt.method, tt.path
			if method == "" {
				method = "PUT"
			}
			if path == "" {
				path = "/users/ada/note"
			}
			var body io.Reader
			if tt.body != "" {
				body = strings.NewReader(tt.body)
			}
			r := httptest.NewRequest(method, path, body)
			if tt.kind == "" {
				tt.kind = "application/json"
			}
			if tt.body != "" {
				r.Header.Set("Content-Type", tt.kind)
			}
			if tt.token == "" {
				tt.token = "ada"
			}
			if tt.token != "-" {
				r.Header.Set("Authorization", "Bearer "+tt.token)
			}
			for k, v := range tt.header {
				r.Header[k] = v
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if !strings.Contains(w.Body.String(), tt.has) {
				t.Errorf("the body lacks %q: %s", tt.has, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("a secret leaves: %s", w.Body)
			}
			for k, v := range tt.want {
				if got := w.Header().Get(k); got != v {
					t.Errorf("%s is %q, want %q", k, got, v)
				}
			}
			for _, k := range []string{"X-Content-Type-Options", "Cache-Control", "Content-Security-Policy", "X-Request-Id"} {
				if w.Header().Get(k) == "" {
					t.Errorf("%s is missing", k)
				}
			}
			if w.Code >= 400 && w.Code != 418 && w.Header().Get("Content-Type") != problem.ContentType {
				t.Errorf("a refusal of type %q", w.Header().Get("Content-Type"))
			}
			checkEvent(t, sink, before, tt.rule, w)
		})
	}
}

// checkEvent requires exactly one event, by the rule, or none.
func checkEvent(t *testing.T, sink *events, before int, rule string, w *httptest.ResponseRecorder) {
	t.Helper()
	if rule == "" {
		if n := len(sink.list) - before; n != 0 {
			t.Errorf("%d events, want none: %+v", n, sink.last())
		}
		return
	}
	if n := len(sink.list) - before; n != 1 {
		t.Fatalf("%d events, want 1", n)
	}
	e := sink.last()
	if e.Rule != rule || e.Status != w.Code || e.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("event %+v, want the rule %q", e, rule)
	}
	if strings.Contains(fmt.Sprintf("%+v", e), "secret") {
		t.Errorf("a secret in the event: %+v", e)
	}
}

func TestRateLimits(t *testing.T) {
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	put := func(token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader(`{"text":"a"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for i := range 30 {
		if w := put("ada"); w.Code != 200 {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	w := put("ada")
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.HasPrefix(w.Header().Get("Ratelimit"), `"me";r=0`) ||
		w.Header().Get("Ratelimit-Policy") != `"ip";q=1000;w=60, "me";q=60;w=60` {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := put("staff"); w.Code != 200 {
		t.Errorf("another caller gets %d", w.Code)
	}
}

// brokenStore is a limiter that cannot answer.
type brokenStore struct{}

func (brokenStore) Take(context.Context, limit.Key, limit.Rule, int, time.Time) (limit.Decision, error) {
	return limit.Decision{OK: true}, errors.New("down")
}

func TestBrokenStoreDenies(t *testing.T) {
	s, err := newServer(t, &events{}, func(b *Builder, _ *Operation) { b.setup.Config.Limiter = brokenStore{} })
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("PUT", "/users/ada/note", nil))
	if w.Code != 503 {
		t.Errorf("status %d", w.Code)
	}
}

func TestServerRefusesToStart(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Builder, *Operation)
		want   string
	}{
		"no access":      {func(_ *Builder, op *Operation) { op.Access = Access{} }, "putNote (openapi.yaml:1:1): there is no access rule"},
		"no reason":      {func(_ *Builder, op *Operation) { op.Access = Public("") }, "there is no access rule"},
		"no such scheme": {func(_ *Builder, op *Operation) { op.Access = Require(Requirement{{Scheme: "x"}}) }, "there is no security scheme x"},
		"a broken rate":  {func(_ *Builder, op *Operation) { op.Rate = []Rate{{Per: "address"}} }, "rate limit"},
		"per nobody":     {func(_ *Builder, op *Operation) { op.Rate[0].Per = "moon" }, `unknown rate limit key "moon"`},
		"a conflict":     {func(_ *Builder, op *Operation) { op.Method, op.Path = "GET", "/open" }, "told apart"},
		"no mask key":    {func(b *Builder, _ *Operation) { b.setup.NeedsMaskKey = true }, "Config.MaskKey"},
		"too many lifts": {func(b *Builder, _ *Operation) { b.setup.Lifts = make([]Lift, 65) }, "64 is the limit"},
		"a broken scheme": {func(b *Builder, _ *Operation) {
			b.Scheme("other", func(*principal.Table) (auth.Authenticator, error) { return nil, nil })
		}, "no authenticator"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newServer(t, nil, tt.change)
			if err == nil || s != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestRefusalDoesNotWait proves that a 401 arrives at once although the body does not.
func TestRefusalDoesNotWait(t *testing.T) {
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "PUT /users/ada/note HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
	if err := conn.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
		t.Fatal(err)
	}
	br := bufio.NewReader(conn)
	res, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatalf("no answer while the body drips: %v", err)
	}
	if res.StatusCode != 401 || !res.Close {
		t.Errorf("status %d, close %v", res.StatusCode, res.Close)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Error(err)
	}
	if _, err := br.ReadByte(); err != io.EOF {
		t.Errorf("the connection stays: %v", err)
	}
}

// TestSmuggling: what a proxy took for the body of a request, because it believed the
// length beside the transfer coding, is not read as a request (RFC 9112, 6.1 and 11.2).
func TestSmuggling(t *testing.T) {
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	for _, length := range []string{"", "Content-Length: 400\r\n"} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "PUT /users/ada/note HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nContent-Type: application/json\r\n%sTransfer-Encoding: chunked\r\n\r\n"+
			"c\r\n{\"text\":\"a\"}\r\n0\r\n\r\nGET /open HTTP/1.1\r\nHost: x\r\n\r\n", length)
		br := bufio.NewReader(conn)
		res, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != 200 || !res.Close {
			t.Errorf("%q: status %d, close %v", length, res.StatusCode, res.Close)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Error(err)
		}
		if b, err := br.ReadByte(); err == nil {
			t.Errorf("%q: a second request was answered: %q", length, b)
		}
	}
}

// TestHead: HEAD is GET without the content.
func TestHead(t *testing.T) {
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/open": 204, "/open?x=1": 400, "/users/ada/note": 405, "/nobody": 404} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("HEAD", path, nil))
		if w.Code != want || w.Body.Len() > 0 {
			t.Errorf("HEAD %s: got %d with %d bytes, want %d", path, w.Code, w.Body.Len(), want)
		}
	}
}

// TestManyRequests sends 10,000 random requests over a socket: no 500, and nothing
// is left behind.
func TestManyRequests(t *testing.T) {
	s, err := newServer(t, &events{}, func(_ *Builder, op *Operation) { op.Rate = nil })
	if err != nil {
		t.Fatal(err)
	}
	s.events = discard{}
	srv := httptest.NewServer(s)
	defer srv.Close()
	rnd := rand.New(rand.NewPCG(1, 2))
	before := goruntime.NumGoroutine()
	client := srv.Client()
	for i := range 10_000 {
		body := []byte(`{"text":"hello"}`)
		for range rnd.IntN(4) {
			body[rnd.IntN(len(body))] = byte(rnd.IntN(256))
		}
		req, err := http.NewRequest("PUT", srv.URL+"/users/ada/note", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer ada")
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode >= 500 {
			t.Fatalf("%q: %d", body, res.StatusCode)
		}
	}
	client.CloseIdleConnections()
	time.Sleep(50 * time.Millisecond)
	if after := goruntime.NumGoroutine(); after > before+5 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

type discard struct{}

func (discard) Record(context.Context, *event.Event) {}

// sink is a ResponseWriter that costs nothing.
type writer struct{ h http.Header }

func (w *writer) Header() http.Header         { return w.h }
func (w *writer) WriteHeader(int)             {}
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkPipeline is everything but decoding: route, limits, a cached caller,
// scopes, the owner rule, and the answer.
func BenchmarkPipeline(b *testing.B) {
	s, err := newServer(b, discard{}, func(_ *Builder, op *Operation) {
		op.BodyRequired = false
		op.Rate[0].Limit, op.Rate[1].Limit, op.Rate[1].Burst = 1<<30, 1<<30, 1<<30
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("PUT", "/users/ada/note", nil)
	r.Header.Set("Authorization", "Bearer ada")
	w := &writer{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		s.ServeHTTP(w, r)
	}
}
