package generator_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/golden/streams/api"
)

// streams sends what the parameter asks for.
type streams struct {
	api.Unimplemented
	gone chan struct{} // closed when an endless stream has seen its client go
}

var errSecret = errors.New("a secret of the database")

func (s streams) ticks(ctx context.Context, how string) iter.Seq2[api.Tick, error] {
	return func(yield func(api.Tick, error) bool) {
		if !yield(api.Tick{N: 1, Note: runtime.Some("a\nb")}, nil) {
			return
		}
		switch how {
		case "error":
			yield(api.Tick{}, errSecret)
		case "invalid":
			yield(api.Tick{N: -1}, nil)
		case "long":
			yield(api.Tick{N: 2, Note: runtime.Some(strings.Repeat("x", 64))}, nil)
		case "panic":
			panic("a secret")
		case "raw":
			yield(api.Tick{N: 2, Extra: runtime.Some(wire.Raw("[1,\n2]"))}, nil)
		case "late", "endless":
			<-ctx.Done()
			if how == "endless" {
				close(s.gone)
			}
			return // as if it were the end
		default:
			yield(api.Tick{N: 2}, nil)
		}
	}
}

func (s streams) ListTicks(ctx context.Context, r *api.ListTicksRequest) (iter.Seq2[api.Tick, error], error) {
	switch r.How {
	case "nil":
		return nil, nil
	case "refused":
		return nil, errSecret
	}
	return s.ticks(ctx, r.How), nil
}

func (s streams) AddTicks(_ context.Context, r *api.AddTicksRequest) (*api.Count, error) {
	items := r.Jsonl
	if items == nil {
		items = r.JSONSeq
	}
	var n int64
	for tick, err := range items {
		if err != nil {
			if n == 7 {
				break // the error is lost, and the caller is told all the same
			}
			return nil, fmt.Errorf("adding: %w", err)
		}
		n += tick.N
	}
	return &api.Count{Count: n}, nil
}

func (streams) ListSequence(context.Context, *api.ListSequenceRequest) (*api.ListSequenceOK, error) {
	return &api.ListSequenceOK{XCount: 2, Body: func(yield func(int64, error) bool) { _ = yield(1, nil) && yield(9, nil) }}, nil
}

func (s streams) WatchTicks(ctx context.Context, r *api.WatchTicksRequest) (iter.Seq2[runtime.Event[api.Tick], error], error) {
	return func(yield func(runtime.Event[api.Tick], error) bool) {
		for t, err := range s.ticks(ctx, r.How) {
			if !yield(runtime.Event[api.Tick]{ID: fmt.Sprint(t.N), Retry: 1500 * time.Millisecond, Data: t}, err) {
				return
			}
		}
	}, nil
}

func (streams) WatchLog(_ context.Context, r *api.WatchLogRequest) (iter.Seq2[runtime.Event[string], error], error) {
	events := map[string]runtime.Event[string]{
		"lines":  {Name: "line", Data: "a\r\nb\rc\nd"},
		"empty":  {Name: "end"},
		"name":   {Name: "other", Data: "x"},
		"none":   {Data: "x"},
		"inject": {Name: "line\ndata: y", Data: "x"},
		"id":     {Name: "line", ID: "1\ndata: y", Data: "x"},
		"null":   {Name: "line", ID: "1\x00", Data: "x"},
		"retry":  {Name: "line", Retry: -1, Data: "x"},
		"long":   {Name: "line", Data: strings.Repeat("x", 21)},
	}
	return func(yield func(runtime.Event[string], error) bool) { yield(events[r.How], nil) }, nil
}

func (streams) WatchReadings(context.Context, *api.WatchReadingsRequest) (iter.Seq2[runtime.Event[float64], error], error) {
	return func(yield func(runtime.Event[float64], error) bool) {
		_ = yield(runtime.Event[float64]{Data: 1.5}, nil) && yield(runtime.Event[float64]{Data: -1}, nil)
	}, nil
}

func (streams) ListSecrets(context.Context, *api.ListSecretsRequest) (iter.Seq2[api.Secret, error], error) {
	return func(yield func(api.Secret, error) bool) {
		for _, card := range []string{"4111111111111111", "5500000000000004"} {
			if !yield(api.Secret{Card: mask.NewString(card)}, nil) {
				return
			}
		}
	}, nil
}

