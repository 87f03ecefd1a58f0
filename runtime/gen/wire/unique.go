package wire

import (
	"bytes"
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"unsafe"
)

// What finding equal items costs, in steps: for an item, and for each byte of one that is put in
// canonical form.
const (
	uniqueSteps    = 8
	canonItemSteps = 64
	canonSteps     = 12
)

// uniqueBytes is what comparing the items of one array by their JSON allocates beside their copies: its
// Encoder and what it remembers it by.
const uniqueBytes = int(unsafe.Sizeof(Encoder{})) + 128

// few is up to how many items comparing each with each beats a map.
const few = 8

// Unique reports whether all items differ. The time is linear.
func Unique[T comparable](v []T) bool { return UniqueIn(nil, v) }

// UniqueIn is [Unique] for items that d has read, if it is not nil: the index of them is charged to
// the text's memory. It returns true where that does not suffice: the text has then been refused.
// So are its steps.
func UniqueIn[T comparable](d *Decoder, v []T) bool {
	if d != nil && !d.Spend(uniqueSteps*int64(len(v))) {
		return true
	}
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
	x := index{d: d}
	for i, item := range v {
		if !x.add(maphash.Comparable(indexSeed, item), i, func(j int) bool { return v[j] == item }) {
			return false
		}
		if d != nil && d.stopped {
			break
		}
	}
	return true
}

// index finds equal items: a table of slots, each with a part of an item's hash and one more than
// the item's number, or 0. It is at most three quarters full.
type index struct {
	d     *Decoder // whose memory it takes, or nil
	slots []uint64
	n     int // items
}

const indexSize = int(unsafe.Sizeof(index{}))

// indexSeed keeps clients from choosing items whose hashes are equal.
var indexSeed = maphash.MakeSeed()

// add adds the item of a number; equal compares it with another one by that one's number. It returns
// false if there is an equal one.
func (x *index) add(hash uint64, i int, equal func(j int) bool) bool {
	if 4*(x.n+1) > 3*len(x.slots) && !x.grow() {
		return true
	}
	x.n++
	mask := uint64(len(x.slots) - 1)
	part := hash >> 32
	for at := part & mask; ; at = (at + 1) & mask {
		switch slot := x.slots[at]; {
		case slot == 0:
			x.slots[at] = part<<32 | uint64(i+1)
			return true
		case slot>>32 == part && equal(int(uint32(slot))-1):
			return false
		}
	}
}

func (x *index) grow() bool {
	n := max(64, 2*len(x.slots))
	if x.d != nil && !x.d.charge(8*n) {
		return false
	}
	old := x.slots
	x.slots = make([]uint64, n)
	mask := uint64(n - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		at := slot >> 32 & mask
		for x.slots[at] != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = slot
	}
	return true
}

// UniqueJSON reports whether all items differ as JSON Schema compares them
// (2020-12 core, section 4.2.2): 1 and 1.0 are equal, and the order of an
// object's members does not count. The time is linear in the text, apart from
// the sorting of member names. The items must be well-formed, as the Decoder
// returns them; others are compared by their text.
func UniqueJSON(items []Raw) bool {
	return UniqueJSONIn(nil, len(items), func(i int) Raw { return items[i] })
}

// UniqueBy is [UniqueJSON] for the JSON that item appends for each value. Items
// that item refuses are compared as well as can be.
func UniqueBy[T any](v []T, item func(*Encoder, []byte, *T) []byte) bool {
	return UniqueByIn(nil, v, item)
}

// UniqueByIn is [UniqueBy] for items that d has read; see [UniqueIn].
func UniqueByIn[T any](d *Decoder, v []T, item func(*Encoder, []byte, *T) []byte) bool {
	if len(v) <= 1 {
		return true
	}
	if d != nil && !d.charge(uniqueBytes) {
		return true
	}
	var e Encoder
	var b []byte
	if d != nil {
		// The array has just been read: its text is as long as any item of it, as a rule.
		if room := d.i - d.last; d.charge(room) {
			b = make([]byte, 0, room)
		}
	}
	return UniqueJSONIn(d, len(v), func(i int) Raw {
		e.Reset(^uint64(0)) // masks would make values equal
		room := cap(b)
		b = item(&e, b[:0], &v[i])
		if d != nil {
			d.charge(len(b) + 4*(cap(b)-room)) // its copy, and what it has grown through
		}
		return Raw(b)
	})
}

