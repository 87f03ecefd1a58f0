package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The sets of RFC 3986, sections 2.2, 2.3 and 3.
var (
	unreserved  = letters + figures + "-._~"
	subDelims   = "!$&'()*+,;="
	schemeByte  = newByteSet(letters + figures + "+-.")
	userByte    = newByteSet(unreserved + subDelims + ":")
	regNameByte = newByteSet(unreserved + subDelims)
	pathByte    = newByteSet(unreserved + subDelims + ":@/")
	queryByte   = newByteSet(unreserved + subDelims + ":@/?")
)

// The characters beyond ASCII of RFC 3987, section 2.2, without those that only say in
// which direction a text runs (section 4.1).
var (
	ucschar = table([2]rune{0xA0, 0x200D}, [2]rune{0x2010, 0x2029}, [2]rune{0x202F, 0xD7FF}, [2]rune{0xF900, 0xFDCF}, [2]rune{0xFDF0, 0xFFEF},
		[2]rune{0x10000, 0x1FFFD}, [2]rune{0x20000, 0x2FFFD}, [2]rune{0x30000, 0x3FFFD}, [2]rune{0x40000, 0x4FFFD},
		[2]rune{0x50000, 0x5FFFD}, [2]rune{0x60000, 0x6FFFD}, [2]rune{0x70000, 0x7FFFD}, [2]rune{0x80000, 0x8FFFD},
		[2]rune{0x90000, 0x9FFFD}, [2]rune{0xA0000, 0xAFFFD}, [2]rune{0xB0000, 0xBFFFD}, [2]rune{0xC0000, 0xCFFFD},
		[2]rune{0xD0000, 0xDFFFD}, [2]rune{0xE1000, 0xEFFFD})
	iprivate = table([2]rune{0xE000, 0xF8FF}, [2]rune{0xF0000, 0xFFFFD}, [2]rune{0x100000, 0x10FFFD})
)

// reach is which characters beyond ASCII may stand unencoded: none in a URI.
type reach struct{ anywhere, query *unicode.RangeTable }

var international = reach{anywhere: ucschar, query: iprivate}

// IsURI reports whether s is a URI with a scheme (RFC 3986, section 3), with or
// without a fragment.
func IsURI(s string) bool { return isURI(s, reach{}) }

// IsIRI reports whether s is an IRI with a scheme (RFC 3987, section 2.2), with or
// without a fragment.
func IsIRI(s string) bool { return isURI(s, international) }

func isURI(s string, r reach) bool {
	n := scheme(s)
	return n > 0 && isRelative(s[n+1:], r)
}

// IsURIReference reports whether s is a URI or a relative reference (RFC 3986,
// section 4.1).
func IsURIReference(s string) bool { return isReference(s, reach{}) }

// IsIRIReference reports whether s is an IRI or a relative reference (RFC 3987,
// section 2.2).
func IsIRIReference(s string) bool { return isReference(s, international) }

func isReference(s string, r reach) bool {
	if n := scheme(s); n > 0 {
		return isRelative(s[n+1:], r)
	}
	// The first segment of a relative path has no colon (section 4.2).
	if i := strings.IndexAny(s, ":/?#"); i >= 0 && s[i] == ':' {
		return false
	}
	return isRelative(s, r)
}

// scheme returns the length of the scheme that s starts with, or 0.
func scheme(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			return i
		case i == 0 && (c|0x20 < 'a' || c|0x20 > 'z'), !schemeByte.has(c):
			return 0
		}
	}
	return 0
}

// isRelative checks what follows the scheme.
func isRelative(s string, r reach) bool {
	s, fragment, _ := strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	if !isEncoded(fragment, &queryByte, r.anywhere) || !isEncoded(query, &queryByte, r.anywhere, r.query) {
		return false
	}
	if strings.HasPrefix(s, "//") {
		authority := s[2:]
		s = ""
		if i := strings.IndexByte(authority, '/'); i >= 0 {
			authority, s = authority[:i], authority[i:]
		}
		if !isAuthority(authority, r.anywhere) {
			return false
		}
	}
	return isEncoded(s, &pathByte, r.anywhere)
}

// isAuthority checks [userinfo "@"] host [":" port] (section 3.2).
func isAuthority(s string, wide *unicode.RangeTable) bool {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if !isEncoded(s[:i], &userByte, wide) {
			return false
		}
		s = s[i+1:]
	}
	host := s
	if strings.HasPrefix(s, "[") {
		i := strings.IndexByte(s, ']')
		if i < 0 || !isIPLiteral(s[1:i]) {
			return false
		}
		host, s = "", s[i+1:]
		if s == "" {
			return true
		}
		if s[0] != ':' {
			return false
		}
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		if digits(s, i+1) != len(s) {
			return false
		}
		host = s[:i]
	}
	return isEncoded(host, &regNameByte, wide)
}

// isIPLiteral checks the inside of a host in brackets (section 3.2.2).
func isIPLiteral(s string) bool {
	if s == "" || s[0]|0x20 != 'v' {
		return IsIPv6(s)
	}
	i := 1
	for i < len(s) && unhex[s[i]] != 0xff {
		i++
	}
	if i == 1 || i+1 >= len(s) || s[i] != '.' {
		return false
	}
	for i++; i < len(s); i++ {
		if !userByte.has(s[i]) {
			return false
		}
	}
	return true
}

// isEncoded reports whether s consists of percent-encoded bytes (section 2.1), of
// bytes in set, and of characters beyond ASCII in one of the tables, of which any may
// be nil.
func isEncoded(s string, set *byteSet, wide ...*unicode.RangeTable) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if !isPercent(s[i:]) {
				return false
			}
			i += 2
		case c < utf8.RuneSelf:
			if !set.has(c) {
				return false
			}
		default:
			n := wideRune(s[i:], wide)
			if n == 0 {
				return false
			}
			i += n - 1
		}
	}
	return true
}

// isPercent reports whether s starts with a percent-encoded byte.
func isPercent(s string) bool {
	return len(s) >= 3 && s[0] == '%' && unhex[s[1]] != 0xff && unhex[s[2]] != 0xff
}

// wideRune returns the length of the character that s starts with, if it is in one of
// the tables, else 0.
func wideRune(s string, tables []*unicode.RangeTable) int {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n <= 1 {
		return 0
	}
	for _, t := range tables {
		if t != nil && unicode.Is(t, r) {
			return n
		}
	}
	return 0
}

// IsJSONPointer reports whether s is a JSON pointer in its string form (RFC
// 6901, section 3).
func IsJSONPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// IsRelativeJSONPointer reports whether s is a relative JSON pointer
// (draft-bhutton-relative-json-pointer-00, section 3): how far up, perhaps by how much
// along an array, and then a JSON pointer or #.
func IsRelativeJSONPointer(s string) bool {
	n := digits(s, 0)
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	s = s[n:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if n = digits(s, 1); n == 1 || s[1] == '0' {
			return false
		}
		s = s[n:]
	}
	return s == "#" || IsJSONPointer(s)
}
