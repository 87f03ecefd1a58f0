package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ellipsis ends a text that was cut.
const ellipsis = "…"

// Clean returns a text as one line of at most most bytes that a terminal shows and does not obey: line ends
// and tabs become spaces, and every other character that is not printable becomes U+FFFD. These are control
// characters, the separators U+2028 and U+2029, characters that change the direction of a text (CVE-2021-42574) or
// are not seen, and bytes that are no UTF-8. A text that was cut ends with "…".
func Clean(text string, most int) string {
	var b strings.Builder
	b.Grow(min(len(text), most))
	fits := 0 // how much of b is left where the text is cut
	for _, r := range text {
		switch {
		case r == '\n', r == '\r', r == '\t':
			r = ' '
		case !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > most {
			return b.String()[:fits] + ellipsis
		}
		b.WriteRune(r)
		if b.Len()+len(ellipsis) <= most {
			fits = b.Len()
		}
	}
	return b.String()
}
