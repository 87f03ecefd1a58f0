// Package redact takes values out of texts that are logged: those of a request that have a class of
// data, and credentials. It finds a value as it is, without regard to the case of ASCII letters, in the
// usual encodings, and where only its beginning stands in the text.
//
// A value that was changed in another way (hashed, translated, split) is not found: who needs to be sure
// logs the types of errors only.
package redact

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a Values.
const (
	// maxValues is how many values are looked for.
	maxValues = 256
	// maxValue is how many bytes of a value are looked for: what follows in the text counts as part of
	// the value's beginning.
	maxValue = 4 << 10
	// maxWork is how many bytes are compared for one text, about 10 ms.
	maxWork = 32 << 20
	// shortValue is how many characters a value has at least that is looked for within words. A shorter one
	// is replaced where it is a word of its own: else the digit 1 would blacken all numbers.
	shortValue = 4
	// beginning is how many bytes of a long form are enough to be taken for it, longForm how long
	// that is.
	beginning = 8
	longForm  = 12
)

// Values are what is to be taken out of a text. The zero value has none. It is not safe for concurrent use.
type Values struct {
	forms []form
	known map[string]bool
	count int
	full  bool
}

// form is a spelling of a value, in lower case.
type form struct {
	text  string
	label string
	word  bool // it counts only as a whole word
	cut   bool // the value goes on
}

// Add adds a value, for which "[label]" will stand.
func (v *Values) Add(value, label string) {
	if value == "" || v.known["="+value] {
		return
	}
	if v.count++; v.count > maxValues {
		v.full = true
		return
	}
	if v.known == nil {
		v.known = map[string]bool{}
	}
	v.known["="+value] = true
	cut := len(value) > maxValue
	if cut {
		value = value[:maxValue]
	}
	word := utf8.RuneCountInString(value) < shortValue
	for _, text := range spellings(value, word) {
		if text = lower(text); text != "" && !v.known[text] {
			v.known[text] = true
			v.forms = append(v.forms, form{text, label, word, cut})
		}
	}
}

// span is a part of a text that is replaced.
type span struct {
	from, to int
	label    string
}

// Replace returns the text with the values replaced. It reports false, and no text, where there are too many
// values or looking for them would take too long.
func (v *Values) Replace(text string) (string, bool) {
	if v.full {
		return "", false
	}
	work := maxWork
	var found []span
	low := lower(text)
	for i := range v.forms {
		f := &v.forms[i]
		if work -= len(low); work < 0 {
			return "", false
		}
		need := f.text
		if len(need) >= longForm {
			need = need[:beginning]
		}
		for at := 0; ; {
			n := strings.Index(low[at:], need)
			if n < 0 {
				break
			}
			from := at + n
			length := common(low[from:], f.text)
			if work -= length; work < 0 {
				return "", false
			}
			at = from + 1
			if !f.word || isWord(text, from, from+length) {
				found = append(found, span{from, from + length, f.label})
			}
		}
	}
	if len(found) == 0 {
		return text, true
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var out strings.Builder
	end := 0
	for i := 0; i < len(found); {
		s := found[i]
		for i++; i < len(found) && found[i].from <= s.to; i++ { // what touches is one: no rest of it may stand between
			s.to = max(s.to, found[i].to)
		}
		out.WriteString(text[end:s.from])
		out.WriteString("[" + s.label + "]")
		end = s.to
	}
	out.WriteString(text[end:])
	return out.String(), true
}

// common is how many bytes two texts have in common at their beginning.
func common(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// isWord reports whether what stands between two places of a text is bounded by something other than letters
// and digits.
func isWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !isLetter(before) && !isLetter(after)
}

func isLetter(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// lower writes ASCII letters small. Lengths stay what they are.
func lower(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' })
	if i < 0 {
		return s
	}
	b := []byte(s)
	for ; i < len(b); i++ {
		if c := b[i]; 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
