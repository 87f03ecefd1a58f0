package load

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// file is one file of a document.
type file struct {
	name string // relative to the root folder, with slashes
	size int    // in bytes
	root *Node  // nil when the file could not be read: its diagnostics are out

	found diag.List // what is wrong with a file that could not be read

	scanned bool             // whether anchors is filled
	anchors map[anchor]*Node // $anchor and $dynamicAnchor
}

// anchor is a name within a schema resource: the file, or a schema with an $id.
type anchor struct {
	resource *Node
	name     string
}

// source reads files below one folder, each once. A nil folder has none to give.
type source struct {
	folder *os.Root
	b      budget
	files  map[string]*file
	order  []string
	diags  *diag.List
	cost   *cost.Budget // nil until the entry file has been read
}

// get returns the file name, reading it at its first use. What is wrong with its
// name or its access is returned; what is wrong inside goes to the source's
// diagnostics, and the file has no root then.
func (s *source) get(name string) (*file, error) {
	if f, ok := s.files[name]; ok {
		return f, nil
	}
	if path := metaSchemaPath(name); path != "" {
		data, err := metaSchemas.ReadFile(path)
		if err == nil {
			err = s.take(int64(len(data)))
		}
		if err != nil {
			return nil, err
		}
		return s.parse(name, data), nil
	}
	if s.folder == nil {
		return nil, errors.New("a document read from memory has no other files")
	}
	if s.b.files++; s.b.files > s.b.Files {
		return nil, fmt.Errorf("the document has more than %d files", s.b.Files)
	}
	data, err := s.read(name)
	if err != nil {
		return nil, err
	}
	return s.parse(name, data), nil
}

// read returns the bytes of a file below the root folder. os.Root holds `..` and
// symbolic links inside it.
func (s *source) read(name string) ([]byte, error) {
	info, err := s.folder.Stat(name)
	if err != nil {
		return nil, reason(err)
	}
	// A pipe or a device could block for ever: not even opened.
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := s.folder.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	most := min(s.b.Bytes, s.b.TotalBytes-s.b.bytes)
	// The size is only a hint: what counts is what is read.
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, reason(err)
	}
	if err := s.take(int64(len(data))); err != nil {
		return nil, err
	}
	return data, nil
}

// take takes a file's size from the budget.
func (s *source) take(size int64) error {
	if size > s.b.Bytes {
		return fmt.Errorf("larger than %d bytes", s.b.Bytes)
	}
	if s.b.bytes += size; s.b.bytes > s.b.TotalBytes {
		return fmt.Errorf("the document's files are larger than %d bytes together", s.b.TotalBytes)
	}
	return nil
}

// reason drops the operation and the path from an error, which the diagnostic has.
func reason(err error) error {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("permission denied")
	case errors.As(err, &p) && strings.Contains(p.Err.Error(), "escapes"):
		return errors.New("it leads out of the document's folder")
	case errors.As(err, &p):
		return p.Err
	}
	return err
}

// parse reads data as the file name and keeps it.
func (s *source) parse(name string, data []byte) *file {
	f := &file{name: name, size: len(data)}
	s.files[name] = f
	s.order = append(s.order, name)
	before := len(*s.diags)
	defer func() {
		if f.root == nil {
			f.found = slices.Clone((*s.diags)[before:])
		}
	}()
	text := strings.TrimPrefix(string(data), "\ufeff")
	if at := invalidUTF8(text); at >= 0 {
		d := problem(position(name, text, at), rules.UTF8, "invalid UTF-8")
		if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
			d.Advice = "this is UTF-16: save it as UTF-8"
		}
		s.diags.Add(*d)
		return f
	}
	switch format(name, text) {
	case formatJSON:
		f.root = readJSON(name, text, &s.b, s.diags)
	case formatMaybeJSON:
		// JSON in a file that is called YAML: the strict and cheaper reader first. It
		// must not leave anything behind if the text is YAML after all.
		trial, before := diag.List{}, s.b
		if f.root = readJSON(name, text, &s.b, &trial); f.root == nil {
			s.b = before
			f.root = readYAML(name, text, &s.b, s.diags)
		} else {
			*s.diags = append(*s.diags, trial...)
		}
	case formatYAML:
		f.root = readYAML(name, text, &s.b, s.diags)
	case formatText:
		f.root = &Node{Kind: String, Text: text, Pos: diag.Pos{File: name, Line: 1, Col: 1}}
	}
	return f
}

type fileFormat uint8

const (
	formatYAML fileFormat = iota
	formatJSON
	formatMaybeJSON
	formatText
)

// format tells how a file is written: by its extension, then by its first byte.
func format(name, text string) fileFormat {
	first := strings.TrimLeft(text, " \t\r\n")
	braced := strings.HasPrefix(first, "{") || strings.HasPrefix(first, "[")
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return formatJSON
	case ".md", ".markdown", ".txt":
		return formatText // descriptions are kept in such files
	}
	if braced {
		return formatMaybeJSON
	}
	return formatYAML
}

// invalidUTF8 returns the offset of the first invalid byte, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
}

// position returns the position of a byte in a text.
func position(name, text string, at int) diag.Pos {
	before := text[:at]
	return diag.Pos{
		File: name,
		Line: strings.Count(before, "\n") + 1,
		Col:  at - strings.LastIndexByte(before, '\n'),
	}
}
