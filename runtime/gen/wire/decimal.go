package wire

import (
	"cmp"
	"math/big"
	"math/bits"
	"strings"
)

// decimal is a number literal taken apart: ± significant digits * 10^exp. The
// digits have no zeros at either end.
type decimal struct {
	neg  bool
	mant string // the significant digits, perhaps with a point among them; "" is zero
	n    int    // how many digits
	exp  int64  // of the last digit
}

// maxExp is where exponents saturate. No literal has that many digits, so an
// exponent that got there is beyond any that did not.
const maxExp = 1 << 60

// parseDecimal takes s apart, which must be a number.
func parseDecimal(s string) decimal {
	var v decimal
	if s[0] == '-' {
		v.neg = true
		s = s[1:]
	}
	for i := 0; i < len(s); i++ {
		if s[i]|0x20 == 'e' {
			v.exp = parseExponent(s[i+1:])
			s = s[:i]
			break
		}
	}
	point := -1
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			point = i
			v.exp -= int64(len(s) - 1 - i)
			break
		}
	}
	from, to := 0, len(s)
	for from < to && (s[from] == '0' || s[from] == '.') {
		from++
	}
	for to > from && (s[to-1] == '0' || s[to-1] == '.') {
		to--
		if s[to] == '0' {
			v.exp++
		}
	}
	if from == to {
		return decimal{neg: v.neg}
	}
	v.mant = s[from:to]
	v.n = len(v.mant)
	if point > from && point < to {
		v.n--
	}
	return v
}

func parseExponent(s string) int64 {
	neg := s[0] == '-'
	if neg || s[0] == '+' {
		s = s[1:]
	}
	var e int64
	for i := 0; i < len(s); i++ {
		if e = e*10 + int64(s[i]-'0'); e >= maxExp/16 {
			e = maxExp
			break
		}
	}
	if neg {
		return -e
	}
	return e
}

// zero reports whether v is zero, whose sign does not count.
func (v decimal) zero() bool { return v.n == 0 }

// integral reports whether v has no fraction.
func (v decimal) integral() bool { return v.zero() || v.exp >= 0 }

// first is the exponent of the first digit.
func (v decimal) first() int64 {
	if v.zero() {
		return 0
	}
	return v.exp + int64(v.n) - 1
}

// uint64 returns the absolute value of an integral v, if it fits.
func (v decimal) uint64() (uint64, bool) {
	if v.zero() {
		return 0, true
	}
	if v.first() > 19 {
		return 0, false
	}
	n, ok := v.digits()
	for e := v.exp; e > 0 && ok; e-- {
		n, ok = timesTen(n, 0)
	}
	return n, ok
}

// digits returns the significant digits as an integer, if they fit.
func (v decimal) digits() (n uint64, ok bool) {
	if v.n > 20 {
		return 0, false
	}
	ok = true
	for i := 0; i < len(v.mant) && ok; i++ {
		if c := v.mant[i]; c != '.' {
			n, ok = timesTen(n, uint64(c-'0'))
		}
	}
	return n, ok
}

// wide returns the significant digits as an integer of 128 bits, if there are at most 38.
func (v decimal) wide() (n wide, ok bool) {
	if v.n > 38 {
		return n, false
	}
	// Chunks of 19 digits, each of which fits in 64 bits.
	var chunk, scale uint64 = 0, 1
	for i := 0; i < len(v.mant); i++ {
		if v.mant[i] == '.' {
			continue
		}
		chunk, scale = chunk*10+uint64(v.mant[i]-'0'), scale*10
		if scale == 1e19 {
			n, chunk, scale = n.mul64(scale, chunk), 0, 1
		}
	}
	return n.mul64(scale, chunk), true
}

func timesTen(n, digit uint64) (uint64, bool) {
	hi, lo := bits.Mul64(n, 10)
	lo, carry := bits.Add64(lo, digit, 0)
	return lo, hi+carry == 0
}

