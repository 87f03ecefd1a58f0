package policy

import "github.com/bailey-go/bailey/generator/internal/load"

// exactKey is read by package schema, where schemas get their form: here it is only held to
// its shape.
func exactKey() key {
	return key{
		name: "exact", on: onSchema | onProperty,
		says:   "the schema is read to the letter of JSON Schema, and its values are handed on as checked JSON text",
		schema: `{"const": true}`,
		read: func(r *reader, n *load.Node) any {
			if !n.IsTrue() {
				r.wrong(n, "x-bailey-exact", "true; leave it out where the schema is read as usual")
				return nil
			}
			return true
		},
	}
}
