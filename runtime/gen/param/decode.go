package param

import (
	"strings"
	"unicode/utf8"
)

// decoding is how a value is written: the classes of bytes that do not simply stand for
// themselves in it. U+0000 and bytes that are not UTF-8 have no place in any value.
type decoding uint8

// The classes of bytes.
const (
	null      decoding = 1 << iota
	control            // other control characters but the tab
	high               // beyond ASCII: has to be UTF-8
	escape             // % begins %XX
	plus               // + is a space
	semicolon          // separates for some readers, and is data for others
	foreign            // no cookie-octet, nor a comma
	divides            // & and =
)

const (
	plain   = null | high                    // as it is
	field   = plain | control                // RFC 9110, 5.5
	percent = plain | escape                 // RFC 3986, 2.1
	form    = percent | plus | semicolon     // application/x-www-form-urlencoded
	cookie  = null | high | escape | foreign // RFC 6265, 4.1.1
	octets  = null | high | foreign          // the same, with % for itself
	refused = null | control | semicolon | foreign
)

// classes are the classes of each byte.
var classes = func() (t [256]decoding) {
	for i := range t {
		switch c := byte(i); {
		case c >= utf8.RuneSelf:
			t[i] = high | foreign
		case c == 0:
			t[i] = null | foreign
		case c == '\t':
			t[i] = foreign
		case c < ' ' || c == 0x7f:
			t[i] = control | foreign
		}
	}
	for _, c := range []byte(` "\`) {
		t[c] |= foreign
	}
	t['&'] |= divides
	t['='] |= divides
	t['%'] |= escape
	t['+'] |= plus
	t[';'] |= semicolon | foreign
	return t
}()

// decode returns the text that s writes, decoded exactly once. Where every byte stands
// for itself that is s.
func decode(s string, mode decoding) (text string, ok bool) {
	var found decoding
	for i := range len(s) {
		found |= classes[s[i]]
	}
	return decodeFound(s, found&mode)
}

// decodeFound is decode for a text with bytes of the classes found.
func decodeFound(s string, found decoding) (text string, ok bool) {
	if found == 0 {
		return s, true
	}
	return decodeHard(s, found)
}

// decodeHard is decode for a text with bytes of the classes found.
func decodeHard(s string, found decoding) (text string, ok bool) {
	if found&refused != 0 {
		return "", false
	}
	if found&(escape|plus) != 0 {
		if s, ok = unescape(s, found&plus != 0); !ok || strings.IndexByte(s, 0) >= 0 {
			return "", false
		}
	}
	if !utf8.ValidString(s) {
		return "", false
	}
	return s, true
}

// unescape decodes %XX (RFC 3986, 2.1), and + where it is a space.
func unescape(s string, plus bool) (string, bool) {
	var b strings.Builder
	b.Grow(max(len(s)-2*strings.Count(s, "%"), 0))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if len(s)-i < 3 {
				return "", false
			}
			hi, lo := hex(s[i+1]), hex(s[i+2])
			if hi > 15 || lo > 15 {
				return "", false
			}
			b.WriteByte(hi<<4 | lo)
			i += 2
		case c == '+' && plus:
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

func hex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}
