package harden

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// lease is how long a handshake may compute in one turn. It takes about a millisecond: a
// longer one waits for something else than a processor, such as a GetCertificate that asks an authority.
const lease = 250 * time.Millisecond

// errLate says that a handshake got no turn before its time-out.
var errLate = errors.New("harden: too many handshakes of TLS at a time")

// turns bound how many handshakes of TLS compute at a time: between a record that has come from the
// client and the next that is waited for. A handshake that waits for its client takes no turn.
// The clients get theirs one after the other, however many connections each has, and none holds
// more than its share.
type turns struct {
	most, share int
	lease       time.Duration

	mu    sync.Mutex
	held  int
	by    map[who]*queue
	lines []*queue // those in which a handshake waits, the next first
}

// queue is the handshakes of one client.
type queue struct {
	who
	held    int
	waiting []*turn
}

// turn is one stretch of computing of a handshake.
type turn struct {
	of    *queue
	state turnState // guarded by turns.mu
	ready chan struct{}
	lease *time.Timer
}

type turnState uint8

const (
	waits turnState = iota
	holds
	over
)

func newTurns(most, share int) *turns {
	return &turns{most: most, share: share, lease: lease, by: map[who]*queue{}}
}

// ask returns a turn for a connection of w. The turn is to be ended.
func (t *turns) ask(w who) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.by[w]
	if q == nil {
		q = &queue{who: w}
		t.by[w] = q
	}
	n := &turn{of: q, ready: make(chan struct{})}
	if len(q.waiting) == 0 {
		t.lines = append(t.lines, q)
	}
	q.waiting = append(q.waiting, n)
	t.hand()
	return n
}

// end gives a turn back, or takes it out of its queue, and reports whether it was held.
func (t *turns) end(n *turn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	was, q := n.state, n.of
	n.state = over
	switch was {
	case over:
		return false
	case holds:
		n.lease.Stop()
		t.held--
		q.held--
	case waits:
		q.waiting = slices.DeleteFunc(q.waiting, func(w *turn) bool { return w == n })
		if len(q.waiting) == 0 {
			t.lines = slices.DeleteFunc(t.lines, func(l *queue) bool { return l == q })
		}
		close(n.ready)
	}
	if q.held == 0 && len(q.waiting) == 0 {
		delete(t.by, q.who)
	}
	t.hand()
	return was == holds
}

// hand gives the turns that are free to handshakes that wait. t.mu is held.
func (t *turns) hand() {
	for i := 0; i < len(t.lines) && t.held < t.most; {
		q := t.lines[i]
		if !q.exempt && q.held >= t.share {
			i++
			continue
		}
		n := q.waiting[0]
		q.waiting = q.waiting[1:]
		t.lines = slices.Delete(t.lines, i, i+1)
		if len(q.waiting) > 0 {
			t.lines = append(t.lines, q)
		}
		t.held++
		q.held++
		n.state = holds
		n.lease = time.AfterFunc(t.lease, func() { t.end(n) })
		close(n.ready)
	}
}

// await waits until n is held, or over, or the time has come, and reports whether there was a turn.
func (t *turns) await(n *turn, until time.Time) bool {
	select {
	case <-n.ready:
	default:
		var late <-chan time.Time
		if !until.IsZero() {
			timer := time.NewTimer(time.Until(until))
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-n.ready:
		case <-late:
			t.end(n)
			return false
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return n.lease != nil // it was held, though the lease may be over
}
