package apikey

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// The least that a key must have to be imported without a reason: so many characters, and so many bits that nobody can guess.
const (
	LeastLength = 16
	LeastBits   = 64
)

// A Strength is what is known of a key that another program made.
type Strength struct {
	// Prefix is what every such key begins with. It is not counted.
	Prefix string
	// Bits is how many random bits a key has, as its maker states. 0 means that nothing is stated: what its length and its alphabet allow
	// is counted then, which is the most that it can have.
	Bits int
	// WeakReason is why a key that is too weak is taken all the same.
	WeakReason string
}

// Import returns what is stored of a key that another program made, with a new id and a hash under the first hash key; it still needs Subject and the
// rest. The clear text is kept nowhere. Such keys are good where [Policy].Opaque is set.
//
// A key of fewer than [LeastLength] characters or fewer than [LeastBits] bits is an error unless a reason is given, which stays in [Key].WeakReason. Errors
// never hold the key.
func (r *HashKeys) Import(clear string, s Strength) (Key, error) {
	rest, ok := strings.CutPrefix(clear, s.Prefix)
	switch {
	case clear == "" || len(clear) > maxOpaque || !isVisible(clear):
		return Key{}, fmt.Errorf("apikey: a key is visible ASCII of 1 to %d bytes", maxOpaque)
	case !ok:
		return Key{}, fmt.Errorf("apikey: the key does not begin with %q", s.Prefix)
	case s.Bits < 0:
		return Key{}, fmt.Errorf("apikey: %d bits", s.Bits)
	}
	bits := mostBits(rest)
	if s.Bits > bits {
		return Key{}, fmt.Errorf("apikey: %d bits are stated, and a key of this length and alphabet has at most %d", s.Bits, bits)
	}
	if s.Bits > 0 {
		bits = s.Bits
	}
	k := Key{ID: randomDigits(idLength), HashKey: r.first()}
	if len(rest) < LeastLength || bits < LeastBits {
		if strings.TrimSpace(s.WeakReason) == "" {
			return Key{}, fmt.Errorf("apikey: the key has %d characters and at most %d random bits behind its prefix: at least %d and %d are needed, or a reason", len(rest), bits, LeastLength, LeastBits)
		}
		k.WeakReason = s.WeakReason
	}
	mac := r.byID[k.HashKey].sum(clear)
	k.Hash = hex.EncodeToString(mac[:])
	return k, nil
}

// fewDistinct is how many different characters a random text of 16 and more has at least, but for one in millions.
const fewDistinct = 6

// mostBits is the most random bits that a text can have: those of its length and of the smallest usual alphabet that holds it, or of its
// own characters where they are few.
func mostBits(text string) int {
	var digit, hex, lower, upper, other, seen int
	distinct := map[byte]bool{}
	for i := range len(text) {
		c := text[i]
		distinct[c] = true
		switch {
		case '0' <= c && c <= '9':
			digit, hex = 10, hex+1
		case 'a' <= c && c <= 'z':
			lower = 26
		case 'A' <= c && c <= 'Z':
			upper = 26
		default:
			other = 32
		}
		if 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' {
			hex++
		}
		seen++
	}
	alphabet := digit + lower + upper + other
	if hex == seen && alphabet > 16 && (lower == 0 || upper == 0) {
		alphabet = 16
	}
	if len(distinct) < fewDistinct {
		alphabet = len(distinct)
	}
	if alphabet < 2 {
		return 0
	}
	return int(float64(seen) * math.Log2(float64(alphabet)))
}
