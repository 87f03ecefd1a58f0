package wire

import (
	"strings"
	"sync/atomic"
	"unicode"
)

// isALabel reports whether label, which has hyphens in its third and fourth
// place, is an A-label: its Punycode (RFC 3492) decodes to a U-label. That encodes to the same again, since
// punycode takes one spelling of a label only. The rule for right-to-left labels (RFC 5893) is about whole names:
// see IsIDNHostname.
func isALabel(label string) bool {
	var room [maxLabel]rune
	_, ok := decodeALabel(room[:0], label)
	return ok
}

// decodeALabel appends the U-label.
func decodeALabel(dst []rune, label string) ([]rune, bool) {
	if len(label) < 5 || label[0]|0x20 != 'x' || label[1]|0x20 != 'n' || label[2] != '-' || label[3] != '-' {
		return dst, false
	}
	from := len(dst)
	dst, ok := punycode(dst, label[4:])
	return dst, ok && isULabel(dst[from:])
}

// isULabel reports whether r is a label of code points that IDNA 2008 allows (RFC
// 5892), in the contexts it asks for. The properties are those of package unicode,
// which has no tables for normalisation: compatibility forms are told by their blocks.
func isULabel(r []rune) bool {
	if len(r) == 0 || r[0] == '-' || r[len(r)-1] == '-' || unicode.Is(unicode.M, r[0]) {
		return false
	}
	if len(r) > 3 && r[2] == '-' && r[3] == '-' {
		return false
	}
	l := idnaLabel{runes: r}
	for i := range r {
		if !l.allows(i) {
			return false
		}
	}
	return true
}

// idnaLabel is a label whose code points are looked at one after the other.
type idnaLabel struct {
	runes []rune
	asked bool // has is known
	has   idnaTraits
}

// The parameters of Punycode (RFC 3492, section 5).
const (
	punyBase, punyMin, punyMax, punySkew, punyDamp, punyBias = 36, 1, 26, 38, 700, 72
)

// punyAdapt is the next bias (RFC 3492, section 6.1).
func punyAdapt(delta, size int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += int(uint32(delta) / uint32(size)) // a label's deltas are below 1<<31
	k := 0
	for ; delta > (punyBase-punyMin)*punyMax/2; k += punyBase {
		delta /= punyBase - punyMin
	}
	// At most 36*455 over 493: 32 bits are divided in a third of the time that 64 take.
	return k + int(uint32((punyBase-punyMin+1)*delta)/uint32(delta+punySkew))
}

// punycode appends to dst what s means, which is ASCII and at most 59 bytes long (RFC 3492,
// section 6.2). It must hold at least one character beyond ASCII. But for case it takes one spelling of each label: a
// number has one sequence of digits, the characters come in the order of their code points and places, and without ASCII
// characters there is no delimiter.
func punycode(dst []rune, s string) ([]rune, bool) {
	from := len(dst)
	if i := strings.LastIndexByte(s, '-'); i == 0 {
		return dst, false
	} else if i > 0 {
		for j := range i {
			dst = append(dst, rune(lower(s[j])))
		}
		s = s[i+1:]
	}
	if s == "" {
		return dst, false
	}
	n, at, bias := rune(128), 0, punyBias
	for first := true; s != ""; first = false {
		old, weight := at, 1
		for k := punyBase; ; k += punyBase {
			digit := -1
			if s != "" {
				digit = punyDigit(s[0])
			}
			if digit < 0 {
				return dst, false
			}
			s = s[1:]
			if at += digit * weight; at > 1<<26 {
				return dst, false
			}
			t := min(max(k-bias, punyMin), punyMax)
			if digit < t {
				break
			}
			if weight *= punyBase - t; weight > 1<<26 {
				return dst, false
			}
		}
		size := len(dst) - from + 1
		bias = punyAdapt(at-old, size, first)
		turns := int(uint32(at) / uint32(size)) // at is at most 1<<26
		if n += rune(turns); n > unicode.MaxRune {
			return dst, false
		}
		at -= turns * size
		dst = append(dst, 0)
		out := dst[from:]
		copy(out[at+1:], out[at:])
		out[at] = n
		at++
	}
	return dst, true
}

func punyDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c | 0x20 - 'a')
	}
	return -1
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// allows reports whether the code point at i may stand there (RFC 5892,
// section 3, with the exceptions of 2.6 and the contexts of appendix A).
func (l *idnaLabel) allows(i int) bool {
	switch c := l.runes[i]; {
	case c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		return true
	case c < 0x80:
		return false
	default:
		class := idnaOf(c).class
		return class == idnaValid || class == idnaContextual && l.inContext(i)
	}
}

// idnaClass is what RFC 5892 derives for a code point.
type idnaClass uint8

const (
	idnaInvalid idnaClass = iota
	idnaValid
	idnaContextual // CONTEXTJ and CONTEXTO
)

// idnaTraits are what contexts ask of the code points around.
type idnaTraits uint8

const (
	idnaKana       idnaTraits = 1 << iota // Hiragana, Katakana, Han
	idnaVirama                            // canonical combining class 9
	idnaMark                              // Mn
	idnaJoinsLeft                         // an Arabic letter that joins to the one after it
	idnaJoinsRight                        // one that joins to the one before it
	idnaArabicDigit
	idnaExtendedDigit
)

// idnaPoint is what is known of a code point.
type idnaPoint struct {
	class     idnaClass
	direction direction
	traits    idnaTraits
}

// idnaBlocks are the code points of the planes that have letters, 256 at a time, as far as they have been
// asked for: there are twelve tables to look into for each. All of them take half a megabyte.
var idnaBlocks [idnaEnd >> 8]atomic.Pointer[[256]idnaPoint]

// idnaEnd is where the last letter is behind: what follows is for private use, or selects variants.
const idnaEnd = 0x40000

// idnaOf looks up a code point.
func idnaOf(c rune) idnaPoint {
	if c >= idnaEnd {
		return idnaPoint{class: idnaInvalid, direction: leftward}
	}
	block := idnaBlocks[c>>8].Load()
	if block == nil {
		block = new([256]idnaPoint)
		for i := range block {
			at := c&^0xFF + rune(i)
			block[i] = idnaPoint{deriveIDNA(at), deriveDirection(at), deriveTraits(at)}
		}
		idnaBlocks[c>>8].Store(block)
	}
	return block[c&0xFF]
}

func deriveIDNA(c rune) idnaClass {
	switch {
	case c == 0xDF, c == 0x3C2, c == 0x6FD, c == 0x6FE, c == 0xF0B, c == 0x3007:
		return idnaValid
	case unicode.Is(idnaContext, c):
		return idnaContextual
	case unicode.Is(idnaDisallowed, c),
		unicode.In(c, unicode.White_Space, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point),
		unicode.ToLower(c) != c:
		return idnaInvalid
	case unicode.In(c, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Nd, unicode.Mn, unicode.Mc):
		return idnaValid
	}
	return idnaInvalid
}

func deriveTraits(c rune) (t idnaTraits) {
	if unicode.In(c, unicode.Hiragana, unicode.Katakana, unicode.Han) {
		t |= idnaKana
	}
	if unicode.Is(viramas, c) {
		t |= idnaVirama
	}
	if unicode.Is(unicode.Mn, c) {
		t |= idnaMark
	}
	if unicode.Is(unicode.Arabic, c) && unicode.Is(unicode.Lo, c) && c != 0x621 && c != 0x674 {
		t |= idnaJoinsRight
		if !unicode.Is(rightJoining, c) {
			t |= idnaJoinsLeft
		}
	}
	switch {
	case c >= 0x660 && c <= 0x669:
		t |= idnaArabicDigit
	case c >= 0x6F0 && c <= 0x6F9:
		t |= idnaExtendedDigit
	}
	return t
}

func (l *idnaLabel) inContext(i int) bool {
	var before, after rune
	if i > 0 {
		before = l.runes[i-1]
	}
	if i+1 < len(l.runes) {
		after = l.runes[i+1]
	}
	switch c := l.runes[i]; {
	case c == 0xB7: // middle dot
		return before == 'l' && after == 'l'
	case c == 0x375: // Greek keraia
		return unicode.Is(unicode.Greek, after)
	case c == 0x5F3, c == 0x5F4: // geresh, gershayim
		return unicode.Is(unicode.Hebrew, before)
	case c == 0x30FB: // katakana middle dot
		return l.any(idnaKana)
	case c == 0x200D:
		return idnaOf(before).traits&idnaVirama != 0
	case c == 0x200C:
		return idnaOf(before).traits&idnaVirama != 0 || l.joins(i)
	case c >= 0x660 && c <= 0x669: // Arabic-Indic digits: one kind only
		return !l.any(idnaExtendedDigit)
	}
	return !l.any(idnaArabicDigit)
}

