package wire

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// Unknown says what becomes of a member that the schema does not name.
type Unknown uint8

// The ways to treat unknown members. In each of them the member's value must be
// well-formed, and its name must not occur twice.
const (
	Refuse Unknown = iota // violation "additionalProperties"
	Drop                  // skipped
	Keep                  // handed out: Next returns Keys.Extra, and [Member] finds names that occur twice
	Silent                // as Limits.Silent says
	Closed                // Refuse, whatever other branches of an anyOf name: see [Decoder.Lenient]
)

// Keys are the member names of an object, in the order they are expected in.
// It is immutable and safe for concurrent use.
type Keys struct {
	names []string
	lits  []literal // `,"name":`
	first literal   // `{"name":`
	index func(string) int
	// readOnly are names that requests cannot have, whatever becomes of unknown ones.
	readOnly     []string
	readOnlyRest bool
}

// literal is a member name as it most often stands in a text. The first sixteen
// bytes are compared as two words.
type literal struct {
	word, mask   uint64
	word2, mask2 uint64
	text         string
	rest         string // text behind the first sixteen bytes
}

// NewKeys returns the keys for names. The function index returns the position
// of a name, or a negative number; if it is nil, one is made. The functions
// that take a bit set ([Decoder.First], [Decoder.Require]) serve up to 64 names.
func NewKeys(names []string, index func(string) int) *Keys {
	k := &Keys{names: names, lits: make([]literal, len(names)), index: index}
	for i, name := range names {
		text := string(append(AppendString(nil, name), ':'))
		k.lits[i] = newLiteral("," + text)
		if i == 0 {
			k.first = newLiteral("{" + text)
		}
	}
	switch {
	case index != nil:
	case len(names) <= few:
		k.index = func(s string) int { return slices.Index(names, s) }
	default:
		m := make(map[string]int, len(names))
		for i, name := range names {
			m[name] = i
		}
		k.index = func(s string) int {
			if i, ok := m[s]; ok {
				return i
			}
			return -1
		}
	}
	return k
}

// ReadOnly names members that are the server's to set: they are refused, also where unknown
// ones are kept or dropped, unless [Limits.ReadOnly] drops them. It is for the making of k alone.
func (k *Keys) ReadOnly(names ...string) *Keys {
	k.readOnly = names
	return k
}

// ReadOnlyRest makes all members without a name the server's to set: see ReadOnly. It is for the making of k alone.
func (k *Keys) ReadOnlyRest() *Keys {
	k.readOnlyRest = true
	return k
}

// servers reports whether a member that no field stands for is the server's to set.
func (k *Keys) servers(name string) bool {
	return k.readOnlyRest || k.readOnly != nil && slices.Contains(k.readOnly, name)
}

func newLiteral(text string) literal {
	var word, mask [16]byte
	n := copy(word[:], text)
	for i := range n {
		mask[i] = 0xff
	}
	return literal{
		word: binary.LittleEndian.Uint64(word[:]), mask: binary.LittleEndian.Uint64(mask[:]),
		word2: binary.LittleEndian.Uint64(word[8:]), mask2: binary.LittleEndian.Uint64(mask[8:]),
		text: text, rest: text[n:],
	}
}

// at reports whether l stands in s at i. So close to the end of s that the words do not fit
// it does not look, and says no.
func (l *literal) at(s string, i int) bool {
	if len(s)-i < 16 || load64(s, i)&l.mask != l.word || load64(s, i+8)&l.mask2 != l.word2 {
		return false
	}
	return l.rest == "" || strings.HasPrefix(s[i+16:], l.rest)
}

// Extra is what Next returns for a member that is kept though no name is its:
// the number of names.
func (k *Keys) Extra() int { return len(k.names) }

