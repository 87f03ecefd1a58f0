package wire

import "math/bits"

// Eight hexadecimal digits are worked on at once, a digit in each byte of a word.
const (
	lows  = 0x0101010101010101
	highs = 0x1010101010101010
)

// hexOf returns the eight digits of x, in lower case, the first one highest.
func hexOf(x uint32) uint64 {
	w := uint64(x)
	w = (w<<16 | w) & 0x0000ffff0000ffff
	w = (w<<8 | w) & 0x00ff00ff00ff00ff
	w = (w<<4 | w) & 0x0f0f0f0f0f0f0f0f
	letters := (w + 6*lows) >> 4 & lows // 1 where the digit is a letter
	return w + '0'*lows + letters*('a'-'0'-10)
}

// unhexOf returns the number that eight digits of either case are, the first one in the lowest byte of w, and
// whether all of them are digits.
func unhexOf(w uint64) (uint32, bool) {
	letters := w >> 6 & lows // 1 for what is a letter if it is a digit at all
	value := w&(0xf*lows) + 9*letters
	// The upper half is 3 for figures, and 4 or 6 for letters; the lower one at most 9 for figures, and 1 to 6 for letters.
	wrong := (w &^ (letters << 5) & (0xf0 * lows)) ^ (0x30*lows + letters<<4)
	wrong |= (w&(0xf*lows) + 6*lows + 3*letters) & highs
	wrong |= (letters << 4) &^ (w&(0xf*lows) + 0xf*lows) & highs
	value = (value<<4 | value>>8) & 0x00ff00ff00ff00ff
	value = (value | value>>8) & 0x0000ffff0000ffff
	return bits.ReverseBytes32(uint32(value | value>>16)), wrong == 0
}
