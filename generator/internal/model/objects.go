package model

// Nilable reports whether the type's own nil says that the member is absent.
func (t *Type) Nilable() bool {
	switch t.Kind {
	case Slice, Map, Pointer, Sequence:
		return true
	case Scalar:
		return t.Method.String() == "Bytes"
	}
	return false
}
