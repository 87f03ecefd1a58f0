package policy

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func writableByKey() key {
	return key{
		name: "writable-by", on: onProperty, read: readWriters,
		says:   "which callers may set the property in a request",
		schema: `{"$ref": "#/$defs/callers"}`,
	}
}

func readWriters(r *reader, n *load.Node) any {
	before := len(r.diags)
	w := &Writers{Pos: n.KeyPos()}
	w.Scopes, w.Roles = r.callers(n, "x-bailey-writable-by")
	if len(r.diags) > before {
		return nil
	}
	return w
}

// contradicts reports a property that nobody can set, and that somebody may.
func (r *reader) contradicts(n *load.Node, w *Writers) {
	if w != nil && (n.Get("readOnly").IsTrue() || r.resolve(n).Get("readOnly").IsTrue()) {
		r.fail(w.Pos, rules.PolicyConflict, "x-bailey-writable-by stands on a property that is readOnly: no request can set it", "keep one of them")
	}
}
