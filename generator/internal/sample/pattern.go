package sample

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// maxPattern bounds the text that is made from a pattern.
const maxPattern = 4096

// fromPattern makes a short text that a pattern in RE2's syntax describes. The caller
// checks it: anchors inside of a pattern, for example, are not minded here.
func fromPattern(re2 string) (string, bool) {
	tree, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	if !write(&b, tree) {
		return "", false
	}
	return b.String(), true
}

func write(b *strings.Builder, re *syntax.Regexp) bool {
	if b.Len() > maxPattern {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		r, ok := pick(re.Rune)
		if !ok {
			return false
		}
		b.WriteRune(r)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpPlus:
		return write(b, re.Sub[0])
	case syntax.OpRepeat:
		for range re.Min {
			if !write(b, re.Sub[0]) {
				return false
			}
		}
	case syntax.OpCapture:
		return write(b, re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !write(b, sub) {
				return false
			}
		}
	case syntax.OpAlternate:
		return write(b, re.Sub[0])
	case syntax.OpNoMatch:
		return false
	}
	return true // anchors, and what may be there no time at all
}

// pick takes a letter or digit of a class where there is one: they need no encoding.
func pick(ranges []rune) (rune, bool) {
	for _, good := range []struct{ low, high rune }{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}} {
		for i := 0; i+1 < len(ranges); i += 2 {
			if low := max(ranges[i], good.low); low <= min(ranges[i+1], good.high) {
				return low, true
			}
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		if unicode.IsPrint(ranges[i]) {
			return ranges[i], true
		}
	}
	return 0, false
}
