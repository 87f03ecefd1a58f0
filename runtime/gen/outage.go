package gen

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/limit"
)

// cannotAuthenticate answers a request with a credential that could not be judged. Where nothing in
// the credential is verified, the request counts against its address by every limit of the
// operation, and one event stands for all requests of a minute.
func (c *Call) cannotAuthenticate(err error) bool {
	f := refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "authentication", err: err}
	u := (*auth.Unavailable)(nil)
	if errors.As(err, &u) && u.Unverified {
		for i := range c.op.byCaller {
			if r := &c.op.byCaller[i]; !c.take(r, limit.ByAddress(r.key, c.address())) {
				return false
			}
		}
		f.rule, f.issuer = u.Rule, u.Issuer
		if !c.server.outages.first(outage{u.Issuer, u.Rule}, c.server.events) {
			f.event = ""
		}
	}
	c.retryUnavailable(u)
	return c.refuse(f)
}

// retryUnavailable sets Retry-After to the time that the authenticator knows, or to 5 seconds where
// it knows none. u may be nil.
func (c *Call) retryUnavailable(u *auth.Unavailable) {
	after := int64(5)
	if u != nil && u.RetryAfter > 0 {
		after = limit.Seconds(u.RetryAfter)
	}
	c.retryAfter(after)
}

// unavailable answers for a handler that could not do its part, such as to begin a session.
func (c *Call) unavailable(err error) {
	u := (*auth.Unavailable)(nil)
	errors.As(err, &u)
	c.retryUnavailable(u)
	c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: u.Rule, err: err})
}

// An outage is what many requests have in common that cannot be judged.
type outage struct{ issuer, rule string }

// outages count the requests of each outage, so that one event a minute stands for them. It is safe
// for concurrent use, and the zero value is ready.
type outages struct {
	mu     sync.Mutex
	counts map[outage]int // since the last event
	timers map[outage]*time.Timer
	closed bool
}

const (
	outageEvery = time.Minute
	maxOutages  = 1000
)

// first reports whether the request is to leave an event of its own. Those that come within the
// minute after it are counted, and one event says how many they were.
func (o *outages) first(what outage, sink event.Sink) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n, open := o.counts[what]; open {
		o.counts[what] = n + 1
		return false
	}
	if len(o.counts) >= maxOutages { // an authenticator that makes rules up
		return false
	}
	if o.counts == nil {
		o.counts, o.timers = make(map[outage]int), make(map[outage]*time.Timer)
	}
	if o.closed {
		return true
	}
	o.counts[what] = 0
	o.timers[what] = time.AfterFunc(outageEvery, func() { o.tell(what, sink) })
	return true
}

// tell records an event for the requests since the last one. Where there were none, the outage is
// over.
func (o *outages) tell(what outage, sink event.Sink) {
	o.mu.Lock()
	n := o.counts[what]
	if n == 0 || o.closed {
		delete(o.counts, what)
		delete(o.timers, what)
	} else {
		o.counts[what] = 0
		o.timers[what] = time.AfterFunc(outageEvery, func() { o.tell(what, sink) })
	}
	o.mu.Unlock()
	if n > 0 {
		sink.Record(context.Background(), &event.Event{
			Name: event.Unavailable, Rule: what.rule, Issuer: what.issuer, Status: http.StatusServiceUnavailable, Count: n,
		})
	}
}

// close records what has been counted, and ends the timers.
func (o *outages) close(sink event.Sink) {
	o.mu.Lock()
	o.closed = true
	var stopped []outage
	for what, timer := range o.timers {
		if timer.Stop() {
			stopped = append(stopped, what)
		}
	}
	o.mu.Unlock()
	for _, what := range stopped {
		o.tell(what, sink)
	}
}
