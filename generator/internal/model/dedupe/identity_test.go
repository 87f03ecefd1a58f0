package dedupe

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/bailey-go/bailey/generator/internal/model"
)

// untold are the fields that say nothing of what a type is: its names, what follows from other
// fields, and what it was made of.
var untold = map[reflect.Type][]string{
	reflect.TypeFor[model.Type]():      {"Name", "Go", "Under", "Doc", "Decoded", "Encoded", "Aliases", "Shared", "Enforced", "Wanted", "Cases", "Default", "Plain"},
	reflect.TypeFor[model.Variant]():   {"Of"},
	reflect.TypeFor[model.Field]():     {"Go", "Words"},
	reflect.TypeFor[model.EnumValue](): {"Name"},
	reflect.TypeFor[model.Reply]():     {"Name", "Doc", "Aliases", "Shared"},
	reflect.TypeFor[model.Outcome]():   {"Response", "Content"},
}

// TestIdentity: each field tells types and replies apart, also one that is added later, but for
// those of untold.
func TestIdentity(t *testing.T) {
	t.Parallel()
	typ := &model.Type{Kind: model.Struct, Declared: true}
	all := func(id identity) string { return fmt.Sprint(id.text, len(id.parts)) }
	ofType := func() string { return all(identityOfType(typ)) }
	field, variant, value, rule, group := &model.Field{Type: typ}, &model.Variant{Type: typ}, model.EnumValue{}, &model.MaskRule{}, model.Group{}
	header := &model.ReplyHeader{Field: field}
	outcome, reply := &model.Outcome{}, &model.Reply{}
	holder := func(change func(*model.Type)) func() string {
		holding := &model.Type{Kind: model.Struct}
		return func() string { change(holding); return all(identityOfType(holding)) }
	}
	check, branch, listed := model.Check{}, model.Branch{}, model.Listed{}
	for _, x := range []struct {
		at  any
		say func() string
	}{
		{typ, ofType},
		{field, holder(func(t *model.Type) { t.Fields = []*model.Field{field} })},
		{variant, holder(func(t *model.Type) { t.Variants = []*model.Variant{variant} })},
		{&value, holder(func(t *model.Type) { t.Enum = []model.EnumValue{value} })},
		{rule, holder(func(t *model.Type) { t.Mask = rule })},
		{&group, holder(func(t *model.Type) { t.Groups = []model.Group{group} })},
		{&check, holder(func(t *model.Type) { t.Checks = []model.Check{check} })},
		{&branch, holder(func(t *model.Type) { t.Checks = []model.Check{{Branches: []model.Branch{branch}}} })},
		{&listed, holder(func(t *model.Type) { t.Checks = []model.Check{{Listed: []model.Listed{listed}}} })},
		{header, func() string { return all(identityOfReply(&model.Reply{Headers: []*model.ReplyHeader{header}})) }},
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
		if typ, ok := p.Interface().(*model.Type); ok {
			typ.Kind = model.Map
		}
		if f, ok := p.Interface().(*model.Field); ok {
			f.Type = &model.Type{}
		}
		if h, ok := p.Interface().(*model.ReplyHeader); ok {
			h.Field = &model.Field{}
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
