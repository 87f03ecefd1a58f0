package runtime

import (
	"strings"
	"unicode/utf8"
)

// Attachment is the value of Content-Disposition for a download (RFC 6266): the client is to
// save it under name, of which it takes the last element. Whatever the name holds, the value
// has only printable ASCII in it: what others there are is in the extended notation (RFC
// 8187), beside a plain name for old clients.
func Attachment(name string) string { return disposition("attachment", name) }

// Inline is the value of Content-Disposition for what the client may show itself.
func Inline(name string) string { return disposition("inline", name) }

func disposition(kind, name string) string {
	name = strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], "")
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if name == "" || strings.Trim(name, ".") == "" {
		return kind
	}
	plain := strings.Map(func(r rune) rune {
		if r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	value := kind + `; filename="` + plain + `"`
	if plain != name {
		value += "; filename*=UTF-8''" + extended(name)
	}
	return value
}

// extended is a text in the notation of RFC 8187, 3.2.
func extended(s string) string {
	const safe, digits = "!#$&+-.^_`|~", "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + string(digits[c>>4]) + string(digits[c&15]))
		}
	}
	return b.String()
}
