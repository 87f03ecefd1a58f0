package limit

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// sized reads a string of low to high characters.
func (d *decoder) sized(low, high int) (string, bool) {
	s, ok := d.str()
	return s, ok && d.require(fits(s, low, high), "length")
}

// optional reads a string of at most high characters that need not be there.
func (d *decoder) optional(high int) (optional, bool) {
	s, ok := d.sized(0, high)
	return optional{s, ok}, ok
}

// fits counts characters only where the number of bytes leaves it open.
func fits(s string, low, high int) bool {
	if len(s) <= high && low <= 1 {
		return len(s) >= low
	}
	n := utf8.RuneCountInString(s)
	return low <= n && n <= high
}

// class is a set of ASCII characters.
type class [256]bool

// classOf is the set of a regular expression's brackets, written as pairs of bounds.
func classOf(bounds string) *class {
	var c class
	for i := 0; i < len(bounds); i += 2 {
		for b := bounds[i]; b <= bounds[i+1]; b++ {
			c[b] = true
		}
	}
	return &c
}

func (c *class) all(s string) bool {
	for i := range len(s) {
		if !c[s[i]] {
			return false
		}
	}
	return true
}

var (
	upper  = classOf("AZ")
	digit  = classOf("09")
	sku    = classOf("AZ09--")
	postal = classOf("AZ09--  ")
	label  = classOf("azAZ09--")
	atext  = classOf("azAZ09!!#'*+--//==??^~..") // RFC 5322, 3.2.3, and the dot
)

// The patterns of the document, as code.

func isReference(s string) bool {
	return len(s) == 10 && upper.all(s[:3]) && s[3] == '-' && digit.all(s[4:])
}
func isPostalCode(s string) bool { return 3 <= len(s) && len(s) <= 10 && postal.all(s) }
func isCountry(s string) bool    { return len(s) == 2 && upper.all(s) }
func isSKU(s string) bool        { return 4 <= len(s) && len(s) <= 20 && sku.all(s) }

func isStatus(s string) bool {
	switch s {
	case "pending", "paid", "shipped", "delivered", "cancelled":
		return true
	}
	return false
}

func isCurrency(s string) bool { return s == "EUR" || s == "USD" || s == "CHF" }

// isEmail takes a dot-atom at a host name.
func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, host := s[:at], s[at+1:]
	if !atext.all(local) || local[0] == '.' || local[at-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for {
		name, rest, more := strings.Cut(host, ".")
		if name == "" || len(name) > 63 || name[0] == '-' || name[len(name)-1] == '-' || !label.all(name) {
			return false
		}
		if host = rest; !more {
			return true
		}
	}
}

// hexValue is the value of a hexadecimal digit, 255 of everything else.
var hexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i)
		t[strings.ToUpper(string(c))[0]] = byte(i)
	}
	return t
}()

func (d *decoder) uuid() (uuid.UUID, bool) {
	s, ok := d.str()
	if !ok {
		return uuid.UUID{}, false
	}
	id, ok := parseUUID(s)
	return id, d.require(ok, "format")
}

// parseUUID takes the 36 characters of RFC 9562, 4.
func parseUUID(s string) (id uuid.UUID, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	var all byte
	for i, at := range [16]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		high, low := hexValue[s[at]], hexValue[s[at+1]]
		all |= high | low
		id[i] = high<<4 | low
	}
	return id, all < 16
}

func (d *decoder) time() (time.Time, bool) {
	s, ok := d.str()
	if !ok {
		return time.Time{}, false
	}
	t, ok := parseTime(s)
	return t, d.require(ok, "format")
}

// parseTime takes RFC 3339, 5.6, without leap seconds.
func parseTime(s string) (time.Time, bool) {
	if len(s) < 20 || s[4] != '-' || s[7] != '-' || s[10]|0x20 != 't' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	year := number(s, 0)*100 + number(s, 2)
	month, day := number(s, 5), number(s, 8)
	hour, minute, second := number(s, 11), number(s, 14), number(s, 17)
	if year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 59 {
		return time.Time{}, false
	}
	zone, nanoseconds := s[19:], 0
	if zone[0] == '.' {
		if zone, nanoseconds = fraction(zone[1:]); zone == "" {
			return time.Time{}, false
		}
	}
	place := time.UTC
	if zone != "Z" && zone != "z" {
		if len(zone) != 6 || zone[0] != '+' && zone[0] != '-' || zone[3] != ':' {
			return time.Time{}, false
		}
		hours, minutes := number(zone, 1), number(zone, 4)
		if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
			return time.Time{}, false
		}
		east := (hours*60 + minutes) * 60
		if zone[0] == '-' {
			east = -east
		}
		place = time.FixedZone("", east)
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanoseconds, place)
	return t, day <= 28 || t.Day() == day // 30 February is March
}

// fraction reads the digits that s begins with as a part of a second, to the
// nanosecond. The rest is "" where there are none, or nothing follows them.
func fraction(s string) (rest string, nanoseconds int) {
	unit := 100_000_000
	for i := range len(s) {
		digit := s[i] - '0'
		if digit > 9 {
			if i == 0 {
				return "", 0
			}
			return s[i:], nanoseconds
		}
		nanoseconds += int(digit) * unit
		unit /= 10
	}
	return "", 0
}

// number is the number of the two digits at i, far below zero if they are none.
func number(s string, i int) int {
	a, b := s[i]-'0', s[i+1]-'0'
	if a > 9 || b > 9 {
		return -1 << 20
	}
	return int(a)*10 + int(b)
}
