package wire

import (
	"unicode"
	"unicode/utf8"
)

// IsIDNHostname reports whether s is an internationalised host name (RFC 5890, section
// 2.3.2.3): labels as [IsHostname] has them, or U-labels of code points that IDNA 2008
// allows, of up to 63 bytes as an A-label; up to 253 bytes in all, counted that way.
// The full stops of RFC 3490, section 3.1, separate labels, too. Where one label runs
// from right to left, all must keep the rule of RFC 5893, section 2.
//
// Package unicode has no tables for normalisation: a label that is not in form C can pass.
func IsIDNHostname(s string) bool {
	if len(s) <= shortName { // clearing room for the longest name takes longer than reading a short one
		var room [shortName]rune
		var ends [shortName/2 + 1]uint8
		return isIDNHostname(s, room[:0], ends[:])
	}
	var room [maxHostname + maxLabel]rune
	var ends [maxHostname/2 + 1]uint8
	return isIDNHostname(s, room[:0], ends[:])
}

// shortName is a length that most names have at most. No label has more characters than bytes.
const shortName = 32

// isIDNHostname has room in all for the characters of the U-labels, and in ends for where each label ends.
func isIDNHostname(s string, all []rune, ends []uint8) bool {
	labels, size, rightToLeft := 0, -1, false
	for more := true; more; labels++ {
		var label string
		label, s, more = cutLabel(s)
		from, n := len(all), 0
		all, n = idnLabel(all, label)
		if size += n + 1; n == 0 || size > maxHostname {
			return false
		}
		for _, c := range all[from:] {
			d := directionOf(c)
			rightToLeft = rightToLeft || d == rightward || d == arabicNumber
		}
		ends[labels] = uint8(len(all))
	}
	if !rightToLeft {
		return true
	}
	from := uint8(0)
	for _, end := range ends[:labels] {
		if !keepsDirection(all[from:end]) {
			return false
		}
		from = end
	}
	return true
}

// A name is of at most 253 bytes, and a label of 63: of no more characters, and of no more labels than
// half as many.
const (
	maxHostname = 253
	maxLabel    = 63
)

// cutLabel splits s at its first full stop.
func cutLabel(s string) (label, rest string, more bool) {
	for i, c := range s {
		switch c {
		case '.', 0x3002, 0xFF0E, 0xFF61:
			return s[:i], s[i+utf8.RuneLen(c):], true
		}
	}
	return s, "", false
}

// idnLabel appends the characters of a label, and returns its length in ASCII: 0 if it is none.
func idnLabel(dst []rune, s string) ([]rune, int) {
	if isASCII(s) {
		if len(s) > maxLabel {
			return dst, 0
		}
		if len(s) > 3 && s[2:4] == "--" { // an A-label, or nothing that IsHostname takes
			if r, ok := decodeALabel(dst, s); ok {
				return r, len(s)
			}
			return dst, 0
		}
		if !IsHostname(s) {
			return dst, 0
		}
		for i := range len(s) {
			dst = append(dst, rune(s[i]))
		}
		return dst, len(s)
	}
	if len(s) > 4*maxLabel || !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxLabel {
		return dst, 0
	}
	from := len(dst)
	for _, c := range s {
		dst = append(dst, c)
	}
	var room [punyRoom]byte
	code, ok := encodePunycode(room[:0], dst[from:])
	if n := len("xn--") + len(code); ok && n <= maxLabel && isULabel(dst[from:]) {
		return dst, n
	}
	return dst, 0
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// punyRoom is more than encodePunycode writes.
const punyRoom = 80

// encodePunycode appends the reverse of punycode (RFC 3492, section 6.3) to out, which is empty. It
// gives up on what no label can hold.
func encodePunycode(out []byte, label []rune) ([]byte, bool) {
	for _, c := range label {
		if c < utf8.RuneSelf {
			out = append(out, byte(c))
		}
	}
	basic := len(out)
	done := basic
	if basic > 0 {
		out = append(out, '-')
	}
	// One pass for each code point n, which finds the next one as well.
	if done == len(label) {
		return out, true
	}
	n, next := rune(utf8.RuneSelf-1), smallest(label, utf8.RuneSelf)
	delta, bias := 0, punyBias
	for {
		if len(out) > maxLabel {
			return nil, false
		}
		delta += int(next-n-1) * (done + 1)
		n, next = next, unicode.MaxRune+1
		for _, c := range label {
			if c > n {
				next = min(next, c)
				continue
			}
			if c < n {
				delta++
				continue
			}
			q := delta
			for k := punyBase; ; k += punyBase {
				t := min(max(k-bias, punyMin), punyMax)
				if q < t {
					break
				}
				out = append(out, punyFigures[t+(q-t)%(punyBase-t)])
				q = (q - t) / (punyBase - t)
			}
			out = append(out, punyFigures[q])
			bias = punyAdapt(delta, done+1, done == basic)
			delta = 0
			done++
		}
		if done == len(label) {
			return out, true
		}
		delta++
	}
}

// smallest returns the smallest character that is at least least.
func smallest(label []rune, least rune) rune {
	next := rune(unicode.MaxRune + 1)
	for _, c := range label {
		if c >= least {
			next = min(next, c)
		}
	}
	return next
}

const punyFigures = "abcdefghijklmnopqrstuvwxyz0123456789"

// direction is what the rule for right-to-left labels asks of a character: the classes
// of the Unicode bidirectional algorithm, as far as it tells them apart.
type direction uint8

const (
	leftward       direction = iota // L
	rightward                       // R, AL
	arabicNumber                    // AN
	europeanNumber                  // EN
	neutral                         // ES, CS, ET, ON, BN
	mark                            // NSM
)

// rightBlocks are the blocks whose letters run from right to left.
var rightBlocks = table([2]rune{0x590, 0x8FF}, [2]rune{0xFB1D, 0xFDFF}, [2]rune{0xFE70, 0xFEFF}, [2]rune{0x10800, 0x10FFF}, [2]rune{0x1E800, 0x1EFFF})

// directionOf returns the class of a character that IDNA allows.
func directionOf(c rune) direction {
	switch {
	case c >= utf8.RuneSelf:
		return idnaOf(c).direction
	case c >= '0' && c <= '9':
		return europeanNumber
	case c == '-':
		return neutral
	}
	return leftward // of ASCII, a label has letters besides
}

// deriveDirection is for characters beyond ASCII.
func deriveDirection(c rune) direction {
	switch {
	case c >= 0x6F0 && c <= 0x6F9:
		return europeanNumber
	case c >= 0x660 && c <= 0x669, c >= 0x10D30 && c <= 0x10D39:
		return arabicNumber
	case c == 0xB7, c == 0x375, c == 0x30FB, c == 0x200C, c == 0x200D:
		return neutral
	case unicode.Is(unicode.Mn, c):
		return mark
	case unicode.Is(rightBlocks, c):
		return rightward
	}
	return leftward
}

// keepsDirection checks the rule for a label of a name in which some label runs from
// right to left (RFC 5893, section 2).
func keepsDirection(label []rune) bool {
	first := directionOf(label[0])
	if first != leftward && first != rightward {
		return false
	}
	var has [mark + 1]bool
	last := first
	for _, c := range label {
		d := directionOf(c)
		has[d] = true
		if d != mark {
			last = d
		}
	}
	if first == leftward {
		return !has[rightward] && !has[arabicNumber] && (last == leftward || last == europeanNumber)
	}
	return !has[leftward] && !(has[arabicNumber] && has[europeanNumber]) &&
		(last == rightward || last == europeanNumber || last == arabicNumber)
}
