package generator

import (
	"github.com/bailey-go/bailey/generator/internal/load"
)

// site is a schema object that operations reach.
type site struct {
	n        *load.Node
	property bool
	way      ways
	// named is set where a warning of the document as it is names the place as unchecked, in all uses,
	// and raw where one says that the value stays JSON text, which is read to the letter anyhow.
	named, raw bool
}

// sites walks a golden document from its operations, in order.
type sites struct {
	doc   *load.Document
	drop  map[*load.Node]bool                         // what the cut leaves out
	rules func(n *load.Node) (named, raw, never bool) // by warnings at the node's line
	found map[*load.Node]*site
	order []*site
	seen  map[seenSite]bool
	gone  map[*load.Node]ways // where another branch of the same allOf says that the property does not travel
}

type seenSite struct {
	n  *load.Node
	as state
}

// state is what is known on the way to a node.
type state struct {
	way                          ways
	schema, property, named, raw bool
}

func (w *sites) operations() {
	for _, path := range w.doc.Root.Get("paths").Members {
		if w.drop[path.Value] {
			continue
		}
		item := targetOf(w.doc, path.Value)
		if n := item.Get("parameters"); n != nil {
			w.visit(n, state{way: inRequest})
		}
		for _, m := range operationsOf(item) {
			if w.drop[m.Value] || m.Value.Get("x-bailey-skip") != nil {
				continue
			}
			for _, part := range targetOf(w.doc, m.Value).Members {
				switch part.Key {
				case "parameters", "requestBody":
					w.visit(part.Value, state{way: inRequest})
				case "responses":
					w.visit(part.Value, state{way: inResponse})
				}
			}
		}
	}
}

func (w *sites) visit(n *load.Node, as state) {
	if w.drop[n] {
		return
	}
	named, raw, never := w.rules(n)
	if never {
		return // no value is ever there
	}
	as.named, as.raw = as.named || named, as.raw || raw
	if n.Kind == load.Object {
		if w.seen[seenSite{n, as}] {
			return
		}
		w.seen[seenSite{n, as}] = true
	}
	switch {
	case n.Kind == load.Array:
		for _, item := range n.Items {
			w.visit(item, as)
		}
	case n.Kind != load.Object:
	case n.Get("$ref") != nil:
		if target, err := w.doc.Target(n); err == nil && target.Pos.File == w.doc.Root.Pos.File {
			w.visit(target, as)
		}
	case !as.schema:
		for _, m := range n.Members {
			switch m.Key {
			case "schema", "itemSchema":
				below := as
				below.schema = true
				w.visit(m.Value, below)
			case "example", "examples", "x-bailey-rate-limit", "links":
			case "Content-Type", "X-Request-Id", "X-Content-Type-Options", "Content-Length": // bailey's own
			default:
				w.visit(m.Value, as)
			}
		}
	default:
		w.schema(n, as)
	}
}

func (w *sites) schema(n *load.Node, as state) {
	if (w.oneWay(n, 0)|w.gone[n])&as.way != 0 {
		return // it never travels
	}
	w.merged(n)
	s := w.found[n]
	if s == nil {
		s = &site{n: n, named: true, raw: true}
		w.found[n] = s
		w.order = append(w.order, s)
	}
	s.way, s.property, s.named, s.raw = s.way|as.way, s.property || as.property, s.named && as.named, s.raw && as.raw
	for _, key := range []string{"properties", "patternProperties"} {
		if v := n.Get(key); v != nil {
			for _, m := range v.Members {
				below := as
				below.property = key == "properties"
				w.visit(m.Value, below)
			}
		}
	}
	for _, key := range []string{"items", "additionalProperties", "oneOf", "anyOf", "allOf", "prefixItems"} {
		if v := n.Get(key); v != nil {
			below := as
			below.property = key == "allOf" && as.property
			w.visit(v, below)
		}
	}
}

// oneWay are the ways that values of a schema object do not travel.
func (w *sites) oneWay(n *load.Node, depth int) ways {
	var out ways
	if n.Get("readOnly").IsTrue() {
		out |= inRequest
	}
	if n.Get("writeOnly").IsTrue() {
		out |= inResponse
	}
	if depth > 5 {
		return out
	}
	if n.Get("$ref") != nil {
		if target, err := w.doc.Target(n); err == nil {
			out |= w.oneWay(target, depth+1)
		}
	}
	if all := n.Get("allOf"); all != nil {
		for _, branch := range all.Items {
			out |= w.oneWay(branch, depth+1)
		}
	}
	return out
}

// merged notes which properties of an allOf do not travel because of another branch.
func (w *sites) merged(n *load.Node) {
	all := n.Get("allOf")
	if all == nil {
		return
	}
	gone := map[string]ways{}
	for range 2 { // the first time for the names
		for _, branch := range all.Items {
			for _, m := range membersOf(branch.Get("properties")) {
				gone[m.Key] |= w.oneWay(m.Value, 0)
				w.gone[m.Value] = gone[m.Key]
			}
		}
	}
}
