package check

import (
	"iter"
	"slices"
	"strings"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Kinds is a set of JSON types.
type Kinds uint8

// The types of JSON Schema (validation, 6.1.1). An integer is a number without a
// fraction, however it is spelled.
const (
	Null Kinds = 1 << iota
	Bool
	Integer
	Number // integers as well
	String
	Array
	Object
)

// Value is one JSON value of a text.
type Value struct {
	tree *tree
	at   uint32 // offset in the text
	end  uint32
	// first is where the items or members begin among the tree's nodes. Of a string with escapes it is
	// the place of its characters among tree.own, from 1.
	first uint32
	n     uint32 // items or members
	name  span   // of a member
	kind  Kinds  // Number for all numbers
}

// span is a part of the text, without escapes; with the end escaped, a place among tree.own.
type span struct{ from, to uint32 }

const escaped = ^uint32(0)

// tree holds the values of one text, which is shorter than 4 GiB.
type tree struct {
	src   string
	own   []string // strings with escapes
	nodes []Value
	root  Value
	d     *wire.Decoder // whose memory the tree takes, or nil
	c     *Context      // whose steps the questions take
	read  wire.Decoder  // of src
	// numeral is the number that was asked last, at an offset.
	numeral   wire.Numeral
	numeralAt uint32
	asked     bool
	// filled is set where more than src and root have been used.
	filled bool
}

// charge draws n bytes from the memory of the text that is being read.
func (t *tree) charge(n int) bool { return t.d == nil || t.d.Charge(n) }

const valueSize = int(unsafe.Sizeof(Value{}))

// keptNodes is for how many values a tree keeps room.
const keptNodes = 256

// parse makes the tree of a well-formed text. It returns false when that is not well-formed, or
// takes too much memory.
func (t *tree) parse(text wire.Raw) bool {
	t.src, t.asked = string(text), false
	if kind, escapes := single(t.src); kind != 0 {
		r := &t.root
		r.at, r.end, r.first, r.n, r.name, r.kind = 0, uint32(len(t.src)), 0, 0, span{}, kind
		if escapes {
			if !t.charge(2*len(t.src)) || !t.keep(text.Text()) {
				return false
			}
			r.end, r.first = 0, uint32(len(t.own))
		}
		return true
	}
	t.filled = true
	if n := values(t.src); n > cap(t.nodes) {
		if !t.charge(n * valueSize) {
			return false
		}
		t.nodes = make([]Value, n)
	} else {
		t.nodes = t.nodes[:n]
	}
	b := builder{tree: t, d: &t.read, top: len(t.nodes)}
	l := wire.Limits{Depth: 10_000, Known: true}
	if t.d != nil {
		l.Memory = max(t.d.Memory(), 1)
	}
	b.d.Reset(t.src, l)
	t.root = b.value("")
	b.d.End()
	ok := b.d.Err() == nil
	if t.d != nil {
		ok = t.charge(int(l.Memory-b.d.Memory())) && ok
	}
	return ok
}

// single is the type of a well-formed text that is a single value, without items or members, and 0 of
// others; escapes says that it is a string with some.
func single(s string) (kind Kinds, escapes bool) {
	if s == "" {
		return 0, false
	}
	switch last := s[len(s)-1]; s[0] {
	case 'n':
		if last == 'l' { // no white space is behind it
			return Null, false
		}
	case 't', 'f':
		if last == 'e' {
			return Bool, false
		}
	case '"':
		if last == '"' && len(s) > 1 {
			return String, strings.IndexByte(s, '\\') >= 0
		}
	case '[':
		if len(s) == len("[]") {
			return Array, false
		}
	case '{':
		if len(s) == len("{}") {
			return Object, false
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if last-'0' <= 9 {
			return Number, false
		}
	}
	return 0, false
}

// free forgets the text.
func (t *tree) free() {
	if len(t.own) > 0 {
		clear(t.own)
		t.own = t.own[:0]
	}
	t.src, t.d = "", nil
	if !t.filled {
		return
	}
	t.filled = false
	if cap(t.nodes) > keptNodes {
		t.nodes = nil
	}
	t.read.Reset("", wire.Limits{})
}

// values is how many values a well-formed text has, or more: each is behind a comma or an opening
// bracket, but for the outermost.
func values(s string) int {
	n := 1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ',':
			n++
		case '[', '{':
			if i+1 < len(s) && s[i+1] != s[i]+2 { // its closing bracket
				n++
			}
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		}
	}
	return n
}

// builder reads values. Those of open objects and arrays wait at the end of the nodes, the latest
// first, and move to the beginning when all of them have been read.
type builder struct {
	*tree
	d    *wire.Decoder
	done int // nodes[:done] are in their places
	top  int // nodes[top:] wait
}

