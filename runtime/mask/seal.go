package mask

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"hash/maphash"
	"math"
	"reflect"
	"sync/atomic"
	"time"
	"unsafe"
)

// seen is what reflection finds in a masked value, with or without package unsafe: a tag, and an
// empty slice. Printers that call no methods (spew with DisableMethods, as testify has it), walk
// unexported fields and follow pointers find no more than that.
type seen struct {
	// tag is a pseudonym of the clear value, random for each process. It makes
	// [reflect.DeepEqual] right, which compares it.
	tag [aes.BlockSize]byte
	// hidden has length 0 and capacity 1. The pointer behind its end is to the clear value: it
	// has no type, so that reflection cannot follow it either.
	hidden []unsafe.Pointer
}

// sealed is a clear value and what is seen of it, in one allocation.
type sealed[T any] struct {
	seen
	at    [1]unsafe.Pointer
	clear T
}

// seal hides a clear value whose hash is that of sum.
func seal[T any](clear T, sum func(*T) uint64) *seen {
	s := &sealed[T]{clear: clear}
	s.at[0] = unsafe.Pointer(&s.clear)
	s.hidden = s.at[:0:1]
	// A hash under a secret seed and then a cipher is a pseudorandom function: with the tag and
	// without the keys, nobody can try values.
	binary.LittleEndian.PutUint64(s.tag[:], sum(&s.clear))
	tags.Encrypt(s.tag[:], s.tag[:])
	return &s.seen
}

// open returns where the clear value is: nil for the zero value. T must be the type that was
// sealed, which String and Value[T] hold by their types.
func open[T any](s *seen) *T {
	if s == nil {
		return nil
	}
	if cap(s.hidden) == 0 {
		// A program that copies unexported fields by reflection lost it.
		panic("mask: a masked value was copied without its clear value")
	}
	return (*T)(s.hidden[:1][0])
}

var (
	seed = maphash.MakeSeed()
	tags = newTags()
)

func newTags() cipher.Block {
	var key [16]byte
	_, _ = rand.Read(key[:]) // never fails
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has 16 bytes
	}
	return block
}

// sumString hashes a string.
func sumString(s *string) uint64 { return maphash.String(seed, *s) }

// sumValue hashes a value such that two values have the same hash if reflect.DeepEqual finds them
// equal. Those that are never equal to themselves (functions, NaN) have a new hash each time, and
// so have values that are nested more than maxNested deep.
func sumValue[T any](v *T) uint64 {
	if t, ok := any(v).(*time.Time); ok {
		b := timeBytes(*t)
		return maphash.Bytes(seed, b[:])
	}
	if at := reflect.ValueOf(v).Elem(); at.CanInt() { // of all kinds of numbers the most frequent one
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(at.Int()))
		return maphash.Bytes(seed, b[:])
	}
	var h maphash.Hash
	h.SetSeed(seed)
	sum(&h, reflect.ValueOf(v).Elem(), 0)
	return h.Sum64()
}

const maxNested = 100

// unequal counts the hashes that are equal to no other.
var unequal atomic.Uint64

func write(h *maphash.Hash, x uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], x)
	_, _ = h.Write(b[:])
}

var timeType = reflect.TypeFor[time.Time]()

// timeBytes is an instant and its offset. The name of its zone does not count.
func timeBytes(t time.Time) (b [24]byte) {
	_, offset := t.Zone()
	binary.LittleEndian.PutUint64(b[:], uint64(t.Unix()))
	binary.LittleEndian.PutUint64(b[8:], uint64(t.Nanosecond()))
	binary.LittleEndian.PutUint64(b[16:], uint64(offset))
	return b
}

func sum(h *maphash.Hash, v reflect.Value, depth int) {
	write(h, uint64(v.Kind()))
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			write(h, 1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		write(h, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		write(h, v.Uint())
	case reflect.Float32, reflect.Float64:
		sumFloat(h, v.Float())
	case reflect.Complex64, reflect.Complex128:
		sumFloat(h, real(v.Complex()))
		sumFloat(h, imag(v.Complex()))
	case reflect.String:
		write(h, uint64(v.Len()))
		_, _ = h.WriteString(v.String())
	case reflect.Chan, reflect.UnsafePointer:
		write(h, uint64(v.Pointer()))
	case reflect.Func:
		if !v.IsNil() {
			write(h, unequal.Add(1))
		}
	default:
		if depth == maxNested {
			write(h, unequal.Add(1))
			return
		}
		sumNested(h, v, depth+1)
	}
}

func sumFloat(h *maphash.Hash, x float64) {
	switch {
	case x != x:
		write(h, unequal.Add(1))
	case x != 0: // 0 and -0 are equal
		write(h, math.Float64bits(x))
	}
}

func sumNested(h *maphash.Hash, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == timeType && v.CanInterface() {
			b := timeBytes(v.Interface().(time.Time))
			_, _ = h.Write(b[:])
			return
		}
		for i := range v.NumField() {
			sum(h, v.Field(i), depth)
		}
	case reflect.Array:
		for i := range v.Len() {
			sum(h, v.Index(i), depth)
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		write(h, uint64(v.Len())+1)
		for i := range v.Len() {
			sum(h, v.Index(i), depth)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			sum(h, v.Elem(), depth)
		}
	case reflect.Interface:
		if !v.IsNil() {
			_, _ = h.WriteString(v.Elem().Type().String())
			sum(h, v.Elem(), depth)
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		write(h, uint64(v.Len())+1)
		total := uint64(0) // entries have no order
		for at := v.MapRange(); at.Next(); {
			var entry maphash.Hash
			entry.SetSeed(seed)
			sum(&entry, at.Key(), depth)
			sum(&entry, at.Value(), depth)
			total += entry.Sum64()
		}
		write(h, total)
	}
}
