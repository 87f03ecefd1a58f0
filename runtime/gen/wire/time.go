package wire

import (
	"time"

	"github.com/bailey-go/bailey/runtime/types"
)

// Time reads a date-time; see [ParseTime]. Another string is a violation
// "format".
func (d *Decoder) Time() time.Time {
	t, ok := ParseTime(d.stringRef())
	if !ok {
		d.refuseOnce()
		return time.Time{}
	}
	if t.Location() != time.UTC && !d.charge(zoneSize) {
		return time.Time{}
	}
	return t
}

// zoneSize is what a time.Location of an offset takes, with the tables that it points to.
const zoneSize = 256

// Date reads a full-date; see [ParseDate]. Another string is a violation
// "format".
func (d *Decoder) Date() types.Date {
	v, ok := ParseDate(d.stringRef())
	if !ok {
		d.refuseOnce()
		return types.Date{}
	}
	return v
}

// clock is a parsed full-time: seconds of the day at the offset given.
type clock struct {
	second int // 86400 in a leap second at the end of a day
	nano   int
	offset int // seconds east of UTC
	utc    bool
}

// IsDate reports whether s is a full-date (RFC 3339, section 5.6).
func IsDate(s string) bool {
	_, ok := parseDays(s)
	return ok
}

// IsTime reports whether s is a full-time (RFC 3339, section 5.6). A leap second
// is a time only at 23:59 UTC (section 5.7).
func IsTime(s string) bool {
	_, ok := parseClock(s)
	return ok
}

// IsDateTime reports whether s is a date-time (RFC 3339, section 5.6). The
// letters T and Z may be in lower case.
func IsDateTime(s string) bool {
	_, _, ok := parseDateTime(s)
	return ok
}

// ParseDate returns the full-date (RFC 3339, section 5.6) that s is, at midnight
// UTC.
func ParseDate(s string) (types.Date, bool) {
	days, ok := parseDays(s)
	if !ok {
		return types.Date{}, false
	}
	return types.Date{Time: time.Unix(days*86400, 0).UTC()}, true
}

// ParseTime returns the date-time (RFC 3339, section 5.6) that s is, at its own
// offset. Digits beyond the nanosecond are dropped. A leap second, legal only at
// 23:59:60 UTC (section 5.7), becomes the second that follows it, as package
// time has none.
func ParseTime(s string) (time.Time, bool) {
	days, c, ok := parseDateTime(s)
	if !ok {
		return time.Time{}, false
	}
	t := time.Unix(days*86400+int64(c.second-c.offset), int64(c.nano))
	if c.utc {
		return t.UTC(), true
	}
	return t.In(time.FixedZone("", c.offset)), true
}

func parseDateTime(s string) (days int64, c clock, ok bool) {
	if len(s) < 20 || s[10]|0x20 != 't' {
		return 0, c, false
	}
	if days, ok = parseDays(s[:10]); !ok {
		return 0, c, false
	}
	c, ok = parseClock(s[11:])
	return days, c, ok
}

// parseDays returns the days since 1970-01-01 in the Gregorian calendar.
func parseDays(s string) (int64, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y1, y2, m, d := two(s), two(s[2:]), two(s[5:]), two(s[8:])
	if y1|y2|m|d < 0 || m < 1 || m > 12 || d < 1 {
		return 0, false
	}
	y := y1*100 + y2
	if d > int(monthDays[m]) && !(m == 2 && d == 29 && y%4 == 0 && (y%100 != 0 || y%400 == 0)) {
		return 0, false
	}
	// Count years from March, so that the leap day comes last, and from 400 years
	// (146097 days) earlier, so that none is negative.
	if m <= 2 {
		y--
		m += 12
	}
	y += 400
	return int64(365*y+y/4-y/100+y/400+(153*(m-3)+2)/5+d-1) - (719468 + 146097), true
}

var monthDays = [...]int8{1: 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func parseClock(s string) (c clock, ok bool) {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return c, false
	}
	h, m, sec := two(s), two(s[3:]), two(s[6:])
	if h|m|sec < 0 || h > 23 || m > 59 || sec > 60 {
		return c, false
	}
	c.second = h*3600 + m*60 + sec
	s = s[8:]
	if s[0] == '.' {
		i := 1
		for scale := 100_000_000; i < len(s) && s[i]-'0' <= 9; i++ {
			c.nano += int(s[i]-'0') * scale
			scale /= 10
		}
		if i == 1 || i == len(s) {
			return c, false
		}
		s = s[i:]
	}
	if c.offset, c.utc, ok = parseOffset(s); !ok {
		return c, false
	}
	// With the leap second taken for the one after it, its minute has passed.
	if sec == 60 && (c.second-c.offset+2*86400)%86400 != 0 {
		return c, false
	}
	return c, true
}

func parseOffset(s string) (offset int, utc, ok bool) {
	if len(s) == 1 {
		return 0, true, s[0]|0x20 == 'z'
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false, false
	}
	h, m := two(s[1:]), two(s[4:])
	if h|m < 0 || h > 23 || m > 59 {
		return 0, false, false
	}
	if offset = h*3600 + m*60; s[0] == '-' {
		offset = -offset
	}
	return offset, false, true
}

// two returns the value of the two digits that s starts with, or -1.
func two(s string) int {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}

// IsDuration reports whether s is a duration (RFC 3339, appendix A): P1DT12H.
// Units may be left out at both ends, but not between; weeks stand alone.
func IsDuration(s string) bool {
	if len(s) < 3 || s[0] != 'P' {
		return false
	}
	s = s[1:]
	if n := digits(s, 0); n > 0 && n == len(s)-1 && s[n] == 'W' {
		return true
	}
	s, date := units(s, "YMD")
	if s == "" {
		return date
	}
	if s[0] != 'T' {
		return false
	}
	s, clock := units(s[1:], "HMS")
	return clock && s == ""
}

// units reads numbers with units, which must be neighbours in the order given.
func units(s, order string) (rest string, some bool) {
	next := -1
	for {
		n := digits(s, 0)
		if n == 0 || n == len(s) {
			return s, some
		}
		at := -1
		for i := 0; i < len(order); i++ {
			if order[i] == s[n] {
				at = i
			}
		}
		if at < 0 || next >= 0 && at != next {
			return s, some
		}
		s, next, some = s[n+1:], at+1, true
	}
}
