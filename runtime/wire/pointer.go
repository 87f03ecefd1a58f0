package wire

import (
	"strconv"
	"strings"
	"unicode"
)

// locate returns, for each offset, the pointer to the innermost value that it
// lies in. The offsets must be in ascending order. A value's slot reaches from
// behind the colon, comma or bracket before it to its own end. The text must be
// well-formed up to the last offset; from there on anything may follow. A comma may
// stand for the opening brace of an object: see Close.
func locate(text string, offsets []int) []string {
	l := locator{s: text, offsets: offsets, found: make([]string, 0, len(offsets))}
	l.value()
	l.flush(len(text) + 1)
	return l.found
}

type locator struct {
	s       string
	i       int
	path    []step
	offsets []int
	found   []string
}

// step is one token of a pointer: a member name as it is spelled in the text,
// or, where that is empty, an index. (The spelling includes the quotes.)
type step struct {
	name  string
	index int
}

// flush gives the path to all offsets before end that have none yet.
func (l *locator) flush(end int) {
	for len(l.found) < len(l.offsets) && l.offsets[len(l.found)] < end {
		l.found = append(l.found, l.pointer())
	}
}

// value walks a value. It returns false, with the path left as it is, when all
// offsets are found or the text goes wrong.
func (l *locator) value() bool {
	if len(l.found) == len(l.offsets) {
		return false
	}
	switch l.space() {
	case '{', ',':
		return l.object()
	case '[':
		return l.array()
	case '"':
		_, ok := l.str()
		return ok
	}
	return l.scalar()
}

func (l *locator) object() bool {
	for sep := byte('{'); ; sep = ',' {
		if c := l.space(); c == '}' {
			l.i++
			return true
		} else if c != sep && (c != ',' || sep != '{') {
			return false
		}
		l.i++
		if l.space() == '}' {
			l.i++
			return sep == '{'
		}
		name, ok := l.str()
		if !ok || l.space() != ':' {
			return false
		}
		l.i++
		if !l.slot(step{name: name}) {
			return false
		}
	}
}

func (l *locator) array() bool {
	for n, sep := 0, byte('['); ; n, sep = n+1, ',' {
		if c := l.space(); c == ']' {
			l.i++
			return true
		} else if c != sep {
			return false
		}
		l.i++
		if sep == '[' && l.space() == ']' {
			l.i++
			return true
		}
		if !l.slot(step{index: n}) {
			return false
		}
	}
}

// slot walks the value of a member or item. Offsets before it belong to the
// object or array around it.
func (l *locator) slot(s step) bool {
	l.flush(l.i)
	l.path = append(l.path, s)
	if !l.value() {
		return false
	}
	l.flush(l.i)
	l.path = l.path[:len(l.path)-1]
	return true
}

func (l *locator) space() byte {
	for ; l.i < len(l.s); l.i++ {
		switch c := l.s[l.i]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// str returns the string at the cursor as it is spelled, quotes included.
func (l *locator) str() (string, bool) {
	if l.space() != '"' {
		return "", false
	}
	start := l.i
	for i := start + 1; i < len(l.s); i++ {
		switch l.s[i] {
		case '\\':
			i++
		case '"':
			l.i = i + 1
			return l.s[start:l.i], true
		}
	}
	return "", false
}

func (l *locator) scalar() bool {
	start := l.i
	for ; l.i < len(l.s); l.i++ {
		switch l.s[l.i] {
		case ' ', '\n', '\r', '\t', ',', '}', ']', ':', '{', '[', '"':
			return l.i > start
		}
	}
	return l.i > start
}

// pointer renders the path (RFC 6901, section 3).
func (l *locator) pointer() string {
	var b strings.Builder
	for _, s := range l.path {
		b.WriteByte('/')
		if s.name == "" {
			b.WriteString(strconv.Itoa(s.index))
			continue
		}
		writeToken(&b, s.name[1:len(s.name)-1])
	}
	return b.String()
}

// maxName is how many characters of a member name a pointer shows.
const maxName = 64

// writeToken writes a member name that is spelled as raw. Names come from the
// client: what does not print (control characters, bidirectional overrides) is
// replaced, and long names are cut.
func writeToken(b *strings.Builder, raw string) {
	if len(raw) > 12*(maxName+1) { // 12: a pair of escaped surrogates
		raw = raw[:12*(maxName+1)]
	}
	n := 0
	for _, r := range string(unescape(nil, raw)) {
		if n++; n > maxName {
			b.WriteRune('…')
			return
		}
		switch {
		case r == '~':
			b.WriteString("~0")
		case r == '/':
			b.WriteString("~1")
		case !unicode.IsPrint(r):
			b.WriteRune(unicode.ReplacementChar)
		default:
			b.WriteRune(r)
		}
	}
}
