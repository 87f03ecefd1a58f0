package param

import (
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/types"
)

// read parses the current text; what does not parse is refused by keyword.
func read[T any](p *Reader, parse func(string) (T, bool), keyword string) (zero T) {
	if p.zeroed {
		return zero
	}
	v, ok := parse(p.text)
	if !ok {
		p.zero(keyword)
		return zero
	}
	return v
}

// number is read for a number: one that is spelled as it must be, but beyond the range,
// has not the wrong type but the wrong format, as in JSON.
func number[T any](p *Reader, parse func(string) (T, bool), spelled func(string) bool) (zero T) {
	if p.zeroed {
		return zero
	}
	v, ok := parse(p.text)
	switch {
	case ok:
		return v
	case spelled(p.text):
		p.zero("format")
	default:
		p.zero("type")
	}
	return zero
}

// isInteger reports whether s is an integer of any size in its one spelling.
func isInteger(s string) bool {
	if s == "0" {
		return true
	}
	s = strings.TrimPrefix(s, "-")
	return s != "" && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// isNumber reports whether s is a number of JSON.
func isNumber(s string) bool { return wire.NumberAtMost(s, "0") || wire.NumberAbove(s, "0") }

// String returns the current text.
func (p *Reader) String() string { return p.text }

// Bool takes true and false.
func (p *Reader) Bool() bool { return read(p, wire.ParseBool, "type") }

// Int64 takes decimal digits without leading zeros, and a minus.
func (p *Reader) Int64() int64 { return number(p, wire.ParseInt64, isInteger) }

// Uint64 takes decimal digits without leading zeros.
func (p *Reader) Uint64() uint64 { return number(p, wire.ParseUint64, isInteger) }

// Int32 is Int64 within its range.
func (p *Reader) Int32() int32 {
	n := p.Int64()
	if int64(int32(n)) != n {
		p.zero("format")
		return 0
	}
	return int32(n)
}

// Uint32 is Uint64 within its range.
func (p *Reader) Uint32() uint32 {
	n := p.Uint64()
	if uint64(uint32(n)) != n {
		p.zero("format")
		return 0
	}
	return uint32(n)
}

// Float64 takes what JSON calls a number (RFC 8259, 6).
func (p *Reader) Float64() float64 {
	if !p.affords(64) {
		return 0
	}
	return number(p, wire.ParseFloat64, isNumber)
}

// Float32 is Float64 within its range.
func (p *Reader) Float32() float32 {
	if !p.affords(32) {
		return 0
	}
	return number(p, wire.ParseFloat32, isNumber)
}

// affords draws the steps of reading a float on the budget of the request.
func (p *Reader) affords(bits int) bool {
	return p.zeroed || p.steps.Spend(wire.FloatSteps(p.text, bits)) || p.spent()
}

// UUID takes the form of RFC 9562, 4.
func (p *Reader) UUID() types.UUID { return read(p, wire.ParseUUID, "format") }

// Time takes RFC 3339's date-time.
func (p *Reader) Time() time.Time { return read(p, wire.ParseTime, "format") }

// Date takes RFC 3339's full-date.
func (p *Reader) Date() types.Date { return read(p, wire.ParseDate, "format") }

// Bytes takes base64 (RFC 4648, 4).
func (p *Reader) Bytes() []byte { return read(p, wire.ParseBytes, "format") }
