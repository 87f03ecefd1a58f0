package limit

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// decoder reads one JSON text (RFC 8259) in one pass: what is read is checked at once,
// and strings without escapes are parts of the text. It stops at the first fault.
//
// It is strict: no member twice, none that is unknown, no invalid UTF-8, no lone
// surrogate, nothing behind the value. Integers are written without fraction and exponent.
type decoder struct {
	text string
	at   int      // the next byte
	rule string   // what the first fault broke; "" while there is none
	path []string // where, the innermost name first

	big   bool // many small slices are cut from few large ones
	items []item
	tags  []string
	// what is left of the large slices
	itemStock []item
	tagStock  []string
}

func (d *decoder) reset(text string) {
	*d = decoder{text: text, big: len(text) > 32<<10, path: d.path[:0], items: d.items[:0], tags: d.tags[:0]}
}

// fault notes what is wrong. It returns false, so that a reader can end with it.
func (d *decoder) fault(rule string) bool {
	if d.rule == "" {
		d.rule = rule
	}
	return false
}

// require is fault where a check does not hold.
func (d *decoder) require(holds bool, rule string) bool {
	if !holds {
		d.fault(rule)
	}
	return holds
}

// in says that the fault is inside of the member or element of this name.
func (d *decoder) in(name string) bool {
	d.path = append(d.path, name)
	return false
}

// pointer is the JSON pointer (RFC 6901) of the fault.
func (d *decoder) pointer() string {
	b := make([]byte, 0, 64)
	for i := len(d.path) - 1; i >= 0; i-- {
		b = append(b, '/')
		b = append(b, escape.Replace(d.path[i])...)
	}
	return string(b)
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// peek returns the next byte that is no white space, 0 at the end.
func (d *decoder) peek() byte {
	if d.at < len(d.text) && d.text[d.at] > ' ' {
		return d.text[d.at]
	}
	return d.skip()
}

func (d *decoder) skip() byte {
	for d.at < len(d.text) {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return c
		}
	}
	return 0
}

// end makes sure that nothing follows the value.
func (d *decoder) end() bool {
	d.peek()
	return d.require(d.at == len(d.text), "syntax")
}

// plain are the bytes of a string that stand for themselves and need no look at their
// neighbours.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// str reads a string.
func (d *decoder) str() (string, bool) {
	if d.peek() != '"' {
		return "", d.fault("type")
	}
	text, start := d.text, d.at+1
	i := start
	for len(text)-i >= 8 {
		special := specials(load(text[i:]))
		if special == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(special) >> 3
		if text[i] == '"' {
			d.at = i + 1
			return text[start:i], true
		}
		break
	}
	return d.escaped(start, i)
}

// load returns the first eight bytes of s.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// specials marks the lowest byte of w that is not plain; higher marks may be wrong.
func specials(w uint64) uint64 {
	const each = 0x0101010101010101
	quote, slash := w^each*'"', w^each*'\\'
	return ((quote-each)&^quote | (slash-each)&^slash | (w-each*' ')&^w | w) & (each << 7)
}

// escaped reads the rest of a string that is plain up to i, slowly.
func (d *decoder) escaped(start, i int) (string, bool) {
	text := d.text
	var out []byte // nil while the string is still a part of the text
	from := start  // what is not yet in out
	for i < len(text) {
		c := text[i]
		switch {
		case c == '"':
			d.at = i + 1
			if out == nil {
				return text[start:i], true
			}
			return string(append(out, text[from:i]...)), true
		case c == '\\':
			out = append(out, text[from:i]...)
			n := 0
			if out, n = unescape(out, text[i:]); n == 0 {
				return "", d.fault("syntax")
			}
			i += n
			from = i
		case c < ' ':
			return "", d.fault("syntax")
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				return "", d.fault("syntax")
			}
			i += n
		}
	}
	return "", d.fault("syntax")
}

// unescape appends what the escape at the start of s means, and returns how many bytes
// it takes, 0 if it is none.
func unescape(out []byte, s string) ([]byte, int) {
	if len(s) < 2 {
		return out, 0
	}
	switch c := s[1]; c {
	case '"', '\\', '/':
		return append(out, c), 2
	case 'b':
		return append(out, '\b'), 2
	case 'f':
		return append(out, '\f'), 2
	case 'n':
		return append(out, '\n'), 2
	case 'r':
		return append(out, '\r'), 2
	case 't':
		return append(out, '\t'), 2
	case 'u':
		r, n := unit(s), 6
		if 0xd800 <= r && r < 0xdc00 {
			low := unit(s[min(6, len(s)):])
			if low < 0xdc00 || low > 0xdfff {
				return out, 0
			}
			r, n = (r-0xd800)<<10|(low-0xdc00)+0x10000, 12
		}
		if !utf8.ValidRune(r) {
			return out, 0
		}
		return utf8.AppendRune(out, r), n
	}
	return out, 0
}

// unit is the UTF-16 code unit of an escape, -1 if s begins with none.
func unit(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for i := 2; i < 6; i++ {
		digit := hexValue[s[i]]
		if digit > 15 {
			return -1
		}
		r = r<<4 | rune(digit)
	}
	return r
}

// integer reads an integer between low and high.
func (d *decoder) integer(low, high int64) (int64, bool) {
	negative := d.peek() == '-'
	if negative {
		d.at++
	}
	text, i := d.text, d.at
	var n int64
	for i < len(text) && text[i]-'0' <= 9 {
		if n < 1e17 { // beyond it is out of every range here
			n = n*10 + int64(text[i]-'0')
		}
		i++
	}
	switch digits := i - d.at; {
	case digits == 0:
		return 0, d.fault("type")
	case digits > 1 && text[d.at] == '0':
		return 0, d.fault("syntax")
	case i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e'):
		return 0, d.fault("type")
	}
	d.at = i
	if negative {
		n = -n
	}
	if n < low {
		return 0, d.fault("minimum")
	}
	if n > high {
		return 0, d.fault("maximum")
	}
	return n, true
}
