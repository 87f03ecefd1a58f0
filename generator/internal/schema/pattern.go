package schema

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

// Known reports whether a word is a keyword of a schema in any version.
func Known(keyword string) bool { return keywords[keyword] != unknown }
