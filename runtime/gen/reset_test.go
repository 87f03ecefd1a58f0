package gen

import (
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/problem"
)

// TestReset: nothing of one request may be seen by the next that uses the Call. Only room
// is kept, and what end empties: the two readers, and what the request holds.
func TestReset(t *testing.T) {
	room := map[string]bool{"Body": true, "path": true, "verdicts": true, "headers": true, "text": true}
	emptied := map[string]bool{"params": true, "decoder": true, "hold": true}
	c := new(Call)
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		dirty(reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem())
		if v.Field(i).IsZero() {
			t.Errorf("the test cannot set the field %s", v.Type().Field(i).Name)
		}
	}
	c.reset()
	for i := range v.NumField() {
		switch name, f := v.Type().Field(i).Name, v.Field(i); {
		case emptied[name], name == "server":
		case name == "problem":
			if left := c.problem.Errors[:cap(c.problem.Errors)]; len(c.problem.Errors) != 0 || slices.ContainsFunc(left, func(v problem.Violation) bool { return v != problem.Violation{} }) {
				t.Errorf("the problem's errors are still there: %v", left)
			}
			if c.problem.Errors = nil; !f.IsZero() {
				t.Error("the problem is not forgotten")
			}
		case room[name]:
			if f.Len() != 0 {
				t.Errorf("%s still has %d items", name, f.Len())
			}
		case !f.IsZero():
			t.Errorf("%s is not forgotten", name)
		}
	}
}

// dirty sets v, or something in it, to what is not its zero value.
func dirty(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.String:
		v.SetString("x")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Func:
		v.Set(reflect.MakeFunc(v.Type(), func([]reflect.Value) []reflect.Value { return nil }))
	case reflect.Interface:
		for _, some := range []any{errTooLarge, &writer{}} {
			if reflect.TypeOf(some).Implements(v.Type()) {
				v.Set(reflect.ValueOf(some))
				return
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			dirty(reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem())
		}
	}
}
