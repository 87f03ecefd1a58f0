package gen

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// A flood of refusals is 20 lines and one with the count, for each rule, operation and client. A
// Sink of Config gets each event. The places in rules, which clients choose, are no rules.
func TestLogOfAFlood(t *testing.T) {
	for _, custom := range []bool{false, true} {
		var out bytes.Buffer
		sink := &events{}
		s, err := newServer(t, nil, func(b *Builder, _ *Operation) {
			b.setup.Config.Log = slog.New(slog.NewTextHandler(&out, nil))
			if custom {
				b.setup.Config.Events = sink
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		out.Reset() // of the line about the policy
		for i := range 300 {
			r := httptest.NewRequest("GET", fmt.Sprintf("/open?x%d=1", i), nil)
			r.RemoteAddr = fmt.Sprintf("[2001:db8::%x]:1234", i+1)
			s.ServeHTTP(httptest.NewRecorder(), r)
			r = httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader("{}"))
			r.Header.Set("Authorization", "Bearer nobody")
			r.RemoteAddr = "192.0.2.1:1"
			s.ServeHTTP(httptest.NewRecorder(), r)
		}
		if custom {
			s.FlushEvents()
			if n := len(sink.list); n != 600 || out.Len() != 0 {
				t.Errorf("the sink of Config got %d of 600 events, the log %d bytes", n, out.Len())
			}
			continue
		}
		if n := strings.Count(out.String(), "\n"); n != 40 {
			t.Errorf("%d lines before the minute has ended, want 40:\n%s", n, out.String())
		}
		s.FlushEvents()
		for _, want := range []string{"operation=open rule=parameters address=2001:db8::12c status=400 count=280", "operation=putNote rule="} {
			if !strings.Contains(strings.ReplaceAll(out.String(), "count=280 status=400", "status=400 count=280"), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
		if n, counts := strings.Count(out.String(), "\n"), strings.Count(out.String(), "count=280"); n != 42 || counts != 2 {
			t.Errorf("%d lines, %d with a count; want 42 and 2:\n%s", n, counts, out.String())
		}
	}
}