func (b *builder) value(name string) Value {
	at := b.d.Here()
	v := Value{tree: b.tree, at: uint32(at)}
	if name != "" {
		v.name = b.nameOf(at, name)
	}
	switch b.d.Kind() {
	case wire.KindNull:
		v.kind = Null
	case wire.KindBool:
		v.kind = Bool
	case wire.KindNumber:
		v.kind = Number
	case wire.KindString:
		v.kind = String
		s := b.d.String()
		if end := at + 1 + len(s); end < len(b.src) && b.src[at+1:end] == s && b.src[end] == '"' {
			v.end = uint32(end + 1)
		} else if b.keep(s) {
			v.first = uint32(len(b.own))
		}
		return v
	case wire.KindArray:
		v.kind = Array
	case wire.KindObject:
		v.kind = Object
	}
	top := b.top
	if !b.d.Each(func(name string) {
		kid := b.value(name)
		if b.top > b.done { // always, where the text is well-formed
			b.top--
			b.nodes[b.top] = kid
		}
	}) {
		v.end = v.at + uint32(len(b.d.Raw()))
		return v
	}
	waiting := b.nodes[b.top:top]
	slices.Reverse(waiting)
	copy(b.nodes[b.done:], waiting)
	v.first, v.n = uint32(b.done), uint32(len(waiting))
	b.done, b.top = b.done+len(waiting), top
	v.end = uint32(b.d.Here())
	return v
}

// nameOf is the span of the name of the member whose value is at an offset.
func (b *builder) nameOf(at int, name string) span {
	end := strings.LastIndexByte(b.src[:at], '"')
	if from := end - len(name); from > 0 && b.src[from:end] == name && b.src[from-1] == '"' {
		return span{uint32(from), uint32(end)}
	}
	if !b.keep(name) {
		return span{}
	}
	return span{uint32(len(b.own)), escaped}
}

// keep remembers a string with escapes.
func (t *tree) keep(s string) bool {
	if n := len(t.own); n == cap(t.own) && !t.charge(16*max(2*n, 4)) {
		return false
	}
	t.own = append(t.own, s)
	return true
}

// text is a string's characters, and of all others the text as it is spelled.
func (v *Value) text() string {
	switch {
	case v.kind != String:
		return v.tree.src[v.at:v.end]
	case v.first > 0:
		return v.tree.own[v.first-1]
	case v.end == 0: // there was no memory for it
		return ""
	}
	return v.tree.src[v.at+1 : v.end-1]
}

// numeral is v, which must be a number, as it was read last or is read now.
func (v *Value) numeral() *wire.Numeral {
	t := v.tree
	if !t.asked || t.numeralAt != v.at {
		t.asked, t.numeralAt, t.numeral = true, v.at, wire.ReadNumeral(v.text())
	}
	return &t.numeral
}

// kid is an item or member.
func (v *Value) kid(i int) *Value { return &v.tree.nodes[int(v.first)+i] }

// Is reports whether v is of one of the types.
func (v *Value) Is(kinds Kinds) bool {
	return v.kind&kinds != 0 || v.kind == Number && kinds&Integer != 0 && v.numeral().Integer(v.text())
}

// Name is the name of a member.
func (v *Value) Name() string {
	if v.name.to == escaped {
		return v.tree.own[v.name.from-1]
	}
	return v.tree.src[v.name.from:v.name.to]
}

// Members are the members of an object, with their places; others have none.
func (v *Value) Members() iter.Seq2[int, *Value] { return v.each(Object) }

// Items are the items of an array, with their places; others have none.
func (v *Value) Items() iter.Seq2[int, *Value] { return v.each(Array) }

func (v *Value) each(kind Kinds) iter.Seq2[int, *Value] {
	return func(yield func(int, *Value) bool) {
		if v.kind != kind {
			return
		}
		for i := range int(v.n) {
			if !yield(i, v.kid(i)) {
				return
			}
		}
	}
}

// Has reports whether v is an object with a member of that name.
func (v *Value) Has(name string) bool {
	if v.kind != Object {
		return false
	}
	for i := range int(v.n) {
		if v.kid(i).Name() == name {
			return true
		}
	}
	return false
}

// raw is v's text, spelled in one of the ways that mean it.
func (v *Value) raw() wire.Raw {
	if v.kind == String {
		if v.first == 0 {
			return wire.Raw(v.tree.src[v.at:v.end])
		}
		if !v.tree.charge(2 * len(v.text())) {
			return ""
		}
		return wire.Raw(wire.AppendString(nil, v.text()))
	}
	return wire.Raw(v.text())
}
