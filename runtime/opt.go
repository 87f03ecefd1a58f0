package runtime

// What encoding/json calls is not inlined: it never could be there, but would be in the
// wrappers that the compiler makes of each method for each type argument.

import (
	"bytes"
	"encoding/json"
)

// Opt is a value that may be absent. The zero value is absent.
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some returns a value that is there.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Get returns the value and whether it is there.
func (o Opt[T]) Get() (T, bool) { return o.Value, o.Set }

// MarshalJSON writes the value, or null when it is absent.
//
//go:noinline
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Set {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON reads the value: what is there, be it null, is set.
//
//go:noinline
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	o.Set = true
	return json.Unmarshal(b, &o.Value)
}

// Or returns what is in o, or other when that is absent. It is no method of Opt: the compiler
// makes each method twice for each type argument, and large packages have thousands.
func Or[T any](o Opt[T], other T) T {
	if o.Set {
		return o.Value
	}
	return other
}

// Null is a value that may be null. The zero value is null.
type Null[T any] struct {
	Value T
	Valid bool
}

// NotNull returns a value that is not null.
func NotNull[T any](v T) Null[T] { return Null[T]{Value: v, Valid: true} }

// Get returns the value and whether it is not null.
func (n Null[T]) Get() (T, bool) { return n.Value, n.Valid }

// MarshalJSON writes the value or null.
//
//go:noinline
func (n Null[T]) MarshalJSON() ([]byte, error) {
	if !n.Valid {
		return []byte("null"), nil
	}
	return json.Marshal(n.Value)
}

// UnmarshalJSON reads the value or null.
//
//go:noinline
func (n *Null[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		*n = Null[T]{}
		return nil
	}
	n.Valid = true
	return json.Unmarshal(b, &n.Value)
}
