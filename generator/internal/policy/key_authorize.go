package policy

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Authorize is x-bailey-authorize: a method of the user's decides.
type Authorize struct {
	Pos   diag.Pos
	After bool // it is asked about the result, too
	Hide  bool // answer 404 instead of 403
}

func authorizeKey() key {
	return key{
		name: "authorize", on: onOperation, read: readAuthorize,
		says: "a typed method that the user must implement decides",
		schema: `{"oneOf": [{"const": true}, {
			"type": "object",
			"additionalProperties": false,
			"properties": {
				"after": {"type": "boolean", "description": "ask again with the result, before it is written"},
				"hide": {"type": "boolean", "description": "answer 404 instead of 403, where existence is a secret"}
			}
		}]}`,
	}
}

func readAuthorize(r *reader, n *load.Node) any {
	const what = "x-bailey-authorize"
	if n.Kind == load.Bool && n.IsTrue() {
		return &Authorize{Pos: n.Pos}
	}
	if n.Kind != load.Object {
		r.wrong(n, what, "true, or an object with some of: after, hide")
		return nil
	}
	before := len(r.diags)
	r.members(n, what, "after", "hide")
	a := &Authorize{Pos: n.Pos, After: r.flag(n, what, "after"), Hide: r.flag(n, what, "hide")}
	if len(r.diags) > before {
		return nil
	}
	return a
}
