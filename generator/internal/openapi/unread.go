package openapi

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// unread notes the schemas of a parameter, a body, a response or a media type that nothing reads.
func (r *reader) unread(op *Operation, place string, response bool, n *load.Node) {
	if nodes := r.schemasOf(n, nil); len(nodes) > 0 {
		op.Unread = append(op.Unread, Unread{Place: place, Response: response, Nodes: nodes})
	}
}

// schemasOf are the schema objects of an object of OpenAPI.
func (r *reader) schemasOf(n *load.Node, within []*load.Node) []*load.Node {
	n, problem := r.doc.Resolve(n)
	if problem != nil || n.Kind != load.Object || slices.Contains(within, n) {
		return nil // where it matters, somebody else has reported it
	}
	within = append(within, n)
	r.spend(1+len(n.Members), n.Pos)
	var out []*load.Node
	for _, m := range n.Members {
		switch m.Key {
		case "schema", "itemSchema":
			out = append(out, m.Value)
		case "content", "headers", "encoding":
			for _, child := range m.Value.Members {
				out = append(out, r.schemasOf(child.Value, within)...)
			}
		}
	}
	return out
}
