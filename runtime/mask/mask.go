// Package mask holds values that must not be seen by accident: types that print, log and
// marshal masked everywhere, and the functions that make the masked forms.
//
// The clear value leaves a [String] or a [Value] in one way only, a method whose name begins with Reveal, so
// that a search finds every place. All verbs of fmt, log/slog, encoding/json, encoding/xml, text and YAML encoders and
// templates see [Redacted]; gob, other binary encoders and database/sql get an error, for a
// masked value that is stored is a lost one.
//
// Printers that call no methods find no clear value either, whatever fields and pointers they
// follow by reflection: they find a tag of 16 bytes, the same for equal values within one process, and
// of no use outside of it. The clear value is still in memory: a debugger and whoever reads a
// core dump see it. A program that copies unexported fields by reflection loses it, and
// the methods that reveal it panic then.
package mask

import (
	"crypto/subtle"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
)

// Redacted is what stands for a value of which nothing may be seen, whatever its length.
const Redacted = "********"

// Errors of encoders and decoders.
var (
	// ErrStore is returned to encoders whose output is meant to be read back. Reveal the value there, or don't store it.
	ErrStore = errors.New("mask: a masked value is not encoded for storage")
	// ErrMasked is returned on reading [Redacted] where a clear value should be: what was written masked cannot be
	// read back, and would otherwise replace the value silently.
	ErrMasked = errors.New("mask: the text is a masked value")
)

// incomparable makes == on a type an error of compilation: it would compare addresses. Use Equal, or
// [reflect.DeepEqual] for what holds masked values.
type incomparable [0]func()

// A String is a string that prints masked. The zero value holds "". It is immutable, and safe for
// concurrent use.
type String struct {
	_    incomparable
	seen *seen // nil for ""
}

// NewString returns a String that holds s. It allocates 64 bytes once, and nothing for "".
func NewString(s string) String {
	if s == "" {
		return String{}
	}
	return String{seen: seal(s, sumString)}
}

// RevealString returns the clear value. Only the generated encoder should need it, after it has asked whether the
// caller may see it, and a handler where it works with the value.
func (s String) RevealString() string {
	if s.seen == nil {
		return ""
	}
	return *open[string](s.seen)
}

// IsZero reports whether s holds "".
func (s String) IsZero() bool { return s.seen == nil }

// Equal compares the clear values, in time that depends on their lengths only.
func (s String) Equal(t String) bool {
	return subtle.ConstantTimeCompare([]byte(s.RevealString()), []byte(t.RevealString())) == 1
}

// String returns [Redacted].
func (s String) String() string { return Redacted }

// GoString returns [Redacted], for %#v.
func (s String) GoString() string { return Redacted }

// Format writes [Redacted] for every verb, flag and width.
func (s String) Format(f fmt.State, _ rune) { writeRedacted(f) }

// LogValue returns [Redacted].
func (s String) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON returns [Redacted] as a JSON string.
func (s String) MarshalJSON() ([]byte, error) { return redactedJSON(), nil }

// MarshalText returns [Redacted].
func (s String) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalYAML returns [Redacted].
func (s String) MarshalYAML() (any, error) { return Redacted, nil }

// GobEncode fails with [ErrStore].
func (s String) GobEncode() ([]byte, error) { return nil, ErrStore }

// GobDecode fails with [ErrStore].
func (s *String) GobDecode([]byte) error { return ErrStore }

// MarshalBinary fails with [ErrStore].
func (s String) MarshalBinary() ([]byte, error) { return nil, ErrStore }

// Value fails with [ErrStore]: it implements [driver.Valuer].
func (s String) Value() (driver.Value, error) { return nil, ErrStore }

// UnmarshalJSON reads a clear value from a JSON string; null leaves s alone.
func (s *String) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var clear string
	if err := json.Unmarshal(b, &clear); err != nil {
		return errors.New("mask: not a JSON string") // encoding/json's error may hold the value
	}
	return s.UnmarshalText([]byte(clear))
}

// UnmarshalText reads a clear value.
func (s *String) UnmarshalText(b []byte) error {
	if string(b) == Redacted {
		return ErrMasked
	}
	*s = NewString(string(b))
	return nil
}

// A Value is a [String] for any type: a number, a date, a list. The zero value holds T's zero value. What it
// holds must not be changed after it has been put in.
type Value[T any] struct {
	_    incomparable
	seen *seen // nil for the zero value
}

// NewValue returns a Value that holds v. It allocates once, 48 bytes and the size of T, and reads
// all of v for its tag.
func NewValue[T any](v T) Value[T] { return Value[T]{seen: seal(v, sumValue[T])} }

// RevealValue returns the clear value; see [String.RevealString].
func (v Value[T]) RevealValue() T {
	if v.seen == nil {
		var zero T
		return zero
	}
	return *open[T](v.seen)
}

// IsZero reports whether v holds T's zero value.
func (v Value[T]) IsZero() bool {
	return v.seen == nil || reflect.ValueOf(open[T](v.seen)).Elem().IsZero()
}

// Equal compares the clear values with [reflect.DeepEqual].
func (v Value[T]) Equal(w Value[T]) bool { return reflect.DeepEqual(v.RevealValue(), w.RevealValue()) }

// String returns [Redacted].
func (v Value[T]) String() string { return Redacted }

// GoString returns [Redacted], for %#v.
func (v Value[T]) GoString() string { return Redacted }

// Format writes [Redacted] for every verb, flag and width.
func (v Value[T]) Format(f fmt.State, _ rune) { writeRedacted(f) }

// LogValue returns [Redacted].
func (v Value[T]) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON returns [Redacted] as a JSON string, whatever T is.
func (v Value[T]) MarshalJSON() ([]byte, error) { return redactedJSON(), nil }

// MarshalText returns [Redacted].
func (v Value[T]) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalYAML returns [Redacted].
func (v Value[T]) MarshalYAML() (any, error) { return Redacted, nil }

// GobEncode fails with [ErrStore].
func (v Value[T]) GobEncode() ([]byte, error) { return nil, ErrStore }

// GobDecode fails with [ErrStore].
func (v *Value[T]) GobDecode([]byte) error { return ErrStore }

// MarshalBinary fails with [ErrStore].
func (v Value[T]) MarshalBinary() ([]byte, error) { return nil, ErrStore }

// Value fails with [ErrStore]: it implements [driver.Valuer].
func (v Value[T]) Value() (driver.Value, error) { return nil, ErrStore }

// UnmarshalJSON reads a clear value; null leaves v alone.
func (v *Value[T]) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		return nil
	case string(redactedJSON()):
		return ErrMasked
	}
	var clear T
	if err := json.Unmarshal(b, &clear); err != nil {
		return fmt.Errorf("mask: not JSON for a %T", clear) // without the cause, which may hold the value
	}
	*v = NewValue(clear)
	return nil
}

func writeRedacted(f fmt.State) { _, _ = f.Write([]byte(Redacted)) }

func redactedJSON() []byte { return []byte(`"` + Redacted + `"`) }
