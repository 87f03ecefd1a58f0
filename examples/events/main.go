// Command events is an example of streams in both directions: lines of JSON in, events out.
//
//	go run ./examples/events
//	curl -N 127.0.0.1:8080/readings
//	printf '{"sensor":"roof","value":21.5}\n' | curl -H 'Content-Type: application/x-ndjson' --data-binary @- 127.0.0.1:8080/readings
package main

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"iter"
	"log"
	"net"
	"sync"
	"time"

	"github.com/bailey-go/bailey/examples/events/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/harden"
)

func main() {
	server, err := api.NewServer(&hub{}, api.Config{})
	check(err)
	hardened, err := harden.New(harden.Config{Handler: server})
	check(err)
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	check(err)
	check(hardened.Serve(context.Background(), listener))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// hub hands each reading to everybody who watches.
type hub struct {
	mu       sync.Mutex
	watchers map[chan api.Reading]bool
}

// AddReadings gets one reading after the other: each has met its schema when it is there, and no
// more than one is in memory.
func (h *hub) AddReadings(_ context.Context, req *api.AddReadingsRequest) (*api.Count, error) {
	var n int64
	for reading, err := range req.Body {
		if err != nil {
			return nil, err // the caller learns which item is wrong, and how
		}
		h.publish(reading)
		n++
	}
	return &api.Count{Count: n}, nil
}

// WatchReadings returns what sends the events. It ends with ctx, which ends when the client goes
// or when the request's time is up.
func (h *hub) WatchReadings(ctx context.Context, _ *api.WatchReadingsRequest) (iter.Seq2[runtime.Event[api.Reading], error], error) {
	return func(yield func(runtime.Event[api.Reading], error) bool) {
		readings := h.watch()
		defer h.leave(readings)
		for {
			select {
			case <-ctx.Done():
				return
			case r := <-readings:
				if !yield(runtime.Event[api.Reading]{Retry: 3 * time.Second, Data: r}, nil) {
					return
				}
			}
		}
	}, nil
}

// publish drops a reading for a watcher who is too slow: others must not wait.
func (h *hub) publish(r api.Reading) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		select {
		case w <- r:
		default:
		}
	}
}

func (h *hub) watch() chan api.Reading {
	w := make(chan api.Reading, 64)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers == nil {
		h.watchers = map[chan api.Reading]bool{}
	}
	h.watchers[w] = true
	return w
}

func (h *hub) leave(w chan api.Reading) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

// watching is how many watch.
func (h *hub) watching() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers)
}
