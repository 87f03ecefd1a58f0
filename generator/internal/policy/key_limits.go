package policy

import (
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

const (
	maxBody    = 1 << 30
	maxDepth   = 1000
	maxItems   = 10_000_000
	maxParts   = 10_000
	minTimeout = time.Millisecond
	maxTimeout = 10 * time.Minute
)

func limitsKey() key {
	return key{
		name: "limits", on: onDocument | onPath | onOperation, read: readLimits,
		says: "how much one request may send, and how long it may take",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"minProperties": 1,
	"properties": {
		"body": ` + sizeSchema("the request's body, at most 1GiB") + `,
		"encodings": {
			"description": "the content codings that the request's body may have; none without this",
			"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["gzip"]}
		},
		"inflated": ` + sizeSchema("the body once it is inflated, at most 1GiB; without this as body") + `,
		"parts": ` + boundedSchema("how many parts a multipart body may have", `{"type": "integer", "minimum": 1, "maximum": 10000}`) + `,
		"fields": ` + sizeSchema("the parts of a multipart body that are no files, together; at most 1GiB") + `,
		"item": ` + sizeSchema("one item of a stream, sent or received; at most 1GiB") + `,
		"depth": ` + boundedSchema("how deep JSON may be nested", `{"type": "integer", "minimum": 1, "maximum": 1000}`) + `,
		"items": ` + boundedSchema("how many items an array without maxItems may have, and how many members a map without maxProperties", `{"type": "integer", "minimum": 1, "maximum": 10000000}`) + `,
		"memory": ` + sizeSchema("what reading one request may allocate beyond 20 bytes for each byte of its body; at most 1GiB") + `,
		"timeout": ` + boundedSchema("from 1ms to 10m", `{"$ref": "#/$defs/duration"}`) + `
	}
}`,
	}
}

// sizeSchema is the JSON Schema of a number of bytes, or of a mark of one.
func sizeSchema(says string) string {
	return boundedSchema(says, `{
				"type": ["integer", "string"], "minimum": 1, "maximum": 1073741824,
				"pattern": "^[0-9]+ *(B|KB|MB|GB|KiB|MiB|GiB)$"
			}`)
}

func readLimits(r *reader, n *load.Node) any {
	const what = "x-bailey-limits"
	before := len(r.diags)
	if !r.members(n, what, "body", "encodings", "inflated", "parts", "fields", "item", "depth", "items", "memory", "timeout") {
		return nil
	}
	if len(n.Members) == 0 {
		r.fail(n.Pos, rules.PolicyValue, what+" is empty", "leave it out")
	}
	l := &Limits{}
	size := func(n *load.Node, what string) (int64, bool) { return r.size(n, what, maxBody) }
	count := func(most int64) func(*load.Node, string) (int64, bool) {
		return func(n *load.Node, what string) (int64, bool) { return r.integer(n, what, 1, most) }
	}
	l.Body = bounded(r, n, what, "body", &l.Settings, size)
	if v := n.Get("encodings"); v != nil {
		l.Encodings = r.texts(v, what+".encodings")
		for _, e := range v.Items {
			if e.Text != "gzip" {
				r.wrong(e, "a content coding of "+what+".encodings", "gzip")
			}
		}
	}
	l.Inflated = bounded(r, n, what, "inflated", &l.Settings, size)
	l.Parts = int(bounded(r, n, what, "parts", &l.Settings, count(maxParts)))
	l.Fields = bounded(r, n, what, "fields", &l.Settings, size)
	l.Item = bounded(r, n, what, "item", &l.Settings, size)
	l.Depth = int(bounded(r, n, what, "depth", &l.Settings, count(maxDepth)))
	l.Items = int(bounded(r, n, what, "items", &l.Settings, count(maxItems)))
	l.Memory = bounded(r, n, what, "memory", &l.Settings, size)
	l.Timeout = bounded(r, n, what, "timeout", &l.Settings, func(n *load.Node, what string) (time.Duration, bool) {
		return r.duration(n, what, minTimeout, maxTimeout)
	})
	if len(r.diags) > before {
		return nil
	}
	return l
}
