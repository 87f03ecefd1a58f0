package wire

import "unsafe"

// kept is how many items a scratch array keeps room for, and how many an array
// may have before it moves to memory of its own: fewer where they take more than keptBytes.
const (
	kept      = 64
	keptBytes = 32 << 10
)

// keeps is kept for a T.
func keeps[T any]() int { return max(1, min(kept, keptBytes/max(sizeOf[T](), 1))) }

// maxScratch is how many element types a Decoder keeps scratch arrays for.
const maxScratch = 32

// scratch is where an array grows before it is copied at its exact size.
type scratch[T any] struct {
	items []T
	busy  bool // an array that contains this one uses it
	stock []T  // what the text's arrays of T are cut from, as far as it is used
	cut   int  // how many items have been cut from stocks
	spare []*T // values that branches gave back: see New
}

// maxStock bounds how many items are allocated ahead. Arrays cut from one stock keep each other in
// memory, as do the strings of one text.
const maxStock = 512

// stocked is a scratch of any type.
type stocked interface{ forget() }

func (s *scratch[T]) forget() {
	clear(s.spare)
	s.stock, s.cut, s.spare = nil, 0, s.spare[:0]
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
	} else {
		d.charge(int(unsafe.Sizeof(*s)))
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
			if items = grow(d, items, d.i-start, max); n == cap(items) {
				break
			}
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
		*v = settle(d, s, items)
	}
	s.release(items)
}

// grow makes room for more items, but not more than most in all (most < 0: any number). The items
// so far took read bytes of the text. Where the text's memory does not suffice for the room that the
// rest of the text suggests, it takes what is left. Without room for one item more it returns
// items as they are, and the text has been refused.
func grow[T any](d *Decoder, items []T, read, most int) []T {
	n, size := len(items), sizeOf[T]()
	room := room(n, keeps[T](), read, len(d.s)-d.i, most)
	if left := d.memory - min(d.memory>>3, pageSize); int64(room)*int64(size) > left {
		room = max(int(left/int64(size)), n+1)
	}
	if !d.charge(room * size) {
		return items
	}
	return append(make([]T, 0, room), items...)
}

// room is for how many items there should be room, judging by the text: n items took read bytes, and
// left bytes may hold more. It never grows more than sixteenfold, so that the room stays in
// proportion to what has been read.
func room(n, kept, read, left, most int) int {
	room := min(8, kept)
	switch {
	case n >= kept:
		room = n + left/max(read/n, 1) + 1
		if room = min(max(room, n+n/4), 16*n); most > n {
			room = min(room, most)
		}
	case n > 0:
		room = min(2*n, kept)
	}
	return room
}

// settle returns the items at their exact size, or, if they have left the
// scratch array and fill their memory well, as they are.
func settle[T any](d *Decoder, s *scratch[T], items []T) []T {
	n, size := len(items), sizeOf[T]()
	if n == 0 {
		return []T{}
	}
	if cap(items) > keeps[T]() {
		// A copy at the exact size must not be what the memory does not suffice for.
		if cap(items)-n <= cap(items)/8 || int64(n*size) > d.memory/2 {
			return items[:n:n]
		}
	}
	if cap(s.stock)-len(s.stock) < n {
		// Twice as much as before: a text with few arrays wastes nothing, one with many allocates seldom.
		room := max(n, min(s.cut, maxStock))
		if int64(room*size) > d.memory/2 {
			room = n
		}
		if !d.charge(room * size) {
			return nil
		}
		s.stock = make([]T, 0, room)
	}
	at := len(s.stock)
	s.stock = append(s.stock, items...)
	s.cut += n
	return s.stock[at:len(s.stock):len(s.stock)]
}

// release takes the scratch array back, without the values in it.
func (s *scratch[T]) release(items []T) {
	if cap(items) <= keeps[T]() {
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
