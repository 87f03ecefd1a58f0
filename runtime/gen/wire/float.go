package wire

import (
	"math"
	"math/bits"
	"strconv"
)

// fives are the powers of five that 64 bits hold.
var fives = func() (list [28]uint64) {
	list[0] = 1
	for i := 1; i < len(list); i++ {
		list[i] = 5 * list[i-1]
	}
	return list
}()

// parseFloat is strconv.ParseFloat for s, a JSON number, in time that is linear in its length wherever
// [FloatSteps] counts no steps: strconv computes with decimals of hundreds of digits where a number lies
// halfway between two floats, or too near to that for its first try.
func parseFloat(s string, size int) (float64, error) {
	if size == 64 {
		if f, ok := shortFloat(s); ok {
			return f, nil
		}
	}
	v := parseDecimal(s)
	return v.parseFloat(s, size)
}

// parseFloat is parseFloat for v, whose text is s.
func (v *decimal) parseFloat(s string, size int) (float64, error) {
	if len(s) <= 40 { // or it has zeros that nobody needs
		if f, ok := v.float(size); ok {
			return f, nil
		}
	}
	return strconv.ParseFloat(s, size)
}

// float is the float nearest to v, of two as near the one with the even mantissa, where v is so short that
// this can be computed exactly: n*10^e for n of 64 bits, and 5^|e| of 64 bits. Beyond these exponents no
// number of 64 bits lies halfway between two floats.
func (v *decimal) float(size int) (float64, bool) {
	if v.exp <= -int64(len(fives)) || v.exp >= int64(len(fives)) {
		return 0, false
	}
	n, ok := v.digits()
	if !ok {
		return 0, false
	}
	if n == 0 {
		return signed(0, v.neg), true
	}
	e := int(v.exp)
	// The number is (w + a part less than one, unless exact) * 2^e, and w has more bits than a float.
	var w wide
	exact := true
	if e >= 0 {
		w.hi, w.lo = bits.Mul64(n, fives[e])
	} else {
		d := fives[-e]
		shift, under := bits.LeadingZeros64(n), bits.LeadingZeros64(d)
		n <<= shift
		d <<= under
		q, r := bits.Div64(n>>1, n<<63, d) // n/d is between 1/2 and 2
		w.lo, exact = q, r == 0
		e += under - shift - 63
	}
	mantissa := 53
	if size == 32 {
		mantissa = 24
	}
	length := bits.Len64(w.lo)
	if w.hi != 0 {
		length = 64 + bits.Len64(w.hi)
	}
	drop := length - mantissa
	if drop <= 0 { // it fits, and is exact: a quotient has 63 bits
		return signed(math.Ldexp(float64(w.lo), e), v.neg), true
	}
	m := w.shr(drop).lo
	rest := w.sub(wide{0, m}.shl(drop))
	switch c := rest.compare(wide{0, 1}.shl(drop - 1)); {
	case c > 0, c == 0 && !exact, c == 0 && m&1 == 1:
		m++
	}
	f := math.Ldexp(float64(m), e+drop)
	if size == 32 && f > math.MaxFloat32 {
		return 0, false // out of range: the caller's to say
	}
	return signed(f, v.neg), true
}

func signed(f float64, neg bool) float64 {
	if neg {
		return -f
	}
	return f
}
