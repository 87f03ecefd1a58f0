package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// Bounds of a template.
const (
	maxTemplate      = 200 // values
	maxTemplateDepth = 8
	maxTemplateText  = 1000 // bytes of a name or text
)

func errorsKey() key {
	return key{
		name: "errors", on: onDocument | onResponse | onSchema, read: readErrors,
		says: "the shape of the server's own refusals",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"minProperties": 1,
	"properties": {
		"body": {"description": "a template: JSON in which a string of one {part} is that part; or problem, or none", "type": ["object", "array", "string"]},
		"codes": {"$ref": "#/$defs/error-codes", "description": "values of the part code"},
		"docs": {"description": "values of the part docs", "oneOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/error-codes"}]},
		"details": {"description": "terse: details of violations name no bound, value or pattern of the document; on the document alone", "const": "terse"},
		"status": {
			"description": "statuses of refusals, and what is sent in their place; on the document alone",
			"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[45][0-9][0-9]$"}, "additionalProperties": {"type": "integer", "minimum": 400, "maximum": 599}
		}
	}
}`,
	}
}

const errorCodesSchema = `{
		"type": "object", "minProperties": 1,
		"additionalProperties": {"oneOf": [{"type": "string", "minLength": 1, "maxLength": 500}, {"type": "integer"}]}
	}`

func readErrors(r *reader, n *load.Node) any {
	const what = "x-bailey-errors"
	before := len(r.diags)
	if !r.members(n, what, "body", "codes", "docs", "status", "details") {
		return nil
	}
	if len(n.Members) == 0 {
		r.fail(n.Pos, rules.PolicyValue, what+" is empty", "leave it out")
	}
	e := &Errors{Node: n, Pos: n.Pos}
	if v := n.Get("body"); v != nil {
		t := template{r: r}
		e.Body = t.top(v)
	}
	if v := n.Get("codes"); v != nil {
		e.Codes = r.errorCodes(v, what+".codes")
	}
	if v := n.Get("docs"); v != nil {
		if v.Kind == load.String {
			if _, ok := r.text(v, what+".docs", maxTemplateText); ok {
				e.Docs = []ErrorCode{{For: "default", Pos: v.Pos, Value: v}}
			}
		} else {
			e.Docs = r.errorCodes(v, what+".docs")
		}
	}
	if v := n.Get("status"); v != nil {
		e.Status = r.errorStatus(v, what+".status")
	}
	if v := n.Get("details"); v != nil {
		if s, ok := v.Str(); !ok || s != "terse" {
			r.wrong(v, what+".details", "terse; leave it out for details that name the bounds, values and patterns of the document")
		}
		e.Terse, e.TerseAt = true, v.Pos
	}
	if len(r.diags) > before {
		return nil
	}
	return e
}

// errorCodes reads a table of codes: by status, class, rule or default.
func (r *reader) errorCodes(n *load.Node, what string) []ErrorCode {
	if n.Kind != load.Object || len(n.Members) == 0 {
		r.wrong(n, what, "an object of codes by status, 4XX, 5XX, default, or rule")
		return nil
	}
	var out []ErrorCode
	for i := range n.Members {
		m := &n.Members[i]
		name := m.Key
		if upper := strings.ToUpper(name); upper == "4XX" || upper == "5XX" {
			name = upper
		}
		isRule := slices.ContainsFunc(ErrorRules, func(x struct {
			Name   string
			Status int
		}) bool {
			return x.Name == name
		})
		switch {
		case name == "default" || name == "4XX" || name == "5XX" || isErrorStatus(name) || isRule:
		case slices.Contains(secretRules, name):
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has a code for %s, which would tell callers what the status hides", what, name),
				"authentication, authorization, owner rules, writable-by and lockout have the code of the status alone")
			continue
		default:
			var names []string
			for _, x := range ErrorRules {
				names = append(names, x.Name)
			}
			advice := "it can have a status from 400 to 599, 4XX, 5XX, default, or a rule: " + strings.Join(names, ", ")
			if best := spell.Like(name, names); best != "" {
				advice = "did you mean " + best + "?"
			}
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has the unknown member %s", what, short(m.Key)), advice)
			continue
		}
		if slices.ContainsFunc(out, func(c ErrorCode) bool { return c.For == name }) {
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has %s twice", what, short(name)), "")
			continue
		}
		if m.Value.Kind == load.Number {
			if _, ok := r.integer(m.Value, "a code of "+what, -1<<53, 1<<53); !ok {
				continue
			}
		} else if _, ok := r.text(m.Value, "a code of "+what, maxReason); !ok {
			continue
		}
		out = append(out, ErrorCode{For: name, Pos: m.Pos, Value: m.Value})
	}
	return out
}

func isErrorStatus(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) == 3 && n >= 400 && n <= 599
}

// kept are statuses that the map leaves alone, each with the reason.
var kept = map[int]string{
	401: "a 401 asks for a credential, with WWW-Authenticate",
	404: "what is hidden must look like what is not there",
	405: "a 405 names the methods, with Allow",
	407: "a 407 is a proxy's", 426: "a 426 is a protocol's",
	429: "a 429 says when to come back, with Retry-After",
	503: "a 503 says when to come back, with Retry-After",
}

// errorStatus reads the map of statuses.
func (r *reader) errorStatus(n *load.Node, what string) []ErrorStatus {
	if n.Kind != load.Object || len(n.Members) == 0 {
		r.wrong(n, what, "an object such as {422: 400}")
		return nil
	}
	var out []ErrorStatus
	for i := range n.Members {
		m := &n.Members[i]
		from, _ := strconv.Atoi(m.Key)
		if !isErrorStatus(m.Key) {
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has the unknown member %s", what, short(m.Key)), "it can have statuses from 400 to 599")
			continue
		}
		to, ok := r.integer(m.Value, "a status of "+what, 400, 599)
		if !ok {
			continue
		}
		if from/100 != int(to)/100 {
			r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s maps %d to %d, of another class", what, from, to), "a client's error stays 4xx, a server's 5xx")
			continue
		}
		for _, status := range []int{from, int(to)} {
			if why := kept[status]; why != "" && from != int(to) {
				r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s maps %d to %d: %s", what, from, to, why), "401, 404, 405, 429 and 503 stay what they are")
				ok = false
				break
			}
		}
		if ok {
			out = append(out, ErrorStatus{From: from, To: int(to), Pos: m.Pos})
		}
	}
	return out
}

// template reads a template.
type template struct {
	r      *reader
	values int
	lists  int // around the value that is read
}

// top reads the value of body.
func (t *template) top(n *load.Node) *ErrorBody {
	if s, ok := n.Str(); ok && (s == ErrorProblem || s == ErrorNone) {
		return &ErrorBody{Pos: n.Pos, Word: s}
	}
	if n.Kind != load.Object && n.Kind != load.Array && n.Kind != load.String {
		t.r.wrong(n, "x-bailey-errors.body", "an object, a list of one item, a {part}, problem, or none")
		return nil
	}
	b := t.value(n, 0)
	if b != nil && b.Literal != nil {
		t.r.wrong(n, "x-bailey-errors.body", "an object, a list of one item, a {part}, problem, or none")
		return nil
	}
	return b
}

func (t *template) value(n *load.Node, depth int) *ErrorBody {
	const what = "x-bailey-errors.body"
	if t.values++; t.values > maxTemplate || depth > maxTemplateDepth {
		if t.values == maxTemplate+1 || depth == maxTemplateDepth+1 {
			t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s has more than %d values, or is nested more than %d deep", what, maxTemplate, maxTemplateDepth), "")
		}
		return nil
	}
	b := &ErrorBody{Pos: n.Pos}
	switch n.Kind {
	case load.Object:
		b.Object = true
		for i := range n.Members {
			m := &n.Members[i]
			if len(m.Key) > maxTemplateText {
				t.r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("a name in %s is longer than %d bytes", what, maxTemplateText), "")
				continue
			}
			if v := t.value(m.Value, depth+1); v != nil {
				b.Members = append(b.Members, ErrorMember{Name: m.Key, Pos: m.Pos, Value: v})
			}
		}
	case load.Array:
		if len(n.Items) != 1 {
			t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("a list in %s has %d items", what, len(n.Items)), "write one: it is sent for each violation, or once for a refusal without violations")
			return nil
		}
		t.lists++
		if t.lists > 1 {
			t.r.fail(n.Pos, rules.PolicyValue, "a list in "+what+" stands within another one", "a list has an item for each violation: there is nothing to list within one")
		}
		b.Item = t.value(n.Items[0], depth+1)
		t.lists--
		if b.Item == nil {
			return nil
		}
	case load.String:
		return t.text(n, b)
	default:
		b.Literal = n
	}
	return b
}

// text reads a string: one {part}, or a literal without braces.
func (t *template) text(n *load.Node, b *ErrorBody) *ErrorBody {
	const what = "x-bailey-errors.body"
	s, _ := n.Str()
	if len(s) > maxTemplateText {
		t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("a text in %s is longer than %d bytes", what, maxTemplateText), "")
		return nil
	}
	if !strings.ContainsAny(s, "{}") {
		b.Literal = n
		return b
	}
	part, whole := strings.CutPrefix(s, "{")
	part, closed := strings.CutSuffix(part, "}")
	all := slices.Concat(ErrorParts, ErrorPlaces)
	switch {
	case !whole || !closed || strings.ContainsAny(part, "{}"):
		t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s has the text %s: a part stands alone in its string", what, short(s)), "write one {part}, or a text without braces")
		return nil
	case !slices.Contains(all, part):
		advice := "the parts are: " + strings.Join(all, ", ")
		if best := spell.Like(part, all); best != "" {
			advice = "did you mean {" + best + "}?"
		}
		t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s has the unknown part %s", what, short(s)), advice)
		return nil
	case slices.Contains(ErrorPlaces, part) && t.lists == 0:
		t.r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s has {%s} outside of a list", what, part), "a violation has a place; a list has an item for each violation")
		return nil
	}
	b.Part = part
	return b
}
