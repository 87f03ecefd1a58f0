package gosrc

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxIdent is the length in bytes of the longest identifier that is made from
// words; beyond it the end is replaced by a checksum of the whole.
const MaxIdent = 120

// Ident is a Go identifier.
type Ident struct{ text string }

// NewIdent returns s as an identifier. It must be one by Go's specification and
// usable for any declaration: keywords, predeclared names (which it would hide),
// "_" and "init" are refused, and so are letters that are invisible.
func NewIdent(s string) (Ident, error) {
	switch {
	case s == "":
		return Ident{}, errors.New("an identifier cannot be empty")
	case len(s) > MaxIdent:
		return Ident{}, fmt.Errorf("an identifier cannot be longer than %d bytes", MaxIdent)
	case !utf8.ValidString(s):
		return Ident{}, errors.New("not valid UTF-8")
	case token.IsKeyword(s):
		return Ident{}, fmt.Errorf("%s is a keyword of Go", s)
	case !token.IsIdentifier(s) || strings.IndexFunc(s, invisible) >= 0:
		return Ident{}, fmt.Errorf("%s is not a Go identifier: letters, digits and underscores, not starting with a digit", strconv.QuoteToASCII(s))
	case s == "_" || s == "init":
		return Ident{}, fmt.Errorf("%s cannot be declared", s)
	case types.Universe.Lookup(s) != nil:
		return Ident{}, fmt.Errorf("%s is predeclared in Go", s)
	}
	return Ident{s}, nil
}

// Exported returns the exported identifier for any text: its words in PascalCase,
// with Go's initialisms. "user_id" gives UserID, "list pets" ListPets, "2fa" X2fa,
// "+1" Plus1. A text without letters, digits and well-known signs becomes "X" and
// hexadecimal. The result depends on nothing but the text; different texts can give
// the same identifier.
func Exported(words string) Ident {
	s := pascal(words)
	if first, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(first) {
		s = "X" + s
	}
	return Ident{bounded(s, words)}
}

// Unexported is Exported with a small first letter: "HTTP server" gives httpServer.
// Keywords and predeclared names get "Value" appended.
func Unexported(words string) Ident {
	split := splitWords(words)
	if len(split) == 0 || !unicode.IsLetter(firstRune(split[0])) {
		return Ident{bounded("x"+pascal(words), words)}
	}
	s := strings.ToLower(split[0])
	for _, w := range split[1:] {
		s = glue(s, titled(w))
	}
	if token.IsKeyword(s) || types.Universe.Lookup(s) != nil || s == "init" || s == "main" {
		s += "Value"
	}
	return Ident{bounded(s, words)}
}

// String returns the identifier.
func (i Ident) String() string { return i.text }

// Plus returns i with a suffix. Of the suffix only letters, digits and underscores
// are taken.
func (i Ident) Plus(suffix string) Ident {
	clean := strings.Map(func(r rune) rune {
		if r == '_' || wordRune(r) {
			return r
		}
		return -1
	}, suffix)
	if i.text == "" {
		return Exported(clean)
	}
	return Ident{bounded(i.text+clean, i.text+suffix)}
}

// With returns i followed by words in PascalCase. Unlike Exported, it needs no
// letter where the words start with a digit: Error.With("404") is Error404.
func (i Ident) With(words string) Ident {
	if i.text == "" {
		return Exported(words)
	}
	return Ident{bounded(glue(i.text, pascal(words)), i.text+" "+words)}
}

func (Ident) source() {}
func (Ident) part()   {}

// pascal is the words of a text in PascalCase: letters and digits, never empty.
func pascal(text string) string {
	var s string
	for _, w := range splitWords(text) {
		s = glue(s, titled(w))
		if len(s) > 2*MaxIdent {
			break // bounded cuts it anyway
		}
	}
	if s == "" {
		return hexed(text)
	}
	return s
}

// glue joins two parts of a name, with an underscore where two digits would meet:
// v1.2 is V1_2, not V12.
func glue(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	if unicode.IsDigit(last) && unicode.IsDigit(firstRune(b)) {
		return a + "_" + b
	}
	return a + b
}

// hexed stands for a text in which there is nothing to make a name of.
func hexed(text string) string {
	if len(text) > 8 {
		return checksum(text)
	}
	return "X" + hex.EncodeToString([]byte(text))
}

// bounded cuts an identifier that is too long, and keeps it distinct by a checksum
// of its source.
func bounded(ident, from string) string {
	if len(ident) <= MaxIdent {
		return ident
	}
	cut := MaxIdent - 10
	for !utf8.RuneStart(ident[cut]) {
		cut--
	}
	return ident[:cut] + "_" + checksum(from)
}

// checksum is an X and eight hexadecimal digits.
func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "X" + hex.EncodeToString(sum[:4])
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// invisible reports letters that print as nothing: the Hangul fillers.
func invisible(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0
}

// wordRune reports whether r can be part of a word, and so of an identifier.
func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) && !invisible(r)
}
