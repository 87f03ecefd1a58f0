package multipart

import (
	"mime"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// disposition reads the value of Content-Disposition (RFC 7578, 4.2): form-data with a name,
// and for files a file name. Readers differ about escapes in quotes and about the extended notation
// (RFC 8187), which forms must not have; so these are taken only where nothing else can be read
// into them: see quoted and extended. Repetitions are refused.
func (p *Part) disposition(value string) error {
	kind, rest, _ := strings.Cut(value, ";")
	if !strings.EqualFold(strings.TrimRight(kind, " \t"), "form-data") {
		return ErrDisposition
	}
	var name, file, star *string
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		word, after, ok := strings.Cut(rest, "=")
		if !ok || !isToken(word) {
			return ErrDisposition
		}
		text, after, err := parameter(after)
		if err != nil {
			return err
		}
		rest = after
		var into **string
		switch strings.ToLower(word) {
		case "name":
			into = &name
		case "filename":
			into = &file
		case "filename*":
			into = &star
		default:
			return ErrDisposition // name*, name*0
		}
		if *into != nil {
			return ErrDisposition
		}
		*into = &text
	}
	if name == nil || *name == "" || len(*name) > maxNameLen || !printable(*name) {
		return ErrDisposition
	}
	if strings.ContainsAny(*name, "\\\"") {
		return ErrEscape
	}
	p.Name = *name
	return p.file(file, star)
}

// file reads what the client calls the file, in one notation or in both.
func (p *Part) file(plain, star *string) error {
	if star != nil {
		decoded, ok := extended(*star)
		if !ok || plain == nil {
			return ErrExtended
		}
		if *plain != decoded {
			// What cannot be said in ASCII some clients write as a word of RFC 2047.
			if word, err := new(mime.WordDecoder).Decode(*plain); err != nil || word != decoded {
				return ErrExtended
			}
		}
		plain = &decoded
	}
	if plain != nil {
		var ok bool
		if p.FileName, ok = CleanName(*plain); !ok {
			return ErrFileName
		}
	}
	return nil
}

// extended reads the extended notation of UTF-8 (RFC 8187, 3.2): utf-8'en'a%20b.
func extended(s string) (string, bool) {
	charset, rest, _ := strings.Cut(s, "'")
	_, text, ok := strings.Cut(rest, "'")
	if !ok || !strings.EqualFold(charset, "utf-8") {
		return "", false
	}
	text, err := url.PathUnescape(text)
	return text, err == nil && utf8.ValidString(text)
}

// parameter reads the value of a parameter, and what stands behind its semicolon.
func parameter(s string) (value, rest string, err error) {
	if s == "" {
		return "", "", ErrDisposition
	}
	if s[0] == '"' {
		return quoted(s[1:])
	}
	value, rest, _ = strings.Cut(s, ";")
	if value = strings.TrimRight(value, " \t"); !isToken(value) {
		return "", "", ErrDisposition
	}
	return value, rest, nil
}

// quoted reads a text up to its second quote. Of escapes it knows those that Go's mime/multipart writes, \"
// and \\: other backslashes stand for themselves, as in a path of Windows. A reader that knows no
// escapes ends the text at the first quote: so a text with an escaped quote must not have a semicolon,
// behind which that reader would find another parameter.
func quoted(s string) (value, rest string, err error) {
	var text strings.Builder
	escaped := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			escaped = escaped || s[i] == '"'
			text.WriteByte(s[i])
		case c != '"':
			text.WriteByte(c)
		default:
			value, rest = text.String(), strings.TrimLeft(s[i+1:], " \t")
			if strings.HasSuffix(value, `\`) || escaped && strings.Contains(value, ";") {
				return "", "", ErrEscape
			}
			if rest == "" {
				return value, "", nil
			}
			if rest[0] != ';' {
				return "", "", ErrDisposition
			}
			return value, rest[1:], nil
		}
	}
	return "", "", ErrDisposition
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
