package policy

import "github.com/bailey-go/bailey/generator/internal/load"

const reasonSchema = `{"type": "string", "minLength": 1, "maxLength": 500, "pattern": "\\S"}`

func publicKey() key {
	return key{
		name: "public", on: onPath | onOperation, schema: reasonSchema,
		says: "the reason why this needs no caller",
		read: func(r *reader, n *load.Node) any {
			if s, ok := r.reason(n, "x-bailey-public"); ok {
				return &Public{Pos: n.KeyPos(), Reason: s}
			}
			return nil
		},
	}
}

func skipKey() key {
	return key{
		name: "skip", on: onPath | onOperation, schema: reasonSchema,
		says: "the reason why this is left out of the generated package",
		read: func(r *reader, n *load.Node) any {
			if s, ok := r.reason(n, "x-bailey-skip"); ok {
				return &Skip{Pos: n.KeyPos(), Reason: s}
			}
			return nil
		},
	}
}