// big returns the significant digits as an integer.
func (v decimal) big() *big.Int {
	if bits.UintSize == 32 {
		n, _ := new(big.Int).SetString(strings.Replace(v.mant, ".", "", 1), 10)
		return n
	}
	// Chunks of 19 digits, as SetString does, which takes ten times as long to find them.
	words := make([]big.Word, 0, v.n/19+1)
	var chunk, scale uint64 = 0, 1
	add := func() {
		carry := chunk
		for i, w := range words {
			hi, lo := bits.Mul64(uint64(w), scale)
			lo, c := bits.Add64(lo, carry, 0)
			words[i], carry = big.Word(lo), hi+c
		}
		if carry > 0 {
			words = append(words, big.Word(carry))
		}
		chunk, scale = 0, 1
	}
	for i := 0; i < len(v.mant); i++ {
		if v.mant[i] == '.' {
			continue
		}
		if chunk, scale = chunk*10+uint64(v.mant[i]-'0'), scale*10; scale == 1e19 {
			add()
		}
	}
	add()
	return new(big.Int).SetBits(words)
}

// CompareNumber compares two JSON numbers exactly: -1 if a < b, 0 if they are
// equal, +1 if a > b. The time is linear in their lengths, however large their
// exponents. A text that is no number, or one longer than [MaxNumber], compares
// less than any number; callers pass what [Decoder.Number] returned and what a
// schema says.
func CompareNumber(a, b string) int {
	n := ReadNumeral(a)
	return n.Compare(a, b)
}

func compareLong(a, b string) int {
	if okA, okB := isNumber(a), isNumber(b); !okA || !okB {
		switch {
		case okA:
			return 1
		case okB:
			return -1
		}
		return 0
	}
	x := parseDecimal(a)
	return x.compare(parseDecimal(b))
}

// compare is -1, 0 or +1, as x is less than y, equal to it, or greater.
func (x *decimal) compare(y decimal) int {
	sign := x.sign()
	if c := cmp.Compare(sign, y.sign()); c != 0 || sign == 0 {
		return c
	}
	return sign * x.compareAbs(y)
}

// NumberAtLeast reports whether text >= bound, exactly; see [CompareNumber].
func NumberAtLeast(text, bound string) bool { return CompareNumber(text, bound) >= 0 }

// NumberAtMost reports whether text <= bound, exactly. A text that is no number
// is not at most anything.
func NumberAtMost(text, bound string) bool {
	c := CompareNumber(text, bound)
	return c < 0 && isNumber(text) || c == 0 && isNumber(bound)
}

// NumberAbove reports whether text > bound, exactly; see [CompareNumber].
func NumberAbove(text, bound string) bool { return CompareNumber(text, bound) > 0 }

// NumberBelow reports whether text < bound, exactly. A text that is no number
// is not below anything.
func NumberBelow(text, bound string) bool { return CompareNumber(text, bound) < 0 && isNumber(text) }

// IsInteger reports whether the number text has no fraction, however it is
// spelled: 1, 1.0 and 1e2 have none.
func IsInteger(text string) bool {
	n := ReadNumeral(text)
	return n.Integer(text)
}

func (v decimal) sign() int {
	switch {
	case v.zero():
		return 0
	case v.neg:
		return -1
	}
	return 1
}

// compareAbs compares the absolute values of two numbers that are not zero.
func (v decimal) compareAbs(w decimal) int {
	if c := cmp.Compare(v.first(), w.first()); c != 0 {
		return c
	}
	i, j := 0, 0
	for i < len(v.mant) && j < len(w.mant) {
		switch {
		case v.mant[i] == '.':
			i++
		case w.mant[j] == '.':
			j++
		case v.mant[i] != w.mant[j]:
			return cmp.Compare(v.mant[i], w.mant[j])
		default:
			i++
			j++
		}
	}
	return cmp.Compare(v.n, w.n)
}
