package model

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"
)

// untold are the fields that say nothing of what a type is: its names, what follows from other
// fields, and what it was made of.
var untold = map[reflect.Type][]string{
	reflect.TypeFor[Type]():      {"Name", "Go", "Under", "Doc", "Decoded", "Encoded", "Aliases", "shared", "enforced", "wanted", "Cases", "Default", "Plain"},
	reflect.TypeFor[Variant]():   {"of"},
	reflect.TypeFor[Field]():     {"Go", "words"},
	reflect.TypeFor[EnumValue](): {"Name"},
	reflect.TypeFor[Reply]():     {"Name", "Doc", "Aliases", "shared"},
	reflect.TypeFor[Outcome]():   {"source", "media"},
}

// TestIdentity: each field tells types and replies apart, also one that is added later, but for
// those of untold.
func TestIdentity(t *testing.T) {
	t.Parallel()
	typ := &Type{Kind: Struct, Declared: true}
	all := func(id identity) string { return fmt.Sprint(id.text, len(id.parts)) }
	ofType := func() string { return all(identityOfType(typ)) }
	field, variant, value, rule, group := &Field{Type: typ}, &Variant{Type: typ}, EnumValue{}, &MaskRule{}, Group{}
	header := &ReplyHeader{Field: field}
	outcome, reply := &Outcome{}, &Reply{}
	holder := func(change func(*Type)) func() string {
		holding := &Type{Kind: Struct}
		return func() string { change(holding); return all(identityOfType(holding)) }
	}
	check, branch, listed := Check{}, Branch{}, Listed{}
	for _, x := range []struct {
		at  any
		say func() string
	}{
		{typ, ofType},
		{field, holder(func(t *Type) { t.Fields = []*Field{field} })},
		{variant, holder(func(t *Type) { t.Variants = []*Variant{variant} })},
		{&value, holder(func(t *Type) { t.Enum = []EnumValue{value} })},
		{rule, holder(func(t *Type) { t.Mask = rule })},
		{&group, holder(func(t *Type) { t.Groups = []Group{group} })},
		{&check, holder(func(t *Type) { t.Checks = []Check{check} })},
		{&branch, holder(func(t *Type) { t.Checks = []Check{{Branches: []Branch{branch}}} })},
		{&listed, holder(func(t *Type) { t.Checks = []Check{{Listed: []Listed{listed}}} })},
		{header, func() string { return all(identityOfReply(&Reply{Headers: []*ReplyHeader{header}})) }},
		{reply, func() string { return all(identityOfReply(reply)) }},
		{outcome, func() string { return all(identityOfOutcome(outcome)) }},
	} {
		v := reflect.ValueOf(x.at).Elem()
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			before := x.say()
			at := reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem()
			was := reflect.New(at.Type()).Elem()
			was.Set(at)
			fill(at)
			told := x.say() != before
			at.Set(was)
			if want := !slices.Contains(untold[v.Type()], name); told != want {
				t.Errorf("%s.%s tells types apart: %t, want %t", v.Type(), name, told, want)
			}
		}
	}
}

// fill sets a value to another one than it has.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), 1, 1)
		if s.Index(0).Kind() == reflect.Pointer {
			fill(s.Index(0))
		}
		v.Set(s)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		if typ, ok := p.Interface().(*Type); ok {
			typ.Kind = Map
		}
		if f, ok := p.Interface().(*Field); ok {
			f.Type = &Type{}
		}
		if h, ok := p.Interface().(*ReplyHeader); ok {
			h.Field = &Field{}
		}
		v.Set(p)
	case reflect.Func:
		v.Set(reflect.MakeFunc(v.Type(), func([]reflect.Value) []reflect.Value { return nil }))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem())
		}
	}
}