// any reports whether a code point of the label has a trait. All are looked at once for a label.
func (l *idnaLabel) any(t idnaTraits) bool {
	if !l.asked {
		l.asked = true
		for _, c := range l.runes {
			l.has |= idnaOf(c).traits
		}
	}
	return l.has&t != 0
}

// joins reports whether the letters around i would join without it: one that
// joins to the left before, one that joins to the right after, marks aside. It
// knows the Arabic script, where the rule matters.
func (l *idnaLabel) joins(i int) bool {
	j := i - 1
	for j >= 0 && idnaOf(l.runes[j]).traits&idnaMark != 0 {
		j--
	}
	k := i + 1
	for k < len(l.runes) && idnaOf(l.runes[k]).traits&idnaMark != 0 {
		k++
	}
	return j >= 0 && k < len(l.runes) &&
		idnaOf(l.runes[j]).traits&idnaJoinsLeft != 0 && idnaOf(l.runes[k]).traits&idnaJoinsRight != 0
}

func table(ranges ...[2]rune) *unicode.RangeTable {
	t := &unicode.RangeTable{}
	for _, r := range ranges {
		if r[1] <= 0xFFFF {
			t.R16 = append(t.R16, unicode.Range16{Lo: uint16(r[0]), Hi: uint16(r[1]), Stride: 1})
		} else {
			t.R32 = append(t.R32, unicode.Range32{Lo: uint32(r[0]), Hi: uint32(r[1]), Stride: 1})
		}
	}
	return t
}

