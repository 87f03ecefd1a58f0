package limit

import (
	"math"
	"strconv"
	"time"
)

// AppendPolicy appends r as one member of a RateLimit-Policy field
// (draft-ietf-httpapi-ratelimit-headers-10, section 3): "name";q=100;w=60.
// Burst is not part of the field.
func AppendPolicy(b []byte, r Rule) []byte {
	b = appendName(b, r.Name)
	b = append(b, ";q="...)
	b = strconv.AppendInt(b, int64(r.Limit), 10)
	b = append(b, ";w="...)
	return strconv.AppendInt(b, Seconds(r.Window), 10)
}

// AppendState appends d as one member of a RateLimit field (same draft, section 4):
// "name";r=50;t=30.
func AppendState(b []byte, name string, d Decision) []byte {
	b = appendName(b, name)
	b = append(b, ";r="...)
	b = strconv.AppendInt(b, int64(d.Remaining), 10)
	b = append(b, ";t="...)
	return strconv.AppendInt(b, Seconds(d.Reset), 10)
}

// Seconds rounds d up to whole seconds, as Retry-After (RFC 9110, section 10.2.3) and
// the RateLimit fields have them; at least 0 and at most 2^31-1.
func Seconds(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	s := int64(d / time.Second)
	if d%time.Second != 0 {
		s++
	}
	return min(s, math.MaxInt32)
}

// appendName appends s as a Structured Fields String (RFC 9651, section 3.3.3); what cannot
// stand in one becomes "_".
func appendName(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c > '~':
			b = append(b, '_')
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
