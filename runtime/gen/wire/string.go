package wire

import (
	"math/bits"
	"unicode/utf8"
)

// String reads a string. Without escapes it is a sub-slice of the text.
func (d *Decoder) String() string {
	i := d.i
	if i >= len(d.s) || d.s[i] != '"' {
		if d.space() != '"' {
			d.mismatch()
			return ""
		}
		i = d.i
	}
	s := d.s
	i++
	j := i
	for len(s)-j >= 8 {
		if m := specials(load64(s, j)); m != 0 {
			j += bits.TrailingZeros64(m) >> 3
			if s[j] == '"' {
				d.i = j + 1
				if j-i >= longText {
					d.long += j - i
				}
				return s[i:j]
			}
			return d.hardString(i, j)
		}
		j += 8
	}
	return d.hardString(i, j)
}

// longText is from how many bytes on a string that is read word by word is cheaper to read again
// than other text, by longShare.
const (
	longText  = 64
	longShare = 8
)

// specials has the highest bit set of the first byte of w that is special: a quote, a
// backslash, a control character, or a byte beyond ASCII. Bytes behind it may be marked wrongly, as a
// borrow runs through them. A byte below 0x80 borrows only if it is less than what is taken from
// it, and the others are marked for themselves.
func specials(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	return (((w ^ ones*'"') - ones) | ((w ^ ones*'\\') - ones) | (w - ones*0x20) | w) & highs
}

// special marks the bytes that a string cannot be read past without a look.
var special = func() (t [256]bool) {
	for i := range t {
		t[i] = i < 0x20 || i >= utf8.RuneSelf || i == '"' || i == '\\'
	}
	return t
}()

// hardString reads the rest of a string that starts at start (behind its
// quote) and is plain up to at.
func (d *Decoder) hardString(start, at int) string {
	end, escaped := d.scanString(at)
	if end < 0 {
		return ""
	}
	d.i = end + 1
	if !escaped {
		return d.s[start:end]
	}
	if room := end - start; room > cap(d.buf) {
		room = max(room, 2*cap(d.buf), 64)
		if !d.charge(room) {
			return ""
		}
		d.buf = make([]byte, 0, room)
	}
	d.buf = unescape(d.buf[:0], d.s[start:end])
	if !d.charge(len(d.buf) + 8) {
		return ""
	}
	return string(d.buf)
}

// scanString checks a string from i on, which is inside it, and returns where
// its closing quote is, or -1 after a failure.
func (d *Decoder) scanString(i int) (end int, escaped bool) {
	s := d.s
	for i < len(s) {
		if len(s)-i >= 8 {
			m := specials(load64(s, i))
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		}
		c := s[i]
		switch {
		case !special[c]:
			i++
		case c == '"':
			return i, escaped
		case c == '\\':
			escaped = true
			n, reason := scanEscape(s[i:])
			if n == 0 {
				d.fail(i, reason)
				return -1, false
			}
			i += n
		case c < 0x20:
			d.fail(i, reasonControl)
			return -1, false
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				d.fail(i, reasonUTF8)
				return -1, false
			}
			i += n
		}
	}
	d.fail(i, reasonEnd)
	return -1, false
}

// scanEscape checks the escape (RFC 8259, section 7) that s starts with and
// returns its length: 2, 6, or 12 for a pair of surrogates; 0 with a reason if
// it is none.
func scanEscape(s string) (n int, reason string) {
	if len(s) < 2 {
		return 0, reasonEnd
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
	default:
		return 0, reasonEscape
	}
	r := hex4(s[2:])
	switch {
	case r < 0:
		return 0, reasonEscape
	case r < 0xD800 || r > 0xDFFF:
		return 6, ""
	case r > 0xDBFF || len(s) < 12 || s[6] != '\\' || s[7] != 'u':
		return 0, reasonSurrogate
	}
	if low := hex4(s[8:]); low < 0xDC00 || low > 0xDFFF {
		return 0, reasonSurrogate
	}
	return 12, ""
}

// unescape appends s, the inside of a checked string, with its escapes decoded.
func unescape(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		i += 2
		switch c := s[i-1]; c {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r := hex4(s[i:])
			i = min(i+4, len(s))
			if r >= 0xD800 && r <= 0xDBFF && len(s)-i >= 6 {
				r = (r-0xD800)<<10 | (hex4(s[i+2:]) - 0xDC00) + 0x10000
				i += 6
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, c)
		}
		from = i
	}
	return append(b, s[from:]...)
}

// hex4 returns the value of the four hexadecimal digits that s starts with, or
// -1.
func hex4(s string) rune {
	if len(s) < 4 {
		return -1
	}
	a, b, c, e := unhex[s[0]], unhex[s[1]], unhex[s[2]], unhex[s[3]]
	if a|b|c|e > 0xf {
		return -1
	}
	return rune(a)<<12 | rune(b)<<8 | rune(c)<<4 | rune(e)
}

// unhex is the value of a hexadecimal digit, and 0xff for any other byte.
var unhex = func() (t [256]byte) {
	for i := range t {
		c := byte(i)
		switch {
		case c >= '0' && c <= '9':
			t[i] = c - '0'
		case c >= 'a' && c <= 'f':
			t[i] = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			t[i] = c - 'A' + 10
		default:
			t[i] = 0xff
		}
	}
	return t
}()
