// Package multipart reads multipart bodies (RFC 2046, 5.1) of forms (RFC 7578) more strictly
// than package mime/multipart: whatever another reader could divide, name or decode in another
// way is refused. Nothing stands before the first delimiter or behind the last, delimiters are
// whole lines that end in CRLF, headers are short, not folded and not repeated, and names need
// no decoding.
package multipart

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	window     = 32 << 10 // how much is looked at; longer than a delimiter and a header
	maxHeader  = 8 << 10  // bytes of a part's header
	maxFields  = 16       // of a part's header
	maxNameLen = 256
)

// Error is a fault of a body that is not as it has to be. Its text may be told to the client.
type Error struct{ detail string }

// Error is the detail, with the package's name.
func (e *Error) Error() string { return "multipart: " + e.detail }

// Detail says what is wrong, in words that hold nothing of the body.
func (e *Error) Detail() string { return e.detail }

// The faults.
var (
	ErrBoundary    = &Error{"the boundary is not valid"}
	ErrDelimiter   = &Error{"a delimiter is not a line of its own with CRLF at both ends, or something stands before the first part or behind the last"}
	ErrHeader      = &Error{"the header of a part is not valid"}
	ErrDisposition = &Error{"a part has no valid Content-Disposition of a form"}
	ErrEscape      = &Error{"a name in a Content-Disposition has an escape that readers differ about"}
	ErrExtended    = &Error{"forms must not have filename* (RFC 7578, 4.2), unless a filename beside it names the same"}
	ErrFileName    = &Error{"a file name has characters that are not seen, or is not one"}
	ErrEncoding    = &Error{"a part is in a transfer encoding"}
)

// Reader reads the parts of one body, in their order. It is not safe for concurrent use.
type Reader struct {
	buf  *bufio.Reader
	line []byte // CRLF, two hyphens, and the boundary
	part *Part
	err  error
}

var windows = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, window) }}

// NewReader returns a reader of r, which has the given boundary. Free gives back its room.
func NewReader(r io.Reader, boundary string) (*Reader, error) {
	if !validBoundary(boundary) {
		return nil, ErrBoundary
	}
	buf := windows.Get().(*bufio.Reader)
	buf.Reset(r)
	return &Reader{buf: buf, line: []byte("\r\n--" + boundary)}, nil
}

// Free ends the reading: nothing can be read any more.
func (r *Reader) Free() {
	if r.buf != nil {
		r.buf.Reset(nil)
		windows.Put(r.buf)
		r.buf, r.err = nil, io.ErrClosedPipe
	}
}

// validBoundary holds a boundary to RFC 2046, 5.1.1.
func validBoundary(s string) bool {
	if s == "" || len(s) > 70 || s[len(s)-1] == ' ' {
		return false
	}
	for _, c := range []byte(s) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("'()+_,-./:=? ", c) < 0 {
			return false
		}
	}
	return true
}

