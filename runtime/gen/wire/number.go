package wire

import (
	"math"
	"strings"
)

// MaxNumber is how many bytes a number literal may have. Exact arithmetic on a
// number costs more than its length; this bounds it.
const MaxNumber = 1024

// MaxExponent bounds what [Decoder.Number] returns: the decimal exponent of the
// first digit lies between -MaxExponent and +MaxExponent. A short text such as
// 1e999999999 would otherwise fill the memory of whoever computes with it.
const MaxExponent = 4096

// number reads a number at the cursor and returns its text, or "" after a
// failure.
func (d *Decoder) number() string {
	end := scanNumber(d.s, d.i)
	if end < 0 {
		d.fail(d.i, reasonNumber)
		return ""
	}
	if end-d.i > MaxNumber {
		d.fail(d.i, reasonLong)
		return ""
	}
	s := d.s[d.i:end]
	d.i = end
	return s
}

// numberHere is number, or a violation "type" if the value is none.
func (d *Decoder) numberHere() string {
	if c := d.space(); c == '-' || c >= '0' && c <= '9' {
		return d.number()
	}
	d.mismatch()
	return ""
}

// scanNumber returns the end of the number (RFC 8259, section 6) that starts at
// i, or -1.
func scanNumber(s string, i int) int {
	if i < len(s) && s[i] == '-' {
		i++
	}
	j := digits(s, i)
	if j == i || j > i+1 && s[i] == '0' {
		return -1
	}
	i = j
	if i < len(s) && s[i] == '.' {
		if j = digits(s, i+1); j == i+1 {
			return -1
		}
		i = j
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if j = digits(s, i); j == i {
			return -1
		}
		i = j
	}
	return i
}

func digits(s string, i int) int {
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return i
}

// isNumber reports whether s is a number and nothing else.
func isNumber(s string) bool { return s != "" && scanNumber(s, 0) == len(s) && len(s) <= MaxNumber }

// Number reads a number and returns its exact text, as it is spelled. Numbers
// beyond [MaxExponent] are refused: violation "format".
func (d *Decoder) Number() string {
	s := d.numberHere()
	if s == "" {
		return ""
	}
	if n := parseDecimal(s); n.first() > MaxExponent || n.first() < -MaxExponent {
		d.refuseZero("format")
		return ""
	}
	return s
}

// maxFast is how many digits always fit an int64.
const maxFast = 18

// Int64 reads an integer. It takes any spelling of one, such as 1.0 and 1e2
// (JSON Schema 2020-12, section 6.1.1). A number with a fraction is a violation
// "type", one that does not fit a violation "format".
func (d *Decoder) Int64() int64 {
	s, i := d.s, d.i
	neg := i < len(s) && s[i] == '-'
	if neg {
		i++
	}
	var n uint64
	start := i
	for i < len(s) {
		c := s[i] - '0'
		if c > 9 {
			break
		}
		n = n*10 + uint64(c)
		i++
	}
	// At the end of the text, or with white space ahead, the general path
	// decides; likewise for leading zeros.
	if k := i - start; k == 0 || k > maxFast || s[start] == '0' && k > 1 || i >= len(s) || s[i] == '.' || s[i]|0x20 == 'e' {
		return d.hardInt64()
	}
	d.i = i
	if neg {
		return -int64(n)
	}
	return int64(n)
}

func (d *Decoder) hardInt64() int64 {
	n, neg, ok := d.integer()
	switch {
	case !ok:
		return 0
	case neg && n <= 1<<63:
		return -int64(n)
	case !neg && n < 1<<63:
		return int64(n)
	}
	d.tooLarge()
	return 0
}

// tooLarge refuses a number that the schema may allow, but no Go type holds.
func (d *Decoder) tooLarge() {
	d.unheld = d.i
	d.refuseZero("format")
}

// integer reads an integer of up to 64 bits.
func (d *Decoder) integer() (n uint64, neg, ok bool) {
	s := d.numberHere()
	if s == "" {
		return 0, false, false
	}
	dec := parseDecimal(s)
	if !dec.integral() {
		d.refuseZero("type")
		return 0, false, false
	}
	if n, ok = dec.uint64(); !ok {
		d.tooLarge()
	}
	return n, dec.neg, ok
}

// Int32 is Int64 for 32 bits.
func (d *Decoder) Int32() int32 {
	n := d.Int64()
	if n != int64(int32(n)) {
		d.refuseZero("format")
		return 0
	}
	return int32(n)
}

// Uint64 is Int64 for unsigned integers. Minus zero is zero.
func (d *Decoder) Uint64() uint64 {
	n, neg, ok := d.integer()
	if ok && neg && n != 0 {
		d.refuseZero("format")
		return 0
	}
	return n
}

// Uint32 is Uint64 for 32 bits.
func (d *Decoder) Uint32() uint32 {
	n := d.Uint64()
	if n > math.MaxUint32 {
		d.refuseZero("format")
		return 0
	}
	return uint32(n)
}

// Float64 reads a number and returns the nearest float64. A number beyond the
// range is a violation "format"; one too small to tell from zero is zero.
func (d *Decoder) Float64() float64 {
	s := d.numberHere()
	if s == "" {
		return 0
	}
	if f, ok := shortFloat(s); ok {
		return f
	}
	h := d.hold(s)
	if h.fits && h.short.n < tens[15] { // with an exponent
		return signed(float64(h.short.n)/float64(tens[h.short.scale]), h.short.neg)
	}
	v := h.decimal(s)
	if n := v.floatSteps(64); n > 0 && !d.Spend(n) {
		return 0
	}
	f, err := v.parseFloat(s, 64)
	if err != nil {
		d.tooLarge()
		return 0
	}
	return f
}