func (streams) WatchOpaque(ctx context.Context, _ *api.WatchOpaqueRequest) (*api.WatchOpaqueOK, error) {
	r, w := io.Pipe()
	go func() {
		fmt.Fprint(w, "data: 1\n\n")
		<-ctx.Done()
		w.CloseWithError(ctx.Err())
	}()
	return &api.WatchOpaqueOK{Body: r}, nil
}

func newStreams(t *testing.T) (*httptest.Server, chan struct{}) {
	gone := make(chan struct{})
	s, err := api.NewServer(streams{gone: gone}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(srv.Close)
	return srv, gone
}

func TestStreamsSent(t *testing.T) {
	t.Parallel()
	srv, _ := newStreams(t)
	const first = `{"n":1,"note":"a\nb"}` + "\n"
	for _, c := range []struct {
		name, path string
		status     int
		want       string
		cut        bool // the client must see that something is missing
	}{
		{"to the end", "/ticks?how=well", 200, first + `{"n":2}` + "\n", false},
		{"line ends in raw JSON", "/ticks?how=raw", 200, first + `{"n":2,"extra":[1, 2]}` + "\n", false},
		{"an error", "/ticks?how=error", 200, first, true},
		{"an item that breaks its schema", "/ticks?how=invalid", 200, first, true},
		{"an item that is too long", "/ticks?how=long", 200, first, true},
		{"a panic", "/ticks?how=panic", 200, first, true},
		{"the end of the request's time", "/ticks?how=late", 200, first, true},
		{"an error before the first", "/ticks?how=refused", 500, "", false},
		{"no stream at all", "/ticks?how=nil", 500, "", false},
		{"separators", "/sequence", 200, "\x1e1\n\x1e9\n", false},
		{"masks", "/secrets", 200, `{"card":"********1111"}` + "\n" + `{"card":"********0004"}` + "\n", false},
		{"events", "/events?how=well", 200, "id: 1\nretry: 1500\ndata: {\"n\":1,\"note\":\"a\\nb\"}\n\nid: 2\nretry: 1500\ndata: {\"n\":2}\n\n", false},
		{"line ends in the data of an event", "/events?how=raw", 200, "id: 1\nretry: 1500\ndata: {\"n\":1,\"note\":\"a\\nb\"}\n\nid: 2\nretry: 1500\ndata: {\"n\":2,\"extra\":[1, 2]}\n\n", false},
		{"events and an error", "/events?how=error", 200, "id: 1\nretry: 1500\ndata: {\"n\":1,\"note\":\"a\\nb\"}\n\n", true},
		{"lines of text", "/log?how=lines", 200, "event: line\ndata: a\ndata: b\ndata: c\ndata: d\n\n", false},
		{"an empty text", "/log?how=empty", 200, "event: end\ndata: \n\n", false},
		{"a name that is not listed", "/log?how=name", 200, "", true},
		{"no name", "/log?how=none", 200, "", true},
		{"a name with a line end", "/log?how=inject", 200, "", true},
		{"an id with a line end", "/log?how=id", 200, "", true},
		{"an id with U+0000", "/log?how=null", 200, "", true},
		{"a negative retry", "/log?how=retry", 200, "", true},
		{"a text that is too long", "/log?how=long", 200, "", true},
		{"the content's schema", "/readings", 200, "data: 1.5\n\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res, err := http.Get(srv.URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != c.status || c.status == 200 && string(body) != c.want || (err != nil) != c.cut {
				t.Errorf("%d %q, %v; want %d %q", res.StatusCode, body, err, c.status, c.want)
			}
			if strings.Contains(string(body), "secret") {
				t.Error("a secret leaves")
			}
		})
	}
}

