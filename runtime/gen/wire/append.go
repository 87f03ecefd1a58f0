package wire

import (
	"encoding/base64"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/types"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD. Only what must be is escaped (RFC 8259, section 7).
func AppendString(b []byte, s string) []byte {
	n, at := len(s), len(b)
	b = slices.Grow(b, n+2)[:at+n+2]
	text := b[at+1 : at+1+n]
	var found uint64
	switch {
	case n >= 8:
		// Eight bytes at a time; the last eight are looked at for the second time, in part.
		for i := 0; i < n-8; i += 8 {
			w := load64(s, i)
			found |= specials(w)
			binary.LittleEndian.PutUint64(text[i:], w)
		}
		w := load64(s, n-8)
		found |= specials(w)
		binary.LittleEndian.PutUint64(text[n-8:], w)
	case n >= 4:
		first, last := load32(s, 0), load32(s, n-4)
		found = specials(first | last<<32)
		binary.LittleEndian.PutUint32(text, uint32(first))
		binary.LittleEndian.PutUint32(text[n-4:], uint32(last))
	default:
		for i := range n {
			if special[s[i]] {
				found = 1
			}
			text[i] = s[i]
		}
	}
	if found != 0 {
		return appendHard(b[:at], s)
	}
	b[at], b[at+n+1] = '"', '"'
	return b
}

// AppendJoined appends the JSON string of the parts, one behind the other. Each must
// end where a character ends.
func AppendJoined(b []byte, parts [3]string) []byte {
	b = append(b, '"')
	for _, part := range parts {
		last := len(b) - 1
		hold := b[last] // where AppendString writes its opening quote
		b = AppendString(b[:last], part)
		b[last] = hold
		b = b[:len(b)-1] // without its closing quote
	}
	return append(b, '"')
}

// appendHard is AppendString for a string that may hold something special.
func appendHard(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if !special[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += n
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

// AppendBool appends true or false.
func AppendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// AppendNull appends null. It is not inlined: generated code has one for each nullable member.
//
//go:noinline
func AppendNull(b []byte) []byte { return append(b, "null"...) }

// AppendInt64 appends an integer.
func AppendInt64(b []byte, v int64) []byte {
	if v < 0 || v >= 1e8 {
		return strconv.AppendInt(b, v, 10)
	}
	n := uint32(v)
	if n < 1e4 {
		return appendSmall(b, n)
	}
	b = appendSmall(b, n/1e4)
	n %= 1e4
	return append(b, twoDigits[n/100][0], twoDigits[n/100][1], twoDigits[n%100][0], twoDigits[n%100][1])
}

// appendSmall appends a number of at most four digits.
func appendSmall(b []byte, n uint32) []byte {
	high, low := n/100, &twoDigits[n%100]
	switch {
	case n < 10:
		return append(b, low[1])
	case n < 100:
		return append(b, low[0], low[1])
	case n < 1000:
		return append(b, twoDigits[high][1], low[0], low[1])
	}
	return append(b, twoDigits[high][0], twoDigits[high][1], low[0], low[1])
}

var twoDigits = func() (t [100][2]byte) {
	for i := range t {
		t[i] = [2]byte{'0' + byte(i/10), '0' + byte(i%10)}
	}
	return t
}()

// AppendUint64 appends an unsigned integer.
func AppendUint64(b []byte, v uint64) []byte { return strconv.AppendUint(b, v, 10) }

// AppendFloat64 appends the shortest number that reads back as v, as ECMAScript
// spells it. Infinities and NaN have no spelling: refuse what is not [Finite]
// first; null is written for it.
func AppendFloat64(b []byte, v float64) []byte { return appendFloat(b, v, 64) }

// AppendFloat32 is AppendFloat64 for the shortest number that reads back as a
// float32.
func AppendFloat32(b []byte, v float32) []byte { return appendFloat(b, float64(v), 32) }

func appendFloat(b []byte, v float64, size int) []byte {
	if !Finite(v) {
		return append(b, "null"...)
	}
	abs := math.Abs(v)
	tiny, huge := abs < 1e-6, abs >= 1e21
	if size == 32 {
		tiny, huge = float32(abs) < 1e-6, float32(abs) >= 1e21
	}
	if abs == 0 || !tiny && !huge {
		return strconv.AppendFloat(b, v, 'f', -1, size)
	}
	b = strconv.AppendFloat(b, v, 'e', -1, size)
	if n := len(b); b[n-4] == 'e' && b[n-2] == '0' { // e-07 is e-7
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// AppendNumber appends the text of a number, or null if it is none; see
// [ParseNumber].
func AppendNumber(b []byte, text string) []byte {
	if !isNumber(text) {
		return append(b, "null"...)
	}
	return append(b, text...)
}

// AppendUUID appends a UUID as a string in lower case.
func AppendUUID(b []byte, u types.UUID) []byte {
	const form = `"00000000-0000-0000-0000-000000000000"`
	n := len(b)
	b = append(b, form...)
	x := b[n+1 : n+37]
	binary.BigEndian.PutUint64(x, hexOf(binary.BigEndian.Uint32(u[0:])))
	middle, last := hexOf(binary.BigEndian.Uint32(u[4:])), hexOf(binary.BigEndian.Uint32(u[8:]))
	binary.BigEndian.PutUint32(x[9:], uint32(middle>>32))
	binary.BigEndian.PutUint32(x[14:], uint32(middle))
	binary.BigEndian.PutUint32(x[19:], uint32(last>>32))
	binary.BigEndian.PutUint32(x[24:], uint32(last))
	binary.BigEndian.PutUint64(x[28:], hexOf(binary.BigEndian.Uint32(u[12:])))
	return b
}

// AppendBytes appends a string of base64 (RFC 4648, section 4).
func AppendBytes(b, v []byte) []byte {
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, v)
	return append(b, '"')
}

// TimeFits reports whether t can be written as a date-time: the year, at the
// offset of t, has four digits.
func TimeFits(t time.Time) bool {
	// One day inside the bounds, the offset makes no difference.
	const first, last, day = -62167219200, 253402300799, 86400
	sec := t.Unix()
	if sec > first+day && sec < last-day {
		return true
	}
	y := writable(t).Year()
	return y >= 0 && y <= 9999
}

// writable returns t, in UTC if RFC 3339 has no way to write its offset.
func writable(t time.Time) time.Time {
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -86400 || offset >= 86400 {
		return t.UTC()
	}
	return t
}

// AppendTime appends t as a date-time (RFC 3339, section 5.6), with as many
// digits of the second as it needs. An offset that RFC 3339 cannot write becomes
// UTC. Refuse what does not fit first ([TimeFits]); null is written for it.
func AppendTime(b []byte, t time.Time) []byte {
	if !TimeFits(t) {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = writable(t).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// AppendDate appends v as a full-date (RFC 3339, section 5.6), or null if its
// year does not have four digits ([TimeFits]).
func AppendDate(b []byte, v types.Date) []byte {
	if y := v.Year(); y < 0 || y > 9999 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = v.AppendFormat(b, types.DateFormat)
	return append(b, '"')
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// Text returns the text of a scalar that was appended as JSON: a string without
// its quotes and escapes, anything else as it is.
func Text(b []byte) string {
	if n := len(b); n >= 2 && b[0] == '"' && b[n-1] == '"' {
		return string(unescape(nil, string(b[1:n-1])))
	}
	return string(b)
}
