package policy

import "github.com/bailey-go/bailey/generator/internal/load"

// inheritKey is read by package load, which finds the families of schemas: here it is only held to
// its shape.
func inheritKey() key {
	return key{
		name: "inherit", on: onDocument | onSchema,
		says:   "whether a discriminator without oneOf or anyOf selects among the schemas that extend its schema by allOf; on the document, for all of them",
		schema: `{"enum": ["on", "off"]}`,
		read: func(r *reader, n *load.Node) any {
			if _, ok := r.choice(n, "x-bailey-inherit", "on", "off"); !ok {
				return nil
			}
			return true
		},
	}
}
