package model

import (
	"slices"
)

// NoBits is the empty set of the type's members.
func (t *Type) NoBits() Bits { return make(Bits, max(t.Words(), 1)) }

// Add puts a member into the set.
func (b Bits) Add(index int) { b[index/64] |= 1 << (index % 64) }

// None reports whether the set is empty.
func (b Bits) None() bool { return !slices.ContainsFunc(b, func(w uint64) bool { return w != 0 }) }

// Wide reports whether the members need more than one word of bits.
func (t *Type) Wide() bool { return len(t.Fields) > 64 }
