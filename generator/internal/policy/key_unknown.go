package policy

import "github.com/bailey-go/bailey/generator/internal/load"

func unknownKey() key {
	return key{
		name: "unknown", on: onDocument | onPath | onOperation | onSchema,
		says:   "what happens to members and parameters that the document does not name; keep stands on schemas alone",
		schema: `{"enum": ["refuse", "drop", "keep"]}`,
		read: func(r *reader, n *load.Node) any {
			switch word, _ := r.choice(n, "x-bailey-unknown", "refuse", "drop", "keep"); word {
			case "refuse":
				return UnknownRefuse
			case "drop":
				return UnknownDrop
			case "keep":
				return UnknownKeep
			}
			return nil
		},
	}
}
