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

	"golang.org/x/crypto/argon2"

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
	nobody  *Hash
	price   price
	fill    filler
	cache   *remember.Cache[remember.Digest, verdict]
	keep    time.Duration
	units   chan struct{} // each is 64 MiB
	turns   chan struct{} // who takes units holds this: none starves for want of several
	waiting atomic.Int64
	most    int64
}

// A filler computes argon2id; [argon2.IDKey], but for tests that count.
type filler func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte

type verdict struct {
	good  bool
	until time.Time
}

const unit = leastMemory // KiB

func newJudge(users Users, memory int64, keep time.Duration) *judge {
	n := memory / (unit << 10)
	j := &judge{nobody: nobody(), fill: argon2.IDKey, keep: keep, units: make(chan struct{}, n), turns: make(chan struct{}, 1), most: n * waitersEach}
	j.price.users, _ = users.(coster)
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

// verify reports whether the password is u's; nil is a user who does not exist. A wrong answer takes
// the same work and memory for everybody: those of the costliest hash among the users'. A right one
// takes what the user's hash asks for, and tells nothing to somebody who knows the password.
func (j *judge) verify(ctx context.Context, u *User, name, password string, now time.Time) (bool, error) {
	h := j.nobody
	if u != nil {
		h = u.Hash
	}
	digest := j.digest(h, name, password)
	if v, ok := j.cache.Get(digest); ok && remember.Holds(v.until, now, j.keep) {
		return v.good && u != nil, nil
	}
	price := j.price.of(u).within(uint32(cap(j.units)) * unit)
	need := int((max(h.memory, price.memory) + unit - 1) / unit)
	if err := j.enter(ctx, need); err != nil {
		return false, err
	}
	good := func() bool {
		defer j.leave(need)
		return j.compare(u, price, password)
	}()
	j.cache.Put(digest, verdict{good, now.Add(j.keep)}, remember.Weight(0, 1))
	return good, nil
}

// compare compares the password, and does as much work as the price asks for unless it is right.
func (j *judge) compare(u *User, price parameters, password string) bool {
	done := uint64(0)
	if u != nil {
		if u.Hash.matches(j.fill, password) {
			return true
		}
		done = u.Hash.work()
	}
	for _, p := range price.rest(done) {
		if p.time > 0 && p.memory > 0 {
			j.fill([]byte(password), j.nobody.salt, p.time, p.memory, p.threads, leastSum)
		}
	}
	return false
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