// load64 reads eight bytes, the first one lowest.
func load64(s string, i int) uint64 {
	s = s[i:]
	_ = s[7] // looked at once for all
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// load32 reads four bytes, the first one lowest.
func load32(s string, i int) uint64 {
	s = s[i:]
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// Object opens an object and returns the index of its first member, with the
// cursor at the member's value. It returns -1 if there is none, which closes
// the object, or if the value at the cursor is no object.
func (d *Decoder) Object(k *Keys, u Unknown) int {
	if d.i >= len(d.s) || d.s[d.i] != '{' {
		if d.space() != '{' {
			d.mismatch()
			return -1
		}
	}
	if u == Silent {
		u = d.silent
	}
	if u == Refuse && d.frames[d.depth].lenient > 0 {
		u = Drop
	}
	if !d.push(u) {
		return -1
	}
	if k.first.text != "" && k.first.at(d.s, d.i) {
		d.i += len(k.first.text)
		d.last = d.i
		return 0
	}
	d.i++
	switch d.space() {
	case '}':
		d.i++
		d.pop()
		return -1
	case '"':
		if f := d.member(k); f != ignored {
			return f
		}
		return d.next(k, len(k.lits))
	}
	d.unexpected(reasonName)
	return -1
}

// Next moves to the next member and returns its index, [Keys.Extra] for one
// that is kept, or -1 at the end of the object or of decoding. The argument
// prev is what Object or Next returned last.
func (d *Decoder) Next(k *Keys, prev int) int {
	i := d.i
	if f := prev + 1; f < len(k.lits) && len(d.s)-i >= 16 {
		// literal.at, without a call
		lit, s := &k.lits[f], d.s[i:]
		if load64(s, 0)&lit.mask == lit.word && load64(s, 8)&lit.mask2 == lit.word2 && (lit.rest == "" || strings.HasPrefix(s[16:], lit.rest)) {
			i += len(lit.text)
			d.i, d.last = i, i
			return f
		}
	}
	if i < len(d.s) && d.s[i] == '}' {
		d.i = i + 1
		d.pop()
		return -1
	}
	return d.next(k, prev)
}

// ignored is what member returns for a member that has been dealt with.
const ignored = -2

// next is Next without the prediction that prev's successor comes next.
func (d *Decoder) next(k *Keys, prev int) int {
	if f := prev + 2; f < len(k.lits) {
		if lit := &k.lits[f]; lit.at(d.s, d.i) {
			d.i += len(lit.text)
			d.last = d.i
			return f
		}
	}
	for {
		switch d.space() {
		case ',':
			d.i++
		case '}':
			d.i++
			d.pop()
			return -1
		default:
			d.unexpected(reasonComma)
			return -1
		}
		if d.space() != '"' {
			d.unexpected(reasonName)
			return -1
		}
		if f := d.member(k); f != ignored {
			return f
		}
	}
}

// member reads a member's name and colon. It returns the member's index,
// ignored if the member is unknown and has been skipped, or -1 after a failure.
func (d *Decoder) member(k *Keys) int {
	name, ok := d.name()
	if !ok {
		return -1
	}
	if f := k.index(name); f >= 0 {
		return f
	}
	mode := d.frames[d.depth].mode
	if mode == Keep && !k.servers(name) {
		d.key, d.extraAt = name, d.i
		return len(k.names)
	}
	if !d.fresh(name) {
		return -1
	}
	if k.servers(name) {
		// A lenient object leaves it to Members, whatever its own mode would be.
		if mode = Drop; !d.dropReadOnly && d.frames[d.depth-1].lenient == 0 {
			d.violate(violation{at: d.last, keyword: "readOnly"})
		}
	}
	if mode == Refuse || mode == Closed {
		d.violate(violation{at: d.last, keyword: "additionalProperties"})
	}
	d.skip()
	if d.stopped {
		return -1
	}
	return ignored
}

// name reads a member's name, whose quote is at the cursor, and its colon. The
// slot of the value starts there.
func (d *Decoder) name() (string, bool) {
	name := d.String()
	if d.space() != ':' {
		d.unexpected(reasonColon)
		return "", false
	}
	d.i++
	d.last = d.i
	return name, true
}

// Key returns the name of the member that Next returned as extra, or that Map
// reads. It is valid until the next member is read, be it of an inner object.
func (d *Decoder) Key() string { return d.key }

// First marks member f in seen. On the second time it fails and returns false:
// a member name must not occur twice. Extra members are none of its business,
// and true.
func (d *Decoder) First(seen *uint64, f int) bool {
	before := *seen
	*seen |= 1 << uint(f) // nothing for an extra beyond 64 names
	return *seen != before || d.again()
}

// FirstOf is First for any number of members: bit f&63 of seen[f>>6].
func (d *Decoder) FirstOf(seen []uint64, f int) bool {
	if f>>6 >= len(seen) {
		return true // extra, with all bits in use
	}
	return d.First(&seen[f>>6], f&63)
}

//go:noinline
func (d *Decoder) again() bool {
	if d.stopped {
		return false
	}
	return d.extraAt == d.i || d.duplicate()
}

// Require records a violation "required" at the object just closed, for each
// bit of want that is not in seen. It is silent if no object was closed: the
// value had another type, or decoding has stopped.
func (d *Decoder) Require(seen, want uint64, k *Keys) {
	if seen&want != want {
		d.require(want&^seen, 0, k)
	}
}

// RequireOf is Require for any number of members.
func (d *Decoder) RequireOf(seen, want []uint64, k *Keys) {
	for i, w := range want {
		if i < len(seen) {
			w &^= seen[i]
		}
		if w != 0 {
			d.require(w, i*64, k)
		}
	}
}

func (d *Decoder) require(missing uint64, base int, k *Keys) {
	// Behind a value that was skipped for its type stands no closing brace.
	if d.stopped || d.i == 0 || d.s[d.i-1] != '}' {
		return
	}
	for ; missing != 0; missing &= missing - 1 {
		if f := base + bits.TrailingZeros64(missing); f < len(k.names) {
			d.violate(violation{at: d.last, keyword: "required", name: k.names[f]})
		}
	}
}

// unexpected fails at the cursor, with a reason of its own at the end of the
// text.
func (d *Decoder) unexpected(reason string) {
	if d.i >= len(d.s) {
		reason = reasonEnd
	}
	d.fail(d.i, reason)
}
