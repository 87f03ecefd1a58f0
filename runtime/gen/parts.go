package gen

import (
	"errors"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/internal/multipart"
)

// Parts reads the parts of a multipart body (RFC 7578), in their order: fields into memory, at
// most Limits.Fields bytes of them, files into the spool.
type Parts struct {
	call   *Call
	reader *multipart.Reader
	part   *multipart.Part
	count  int
	room   int64 // what may still be kept in memory
	// kept are the fields that are classified, or may be in part: see Call.secrets.
	kept []keptPart
}

// keptPart is a field of a multipart body.
type keptPart struct{ name, value string }

var (
	errParts    = errors.New("runtime: too many parts")
	errPartUTF8 = errors.New("runtime: a part is not UTF-8")
)

// Parts begins to read the body's parts.
func (c *Call) Parts() *Parts {
	p := &Parts{call: c, room: c.op.limits.Fields}
	c.in.parts = p
	if c.in.err = c.hold.Charge(inflight.Memory, partsMemory); c.in.err != nil {
		return p
	}
	_, params, err := mime.ParseMediaType(c.R.Header.Get("Content-Type"))
	if err == nil {
		p.reader, err = multipart.NewReader(c.in.reader, params["boundary"])
	}
	c.in.err = err
	return p
}

// Next moves to the next part. It returns false at the end and after an error, which
// refuses the body.
func (p *Parts) Next() bool {
	if p.call.in.err != nil {
		return false
	}
	part, err := p.reader.Next()
	if err == io.EOF {
		return false
	}
	if p.count++; err == nil && p.count > p.call.op.limits.Parts {
		err = errParts
	}
	if err != nil {
		p.call.in.err = err
		return false
	}
	p.part = part
	return true
}

// Name is the field name of the current part.
func (p *Parts) Name() string { return p.part.Name }

// Is reports whether the current part's media type is one of those in a list, which may have
// ranges. A part without Content-Type is text/plain (RFC 7578, 4.4).
func (p *Parts) Is(types ...string) bool {
	kind := "text/plain"
	if p.part.ContentType != "" {
		var params map[string]string
		var err error
		if kind, params, err = mime.ParseMediaType(p.part.ContentType); err != nil {
			return false
		}
		if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			return false
		}
	}
	for _, t := range types {
		main, any := strings.CutSuffix(t, "/*")
		if t == "*/*" || t == kind || any && strings.HasPrefix(kind, main+"/") {
			return true
		}
	}
	return false
}

// Header makes a field of the current part's header the current value of r, and reports whether
// it is there.
func (p *Parts) Header(r *param.Reader, name string) bool {
	value := p.part.Field(name)
	r.Value("body", p.HeaderName(name), value)
	return value != ""
}

// HeaderName is what a field of the current part's header is called in a problem document.
func (p *Parts) HeaderName(name string) string { return p.part.Name + " " + name }

// Text is the content of the current part as text; what is not UTF-8 refuses the body.
func (p *Parts) Text() string {
	hold := &p.call.hold
	b := bodyReader{r: p.part, left: p.room}
	text, err := b.all(-1, hold)
	if err == nil && !utf8.ValidString(text) {
		err = errPartUTF8
	}
	if err != nil {
		p.call.in.err = err
		return ""
	}
	if p.call.op.classifies("body") {
		p.kept = append(p.kept, keptPart{p.part.Name, text})
	}
	n := int64(len(text))
	p.room -= n
	p.call.read.took(n, n, false)
	if n > chunkSize {
		n = 0 // it is charged by itself
	}
	hold.Release(inflight.Memory, chunkSize-n)
	return text
}

// File is the current part as a file of at most most bytes, or, when that is negative, of what the
// body may have. The fields of the header that are named are kept with it.
func (p *Parts) File(most int64, fields ...string) runtime.File {
	var header map[string]string
	for _, name := range fields {
		if value := p.part.Field(name); value != "" {
			if header == nil {
				header = map[string]string{}
			}
			header[strings.ToLower(name)] = value
		}
	}
	if p.call.in.spool == nil {
		p.call.in.spool = &spool{dir: p.call.server.spoolDir, hold: &p.call.hold}
	}
	content, err := p.call.in.spool.keep(p.part, most)
	if err != nil {
		p.call.in.err = err
		return runtime.File{}
	}
	return runtime.FileOf(p.part.FileName, p.part.ContentType, header, content)
}

// free gives the room of the reader back.
func (p *Parts) free() {
	if p.reader != nil {
		p.reader.Free()
	}
}
