package load

import (
	"net/url"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// fileURI is the base URI of a file of the document. The scheme is nobody's: a
// reference in a document cannot mean such a URI by accident.
func fileURI(name string) *url.URL {
	return &url.URL{Scheme: "bailey-document", Path: "/" + name}
}

// scan collects the $id, $anchor and $dynamicAnchor of a file, once. OpenAPI 3.0
// has none of them.
func (d *Document) scan(f *file, diags *diag.List) {
	if f.scanned || d.Version == "3.0" {
		return
	}
	f.scanned = true
	f.anchors = map[anchor]*Node{}
	if f.root.StrOr("$schema") != "" || f.root.StrOr("$id") != "" {
		d.scanSchema(f, f.root, f.root, fileURI(f.name), diags)
		return
	}
	d.scanNode(f, f.root, f.root, fileURI(f.name), diags)
}

// scanSchema collects below n, which is known to be a schema: what stands below a keyword
// that nobody knows is no schema, whatever it looks like (JSON Schema core, 8.2.1).
func (d *Document) scanSchema(f *file, n, resource *Node, base *url.URL, diags *diag.List) {
	if n.Kind != Object {
		return
	}
	resource, base = d.identify(f, n, resource, base, diags)
	for _, m := range n.Members {
		switch p := places[roleSchema][m.Key]; {
		case p.role != roleSchema:
		case p.shape == dict:
			for _, e := range m.Value.Members {
				d.scanSchema(f, e.Value, resource, base, diags)
			}
		case m.Value.Kind == Array:
			for _, item := range m.Value.Items {
				d.scanSchema(f, item, resource, base, diags)
			}
		default:
			d.scanSchema(f, m.Value, resource, base, diags)
		}
	}
}

// identify notes the names that a schema gives itself. It returns the resource and the
// base URI of what stands below it.
func (d *Document) identify(f *file, n, resource *Node, base *url.URL, diags *diag.List) (*Node, *url.URL) {
	if id, ok := n.Get("$id").Str(); ok {
		resource, base = d.register(f, n, id, resource, base, diags)
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name, ok := n.Get(key).Str(); ok {
			d.anchor(f, anchor{resource, name}, n, n.PosOf(key), diags)
		}
	}
	if n.Get("$recursiveAnchor").IsTrue() && n == resource {
		d.anchor(f, anchor{resource, recursiveAnchor}, n, n.PosOf("$recursiveAnchor"), diags)
	}
	if n.Get("$vocabulary") != nil {
		d.vocabularies = true
	}
	return resource, base
}

// scanNode collects below n, of which it is not known what it is, and whose resource and
// base URI are those of its parent. Its recursion is as deep as the file is nested.
func (d *Document) scanNode(f *file, n, resource *Node, base *url.URL, diags *diag.List) {
	if n.Kind == Array {
		for _, item := range n.Items {
			d.scanNode(f, item, resource, base, diags)
		}
		return
	}
	names := n.Parent != nil && isNameMap(n.Key)
	if !names {
		resource, base = d.identify(f, n, resource, base, diags)
	}
	for i := range n.Members {
		m := &n.Members[i]
		if (m.Value.Kind == Object || m.Value.Kind == Array) && (names || !isData(m.Key)) {
			d.scanNode(f, m.Value, resource, base, diags)
		}
	}
}

// register notes a schema with an $id and returns what is the resource and the
// base URI below it.
func (d *Document) register(f *file, n *Node, id string, resource *Node, base *url.URL, diags *diag.List) (*Node, *url.URL) {
	pos := n.PosOf("$id")
	if name, ok := strings.CutPrefix(id, "#"); ok { // as older drafts wrote an anchor
		d.anchor(f, anchor{resource, name}, n, pos, diags)
		return resource, base
	}
	u, err := base.Parse(strings.TrimSuffix(id, "#"))
	if err != nil || u.Fragment != "" {
		d.blame(n, *problem(pos, rules.SchemaID, "$id %s is not a URI reference without a fragment", quote(id)), diags)
		return resource, base
	}
	key := u.String()
	if first := d.ids[key]; first != nil && first != n {
		d.blameBoth(n, first, *problem(pos, rules.SchemaID, "$id %s stands here a second time, the first is at %s", quote(id), first.Pos), diags)
		return resource, base
	}
	d.ids[key] = n
	d.resourceURI[n] = u
	return n, u
}

func (d *Document) anchor(f *file, a anchor, n *Node, pos diag.Pos, diags *diag.List) {
	if first := f.anchors[a]; first != nil && first != n {
		d.blameBoth(n, first, *problem(pos, rules.SchemaAnchor, "the anchor %s stands here a second time, the first is at %s", quote(a.name), first.Pos), diags)
		return
	}
	f.anchors[a] = n
}

// base returns the base URI at a node, and the schema whose $id gives it: nil when
// it is the file's own.
func (d *Document) base(n *Node) (*url.URL, *Node) {
	for m := n; m != nil; m = m.Parent {
		if u := d.resourceURI[m]; u != nil {
			return u, m
		}
	}
	return fileURI(n.Pos.File), nil
}
