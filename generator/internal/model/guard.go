package model

import (
	"slices"
)

// Guarded reports whether the body has members that only some callers may set.
func (m *BodyMedia) Guarded() bool {
	found := false
	EachType([]*Type{m.Field.Type}, func(*Type) bool { return found }, func(t *Type) {
		found = found || slices.ContainsFunc(t.Fields, func(f *Field) bool { return len(f.Guards) > 0 })
	})
	return found
}
