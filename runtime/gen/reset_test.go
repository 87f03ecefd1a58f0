package gen

import (
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/problem"
)

// parts are the fields of a Call that are parts of it.
var parts = []string{"from", "found", "who", "in", "read", "out", "report"}

// TestReset: nothing of one request may be seen by the next that uses the Call. Only room
// is kept, and what end empties: the two readers, and what the request holds.
func TestReset(t *testing.T) {
	c := new(Call)
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		dirty(fieldAt(v, i))
	}
	c.reset()
	if left := c.report.problem.Errors[:cap(c.report.problem.Errors)]; len(c.report.problem.Errors) != 0 || slices.ContainsFunc(left, func(v problem.Violation) bool { return v != problem.Violation{} }) {
		t.Errorf("the problem's errors are still there: %v", left)
	}
	c.report.problem.Errors = nil
	if n := forgotten(t, v, ""); n < 50 {
		t.Errorf("the test looked at %d fields", n)
	}
}

// forgotten holds each field of a Call, and of its parts, to what TestReset says, and counts them.
func forgotten(t *testing.T, v reflect.Value, within string) (n int) {
	t.Helper()
	room := []string{"Body", "found.path", "who.verdicts", "out.headers", "out.text"}
	emptied := []string{"read.params", "read.decoder", "hold", "server", "report.answer"}
	for i := range v.NumField() {
		name, f := within+v.Type().Field(i).Name, v.Field(i)
		switch {
		case slices.Contains(parts, name):
			n += forgotten(t, f, name+".")
			continue
		case slices.Contains(emptied, name):
		case slices.Contains(room, name):
			if f.Len() != 0 || f.Cap() == 0 {
				t.Errorf("%s has %d items, and room for %d", name, f.Len(), f.Cap())
			}
		case !f.IsZero():
			t.Errorf("%s is not forgotten", name)
		}
		n++
	}
	return n
}

// TestDirty: TestReset proves nothing about a field that the test cannot set.
func TestDirty(t *testing.T) {
	v := reflect.ValueOf(new(Call)).Elem()
	for i := range v.NumField() {
		part, name := fieldAt(v, i), v.Type().Field(i).Name
		dirty(part)
		if part.IsZero() {
			t.Errorf("the test cannot set the field %s", name)
		}
		for k := 0; slices.Contains(parts, name) && k < part.NumField(); k++ {
			if part.Field(k).IsZero() {
				t.Errorf("the test cannot set the field %s.%s", name, part.Type().Field(k).Name)
			}
		}
	}
}

// fieldAt is a field of a struct, be it exported or not.
func fieldAt(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
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
			dirty(fieldAt(v, i))
		}
	}
}
