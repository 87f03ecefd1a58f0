package wire

// kept is how many items a scratch array keeps room for, and how many an array
// may have before it moves to memory of its own.
const kept = 64

// maxScratch is how many element types a Decoder keeps scratch arrays for.
const maxScratch = 32

// scratch is where an array grows before it is copied at its exact size.
type scratch[T any] struct {
	items []T
	busy  bool // an array that contains this one uses it
}

// borrow returns the Decoder's scratch array for T.
func borrow[T any](d *Decoder) *scratch[T] {
	for _, a := range d.scratch {
		if s, ok := a.(*scratch[T]); ok && !s.busy {
			s.busy = true
			return s
		}
	}
	s := &scratch[T]{busy: true}
	if len(d.scratch) < maxScratch {
		d.scratch = append(d.scratch, s)
	}
	return s
}

// Array reads an array: item reads one item, and must write to nothing but its
// argument. Beyond max items (max < 0: any number) it records "maxItems" and
// skips the rest. After success *v is not nil.
func Array[T any](d *Decoder, v *[]T, max int, item func(*Decoder, *T)) {
	if d.i >= len(d.s) || d.s[d.i] != '[' {
		if d.space() != '[' {
			d.mismatch()
			return
		}
	}
	if !d.enter('[') {
		if !d.stopped {
			*v = []T{}
		}
		return
	}
	s := borrow[T](d)
	items := s.items[:0]
	start := d.i
	for {
		n := len(items)
		if n == max {
			d.excess("maxItems", ']')
			break
		}
		if n == cap(items) {
			items = grow(items, d.i-start, len(d.s)-d.i)
		}
		items = items[:n+1]
		d.last = d.i
		item(d, &items[n])
		if d.i < len(d.s) && d.s[d.i] == ',' {
			d.i++
			continue
		}
		if !d.following(']') {
			break
		}
	}
	if !d.stopped {
		*v = settle(s, items)
	}
	s.release(items)
}

// grow makes room for more items, judging by the text: the items so far took
// read bytes, and left bytes may hold more. It never grows more than eightfold,
// so that the room stays in proportion to what has been read.
func grow[T any](items []T, read, left int) []T {
	n := len(items)
	room := 8
	switch {
	case n >= kept:
		room = n + left/max(read/n, 1) + 1
		room = min(max(room, n+n/4), 8*n)
	case n > 0:
		room = 2 * n
	}
	return append(make([]T, 0, room), items...)
}

// settle returns the items at their exact size, or, if they have left the
// scratch array and fill their memory well, as they are.
func settle[T any](s *scratch[T], items []T) []T {
	if cap(items) > kept && cap(items)-len(items) <= cap(items)/8 {
		return items[:len(items):len(items)]
	}
	out := make([]T, len(items))
	copy(out, items)
	return out
}

// release takes the scratch array back, without the values in it.
func (s *scratch[T]) release(items []T) {
	if cap(items) <= kept {
		clear(items)
		s.items = items[:0]
	} else {
		clear(s.items[:cap(s.items)])
	}
	s.busy = false
}

// excess records that an object or array has too many members, and skips the
// rest of it. The cursor stands where the next one starts.
func (d *Decoder) excess(keyword string, shut byte) {
	d.violate(violation{at: d.frames[d.depth].start, keyword: keyword})
	for {
		if shut == '}' {
			d.skipMember()
		} else {
			d.last = d.i
			d.skip()
		}
		if !d.following(shut) {
			return
		}
	}
}
