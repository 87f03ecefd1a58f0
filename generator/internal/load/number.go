package load

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Numbers keep their text, and later stages compute with it exactly. These bounds
// keep that cheap: 1e999999999 is ten bytes that expand to a gigabyte.
const (
	maxNumberLen = 1100 // the smallest float64 has 1074 decimals
	maxExponent  = 400  // the largest float64 is 1.8e308
)

// checkNumber refuses a number whose exact value would be expensive.
func checkNumber(n *Node) *diag.Diagnostic {
	if len(n.Text) > maxNumberLen {
		return problem(n.Pos, rules.LimitNumber, "a number of more than %d characters", maxNumberLen)
	}
	i := strings.IndexAny(n.Text, "eE")
	if i < 0 {
		return nil
	}
	if e, err := strconv.Atoi(n.Text[i+1:]); err != nil || e > maxExponent || e < -maxExponent {
		return problem(n.Pos, rules.LimitNumber, "a number with an exponent beyond %d", maxExponent)
	}
	return nil
}

// numberLen returns how much of s is a JSON number, 0 if it does not begin with one.
func numberLen(s string) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(s) && s[i] == '.' {
		if i++; !digits() {
			return 0
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

// decimals are the keys of short arrays' items, so that they cost nothing.
var decimals = func() (d [100]string) {
	for i := range d {
		d[i] = strconv.Itoa(i)
	}
	return d
}()

// decimal returns the decimal text of a place in an array.
func decimal(i int) string {
	if i < len(decimals) {
		return decimals[i]
	}
	return strconv.Itoa(i)
}
