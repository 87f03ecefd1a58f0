package gen

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
)

// TestDetectEnds: rate limits are recorded until the end of the day, and enforced from then on.
func TestDetectEnds(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 3, 31, 23, 59, 0, 0, time.UTC)
	sink := &events{}
	b := New(Setup{Title: "T", Config: runtime.Config{Events: sink, Clock: func() time.Time { return now }}})
	Mount(b, &Operation{
		ID: "a", Method: http.MethodGet, Path: "/a", Access: Public("a test"), Detect: Detect{Limits: true, Until: "2030-03-31", Reason: "a test"},
		Rate: []Rate{{Name: "few", Limit: 1, Window: time.Hour, Per: "address"}},
	}, noteOpen)
	s, err := b.Server()
	if err != nil {
		t.Fatal(err)
	}
	ask := func() int {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/a", nil))
		return w.Code
	}
	first := ask()
	for range 3 {
		if got := ask(); got != first || got == http.StatusTooManyRequests {
			t.Errorf("a request beyond the limit: %d, the first had %d", got, first)
		}
	}
	if n := len(sink.list); n != 3 || sink.list[0].Name != "policy_detected" || sink.list[0].Rule != "few" || sink.list[0].Status != 0 {
		t.Errorf("%d events: %+v", n, sink.list)
	}
	now = now.Add(time.Minute)
	if got := ask(); got != http.StatusTooManyRequests {
		t.Errorf("after the last day: %d", got)
	}
}

// TestDetectRefused: a mode without an end or a reason stops the server.
func TestDetectRefused(t *testing.T) {
	t.Parallel()
	for _, d := range []Detect{{Limits: true, Reason: "a"}, {Limits: true, Until: "2030-03-31"}, {Limits: true, Until: "soon", Reason: "a"}} {
		b := New(Setup{Title: "T"})
		Mount(b, &Operation{ID: "a", Method: http.MethodGet, Path: "/a", Access: Public("a test"), Detect: d}, noteOpen)
		if _, err := b.Server(); err == nil {
			t.Errorf("%+v: the server starts", d)
		}
	}
}