// UniqueJSONIn is [UniqueJSON] for n items that d has read, if it is not nil; see [UniqueIn].
func UniqueJSONIn(d *Decoder, n int, item func(i int) Raw) bool { return uniqueJSON(d, nil, n, item) }

// uniqueJSON draws on the budget by, or else on d, or on neither.
func uniqueJSON(d *Decoder, by Budget, n int, item func(i int) Raw) bool {
	if n < 2 {
		return true
	}
	c, other := canon{own: d}, canon{own: d}
	x := index{d: d}
	for i := range n {
		raw := item(i)
		if d != nil && !d.Spend(raw.canonSteps()) || by != nil && !by.Afford(len(raw)+1, raw.canonSteps()) {
			break
		}
		text := c.bytes(raw)
		if !x.add(maphash.Bytes(indexSeed, text), i, func(j int) bool { return bytes.Equal(text, other.bytes(item(j))) }) {
			return d != nil && d.stopped // for want of memory
		}
		if d != nil && d.stopped {
			break
		}
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

// Canonical is [Raw.Canonical] for a text that d has read, whose memory and steps it is charged to.
func (d *Decoder) Canonical(r Raw) string {
	d.Spend(CanonicalSteps(r))
	c := canon{own: d}
	return c.text(r)
}

// CanonicalSteps returns how many steps [Raw.Canonical] takes.
func CanonicalSteps(r Raw) int64 { return canonItemSteps + canonSteps*int64(len(r)) }

// Canonical returns a text that is the same for all values that are equal as
// [UniqueJSON] compares them. It is not RFC 8785: numbers are kept exact.
func (r Raw) Canonical() string {
	var c canon
	return c.text(r)
}

// canon writes canonical texts: no white space, members sorted, strings spelled
// by AppendString, numbers as digits and exponent.
type canon struct {
	d   Decoder
	b   []byte
	own *Decoder // whose memory it takes, or nil
}

func (c *canon) text(r Raw) string {
	b := c.bytes(r)
	if c.own != nil {
		c.own.charge(len(b))
	}
	return string(b)
}

// canonSteps is what putting r in canonical form costs.
func (r Raw) canonSteps() int64 {
	if r != "" && (r[0] == '{' || r[0] == '[' || r[0] == '"') {
		return canonItemSteps + canonSteps*int64(len(r))
	}
	return canonItemSteps / 2
}

// bytes are valid until the next call.
func (c *canon) bytes(r Raw) []byte {
	if len(r) <= cap(c.b) && isNumber(string(r)) {
		c.b = appendCanonical(c.b[:0], parseDecimal(string(r)))
		return c.b
	}
	l := Limits{Depth: maxDepth, Memory: math.MaxInt64}
	if c.own != nil {
		l.Memory = max(c.own.memory, 1)
	}
	c.d.Reset(string(r), l)
	if len(r) > cap(c.b) {
		if room := max(len(r), 2*cap(c.b)); c.d.charge(room) {
			c.b = make([]byte, 0, room)
		}
	}
	room := cap(c.b)
	c.b = c.value(c.b[:0])
	c.d.charge(4 * (cap(c.b) - room)) // what it has grown through
	if c.own != nil {
		if c.own.memory = c.d.memory; c.d.memory < 0 {
			c.own.exhaust()
		}
	}
	if c.d.End(); c.d.stopped {
		c.b = append(c.b[:0], r...)
	}
	return c.b
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

const memberSize = int(unsafe.Sizeof(member{}))

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
		if n := len(members); n == cap(members) {
			if !d.charge(memberSize * (n + max(1, n))) {
				return b
			}
			members = slices.Grow(members, max(1, n))
		}
		members = append(members, m)
	}
	if !sorted {
		slices.SortFunc(members, func(x, y member) int {
			if x.name < y.name {
				return -1
			}
			return 1
		})
		if !d.charge(len(b) - start) {
			return b
		}
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
