package check

import (
	"iter"

	"github.com/bailey-go/bailey/runtime/wire"
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
	name string  // of a member
	text string  // a string's characters; of all others the text as it is spelled
	kids []Value // items, or members in the text's order
	at   int     // offset in the text
	kind Kinds   // Number for all numbers
}

// parse makes a tree of a well-formed text.
func parse(text wire.Raw) (*Value, bool) {
	b := builder{text: string(text)}
	b.d.Reset(b.text, wire.Limits{Depth: 10_000})
	root := b.value("")
	b.d.End()
	return &root, b.d.Err() == nil
}

// builder reads values. Those of open objects and arrays wait on a stack, so that
// each of these gets memory of its exact size.
type builder struct {
	d     wire.Decoder
	text  string
	stack []Value
}

func (b *builder) value(name string) Value {
	v := Value{name: name, at: b.d.Here()}
	switch b.d.Kind() {
	case wire.KindNull:
		v.kind = Null
	case wire.KindBool:
		v.kind = Bool
	case wire.KindNumber:
		v.kind = Number
	case wire.KindString:
		v.kind, v.text = String, b.d.String()
		return v
	case wire.KindArray:
		v.kind = Array
	case wire.KindObject:
		v.kind = Object
	}
	from := len(b.stack)
	if !b.d.Each(func(name string) { b.stack = append(b.stack, b.value(name)) }) {
		v.text = string(b.d.Raw())
		return v
	}
	if n := len(b.stack) - from; n > 0 {
		v.kids = make([]Value, n)
		copy(v.kids, b.stack[from:])
		b.stack = b.stack[:from]
	}
	v.text = b.text[v.at:b.d.Here()]
	return v
}

// Is reports whether v is of one of the types.
func (v *Value) Is(kinds Kinds) bool {
	return v.kind&kinds != 0 || v.kind == Number && kinds&Integer != 0 && wire.IsInteger(v.text)
}

// Name is the name of a member.
func (v *Value) Name() string { return v.name }

// Members are the members of an object, with their places; others have none.
func (v *Value) Members() iter.Seq2[int, *Value] { return v.each(Object) }

// Items are the items of an array, with their places; others have none.
func (v *Value) Items() iter.Seq2[int, *Value] { return v.each(Array) }

func (v *Value) each(kind Kinds) iter.Seq2[int, *Value] {
	return func(yield func(int, *Value) bool) {
		if v.kind != kind {
			return
		}
		for i := range v.kids {
			if !yield(i, &v.kids[i]) {
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
	for i := range v.kids {
		if v.kids[i].name == name {
			return true
		}
	}
	return false
}

// raw is v's text, spelled in one of the ways that mean it.
func (v *Value) raw() wire.Raw {
	if v.kind == String {
		return wire.Raw(wire.AppendString(nil, v.text))
	}
	return wire.Raw(v.text)
}
