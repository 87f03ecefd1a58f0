package idp

import (
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// The bounds of what the provider remembers. Only who authenticated can fill them; what does not fit is refused.
const (
	maxCodes  = 10_000  // codes, each for twice codeLife
	maxOpaque = 100_000 // opaque tokens, each for accessLife
	maxEnded  = 100_000 // tokens that were revoked, each until it would have expired
	maxProofs = 100_000 // DPoP proofs, each for two minutes
)

var errFull = errors.New("idp: too much to remember")

// digest is how secrets are remembered: who reads the memory cannot use what they find.
type digest = [sha256.Size]byte

func digestOf(secret string) digest { return sha256.Sum256([]byte(secret)) }

// expiring is a bounded map whose entries end. It never makes room by forgetting one that has not ended. It is safe for concurrent use.
type expiring[K comparable, V any] struct {
	most int
	mu   sync.Mutex
	m    map[K]entry[V]
}

type entry[V any] struct {
	value V
	until time.Time
}

func newExpiring[K comparable, V any](most int) *expiring[K, V] {
	return &expiring[K, V]{most: most, m: map[K]entry[V]{}}
}

func (e *expiring[K, V]) put(key K, value V, until, now time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.m) >= e.most {
		for k, v := range e.m {
			if !v.until.After(now) {
				delete(e.m, k)
			}
		}
	}
	if len(e.m) >= e.most {
		return errFull
	}
	e.m[key] = entry[V]{value, until}
	return nil
}

func (e *expiring[K, V]) get(key K, now time.Time) (V, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v, ok := e.m[key]
	if !ok || !v.until.After(now) {
		var none V
		return none, false
	}
	return v.value, true
}

func (e *expiring[K, V]) delete(key K) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.m, key)
}
