package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxConditions bounds the conditions of one operation, and the claims of one condition.
const maxConditions = 8

// The bounds of how long ago a caller may have authenticated. In less time nobody comes back from where they authenticate.
const leastAuthAge, mostAuthAge = 10 * time.Second, 31 * 24 * time.Hour

// Condition is one rule of x-bailey-require: all that it names must hold.
type Condition struct {
	Pos    diag.Pos
	Scopes []string      // each of them
	Roles  []string      // one of them
	Claims []ClaimIn     // each of them
	ACR    []string      // one of them
	MaxAge time.Duration // since the caller authenticated; 0: any
}

// ClaimIn asks for a claim, or a JSON pointer to one, with one of the values.
type ClaimIn struct {
	Name   string
	Values []string
}

func requireKey() key {
	return key{
		name: "require", on: onOperation, read: readRequire,
		says:   "scopes, roles, claims and authentication classes, beside what security asks for",
		schema: `{"oneOf": [{"$ref": "#/$defs/condition"}, {"type": "array", "minItems": 1, "maxItems": 8, "items": {"$ref": "#/$defs/condition"}}]}`,
	}
}

const conditionSchema = `{
	"type": "object",
	"additionalProperties": false,
	"minProperties": 1,
	"properties": {
		"scopes": {"$ref": "#/$defs/texts", "description": "the caller was granted each of them"},
		"roles": {"$ref": "#/$defs/texts", "description": "the caller has one of them"},
		"claims": {
			"type": "object", "minProperties": 1, "maxProperties": 8, "additionalProperties": {"$ref": "#/$defs/texts"},
			"propertyNames": {"$ref": "#/$defs/text"},
			"description": "each claim, or JSON pointer to one, has one of the values"
		},
		"acr": {"$ref": "#/$defs/texts", "description": "the token names one of these authentication context classes"},
		"max-age": {"$ref": "#/$defs/duration", "description": "how long ago the caller may have authenticated, by the claim auth_time: whole seconds, from 10s to 31d"}
	}
}`

func readRequire(r *reader, n *load.Node) any {
	const what = "x-bailey-require"
	items := []*load.Node{n}
	if n.Kind == load.Array {
		items = n.Items
		if len(items) == 0 || len(items) > maxConditions {
			r.fail(n.Pos, rules.PolicyValue, what+" is a list of no conditions, or of more than 8", "write a condition")
			return nil
		}
	}
	var out []Condition
	for _, item := range items {
		if c, ok := r.condition(item, what); ok {
			out = append(out, c)
		}
	}
	if len(out) < len(items) {
		return nil
	}
	return out
}

func (r *reader) condition(n *load.Node, what string) (Condition, bool) {
	before := len(r.diags)
	if !r.members(n, what, "scopes", "roles", "claims", "acr", "max-age") {
		return Condition{}, false
	}
	if len(n.Members) == 0 {
		r.fail(n.Pos, rules.PolicyValue, what+" asks for nothing", "write scopes, roles, claims, acr or max-age, or leave it out")
		return Condition{}, false
	}
	c := Condition{
		Pos: n.Pos, Scopes: r.tokens(n.Get("scopes"), what+".scopes"),
		Roles: r.texts(n.Get("roles"), what+".roles"), ACR: r.tokens(n.Get("acr"), what+".acr"),
	}
	if age := n.Get("max-age"); age != nil {
		var ok bool
		if c.MaxAge, ok = r.duration(age, what+".max-age", leastAuthAge, mostAuthAge); ok && c.MaxAge%time.Second != 0 {
			r.wrong(age, what+".max-age", "whole seconds, as in WWW-Authenticate (RFC 9470, 3)")
		}
	}
	if claims := n.Get("claims"); claims != nil {
		c.Claims = r.claimsIn(claims, what+".claims")
	}
	return c, len(r.diags) == before
}

// tokens reads texts that stand between quotes, with spaces between, in WWW-Authenticate (RFC 6750, 3, and RFC 9470, 3).
func (r *reader) tokens(n *load.Node, what string) []string {
	list := r.texts(n, what)
	for i, v := range list {
		if !isScope(v) {
			r.wrong(item(n, i), what, "visible ASCII without spaces, quotes and backslashes")
		}
	}
	return list
}

func (r *reader) claimsIn(n *load.Node, what string) []ClaimIn {
	if n.Kind != load.Object || len(n.Members) == 0 || len(n.Members) > maxConditions {
		r.wrong(n, what, "an object of one to 8 claims, such as {tenant: [t1, t2]}")
		return nil
	}
	var out []ClaimIn
	for _, m := range n.Members {
		if strings.TrimSpace(m.Key) == "" || strings.HasPrefix(m.Key, "/") && !isPointer(m.Key) {
			r.fail(m.Pos, rules.PolicyValue, what+" names "+short(m.Key), "write the name of a claim, or a JSON pointer (RFC 6901)")
			continue
		}
		if slices.Contains([]string{"exp", "nbf", "iat"}, m.Key) {
			r.fail(m.Pos, rules.PolicyValue, what+" asks for "+m.Key+", which is a time", "leave it out: tokens are held to their times anyway")
			continue
		}
		out = append(out, ClaimIn{m.Key, r.texts(m.Value, what+"."+m.Key)})
	}
	return out
}

// item is the i-th item of a list, or the value that stands for a list of one.
func item(n *load.Node, i int) *load.Node {
	if n.Kind == load.Array && i < len(n.Items) {
		return n.Items[i]
	}
	return n
}
