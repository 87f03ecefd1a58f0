package basic

import (
	"runtime"
	"sync/atomic"
)

// parameters are those of argon2id (RFC 9106, section 3.1).
type parameters struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8  // lanes
}

// least are the parameters that HashPassword uses, and what a question costs where nothing is known
// of the users' hashes.
var least = parameters{memory: leastMemory, time: leastTime, threads: 4}

// lanes are how many lanes this process can fill at once.
func (p parameters) lanes() uint64 { return uint64(min(int(p.threads), runtime.GOMAXPROCS(0))) }

// work is how much of its memory each lane fills, one after the other, in KiB: what the time of a
// hash is proportional to.
func (p parameters) work() uint64 { return uint64(p.memory) * uint64(p.time) / p.lanes() }

// costlier returns the parameters with more work.
func costlier(a, b parameters) parameters {
	if b.work() > a.work() {
		return b
	}
	return a
}

// rest returns the hashes, at most two, whose work together with done is that of p. They take no
// more memory at a time than p.
func (p parameters) rest(done uint64) (out [2]parameters) {
	if done == 0 {
		out[0] = p
		return out
	}
	if done >= p.work() {
		return out
	}
	fill := (p.work() - done) * p.lanes() // KiB, over all lanes
	out[0] = parameters{p.memory, uint32(fill / uint64(p.memory)), p.threads}
	out[1] = parameters{uint32(fill % uint64(p.memory)), 1, p.threads}
	return out
}

// within returns parameters of the same work that take at most so many KiB.
func (p parameters) within(memory uint32) parameters {
	if p.memory > memory {
		p.memory, p.time = memory, uint32((uint64(p.memory)*uint64(p.time)+uint64(memory)-1)/uint64(memory))
	}
	return p
}

// A coster is a [Users] that knows the costliest of its hashes.
type coster interface{ Costliest() *Hash }

// price says what a question with a wrong answer costs: as much as the costliest of the users'
// hashes, whether the user exists or not. Otherwise the time of one answer would tell who exists.
type price struct {
	users coster                     // nil where the store cannot say
	seen  atomic.Pointer[parameters] // the costliest hash that the store has returned
}

// of returns the price of a question about u; nil is a user who does not exist.
func (p *price) of(u *User) parameters {
	highest := least
	if p.users != nil {
		if h := p.users.Costliest(); h != nil {
			highest = h.parameters
		}
		if u != nil { // from a newer file
			highest = costlier(highest, u.Hash.parameters)
		}
		return highest
	}
	for {
		seen := p.seen.Load()
		if seen != nil {
			highest = *seen
		}
		if u == nil || u.Hash.work() <= highest.work() {
			return highest
		}
		if now := u.Hash.parameters; p.seen.CompareAndSwap(seen, &now) {
			return now
		}
	}
}
