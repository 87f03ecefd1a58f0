package policy

import (
	"fmt"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Mode is x-bailey-mode: rules that are recorded and not enforced, until a day.
type Mode struct {
	Pos    diag.Pos
	Limits bool   // rate limits
	Until  string // the last day, in UTC: 2006-01-02
	Reason string
}

func modeKey() key {
	return key{
		name: "mode", on: onDocument | onPath | onOperation, read: readMode,
		says: "rules that are recorded and not enforced, until a day, for a reason",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"required": ["detect", "until", "reason"],
	"properties": {
		"detect": {"description": "limits: rate limits", "type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": ["limits"]}},
		"until": {"type": "string", "format": "date", "description": "the last day of it, in UTC; then the rules are enforced, and generation fails"},
		"reason": {"$ref": "#/$defs/text"}
	}
}`,
	}
}

// undetectable are the words that a reader of the word detect may expect.
var undetectable = map[string]string{
	"requests": "a request that breaks its schema is refused", "responses": "a response that breaks its schema is answered 500",
	"unknown": "x-bailey-unknown: drop takes members and parameters that the document does not name",
}

func readMode(r *reader, n *load.Node) any {
	const what = "x-bailey-mode"
	before := len(r.diags)
	if !r.members(n, what, "detect", "until", "reason") {
		return nil
	}
	m := &Mode{Pos: n.Pos}
	for _, member := range []string{"detect", "until", "reason"} {
		if n.Get(member) == nil {
			r.missing(n, what, member)
		}
	}
	for _, word := range r.texts(n.Get("detect"), what+".detect") {
		if m.Limits = m.Limits || word == "limits"; word == "limits" {
			continue
		}
		advice := "it can be: limits. Authentication, scopes, owner rules, authorizers, writable-by, masks and limits of one request are enforced always"
		if why := undetectable[word]; why != "" {
			advice = "it can be: limits; " + why
		}
		r.fail(n.PosOf("detect"), rules.PolicyValue, fmt.Sprintf("%s.detect has %s", what, short(word)), advice)
	}
	if v := n.Get("until"); v != nil {
		m.Until, _ = v.Str()
		switch day, err := time.Parse(time.DateOnly, m.Until); {
		case err != nil:
			r.wrong(v, what+".until", "a day, such as '2027-03-31'")
		case r.today.After(day):
			r.fail(v.Pos, rules.ModeOver, fmt.Sprintf("%s ended on %s", what, m.Until), "leave x-bailey-mode out, so that the rules are enforced, or write a later day")
		}
	}
	if v := n.Get("reason"); v != nil {
		m.Reason, _ = r.reason(v, what+".reason")
	}
	if len(r.diags) > before {
		return nil
	}
	return m
}
