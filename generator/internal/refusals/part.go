package refusals

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// bounded are formats that say which texts there are; a text of the server's has none of them.
var bounded = []string{
	"uuid", "date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference",
	"iri", "iri-reference", "json-pointer", "relative-json-pointer", "regex", "uri-template", "byte",
}

// part fits a part.
func (f *fitter) part(t *policy.ErrorBody, s *schema.Schema, at place) []Piece {
	const number = schema.TypeInteger | schema.TypeNumber
	p := Piece{Part: t.Part}
	switch t.Part {
	case "status":
		p.AsText = s.Types&number == 0 && !f.whole
		for _, status := range f.contract.Statuses {
			if !allows(s, scalar(strconv.Itoa(status), !p.AsText)) {
				return f.no(t, s, at, "cannot be the status %d", status)
			}
		}
		return []Piece{p}
	case "retry-after":
		p.AsText = s.Types&number == 0
		for _, seconds := range []string{"0", "1", "5", "60", "3600", "86400"} {
			if !allows(s, scalar(seconds, !p.AsText)) {
				return f.no(t, s, at, "cannot be %s seconds", seconds)
			}
		}
		return []Piece{p}
	case "code":
		return f.table(t, s, at, f.contract.Codes, true)
	case "docs":
		if s.Types&schema.TypeString == 0 {
			return f.no(t, s, at, "is text in the template, and has to be %s", s.Types)
		}
		return f.table(t, s, at, f.contract.Docs, at.required)
	case "request-id":
		if s.Format == "uuid" && s.Types&schema.TypeString != 0 && len(s.Enum)+len(s.Patterns) == 0 && s.MinLength <= 36 && (s.MaxLength < 0 || s.MaxLength >= 36) {
			p.UUID = true
			return []Piece{p}
		}
	case "in":
		if s.Enum != nil {
			for _, in := range []string{"path", "query", "header", "cookie", "body"} {
				if !allows(s, scalar(in, false)) {
					return f.no(t, s, at, "cannot be %q", in)
				}
			}
			if !at.required {
				return []Piece{p}
			}
		}
	}
	return f.text(t, s, at, p)
}

// text fits a part that is free text: its length is bounded by the server.
func (f *fitter) text(t *policy.ErrorBody, s *schema.Schema, at place, p Piece) []Piece {
	switch {
	case s.Types&schema.TypeString == 0:
		return f.no(t, s, at, "is text in the template, and has to be %s", s.Types)
	case s.Enum != nil:
		return f.no(t, s, at, "has an enum, and {%s} is free text", t.Part)
	case len(s.Patterns) > 0:
		return f.no(t, s, at, "has a pattern, and {%s} is free text", t.Part)
	case slices.Contains(bounded, s.Format):
		return f.no(t, s, at, "has the format %s, and {%s} is free text", s.Format, t.Part)
	case s.MinLength > shortest(t.Part, at.required):
		return f.no(t, s, at, "has at least %d characters, and {%s} may have fewer", s.MinLength, t.Part)
	case s.MaxLength >= 0 && s.MaxLength < 4:
		return f.no(t, s, at, "has at most %d characters", s.MaxLength)
	}
	p.Max = max(s.MaxLength, 0)
	return []Piece{p}
}

// shortest is the number of characters that a part always has. A title such as Gone has four; a member that is
// optional is left out where its part is empty.
func shortest(part string, required bool) int64 {
	switch part {
	case "title", "detail":
		return 4
	case "request-id":
		return 8
	}
	if required {
		return 0
	}
	return 1
}

// table fits the values of a table.
func (f *fitter) table(t *policy.ErrorBody, s *schema.Schema, at place, list []policy.ErrorCode, needed bool) []Piece {
	p := Piece{Part: t.Part}
	if s.Types&(schema.TypeInteger|schema.TypeNumber) == 0 {
		p.AsText = slices.ContainsFunc(list, func(c policy.ErrorCode) bool { return c.Value.Kind == load.Number })
	}
	for _, status := range f.contract.Statuses {
		names := []string{""}
		for _, r := range policy.ErrorRules {
			if policy.StatusOf(f.contract.Map, r.Status) == status {
				names = append(names, r.Name)
			}
		}
		for _, rule := range names {
			entry := policy.CodeAt(list, rule, status)
			if entry == nil {
				if !needed {
					continue
				}
				return f.no(t, s, at, "is {%s}, and x-bailey-errors has no entry for %d", t.Part, status)
			}
			v := entry.Value
			if v.Kind == load.Number && p.AsText {
				v = scalar(v.Text, false)
			}
			if !allows(s, v) {
				f.misfit = &Misfit{Pos: entry.Pos, At: s.Pos, Text: at.path + " cannot be " + JSON(entry.Value) + ", for " + entry.For}
				return nil
			}
		}
	}
	return []Piece{p}
}

// allows reports whether a schema is sure to accept a scalar.
func allows(s *schema.Schema, v *load.Node) bool {
	if !s.Allows(v) {
		return false
	}
	if v.Kind != load.String || !slices.Contains(bounded, s.Format) {
		return true
	}
	switch s.Format {
	case "uri", "iri":
		return strings.HasPrefix(v.Text, "https://") || strings.HasPrefix(v.Text, "http://") || strings.HasPrefix(v.Text, "urn:") || v.Text == "about:blank"
	case "uri-reference", "iri-reference":
		return !strings.ContainsAny(v.Text, " <>\"\\^`{|}")
	}
	return sample.Accepts(s, v.Text)
}

// scalar is a node of a number or a text.
func scalar(text string, number bool) *load.Node {
	if number {
		return &load.Node{Kind: load.Number, Text: text}
	}
	return &load.Node{Kind: load.String, Text: text}
}

// Title is the title of a status, as the runtime has it.
func Title(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return http.StatusText(status / 100 * 100)
}

// JSON is a scalar as it is sent.
func JSON(n *load.Node) string {
	switch n.Kind {
	case load.String:
		return jsonText(n.Text)
	case load.Null:
		return "null"
	}
	return n.Text
}

// jsonText is a text as JSON, in ASCII where HTML reads it.
func jsonText(s string) string {
	b, _ := json.Marshal(s) // a string always can
	return string(b)
}