// Next returns the next part, or io.EOF behind the last delimiter. What was not read of the
// part before is passed over. After an error there is no other part.
func (r *Reader) Next() (*Part, error) {
	if r.err == nil {
		r.part, r.err = r.next()
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.part, nil
}

func (r *Reader) next() (*Part, error) {
	if r.part != nil {
		if _, err := r.part.WriteTo(io.Discard); err != nil {
			return nil, err
		}
	} else if err := r.first(); err != nil {
		return nil, err
	}
	end, err := r.buf.Peek(2)
	switch {
	case err != nil:
		return nil, noEOF(err)
	case string(end) == "--":
		_, _ = r.buf.Discard(2)
		return nil, r.last()
	case string(end) != "\r\n":
		return nil, ErrDelimiter
	}
	_, _ = r.buf.Discard(2)
	p := &Part{reader: r}
	if err := p.header(); err != nil {
		return nil, err
	}
	return p, nil
}

// first reads the first delimiter, before which there may be a line end.
func (r *Reader) first() error {
	if lead, _ := r.buf.Peek(2); string(lead) != "\r\n" {
		return r.skip(r.line[2:])
	}
	return r.skip(r.line)
}

func (r *Reader) skip(text []byte) error {
	got, err := r.buf.Peek(len(text))
	switch {
	case err != nil:
		return noEOF(err)
	case !bytes.Equal(got, text):
		return ErrDelimiter
	}
	_, _ = r.buf.Discard(len(text))
	return nil
}

// last holds that nothing but a line end follows.
func (r *Reader) last() error {
	rest, err := r.buf.Peek(3)
	if err == nil || len(rest) > 0 && string(rest) != "\r\n" {
		return ErrDelimiter
	}
	return err // io.EOF, unless reading failed
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Field is one field of a part's header.
type Field struct{ Name, Value string }

// Part is one part of a body.
type Part struct {
	// Name is the field name of the form.
	Name string
	// FileName is what the client calls the file, without its path; "" for none.
	FileName string
	// ContentType is the field Content-Type as it was sent, "" for none.
	ContentType string
	// Fields are the other fields.
	Fields []Field

	reader *Reader
	ended  bool
}

// header reads the part's header, up to the empty line.
func (p *Part) header() error {
	size := 0
	for {
		line, err := p.reader.buf.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull:
			return ErrHeader
		case err != nil:
			return noEOF(err)
		}
		if size += len(line); size > maxHeader || len(line) < 2 || line[len(line)-2] != '\r' || !utf8.Valid(line) {
			return ErrHeader
		}
		if line = line[:len(line)-2]; len(line) == 0 {
			break
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok || !isToken(name) || len(p.Fields) == maxFields || p.Field(name) != "" {
			return ErrHeader
		}
		if value = strings.Trim(value, " \t"); value == "" || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
			return ErrHeader
		}
		p.Fields = append(p.Fields, Field{name, value})
	}
	// Other readers take a delimiter right behind the header for the part's end.
	if start, _ := p.reader.buf.Peek(len(p.reader.line) - 2); bytes.Equal(start, p.reader.line[2:]) {
		return ErrDelimiter
	}
	switch strings.ToLower(p.Field("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary": // nothing is encoded (RFC 2045, 6.2)
	default:
		return ErrEncoding
	}
	p.ContentType = p.Field("Content-Type")
	return p.disposition(p.Field("Content-Disposition"))
}

// Field is the value of a field, "" when there is none.
func (p *Part) Field(name string) string {
	for _, f := range p.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// content is what is known to be of the part's content, without reading twice. It is
// valid until the next read. With it comes io.EOF at the end.
func (p *Part) content() ([]byte, error) {
	if p.ended {
		return nil, io.EOF
	}
	r := p.reader
	if r.buf == nil {
		return nil, r.err
	}
	seen, err := r.buf.Peek(window)
	i := bytes.Index(seen, r.line[1:])
	switch {
	case i >= 0 && (i == 0 || seen[i-1] != '\r'):
		return nil, ErrDelimiter // other readers end the part here
	case i > 1:
		return seen[:i-1], nil
	case i == 1:
		p.ended = true
		_, _ = r.buf.Discard(len(r.line))
		return nil, io.EOF
	case err != nil:
		return nil, noEOF(err)
	}
	return seen[:len(seen)-len(r.line)+1], nil
}

// Read reads from the part's content.
func (p *Part) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	content, err := p.content()
	n := copy(b, content)
	if n > 0 {
		_, _ = p.reader.buf.Discard(n)
	}
	return n, err
}

// WriteTo writes all that is left of the part's content.
func (p *Part) WriteTo(w io.Writer) (int64, error) {
	var sum int64
	for {
		content, err := p.content()
		if err == io.EOF {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
		n, err := w.Write(content)
		sum += int64(n)
		if err != nil {
			return sum, err
		}
		_, _ = p.reader.buf.Discard(len(content))
	}
}
