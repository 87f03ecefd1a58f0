package wire

import (
	"maps"
	"math/bits"
	"unsafe"
)

// DefaultMemory and MemoryFactor are the default of [Limits].Memory: so many bytes, and so many for
// each byte of the text.
const (
	DefaultMemory = 4 << 20
	MemoryFactor  = 20
)

// pageSize is what the Go allocator rounds large sizes up to.
const pageSize = 8 << 10

// sizeOf is the size of a T in bytes, without what it points to.
func sizeOf[T any]() int {
	var v T
	return int(unsafe.Sizeof(v))
}

// charge draws n bytes from the memory that the text may take, and what the allocator rounds them
// up by: an eighth, or a page. It comes before the allocation: where it returns false, the text is
// refused and nothing may be allocated.
func (d *Decoder) charge(n int) bool {
	if d.memory -= int64(n) + min(int64(n)>>3, pageSize); d.memory < 0 {
		d.exhaust()
	}
	return !d.stopped
}

//go:noinline
func (d *Decoder) exhaust() {
	d.memory = -1 // a later charge must not wrap around
	d.fail(d.i, reasonMemory)
}

// Charge draws n bytes from the memory that the text may take, for a caller that is about to
// allocate them. It returns false where they are not left, or decoding has stopped: the caller then
// allocates nothing, and the text is refused.
func (d *Decoder) Charge(n int) bool { return d.charge(max(n, 0)) }

// formatCost is how many bytes the check of a format may allocate for each byte of its text.
const formatCost = 16

// Is reports whether s, a part of the text, has a format whose check may allocate: that of
// [IsHostname] and [IsRegex], for example. It is charged to the text's memory; where that does not suffice,
// Is returns true, and the text has been refused.
func (d *Decoder) Is(format func(string) bool, s string) bool {
	return !d.charge(formatCost*len(s)) || format(s)
}

// Memory is how many bytes the text may still take; 0 if it has been refused for them.
func (d *Decoder) Memory() int64 { return max(d.memory, 0) }

// New returns a new T: the value of a pointer or of a branch of a union. It is charged to the
// text's memory, unless a branch that did not match has given one back.
func New[T any](d *Decoder) *T {
	if s := spares[T](d); s != nil {
		if n := len(s.spare); n > 0 {
			v := s.spare[n-1]
			s.spare = s.spare[:n-1]
			return v
		}
	}
	d.charge(sizeOf[T]())
	return new(T)
}

// maxSpares is how many values of one type wait for another branch.
const maxSpares = 8

// giveBack takes a value that nobody refers to, for [New] to return it again.
func giveBack[T any](d *Decoder, v *T) {
	if s := spares[T](d); s != nil && len(s.spare) < maxSpares {
		var none T
		*v = none
		s.spare = append(s.spare, v)
	}
}

// spares returns where spare values of T wait; nil if there are too many types.
func spares[T any](d *Decoder) *scratch[T] {
	for _, a := range d.scratch {
		if s, ok := a.(*scratch[T]); ok {
			return s
		}
	}
	if len(d.scratch) == maxScratch {
		return nil
	}
	s := new(scratch[T])
	d.scratch = append(d.scratch, s)
	return s
}

// Maps of Go keep members in groups of eight slots and are at most 7/8 full. A value of more than
// maxInline bytes is allocated for itself. Beyond mapTable slots a map consists of tables, which are
// split one by one as they become full.
const (
	mapHeader = 48
	mapGroup  = 8
	mapTable  = 1024
	mapSlot   = 16 + 1 // a name and its control byte
	maxInline = 128
)

// mapRoom is how many slots the map of an open object has been charged for, and how many members
// they are enough for.
type mapRoom struct{ slots, most int }

// roomFor charges one more member to the map that the open object is read into, and returns the
// map: where the text suggests many more members, with room for all of them. A map that grows by itself
// allocates twice as much. There may be at most most members.
func roomFor[T any](d *Decoder, m map[string]T, most int) map[string]T {
	size, slot := sizeOf[T](), mapSlot+8
	if size > maxInline {
		if !d.charge(size) {
			return m
		}
	} else {
		slot = mapSlot + size
	}
	n, f := len(m), &d.frames[d.depth]
	if n < f.room.most {
		return m
	}
	slots, want := max(mapGroup, 2*f.room.slots), 0
	if n >= kept && size <= maxInline { // a copy would allocate larger values again
		want = room(n, n, d.i-f.start, len(d.s)-d.i, most)
		if more := 1 << bits.Len(uint(want*8/7)); more > slots && int64(mapSize(more, slot)) < d.memory/2 {
			slots = more
		} else {
			want = 0
		}
	}
	if !d.charge(mapSize(slots, slot)) {
		return m
	}
	f.room = mapRoom{slots, mapMost(slots)}
	if want > 0 {
		larger := make(map[string]T, want)
		maps.Copy(larger, m)
		return larger
	}
	return m
}

// mapMost is how many members fit in so many slots. Of several tables, the first is full before all
// are.
func mapMost(slots int) int {
	switch {
	case slots == mapGroup:
		return slots
	case slots <= mapTable:
		return slots / 8 * 7
	}
	return slots / 16 * 13
}

// mapSize is what so many slots take, as the allocator rounds their tables up.
func mapSize(slots, slot int) int {
	if slots <= mapTable {
		return slots * slot
	}
	size := mapTable * slot
	if size > 32<<10 {
		size = (size + pageSize - 1) &^ (pageSize - 1)
	} else {
		size += size >> 3
	}
	return slots / mapTable * size
}
