package gen

import (
	"net/http"
	"strings"

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
	c.out.headers = append(c.out.headers, headerField{name, value})
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
	for i, f := range c.out.headers {
		if c.report.asking && stays(h, f.name) {
			continue
		}
		first := f.name != "Vary"
		for _, before := range c.out.headers[:i] {
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

// stays reports whether a field of a refusal is the server's own to say.
func stays(h http.Header, name string) bool {
	switch name {
	case "Www-Authenticate", "Retry-After", "Allow", "Dpop-Nonce":
		return h[name] != nil
	}
	return false
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
