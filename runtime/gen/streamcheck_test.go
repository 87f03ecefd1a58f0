package gen

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func checked(s string, text bool, least, most int64, wrap func(io.Reader) io.Reader) error {
	r := &bodyReader{r: wrap(strings.NewReader(s)), left: 1 << 20, check: &streamCheck{text: text, least: least, most: most}}
	_, err := io.Copy(io.Discard, r)
	return err
}

func TestStreamCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s           string
		text        bool
		least, most int64
		want        error
	}{
		{"", true, 0, -1, nil},
		{"", false, 1, -1, errTooShort},
		{"ab", false, 2, 2, nil},
		{"abc", false, 0, 2, errTooLarge},
		{"é", false, 0, 1, errTooLarge},
		{"é", true, 1, 1, nil},
		{"é", true, 2, -1, errTooShort},
		{"é€😀\uFFFD", true, 4, 4, nil},
		{"é€😀", true, 0, 2, errTooLarge},
		{"a\xff", true, 0, -1, errNotUTF8},
		{"\xff", false, 0, -1, nil},
		{"a\xf0\x9f\x98", true, 0, -1, errNotUTF8},
		{"\xed\xa0\x80", true, 0, -1, errNotUTF8}, // a surrogate
		{"\xc0\x80", true, 0, -1, errNotUTF8},
		{strings.Repeat("😀", 100_000), true, 100_000, 100_000, nil},
	} {
		for _, wrap := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			if err := checked(c.s, c.text, c.least, c.most, wrap); !errors.Is(err, c.want) {
				t.Errorf("%.20q %v %d-%d: %v, want %v", c.s, c.text, c.least, c.most, err, c.want)
			}
		}
	}
}

// FuzzStreamCheck: what comes byte by byte is judged as what is there at once.
func FuzzStreamCheck(f *testing.F) {
	f.Add("a\u00e9\U0001F600\xff")
	f.Fuzz(func(t *testing.T, s string) {
		for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader} {
			if err := checked(s, true, 0, -1, wrap); (err == nil) != utf8.ValidString(s) {
				t.Errorf("%q: %v", s, err)
			}
			if n := int64(utf8.RuneCountInString(s)); utf8.ValidString(s) && checked(s, true, n, n, wrap) != nil {
				t.Errorf("%q is not of %d characters", s, n)
			}
		}
	})
}
