package event_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/event"
)

// full is an event with every field set.
func full() event.Event {
	return event.Event{
		Name: event.AuthzFail, Operation: "getAccount", Rule: "scope", RequestID: "req-1", Scheme: "bearer", Issuer: "https://id.example",
		Subject: "alice", Address: netip.MustParseAddr("192.0.2.1"), Method: "GET", Status: 403, Duration: 1500 * time.Microsecond, Err: "*net.OpError < *os.SyscallError", Count: 7,
	}
}

// withoutTime drops the time of a record, which no test can know.
var withoutTime = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

// asJSON returns the line that a JSON handler writes for e.
func asJSON(e event.Event) string {
	var b bytes.Buffer
	event.Slog(slog.New(slog.NewJSONHandler(&b, withoutTime))).Record(context.Background(), &e)
	return b.String()
}

// asText is asJSON for a text handler.
func asText(e event.Event) string {
	var b bytes.Buffer
	event.Slog(slog.New(slog.NewTextHandler(&b, withoutTime))).Record(context.Background(), &e)
	return b.String()
}

func TestNames(t *testing.T) {
	t.Parallel()
	// OWASP Logging Vocabulary Cheat Sheet, and two more that it has no name for. Rules of
	// whoever watches the logs hang on them.
	for got, want := range map[string]string{
		event.AuthnFail:   "authn_login_fail",
		event.AuthzFail:   "authz_fail",
		event.RateLimit:   "excess_rate_limit_exceeded",
		event.InputFail:   "input_validation_fail",
		event.Extraneous:  "malicious_extraneous",
		event.Crash:       "sys_crash",
		event.OutputFail:  "output_validation_fail",
		event.Unavailable: "sys_unavailable",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	six := full()
	six.Address = netip.MustParseAddr("2001:db8::1")
	for _, test := range []struct {
		name       string
		e          event.Event
		json, text string
	}{
		{
			name: "every field", e: full(),
			json: `{"level":"WARN","msg":"request refused","event":"authz_fail","operation":"getAccount","rule":"scope","request_id":"req-1","scheme":"bearer","issuer":"https://id.example","subject":"alice","address":"192.0.2.1","method":"GET","error":"*net.OpError < *os.SyscallError","count":7,"status":403,"duration":1500000}`,
			text: `level=WARN msg="request refused" event=authz_fail operation=getAccount rule=scope request_id=req-1 scheme=bearer issuer=https://id.example subject=alice address=192.0.2.1 method=GET error="*net.OpError < *os.SyscallError" count=7 status=403 duration=1.5ms`,
		},
		{
			name: "nothing", e: event.Event{},
			json: `{"level":"WARN","msg":"request refused","status":0,"duration":0}`,
			text: `level=WARN msg="request refused" status=0 duration=0s`,
		},
		{
			name: "a stranger", e: event.Event{Name: event.AuthnFail, Rule: "no-credential", RequestID: "r", Address: six.Address, Method: "POST", Status: 401},
			json: `{"level":"WARN","msg":"request refused","event":"authn_login_fail","rule":"no-credential","request_id":"r","address":"2001:db8::1","method":"POST","status":401,"duration":0}`,
			text: `level=WARN msg="request refused" event=authn_login_fail rule=no-credential request_id=r address=2001:db8::1 method=POST status=401 duration=0s`,
		},
	} {
		if got := asJSON(test.e); got != test.json+"\n" {
			t.Errorf("%s: got  %swant %s", test.name, got, test.json)
		}
		if got := asText(test.e); got != test.text+"\n" {
			t.Errorf("%s: got  %swant %s", test.name, got, test.text)
		}
	}
}

// Every field is written, each one that is set changes the record, and none can hold a
// request or a body: the types do not allow it. A Failure alone has a text, which its maker cleans.
func TestFields(t *testing.T) {
	t.Parallel()
	may := map[reflect.Type]any{
		reflect.TypeFor[string]():        "something",
		reflect.TypeFor[int]():           599,
		reflect.TypeFor[time.Duration](): time.Hour,
		reflect.TypeFor[netip.Addr]():    netip.MustParseAddr("198.51.100.7"),
		reflect.TypeFor[event.Failure](): failure{"dial db: refused", "main.main"},
	}
	typ := reflect.TypeFor[event.Event]()
	if typ.NumField() != 14 {
		t.Errorf("got %d fields, want 14: a new one needs a place in the forms above", typ.NumField())
	}
	for i := range typ.NumField() {
		field := typ.Field(i)
		value, ok := may[field.Type]
		if !ok {
			t.Errorf("%s is a %v, which can hold what no event may", field.Name, field.Type)
			continue
		}
		var e event.Event
		reflect.ValueOf(&e).Elem().Field(i).Set(reflect.ValueOf(value))
		if asJSON(e) == asJSON(event.Event{}) || asText(e) == asText(event.Event{}) {
			t.Errorf("%s is not written", field.Name)
		}
	}
}

// What is the server's fault is an error, a crash in any case: half an answer may have
// gone out with status 200 before it.
func TestLevels(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		status int
		want   slog.Level
	}{
		{event.AuthnFail, 401, slog.LevelWarn}, {event.AuthzFail, 403, slog.LevelWarn}, {event.AuthzFail, 404, slog.LevelWarn}, {event.RateLimit, 429, slog.LevelWarn},
		{event.InputFail, 400, slog.LevelWarn}, {event.InputFail, 499, slog.LevelWarn}, {event.Extraneous, 400, slog.LevelWarn}, {"", 0, slog.LevelWarn},
		{event.Crash, 500, slog.LevelError}, {event.Crash, 200, slog.LevelError}, {event.Crash, 0, slog.LevelError},
		{event.OutputFail, 500, slog.LevelError}, {event.Unavailable, 503, slog.LevelError},
	} {
		h := &keep{from: slog.LevelDebug}
		event.Slog(slog.New(h)).Record(context.Background(), &event.Event{Name: test.name, Status: test.status})
		if len(h.records) != 1 || h.records[0].Level != test.want {
			t.Errorf("%s with %d: got %v, want %v", test.name, test.status, h.records, test.want)
		}
	}
}

