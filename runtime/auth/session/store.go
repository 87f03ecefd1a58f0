package session

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Record is what is kept of a session: nothing in it lets anybody in.
type Record struct {
	Who
	// Began is when it began, and Used when it was used last, as far as [Store.Touch] was told.
	Began, Used time.Time
	// Ends is when it ends at the latest.
	Ends time.Time
	// Idle is how long it may go unused; 0 means until it ends. The policy says it again for each request: a store uses it to forget, and may
	// return records without it.
	Idle time.Duration
}

// Until is when the session ends if nobody uses it again.
func (r *Record) Until() time.Time {
	if idle := r.Used.Add(r.Idle); r.Idle > 0 && idle.Before(r.Ends) {
		return idle
	}
	return r.Ends
}

// A Store keeps sessions by the SHA-256 of their numbers. It must be safe for concurrent use, and what Get returns must not be changed afterwards: return a new
// *Record for a changed one. Records may be dropped after [Record.Until]. An error means that the store cannot answer; the request is refused as
// unavailable. It must come in bounded time.
type Store interface {
	Put(ctx context.Context, id [32]byte, r *Record) error
	Get(ctx context.Context, id [32]byte) (*Record, bool, error)
	// Touch says that a session was used. One that is gone stays gone, without an error.
	Touch(ctx context.Context, id [32]byte, now time.Time) error
	// Delete ends one session; one that is gone is no error.
	Delete(ctx context.Context, id [32]byte) error
	// DeleteSubject ends every session of a subject.
	DeleteSubject(ctx context.Context, subject string) error
}

// MemoryConfig bounds a store in this process.
type MemoryConfig struct {
	// Sessions bounds the sessions at a time; 0 means 100,000. When there are so many, no new one begins until some are over.
	Sessions int
	// PerSubject bounds those of one subject; 0 means 20. A new one then ends the one that was not used for the longest time.
	PerSubject int
	// Clock replaces time.Now.
	Clock func() time.Time
}

// Memory is a [Store] in this process: sessions end with it, and other processes do not know them.
type Memory struct {
	config    MemoryConfig
	mu        sync.RWMutex
	records   map[[32]byte]*Record
	bySubject map[string][][32]byte
	swept     time.Time
}

var _ Store = (*Memory)(nil)

// ErrFull says that there are as many sessions as the store may hold.
var ErrFull = errors.New("session: the store is full")

// NewMemory returns an empty store.
func NewMemory(c MemoryConfig) (*Memory, error) {
	if c.Sessions < 0 || c.PerSubject < 0 {
		return nil, errors.New("session: a negative bound")
	}
	if c.Sessions == 0 {
		c.Sessions = 100_000
	}
	if c.PerSubject == 0 {
		c.PerSubject = 20
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Memory{config: c, records: map[[32]byte]*Record{}, bySubject: map[string][][32]byte{}}, nil
}

// sweepEvery is how often those that are over are looked for, at most.
const sweepEvery = time.Minute

// Put implements [Store].
func (m *Memory) Put(_ context.Context, id [32]byte, r *Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.config.Clock()
	if now.Sub(m.swept) >= sweepEvery {
		m.sweep(now)
	}
	m.drop(id) // where it is put twice
	mine := m.bySubject[r.Subject]
	if len(mine) >= m.config.PerSubject {
		oldest := mine[0]
		for _, other := range mine[1:] {
			if m.records[other].Used.Before(m.records[oldest].Used) {
				oldest = other
			}
		}
		m.drop(oldest)
	}
	if len(m.records) >= m.config.Sessions {
		return ErrFull
	}
	kept := *r
	m.records[id] = &kept
	m.bySubject[r.Subject] = append(m.bySubject[r.Subject], id)
	return nil
}

// sweep drops what is over.
func (m *Memory) sweep(now time.Time) {
	m.swept = now
	for id, r := range m.records {
		if !now.Before(r.Until()) {
			m.drop(id)
		}
	}
}

func (m *Memory) drop(id [32]byte) {
	r := m.records[id]
	if r == nil {
		return
	}
	delete(m.records, id)
	mine := m.bySubject[r.Subject]
	for i := range mine {
		if mine[i] == id {
			mine[i] = mine[len(mine)-1]
			mine = mine[:len(mine)-1]
			break
		}
	}
	if m.bySubject[r.Subject] = mine; len(mine) == 0 {
		delete(m.bySubject, r.Subject)
	}
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, id [32]byte) (*Record, bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.records[id]
	return r, ok, nil
}

// Touch implements [Store].
func (m *Memory) Touch(_ context.Context, id [32]byte, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.records[id]; r != nil && now.After(r.Used) {
		used := *r
		used.Used = now
		m.records[id] = &used
	}
	return nil
}

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, id [32]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(id)
	return nil
}

// DeleteSubject implements [Store].
func (m *Memory) DeleteSubject(_ context.Context, subject string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.bySubject[subject]) > 0 {
		m.drop(m.bySubject[subject][0])
	}
	return nil
}
