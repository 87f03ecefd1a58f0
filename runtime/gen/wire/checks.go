package wire

import (
	"math"
	"unicode/utf8"
)

// MinRunes reports whether s has at least n characters (Unicode code points).
func MinRunes(s string, n int) bool {
	// A code point takes one to four bytes.
	return len(s) >= n && (n <= 1 || len(s) > 4*(n-1) || utf8.RuneCountInString(s) >= n)
}

// MaxRunes reports whether s has at most n characters (Unicode code points).
func MaxRunes(s string, n int) bool {
	return len(s) <= n || len(s) <= 4*n && utf8.RuneCountInString(s) <= n
}

// Nothing reports whether s meets a schema that no value can meet: it never does.
func Nothing(string) bool { return false }

// Finite reports whether f is neither infinite nor NaN. JSON has no spelling
// for those.
func Finite(f float64) bool { return math.Abs(f) <= math.MaxFloat64 }

// AnyOf reports whether all bits of at least one set are in seen.
func AnyOf(seen uint64, sets ...uint64) bool {
	for _, set := range sets {
		if seen&set == set {
			return true
		}
	}
	return false
}

// OneOf reports whether all bits of exactly one set are in seen.
func OneOf(seen uint64, sets ...uint64) bool {
	n := 0
	for _, set := range sets {
		if seen&set == set {
			n++
		}
	}
	return n == 1
}

// CountTrue is how many of the conditions hold.
func CountTrue(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// AllButOne reports whether exactly one of the conditions does not hold: oneOf, when
// the conditions are the branches' failures.
func AllButOne(fails ...bool) bool {
	n := 0
	for _, f := range fails {
		if !f {
			n++
		}
	}
	return n == 1
}
