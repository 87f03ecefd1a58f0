package runtime

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
)

// requestID names a request: with 32 hexadecimal digits that are written when they are
// needed, or with what a trusted proxy calls it.
type requestID struct {
	hi, lo uint64
	given  string
}

// append appends the id's text.
func (id *requestID) append(b []byte) []byte {
	if id.given != "" {
		return append(b, id.given...)
	}
	return appendHex(appendHex(b, id.hi), id.lo)
}

// String is the id's text.
func (id *requestID) String() string {
	if id.given != "" {
		return id.given
	}
	var b [32]byte
	return string(id.append(b[:0]))
}

// appendHex appends x as 16 digits.
func appendHex(b []byte, x uint64) []byte {
	// Each half's nibbles are spread over the bytes of a word, first digit highest; then 6 is added to find those above 9.
	for _, half := range [2]uint64{x >> 32, x & 0xffffffff} {
		half = (half<<16 | half) & 0x0000ffff0000ffff
		half = (half<<8 | half) & 0x00ff00ff00ff00ff
		half = (half<<4 | half) & 0x0f0f0f0f0f0f0f0f
		letter := (half + 0x0606060606060606) >> 4 & 0x0101010101010101
		b = binary.BigEndian.AppendUint64(b, half+0x3030303030303030+letter*('a'-'0'-10))
	}
	return b
}

// ids makes request ids: unique, and not to be guessed from one another by who has
// no foothold in the process. They are names, not secrets.
type ids struct {
	base    [2]uint64
	counter atomic.Uint64
}

func (g *ids) seed() error {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return err
	}
	g.base = [2]uint64{binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])}
	return nil
}

// next returns a new id.
func (g *ids) next() requestID {
	n := g.counter.Add(1)
	return requestID{hi: mix(g.base[0] + n), lo: mix(g.base[1] ^ n*0x9e3779b97f4a7c15)}
}

// mix is the finaliser of SplitMix64: a bijection.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// isRequestID reports whether a request's id may be what a proxy says it is.
func isRequestID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
