package basic

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

const (
	cacheSize   = 4096
	waitersEach = 16              // for each hash in progress
	patience    = 2 * time.Second // of who waits for a turn
)

// judge compares passwords, at a bounded cost.
type judge struct {
	key     [32]byte // of this process: what is remembered is worth nothing elsewhere
	dummy   *Hash
	cache   *remember.Cache[remember.Digest, verdict]
	keep    time.Duration
	units   chan struct{} // each is 64 MiB
	turns   chan struct{} // who takes units holds this: none starves for want of several
	waiting atomic.Int64
	most    int64
}

type verdict struct {
	good  bool
	until time.Time
}

const unit = leastMemory // KiB

func newJudge(memory int64, keep time.Duration) *judge {
	n := memory / (unit << 10)
	j := &judge{dummy: dummy(), keep: keep, units: make(chan struct{}, n), turns: make(chan struct{}, 1), most: n * waitersEach}
	rand.Read(j.key[:]) // never fails
	if keep > 0 {
		j.cache = remember.New[remember.Digest, verdict](cacheSize)
	}
	return j
}

var (
	errTooMany = errors.New("basic: too many passwords wait to be hashed")
	errTooBig  = errors.New("basic: the user's hash asks for more memory than all hashes may take")
)

// verify reports whether the password is u's; nil is a user who does not exist, at the cost of one who does.
func (j *judge) verify(ctx context.Context, u *User, name, password string, now time.Time) (bool, error) {
	h := j.dummy
	if u != nil {
		h = u.Hash
	}
	digest := j.digest(h, name, password)
	if v, ok := j.cache.Get(digest); ok && now.Before(v.until) {
		return v.good && u != nil, nil
	}
	need := int((h.memory + unit - 1) / unit)
	if err := j.enter(ctx, need); err != nil {
		return false, err
	}
	good := func() bool {
		defer j.leave(need)
		return h.verify(password)
	}() && u != nil
	j.cache.Put(digest, verdict{good, now.Add(j.keep)}, remember.Weight(0, 1))
	return good, nil
}

// digest names a verdict. It holds the stored hash, so that a changed password is another question.
func (j *judge) digest(h *Hash, name, password string) (out remember.Digest) {
	mac := hmac.New(sha256.New, j.key[:])
	for _, part := range []string{h.text, name, password} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		_, _ = mac.Write(length[:]) // a hash takes everything
		_, _ = mac.Write([]byte(part))
	}
	mac.Sum(out[:0])
	return out
}

// enter takes so many units of memory, or says that it takes too long.
func (j *judge) enter(ctx context.Context, need int) error {
	if need > cap(j.units) {
		return errTooBig
	}
	if j.waiting.Add(1) > j.most+int64(cap(j.units)) {
		j.waiting.Add(-1)
		return errTooMany
	}
	defer j.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case j.turns <- struct{}{}:
		defer func() { <-j.turns }()
	case <-ctx.Done():
		return errTooMany
	}
	for got := range need {
		select {
		case j.units <- struct{}{}:
		case <-ctx.Done():
			j.leave(got)
			return errTooMany
		}
	}
	return nil
}

func (j *judge) leave(units int) {
	for range units {
		<-j.units
	}
}

// isPassword reports whether s can be a password (RFC 7617, section 2).
func isPassword(s string) bool {
	if s == "" || len(s) > MaxPassword || !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
