package gosrc

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Literal is a Go literal or constant expression.
type Literal struct{ text string }

// Quote returns s as an interpreted string literal of the same bytes. It is ASCII:
// whatever else s holds is escaped.
func Quote(s string) Literal { return Literal{strconv.QuoteToASCII(s)} }

// Key returns the string literal of a JSON object's member name as encoders write
// it, with its colon: Key("a", ",") is the literal of `,"a":`. The lead comes before it.
func Key(name string, lead constant) Literal {
	const digits = "0123456789abcdef"
	b := append([]byte(lead), '"')
	for _, r := range name { // invalid UTF-8 arrives here as U+FFFD
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20 || r == 0x7f:
			b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return Quote(string(append(b, '"', ':')))
}

// Char returns the literal of a rune.
func Char(r rune) Literal { return Literal{strconv.QuoteRuneToASCII(r)} }

// Int returns the literal of n.
func Int(n int64) Literal { return Literal{strconv.FormatInt(n, 10)} }

// Uint returns the literal of n.
func Uint(n uint64) Literal { return Literal{strconv.FormatUint(n, 10)} }

// Bool returns the literal of b.
func Bool(b bool) Literal { return Literal{strconv.FormatBool(b)} }

// maxNumber is the length of the longest number that is kept as it is written. Go's
// compilers need not take more than 1024 bits.
const maxNumber = 300

var errNumber = errors.New("not a number as JSON writes it")

// Number returns the literal of a JSON number (RFC 8259, 6), exactly as it is
// written: an integer stays one. Text of more than 300 bytes, and exponents beyond
// 300, are refused: compilers are not bound to take them.
func Number(text string) (Literal, error) {
	exponent, ok := jsonNumber(text)
	if !ok {
		return Literal{}, errNumber
	}
	if len(text) > maxNumber || exponent > maxNumber {
		return Literal{}, errors.New("too large for a constant")
	}
	return Literal{text}, nil
}

// Float returns the literal of a JSON number that a float64 can hold: as it is
// written if that is short, else the nearest float64.
func Float(text string) (Literal, error) {
	exponent, ok := jsonNumber(text)
	if !ok {
		return Literal{}, errNumber
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return Literal{}, errors.New("outside of what a float64 can hold")
	}
	if len(text) > 40 || exponent > maxNumber {
		text = strconv.FormatFloat(f, 'g', -1, 64)
	}
	return Literal{text}, nil
}

// jsonNumber reports whether text is a JSON number, and its exponent's size.
func jsonNumber(text string) (exponent int, ok bool) {
	digits := func(s string) (string, bool) {
		rest := strings.TrimLeft(s, "0123456789")
		return rest, len(rest) < len(s)
	}
	s := strings.TrimPrefix(text, "-")
	rest, ok := digits(s)
	if !ok || s[0] == '0' && len(s)-len(rest) > 1 {
		return 0, false
	}
	if after, found := strings.CutPrefix(rest, "."); found {
		if rest, ok = digits(after); !ok {
			return 0, false
		}
	}
	if rest == "" {
		return 0, true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return 0, false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	end, ok := digits(rest)
	if !ok || end != "" {
		return 0, false
	}
	exponent, err := strconv.Atoi(rest)
	if err != nil {
		exponent = math.MaxInt // ErrRange: it is digits
	}
	return exponent, true
}

// Duration returns d as a Go expression in its largest whole unit, such as
// 5 * time.Second. The code around it must import package time.
func Duration(d time.Duration) Literal {
	if d == 0 {
		return Literal{"0"}
	}
	for _, u := range []struct {
		size time.Duration
		name string
	}{
		{time.Hour, "time.Hour"}, {time.Minute, "time.Minute"}, {time.Second, "time.Second"},
		{time.Millisecond, "time.Millisecond"}, {time.Microsecond, "time.Microsecond"},
	} {
		if d == u.size {
			return Literal{u.name}
		}
		if d%u.size == 0 {
			return Literal{fmt.Sprintf("%d * %s", int64(d/u.size), u.name)}
		}
	}
	return Literal{fmt.Sprintf("%d * time.Nanosecond", int64(d))}
}

// Strings returns the composite literal of a []string; an empty one is nil.
func Strings(list []string) Literal {
	if len(list) == 0 {
		return Literal{"nil"}
	}
	var b strings.Builder
	b.WriteString("[]string{")
	for i, s := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.QuoteToASCII(s))
	}
	b.WriteByte('}')
	return Literal{b.String()}
}

// String returns the literal.
func (l Literal) String() string { return l.text }

func (Literal) source() {}
func (Literal) part()   {}
