package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// spellings are the ways in which a value stands in texts: as it is; percent-encoded; as a string of JSON, in
// ASCII or not, and once more within another one; quoted as Go, SQL and HTML quote; as hexadecimal digits and as
// Go prints bytes; in base64, also within a longer text. Base64 and digits of a short value are
// left out: they are too short to mean anything.
func spellings(value string, short bool) []string {
	quoted := asJSON(value)
	list := []string{
		value, url.QueryEscape(value), url.PathEscape(value), percent(value),
		quoted, asASCII(value), asJSON(quoted), inner(mustMarshal(value)),
		inner(strconv.Quote(value)), inner(strconv.QuoteToASCII(value)),
		strings.ReplaceAll(value, "'", "''"), strings.ReplaceAll(value, "'", `\'`),
		html.EscapeString(value),
	}
	if short {
		return list
	}
	list = append(list, hex.EncodeToString([]byte(value)), strings.Trim(fmt.Sprint([]byte(value)), "[]"))
	return append(list, inBase64(value)...)
}

// percent encodes every byte that RFC 3986, section 2.3, does not call unreserved.
func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// inner is a quoted text without its quotes.
func inner(s string) string { return s[1 : len(s)-1] }

func mustMarshal(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // never: all strings can be encoded
	}
	return string(b)
}

// asJSON is the content of a JSON string with the escapes that RFC 8259, section 7, asks for, and the short
// ones where there are.
func asJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// asASCII is asJSON with all other characters escaped, as Python and PHP write JSON.
func asASCII(s string) string {
	var b strings.Builder
	for _, r := range asJSON(s) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// inBase64 is a value in both alphabets of RFC 4648, for each of the three places of a group in which it can begin
// where it is part of a longer text. Characters that also hold bits of what stands before or behind are left out.
func inBase64(value string) []string {
	var out []string
	for offset := range 3 {
		padded := append(make([]byte, offset), value...)
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := alphabet.EncodeToString(padded)
			if offset > 0 {
				text = text[offset+1:]
			}
			if whole := len(padded) % 3; whole != 0 { // the last character has bits of the next byte
				text = text[:len(text)-1]
			}
			if len(text) >= beginning {
				out = append(out, text)
			}
		}
	}
	return out
}
