package wire

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// IsIPv4 reports whether s is an IPv4 address in dotted-decimal form (RFC 2673,
// section 3.2), without leading zeros.
func IsIPv4(s string) bool {
	if len(s) < 7 || len(s) > 15 {
		return false
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

// IsIPv6 reports whether s is an IPv6 address (RFC 4291, section 2.2), without a
// zone.
func IsIPv6(s string) bool {
	if len(s) < 2 || len(s) > 45 || strings.IndexByte(s, '%') >= 0 {
		return false
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6()
}

// IsHostname reports whether s is a host name (RFC 1123, section 2.1): labels of
// up to 63 letters, digits and inner hyphens, up to 253 bytes in all, without a
// dot at the end. A label with two hyphens in its third and fourth place must be
// an A-label (RFC 5891, section 4.2.3.1).
func IsHostname(s string) bool { return isHostname(s, false) }

// IsHostname1123 is [IsHostname] as JSON Schema had it before draft 7: other labels than
// those that begin with "xn--" may have two hyphens in their third and fourth place, too.
func IsHostname1123(s string) bool { return isHostname(s, true) }

func isHostname(s string, hyphens bool) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			if !hostByte.has(s[i]) {
				return false
			}
			continue
		}
		label := s[start:i]
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if len(label) > 3 && label[2] == '-' && label[3] == '-' && !isALabel(label) &&
			!(hyphens && !strings.EqualFold(label[:2], "xn")) {
			return false
		}
		start = i + 1
	}
	return true
}

// bytes is a set of ASCII characters.
type byteSet [2]uint64

func newByteSet(chars string) (s byteSet) {
	for i := 0; i < len(chars); i++ {
		s[chars[i]>>6&1] |= 1 << (chars[i] & 63)
	}
	return s
}

func (s *byteSet) has(c byte) bool { return c < 0x80 && s[c>>6]>>(c&63)&1 != 0 }

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	figures = "0123456789"
)

var hostByte = newByteSet(letters + figures + "-")

// atext is what a dot-atom consists of (RFC 5322, section 3.2.3).
var atext = newByteSet(letters + figures + "!#$%&'*+-/=?^_`{|}~")

// IsEmail reports whether s is a mailbox (RFC 5321, section 4.1.2): a dot-atom
// or quoted string of up to 64 bytes, and a host name or an address literal in
// brackets; 254 bytes in all.
func IsEmail(s string) bool { return isMailbox(s, false, IsHostname) }

// IsIDNEmail is [IsEmail] for the mailboxes of RFC 6531, section 3.3: characters beyond
// ASCII may stand in the local part, and the host's name is an [IsIDNHostname].
func IsIDNEmail(s string) bool { return utf8.ValidString(s) && isMailbox(s, true, IsIDNHostname) }

func isMailbox(s string, wide bool, host func(string) bool) bool {
	if len(s) > 254 {
		return false
	}
	at := localPart(s, wide)
	if at < 1 || at > 64 || at >= len(s)-1 || s[at] != '@' {
		return false
	}
	domain := s[at+1:]
	if domain[0] == '[' {
		return isAddressLiteral(domain)
	}
	return host(domain)
}

// localPart returns where the local part of a mailbox ends, or 0. With wide, what is
// beyond ASCII passes.
func localPart(s string, wide bool) int {
	if s != "" && s[0] == '"' {
		return quotedString(s, wide)
	}
	dot := true // a dot is not welcome here
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case atext.has(c), wide && c >= utf8.RuneSelf:
			dot = false
		case c == '.' && !dot:
			dot = true
		case dot:
			return 0
		default:
			return i
		}
	}
	return 0
}

// quotedString returns the end of the quoted string that s starts with, or 0.
func quotedString(s string, wide bool) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i++; i == len(s) || s[i] < ' ' || s[i] > '~' {
				return 0
			}
		case c < ' ' || c > '~' && !(wide && c >= utf8.RuneSelf):
			return 0
		}
	}
	return 0
}

// isAddressLiteral reports whether s is an IPv4 or IPv6 address literal (RFC
// 5321, section 4.1.3). The general form has no tag registered but IPv6.
func isAddressLiteral(s string) bool {
	if s[len(s)-1] != ']' {
		return false
	}
	s = s[1 : len(s)-1]
	if len(s) > 5 && strings.EqualFold(s[:5], "IPv6:") {
		return IsIPv6(s[5:])
	}
	return IsIPv4(s)
}
