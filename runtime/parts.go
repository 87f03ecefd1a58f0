package runtime

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"unicode/utf8"
)

// maxParts bounds the parts of a multipart body.
const maxParts = 1000

// File is a file of a multipart body, or of a handler's answer. Its content is in
// memory: it is bounded by the operation's body limit.
type File struct {
	// Name is the file name that the client gave: not a path, and not to be trusted.
	Name string
	// ContentType is what the client called it: not to be trusted either.
	ContentType string
	content     []byte
}

// NewFile returns a file with the given content.
func NewFile(name, contentType string, content []byte) File { return File{name, contentType, content} }

// Open returns a reader of the content.
func (f File) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.content)), nil }

// Size is the length of the content in bytes.
func (f File) Size() int64 { return int64(len(f.content)) }

// Bytes returns the content. It must not be changed.
func (f File) Bytes() []byte { return f.content }

// Parts reads the parts of a multipart/form-data body (RFC 7578), in their order.
type Parts struct {
	call   *Call
	reader *multipart.Reader
	part   *multipart.Part
	count  int
}

// Parts begins to read the body's parts.
func (c *Call) Parts() *Parts {
	p := &Parts{call: c}
	c.parts = p
	_, params, err := mime.ParseMediaType(c.R.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" || len(params["boundary"]) > 70 { // RFC 2046, 5.1.1
		c.bodyErr = errors.New("runtime: a multipart body without a boundary")
		return p
	}
	p.reader = multipart.NewReader(c.reader, params["boundary"])
	return p
}

// Next moves to the next part. It returns false at the end and after an error, which
// refuses the body.
func (p *Parts) Next() bool {
	p.close()
	if p.reader == nil || p.call.bodyErr != nil {
		return false
	}
	part, err := p.reader.NextRawPart()
	if err == io.EOF {
		p.call.bodyErr = p.call.reader.rest()
		return false
	}
	if p.count++; err == nil && p.count > maxParts {
		err = errors.New("runtime: too many parts")
	}
	if err == nil && (part.FormName() == "" || !utf8.ValidString(part.FormName()) || part.Header.Get("Content-Transfer-Encoding") != "") {
		err = errors.New("runtime: a part without a name, or in an encoding") // RFC 7578, 4.2 and 4.7
	}
	if err != nil {
		p.call.bodyErr = err
		return false
	}
	p.part = part
	return true
}

// Name is the field name of the current part.
func (p *Parts) Name() string { return p.part.FormName() }

// Text is the content of the current part as text; what is not UTF-8 refuses the body.
func (p *Parts) Text() string {
	b := p.read()
	if !utf8.Valid(b) {
		p.call.bodyErr = errors.New("runtime: a part is not UTF-8")
		return ""
	}
	return string(b)
}

// File is the current part as a file.
func (p *Parts) File() File {
	return File{Name: p.part.FileName(), ContentType: p.part.Header.Get("Content-Type"), content: p.read()}
}

func (p *Parts) read() []byte {
	b, err := io.ReadAll(p.part)
	if err != nil {
		p.call.bodyErr = err
		return nil
	}
	return b
}

func (p *Parts) close() {
	if p.part != nil {
		_ = p.part.Close() // reads to the part's end; an error shows at the next one
		p.part = nil
	}
}

// rest reads what follows the last part: an epilogue may stand there (RFC 2046,
// 5.1.1), within the limit.
func (b *bodyReader) rest() error {
	_, err := io.Copy(io.Discard, b)
	return err
}
