package gen

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// TestBounds: the longest body of a document fits, or the server does not start.
func TestBounds(t *testing.T) {
	build := func(cfg runtime.Config, body int64) (*Server, error) {
		b := New(Setup{Title: "test", Config: cfg})
		Mount(b, &Operation{ID: "long", Method: "POST", Path: "/", Access: Public("a test"), Consumes: []string{"application/json"}, Limits: Limits{Body: body}}, noteOpen)
		return b.Server()
	}
	for _, tt := range []struct {
		name         string
		cfg          runtime.Config
		body         int64
		memory, each int64
		err          string
	}{
		{"defaults", runtime.Config{}, 1 << 20, 256 << 20, 32 << 20, ""},
		{"a long body", runtime.Config{}, 400 << 20, 800<<20 + extraMemory, 800<<20 + extraMemory, ""},
		{"a body longer than the default share", runtime.Config{}, 50 << 20, 256 << 20, 100<<20 + extraMemory, ""},
		{"configured", runtime.Config{BodyMemory: 100 << 20, BodyMemoryPerAddress: 10 << 20}, 1 << 20, 100 << 20, 10 << 20, ""},
		{"too little", runtime.Config{BodyMemory: 1 << 20}, 1 << 20, 0, 0, "BodyMemory: a body of long"},
		{"too little for one address", runtime.Config{BodyMemoryPerAddress: 1 << 20}, 1 << 20, 0, 0, "BodyMemory: a body of long"},
		{"negative", runtime.Config{BodyMemory: -1}, 1 << 20, 0, 0, "negative"},
		{"negative requests", runtime.Config{MaxRequests: -1}, 1 << 20, 0, 0, "negative"},
	} {
		s, err := build(tt.cfg, tt.body)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if m, e := s.bounds.Bytes[inflight.Memory], s.bounds.BytesPerClient[inflight.Memory]; m != tt.memory || e != tt.each {
			t.Errorf("%s: %d and %d bytes, want %d and %d", tt.name, m, e, tt.memory, tt.each)
		}
		if s.bounds.Requests != usualRequests || s.bounds.RequestsPerClient != 256 {
			t.Errorf("%s: %d and %d requests", tt.name, s.bounds.Requests, s.bounds.RequestsPerClient)
		}
	}
}

// TestRoomOfBodies: a body takes what it needs, and at most twice that while it grows.
func TestRoomOfBodies(t *testing.T) {
	for _, size := range []int64{0, 100, chunkSize, chunkSize + 1, 100_000, 1 << 20, 3 << 20} {
		for _, length := range []int64{size, -1} {
			l := inflight.New()
			bounds := &inflight.Bounds{Requests: 1, RequestsPerClient: 1}
			bounds.Bytes[inflight.Memory] = 2*size + extraMemory
			var h inflight.Hold
			h.Begin(l, bounds, netip.Addr{})
			b := bodyReader{r: io.LimitReader(endless{}, size), left: size}
			got, err := b.all(length, &h)
			if err != nil || int64(len(got)) != size {
				t.Errorf("%d bytes, length %d: %d bytes, %v", size, length, len(got), err)
			}
			if held := l.Bytes(inflight.Memory); length >= 0 && held > size+chunkSize || held > 2*size+chunkSize {
				t.Errorf("%d bytes, length %d: %d are charged", size, length, held)
			}
			bounds.Bytes[inflight.Memory] = size // less than is needed
			b = bodyReader{r: io.LimitReader(endless{}, size), left: size}
			if _, err := b.all(length, &h); !errors.As(err, new(*inflight.Refusal)) {
				t.Errorf("%d bytes, length %d, without room: %v", size, length, err)
			}
			h.End()
			if held := l.Bytes(inflight.Memory); held != 0 {
				t.Errorf("%d bytes are left", held)
			}
		}
	}
}

// TestDecodedValuesCount: what a body is decoded to counts while the handler is at work.
func TestDecodedValuesCount(t *testing.T) {
	f := newFlight(t, runtime.Config{})
	body := `["` + strings.Repeat(`","`, 100_000) + `"]` // 100,001 texts of 16 bytes each
	go f.ask(jsonRequest("/list", body))
	eventually(t, "a request", func() bool { return f.waiting.Load() == 1 })
	if held, least := f.ledger.Bytes(inflight.Memory), int64(len(body)+16*100_001); held < least {
		t.Errorf("%d bytes are held, want at least %d", held, least)
	}
	close(f.free)
	f.empty(t)
}

func jsonRequest(path, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}
