package wire

import "math"

// The functions here read scalars outside of JSON: parameters. They take one
// spelling only, the one that JSON has: no plus sign, no leading zeros, no
// hexadecimal numbers, no infinities, no NaN, no 1 or T for true.

// ParseBool returns the value of true or false.
func ParseBool(s string) (v, ok bool) { return s == "true", s == "true" || s == "false" }

// ParseInt64 returns the value of an integer without fraction and exponent. It
// does not take -0.
func ParseInt64(s string) (int64, bool) {
	neg := s != "" && s[0] == '-'
	if neg {
		s = s[1:]
	}
	n, ok := ParseUint64(s)
	switch {
	case !ok || neg && (n == 0 || n > 1<<63) || !neg && n > math.MaxInt64:
		return 0, false
	case neg:
		return -int64(n), true
	}
	return int64(n), true
}

// ParseUint64 returns the value of an integer without sign, fraction and
// exponent.
func ParseUint64(s string) (uint64, bool) {
	if s == "" || len(s) > 20 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	var n uint64
	for i := 0; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		var ok bool
		if n, ok = timesTen(n, uint64(c)); !ok {
			return 0, false
		}
	}
	return n, true
}

// ParseFloat64 returns the float64 nearest to a JSON number, which must be
// within the range.
func ParseFloat64(s string) (float64, bool) {
	if !isNumber(s) {
		return 0, false
	}
	f, err := parseFloat(s, 64)
	return f, err == nil
}

// ParseFloat32 returns the float32 nearest to a JSON number, which must be
// within the range.
func ParseFloat32(s string) (float32, bool) {
	if !isNumber(s) {
		return 0, false
	}
	f, err := parseFloat(s, 32)
	return float32(f), err == nil
}

// ParseNumber reports whether s is a JSON number within [MaxExponent], and
// returns it as it is.
func ParseNumber(s string) (string, bool) {
	if !isNumber(s) {
		return "", false
	}
	if n := parseDecimal(s).first(); n > MaxExponent || n < -MaxExponent {
		return "", false
	}
	return s, true
}
