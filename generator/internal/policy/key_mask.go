package policy

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// masks are the ways of masking that the runtime knows.
var masks = []string{"redact", "last4", "first6last4", "email", "hash", "null", "drop"}

func maskKey() key {
	words := `"` + strings.Join(masks, `", "`) + `"`
	return key{
		name: "mask", on: onProperty, read: readMask,
		says: "how the property is masked in responses, and for whom it is not",
		schema: `{
	"oneOf": [
		{"enum": [` + words + `]},
		{
			"type": "object",
			"additionalProperties": false,
			"required": ["how"],
			"properties": {
				"how": {"enum": [` + words + `, null]},
				"scopes": {"$ref": "#/$defs/texts", "description": "callers with one of these scopes see the clear value"},
				"roles": {"$ref": "#/$defs/texts", "description": "callers with one of these roles see the clear value"},
				"owner": {"type": "boolean", "description": "the caller whom the operation's x-bailey-owner names sees the clear value"}
			}
		},
		{
			"type": "object",
			"additionalProperties": false,
			"required": ["how", "reason"],
			"properties": {"how": {"const": "clear"}, "reason": {"$ref": "#/$defs/text"}}
		}
	]
}`,
	}
}

func readMask(r *reader, n *load.Node) any {
	const what = "x-bailey-mask"
	m := &Mask{Pos: n.KeyPos()}
	if n.Kind == load.String {
		if n.Text == MaskClear {
			r.fail(n.Pos, rules.PolicyValue, "the mask clear needs a reason", "write {how: clear, reason: ...}")
			return nil
		}
		var ok bool
		if m.How, ok = r.choice(n, what, masks...); !ok {
			return nil
		}
		return m
	}
	before := len(r.diags)
	if !r.members(n, what, "how", "scopes", "roles", "owner", "reason") {
		return nil
	}
	v := n.Get("how")
	if v == nil {
		r.missing(n, what, "how")
		return nil
	}
	if m.How = "null"; v.Kind != load.Null { // how: null in YAML
		m.How, _ = r.choice(v, what+".how", append(masks[:len(masks):len(masks)], MaskClear)...)
	}
	m.Scopes, m.Roles = r.texts(n.Get("scopes"), what+".scopes"), r.texts(n.Get("roles"), what+".roles")
	m.Owner, m.Reason = r.flag(n, what, "owner"), r.textAt(n, what, "reason")
	lifted := n.Get("scopes") != nil || n.Get("roles") != nil || n.Get("owner") != nil
	switch reason := n.Get("reason"); {
	case m.How == MaskClear && reason == nil:
		r.fail(v.Pos, rules.PolicyValue, "the mask clear needs a reason", "write {how: clear, reason: ...}")
	case m.How == MaskClear && lifted:
		r.fail(v.Pos, rules.PolicyValue, "the mask clear is for everybody: there is nothing to lift", "leave scopes, roles and owner out")
	case m.How != MaskClear && reason != nil:
		r.fail(reason.KeyPos(), rules.PolicyValue, what+" has a reason, which only the mask clear needs", "leave it out")
	}
	if len(r.diags) > before {
		return nil
	}
	return m
}