// keep is a handler that keeps what it gets.
type keep struct {
	from    slog.Level
	mu      sync.Mutex
	records []slog.Record
	ctx     context.Context
}

func (h *keep) Enabled(_ context.Context, l slog.Level) bool { return l >= h.from }
func (h *keep) Handle(ctx context.Context, r slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.records, h.ctx = append(h.records, r), ctx
	return nil
}
func (h *keep) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h *keep) WithGroup(string) slog.Handler      { return h }

func TestDisabled(t *testing.T) {
	h := &keep{from: slog.LevelError}
	sink := event.Slog(slog.New(h))
	e := full()
	if allocs := testing.AllocsPerRun(10, func() { sink.Record(context.Background(), &e) }); allocs != 0 || len(h.records) != 0 {
		t.Errorf("a warning that nobody wants: %d records, %v allocations", len(h.records), allocs)
	}
	e.Status = 500
	if sink.Record(context.Background(), &e); len(h.records) != 1 {
		t.Errorf("an error: got %d records, want 1", len(h.records))
	}
}

// A handler gets the context of the request, for a trace's id, and no hold on the event.
func TestRecordKeepsNothing(t *testing.T) {
	t.Parallel()
	type key struct{}
	h := &keep{}
	e := full()
	event.Slog(slog.New(h)).Record(context.WithValue(context.Background(), key{}, "trace"), &e)
	e = event.Event{Subject: "somebody else"}
	if h.ctx.Value(key{}) != "trace" {
		t.Error("the context is another one")
	}
	h.records[0].Attrs(func(a slog.Attr) bool {
		if a.Key == "subject" && a.Value.String() != "alice" {
			t.Errorf("the subject became %s", a.Value)
		}
		return true
	})
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	h := &keep{}
	sink := event.Slog(slog.New(h))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				e := full()
				sink.Record(context.Background(), &e)
			}
		})
	}
	wg.Wait()
	if len(h.records) != 400 {
		t.Errorf("got %d records, want 400", len(h.records))
	}
}

