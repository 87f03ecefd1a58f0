package policy

import "github.com/bailey-go/bailey/generator/internal/load"

// readOnly is x-bailey-read-only: whether members that only the server sets are dropped.
type readOnly bool

func readOnlyKey() key {
	return key{
		name: "read-only", on: onDocument | onPath | onOperation,
		says:   "what happens to members of a request that are readOnly",
		schema: `{"enum": ["refuse", "drop"]}`,
		read: func(r *reader, n *load.Node) any {
			word, ok := r.choice(n, "x-bailey-read-only", "refuse", "drop")
			if !ok {
				return nil
			}
			return readOnly(word == "drop")
		},
	}
}
