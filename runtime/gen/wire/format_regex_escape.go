package wire

import (
	"strconv"
	"strings"
	"unicode"
)

// escape reads what follows a backslash and returns the character it stands
// for, or -1 if it is a set of characters or a reference.
func (p *regexParser) escape(inClass bool) (rune, bool) {
	if p.i >= len(p.s) {
		return 0, false
	}
	c := p.s[p.i]
	p.i++
	switch c {
	case 'd', 'D', 's', 'S', 'w', 'W':
		return -1, true
	case 'p', 'P':
		return -1, p.property()
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'v':
		return '\v', true
	case 'c':
		return p.control()
	case 'x':
		return p.hex(2)
	case 'u':
		return p.unicode()
	case '0':
		return 0, digits(p.s, p.i) == p.i
	case '^', '$', '\\', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '/':
		return rune(c), true
	}
	if inClass {
		switch c {
		case 'b':
			return '\b', true
		case '-':
			return '-', true
		}
		return 0, false
	}
	return -1, p.reference(c)
}

// reference reads a back reference that starts with c.
func (p *regexParser) reference(c byte) bool {
	switch {
	case c == 'k' && p.take("<"):
		name, ok := p.name()
		if ok {
			p.refer(name)
		}
		return ok
	case c >= '1' && c <= '9':
		end := digits(p.s, p.i)
		n, err := strconv.Atoi(p.s[p.i-1 : end])
		p.i = end
		p.highest = max(p.highest, n)
		return err == nil
	}
	return false
}

func (p *regexParser) control() (rune, bool) {
	c := p.peek()
	if c|0x20 < 'a' || c|0x20 > 'z' {
		return 0, false
	}
	p.i++
	return rune(c & 31), true
}

func (p *regexParser) hex(n int) (rune, bool) {
	if len(p.s)-p.i < n {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.s[p.i : p.i+n]) {
		if unhex[c] == 0xff {
			return 0, false
		}
		r = r<<4 | rune(unhex[c])
	}
	p.i += n
	return r, true
}

// unicode reads what follows \u: four digits, two times four for a pair of
// surrogates, or any number of them in braces.
func (p *regexParser) unicode() (rune, bool) {
	if p.take("{") {
		var r rune
		start := p.i
		for p.i < len(p.s) && unhex[p.s[p.i]] != 0xff {
			if r = r<<4 | rune(unhex[p.s[p.i]]); r > unicode.MaxRune {
				return 0, false
			}
			p.i++
		}
		return r, p.i > start && p.take("}")
	}
	r, ok := p.hex(4)
	if ok && r >= 0xD800 && r <= 0xDBFF && strings.HasPrefix(p.s[p.i:], `\u`) {
		if low := hex4(p.s[p.i+2:]); low >= 0xDC00 && low <= 0xDFFF {
			p.i += 6
			return (r-0xD800)<<10 | (low - 0xDC00) + 0x10000, true
		}
	}
	return r, ok
}

// identifierRune reports whether r may stand in an identifier (ID_Start,
// ID_Continue).
func identifierRune(r rune, first bool) bool {
	if unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
		return true
	}
	return !first && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}
