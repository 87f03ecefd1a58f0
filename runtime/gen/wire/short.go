package wire

import (
	"cmp"
	"math/bits"
)

// short is a number that takes at most 18 digits without an exponent: ± n / 10^scale. Nearly all numbers
// do, and what is asked of them takes a few instructions.
type short struct {
	n     uint64
	scale uint8 // at most 18
	neg   bool
}

// tens are the powers of ten that 64 bits hold.
var tens = [20]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// shortNumber reads s, if it is such a number and nothing else.
func shortNumber(s string) (v short, ok bool) {
	if len(s) == 0 || len(s) > maxFast+2 {
		return v, false
	}
	if len(s) == 1 {
		return short{n: uint64(s[0] - '0')}, s[0]-'0' <= 9
	}
	i := 0
	if s[0] == '-' {
		v.neg = true
		i = 1
	}
	start, point := i, 0
	for ; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			if s[i]|0x20 == 'e' {
				break
			}
			if s[i] != '.' || point > 0 || i == start {
				return v, false
			}
			point = i
			continue
		}
		v.n = v.n*10 + uint64(c)
	}
	digits, whole := i-start, i-start
	if point > 0 {
		digits--
		whole = point - start
		v.scale = uint8(i - 1 - point)
	}
	if digits > maxFast || whole == 0 || whole > 1 && s[start] == '0' || point > 0 && point == i-1 {
		return v, false
	}
	if i < len(s) {
		return v.times(s[i+1:])
	}
	return v, true
}

// times is v * 10^exponent, if exponent is one and the product is a short.
func (v short) times(exponent string) (short, bool) {
	neg := false
	if exponent != "" && (exponent[0] == '-' || exponent[0] == '+') {
		neg, exponent = exponent[0] == '-', exponent[1:]
	}
	if len(exponent) == 0 || len(exponent) > 2 {
		return v, false
	}
	e := 0
	for i := range len(exponent) {
		c := exponent[i] - '0'
		if c > 9 {
			return v, false
		}
		e = e*10 + int(c)
	}
	if neg {
		e = -e
	}
	switch scale := int(v.scale) - e; {
	case scale > maxFast || scale < -maxFast:
		return v, false
	case scale >= 0:
		v.scale = uint8(scale)
	default:
		hi, lo := bits.Mul64(v.n, tens[-scale])
		if hi > 0 || lo >= tens[maxFast] {
			return v, false
		}
		v.n, v.scale = lo, 0
	}
	return v, true
}

// compare is -1, 0 or +1, as v is less than w, equal to it, or greater.
func (v short) compare(w short) int {
	sign, other := v.sign(), w.sign()
	if sign != other || sign == 0 {
		return cmp.Compare(sign, other)
	}
	a, b := v.n, w.n
	var c int
	switch {
	case v.scale == w.scale:
		c = cmp.Compare(a, b)
	case v.scale < w.scale:
		hi, lo := bits.Mul64(a, tens[w.scale-v.scale])
		c = wide{hi, lo}.compare(wide{0, b})
	default:
		hi, lo := bits.Mul64(b, tens[v.scale-w.scale])
		c = wide{0, a}.compare(wide{hi, lo})
	}
	return sign * c
}

func (v short) sign() int {
	switch {
	case v.n == 0:
		return 0
	case v.neg:
		return -1
	}
	return 1
}

// multipleOf reports whether v is an integral multiple of w, which must be greater than zero.
func (v short) multipleOf(w short) bool {
	if w.neg || w.n == 0 {
		return false
	}
	if v.scale == w.scale {
		return v.n%w.n == 0
	}
	if v.scale < w.scale {
		hi, lo := bits.Mul64(v.n, tens[w.scale-v.scale])
		_, r := bits.Div64(hi%w.n, lo, w.n)
		return r == 0
	}
	hi, lo := bits.Mul64(w.n, tens[v.scale-w.scale])
	return v.n == 0 || hi == 0 && v.n%lo == 0
}

// wide is an integer of 128 bits without sign.
type wide struct{ hi, lo uint64 }

func (a wide) zero() bool { return a.hi|a.lo == 0 }

func (a wide) compare(b wide) int {
	if a.hi != b.hi {
		return cmp.Compare(a.hi, b.hi)
	}
	return cmp.Compare(a.lo, b.lo)
}

// mul64 is a*n + add, which must fit.
func (a wide) mul64(n, add uint64) wide {
	hi, lo := bits.Mul64(a.lo, n)
	lo, carry := bits.Add64(lo, add, 0)
	return wide{hi + a.hi*n + carry, lo}
}

func (a wide) sub(b wide) wide {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return wide{hi, lo}
}

// shl and shr shift by less than 128 bits.
func (a wide) shl(n int) wide {
	if n >= 64 {
		return wide{a.lo << (n - 64), 0}
	}
	return wide{a.hi<<n | a.lo>>(64-n), a.lo << n}
}

func (a wide) shr(n int) wide {
	if n >= 64 {
		return wide{0, a.hi >> (n - 64)}
	}
	return wide{a.hi >> n, a.lo>>n | a.hi<<(64-n)}
}

// twos is how many times 2 divides a, which is not zero.
func (a wide) twos() int {
	if a.lo == 0 {
		return 64 + bits.TrailingZeros64(a.hi)
	}
	return bits.TrailingZeros64(a.lo)
}

// fives divides a, which is not zero, by 5 as often as it can be, and returns how often that was.
func (a wide) fives() (wide, int) {
	for n := 0; ; n++ {
		if a.hi == 0 {
			if a.lo%5 != 0 {
				return a, n
			}
			a.lo /= 5
			continue
		}
		hi, r := a.hi/5, a.hi%5
		lo, r := bits.Div64(r, a.lo, 5)
		if r != 0 {
			return a, n
		}
		a = wide{hi, lo}
	}
}

// mod is the remainder of a divided by b, which is not zero.
func (a wide) mod(b wide) wide {
	if a.hi|b.hi == 0 {
		return wide{0, a.lo % b.lo}
	}
	if b.hi == 0 {
		_, r := bits.Div64(a.hi%b.lo, a.lo, b.lo)
		return wide{0, r}
	}
	// The quotient of the leading words is at most one too large (Knuth, The Art of Computer
	// Programming, volume 2, 4.3.1): take one less, and subtract once more where that was too little.
	n := bits.LeadingZeros64(b.hi)
	half := a.shr(1)
	q, _ := bits.Div64(half.hi, half.lo, b.shl(n).hi)
	if q >>= 63 - n; q > 0 {
		q--
	}
	r := a.sub(b.mul64(q, 0))
	if r.compare(b) >= 0 {
		r = r.sub(b)
	}
	return r
}
