package gen

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxSegments bounds the depth of a path, in templates and requests.
const maxSegments = 256

// router finds the operation of a method and a path. It is a tree of path segments, built
// once. Static segments win over parameters, and when the rest of the path does not fit
// behind one, or the path that fits has not the method, the next is tried: a lookup visits
// each node of the tree once at the most. Paths are taken as the client wrote them: nothing is cleaned, and an escaped
// slash is no slash.
type router struct{ root node }

type node struct {
	few     []literal        // of at most fewest static segments
	static  map[string]*node // of more
	partial []*partial       // parameters in a part of a segment, most literal text first
	param   *node
	methods []method
	allow   string
	told    bool // some operations are told apart by more than the method
}

// literal is a static segment. A handful are found faster by looking at each.
type literal struct {
	text string
	next *node
}

const fewest = 8

// literal returns the node behind a static segment, or nil.
func (n *node) literal(text string) *node {
	for i := range n.few {
		if n.few[i].text == text {
			return n.few[i].next
		}
	}
	return n.static[text]
}

// addLiteral makes the node behind a static segment.
func (n *node) addLiteral(text string) *node {
	next := &node{}
	if n.static == nil && len(n.few) < fewest {
		n.few = append(n.few, literal{text, next})
		return next
	}
	if n.static == nil {
		n.static = map[string]*node{}
		for _, l := range n.few {
			n.static[l.text] = l.next
		}
		n.few = nil
	}
	n.static[text] = next
	return next
}

// operation returns the operation of a method, or nil. HEAD is GET without the content,
// also where the document has only GET (RFC 9110, 9.1 and 9.3.2).
func (n *node) operation(l *lookup, values []string) *mounted {
	var get *mounted
	for i := range n.methods {
		m := &n.methods[i]
		switch m.name {
		case l.method:
			if m.takes(l, values, false) {
				return m.op
			}
		case "GET":
			if get == nil && l.method == "HEAD" && m.takes(l, values, false) {
				get = m.op
			}
		}
	}
	return get
}

// allowed are the methods of the node for a path with such values. None is allowed where the method
// that was asked for is one of them, and the rest of the request fits no operation of it.
func (n *node) allowed(l *lookup, values []string) string {
	if !n.told {
		return n.allow
	}
	allow := ""
	for i := range n.methods {
		m := &n.methods[i]
		if !m.takes(l, values, true) {
			continue
		}
		if m.name == l.method || m.name == "GET" && l.method == "HEAD" {
			return ""
		}
		allow = union(allow, allowOf(m.name))
	}
	return allow
}

// partial is a segment such as {base}...{head}: literals around parameters.
type partial struct {
	literals []string // one more than there are parameters
	escaped  []string // the same, percent-encoded as in a path that holds a percent sign
	next     *node
}

// add registers an operation under its path template.
func (r *router) add(op *mounted) error {
	segments := strings.Split(strings.TrimPrefix(op.op.Path, "/"), "/")
	if !strings.HasPrefix(op.op.Path, "/") || len(segments) > maxSegments {
		return fmt.Errorf("%s: the path %q is not one that can be served", op.op.ID, op.op.Path)
	}
	n := &r.root
	for _, s := range segments {
		next, err := n.child(s)
		if err != nil {
			return fmt.Errorf("%s: %w", op.op.ID, err)
		}
		n = next
	}
	for _, m := range n.methods {
		if m.name == op.op.Method && (len(m.op.op.Fits) == 0 || len(op.op.Fits) == 0) {
			return fmt.Errorf("%s: no request can be told apart from %s, %s %s", op.op.ID, m.op.op.ID, m.op.op.Method, m.op.op.Path)
		}
	}
	m := method{name: op.op.Method, op: op}
	if op.places = places(op.op.Path); op.places != nil {
		n.told = true
	}
	for _, f := range op.op.Fits {
		m.fits = append(m.fits, f.compile())
		n.told = true
	}
	n.methods = append(n.methods, m)
	n.allow = union(n.allow, allowOf(op.op.Method))
	return nil
}

// child returns the node behind a segment of a template, made when it is new.
func (n *node) child(segment string) (*node, error) {
	literals, params, err := cut(segment)
	if err != nil {
		return nil, err
	}
	switch {
	case params == 0:
		if next := n.literal(literals[0]); next != nil {
			return next, nil
		}
		return n.addLiteral(literals[0]), nil
	case params == 1 && literals[0] == "" && literals[1] == "":
		if n.param == nil {
			n.param = &node{}
		}
		return n.param, nil
	}
	for _, p := range n.partial {
		if slices.Equal(p.literals, literals) {
			return p.next, nil
		}
	}
	p := &partial{literals: literals, next: &node{}}
	for _, l := range literals {
		p.escaped = append(p.escaped, (&url.URL{Path: l}).EscapedPath())
	}
	n.partial = append(n.partial, p)
	slices.SortStableFunc(n.partial, func(a, b *partial) int {
		return len(strings.Join(b.literals, "")) - len(strings.Join(a.literals, ""))
	})
	return p.next, nil
}

