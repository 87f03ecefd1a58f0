package wire

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/bailey-go/bailey/runtime/types"
)

// stringRef is String for a value that does not outlive the call.
func (d *Decoder) stringRef() string { return d.String() }

// refuseOnce records "format" for a value that its zero value replaces, unless
// it was refused already for its type.
func (d *Decoder) refuseOnce() {
	if n := len(d.violations); n > 0 && d.violations[n-1].zeroed && d.violations[n-1].at == d.last {
		return
	}
	d.refuseZero("format")
}

// UUID reads a UUID; see [ParseUUID]. Another string is a violation "format".
func (d *Decoder) UUID() types.UUID {
	u, ok := ParseUUID(d.stringRef())
	if !ok {
		d.refuseOnce()
	}
	return u
}

// Bytes reads a string of base64 (RFC 4648, section 4) with its padding, without
// line breaks, and with zeros in the bits that do not count. Another string is a
// violation "format". After success the result is not nil.
func (d *Decoder) Bytes() []byte {
	s := d.stringRef()
	if !d.charge(2 * len(s)) { // a copy of the text, and the bytes
		return nil
	}
	b, ok := parseBytes(s)
	if !ok {
		d.refuseOnce()
		return nil
	}
	return b
}

// ParseUUID returns the UUID that s is in the form of RFC 9562, section 4:
// hexadecimal digits of either case with four hyphens. All versions are taken.
func ParseUUID(s string) (types.UUID, bool) {
	var u types.UUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	a, ok1 := unhexOf(load64(s, 0))
	b, ok2 := unhexOf(load32(s, 9) | load32(s, 14)<<32)
	c, ok3 := unhexOf(load32(s, 19) | load32(s, 24)<<32)
	e, ok4 := unhexOf(load64(s, 28))
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return u, false
	}
	binary.BigEndian.PutUint32(u[0:], a)
	binary.BigEndian.PutUint32(u[4:], b)
	binary.BigEndian.PutUint32(u[8:], c)
	binary.BigEndian.PutUint32(u[12:], e)
	return u, true
}

// IsUUID reports whether s is a UUID; see [ParseUUID].
func IsUUID(s string) bool {
	_, ok := ParseUUID(s)
	return ok
}

// base64Value is the value of a base64 digit, and 0xff for any other byte.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	return t
}()

// IsByte reports whether s is base64 (RFC 4648, section 4) with its padding,
// without line breaks, and with zeros in the bits that do not count.
func IsByte(s string) bool {
	n := len(s)
	if n%4 != 0 {
		return false
	}
	if n == 0 {
		return true
	}
	var unused byte // bits of the last digit that no byte takes
	switch {
	case s[n-2] == '=' && s[n-1] == '=':
		n, unused = n-2, 0xf
	case s[n-1] == '=':
		n, unused = n-1, 0x3
	}
	for i := 0; i < n; i++ {
		if base64Value[s[i]] == 0xff {
			return false
		}
	}
	return base64Value[s[n-1]]&unused == 0
}

func parseBytes(s string) ([]byte, bool) {
	if !IsByte(s) {
		return nil, false
	}
	n := len(s) / 4 * 3
	for i := len(s) - 1; i >= 0 && s[i] == '='; i-- {
		n--
	}
	b := make([]byte, n)
	if _, err := base64.StdEncoding.Decode(b, []byte(s)); err != nil {
		return nil, false
	}
	return b, true
}

// ParseBytes returns the bytes that s encodes; see [IsByte].
func ParseBytes(s string) ([]byte, bool) { return parseBytes(s) }