func TestStreamsHead(t *testing.T) {
	srv, _ := newStreams(t)
	res, err := http.Head(srv.URL + "/events?how=endless")
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

// TestStreamsFlush: an item is there before the next one is made, and the handler learns
// that its client has gone.
func TestStreamsFlush(t *testing.T) {
	srv, gone := newStreams(t)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /events?how=endless HTTP/1.1\r\nHost: a\r\n\r\n")
	untilData(t, conn)
	conn.Close()
	<-gone

	other, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	fmt.Fprint(other, "GET /opaque HTTP/1.1\r\nHost: a\r\n\r\n")
	untilData(t, other)
}

// untilData reads until the data of an event is there.
func untilData(t *testing.T, conn net.Conn) {
	t.Helper()
	r := bufio.NewReader(conn)
	for line := ""; !strings.HasPrefix(line, "data: "); {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStreamsHTTP2: what was cut off is seen to be there as well.
func TestStreamsHTTP2(t *testing.T) {
	t.Parallel()
	s, err := api.NewServer(streams{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(s)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	for how, cut := range map[string]bool{"well": false, "error": true, "invalid": true, "panic": true, "late": true} {
		res, err := srv.Client().Get(srv.URL + "/ticks?how=" + how)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if res.Body.Close(); res.ProtoMajor != 2 || res.StatusCode != 200 || (err != nil) != cut || !strings.HasPrefix(string(body), `{"n":1`) {
			t.Errorf("%s: %s %d %q, %v", how, res.Proto, res.StatusCode, body, err)
		}
	}
	body, w := io.Pipe()
	defer w.Close()
	go fmt.Fprint(w, "{\"n\":1}\n{\"n\":")
	res, err := srv.Client().Post(srv.URL+"/ticks", "application/jsonl", body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 408 {
		t.Errorf("a body that never ends: %d, want 408", res.StatusCode)
	}
}

// TestStreamsOld: a client of HTTP/1.0 could not tell a stream that was cut off from a
// whole one.
func TestStreamsOld(t *testing.T) {
	srv, _ := newStreams(t)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /ticks?how=well HTTP/1.0\r\nHost: a\r\n\r\n")
	if answer, err := io.ReadAll(conn); err != nil || !strings.Contains(string(answer), " 505 ") {
		t.Errorf("%q, %v", answer, err)
	}
}

func TestStreamsRead(t *testing.T) {
	t.Parallel()
	srv, _ := newStreams(t)
	const lines, seq = "application/jsonl", "application/json-seq"
	post := func(name, kind, body string, status int, has ...string) ask {
		return ask{name: name, path: "/ticks", kind: kind, body: body, status: status, has: has}
	}
	for _, a := range []ask{
		post("lines", lines, "{\"n\":1}\n{\"n\":2}\r\n\n{\"n\":3}", 200, `{"count":6}`),
		post("charset", lines+"; charset=utf-8", "{\"n\":1}\n", 200, `{"count":1}`),
		post("another charset", lines+"; charset=latin1", "{\"n\":1}\n", 415),
		post("nothing but line ends", lines, "\n\n\r\n", 200, `{"count":0}`),
		post("an item that breaks its schema", lines, "{\"n\":1}\n{\"n\":-1}\n{\"n\":3}", 422, `"/1/n"`, `"minimum"`),
		post("an item without its member", lines, "{\"n\":1}\n{}\n", 422, `"/1"`, `"required"`),
		post("an unknown member", lines, "{\"n\":1,\"m\":1}\n", 422, `"/0/m"`),
		post("a member twice", lines, "{\"n\":1,\"n\":1}\n", 400, `"/0`),
		post("two texts on a line", lines, "{\"n\":1} {\"n\":2}\n", 400, `"syntax"`),
		post("a text on two lines", lines, "{\"n\":\n1}\n", 400, `"syntax"`),
		post("not UTF-8", lines, "{\"n\":1,\"note\":\"\xff\"}\n", 400),
		post("an item that is too long", lines, "{\"n\":1}\n{\"n\":1,\"note\":\""+strings.Repeat("x", 64)+"\"}\n", 413),
		post("an item without end", lines, strings.Repeat("x", 2000), 413),
		post("too many", lines, strings.Repeat("{\"n\":1}\n", 300), 413),
		post("an error that the handler swallows", lines, "{\"n\":7}\n{\"n\":-1}\n", 422, `"/1/n"`),
		post("a text sequence", seq, "\x1e{\"n\":1}\n\x1e{\"n\":2}\n", 200, `{"count":3}`),
		post("a text that may be cut off", seq, "\x1e{\"n\":1}\n\x1e{\"n\":2}", 400),
		post("no separator", seq, "{\"n\":1}\n", 400),
		post("separators without texts", seq, "\x1e\x1e\n\x1e{\"n\":2}\n", 200, `{"count":2}`),
		post("another media type", "application/json", `{"n":1}`, 415),
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, srv.URL) })
	}
}

// TestStreamsSlow: a body that never ends is refused when the request's time is up.
func TestStreamsSlow(t *testing.T) {
	t.Parallel()
	srv, _ := newStreams(t)
	body, w := io.Pipe()
	defer w.Close()
	go fmt.Fprint(w, "{\"n\":1}\n{\"n\":")
	res, err := http.Post(srv.URL+"/ticks", "application/jsonl", body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 408 {
		t.Errorf("%d, want 408", res.StatusCode)
	}
}
