package jwt

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// RevocationMemory is [Revocations] in this process's memory: another instance of the server, and this one after
// a restart, must be told again. Make it with [NewRevocationMemory].
//
// It is bounded, and never makes room by forgetting a revocation that still counts: when it is full of
// those, revoking fails. A revocation counts until the time given with it, when the last token that it concerns has
// expired.
type RevocationMemory struct {
	max   int
	clock func() time.Time
	used  atomic.Int64 // len(ends): nobody waits for a lock while nothing is revoked

	mu       sync.RWMutex
	ids      map[revokedKey]time.Time // until
	subjects map[revokedKey]revokedSubject
	ends     revokedEnds
}

type revokedKey struct{ issuer, name string }

type revokedSubject struct{ upTo, until time.Time }

var _ Revocations = (*RevocationMemory)(nil)

const (
	defaultRevocations = 100_000
	maxRevocations     = 10_000_000
	maxRevokedName     = 8 << 10 // bytes: no token has longer ones
)

var (
	errRevocationsFull = errors.New("jwt: the memory of revocations is full")
	errRevocationName  = errors.New("jwt: a revocation without issuer and name, or with ones that are too long")
)

// NewRevocationMemory returns a store of at most so many revocations: 0 means 100,000, at most 10,000,000. The clock
// replaces time.Now, unless it is nil.
func NewRevocationMemory(entries int, clock func() time.Time) (*RevocationMemory, error) {
	if entries < 0 || entries > maxRevocations {
		return nil, fmt.Errorf("jwt: %d revocations: between 1 and %d", entries, maxRevocations)
	}
	if entries == 0 {
		entries = defaultRevocations
	}
	if clock == nil {
		clock = time.Now
	}
	return &RevocationMemory{
		max: entries, clock: clock, ids: make(map[revokedKey]time.Time), subjects: make(map[revokedKey]revokedSubject),
	}, nil
}

// Revoke ends one token, by its jti. It may be forgotten after until, which should be the token's exp and the policy's leeway.
func (m *RevocationMemory) Revoke(issuer, id string, until time.Time) error {
	k := revokedKey{issuer, id}
	if !k.ok() {
		return errRevocationName
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ids[k].Before(until) {
		return nil
	}
	if err := m.room(until); err != nil {
		return err
	}
	m.ids[k] = until
	m.push(revokedEnd{until: until, key: k})
	return nil
}

// RevokeSubject ends every token of a subject that was issued at or before upTo, which is most often now. Since iat is mostly in
// whole seconds, tokens that are issued within that second end too. It may be forgotten after until: upTo, and the longest life that the issuer
// gives a token, and the policy's leeway.
func (m *RevocationMemory) RevokeSubject(issuer, subject string, upTo, until time.Time) error {
	k := revokedKey{issuer, subject}
	if !k.ok() {
		return errRevocationName
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.subjects[k]
	if !old.upTo.Before(upTo) && !old.until.Before(until) {
		return nil
	}
	next := revokedSubject{upTo: later(old.upTo, upTo), until: later(old.until, until)}
	if old.until.Equal(next.until) { // its end is known
		m.subjects[k] = next
		return nil
	}
	if err := m.room(until); err != nil {
		return err
	}
	m.subjects[k] = next
	m.push(revokedEnd{until: next.until, key: k, subject: true})
	return nil
}

// Revoked implements [Revocations]. It does not allocate, and never fails.
func (m *RevocationMemory) Revoked(_ context.Context, t TokenID) (bool, error) {
	return m.revoked(t), nil
}

func (m *RevocationMemory) revoked(t TokenID) bool {
	if m.used.Load() == 0 {
		return false
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if _, ok := m.ids[revokedKey{t.Issuer, t.ID}]; ok {
		return true
	}
	s, ok := m.subjects[revokedKey{t.Issuer, t.Subject}]
	return ok && !t.IssuedAt.After(s.upTo)
}

// Len returns the number of revocations that are held.
func (m *RevocationMemory) Len() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.ids) + len(m.subjects)
}

// room forgets what has ended, and reports whether there is room for one more.
func (m *RevocationMemory) room(until time.Time) error {
	now := m.clock()
	if until.Before(now) {
		return fmt.Errorf("jwt: a revocation that ended at %v", until)
	}
	for len(m.ends) > 0 && m.ends[0].until.Before(now) {
		e := heap.Pop(&m.ends).(revokedEnd)
		switch { // one that was revoked for longer since has another end
		case e.subject && m.subjects[e.key].until.Equal(e.until):
			delete(m.subjects, e.key)
		case !e.subject && m.ids[e.key].Equal(e.until):
			delete(m.ids, e.key)
		}
	}
	m.used.Store(int64(len(m.ends)))
	if len(m.ends) >= m.max {
		return errRevocationsFull
	}
	return nil
}

func (m *RevocationMemory) push(e revokedEnd) {
	heap.Push(&m.ends, e)
	m.used.Store(int64(len(m.ends)))
}

func (k revokedKey) ok() bool {
	return k.issuer != "" && k.name != "" && len(k.issuer) <= maxRevokedName && len(k.name) <= maxRevokedName
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// revokedEnd is when a revocation may be forgotten.
type revokedEnd struct {
	until   time.Time
	key     revokedKey
	subject bool
}

// revokedEnds is a heap with the first end on top.
type revokedEnds []revokedEnd

func (h revokedEnds) Len() int           { return len(h) }
func (h revokedEnds) Less(i, j int) bool { return h[i].until.Before(h[j].until) }
func (h revokedEnds) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *revokedEnds) Push(x any)        { *h = append(*h, x.(revokedEnd)) }
func (h *revokedEnds) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = revokedEnd{}
	*h = old[:len(old)-1]
	return last
}
