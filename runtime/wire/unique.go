package wire

import (
	"slices"
	"strconv"
)

// few is up to how many items comparing each with each beats a map.
const few = 8

// Unique reports whether all items differ. The time is linear.
func Unique[T comparable](v []T) bool {
	if len(v) <= few {
		for i := range v {
			for j := range i {
				if v[i] == v[j] {
					return false
				}
			}
		}
		return true
	}
	seen := make(map[T]struct{}, len(v))
	for _, x := range v {
		if _, ok := seen[x]; ok {
			return false
		}
		seen[x] = struct{}{}
	}
	return true
}

// UniqueJSON reports whether all items differ as JSON Schema compares them
// (2020-12 core, section 4.2.2): 1 and 1.0 are equal, and the order of an
// object's members does not count. The time is linear in the text, apart from
// the sorting of member names. The items must be well-formed, as the Decoder
// returns them; others are compared by their text.
func UniqueJSON(items []Raw) bool {
	if len(items) < 2 {
		return true
	}
	var c canon
	seen := make(map[string]struct{}, len(items))
	for _, item := range items {
		key := c.text(item)
		if _, ok := seen[key]; ok {
			return false
		}
		seen[key] = struct{}{}
	}
	return true
}

// UniqueBy is [UniqueJSON] for the JSON that item appends for each value. Items
// that item refuses are compared as well as can be.
func UniqueBy[T any](v []T, item func(*Encoder, []byte, *T) []byte) bool {
	if len(v) < 2 {
		return true
	}
	var e Encoder
	var c canon
	var b []byte
	seen := make(map[string]struct{}, len(v))
	for i := range v {
		e.Reset(^uint64(0)) // masks would make values equal
		b = item(&e, b[:0], &v[i])
		key := c.text(Raw(b))
		if _, ok := seen[key]; ok {
			return false
		}
		seen[key] = struct{}{}
	}
	return true
}

// EqualJSON reports whether a and b are equal as [UniqueJSON] compares them.
func EqualJSON(a, b Raw) bool {
	if a == b {
		return true
	}
	var c canon
	return c.text(a) == c.text(b)
}

// Canonical returns a text that is the same for all values that are equal as
// [UniqueJSON] compares them. It is not RFC 8785: numbers are kept exact.
func (r Raw) Canonical() string {
	var c canon
	return c.text(r)
}

// canon writes canonical texts: no white space, members sorted, strings spelled
// by AppendString, numbers as digits and exponent.
type canon struct {
	d Decoder
	b []byte
}

func (c *canon) text(r Raw) string {
	c.d.Reset(string(r), Limits{Depth: maxDepth})
	c.b = c.value(c.b[:0])
	if c.d.End(); c.d.stopped {
		return string(r)
	}
	return string(c.b)
}

func (c *canon) value(b []byte) []byte {
	d := &c.d
	switch d.Kind() {
	case KindObject:
		return c.object(b)
	case KindArray:
		sep := byte('[')
		for ok := d.enter('['); ok; ok = d.following(']') {
			b = append(b, sep)
			b = c.value(b)
			sep = ','
		}
		if sep == '[' {
			b = append(b, '[')
		}
		return append(b, ']')
	case KindString:
		return AppendString(b, d.String())
	case KindNumber:
		if s := d.number(); s != "" {
			b = appendCanonical(b, parseDecimal(s))
		}
		return b
	}
	start := d.i
	d.skip()
	return append(b, d.s[start:d.i]...)
}

// member is where a member of an object stands in the canonical text.
type member struct {
	name     string
	from, to int
}

func (c *canon) object(b []byte) []byte {
	d := &c.d
	start := len(b)
	var members []member
	sorted := true
	for ok := d.enter('{'); ok; ok = d.following('}') {
		name, ok := d.name()
		if !ok {
			return b
		}
		if n := len(members); n > 0 && members[n-1].name > name {
			sorted = false
		}
		m := member{name: name, from: len(b)}
		b = append(AppendString(append(b, ','), name), ':')
		b = c.value(b)
		m.to = len(b)
		members = append(members, m)
	}
	if !sorted {
		slices.SortFunc(members, func(x, y member) int {
			if x.name < y.name {
				return -1
			}
			return 1
		})
		text := slices.Clone(b[start:])
		b = b[:start]
		for _, m := range members {
			b = append(b, text[m.from-start:m.to-start]...)
		}
	}
	if len(members) == 0 {
		return append(b, '{', '}')
	}
	b[start] = '{'
	return append(b, '}')
}

func appendCanonical(b []byte, v decimal) []byte {
	if v.zero() {
		return append(b, '0')
	}
	if v.neg {
		b = append(b, '-')
	}
	for i := 0; i < len(v.mant); i++ {
		if v.mant[i] != '.' {
			b = append(b, v.mant[i])
		}
	}
	if v.exp != 0 {
		b = strconv.AppendInt(append(b, 'e'), v.exp, 10)
	}
	return b
}
