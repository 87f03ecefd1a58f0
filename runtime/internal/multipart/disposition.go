package multipart

import (
	"strings"
	"unicode"
)

// disposition reads the value of Content-Disposition (RFC 7578, 4.2): form-data with a name,
// and for files a file name. Escapes in quotes, which browsers do not write and readers
// differ about, encodings of names (RFC 8187), which forms must not have, and repetitions are
// refused.
func (p *Part) disposition(value string) error {
	kind, rest, _ := strings.Cut(value, ";")
	if !strings.EqualFold(strings.TrimRight(kind, " \t"), "form-data") {
		return ErrDisposition
	}
	var name, file *string
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		word, after, ok := strings.Cut(rest, "=")
		var text string
		if text, rest, ok = parameter(after, ok); !ok || !isToken(word) {
			return ErrDisposition
		}
		var into **string
		switch strings.ToLower(word) {
		case "name":
			into = &name
		case "filename":
			into = &file
		default:
			return ErrDisposition // filename*, name*0
		}
		if *into != nil {
			return ErrDisposition
		}
		*into = &text
	}
	if name == nil || *name == "" || len(*name) > maxNameLen || strings.Contains(*name, `\`) || !printable(*name) {
		return ErrDisposition
	}
	p.Name = *name
	if file != nil {
		var ok bool
		if p.FileName, ok = CleanName(*file); !ok {
			return ErrDisposition
		}
	}
	return nil
}

// parameter reads the value of a parameter, and the semicolon behind it.
func parameter(s string, ok bool) (value, rest string, valid bool) {
	if !ok || s == "" {
		return "", "", false
	}
	if s[0] != '"' {
		value, rest, _ = strings.Cut(s, ";")
		value = strings.TrimRight(value, " \t")
		return value, rest, isToken(value)
	}
	value, rest, ok = strings.Cut(s[1:], `"`)
	if !ok || strings.HasSuffix(value, `\`) {
		return "", "", false
	}
	if rest = strings.TrimLeft(rest, " \t"); rest == "" {
		return value, "", true
	}
	return value, rest[1:], rest[0] == ';'
}

// CleanName is the last element of what a client says a file is called, whatever separators
// its system has. It refuses control characters and others that are not seen, what may be an
// escape, and names that mean a folder. An empty name is none.
func CleanName(s string) (string, bool) {
	for i := 1; i < len(s); i++ {
		if s[i-1] == '\\' && strings.IndexByte(special, s[i]) >= 0 {
			return "", false
		}
	}
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	return s, s != "." && s != ".." && len(s) <= maxNameLen && printable(s)
}

// printable reports whether a text has nothing in it that hides, or turns around, what is shown.
func printable(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool {
		return unicode.Is(unicode.Cc, c) || c == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, c) ||
			unicode.Is(unicode.Zl, c) || unicode.Is(unicode.Zp, c)
	}) < 0
}

// special are the characters that no token has.
const special = `"(),/:;<=>?@[\]{}`

func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(special, c)
	}) < 0
}
