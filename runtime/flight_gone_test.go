package runtime

import (
	"context"
	"net/http/httptest"
	"testing"
)

// TestCanceledBeforeItBegins: the server calls no handler and encodes no answer for a client that has
// given up its request already, and takes the request out of those in flight.
func TestCanceledBeforeItBegins(t *testing.T) {
	t.Parallel()
	f := newFlight(t, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"/wait", "/long", "/nowhere"} {
		rec := httptest.NewRecorder()
		f.ServeHTTP(rec, httptest.NewRequest("GET", path, nil).WithContext(ctx))
		if rec.Code != 503 || rec.Body.Len() > 1000 {
			t.Errorf("%s: got %d with %d bytes, want 503", path, rec.Code, rec.Body.Len())
		}
		if got := f.events.last().Rule; got != "canceled" {
			t.Errorf("%s: got rule %q", path, got)
		}
	}
	if n := f.ledger.Requests(); n != 0 {
		t.Errorf("%d requests are in flight", n)
	}
	rec := httptest.NewRecorder()
	if f.ServeHTTP(rec, httptest.NewRequest("GET", "/long", nil)); rec.Code != 200 {
		t.Errorf("afterwards: %d", rec.Code)
	}
}
