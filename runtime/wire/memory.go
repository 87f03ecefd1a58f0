package wire

import "unsafe"

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
// maxInline bytes is allocated for itself.
const (
	mapHeader = 48
	mapGroup  = 8
	mapTable  = 1024   // the most slots in one piece
	mapSlot   = 16 + 1 // a name and its control byte
	setPad    = 8      // behind each key of a set: no pointer may point behind a slot
	maxInline = 128
)

// mapCost is what a map of strings to values of elem bytes allocates when it gets its nth member.
func mapCost(n, elem int) int {
	if elem > maxInline {
		return elem + mapGrowth(n, mapSlot+8)
	}
	return mapGrowth(n, mapSlot+elem)
}

// mapGrowth is what the slots of a map allocate when it gets its nth member: twice as many slots as
// there were. Beyond 1,024 slots a map consists of tables, which are split one by one, the first of
// them before seven eighths of all slots are taken.
func mapGrowth(n, slot int) int {
	switch full := n - 1; {
	case n == 1:
		return mapGroup * slot
	case n == mapGroup+1:
		return 2 * mapGroup * slot
	case full > 7 && full < 768 && full%7 == 0 && isPower(full/7):
		return 2 * full / 7 * mapGroup * slot
	case full >= 768 && full%3 == 0 && isPower(full/3):
		return 2 * full / 6 * mapGroup / mapTable * rounded(mapTable*slot)
	}
	return 0
}

// rounded is a size as the allocator rounds it up.
func rounded(n int) int {
	if n > 32<<10 {
		return (n + pageSize - 1) &^ (pageSize - 1)
	}
	return n + n>>3
}

func isPower(n int) bool { return n&(n-1) == 0 }
