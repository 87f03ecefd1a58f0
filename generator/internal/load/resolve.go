package load

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxHops is the length of a chain of references, each leading to the next.
const maxHops = 100

// refError says why a reference leads nowhere, to be put after its text.
type refError struct {
	rule        rules.Rule
	why, advice string
	remote      bool // it names a resource that is not a file of ours
}

// errSilent stands for a failure that has its diagnostics already: the file that
// is referred to cannot be read.
var errSilent = &refError{}

func dangling(format string, args ...any) *refError {
	return &refError{rule: rules.DanglingRef, why: fmt.Sprintf(format, args...)}
}

func quote(s string) string { return strconv.Quote(short(s)) }

// Resolve returns what n stands for: n itself, or if n is an object with a string
// `$ref`, the node at the end of that chain of references. The same place of the
// same file is always the same Node.
//
// What stands beside a `$ref` is passed over. In a 3.1 schema that counts: use
// Target, which goes one step at a time.
func (d *Document) Resolve(n *Node) (*Node, *diag.Diagnostic) {
	if n == nil {
		return nil, nil
	}
	at := n
	for range maxHops {
		if _, ok := refText(at); !ok {
			return at, nil
		}
		next, err := d.Target(at)
		if err != nil {
			return nil, err
		}
		at = next
	}
	pos, text := refAt(n)
	return nil, problem(pos, rules.RefCycle, "$ref %s leads only to other references", quote(text))
}

// Target returns what the `$ref` of n points at, which may be a reference again,
// or n itself if it has none.
func (d *Document) Target(n *Node) (*Node, *diag.Diagnostic) {
	if n == nil {
		return nil, nil
	}
	text, ok := refText(n)
	if !ok {
		return n, nil
	}
	if r := d.refs[n]; r != nil && r.target != nil {
		return r.target, nil
	}
	return d.Lookup(n, text)
}

// Lookup resolves a reference that stands somewhere else than in a `$ref` (in a
// discriminator's mapping, say), as if it stood in at. It goes one step, and reads
// no file that Load has not read.
func (d *Document) Lookup(at *Node, reference string) (*Node, *diag.Diagnostic) {
	n, err := d.locate(at, reference, d.opened)
	if err == nil {
		return n, nil
	}
	pos := at.Pos
	if v := at.Get("$ref"); v != nil {
		pos = v.Pos
	}
	if err == errSilent {
		return nil, problem(pos, rules.DanglingRef, "reference %s leads into a file that cannot be read", quote(reference))
	}
	p := problem(pos, err.rule, "reference %s %s", quote(reference), err.why)
	p.Advice = err.advice
	return nil, p
}

// opened returns a file that has been read.
func (d *Document) opened(name string) (*file, error) {
	if f := d.files[name]; f != nil {
		return f, nil
	}
	return nil, errors.New("that file is not part of the document")
}

// locate finds the node that a reference in at points at.
func (d *Document) locate(at *Node, text string, open func(string) (*file, error)) (*Node, *refError) {
	return (&locator{doc: d, open: open}).locate(at, text)
}

// locator resolves one reference. hops counts the references that it had to follow
// on the way, in all: a pointer can lead through references whose pointers do.
type locator struct {
	doc  *Document
	open func(name string) (*file, error)
	hops int
}

