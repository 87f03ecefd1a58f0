package sample

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// maxPattern bounds the text that is made from a pattern, maxAlternatives how many of the
// alternatives of each choice are tried.
const (
	maxPattern      = 4096
	maxAlternatives = 4
)

// fromPattern makes a text that a pattern in RE2's syntax describes and that holds accepts: a
// short one, else with more and more of what may be repeated, and with other
// alternatives. holds has to check it: anchors inside of a pattern, for example, are not minded here.
func fromPattern(re2 string, holds func(string) bool) (string, bool) {
	tree, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return "", false
	}
	for _, more := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 128, 256, 1024} {
		for alternative := range maxAlternatives {
			w := writer{more: more, alternative: alternative}
			if w.write(tree) && holds(w.b.String()) {
				return w.b.String(), true
			}
		}
	}
	return "", false
}

// writer writes one text of a pattern.
type writer struct {
	b           strings.Builder
	more        int // how often what may be repeated is, beyond the least
	alternative int
}

func (w *writer) write(re *syntax.Regexp) bool {
	if w.b.Len() > maxPattern {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		w.b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		r, ok := pick(re.Rune)
		if !ok {
			return false
		}
		w.b.WriteRune(r)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.b.WriteByte('a')
	case syntax.OpStar:
		return w.repeat(re.Sub[0], w.more)
	case syntax.OpPlus:
		return w.repeat(re.Sub[0], 1+w.more)
	case syntax.OpQuest:
		return w.repeat(re.Sub[0], min(w.more, 1))
	case syntax.OpRepeat:
		n := re.Min + w.more
		if re.Max >= 0 {
			n = min(n, re.Max)
		}
		return w.repeat(re.Sub[0], n)
	case syntax.OpCapture:
		return w.write(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !w.write(sub) {
				return false
			}
		}
	case syntax.OpAlternate:
		return w.write(re.Sub[w.alternative%len(re.Sub)])
	case syntax.OpNoMatch:
		return false
	}
	return true // anchors
}

func (w *writer) repeat(re *syntax.Regexp, n int) bool {
	for range n {
		if !w.write(re) {
			return false
		}
	}
	return true
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
