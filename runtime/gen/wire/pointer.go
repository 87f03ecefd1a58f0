package wire

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// around notes the slots of the members and items that a violation lies in, the outermost
// first. Those of violations that were forgotten since make room.
func (d *Decoder) around(v violation) violation {
	d.slots = d.slots[:d.slotsOf(len(d.violations))]
	if !v.inner && d.depth > 0 {
		for k := 2; k <= d.depth && d.frames[k].start < v.at; k++ {
			d.slots = append(d.slots, d.frames[k].start)
		}
	}
	if !v.inner && v.at > 0 {
		d.slots = append(d.slots, v.at)
	}
	v.slots = len(d.slots)
	return v
}

// slotsOf is where the slots of violation i begin.
func (d *Decoder) slotsOf(i int) int {
	if i == 0 {
		return 0
	}
	return d.violations[i-1].slots
}

// pointerOf returns the pointer to violation i from its slots, by reading each member's name
// backwards. It knows members alone: with an item on the way it reports false, for nothing but all the
// items before it says which one it is.
func (d *Decoder) pointerOf(i int) (string, bool) {
	v := &d.violations[i]
	if v.inner {
		return "", false
	}
	var room [128]byte
	b := room[:0]
	for _, slot := range d.slots[d.slotsOf(i):v.slots] {
		name, ok := nameBefore(d.s, slot)
		if !ok {
			return "", false
		}
		b = appendToken(append(b, '/'), name)
	}
	return string(b), true
}

// nameBefore returns the name, as it is spelled, of the member whose value's slot begins at i.
func nameBefore(s string, i int) (string, bool) {
	if i < 1 || s[i-1] != ':' {
		return "", false
	}
	end := i - 2
	for end > 0 && (s[end] == ' ' || s[end] == '\n' || s[end] == '\r' || s[end] == '\t') {
		end--
	}
	// In a well-formed string the quotes inside have an odd number of backslashes before them.
	for start := end - 1; start >= 0; start-- {
		if s[start] != '"' {
			continue
		}
		n := start
		for n > 0 && s[n-1] == '\\' {
			n--
		}
		if (start-n)%2 == 0 {
			return s[start+1 : end], true
		}
	}
	return "", false
}

// locate returns, for each offset, the pointer to the innermost value that it
// lies in. The offsets must be in ascending order. A value's slot reaches from
// behind the colon, comma or bracket before it to its own end. The text must be
// well-formed up to the last offset; from there on anything may follow. A comma may
// stand for the opening brace of an object: see Close.
func locate(text string, offsets []int) []string {
	var room [8]level
	l := locator{open: room[:0], offsets: offsets, found: make([]string, 0, len(offsets)), next: math.MaxInt}
	if len(offsets) > 0 {
		l.next = offsets[0]
		l.walk(text)
	}
	l.flush(len(text) + 1)
	return l.found
}

// locator goes through a text once, and looks at nothing but its structure.
type locator struct {
	open    []level
	offsets []int
	found   []string
	next    int // the offset to be found, or one behind the text
}

// level is an open object or array.
type level struct {
	object bool
	inside bool   // of the slot of a member or item
	name   string // the member's, as it is spelled in the text, quotes included
	index  int    // the item's
}

// flush gives the path to all offsets before end that have none yet.
func (l *locator) flush(end int) {
	if l.next < end {
		l.flushAll(end)
	}
}

func (l *locator) flushAll(end int) {
	for l.next < end && len(l.found) < len(l.offsets) {
		l.found = append(l.found, l.pointer())
		if n := len(l.found); n < len(l.offsets) {
			l.next = l.offsets[n]
		} else {
			l.next = math.MaxInt // none any more
		}
	}
}

// walk goes on until every offset is found, or the value or the text ends.
func (l *locator) walk(s string) {
	var none level
	top := &none // the innermost of open
	for i := 0; i < len(s) && l.next <= len(s); {
		end := i + 1 // of what begins here
		switch c := s[i]; c {
		case '"':
			if end = stringEnd(s, i); end < 0 {
				return
			}
			if top.object && !top.inside {
				top.name = s[i:end]
				if i = end; i < len(s) && s[i] == ':' && l.next > i {
					top.inside = true // most names have their colon behind them
					i++
				}
				continue
			}
			l.flush(end)
			top.inside = false
			if len(l.open) == 0 {
				return
			}
		case ',':
			l.flush(end)
			if top.inside || len(l.open) == 0 { // for a brace
				l.open = append(l.open, level{object: true})
				top = &l.open[len(l.open)-1]
				break
			}
			top.index++
			top.inside = !top.object
		case ' ', '\n', '\r', '\t':
		case ':':
			l.flush(end)
			top.inside = true
		case '{', '[':
			l.flush(end)
			l.open = append(l.open, level{object: c == '{', inside: c == '[' && !empty(s[end:])})
			top = &l.open[len(l.open)-1]
		case '}', ']':
			l.flush(end)
			if len(l.open) <= 1 {
				l.open = l.open[:0]
				return
			}
			l.open = l.open[:len(l.open)-1]
			top = &l.open[len(l.open)-1]
			top.inside = false
		default:
			end = scalarEnd(s, i)
			l.flush(end)
			top.inside = false
			if len(l.open) == 0 {
				return
			}
		}
		i = end
	}
}

// empty reports whether an array that has begun ends at once.
func empty(s string) bool {
	s = strings.TrimLeft(s, " \n\r\t")
	return s != "" && s[0] == ']'
}

// stringEnd returns where the string ends that starts at i, or -1.
func stringEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		if len(s)-i >= 8 {
			m := specials(load64(s, i))
			if m == 0 {
				i += 7
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		}
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// scalarEnd returns where the number or literal ends that starts at i.
func scalarEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case ' ', '\n', '\r', '\t', ',', '}', ']', ':', '{', '[', '"':
			return i
		}
	}
	return i
}

// pointer renders the path (RFC 6901, section 3).
func (l *locator) pointer() string {
	var room [128]byte
	b := room[:0]
	for i := range l.open {
		switch at := &l.open[i]; {
		case !at.inside:
		case at.object && at.name != "":
			b = appendToken(append(b, '/'), at.name[1:len(at.name)-1])
		case !at.object:
			b = strconv.AppendInt(append(b, '/'), int64(at.index), 10)
		}
	}
	return string(b)
}

// maxName is how many characters of a member name a pointer shows.
const maxName = 64

// appendToken appends a member name that is spelled as raw. Names come from the
// client: what does not print (control characters, bidirectional overrides) is
// replaced, and long names are cut.
func appendToken(b []byte, raw string) []byte {
	if len(raw) > 12*(maxName+1) { // 12: a pair of escaped surrogates
		raw = raw[:12*(maxName+1)]
	}
	if strings.IndexByte(raw, '\\') >= 0 {
		raw = string(unescape(nil, raw))
	}
	n := 0
	for _, r := range raw {
		if n++; n > maxName {
			return append(b, "…"...)
		}
		switch {
		case r == '~':
			b = append(b, "~0"...)
		case r == '/':
			b = append(b, "~1"...)
		case !unicode.IsPrint(r):
			b = utf8.AppendRune(b, unicode.ReplacementChar)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}