func (l *locator) locate(at *Node, text string) (*Node, *refError) {
	uri, fragment, _ := strings.Cut(text, "#")
	roots, err := l.resources(at, uri)
	if err != nil {
		return nil, err
	}
	var first *refError
	for _, root := range roots {
		n, err := l.fragment(root, fragment)
		if err == nil {
			return n, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// resources returns the roots that a reference without its fragment may mean, the
// likeliest first. Below an $id there are two: what JSON Schema says, and the file
// itself, since most tools pass over $id and documents rely on that.
func (l *locator) resources(at *Node, uri string) ([]*Node, *refError) {
	d := l.doc
	var roots []*Node
	if len(d.ids) > 0 {
		base, resource := d.base(at)
		if uri == "" && resource != nil {
			roots = append(roots, resource)
		} else if u, err := base.Parse(uri); err == nil && uri != "" {
			if n := d.ids[u.String()]; n != nil {
				return []*Node{n}, nil
			}
		}
	}
	if uri == "" {
		return append(roots, d.files[at.Pos.File].root), nil
	}
	name := metaSchema(l.absolute(at, uri))
	if name == "" {
		var err *refError
		if name, err = fileName(at.Pos.File, uri); err != nil {
			return nil, err
		}
	}
	f, failed := l.open(name)
	if failed != nil {
		return nil, &refError{rule: rules.RefFile, why: "cannot be read: " + failed.Error()}
	}
	if f.root == nil {
		return nil, errSilent
	}
	return []*Node{f.root}, nil
}

// absolute is the URI that a reference in at means, or "".
func (l *locator) absolute(at *Node, uri string) string {
	base, _ := l.doc.base(at)
	u, err := base.Parse(uri)
	if err != nil {
		return ""
	}
	return u.String()
}

// fileName returns the name of the file that a relative reference in another means.
func fileName(from, uri string) (string, *refError) {
	outside := func(why string) *refError {
		return &refError{rule: rules.RefOutside, why: why, advice: "only files in the document's folder and below are read, or below another folder that --root (root in bailey.yaml) names"}
	}
	if i := strings.IndexByte(uri, ':'); i > 1 && isScheme(uri[:i]) || strings.HasPrefix(uri, "//") {
		return "", &refError{
			rule: rules.RefRemote, remote: true,
			why:    "leads to another place than the document's folder, and nothing is fetched",
			advice: "copy the target beside the document and refer to it by a relative path",
		}
	}
	name, err := url.PathUnescape(uri)
	if err != nil {
		name = uri
	}
	switch {
	case strings.HasPrefix(name, "/"), hasDrive(name), strings.HasPrefix(name, `\\`):
		return "", outside("is an absolute path")
	case strings.Contains(name, `\`):
		err := outside("has a backslash, which divides the paths of Windows and no URI reference (RFC 3986, 3.3)")
		err.advice = "write / between folders, on Windows as well"
		return "", err
	case strings.Contains(name, "\x00"):
		return "", outside("has a character that no path of a document has")
	}
	// Each step is checked, not only where the path ends: a/../../doc/b.yaml goes out
	// and comes back, and whether that works depends on the folder's name.
	depth := strings.Count(from, "/")
	for _, part := range strings.Split(name, "/") {
		switch part {
		case "..":
			depth--
		case "", ".":
		default:
			depth++
		}
		if depth < 0 {
			return "", outside("leads out of the document's folder")
		}
	}
	return path.Join(path.Dir(from), name), nil
}

// hasDrive reports whether a path begins with a drive of Windows: C:/a, C:\a, C:a. No scheme of a URI has one letter.
func hasDrive(name string) bool {
	return len(name) > 1 && name[1] == ':' && 'a' <= name[0]|0x20 && name[0]|0x20 <= 'z'
}

// isScheme reports whether s can be a URI's scheme (RFC 3986, 3.1).
func isScheme(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || strings.IndexByte("0123456789+-.", c) < 0) {
			return false
		}
	}
	return s != ""
}

// fragment finds what a fragment means below root: all of it, a JSON pointer
// (RFC 6901) or an $anchor.
func (l *locator) fragment(root *Node, fragment string) (*Node, *refError) {
	if fragment == "" {
		return root, nil
	}
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		decoded = fragment // a '%' of its own: as it stands, or nowhere
	}
	if !strings.HasPrefix(decoded, "/") {
		f := l.doc.files[root.Pos.File]
		if n := f.anchors[anchor{root, decoded}]; n != nil {
			return n, nil
		}
		e := dangling("leads nowhere: there is no $anchor of that name")
		if root.Get(decoded) != nil {
			e.advice = "write #/" + escapePointer.Replace(short(decoded))
		}
		return nil, e
	}
	n, failed := l.pointer(root, decoded)
	if failed != nil && decoded != fragment {
		// Keys that hold a literal %41 are found as written.
		if n, err := l.pointer(root, fragment); err == nil {
			return n, nil
		}
	}
	return n, failed
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// pointer follows a JSON pointer, through references where one stands in the way.
func (l *locator) pointer(n *Node, pointer string) (*Node, *refError) {
	done := 0
	for done < len(pointer) {
		end := strings.IndexByte(pointer[done+1:], '/')
		if end < 0 {
			end = len(pointer)
		} else {
			end += done + 1
		}
		key := unescapePointer.Replace(pointer[done+1 : end])
		next := n.child(key)
		if text, ok := refText(n); next == nil && ok {
			if l.hops++; l.hops > maxHops {
				return nil, &refError{rule: rules.RefCycle, why: "leads only to other references"}
			}
			target, err := l.locate(n, text)
			if err != nil {
				return nil, err
			}
			n = target
			continue
		}
		if next == nil {
			where := pointer[:done]
			if where == "" {
				return nil, dangling("leads nowhere: %s has no %s at its top", n.Pos.File, quote(key))
			}
			return nil, dangling("leads nowhere: %s in %s has no %s", short(where), n.Pos.File, quote(key))
		}
		n, done = next, end
	}
	return n, nil
}

// child returns the member or item that one step of a JSON pointer names.
func (n *Node) child(key string) *Node {
	if n.Kind != Array {
		return n.Get(key)
	}
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= len(n.Items) || decimal(i) != key {
		return nil
	}
	return n.Items[i]
}
