package wire

import (
	"math"
	"math/big"
	"strconv"
)

// MultipleOf reports whether v, taken as the shortest decimal that reads back
// as v, is an integral multiple of the decimal of: 0.3 is a multiple of 0.1,
// though the binary fractions are not. It is exact, and its cost does not grow
// with the exponents. It returns false for infinities and NaN, and if of is not
// a number greater than zero.
func MultipleOf(v float64, of string) bool {
	if !Finite(v) {
		return false
	}
	if x, ok := shortDecimal(v); ok {
		if y, ok := shortNumber(of); ok {
			return x.multipleOf(y)
		}
	}
	var buf [32]byte
	return multipleOf(parseDecimal(string(strconv.AppendFloat(buf[:0], v, 'e', -1, 64))), of)
}

// shortDecimal is the shortest decimal that reads back as v, where that has at most 15 digits and
// few of them are behind the point.
//
// A float64 of n digits divided by a power of ten, both exact, is the one nearest to the quotient.
// Two decimals of up to 15 digits never share their nearest float64, so where the quotient is v there is no other
// that reads back as v, and no shorter one.
func shortDecimal(v float64) (short, bool) {
	const few, most = 4, 1e15
	abs := math.Abs(v)
	if abs >= most {
		return short{}, false
	}
	for scale := range few + 1 {
		n := math.Round(abs * powers[scale])
		if n >= most {
			break
		}
		if n/powers[scale] == abs {
			return short{n: uint64(n), scale: uint8(scale), neg: v < 0}, true
		}
	}
	return short{}, false
}

// MultipleOf32 is [MultipleOf] for the shortest decimal of a float32.
func MultipleOf32(v float32, of string) bool {
	if !Finite(float64(v)) {
		return false
	}
	var buf [32]byte
	return multipleOf(parseDecimal(string(strconv.AppendFloat(buf[:0], float64(v), 'e', -1, 32))), of)
}

// MultipleOfNumber is [MultipleOf] for the exact text of a number.
func MultipleOfNumber(text, of string) bool {
	n := ReadNumeral(text)
	return n.MultipleOf(text, of)
}

// MultipleOfInt reports whether v is an integral multiple of n, which must be
// greater than zero.
func MultipleOfInt(v, n int64) bool { return n > 0 && v%n == 0 }

// MultipleOf is [MultipleOfNumber] for the text of the number that was read last, and
// true if that is no number. Where the budget is used up the text is refused.
func (d *Decoder) MultipleOf(of string) bool {
	s, h := d.lastHeld()
	return h == nil || d.multipleOf(s, h, of)
}

func (d *Decoder) multipleOf(s string, h *held, of string) bool {
	if len(s) > 38 || len(of) > 38 {
		if n := MultipleSteps(s, of); n > 0 && !d.Spend(n) {
			return true // the text is refused
		}
	}
	if h.fits {
		if other, ok := shortNumber(of); ok {
			return h.short.multipleOf(other)
		}
	}
	return multipleOf(*h.decimal(s), of)
}

// MultipleOfFloat is [MultipleOf] for v, which is the number that was read last, and MultipleOf for its text:
// both hold.
func (d *Decoder) MultipleOfFloat(v float64, of string) bool {
	const digits, decades = 15, 307 // any decimal of so many digits is the shortest for its float, unless that is subnormal
	s, h := d.lastHeld()
	if h == nil {
		return MultipleOf(v, of)
	}
	return (h.shortest(s, digits, decades) || MultipleOf(v, of)) && d.multipleOf(s, h, of)
}

// MultipleOfFloat32 is MultipleOfFloat for a float32.
func (d *Decoder) MultipleOfFloat32(v float32, of string) bool {
	const digits, decades = 6, 37
	s, h := d.lastHeld()
	if h == nil {
		return MultipleOf32(v, of)
	}
	return (h.shortest(s, digits, decades) || MultipleOf32(v, of)) && d.multipleOf(s, h, of)
}

// shortest reports whether the number, whose text is s, has so few digits that the float nearest to it has no other
// decimal as short.
func (h *held) shortest(s string, digits int, decades int64) bool {
	if h.fits && h.short.n < tens[digits] {
		return true
	}
	v := h.decimal(s)
	return v.n <= digits && v.first() < decades && v.first() > -decades
}

// MultipleSteps returns how many steps [MultipleOfNumber] takes beyond reading both numbers. It is 0 unless one of them has
// more digits than 128 bits hold, or is no number.
func MultipleSteps(text, of string) int64 {
	if len(text) <= 38 && len(of) <= 38 || !isNumber(text) || !isNumber(of) {
		return 0
	}
	v, m := parseDecimal(text), parseDecimal(of)
	if v.n <= 38 && m.n <= 38 || v.exp < m.exp {
		return 0
	}
	// Reading both numbers takes time that grows with the squares of their lengths, the remainder with the
	// product, and each of the twelve squarings of the power with the square of of's.
	const fixed, word, power = 200, 19, 4
	a, b := int64(v.n/word+1), int64(m.n/word+1)
	n := fixed + a*a + b*b + a*b
	if v.exp > m.exp {
		n += power * (b*b + 20)
	}
	return n
}

func multipleOf(v decimal, of string) bool {
	if m, ok := shortNumber(of); ok && v.n <= 38 {
		if m.neg || m.n == 0 {
			return false
		}
		a, _ := v.wide()
		return v.zero() || wideMultiple(a, wide{0, m.n}, v.exp+int64(m.scale))
	}
	if !isNumber(of) {
		return false
	}
	m := parseDecimal(of)
	if m.sign() <= 0 {
		return false
	}
	if v.zero() {
		return true
	}
	p := v.exp - m.exp
	if p < 0 {
		return false
	}
	a, okA := v.wide()
	b, okB := m.wide()
	if !okA || !okB {
		return bigMultiple(v, m, p)
	}
	return wideMultiple(a, b, p)
}

// wideMultiple reports whether a*10^p is a multiple of b, where neither is zero and a does not end in one.
func wideMultiple(a, b wide, p int64) bool {
	if p < 0 {
		return false // b*10^-p would have to divide a
	}
	// b divides a*10^p if a has the prime factors of b but those 2 and 5 that 10^p has.
	twos := b.twos()
	b = b.shr(twos)
	b, fives := b.fives()
	if !a.mod(b).zero() || int64(twos) > p && int64(twos-a.twos()) > p {
		return false
	}
	if int64(fives) > p {
		_, n := a.fives()
		return int64(fives-n) <= p
	}
	return true
}

func bigMultiple(v, m decimal, p int64) bool {
	b := m.big()
	r := v.big()
	r.Mod(r, b)
	if r.Sign() != 0 && p > 0 {
		// 10^p has all factors 2 and 5 that b has from here on; more of them change nothing.
		p = min(p, int64(b.BitLen()))
		r.Mul(r, new(big.Int).Exp(big.NewInt(10), big.NewInt(p), b)).Mod(r, b)
	}
	return r.Sign() == 0
}
