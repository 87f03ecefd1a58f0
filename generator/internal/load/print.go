package load

import (
	"errors"
	"net/url"
	"path"
	"path/filepath"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/rules"
)

// JSON returns one of the Files as JSON text: in the document's own order, numbers as written, no white
// space. Swagger 2.0 is printed as the OpenAPI 3.0 that it was converted to.
//
// A reader that only knows references to files and JSON pointers finds the same nodes. Each reference is
// printed so, whatever the document writes: an $anchor, an $id, a name in a discriminator's mapping. A
// reference to a text, an operation, or a whole map or list, is replaced by its target. A part that the document
// does not use can refer to files that Load has not read: these references become {}.
//
// The error is of a text that becomes much larger than the file, where references to maps lead to maps.
func (d *Document) JSON(name string) ([]byte, error) {
	f := d.files[name]
	if f == nil || f.root == nil {
		return nil, errors.New(name + " is no file of the document")
	}
	p := printer{doc: d, folder: path.Dir(name), file: name, most: 8*f.size + 1<<20}
	p.node(f.root)
	if len(p.out) > p.most {
		return nil, errors.New(name + " becomes too large where references to maps are replaced by the maps")
	}
	return p.out, nil
}

// printer writes the nodes of one file.
type printer struct {
	doc          *Document
	folder, file string
	out          []byte
	most         int     // the bytes that end it
	active       []*Node // targets that are being put in the place of references
}

func (p *printer) node(n *Node) {
	if len(p.out) > p.most {
		return
	}
	r := p.doc.refs[n]
	led := r != nil && r.target != nil
	switch {
	case led && n.Kind == Object && p.replaces(n, r):
		p.active = append(p.active, r.target)
		p.node(r.target)
		p.active = p.active[:len(p.active)-1]
	case r == nil && p.strays(n):
		p.out = append(p.out, "{}"...)
	case led && n.Kind == String:
		p.out = appendQuoted(p.out, p.address(r.target))
	case led && r.place.role == roleText && r.target.Kind == String:
		p.out = appendQuoted(p.out, r.target.Text)
	case n.Kind == Null:
		p.out = append(p.out, "null"...)
	case n.Kind == Bool, n.Kind == Number:
		p.out = append(p.out, n.Text...)
	case n.Kind == String:
		p.out = appendQuoted(p.out, n.Text)
	case n.Kind == Array:
		p.out = append(p.out, '[')
		for i, item := range n.Items {
			p.comma(i)
			p.node(item)
		}
		p.out = append(p.out, ']')
	default:
		p.out = append(p.out, '{')
		for i, m := range n.Members {
			p.comma(i)
			p.out = append(appendQuoted(p.out, m.Key), ':')
			if led && m.Key == "$ref" {
				p.out = appendQuoted(p.out, p.address(r.target))
			} else {
				p.node(m.Value)
			}
		}
		p.out = append(p.out, '}')
	}
}

// replaces reports whether the target of a reference is printed in its place: a map, a list and an
// operation, which only this generator lets references lead to, and the nodes that the conversion of
// Swagger 2.0 took from the document. A node that contains itself stays a reference.
func (p *printer) replaces(n *Node, r *ref) bool {
	whole := r.place.shape == dict || r.place.shape == list || sections[r.place.role] == ""
	if !whole && (len(p.doc.fixed) == 0 || p.stands(r.target)) {
		return false
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up == r.target {
			return false
		}
	}
	return !slices.Contains(p.active, r.target) && len(p.active) < maxHops
}

// stands reports whether n is still where its pointer says.
func (p *printer) stands(n *Node) bool {
	for ; n.Parent != nil; n = n.Parent {
		if n.Parent.child(n.Key) != n {
			return false
		}
	}
	return p.doc.files[n.Pos.File].root == n
}

// strays reports whether n is a reference into a file that Load has not read.
func (p *printer) strays(n *Node) bool {
	text, ok := refText(n)
	if !ok {
		return false
	}
	_, err := p.doc.locate(n, text, p.doc.opened)
	return err != nil && err.rule == rules.RefFile
}

func (p *printer) comma(i int) {
	if i > 0 {
		p.out = append(p.out, ',')
	}
}

// address is the reference to a node.
func (p *printer) address(n *Node) string {
	u := url.URL{Fragment: n.Pointer()}
	if file := n.Pos.File; metaSchemaPath(file) != "" {
		return file + u.String()
	} else if file != p.file {
		// Both are below one folder: there is always a way.
		relative, _ := filepath.Rel(filepath.FromSlash(p.folder), filepath.FromSlash(file))
		u.Path = filepath.ToSlash(relative)
	}
	if u.Path == "" && u.Fragment == "" {
		return "#"
	}
	return u.String()
}

// appendQuoted appends s as a JSON string. Every text of a document is valid UTF-8.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
