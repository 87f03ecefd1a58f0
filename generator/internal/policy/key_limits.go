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
		"parts": {"type": "integer", "minimum": 1, "maximum": 10000, "description": "how many parts a multipart body may have"},
		"fields": ` + sizeSchema("the parts of a multipart body that are no files, together; at most 1GiB") + `,
		"item": ` + sizeSchema("one item of a stream, sent or received; at most 1GiB") + `,
		"depth": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "how deep JSON may be nested"},
		"items": {"type": "integer", "minimum": 1, "maximum": 10000000, "description": "how many items an array without maxItems may have, and how many members a map without maxProperties"},
		"memory": ` + sizeSchema("what reading one request may allocate beyond 20 bytes for each byte of its body; at most 1GiB") + `,
		"timeout": {"$ref": "#/$defs/duration", "description": "from 1ms to 10m"}
	}
}`,
	}
}

// sizeSchema is the JSON Schema of a number of bytes.
func sizeSchema(says string) string {
	return `{
			"description": "` + says + `",
			"oneOf": [
				{"type": "integer", "minimum": 1, "maximum": 1073741824},
				{"type": "string", "pattern": "^[0-9]+ *(B|KB|MB|GB|KiB|MiB|GiB)$"}
			]
		}`
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
	if v := n.Get("body"); v != nil {
		l.Body, _ = r.size(v, what+".body", maxBody)
	}
	if v := n.Get("encodings"); v != nil {
		l.Encodings = r.texts(v, what+".encodings")
		for _, e := range v.Items {
			if e.Text != "gzip" {
				r.wrong(e, "a content coding of "+what+".encodings", "gzip")
			}
		}
	}
	if v := n.Get("inflated"); v != nil {
		l.Inflated, _ = r.size(v, what+".inflated", maxBody)
	}
	if v := n.Get("parts"); v != nil {
		parts, _ := r.integer(v, what+".parts", 1, maxParts)
		l.Parts = int(parts)
	}
	if v := n.Get("fields"); v != nil {
		l.Fields, _ = r.size(v, what+".fields", maxBody)
	}
	if v := n.Get("item"); v != nil {
		l.Item, _ = r.size(v, what+".item", maxBody)
	}
	if v := n.Get("depth"); v != nil {
		depth, _ := r.integer(v, what+".depth", 1, maxDepth)
		l.Depth = int(depth)
	}
	if v := n.Get("items"); v != nil {
		items, _ := r.integer(v, what+".items", 1, maxItems)
		l.Items = int(items)
	}
	if v := n.Get("memory"); v != nil {
		l.Memory, _ = r.size(v, what+".memory", maxBody)
	}
	if v := n.Get("timeout"); v != nil {
		l.Timeout, _ = r.duration(v, what+".timeout", minTimeout, maxTimeout)
	}
	if len(r.diags) > before {
		return nil
	}
	return l
}
