package schema

import (
	"regexp"
	"regexp/syntax"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// Expression is a pattern of ECMA 262 in RE2's syntax, with look-around as it is written.
type Expression struct {
	RE2 string
	// Min and Max are bounds on the length of the text, in code points, that RE2 cannot
	// express as repetitions: they hold beside it. -1 for none.
	Min, Max int64
	// Warning says why the pattern cannot mean what it seems to, or is empty.
	Warning string
}

// Translate returns the pattern that matches what source, an ECMA 262 regular
// expression, matches, or says why there is none: back-references cannot be matched in
// linear time.
func Translate(source string) (Expression, error) {
	t, err := translate(source)
	return Expression{RE2: t.re2, Min: t.min, Max: t.max, Warning: t.warning}, err
}

// Match reports whether a pattern matches a text. It is not sure of one that looks around,
// which only the server can match.
func (r *Reader) Match(source, text string) (matches, sure bool) {
	m, ok := r.matchers[source]
	if !ok {
		if t, err := translate(source); err == nil && !t.looks {
			r.spend(expressionSize(t.re2)/4, diag.Pos{})
			m.re, _ = regexp.Compile(t.re2)
			m.min, m.max = t.min, t.max
		}
		r.matchers[source] = m
	}
	if m.re == nil {
		return false, false
	}
	return m.re.MatchString(text) && outside(int64(utf8.RuneCountInString(text)), m.min, m.max, "min", "max") == "", true
}

// expressionSize is about how many instructions an expression compiles to, which have 40 bytes
// each: repetitions are written out.
func expressionSize(re2 string) int {
	re, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return len(re2) // it looks around: the server has a matcher of its own
	}
	return sizeOf(re)
}

func sizeOf(re *syntax.Regexp) int {
	const most = 1 << 40
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n = min(most, n+sizeOf(sub))
	}
	if re.Op == syntax.OpRepeat {
		n = min(most, n*max(1, re.Min, re.Max))
	}
	return n
}

// matcher is a pattern; re is nil where it is not known what it matches.
type matcher struct {
	re       *regexp.Regexp
	min, max int64
}

// Known reports whether a word is a keyword of a schema in any version.
func Known(keyword string) bool { return keywords[keyword] != unknown }
