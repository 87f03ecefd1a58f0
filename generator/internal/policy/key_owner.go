package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// ownerPlaces are the members of x-bailey-owner that say where the value is.
var ownerPlaces = []string{"path", "query", "header", "cookie", "body"}

// maxOwners bounds the rules of one operation, as the runtime does, and ownerDepth how
// deep groups stand in groups.
const (
	maxOwners  = 32
	ownerDepth = 4
)

func ownerKey() key {
	return key{
		name: "owner", on: onOperation, read: readOwners,
		says:   "which parameter or body field must be the caller's, by which claim",
		schema: `{"$ref": "#/$defs/owners"}`,
	}
}

const ownersSchema = `{
	"oneOf": [{"$ref": "#/$defs/owner"}, {"type": "array", "minItems": 1, "maxItems": 32, "items": {"$ref": "#/$defs/owner"}}]
}`

const ownerGroupsSchema = `{"type": "array", "minItems": 1, "maxItems": 32, "items": {
	"allOf": [{"$ref": "#/$defs/owner"}, {"not": {"required": ["hide"]}}]
}}`

const callersSchema = `{
	"oneOf": [{"$ref": "#/$defs/texts"}, {
		"type": "object",
		"additionalProperties": false,
		"minProperties": 1,
		"properties": {
			"scopes": {"$ref": "#/$defs/texts"},
			"roles": {"$ref": "#/$defs/texts"}
		}
	}],
	"description": "scopes, or scopes and roles, of which a caller has one"
}`

const ownerSchema = `{
	"type": "object",
	"additionalProperties": false,
	"oneOf": [
		{
			"oneOf": [{"required": ["claim"]}, {"required": ["template"]}],
			"allOf": [{"oneOf": [{"required": ["path"]}, {"required": ["query"]}, {"required": ["header"]}, {"required": ["cookie"]}, {"required": ["body"]}]}],
			"not": {"anyOf": [{"required": ["any"]}, {"required": ["all"]}]}
		},
		{
			"oneOf": [{"required": ["any"]}, {"required": ["all"]}],
			"not": {"anyOf": [
				{"required": ["path"]}, {"required": ["query"]}, {"required": ["header"]}, {"required": ["cookie"]}, {"required": ["body"]},
				{"required": ["claim"]}, {"required": ["template"]}, {"required": ["match"]}
			]}
		}
	],
	"dependentRequired": {"match": ["claim"]},
	"dependentSchemas": {"separator": {"required": ["match"], "properties": {"match": {"const": "prefix"}}}},
	"properties": {
		"path": {"$ref": "#/$defs/text", "description": "the name of a path parameter"},
		"query": {"$ref": "#/$defs/text"},
		"header": {"$ref": "#/$defs/text"},
		"cookie": {"$ref": "#/$defs/text"},
		"body": {"type": "string", "pattern": "^(/([^~/]|~[01])+)+$", "description": "a JSON pointer into the request body"},
		"claim": {"$ref": "#/$defs/text", "description": "a claim of the caller's, such as sub, or a JSON pointer to it"},
		"match": {"enum": ["equal", "in", "prefix"], "description": "equal to a claim that is no list, in a list, or below a prefix; equal or in unless written"},
		"separator": {"type": "string", "pattern": "^[!#-/:-@\\[-` + "`" + `|~]{1,4}$", "description": "what ends the claim in a value below it; / unless written"},
		"template": {"type": "string", "minLength": 3, "maxLength": 500, "pattern": "^[^{}]*(\\{[^{}]+\\}[^{}]+)*\\{[^{}]+\\}[^{}]*$", "description": "text with claims in braces: urn:acct:{sub}"},
		"any": {"$ref": "#/$defs/owner-groups", "description": "one of these rules must hold"},
		"all": {"$ref": "#/$defs/owner-groups", "description": "each of these rules must hold"},
		"hide": {"type": "boolean", "description": "answer 404 instead of 403, where existence is a secret"},
		"unless": {"$ref": "#/$defs/callers", "description": "who is exempt"}
	}
}`

func readOwners(r *reader, n *load.Node) any {
	list, ok := r.ownerList(n, Owner{}, 0)
	if !ok {
		return nil
	}
	if count := countOwners(list); count > maxOwners {
		r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("x-bailey-owner has %d rules; %d is the limit", count, maxOwners), "decide with x-bailey-authorize")
		return nil
	}
	return list
}

func countOwners(list []Owner) int {
	n := 0
	for _, o := range list {
		if len(o.Any)+len(o.All) == 0 {
			n++
		}
		n += countOwners(o.Any) + countOwners(o.All)
	}
	return n
}

// ownerList reads rules; what around says of hiding and exemptions holds for them, too.
func (r *reader) ownerList(n *load.Node, around Owner, depth int) ([]Owner, bool) {
	const what = "x-bailey-owner"
	items := []*load.Node{n}
	if n.Kind == load.Array {
		items = n.Items
	}
	if len(items) == 0 || len(items) > maxOwners || depth > 0 && n.Kind != load.Array {
		r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s is no list of 1 to %d rules", what, maxOwners), "write a rule")
		return nil, false
	}
	var out []Owner
	for _, item := range items {
		if o, ok := r.owner(item, what, around, depth); ok {
			out = append(out, o)
		}
	}
	return out, len(out) == len(items)
}

