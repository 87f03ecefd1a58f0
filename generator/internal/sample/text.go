package sample

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// formats have a value each.
var formats = map[string]string{
	"uuid": "7d444840-9dc0-41d1-b245-5ffdce74fad2", "date": "2026-02-28", "date-time": "2026-02-28T12:00:00Z", "time": "12:00:00Z",
	"duration": "P1D", "email": "a@example.com", "idn-email": "a@example.com", "hostname": "example.com", "idn-hostname": "example.com",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com/a", "uri-reference": "/a", "iri": "https://example.com/a",
	"iri-reference": "/a", "json-pointer": "/a", "relative-json-pointer": "0/a", "regex": "a", "uri-template": "/{a}",
	"byte": base64.StdEncoding.EncodeToString([]byte("a sample")), "binary": "a", "password": "correct horse",
}

// free are formats that any text has.
var free = []string{"", "password", "binary"}

// text makes a string: one of the format's, one by the pattern, or plain letters.
func text(s *schema.Schema) string {
	v, known := formats[s.Format]
	if known && accepts(s, v) {
		return v
	}
	for _, p := range s.Patterns {
		if v, ok := fromPattern(p.RE2, func(v string) bool { return accepts(s, v) }); ok {
			return v
		}
	}
	if len(s.Patterns) > 0 || known && !slices.Contains(free, s.Format) {
		return ""
	}
	if v := strings.Repeat("a", int(max(1, min(s.MinLength, 1000)))); accepts(s, v) {
		return v
	}
	return ""
}

// accepts reports whether a string made here is sure to be accepted.
func accepts(s *schema.Schema, text string) bool {
	// A text made from a pattern may break the format: only those made for it are sure.
	sample, known := formats[s.Format]
	return meets(s, text) && (!known || text == sample || slices.Contains(free, s.Format))
}

// meets reports whether a string has the lengths and patterns of s.
func meets(s *schema.Schema, text string) bool {
	n := int64(utf8.RuneCountInString(text))
	if n < s.MinLength || s.MaxLength >= 0 && n > s.MaxLength {
		return false
	}
	for _, p := range s.Patterns {
		re := compiled(p.RE2)
		if re == nil || !re.MatchString(text) {
			return false
		}
	}
	return true
}

// lastCompiled are the expressions that were compiled last: a text is tried against the same ones
// many times, and compiling one costs up to a second.
var lastCompiled = struct {
	sync.Mutex
	of map[string]*regexp.Regexp
}{of: map[string]*regexp.Regexp{}}

// maxCompiled bounds how many of them are kept.
const maxCompiled = 4

// compiled returns an expression, or nil where it is none.
func compiled(re2 string) *regexp.Regexp {
	lastCompiled.Lock()
	defer lastCompiled.Unlock()
	re, ok := lastCompiled.of[re2]
	if !ok {
		re, _ = regexp.Compile(re2)
		if len(lastCompiled.of) >= maxCompiled {
			clear(lastCompiled.of)
		}
		lastCompiled.of[re2] = re
	}
	return re
}

// Accepts reports whether a string is sure to be accepted by s.
func Accepts(s *schema.Schema, text string) bool {
	if s == nil || s.Never || len(s.Unsupported)+len(s.OneOf)+len(s.AnyOf) > 0 || s.Types&schema.TypeString == 0 {
		return false
	}
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(n *node) bool { return isText(n, text) }) {
		return false
	}
	return accepts(s, text)
}
