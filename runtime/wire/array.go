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
	stock []T  // what the text's arrays of T are cut from, as far as it is used
	cut   int  // how many items have been cut from stocks
}

// maxStock bounds how many items are allocated ahead. Arrays cut from one stock keep each other in
// memory, as do the strings of one text.
const maxStock = 512

// stocked is a scratch of any type.
type stocked interface{ forget() }

func (s *scratch[T]) forget() { s.stock, s.cut = nil, 0 }

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
// argument. Beyond max items (max < 0: Limits.Items) it records "maxItems" and
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
	if max < 0 {
		max = d.most
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
			items = grow(items, d.i-start, len(d.s)-d.i, max)
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
// read bytes, and left bytes may hold more, but not more than most in all (most < 0: any
// number). It never grows more than sixteenfold, so that the room stays in proportion to what has been read.
func grow[T any](items []T, read, left, most int) []T {
	n := len(items)
	room := 8
	switch {
	case n >= kept:
		room = n + left/max(read/n, 1) + 1
		if room = min(max(room, n+n/4), 16*n); most > n {
			room = min(room, most)
		}
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
	n := len(items)
	if n == 0 {
		return []T{}
	}
	if cap(s.stock)-len(s.stock) < n {
		// Twice as much as before: a text with few arrays wastes nothing, one with many allocates seldom.
		s.stock = make([]T, 0, max(n, min(s.cut, maxStock)))
	}
	at := len(s.stock)
	s.stock = append(s.stock, items...)
	s.cut += n
	return s.stock[at:len(s.stock):len(s.stock)]
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
