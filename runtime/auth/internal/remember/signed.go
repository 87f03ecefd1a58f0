package remember

import (
	"hash/maphash"
	"strings"
)

// A Mark finds what may be known of a signed token: a hash of all of it, under a seed that the
// process draws. It proves nothing; the [Proof] does.
type Mark uint64

func (m Mark) spread() uint { return uint(m) }

// A Marker makes marks. They are its own: another one's are different.
type Marker struct{ seed maphash.Seed }

// NewMarker draws a seed.
func NewMarker() Marker { return Marker{maphash.MakeSeed()} }

// Of returns the mark of a token.
func (m Marker) Of(token string) Mark { return Mark(maphash.String(m.seed, token)) }

// A Proof tells a signed token from every other text, and does not hold it: of the signature, without which
// the rest lets nobody in, it has the SHA-256. What is signed it has as it was, which compares
// several times as fast as it could be hashed; its claims are in the principal anyway.
type Proof struct {
	signed    string // with the dot behind it
	signature Digest
}

// Prove returns the proof of a token of several parts, the last of which, behind the last dot, is the signature.
func Prove(token string) Proof {
	n := strings.LastIndexByte(token, '.') + 1
	return Proof{signed: strings.Clone(token[:n]), signature: Sum(token[n:])}
}

// Of reports whether the proof is this token's. The time that it takes tells nothing of use: it depends
// on how much of what is signed, which is no secret, is the same, and on digests.
func (p *Proof) Of(token string) bool {
	n := len(p.signed)
	return n > 0 && len(token) > n && token[:n] == p.signed && Sum(token[n:]) == p.signature
}

// Weight is what the proof costs in bytes, beside the entry that holds it.
func (p *Proof) Weight() int { return len(p.signed) }
