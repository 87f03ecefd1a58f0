package runtime

import "time"

// Event is one event of a text/event-stream (HTML Living Standard, 9.2).
type Event[T any] struct {
	// Name is the event's type; "" sends none, and clients take it for "message".
	Name string
	// ID is what a client that comes back sends as Last-Event-ID; "" sends none.
	ID string
	// Retry is how long a client waits before it comes back; 0 sends none.
	Retry time.Duration
	Data  T
}
