package model

import (
	"math/big"
	"strings"
)

// Comparable reports whether equal values of the type are equal in JSON and the
// other way round, so that Go's == decides uniqueness.
func (t *Type) Comparable() bool {
	if t.Kind != Scalar {
		return false
	}
	switch t.Method.String() {
	case "Raw", "Bytes", "Time", "Date":
		return false
	}
	return true
}

var IntRange = map[string][2]string{
	"Int32": {"-2147483648", "2147483647"}, "Uint32": {"0", "4294967295"},
	"Int64": {"-9223372036854775808", "9223372036854775807"}, "Uint64": {"0", "18446744073709551615"},
}

// Held reports whether an integer is one of the type's values.
func Held(method string, n *big.Int) bool {
	r, ok := IntRange[method]
	if !ok {
		return true
	}
	least, _ := new(big.Int).SetString(r[0], 10)
	most, _ := new(big.Int).SetString(r[1], 10)
	return n.Cmp(least) >= 0 && n.Cmp(most) <= 0
}

// Exactly parses a decimal whose exponent is small enough to be written out.
func Exactly(text string) (*big.Rat, bool) {
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 5 || len(text) > 400 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
