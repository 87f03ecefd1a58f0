package openapi

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// since32 reads the operations of a path item that are new in OpenAPI 3.2 (Path Item
// Object): the method QUERY, and methods of any name, which are written as they are sent.
func (r *reader) since32(api *API, whole *Operation, f load.Member, item *load.Node, path load.Member) bool {
	switch f.Key {
	case "query":
		api.Operations = append(api.Operations, r.operation(f.Value, item, path, "QUERY"))
		return true
	case "additionalOperations":
	default:
		return false
	}
	if f.Value.Kind != load.Object {
		whole.Unsupported.Errorf(f.Value.Pos, rules.PathItem, "additionalOperations must be an object, this is of type %s", f.Value.Kind)
		return true
	}
	for _, m := range f.Value.Members {
		lower := strings.ToLower(m.Key)
		switch {
		case methods[lower] != "", lower == "query":
			api.misplaced(m, path, m.Key).Errorf(m.Pos, rules.PathItem, "%q in additionalOperations is not served; write %s beside additionalOperations", m.Key, lower)
		case lower == "connect":
			api.misplaced(m, path, m.Key).Errorf(m.Pos, rules.PathItem, "%q opens a tunnel, and is not served", m.Key)
		case !isToken(m.Key):
			api.misplaced(m, path, m.Key).Errorf(m.Pos, rules.PathItem, "%q is no method (RFC 9110, 9.1)", m.Key)
		default:
			api.Operations = append(api.Operations, r.operation(m.Value, item, path, m.Key))
		}
	}
	return true
}

// sequences refuses what OpenAPI 3.2 says of the parts of a multipart body by their order
// (Media Type Object): it would not be checked.
func (r *reader) sequences(op *Operation) {
	var holders []*load.Node
	if op.Body != nil {
		holders = append(holders, op.Body.Node)
	}
	for _, resp := range op.Responses {
		holders = append(holders, resp.Node)
	}
	for _, h := range holders {
		content := h.Get("content")
		if content == nil {
			continue
		}
		for _, c := range content.Members {
			media, problem := r.doc.Resolve(c.Value)
			if problem != nil || media == nil {
				continue
			}
			for _, m := range media.Members {
				switch m.Key {
				case "prefixEncoding", "itemEncoding":
					op.Unsupported.Add(diag.Diagnostic{
						Pos: m.Pos, Rule: rules.Sequence, Message: m.Key + " is not supported yet, and would not be checked",
						Advice: "give the parts names, and describe them with encoding",
					})
				}
			}
		}
	}
}

// self warns of a document that says where it stands (OpenAPI 3.2, OpenAPI Object):
// nothing is fetched, and files are found by where they are.
func (r *reader) self(root *load.Node) {
	if s := root.Get("$self"); s != nil && r.doc.Version == "3.2" {
		r.diags.Warnf(s.Pos, rules.Self, "$self is not used: references lead to files by where these are")
	}
}