func (r *reader) owner(n *load.Node, what string, around Owner, depth int) (Owner, bool) {
	before := len(r.diags)
	if !r.members(n, what, append([]string{"claim", "match", "separator", "template", "hide", "unless", "any", "all"}, ownerPlaces...)...) {
		return Owner{}, false
	}
	o := Owner{Pos: n.Pos, Hide: r.flag(n, what, "hide")}
	if depth > 0 {
		if v := n.Get("hide"); v != nil {
			r.fail(v.KeyPos(), rules.PolicyValue, what+" hides within a group", "write hide beside the outermost any or all")
		}
		o.Hide = around.Hide
	}
	scopes, roles := r.callers(n.Get("unless"), what+".unless")
	o.Lift, o.LiftRoles = union(around.Lift, scopes), union(around.LiftRoles, roles)
	if any, all := n.Get("any"), n.Get("all"); any != nil || all != nil {
		return r.ownerGroup(n, o, what, depth, before)
	}
	r.ownerClaim(n, &o, what)
	found := 0
	for _, in := range ownerPlaces {
		if n.Get(in) != nil {
			found++
			o.In, o.Name = in, r.textAt(n, what, in)
		}
	}
	if found != 1 {
		r.fail(n.Pos, rules.PolicyValue, what+" has to say in one way what must equal the claim", "write one of: "+strings.Join(ownerPlaces, ", "))
	}
	if o.In == "body" && o.Name != "" && !isPointer(o.Name) {
		r.wrongMember(n, "body", what+".body", "a JSON pointer (RFC 6901) to a member, such as /customer/id")
	}
	return o, len(r.diags) == before
}

// ownerGroup reads any or all.
func (r *reader) ownerGroup(n *load.Node, o Owner, what string, depth, before int) (Owner, bool) {
	for i := range n.Members {
		if m := &n.Members[i]; !slices.Contains([]string{"any", "all", "hide", "unless"}, m.Key) {
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has %s beside a group", what, m.Key), "write a rule of its own, within the group")
		}
	}
	if n.Get("any") != nil && n.Get("all") != nil {
		r.fail(n.Pos, rules.PolicyValue, what+" has any and all side by side", "write one of them within the other")
	}
	if depth >= ownerDepth {
		r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s is nested deeper than %d groups", what, ownerDepth), "decide with x-bailey-authorize")
		return o, false
	}
	if v := n.Get("any"); v != nil {
		o.Any, _ = r.ownerList(v, o, depth+1)
	} else {
		o.All, _ = r.ownerList(n.Get("all"), o, depth+1)
	}
	return o, len(r.diags) == before
}

// ownerClaim reads what the value is compared with, and how.
func (r *reader) ownerClaim(n *load.Node, o *Owner, what string) {
	claim, template := n.Get("claim"), n.Get("template")
	switch {
	case claim == nil && template == nil:
		r.missing(n, what, "claim")
	case claim != nil && template != nil:
		r.fail(template.KeyPos(), rules.PolicyValue, what+" has a claim and a template", "keep one of them")
	}
	o.Claim = r.claim(n, what, "claim")
	if template != nil {
		o.Template = r.textAt(n, what, "template")
		if o.Template != "" && !isTemplate(o.Template) {
			r.wrong(template, what+".template", "text with claims in braces and text between them, such as urn:acct:{sub}")
		}
	}
	match := n.Get("match")
	if match != nil {
		o.Match, _ = r.choice(match, what+".match", "equal", "in", "prefix")
		if claim == nil {
			r.fail(match.KeyPos(), rules.PolicyValue, what+" has a match and no claim", "leave it out: a template is equal or not")
		}
	}
	if o.Match == "in" && slices.Contains([]string{"sub", "/sub", "iss", "/iss"}, o.Claim) {
		r.fail(match.Pos, rules.PolicyValue, what+" looks into "+o.Claim+", which is never a list", "leave match out")
	}
	if o.Match == "prefix" {
		o.Separator = "/"
	}
	if v := n.Get("separator"); v != nil {
		if o.Match != "prefix" {
			r.fail(v.KeyPos(), rules.PolicyValue, what+" has a separator, which only match: prefix has", "leave it out")
		}
		s, _ := v.Str()
		if o.Separator = s; !isSeparator(s) {
			r.wrong(v, what+".separator", "one to four of the characters !#$%&'()*+,-./:;<=>?@[\\]^_`|~, which end no name that goes on")
		}
	}
}

// isSeparator reports whether s is ASCII punctuation: after a letter or digit, "org1" could be
// continued to "org10". Quotes and braces are left to other uses.
func isSeparator(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || c == '"' || c == '{' || c == '}' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
			return false
		}
	}
	return s != "" && len(s) <= 4
}

// isTemplate reports whether s has claims in braces, none of them empty, with text between.
func isTemplate(s string) bool {
	_, rest, more := strings.Cut(s, "{")
	if !more || strings.Contains(s[:len(s)-len(rest)-1], "}") {
		return false
	}
	for more {
		claim, behind, closed := strings.Cut(rest, "}")
		if !closed || strings.TrimSpace(claim) == "" || strings.Contains(claim, "{") || claim[0] == '/' && !isPointer(claim) {
			return false
		}
		var text string
		if text, rest, more = strings.Cut(behind, "{"); more && text == "" || strings.Contains(text, "}") {
			return false
		}
	}
	return true
}

// callers reads who is meant: scopes, or an object of scopes and roles.
func (r *reader) callers(n *load.Node, what string) (scopes, roles []string) {
	if n == nil {
		return nil, nil
	}
	if n.Kind != load.Object {
		return r.texts(n, what), nil
	}
	r.members(n, what, "scopes", "roles")
	if len(n.Members) == 0 {
		r.fail(n.Pos, rules.PolicyValue, what+" names nobody", "write scopes or roles, or leave it out")
	}
	return r.texts(n.Get("scopes"), what+".scopes"), r.texts(n.Get("roles"), what+".roles")
}

// union is a and what b adds to it.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
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