var (
	idnaContext = table([2]rune{0xB7, 0xB7}, [2]rune{0x375, 0x375}, [2]rune{0x5F3, 0x5F4},
		[2]rune{0x660, 0x669}, [2]rune{0x6F0, 0x6F9}, [2]rune{0x200C, 0x200D}, [2]rune{0x30FB, 0x30FB})

	// Exceptions, old Hangul jamo, ignorable blocks, and the blocks of
	// compatibility forms, which normalisation changes.
	idnaDisallowed = table(
		[2]rune{0xAA, 0xAA}, [2]rune{0xB5, 0xB5}, [2]rune{0xBA, 0xBA}, [2]rune{0x132, 0x133},
		[2]rune{0x13F, 0x140}, [2]rune{0x149, 0x149}, [2]rune{0x17F, 0x17F}, [2]rune{0x1C4, 0x1CC},
		[2]rune{0x1F1, 0x1F3}, [2]rune{0x2B0, 0x2B8}, [2]rune{0x2E0, 0x2E4}, [2]rune{0x340, 0x345},
		[2]rune{0x37A, 0x37A}, [2]rune{0x3D0, 0x3D6}, [2]rune{0x3F0, 0x3F2}, [2]rune{0x3F5, 0x3F5},
		[2]rune{0x587, 0x587}, [2]rune{0x640, 0x640}, [2]rune{0x675, 0x678}, [2]rune{0x7FA, 0x7FA},
		[2]rune{0x958, 0x95F}, [2]rune{0xE33, 0xE33}, [2]rune{0xEB3, 0xEB3}, [2]rune{0xEDC, 0xEDD},
		[2]rune{0x1100, 0x11FF}, [2]rune{0x1D2C, 0x1D6A}, [2]rune{0x1E9A, 0x1E9B}, [2]rune{0x2071, 0x209C},
		[2]rune{0x20D0, 0x20FF}, [2]rune{0x2100, 0x214D}, [2]rune{0x2150, 0x218F},
		[2]rune{0x302E, 0x302F}, [2]rune{0x3031, 0x3035}, [2]rune{0x303B, 0x303B}, [2]rune{0x309B, 0x309F},
		[2]rune{0x30FF, 0x30FF}, [2]rune{0x3130, 0x319F}, [2]rune{0x3200, 0x33FF}, [2]rune{0xA960, 0xA97F},
		[2]rune{0xD7B0, 0xD7FF}, [2]rune{0xF900, 0xFAFF}, [2]rune{0xFB00, 0xFDFF}, [2]rune{0xFE00, 0xFE0F},
		[2]rune{0xFE30, 0xFEFF}, [2]rune{0xFF00, 0xFFEF}, [2]rune{0x1D100, 0x1D24F}, [2]rune{0x1D400, 0x1D7FF},
		[2]rune{0x1EE00, 0x1EEFF}, [2]rune{0x1F100, 0x1F2FF}, [2]rune{0x2F800, 0x2FA1F})

	// Canonical combining class 9.
	viramas = table(
		[2]rune{0x94D, 0x94D}, [2]rune{0x9CD, 0x9CD}, [2]rune{0xA4D, 0xA4D}, [2]rune{0xACD, 0xACD},
		[2]rune{0xB4D, 0xB4D}, [2]rune{0xBCD, 0xBCD}, [2]rune{0xC4D, 0xC4D}, [2]rune{0xCCD, 0xCCD},
		[2]rune{0xD3B, 0xD3C}, [2]rune{0xD4D, 0xD4D}, [2]rune{0xDCA, 0xDCA}, [2]rune{0xE3A, 0xE3A},
		[2]rune{0xEBA, 0xEBA}, [2]rune{0xF84, 0xF84}, [2]rune{0x1039, 0x103A}, [2]rune{0x1714, 0x1715},
		[2]rune{0x1734, 0x1734}, [2]rune{0x17D2, 0x17D2}, [2]rune{0x1A60, 0x1A60}, [2]rune{0x1B44, 0x1B44},
		[2]rune{0x1BAA, 0x1BAB}, [2]rune{0x1BF2, 0x1BF3}, [2]rune{0x2D7F, 0x2D7F}, [2]rune{0xA806, 0xA806},
		[2]rune{0xA82C, 0xA82C}, [2]rune{0xA8C4, 0xA8C4}, [2]rune{0xA953, 0xA953}, [2]rune{0xA9C0, 0xA9C0},
		[2]rune{0xAAF6, 0xAAF6}, [2]rune{0xABED, 0xABED}, [2]rune{0x10A3F, 0x10A3F}, [2]rune{0x11046, 0x11046},
		[2]rune{0x11070, 0x11070}, [2]rune{0x1107F, 0x1107F}, [2]rune{0x110B9, 0x110B9}, [2]rune{0x11133, 0x11134},
		[2]rune{0x111C0, 0x111C0}, [2]rune{0x11235, 0x11235}, [2]rune{0x112EA, 0x112EA}, [2]rune{0x1134D, 0x1134D},
		[2]rune{0x11442, 0x11442}, [2]rune{0x114C2, 0x114C2}, [2]rune{0x115BF, 0x115BF}, [2]rune{0x1163F, 0x1163F},
		[2]rune{0x116B6, 0x116B6}, [2]rune{0x1172B, 0x1172B}, [2]rune{0x11839, 0x11839}, [2]rune{0x1193D, 0x1193E},
		[2]rune{0x119E0, 0x119E0}, [2]rune{0x11A34, 0x11A34}, [2]rune{0x11A47, 0x11A47}, [2]rune{0x11A99, 0x11A99},
		[2]rune{0x11C3F, 0x11C3F}, [2]rune{0x11D44, 0x11D45}, [2]rune{0x11D97, 0x11D97})

	// Arabic letters that join to the letter before them only.
	rightJoining = table([2]rune{0x622, 0x625}, [2]rune{0x627, 0x627}, [2]rune{0x629, 0x629}, [2]rune{0x62F, 0x632},
		[2]rune{0x648, 0x648}, [2]rune{0x671, 0x673}, [2]rune{0x675, 0x677}, [2]rune{0x688, 0x699},
		[2]rune{0x6C0, 0x6C0}, [2]rune{0x6C3, 0x6CB}, [2]rune{0x6CD, 0x6CD}, [2]rune{0x6CF, 0x6CF},
		[2]rune{0x6D2, 0x6D3}, [2]rune{0x6D5, 0x6D5}, [2]rune{0x6EE, 0x6EF})
)
