package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What RFC 6570 allows outside of expressions (section 2.1; the apostrophe, which its
// grammar leaves out, by erratum 6937), and in a variable's name (section 2.3).
var (
	literalByte  = newByteSet(letters + figures + "!#$&'()*+,-./:;=?@[]_~")
	variableByte = newByteSet(letters + figures + "_")
	templateWide = []*unicode.RangeTable{ucschar, iprivate}
)

// IsURITemplate reports whether s is a URI template (RFC 6570, section 2) of any level.
func IsURITemplate(s string) bool {
	for s != "" {
		switch c := s[0]; {
		case c == '{':
			end := strings.IndexByte(s, '}')
			if end < 0 || !isExpression(s[1:end]) {
				return false
			}
			s = s[end+1:]
		case c == '%':
			if !isPercent(s) {
				return false
			}
			s = s[3:]
		case c < utf8.RuneSelf:
			if !literalByte.has(c) {
				return false
			}
			s = s[1:]
		default:
			n := wideRune(s, templateWide)
			if n == 0 {
				return false
			}
			s = s[n:]
		}
	}
	return true
}

// isExpression checks the inside of an expression: an operator, or one of those that
// are reserved, and variables with their modifiers.
func isExpression(s string) bool {
	if s != "" && strings.IndexByte("+#./;?&=,!@|", s[0]) >= 0 {
		s = s[1:]
	}
	for variable := range strings.SplitSeq(s, ",") {
		name, most, prefix := strings.Cut(variable, ":")
		if prefix && (len(most) > 4 || digits(most, 0) != len(most) || most == "" || most[0] == '0') {
			return false
		}
		if !prefix {
			name = strings.TrimSuffix(name, "*")
		}
		if !isVariable(name) {
			return false
		}
	}
	return true
}

// isVariable checks a variable's name: parts with a dot between them.
func isVariable(s string) bool {
	dot := true // a dot is not welcome here
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.' && !dot:
			dot = true
			continue
		case c == '%' && isPercent(s[i:]):
			i += 2
		case !variableByte.has(c):
			return false
		}
		dot = false
	}
	return !dot
}
