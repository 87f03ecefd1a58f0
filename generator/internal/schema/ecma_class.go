package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// space is \s of ECMA 262: WhiteSpace and LineTerminator (12.2, 12.3), for use inside
// a class; notSpace is everything else.
const (
	space    = `\t\n\x{b}\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
	notSpace = `\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}` +
		`\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
)

// escape translates a backslash outside of classes.
func (e *ecma) escape() error {
	if e.at+1 >= len(e.src) {
		return errors.New("it ends with a backslash")
	}
	switch c := e.src[e.at+1]; {
	case c == 'b' || c == 'B':
		e.at += 2
		e.put(`\`+string(c), false)
		return nil
	case '1' <= c && c <= '9', c == 'k':
		return fmt.Errorf(`it refers back with \%c`, c)
	}
	set, r, err := e.character()
	if err != nil {
		return err
	}
	if set != "" {
		e.put("["+set+"]", true)
		return nil
	}
	if isSurrogate(r) {
		return errors.New("it has half of a surrogate pair")
	}
	e.put(quoted(r), true)
	return nil
}

// character reads an escape that stands for a character, or for a set of them, which
// is returned as it is written inside a class.
func (e *ecma) character() (set string, r rune, err error) {
	rest := e.src[e.at+1:]
	c, n := utf8.DecodeRuneInString(rest)
	e.at += 1 + n
	switch c {
	case 'd', 'D', 'w', 'W':
		return `\` + string(c), 0, nil
	case 's':
		return space, 0, nil
	case 'S':
		return notSpace, 0, nil
	case 'p', 'P':
		set, err := e.property(c)
		return set, 0, err
	case 't':
		return "", '\t', nil
	case 'n':
		return "", '\n', nil
	case 'v':
		return "", '\v', nil
	case 'f':
		return "", '\f', nil
	case 'r':
		return "", '\r', nil
	case '0':
		if len(rest) > 1 && '0' <= rest[1] && rest[1] <= '9' {
			return "", 0, errors.New("it has an octal escape")
		}
		return "", 0, nil
	case 'c':
		if len(rest) < 2 || rest[1]|0x20 < 'a' || rest[1]|0x20 > 'z' {
			return "", 0, errors.New(`\c is not followed by a letter`)
		}
		e.at++
		return "", rune(rest[1] & 0x1f), nil
	case 'x':
		r, err := e.hex(2)
		return "", r, err
	case 'u':
		r, err := e.unicode()
		return "", r, err
	}
	if c < utf8.RuneSelf && (c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '1' && c <= '9') {
		return "", 0, fmt.Errorf(`\%c means nothing in ECMA 262`, c)
	}
	return "", c, nil
}

// hex reads n hexadecimal digits.
func (e *ecma) hex(n int) (rune, error) {
	if e.at+n > len(e.src) {
		return 0, errors.New("an escape lacks digits")
	}
	v, err := strconv.ParseUint(e.src[e.at:e.at+n], 16, 32)
	if err != nil || strings.ContainsAny(e.src[e.at:e.at+n], "+_") {
		return 0, errors.New("an escape lacks digits")
	}
	e.at += n
	return rune(v), nil
}

// unicode reads \uXXXX, a surrogate pair of two, or \u{X...}.
func (e *ecma) unicode() (rune, error) {
	if strings.HasPrefix(e.src[e.at:], "{") {
		end := strings.IndexByte(e.src[e.at:], '}')
		if end < 2 {
			return 0, errors.New("an escape lacks digits")
		}
		e.at++
		for end > 2 && e.src[e.at] == '0' { // any number of leading zeros
			e.at++
			end--
		}
		if end > 7 {
			return 0, errors.New("an escape is no code point")
		}
		r, err := e.hex(end - 1)
		if err != nil {
			return 0, err
		}
		if r > utf8.MaxRune {
			return 0, errors.New("an escape is beyond U+10FFFF")
		}
		e.at++
		return r, nil
	}
	r, err := e.hex(4)
	if err != nil || r < 0xd800 || r > 0xdbff || !strings.HasPrefix(e.src[e.at:], `\u`) {
		return r, err
	}
	mark := e.at
	e.at += 2
	low, err := e.hex(4)
	if err != nil || low < 0xdc00 || low > 0xdfff {
		e.at = mark
		return r, nil
	}
	return 0x10000 + (r-0xd800)<<10 + (low - 0xdc00), nil
}

func isSurrogate(r rune) bool { return r >= 0xd800 && r <= 0xdfff }

// quoted writes one character so that it stands for itself in a class and outside.
func quoted(r rune) string {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r == ' ', r == '_':
		return string(r)
	case r > ' ' && r < 0x7f:
		return `\` + string(r)
	case r == '\t':
		return `\t`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	}
	return fmt.Sprintf(`\x{%x}`, r)
}

// class translates [...].
func (e *ecma) class() error {
	e.at++
	not := strings.HasPrefix(e.src[e.at:], "^")
	if not {
		e.at++
	}
	var body strings.Builder
	for {
		if e.at >= len(e.src) {
			return errors.New("a class is not closed")
		}
		if e.src[e.at] == ']' {
			e.at++
			break
		}
		if strings.HasPrefix(e.src[e.at:], "[:") && strings.Contains(e.src[e.at:], ":]") {
			return errors.New("ECMA 262 has no [:name:] classes")
		}
		if err := e.item(&body); err != nil {
			return err
		}
		if body.Len() > maxTranslation {
			return errTooLarge
		}
	}
	switch {
	case body.Len() == 0 && not:
		e.put(`[\x{0}-\x{10ffff}]`, true)
	case body.Len() == 0:
		e.put(`[^\x{0}-\x{10ffff}]`, true)
	case not:
		e.put("[^"+body.String()+"]", true)
	default:
		e.put("["+body.String()+"]", true)
	}
	return nil
}

// item translates one character, set or range of a class. A hyphen beside a set stands for
// itself, as without the u flag: [\d-x] and [x-\d] have three members each (ECMA 262, B.1.2.8.1),
// and what follows is no end of a range.
func (e *ecma) item(body *strings.Builder) error {
	lowSet, low, err := e.classAtom()
	if err != nil {
		return err
	}
	if e.at+1 >= len(e.src) || e.src[e.at] != '-' || e.src[e.at+1] == ']' {
		body.WriteString(ofClass(lowSet, low))
		return nil
	}
	e.at++
	highSet, high, err := e.classAtom()
	switch {
	case err != nil:
		return err
	case lowSet != "" || highSet != "":
		body.WriteString(ofClass(lowSet, low) + `\-` + ofClass(highSet, high))
	case high < low:
		return errors.New("a range of a class is out of order")
	default:
		body.WriteString(quoted(low) + "-" + quoted(high))
	}
	return nil
}

// ofClass writes a set or a character inside a class.
func ofClass(set string, r rune) string {
	if set != "" {
		return set
	}
	return quoted(r)
}

// classAtom reads one character or set of a class.
func (e *ecma) classAtom() (set string, r rune, err error) {
	if e.src[e.at] != '\\' {
		r, n := utf8.DecodeRuneInString(e.src[e.at:])
		e.at += n
		return "", r, nil
	}
	if e.at+1 >= len(e.src) {
		return "", 0, errors.New("it ends with a backslash")
	}
	if e.src[e.at+1] == 'b' {
		e.at += 2
		return "", '\b', nil
	}
	return e.character()
}
