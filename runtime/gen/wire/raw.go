package wire

import (
	"errors"
	"strings"
	"sync"
)

// Raw is the text of one JSON value. As read by a [Decoder] it is well-formed,
// without member names that occur twice, and without white space around it. The
// zero value stands for null.
type Raw string

// Raw reads any value as it is spelled. It is a sub-slice of the text.
func (d *Decoder) Raw() Raw {
	d.space()
	start := d.i
	d.skip()
	if d.stopped {
		return ""
	}
	return Raw(d.s[start:d.i])
}

// Text is the characters of r, which must be a well-formed string.
func (r Raw) Text() string {
	s := string(r[1 : len(r)-1])
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return string(unescape(make([]byte, 0, len(s)), s))
}

// Check returns nil if r is one well-formed value within the default limits,
// and a [*SyntaxError] otherwise.
func (r Raw) Check() error {
	d := checkers.Get().(*Decoder)
	d.Reset(string(r), Limits{})
	d.skip()
	d.End()
	err := d.Err()
	d.Reset("", Limits{})
	checkers.Put(d)
	return err
}

// checkers are decoders between two calls of Check.
var checkers = sync.Pool{New: func() any { return new(Decoder) }}

// MarshalJSON returns r, which must be well-formed.
func (r Raw) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("null"), nil
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	return []byte(r), nil
}

// UnmarshalJSON copies b, which must be well-formed.
func (r *Raw) UnmarshalJSON(b []byte) error {
	if r == nil {
		return errors.New("wire: UnmarshalJSON of a nil Raw")
	}
	var d Decoder
	d.Reset(string(b), Limits{})
	v := d.Raw()
	d.End()
	if err := d.Err(); err != nil {
		return err
	}
	*r = v
	return nil
}