// cut divides a segment of a template into the literals around its parameters.
func cut(segment string) (literals []string, params int, err error) {
	for {
		open := strings.IndexByte(segment, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(segment[open:], '}')
		if end < 0 {
			return nil, 0, fmt.Errorf("the path segment %q has a brace that is not closed", segment)
		}
		literals = append(literals, segment[:open])
		if params++; params > 1 && segment[:open] == "" {
			return nil, 0, fmt.Errorf("two parameters stand side by side in a path segment")
		}
		segment = segment[open+end+1:]
	}
	literals = append(literals, segment)
	for i, l := range literals {
		if plain, err := url.PathUnescape(l); err == nil {
			literals[i] = plain
		}
	}
	return literals, params, nil
}

// find looks a method and a path up and appends the raw values of the path's parameters to
// values. Without an operation, allow are the methods that the path has (RFC 9110, 10.2.1),
// "" for a path that there is not.
func (r *router) find(method, path string, values []string) (op *mounted, v []string, allow string) {
	return r.findFor(nil, method, path, values)
}

// findFor is find for a request, by whose query and header operations may be told apart.
func (r *router) findFor(request *http.Request, method, path string, values []string) (op *mounted, v []string, allow string) {
	if path == "" || path[0] != '/' || strings.Count(path, "/") > maxSegments {
		return nil, values, ""
	}
	l := lookup{method: method, request: request}
	op, v = l.in(&r.root, path[1:], values)
	return op, v, l.allow
}

// lookup is one search for an operation.
type lookup struct {
	method  string
	allow   string        // of the paths that fit and have not the method
	request *http.Request // or nil
}

// in searches behind a node.
func (l *lookup) in(n *node, rest string, values []string) (*mounted, []string) {
	segment, tail, more := strings.Cut(rest, "/")
	if len(n.few) > 0 || n.static != nil {
		if next := n.literal(literalOf(segment)); next != nil {
			if op, v := l.step(next, tail, more, values); op != nil {
				return op, v
			}
		}
	}
	for _, p := range n.partial {
		if v, ok := p.match(segment, values); ok {
			if op, v := l.step(p.next, tail, more, v); op != nil {
				return op, v
			}
		}
	}
	if n.param != nil && segment != "" {
		return l.step(n.param, tail, more, append(values, segment))
	}
	return nil, values
}

// step goes on behind a segment, if there are more, and else ends at next.
func (l *lookup) step(next *node, tail string, more bool, values []string) (*mounted, []string) {
	if more {
		return l.in(next, tail, values)
	}
	op := next.operation(l, values)
	if op != nil && op.places != nil {
		values, _ = op.distinct(values)
	}
	if op == nil && len(next.methods) > 0 {
		if allow := next.allowed(l, values); allow != "" {
			l.allow = union(l.allow, allow)
		}
	}
	return op, values
}

// union joins two values of Allow.
func union(a, b string) string {
	if a == "" {
		return b
	}
	names := append(strings.Split(a, ", "), strings.Split(b, ", ")...)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// literalOf decodes a segment for the comparison with literals. An escaped slash
// stays escaped: it is data, and no literal holds it.
func literalOf(segment string) string {
	if strings.IndexByte(segment, '%') < 0 {
		return segment
	}
	plain, err := url.PathUnescape(segment)
	if err != nil || strings.IndexByte(plain, '/') >= 0 {
		return segment
	}
	return plain
}

// match takes the parameters out of a segment: each ends where the next literal
// first stands, and none is empty. In a segment with percent signs a literal is percent-encoded
// where a path cannot hold it otherwise: a comma stands for itself, and an encoded one is data.
func (p *partial) match(segment string, values []string) ([]string, bool) {
	literals := p.literals
	if strings.IndexByte(segment, '%') >= 0 {
		segment, literals = upperHex(segment), p.escaped
	}
	rest, ok := strings.CutPrefix(segment, literals[0])
	if !ok {
		return values, false
	}
	for i, literal := range literals[1:] {
		last := i == len(literals)-2
		end := -1
		switch {
		case last && literal == "":
			end = len(rest)
		case last:
			if strings.HasSuffix(rest, literal) {
				end = len(rest) - len(literal)
			}
		case len(rest) > 0:
			if end = strings.Index(rest[1:], literal); end >= 0 {
				end++
			}
		}
		if end <= 0 {
			return values, false
		}
		values = append(values, rest[:end])
		rest = rest[end+len(literal):]
	}
	return values, rest == ""
}

// upperHex writes the digits of percent-encoded octets in upper case, which are the same octets
// (RFC 3986, 2.1).
func upperHex(s string) string {
	var out []byte
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		for j := i + 1; j <= i+2; j++ {
			if 'a' <= s[j] && s[j] <= 'f' {
				if out == nil {
					out = []byte(s)
				}
				out[j] = s[j] - 'a' + 'A'
			}
		}
	}
	if out == nil {
		return s
	}
	return string(out)
}
