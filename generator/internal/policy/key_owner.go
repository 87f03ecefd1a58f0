package policy

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// ownerPlaces are the members of x-bailey-owner that say where the value is.
var ownerPlaces = []string{"path", "query", "header", "cookie", "body"}

func ownerKey() key {
	return key{
		name: "owner", on: onOperation, read: readOwners,
		says:   "which parameter or body field must equal which claim of the caller",
		schema: `{"$ref": "#/$defs/owners"}`,
	}
}

const ownersSchema = `{
	"oneOf": [{"$ref": "#/$defs/owner"}, {"type": "array", "minItems": 1, "maxItems": 8, "items": {"$ref": "#/$defs/owner"}}]
}`

const ownerSchema = `{
	"type": "object",
	"additionalProperties": false,
	"required": ["claim"],
	"oneOf": [{"required": ["path"]}, {"required": ["query"]}, {"required": ["header"]}, {"required": ["cookie"]}, {"required": ["body"]}],
	"properties": {
		"path": {"$ref": "#/$defs/text", "description": "the name of a path parameter"},
		"query": {"$ref": "#/$defs/text"},
		"header": {"$ref": "#/$defs/text"},
		"cookie": {"$ref": "#/$defs/text"},
		"body": {"type": "string", "pattern": "^(/([^~/]|~[01])+)+$", "description": "a JSON pointer into the request body"},
		"claim": {"$ref": "#/$defs/text", "description": "a claim of the caller's, such as sub"},
		"hide": {"type": "boolean", "description": "answer 404 instead of 403, where existence is a secret"},
		"unless": {"$ref": "#/$defs/texts", "description": "scopes that exempt the caller"}
	}
}`

func readOwners(r *reader, n *load.Node) any {
	const what = "x-bailey-owner"
	items := []*load.Node{n}
	if n.Kind == load.Array {
		items = n.Items
		if len(items) == 0 || len(items) > 8 {
			r.fail(n.Pos, "policy-value", what+" is a list of no rules, or of more than 8", "write a rule")
			return nil
		}
	}
	var out []Owner
	for _, item := range items {
		if o, ok := r.owner(item, what); ok {
			out = append(out, o)
		}
	}
	if len(out) < len(items) {
		return nil
	}
	return out
}

func (r *reader) owner(n *load.Node, what string) (Owner, bool) {
	before := len(r.diags)
	if !r.members(n, what, append([]string{"claim", "hide", "unless"}, ownerPlaces...)...) {
		return Owner{}, false
	}
	o := Owner{Pos: n.Pos, Claim: r.claim(n, what, "claim"), Hide: r.flag(n, what, "hide"), Lift: r.texts(n.Get("unless"), what+".unless")}
	if n.Get("claim") == nil {
		r.missing(n, what, "claim")
	}
	found := 0
	for _, in := range ownerPlaces {
		if n.Get(in) != nil {
			found++
			o.In, o.Name = in, r.textAt(n, what, in)
		}
	}
	if found != 1 {
		r.fail(n.Pos, "policy-value", what+" has to say in one way what must equal the claim", "write one of: "+strings.Join(ownerPlaces, ", "))
	}
	if o.In == "body" && o.Name != "" && !isPointer(o.Name) {
		r.wrong(n.Get("body"), what+".body", "a JSON pointer (RFC 6901) to a member, such as /customer/id")
	}
	return o, len(r.diags) == before
}

// isPointer reports whether s is a JSON pointer (RFC 6901, 3) to something below the
// root, without empty steps.
func isPointer(s string) bool {
	if !strings.HasPrefix(s, "/") {
		return false
	}
	for step := range strings.SplitSeq(s[1:], "/") {
		if step == "" {
			return false
		}
		for i := range len(step) {
			if step[i] == '~' && (i+1 == len(step) || step[i+1] != '0' && step[i+1] != '1') {
				return false
			}
		}
	}
	return true
}