// Float32 is Float64 for the nearest float32.
func (d *Decoder) Float32() float32 {
	s := d.numberHere()
	if s == "" {
		return 0
	}
	v := d.hold(s).decimal(s)
	if n := v.floatSteps(32); n > 0 && !d.Spend(n) {
		return 0
	}
	f, err := v.parseFloat(s, 32)
	if err != nil {
		d.refuseZero("format")
		return 0
	}
	return float32(f)
}

// Compare compares the number that was read last with another, exactly: a number that
// [Decoder.Float64] has rounded can meet a bound that its text does not. It returns 0
// if what was read is no number.
func (d *Decoder) Compare(to string) int {
	if s, h := d.lastHeld(); h != nil {
		return h.compare(s, to)
	}
	return 0
}

// held is the number that was read last, taken apart once for all that is asked of it.
type held struct {
	Numeral
	from, to int     // its place in the text; to is 0 where there is none
	long     decimal // where the Numeral does not have it
	parsed   bool    // long is there
}

// hold takes s apart, which is the number before the cursor.
func (d *Decoder) hold(s string) *held {
	h := &d.held
	h.from, h.to, h.parsed = d.i-len(s), d.i, false
	h.Numeral = ReadNumeral(s)
	return h
}

// lastHeld returns the number that ends at the cursor, or nil.
func (d *Decoder) lastHeld() (string, *held) {
	if h := &d.held; h.to == d.i && h.to > 0 && !d.stopped {
		return d.s[h.from:h.to], h
	}
	if s := d.lastNumber(); s != "" {
		return s, d.hold(s)
	}
	return "", nil
}

// decimal is the number, whose text is s.
func (h *held) decimal(s string) *decimal {
	if !h.parsed {
		h.long, h.parsed = parseDecimal(s), true
	}
	return &h.long
}

func (h *held) compare(s, to string) int {
	if h.fits {
		if other, ok := shortNumber(to); ok {
			return h.short.compare(other)
		}
	}
	if !isNumber(to) {
		return 1
	}
	return h.decimal(s).compare(parseDecimal(to))
}

// lastNumber returns the number that ends at the cursor, or "".
func (d *Decoder) lastNumber() string {
	if d.stopped {
		return ""
	}
	// Before a number stands nothing that one consists of.
	i := d.i
	for i > 0 && (d.s[i-1]-'0' <= 9 || d.s[i-1] == '-' || d.s[i-1] == '+' || d.s[i-1] == '.' || d.s[i-1]|0x20 == 'e') {
		i--
	}
	if s := d.s[i:d.i]; isNumber(s) {
		return s
	}
	return ""
}

// powers are the powers of ten that float64 holds exactly and 15 digits need.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// FloatSteps returns how many steps reading text, a JSON number, as a float of 32 or 64 bits takes
// beyond its first reading. It is 0 for nearly all numbers, and for what is none. Package strconv computes with decimals
// of hundreds of digits, up to 27 microseconds for each number, where the float is subnormal or out
// of range, and perhaps where the number has more digits than 64 bits hold.
func FloatSteps(text string, bits int) int64 {
	const digits = 19 // which 64 bits hold
	if len(text) <= digits+1 && strings.IndexByte(text, 'e') < 0 && strings.IndexByte(text, 'E') < 0 {
		return 0
	}
	if !isNumber(text) {
		return 0
	}
	v := parseDecimal(text)
	return v.floatSteps(bits)
}

// floatSteps is [FloatSteps] of v.
func (v *decimal) floatSteps(bits int) int64 {
	const digits = 19
	// The exponents of ten of the least normal float and of the greatest; one up to which the decimal
	// is short, and one from which on the float is zero or out of range at first sight.
	least, most, near, far := int64(-308), int64(308), int64(22), int64(350)
	if bits == 32 {
		least, most = -38, 38
	}
	e := v.first()
	if v.n <= digits && e > least && e <= most || v.zero() {
		return 0
	}
	const fixed, perTen = 400, 44 // fixed is what 20 digits pay for
	if e = max(e, -e); e > far {
		return fixed
	}
	return fixed + perTen*max(e-near, 0)
}

// shortFloat converts numbers of up to 15 digits without an exponent. Both the
// digits and the power of ten are exact then, so the quotient is the nearest
// float64 (Clinger, "How to Read Floating Point Numbers Accurately", 1990). An integer of
// up to 19 digits fits in 64 bits, and the conversion rounds to the nearest float64.
func shortFloat(s string) (float64, bool) {
	if len(s) > 20 || len(s) > 16 && strings.IndexByte(s, '.') >= 0 {
		return 0, false
	}
	var n uint64
	scale, count := 0, 0
	point := false
	neg := s[0] == '-'
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c-'0' <= 9:
			n = n*10 + uint64(c-'0')
			if count++; point {
				scale++
			}
		case c == '.':
			point = true
		case c == '-' && i == 0:
		default:
			return 0, false
		}
	}
	if count > 15 && (point || count > 19) {
		return 0, false
	}
	f := float64(n) / powers[scale]
	if neg {
		f = -f
	}
	return f, true
}
