package model

import (
	"fmt"
	"hash/maphash"
	"reflect"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// share makes one type of those that are equal and only named after their places: large
// documents write the same inline schema hundreds of times. The one with the shortest name
// keeps its declaration and functions, the others become aliases of it, so that the name of a
// place does not depend on what others hold. What the document itself names stays a type of
// its own.
func (b *builder) share() {
	var list []*Type
	listed := map[*Type]bool{}
	for _, t := range slices.Concat(b.api.Types, b.api.Funcs) {
		if !listed[t] && !t.own {
			listed[t] = true
			list = append(list, t)
		}
	}
	classes := equal(list, func(bytes int) { b.in.Doc.Cost.Spend(cost.Share, bytes, diag.Pos{}) })
	kept := map[uint64]*Type{}
	for i, t := range list {
		if k := kept[classes[i]]; k == nil || len(t.Name.String()) < len(k.Name.String()) {
			kept[classes[i]] = t
		}
	}
	for i, t := range list {
		if k := kept[classes[i]]; k != t {
			k.take(t)
		}
	}
	gone := func(t *Type) bool { return t.shared != nil }
	b.api.Types, b.api.Funcs = slices.DeleteFunc(b.api.Types, gone), slices.DeleteFunc(b.api.Funcs, gone)
}

// take makes other an alias of t.
func (t *Type) take(other *Type) {
	other.shared = t
	t.Decoded, t.Encoded = t.Decoded || other.Decoded, t.Encoded || other.Encoded
	if t.Declared {
		t.Aliases = append(t.Aliases, other)
	}
}

// perPart is what looking at a part of a type costs, as bytes.
const perPart = 16

// equal returns the class of each type: the same number for types that are equal, and whose
// parts are. Classes begin with what types say themselves and are split by the classes of
// their parts until nothing changes, as automata are minimised; so recursion is no matter.
func equal(list []*Type, spend func(bytes int)) []uint64 {
	seed := maphash.MakeSeed()
	index := make(map[*Type]int, len(list))
	for i, t := range list {
		index[t] = i
	}
	texts := make([]uint64, len(list))
	says, classes := make([]identity, len(list)), make([]uint64, len(list))
	for i, t := range list {
		says[i] = identify(t)
		spend(len(says[i].text))
		texts[i] = maphash.String(seed, says[i].text)
	}
	for before := 0; ; {
		next := make([]uint64, len(list))
		found := map[uint64]bool{}
		for i, id := range says {
			var h maphash.Hash
			h.SetSeed(seed)
			maphash.WriteComparable(&h, texts[i])
			spend(perPart * (1 + len(id.parts)))
			for _, part := range id.parts {
				if at, ok := index[part]; ok {
					maphash.WriteComparable(&h, classes[at])
				} else {
					maphash.WriteComparable(&h, part) // named by the document: itself
				}
			}
			next[i] = h.Sum64()
			found[next[i]] = true
		}
		classes = next
		if len(found) == before {
			return classes
		}
		before = len(found)
	}
}

// identity is all that a type's declaration and functions are made of: a text, and the
// types with names that it is put together from.
type identity struct {
	text  string
	parts []*Type
}

// apart are the fields that say nothing of what a type is: its names, what follows from
// other fields, and what it was made of. Every other field tells types apart, also one that is added later.
var apart = map[reflect.Type][]string{
	reflect.TypeFor[Type]():      {"Name", "Go", "Under", "Doc", "Decoded", "Encoded", "Aliases", "shared", "enforced", "Cases", "Default", "Plain"},
	reflect.TypeFor[Variant]():   {"of"},
	reflect.TypeFor[Field]():     {"Go", "words"},
	reflect.TypeFor[Outcome]():   {"source", "media"},
	reflect.TypeFor[EnumValue](): {"Name"},
	reflect.TypeFor[Reply]():     {"Name", "Doc", "Aliases", "shared"},
}

// identify describes what top points to.
func identify(top any) identity {
	x := identifier{top: top}
	x.value(reflect.ValueOf(top).Elem())
	return identity{x.text.String(), x.parts}
}

type identifier struct {
	top   any
	text  strings.Builder
	parts []*Type
}

func (x *identifier) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		x.fields(v)
	case reflect.Pointer:
		x.pointer(v)
	case reflect.Slice:
		fmt.Fprintf(&x.text, "%d[", v.Len())
		for i := range v.Len() {
			x.value(v.Index(i))
		}
	case reflect.Func:
		if !v.IsNil() { // what it returns may be of this type alone
			fmt.Fprintf(&x.text, "func of %p ", x.top)
		}
	case reflect.String:
		fmt.Fprintf(&x.text, "%q ", v.String())
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint64:
		fmt.Fprintf(&x.text, "%v ", v)
	default:
		panic("model: no way to compare " + v.Type().String()) // a field of this package's own types
	}
}

func (x *identifier) fields(v reflect.Value) {
	if v.Type() == reflect.TypeFor[Check]() {
		x.check(v)
		return
	}
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; !slices.Contains(apart[v.Type()], name) {
			x.text.WriteString(name + ":")
			x.value(v.Field(i))
		}
	}
	if v.Type() == reflect.TypeFor[Type]() {
		if t := v.Addr().Interface().(*Type); t.Kind == Scalar && !t.Declared {
			x.text.WriteString(t.Go.String()) // no name, but a type of Go or of the runtime
		}
	}
	x.text.WriteByte(';')
}

// check describes a check by the condition that it prints.
func (x *identifier) check(v reflect.Value) {
	c, at := *v.Addr().Interface().(*Check), gosrc.Raw("v")
	fmt.Fprintf(&x.text, "%s %v %s ", c.Keyword, c.wireDoes, c.Fails(byDecoder, at))
	if c.decoded != nil {
		x.text.WriteString(c.decoded(at).String())
	}
	if c.exact != nil {
		x.text.WriteString(c.exact(at).String())
	}
}

// pointer describes a type that has a name by the name's class, and others by what they are.
func (x *identifier) pointer(v reflect.Value) {
	if v.IsNil() {
		x.text.WriteString("nil ")
		return
	}
	switch v.Type() {
	case reflect.TypeFor[*Type]():
		if t := v.Interface().(*Type); t.Declared {
			x.parts = append(x.parts, t)
			x.text.WriteString("part ")
			return
		}
		x.value(v.Elem())
	case reflect.TypeFor[*Reply]():
		fmt.Fprintf(&x.text, "%p ", v.Interface().(*Reply).code())
	case reflect.TypeFor[*Field](), reflect.TypeFor[*Variant](), reflect.TypeFor[*MaskRule](), reflect.TypeFor[*ReplyHeader](), reflect.TypeFor[*Outcome]():
		x.value(v.Elem())
	default: // not of this package: itself
		fmt.Fprintf(&x.text, "%x ", v.Pointer())
	}
}

// code is the type whose functions read and write t.
func (t *Type) code() *Type {
	if t.shared != nil {
		return t.shared
	}
	return t
}

// Keys is the variable with the names of the type's members.
func (t *Type) Keys() gosrc.Expr { return gosrc.Raw("keys%", t.code().Name) }

// AliasValues are the constants of the aliases of an enumeration, each with the one that it
// equals.
func (t *Type) AliasValues() []AliasValue {
	var out []AliasValue
	for _, a := range t.Aliases {
		for i, v := range a.Enum {
			out = append(out, AliasValue{Name: v.Name, Same: t.Enum[i].Name})
		}
	}
	return out
}

// AliasValue is a constant by another name.
type AliasValue struct{ Name, Same gosrc.Ident }
