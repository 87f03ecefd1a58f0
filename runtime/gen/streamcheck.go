package gen

import (
	"errors"
	"io"
	"unicode/utf8"
)

var (
	errTooShort = errors.New("runtime: the body is too short")
	errNotUTF8  = errors.New("runtime: the body is not UTF-8")
)

// StreamWithin is Stream for a body whose length the document bounds: in characters where it
// is text, which must be UTF-8, else in bytes. A negative most is no bound. What breaks the
// bounds, or is no text, is an error of the reader, which the caller sees whatever the
// handler makes of it: 413 for too much, 422 for too little, 400 for no text.
func (c *Call) StreamWithin(text bool, least, most int64) io.Reader {
	c.in.reader.check = &streamCheck{text: text, least: least, most: most}
	return c.in.reader
}

// streamCheck looks at a body while it is read.
type streamCheck struct {
	text        bool
	least, most int64
	n           int64
	cut         [utf8.UTFMax]byte // the beginning of a character
	have        int
}

// see looks at the next bytes; end says that they are the last.
func (s *streamCheck) see(b []byte, end bool) error {
	if !s.text {
		s.n += int64(len(b))
	} else if err := s.characters(b); err != nil {
		return err
	}
	switch {
	case s.most >= 0 && s.n > s.most:
		return errTooLarge
	case end && s.have > 0:
		return errNotUTF8
	case end && s.n < s.least:
		return errTooShort
	}
	return nil
}

// characters counts characters, and keeps the beginning of one that the next bytes end.
func (s *streamCheck) characters(b []byte) error {
	for s.have > 0 && len(b) > 0 {
		s.cut[s.have] = b[0]
		s.have, b = s.have+1, b[1:]
		if utf8.FullRune(s.cut[:s.have]) {
			if r, _ := utf8.DecodeRune(s.cut[:s.have]); r == utf8.RuneError && !isReplacement(s.cut[:s.have]) {
				return errNotUTF8
			}
			s.have = 0
			s.n++
		}
	}
	tail := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if at := len(b) - i; utf8.RuneStart(b[at]) {
			if !utf8.FullRune(b[at:]) {
				tail = at
			}
			break
		}
	}
	if !utf8.Valid(b[:tail]) {
		return errNotUTF8
	}
	s.n += int64(utf8.RuneCount(b[:tail]))
	s.have += copy(s.cut[s.have:], b[tail:])
	return nil
}

// isReplacement reports whether b is U+FFFD itself, which decoding returns for what is wrong.
func isReplacement(b []byte) bool { return string(b) == "\uFFFD" }
