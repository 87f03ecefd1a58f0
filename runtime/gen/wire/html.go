package wire

import (
	"bytes"
	"strings"
)

// AppendHTMLSafe appends s as a JSON string without <, > and &: an answer holds names that
// the client chose, and must not look like HTML to a client that ignores its media type.
func AppendHTMLSafe(b []byte, s string) []byte {
	at := len(b)
	b = AppendString(b, s)
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 && strings.IndexByte(s, '&') < 0 {
		return b
	}
	text := bytes.Clone(b[at:])
	b = b[:at]
	for _, c := range text {
		switch c {
		case '<':
			b = append(b, `\u003c`...)
		case '>':
			b = append(b, `\u003e`...)
		case '&':
			b = append(b, `\u0026`...)
		default:
			b = append(b, c)
		}
	}
	return b
}
