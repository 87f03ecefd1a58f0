package runtime

import (
	"bytes"
	"io"
	"strings"
)

// File is a file of a multipart body. What is long of it lies in a temporary file that nobody
// else can open and that is gone after the request: a handler that needs the content for longer
// copies it. Its methods can be used by several goroutines at once.
type File struct {
	// Name is what the client calls the file: the last element of it, without control
	// characters. It may be empty, is not unique, and is no name to store the file under.
	Name string
	// ContentType is what the client calls the content. Unless the document lists what it can
	// be it is anything, and it never says what the content is.
	ContentType string

	fields  map[string]string
	content *io.SectionReader
}

// NewFile returns a file with the given content, for tests of handlers.
func NewFile(name, contentType string, content []byte) File {
	return File{Name: name, ContentType: contentType, content: inMemory(content)}
}

// FileOf returns a file whose part of the body had a header with fields that the document describes,
// by their names in lower case.
func FileOf(name, contentType string, header map[string]string, content *io.SectionReader) File {
	return File{Name: name, ContentType: contentType, fields: header, content: content}
}

func inMemory(content []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content)))
}

// Open returns a reader of the content, from its beginning. Nothing needs to be closed. After the
// request it returns errors.
func (f File) Open() *io.SectionReader {
	if f.content == nil {
		return inMemory(nil)
	}
	return io.NewSectionReader(f.content, 0, f.content.Size())
}

// Size is the length of the content in bytes.
func (f File) Size() int64 {
	if f.content == nil {
		return 0
	}
	return f.content.Size()
}

// Header is a field of the part's header that the document describes, "" when it was not sent.
func (f File) Header(name string) string { return f.fields[strings.ToLower(name)] }
