package runtime

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// headerField is a field of the answer that the document describes.
type headerField struct{ name, value string }

// SetHeader gives the answer a field that the document describes; name is in canonical form. A
// value that cannot stand in a field refuses the answer: 500. The field is sent with the
// answer that the handler gave, and with no other.
func (c *Call) SetHeader(name, value string) {
	if !isFieldValue(value) {
		c.RefuseHeader(name, "format")
		return
	}
	c.headers = append(c.headers, headerField{name, value})
}

// RequireHeader is SetHeader for a field that must not be empty.
func (c *Call) RequireHeader(name, value string) {
	if value == "" {
		c.RefuseHeader(name, "required")
		return
	}
	c.SetHeader(name, value)
}

// RefuseHeader refuses the answer, because a field breaks a keyword of its schema: 500.
func (c *Call) RefuseHeader(name, keyword string) {
	c.refuse(refusal{status: http.StatusInternalServerError, event: event.OutputFail, rule: keyword + " at header " + name})
}

// Matches reports whether the value of a response's header has a match of p, within
// [wire.StepBase] and [wire.StepFactor] for each byte of it. A match that would cost more refuses
// the answer: 500.
func (c *Call) Matches(p *wire.Pattern, s string) bool {
	left := wire.StepBase + wire.StepFactor*int64(len(s))
	matches, within := p.MatchWithin(s, &left)
	if !within {
		c.RefuseHeader("", wire.KeywordSteps)
	}
	return matches
}

// Afford reports whether so many steps for n bytes of a response's header are within [wire.StepBase], and [wire.StepFactor] for each
// byte. Otherwise the answer is refused: 500.
func (c *Call) Afford(n int, steps int64) bool {
	if steps <= wire.StepBase+wire.StepFactor*int64(n) {
		return true
	}
	c.RefuseHeader("", wire.KeywordSteps)
	return false
}

// writeHeaders writes the fields that the document describes. They take the place of what the
// runtime would send; but an answer with a nonce is nobody's to keep (RFC 9449, 8.2).
func (c *Call) writeHeaders(h http.Header) {
	for i, f := range c.headers {
		first := f.name != "Vary"
		for _, before := range c.headers[:i] {
			first = first && before.name != f.name
		}
		if first {
			h[f.name] = []string{f.value}
		} else {
			h[f.name] = append(h[f.name], f.value)
		}
	}
	if h["Dpop-Nonce"] != nil {
		h["Cache-Control"] = noStore
	}
}

// isFieldValue holds a value to RFC 9110, 5.5.
func isFieldValue(s string) bool {
	if s != strings.Trim(s, " \t") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

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
