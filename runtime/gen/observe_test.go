package gen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// answers keeps what Config.Observe was told.
type answers struct {
	mu   sync.Mutex
	list []runtime.Answer
	ids  []string // of the contexts
}

func (a *answers) observe(ctx context.Context, answer *runtime.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, *answer)
	a.ids = append(a.ids, runtime.RequestID(ctx))
}

// wait returns the answers when there are n.
func (a *answers) wait(t *testing.T, n int) []runtime.Answer {
	t.Helper()
	for range 500 {
		a.mu.Lock()
		list := a.list
		a.mu.Unlock()
		if len(list) >= n {
			return list
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%d answers, want %d", len(a.list), n)
	return nil
}

// observed serves the operations of newServer and some streams, and tells a of the answers.
func observed(t *testing.T, sink event.Sink, hook func(context.Context, *runtime.Answer)) *httptest.Server {
	t.Helper()
	s, err := newServer(t, sink, func(b *Builder, _ *Operation) {
		for path, items := range map[string]iter.Seq2[string, error]{
			"/stream": func(yield func(string, error) bool) { _ = yield("a", nil) && yield("b", nil) },
			"/cut":    func(yield func(string, error) bool) { _ = yield("a", nil) && yield("", errors.New("a secret")) },
		} {
			Mount(b, &Operation{ID: path[1:], Method: "GET", Path: path, Access: Public("a test")}, Steps[*note, Empty]{
				New:  func(*Call) *note { return new(note) },
				Call: NoResult(func(context.Context, *note) error { return nil }),
				Encode: func(c *Call, _ Empty) {
					ReplyItems(c, 200, "application/x-ndjson", items, func(_ *wire.Encoder, b []byte, v *string) []byte { return wire.AppendString(b, *v) })
				},
			})
		}
		Mount(b, &Operation{ID: "file", Method: "GET", Path: "/file", Access: Public("a test")}, Steps[*note, Empty]{
			New:    func(*Call) *note { return new(note) },
			Call:   NoResult(func(context.Context, *note) error { return nil }),
			Encode: func(c *Call, _ Empty) { c.ReplyStream(200, "text/plain", strings.NewReader("content")) },
		})
		Mount(b, &Operation{ID: "abort", Method: "GET", Path: "/abort", Access: Public("a test")}, Steps[*note, Empty]{
			New:    func(*Call) *note { return new(note) },
			Call:   NoResult(func(context.Context, *note) error { panic(http.ErrAbortHandler) }),
			Encode: func(c *Call, _ Empty) { c.ReplyEmpty(204) },
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.config.Observe = hook
	s.ledger = inflight.New()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

// TestObserve: the hook sees each answer, whatever made it.
func TestObserve(t *testing.T) {
	const good = "Bearer ada"
	for name, tt := range map[string]struct {
		method, path, token, body string
		status                    int
		rule, operation, subject  string
		cut                       bool
	}{
		"good":                 {"PUT", "/users/ada/note", good, `{"text":"hello"}`, 200, "", "putNote", "ada", false},
		"no operation":         {"GET", "/nowhere", "", "", 404, "route", "", "", false},
		"no method":            {"DELETE", "/users/ada/note", "", "", 405, "method", "", "", false},
		"a method of its own":  {"BREW", "/users/ada/note", "", "", 405, "method", "", "", false},
		"no credential":        {"PUT", "/users/ada/note", "", `{"text":"hello"}`, 401, "no-credential", "putNote", "", false},
		"of another":           {"PUT", "/users/bob/note", good, `{"text":"hello"}`, 404, "owner", "putNote", "ada", false},
		"breaks the schema":    {"PUT", "/users/ada/note", good, `{"text":1}`, 422, "type", "putNote", "ada", false},
		"a problem":            {"PUT", "/users/ada/note", good, `{"text":"problem"}`, 409, "handler", "putNote", "ada", false},
		"a declared error":     {"PUT", "/users/ada/note", good, `{"text":"declared"}`, 418, "", "putNote", "ada", false},
		"an error":             {"PUT", "/users/ada/note", good, `{"text":"error"}`, 500, "handler", "putNote", "ada", false},
		"a panic":              {"PUT", "/users/ada/note", good, `{"text":"panic"}`, 500, "panic", "putNote", "ada", false},
		"too late":             {"PUT", "/users/ada/note", good, `{"text":"wait"}`, 503, "deadline", "putNote", "ada", false},
		"a stream":             {"GET", "/stream", "", "", 200, "", "stream", "", false},
		"a stream that is cut": {"GET", "/cut", "", "", 200, "stream", "cut", "", true},
		"a file":               {"GET", "/file", "", "", 200, "", "file", "", false},
		"no answer":            {"GET", "/abort", "", "", 0, "", "abort", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			var seen answers
			server := observed(t, &events{}, seen.observe)
			r, err := http.NewRequest(tt.method, server.URL+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if tt.token != "" {
				r.Header.Set("Authorization", tt.token)
			}
			if tt.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			id, sent := "", 0
			if res, err := http.DefaultClient.Do(r); err == nil {
				b, _ := io.ReadAll(res.Body)
				res.Body.Close()
				id, sent = res.Header.Get("X-Request-Id"), len(b)
			} else if tt.status != 0 {
				t.Fatal(err)
			}
			a := seen.wait(t, 1)[0]
			operation := ""
			if a.Operation != nil {
				operation = a.Operation.ID
			}
			if a.Status != tt.status || a.Rule != tt.rule || operation != tt.operation || a.Caller.Subject() != tt.subject || a.Cut != tt.cut {
				t.Errorf("got %+v, operation %q", a, operation)
			}
			if want := methodOf(tt.method); a.Method != want || a.Address.String() != "127.0.0.1" || a.Duration <= 0 || time.Since(a.Start) < a.Duration || a.RequestID == "" || tt.status != 0 && a.RequestID != id {
				t.Errorf("got %+v; the answer's id is %s", a, id)
			}
			if operation != "" && seen.ids[0] != a.RequestID {
				t.Errorf("the context has the id %s, the answer %s", seen.ids[0], a.RequestID)
			}
			if a.BytesOut != int64(sent) || a.BytesIn != int64(len(tt.body)) {
				t.Errorf("%d bytes in, %d out, want %d and %d", a.BytesIn, a.BytesOut, len(tt.body), sent)
			}
		})
	}
}

// What does not come to an operation for want of room is seen, too, and what its client has given up.
func TestObserveBounds(t *testing.T) {
	var seen answers
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.config.Observe = seen.observe
	s.ledger = inflight.New()
	s.bounds.Requests, s.bounds.RequestsPerClient = 1, 1
	ask := func(change func(*http.Request) *http.Request) {
		r := httptest.NewRequest("GET", "/nowhere", nil)
		if change != nil {
			r = change(r)
		}
		defer func() { _ = recover() }()
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	var holds [2]inflight.Hold
	_, _ = holds[0].Begin(s.ledger, &s.bounds, netip.MustParseAddr("192.0.2.1"))
	ask(nil) // the slack
	_, _ = holds[1].Begin(s.ledger, &s.bounds, netip.MustParseAddr("192.0.2.1"))
	ask(nil)
	ask(nil)
	holds[0].End()
	holds[1].End()
	ask(func(r *http.Request) *http.Request {
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		r.ProtoMajor = 2
		return r.WithContext(ctx)
	})
	_ = s.Close()
	ask(nil)
	var got []string
	for _, a := range seen.wait(t, 5) {
		got = append(got, fmt.Sprint(a.Status, " ", a.Rule, " ", a.Cut))
	}
	text := strings.Join(got, "; ")
	for _, want := range []string{"503 ", "0 ", "503 canceled false", "503 closed false"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// A client that goes while its answer is written is seen by it.
func TestObserveGone(t *testing.T) {
	var seen answers
	s, err := newServer(t, &events{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.config.Observe = seen.observe
	r := httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader(`{"text":"hello"}`))
	r.Header.Set("Authorization", "Bearer ada")
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(gone{httptest.NewRecorder()}, r)
	if a := seen.wait(t, 1)[0]; !a.Cut || a.BytesOut != 1 || a.Status != 200 {
		t.Errorf("got %+v", a)
	}
}

// gone is a ResponseWriter whose client goes after the first byte.
type gone struct{ *httptest.ResponseRecorder }

func (g gone) Write([]byte) (int, error) { return 1, net.ErrClosed }

// A panic of the hook changes no answer, and the next request is served.
func TestObservePanics(t *testing.T) {
	var sink events
	server := observed(t, &sink, func(context.Context, *runtime.Answer) { panic("of the hook") })
	for range 2 {
		for path, want := range map[string]int{"/nowhere": 404, "/stream": 200} {
			res, err := http.Get(server.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(res.Body); res.StatusCode != want || err != nil || len(b) == 0 {
				t.Errorf("%s: %d %s, %v", path, res.StatusCode, b, err)
			}
			res.Body.Close()
			if e := sink.last(); e.Name != event.Crash || e.Rule != "observe" || e.Status != want || e.Err != "string" {
				t.Errorf("the event is %+v", e)
			}
		}
	}
}

// The pipeline allocates nothing for the hook.
func TestObserveDoesNotAllocate(t *testing.T) {
	s, err := newServer(t, discard{}, func(_ *Builder, op *Operation) {
		op.BodyRequired = false
		op.Rate[0].Limit, op.Rate[1].Limit, op.Rate[1].Burst = 1<<30, 1<<30, 1<<30
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("PUT", "/users/ada/note", nil)
	r.Header.Set("Authorization", "Bearer ada")
	w := &writer{h: http.Header{}}
	measure := func() float64 {
		return testing.AllocsPerRun(200, func() {
			clear(w.h)
			s.ServeHTTP(w, r)
		})
	}
	without := measure()
	total, asked := int64(0), 0
	s.config.Observe = func(_ context.Context, a *runtime.Answer) {
		total += a.BytesOut + int64(len(a.Operation.ID)+len(a.Caller.Subject()))
		asked++
	}
	if with := measure(); with > without || asked == 0 || total == 0 {
		t.Errorf("%v allocations with the hook, %v without; it was asked %d times", with, without, asked)
	}
}

// TestLogger: handlers log with the request, and call a caller by a pseudonym that another key makes another.
func TestLogger(t *testing.T) {
	key := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	ask := func(key []byte, token string) map[string]any {
		t.Helper()
		var log bytes.Buffer
		s, err := newServer(t, &events{}, func(b *Builder, _ *Operation) {
			b.setup.Config.Log, b.setup.Config.PseudonymKey = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})), key
			b.setup.Config.Around = func(ctx context.Context, _ *runtime.Operation, next func(context.Context) error) error {
				runtime.Logger(ctx).Warn("inside")
				return next(ctx)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader(`{"text":"hello"}`))
		r.Header.Set("Authorization", token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil || w.Code != 200 {
			t.Fatalf("%d, log %s: %v", w.Code, log.String(), err)
		}
		if line["request_id"] != w.Header().Get("X-Request-Id") || line["operation"] != "putNote" || line["msg"] != "inside" ||
			strings.Contains(strings.ReplaceAll(log.String(), w.Header().Get("X-Request-Id"), ""), "ada") {
			t.Errorf("log %s", log.String())
		}
		if r.Pattern != "PUT /users/{user}/note" {
			t.Errorf("the pattern is %q", r.Pattern)
		}
		return line
	}
	first := ask(key(1), "Bearer ada")["caller"]
	if text, _ := first.(string); len(text) != 32 {
		t.Errorf("the caller is %v", first)
	}
	if again := ask(key(1), "Bearer ada")["caller"]; again != first {
		t.Errorf("the same key calls a caller %v and %v", first, again)
	}
	if other := ask(key(2), "Bearer ada")["caller"]; other == first {
		t.Error("two keys have one pseudonym")
	}
	if a, b := ask(nil, "Bearer ada")["caller"], ask(nil, "Bearer ada")["caller"]; a == b || a == nil {
		t.Errorf("two servers without a key call a caller %v and %v", a, b)
	}
	s := Server{names: key(1)}
	if s.pseudonym("ab", "c") == s.pseudonym("a", "bc") {
		t.Error("an issuer and a subject run into one another")
	}
	if runtime.Logger(context.Background()) != slog.Default() {
		t.Error("another context has a logger of its own")
	}
	if _, err := newServer(t, nil, func(b *Builder, _ *Operation) { b.setup.Config.PseudonymKey = []byte("short") }); err == nil || !strings.Contains(err.Error(), "Config.PseudonymKey has 5 bytes") {
		t.Errorf("a short key: %v", err)
	}
}
