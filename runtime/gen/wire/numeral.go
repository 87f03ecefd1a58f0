package wire

// Numeral is a number of a text that is read once to be asked several times. It does not keep the text,
// which each question takes again.
type Numeral struct {
	short short
	fits  bool // short has all of it
}

// ReadNumeral reads text.
func ReadNumeral(text string) (n Numeral) {
	n.short, n.fits = shortNumber(text)
	return n
}

// Compare is [CompareNumber].
func (n *Numeral) Compare(text, bound string) int {
	if n.fits {
		if other, ok := shortNumber(bound); ok {
			return n.short.compare(other)
		}
	}
	return compareLong(text, bound)
}

// MultipleOf is [MultipleOfNumber].
func (n *Numeral) MultipleOf(text, of string) bool {
	if n.fits {
		if other, ok := shortNumber(of); ok {
			return n.short.multipleOf(other)
		}
	}
	return isNumber(text) && multipleOf(parseDecimal(text), of)
}

// Integer is [IsInteger].
func (n *Numeral) Integer(text string) bool {
	if n.fits {
		return n.short.n%tens[n.short.scale] == 0
	}
	return isNumber(text) && parseDecimal(text).integral()
}
