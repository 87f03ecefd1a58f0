package policy

import (
	"reflect"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// words are the fields of Operation that say who may call it and how, and what the document calls them. What
// remains names the operation: Node, Path, Method, GoName and Skip.
var words = []struct{ field, word string }{
	{"Requirements", "security"}, {"Public", "security"}, {"Require", prefix + "require"}, {"Authorize", prefix + "authorize"},
	{"Owners", prefix + "owner"}, {"Rates", prefix + "rate-limit"}, {"Limits", prefix + "limits"},
	{"Unknown", prefix + "unknown"}, {"DropReadOnly", prefix + "read-only"},
	{"Deprecation", prefix + "deprecation"}, {"Mode", prefix + "mode"},
}

// Differs returns the word of the document in which the policies of two operations differ, or "" where
// they are the same. Where words stand, and why an operation is public, makes no difference.
func (o *Operation) Differs(p *Operation) string {
	if o == p {
		return ""
	}
	x, y := reflect.ValueOf(*o), reflect.ValueOf(*p)
	for _, w := range words {
		if !same(x.FieldByName(w.field), y.FieldByName(w.field)) {
			return w.word
		}
	}
	return ""
}

// placeless are types of which no value changes what a policy means.
var placeless = map[reflect.Type]bool{reflect.TypeFor[diag.Pos](): true}

// whole are types whose values are compared as Go does.
var whole = map[reflect.Type]bool{reflect.TypeFor[time.Time](): true}

// same compares all that is written, but not where it is.
func same(x, y reflect.Value) bool {
	if placeless[x.Type()] {
		return true
	}
	if whole[x.Type()] {
		return x.Equal(y)
	}
	switch x.Kind() {
	case reflect.Pointer:
		if x.IsNil() || y.IsNil() || x.Pointer() == y.Pointer() {
			return x.Pointer() == y.Pointer()
		}
		if x.Type() == reflect.TypeFor[*Public]() {
			return true
		}
		return same(x.Elem(), y.Elem())
	case reflect.Slice:
		if x.Len() != y.Len() {
			return false
		}
		for i := range x.Len() {
			if !same(x.Index(i), y.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range x.NumField() {
			if !same(x.Field(i), y.Field(i)) {
				return false
			}
		}
		return true
	}
	return x.Comparable() && y.Comparable() && x.Equal(y)
}
