package wire

// ReadOnlyArray is [Array] for items that are the server's to set: where [Limits].ReadOnly drops such
// members, the items are passed over without a look at what they are, and the list is empty.
func ReadOnlyArray[T any](d *Decoder, v *[]T, max int, item func(*Decoder, *T)) {
	if !d.dropReadOnly || d.Kind() != KindArray {
		Array(d, v, max, item)
		return
	}
	if d.Skip(); !d.stopped {
		*v = []T{}
	}
}

// ReadOnlyMap is [Map] for members that are the server's to set, as ReadOnlyArray is [Array].
func ReadOnlyMap[T any](d *Decoder, v *map[string]T, max int, item func(*Decoder, *T)) {
	if !d.dropReadOnly || d.Kind() != KindObject {
		Map(d, v, max, item)
		return
	}
	if !d.charge(mapHeader) {
		return
	}
	if d.Skip(); !d.stopped {
		*v = map[string]T{}
	}
}
