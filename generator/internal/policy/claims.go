package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxClaims bounds the typed claims of a scheme.
const maxClaims = 32

// claimTypes are what a typed claim can hold: array is one of strings.
var claimTypes = []string{"string", "integer", "boolean", "array"}

// Claim is one of the claims of a scheme: what it holds is checked with the credential.
type Claim struct {
	Pos      diag.Pos
	Name     string // or a JSON pointer
	Type     string // one of string, integer, boolean, array
	Required bool
	Values   []string // those that it may hold, as text; nil: any
	Optional bool     // a credential without it passes though there are Values
	GoName   string   // or ""
}

const claimsSchema = `{
	"type": "object", "minProperties": 1, "maxProperties": 32,
	"propertyNames": {"allOf": [{"$ref": "#/$defs/text"}, {"not": {"enum": ["iss", "aud", "exp", "nbf", "iat"]}}]},
	"additionalProperties": {
		"type": "object",
		"additionalProperties": false,
		"required": ["type"],
		"properties": {
			"type": {"enum": ["string", "integer", "boolean", "array"], "description": "array is a list of strings"},
			"required": {"type": "boolean", "description": "a credential without it is refused; true where values stand, unless it is written"},
			"values": {
				"type": "array", "minItems": 1, "maxItems": 64, "uniqueItems": true,
				"items": {"type": ["string", "integer", "boolean"], "maxLength": 500},
				"description": "the claim must hold one of these; a list must hold one of them"
			},
			"go-name": {"type": "string", "pattern": "^\\p{Lu}[\\p{L}\\p{Nd}_]*$", "maxLength": 120, "description": "the name of its method in Go"}
		}
	},
	"allOf": [{"properties": {"sub": {"required": ["values"]}}}],
	"description": "claims of which the type is known: a credential with another kind of value is refused"
}`

// typedClaims reads the member claims of a scheme's policy.
func (r *reader) typedClaims(n *load.Node, what string) []Claim {
	n, what = n.Get("claims"), what+".claims"
	switch {
	case n == nil:
		return nil
	case n.Kind != load.Object || len(n.Members) == 0 || len(n.Members) > maxClaims:
		r.wrong(n, what, fmt.Sprintf("an object of one to %d claims, such as {level: {type: integer}}", maxClaims))
		return nil
	}
	var out []Claim
	for i := range n.Members {
		m := &n.Members[i]
		at := what + "." + m.Key
		if strings.TrimSpace(m.Key) == "" || m.Key[0] == '/' && !isPointer(m.Key) {
			r.fail(m.Pos, rules.PolicyValue, what+" names "+short(m.Key), "write the name of a claim, or a JSON pointer (RFC 6901)")
			continue
		}
		if slices.Contains(checkedAnyway, strings.TrimPrefix(m.Key, "/")) && (m.Key != "sub" || m.Value.Get("values") == nil) {
			advice := "leave it out"
			if m.Key == "sub" {
				advice += ", or write values: the subjects that may call"
			}
			r.fail(m.Pos, rules.PolicyValue, what+" has "+m.Key+", which is checked anyway", advice)
			continue
		}
		if !r.members(m.Value, at, "type", "required", "values", "go-name") {
			continue
		}
		c := Claim{Pos: m.Pos, Name: m.Key, Required: r.flag(m.Value, at, "required")}
		if v := m.Value.Get("type"); v == nil {
			r.missing(m.Value, at, "type")
		} else {
			c.Type, _ = r.choice(v, at+".type", claimTypes...)
		}
		if v := m.Value.Get("values"); v != nil {
			c.Values = r.claimValues(v, at+".values", c.Type)
			c.Optional = m.Value.Get("required") != nil && !c.Required
		}
		if v := m.Value.Get("go-name"); v != nil {
			c.GoName, _ = readGoName(r, v).(string)
		}
		out = append(out, c)
	}
	return out
}

// checkedAnyway are the claims of which each policy says what they hold. The subject may be one of a list.
var checkedAnyway = []string{"iss", "sub", "aud", "exp", "nbf", "iat"}

const maxValues = 64

// claimValues reads the values that a claim may hold, as text.
func (r *reader) claimValues(n *load.Node, what, kind string) (out []string) {
	if n.Kind != load.Array || len(n.Items) == 0 || len(n.Items) > maxValues {
		r.wrong(n, what, fmt.Sprintf("a list of 1 to %d values", maxValues))
		return nil
	}
	for _, item := range n.Items {
		text, ok := "", false
		switch kind {
		case "string", "array":
			if text, ok = item.Str(); ok && (text == "" || len(text) > maxReason) {
				ok = false
			}
		case "integer":
			if ok = item.Kind == load.Number; ok {
				var v int64
				v, ok = r.integer(item, "an item of "+what, -1<<63, 1<<63-1)
				text = strconv.FormatInt(v, 10)
				if !ok {
					continue // it is reported
				}
			}
		case "boolean":
			text, ok = strconv.FormatBool(item.IsTrue()), item.Kind == load.Bool
		default:
			return nil // the type is reported
		}
		switch {
		case !ok:
			r.wrong(item, "an item of "+what, "what a claim of the type "+kind+" can hold")
		case slices.Contains(out, text):
			r.fail(item.Pos, rules.PolicyValue, what+" has "+short(text)+" twice", "")
		default:
			out = append(out, text)
		}
	}
	return out
}

// claimsAgree holds that schemes give a claim of one name one type and one name in Go: the
// caller has one method for it.
func (r *reader) claimsAgree() {
	known := map[string]Claim{}
	for _, s := range r.set.Schemes {
		for _, c := range s.Claims() {
			first, ok := known[c.Name]
			if ok && (first.Type != c.Type || first.GoName != c.GoName) {
				r.fail(c.Pos, rules.PolicyConflict, fmt.Sprintf("the claim %s is something else at %s", short(c.Name), first.Pos), "give it one type and one go-name")
			}
			if !ok {
				known[c.Name] = c
			}
		}
	}
}

// Claims are the typed claims of the scheme's policy.
func (s *Scheme) Claims() []Claim {
	switch {
	case s.JWT != nil:
		return s.JWT.Claims
	case s.Introspection != nil:
		return s.Introspection.Claims
	}
	return nil
}
