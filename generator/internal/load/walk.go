package load

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxFindings ends the reading of a document in which nearly everything is wrong.
const maxFindings = 1000

// ref is one reference that the walk found.
type ref struct {
	target *Node // one step on; nil when the reference leads nowhere
	place  place // what is expected there
}

// visit is a node that the walk has met in a place.
type visit struct {
	n *Node
	p place
}

// walker goes through all that an OpenAPI document says, across references and
// files, and resolves each reference. It knows what every object is: so nothing in
// examples, defaults or extensions is taken for a reference, and of other files only
// what is referred to is looked at.
//
// References are followed from a queue, not by recursion: a chain of them can be
// as long as the document, nesting cannot.
type walker struct {
	doc     *Document
	source  *source
	diags   *diag.List
	queue   []visit
	seen    map[visit]bool
	pending []*Node // references to resolve
	late    []*Node // references that no file and no $id answers yet
}

func (w *walker) run() {
	w.seen = map[visit]bool{}
	w.doc.scan(w.source.files[w.doc.Root.Pos.File], w.diags)
	w.visit(w.doc.Root, place{roleRoot, one})
	for !w.full() {
		switch {
		case len(w.queue) > 0:
			next := w.queue[0]
			w.queue = w.queue[1:]
			w.visit(next.n, next.p)
		case len(w.pending) > 0:
			n := w.pending[0]
			w.pending = w.pending[1:]
			w.resolve(n, true)
		default:
			// The files that were read since may hold the $id that was looked for.
			late := w.late
			w.late = nil
			for _, n := range late {
				w.resolve(n, false)
			}
			if len(w.queue)+len(w.pending) == 0 && !w.extending() {
				return
			}
		}
	}
}

// full reports whether there are enough findings to stop.
func (w *walker) full() bool {
	if len(*w.diags) < maxFindings {
		return false
	}
	w.diags.Errorf(diag.Pos{File: w.doc.Root.Pos.File}, rules.TooMany, "more than %d findings: the rest is not shown", maxFindings)
	return true
}

// visit walks what stands in a place.
func (w *walker) visit(n *Node, p place) {
	if n == nil || p.role == roleNone {
		return
	}
	if p == (place{roleSchema, one}) || p == (place{roleSchema, flex}) {
		w.recursive(n)
	}
	if _, isRef := refText(n); isRef {
		w.refer(n, p)
		if p.shape == list || p.shape == dict || !w.doc.siblings(p.role) {
			return
		}
	}
	switch {
	case p.shape == list || p.shape == flex && n.Kind == Array:
		for _, item := range n.Items {
			w.visit(item, place{p.role, one})
		}
	case p.shape == dict:
		extensible := p.role == rolePathItem || p.role == roleResponse || p.role == roleCallback
		for i := range n.Members {
			if m := &n.Members[i]; !extensible || !strings.HasPrefix(m.Key, "x-") {
				w.visit(m.Value, place{p.role, one})
			}
		}
	default:
		w.object(n, p.role)
	}
}

// object walks the members of an object, once for each role it has.
func (w *walker) object(n *Node, r role) {
	switch {
	case n.Kind != Object || n.role == r:
		return
	case n.role == roleNone:
		n.role = r
	default:
		v := visit{n, place{r, one}}
		if w.seen[v] {
			return
		}
		w.seen[v] = true
	}
	switch r {
	case roleCallback:
		w.visit(n, place{rolePathItem, dict})
		return
	case roleDiscriminator:
		// OpenAPI 3.2, Discriminator Object: what stands for values that no name matches.
		if to := w.doc.DefaultMapping(n); to != nil {
			if text, ok := to.Str(); ok && looksLikeRef(text) {
				w.refer(to, place{roleSchema, one})
			}
		}
		if mapping := n.Get("mapping"); mapping != nil {
			for _, m := range mapping.Members {
				if text, ok := m.Value.Str(); ok && looksLikeRef(text) {
					w.refer(m.Value, place{roleSchema, one})
				}
			}
		}
		return
	}
	if r == roleSchema && n.Get("allOf") != nil {
		w.doc.allOfs = append(w.doc.allOfs, n)
	}
	if r == roleSchema && n.Get("discriminator") != nil {
		w.doc.selectors = append(w.doc.selectors, n)
	}
	known := places[r]
	for i := range n.Members {
		m := &n.Members[i]
		if p, ok := known[m.Key]; ok && (p.role != roleText || m.Value.Kind == Object) {
			w.visit(m.Value, p)
		}
	}
}

// looksLikeRef tells a reference from a component's name in a discriminator's mapping.
func looksLikeRef(s string) bool {
	return strings.ContainsAny(s, "#/") || strings.HasSuffix(s, ".yaml") ||
		strings.HasSuffix(s, ".yml") || strings.HasSuffix(s, ".json")
}

// siblings reports whether the members beside a `$ref` count in objects of a role.
func (d *Document) siblings(r role) bool {
	return r == rolePathItem || r == roleSchema && d.Version != "3.0"
}

// refText returns the reference that n is, if it is one.
func refText(n *Node) (string, bool) {
	if n.Kind != Object {
		return "", false
	}
	return n.Get("$ref").Str()
}

// refer notes a reference: an object with a `$ref`, or a string of a mapping.
func (w *walker) refer(n *Node, p place) {
	if _, ok := w.doc.refs[n]; ok {
		return
	}
	w.doc.refs[n] = &ref{place: p}
	w.doc.order = append(w.doc.order, n)
	w.pending = append(w.pending, n)
}

// resolve finds a reference's target and has it walked.
func (w *walker) resolve(n *Node, again bool) {
	r := w.doc.refs[n]
	at, text := refAt(n)
	target, moved := w.doc.fixed[n]
	if moved && target == nil {
		return // said when the document was converted
	}
	var err *refError
	if !moved {
		target, err = w.doc.locate(n, text, w.open)
	}
	if err == nil {
		r.target = target
		v := visit{target, r.place}
		if !w.seen[v] {
			w.seen[v] = true
			w.queue = append(w.queue, v)
		}
		return
	}
	if err == errSilent {
		for _, found := range w.doc.unread(n, text) {
			w.doc.blame(n, found, w.diags)
		}
		return
	}
	if again && err.remote && w.doc.Version != "3.0" {
		w.late = append(w.late, n)
		return
	}
	d := diag.Diagnostic{Pos: at, Rule: err.rule, Message: "$ref " + quote(text) + " " + err.why, Advice: err.advice}
	switch {
	case n.Kind == String:
		// The stage that needs the mapping decides: an unused one does no harm.
		d.Severity = diag.Warning
		d.Message = "mapping to " + quote(text) + " " + err.why
	case r.place.role == roleExample || r.place.role == roleText || r.place.role == roleLink:
		// Nothing of the generated code's behaviour depends on these.
		d.Severity = diag.Warning
	}
	if d.Severity == diag.Warning {
		w.diags.Add(d)
		return
	}
	w.doc.blame(n, d, w.diags)
}

// refAt returns where a reference's text stands, and the text.
func refAt(n *Node) (diag.Pos, string) {
	if n.Kind == String {
		return n.Pos, n.Text
	}
	v := n.Get("$ref")
	return v.Pos, v.Text
}

// open returns a file for the resolver, reading it if need be.
func (w *walker) open(name string) (*file, error) {
	f, err := w.source.get(name)
	if err == nil && f.root != nil {
		w.doc.scan(f, w.diags)
	}
	return f, err
}