// failure is the text and the stack of a failure.
type failure struct{ text, stack string }

func (f failure) Text() string  { return f.text }
func (f failure) Stack() string { return f.stack }

// The texts of a failure make no second line either, and are bounded.
func TestFailureTexts(t *testing.T) {
	t.Parallel()
	e := event.Event{Name: event.Unavailable, Status: 404, Failure: failure{"a\x1b[2J\r\nlevel=INFO \u202e" + strings.Repeat("b", 5000), strings.Repeat("c", 20_000)}}
	line := asText(e)
	if strings.Count(line, "\n") != 1 || strings.ContainsAny(line, "\x1b\r\u202e") || !strings.HasPrefix(line, "level=ERROR ") || len(line) > 4<<10+16<<10+200 {
		t.Errorf("%.300q, %d bytes", line, len(line))
	}
	for _, part := range []string{` error_text="a`, "b…\" stack=ccc"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q is not in the line", part)
		}
	}
	e.Failure = failure{}
	if line := asText(e); strings.Contains(line, "error_text") || strings.Contains(line, "stack") {
		t.Errorf("empty texts are written: %s", line)
	}
}

// A subject, an issuer and the names in a rule come from outside. They make no second
// line, no second attribute, move no cursor, and do not fill the disk (CWE-117).
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{
		"alice\nlevel=ERROR msg=forged", "alice\r\n", "alice\x1b[2K", "alice\u009b2K", "alice\u202egnp", "alice\u2028x", "alice\x00", "alice\xff", `alice" status=200 x="`, `alice","status":200,"x":"`, "alice status=200",
		strings.Repeat("a", 100_000), strings.Repeat("\u20ac", 100_000), strings.Repeat("\n", 100_000),
	} {
		e := full()
		e.Name, e.Operation, e.Rule, e.RequestID, e.Scheme, e.Issuer, e.Subject, e.Method, e.Err = hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile
		e.Address = netip.MustParseAddr("fe80::1").WithZone(hostile)
		h := &keep{}
		event.Slog(slog.New(h)).Record(context.Background(), &e)
		h.records[0].Attrs(func(a slog.Attr) bool {
			text := a.Value.String()
			if n := utf8.RuneCountInString(text); n > 257 || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r\n\x1b\u009b\u202e\u2028") {
				t.Errorf("%.20q: %s is %.40q, %d characters", hostile, a.Key, text, n)
			}
			return true
		})
		line := asJSON(e)
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || strings.Count(line, "\n") != 1 || len(fields) != 15 || fields["status"] != 403.0 {
			t.Errorf("%.20q as JSON: %v, %.200s", hostile, err, line)
		}
		line = asText(e)
		if strings.Count(line, "\n") != 1 || strings.Count(line, " status=403 ") != 1 || len(line) > 12*4*257 {
			t.Errorf("%.20q as text: %.200s", hostile, line)
		}
	}
}

// Who cannot be told apart by a shortened text can be by its first 256 characters; what is
// within that is written as it is.
func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"alice", "alice"},
		{"\u00c5sa \u674e|auth0", "\u00c5sa \u674e|auth0"},
		{"a\nb\u202ec", "a\ufffdb\ufffdc"},
		{strings.Repeat("\u20ac", 256), strings.Repeat("\u20ac", 256)},
		{strings.Repeat("\u20ac", 257), strings.Repeat("\u20ac", 256) + "\u2026"},
	} {
		h := &keep{}
		event.Slog(slog.New(h)).Record(context.Background(), &event.Event{Subject: test.text})
		h.records[0].Attrs(func(a slog.Attr) bool {
			if got := a.Value.String(); a.Key == "subject" && got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			return true
		})
	}
}

// Events are not lost because nobody said where to.
func TestDefaultLog(t *testing.T) {
	h := &keep{}
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(h))
	event.Slog(nil).Record(context.Background(), &event.Event{Name: event.Crash})
	if len(h.records) != 1 {
		t.Errorf("got %d records, want 1", len(h.records))
	}
}
