package openapi

import (
	"mime"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// mediaName is a media type with the parameters that tell bodies apart: lower case but for the values, in
// the order of their names, quoted where that is needed (RFC 9110, 5.6.6). Not among them are q,
// the boundary of a multipart body, which each message has its own of, and charset where it
// says nothing: JSON has none (RFC 8259, 11), and text in a request is UTF-8.
func (r *reader) mediaName(op *Operation, m *Media, written string, answer bool) string {
	_, params, err := mime.ParseMediaType(written)
	if err != nil {
		r.diags.Add(diag.Diagnostic{
			Pos: m.Pos, Severity: diag.Warning, Rule: rules.MediaType, Message: "the parameters of this media type cannot be read, and are left out: any will do",
			Advice: `write each as name=value, with quotes around what is no token (RFC 9110, 5.6.6)`,
		})
		return m.Type
	}
	var names []string
	for name, value := range params {
		switch {
		case name == "q", name == "boundary" && strings.HasPrefix(m.Type, "multipart/"):
			continue
		case name != "charset":
		case m.Kind == MediaJSON || m.Kind == MediaSequence, !answer && strings.EqualFold(value, "utf-8"):
			continue
		case !answer && (m.Kind == MediaText || m.Kind == MediaForm || strings.HasPrefix(m.Type, "text/")):
			r.diags.Warnf(m.Pos, rules.MediaType, "text in requests is read as UTF-8 only: one in another charset is refused (415)")
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	out := m.Type
	for _, name := range names {
		value := params[name]
		if name == "charset" {
			value = strings.ToLower(value)
		}
		if !isToken(value) {
			value = `"` + quoter.Replace(value) + `"`
		}
		out += "; " + name + "=" + value
	}
	if strings.IndexFunc(out, func(c rune) bool { return c < ' ' || c > '~' }) >= 0 {
		op.Unsupported.Errorf(m.Pos, rules.MediaType, "a parameter of this media type has other characters than printable ASCII, which no header field can say in one way only")
		return m.Type
	}
	return out
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// withoutCharset is a name that mediaName made, without its charset.
func withoutCharset(name string) string {
	before, after, ok := strings.Cut(name, "; charset=")
	if !ok {
		return name
	}
	if _, rest, more := strings.Cut(after, ";"); more {
		return before + ";" + rest
	}
	return before
}
