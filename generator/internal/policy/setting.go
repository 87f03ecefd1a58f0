package policy

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Setting is a member of a policy whose value comes from Config, since the document marks it with
// {config: required} or {config: optional}. The policy itself holds the default, where there is one.
type Setting struct {
	Pos      diag.Pos
	Member   string // such as issuer
	Required bool
	// Most is the greatest value that Config may give, for numbers; nanoseconds for time spans.
	Most int64
	// On is what a limit stands on: a path's template, an operation's method and path, or "" for the document.
	On        string
	Operation bool // it stands on an operation
}

// settingSchema is the JSON Schema of a mark, with the schema of the default.
func settingSchema(value string) string {
	return `{
		"type": "object",
		"additionalProperties": false,
		"required": ["config"],
		"properties": {
			"config": {"enum": ["required", "optional"], "description": "the value comes from Config; with optional, the default counts where Config has none"},
			"default": ` + value + `
		},
		"if": {"properties": {"config": {"const": "required"}}},
		"then": {"not": {"required": ["default"]}},
		"else": {"required": ["default"]}
	}`
}

// settable is the JSON Schema of a member that is a value, or a mark with such a default.
func settable(value string) string { return `{"oneOf": [` + value + `, ` + settingSchema(value) + `]}` }

// boundedSchema is the JSON Schema of a number that is a value, or a mark with a default and a greatest value.
func boundedSchema(says, value string) string {
	return `{
			"description": "` + says + `",
			"oneOf": [` + value + `, {
				"type": "object",
				"additionalProperties": false,
				"required": ["config"],
				"properties": {
					"config": {"enum": ["required", "optional"], "description": "the value comes from Config, which may lower it, and raise it up to max"},
					"default": ` + value + `,
					"max": ` + value + `
				},
				"if": {"properties": {"config": {"const": "required"}}},
				"then": {"required": ["max"], "not": {"required": ["default"]}},
				"else": {"required": ["default"]}
			}]
		}`
}

// isSetting reports whether n is a mark, rather than a value.
func isSetting(n *load.Node) bool { return n != nil && n.Kind == load.Object && n.Get("config") != nil }

// setting reads the member of n that may be a mark. It returns the node that has the value: the member itself, or
// the default of the mark; nil where there is neither. The second result is nil where the member is no mark.
func (r *reader) setting(n *load.Node, what, member string) (*load.Node, *Setting) {
	v := n.Get(member)
	if !isSetting(v) {
		return v, nil
	}
	what += "." + member
	r.members(v, what, "config", "default")
	return r.readSetting(v, what, member)
}

func (r *reader) readSetting(v *load.Node, what, member string) (*load.Node, *Setting) {
	s := &Setting{Pos: v.Pos, Member: member}
	word, ok := r.choice(v.Get("config"), what+".config", "required", "optional")
	s.Required = word == "required"
	fallback := v.Get("default")
	switch {
	case s.Required && fallback != nil:
		r.fail(v.KeyPosOf("default"), rules.PolicyConflict, what+" is required of Config, and has a default", "leave the default out, or write {config: optional}")
		fallback = nil
	case ok && !s.Required && fallback == nil:
		r.fail(v.Pos, rules.PolicyValue, what+" has no default", "write one, or {config: required}")
	}
	return fallback, s
}

// bounded reads a number with read, or a mark of one: the value is then the default, or the greatest that Config may
// give where Config has to. Without max, Config may only lower the default.
func bounded[T int64 | time.Duration](r *reader, n *load.Node, what, member string, list *[]Setting, read func(n *load.Node, what string) (T, bool)) T {
	v := n.Get(member)
	if v == nil {
		return 0
	}
	if !isSetting(v) {
		value, _ := read(v, what+"."+member)
		return value
	}
	what += "." + member
	r.members(v, what, "config", "default", "max")
	fallback, s := r.readSetting(v, what, member)
	var value, most T
	known := true
	if fallback != nil {
		value, known = read(fallback, what+".default")
	}
	switch limit := v.Get("max"); {
	case limit != nil:
		ok := false
		if most, ok = read(limit, what+".max"); ok && known && most < value {
			r.fail(limit.Pos, rules.PolicyConflict, what+".max is less than the default", "raise it, or leave it out: Config may lower the default anyway")
		}
	case s.Required:
		r.fail(v.Pos, rules.PolicyValue, what+" is required of Config, and has no max", "write the greatest value that Config may give")
	default:
		most = value
	}
	if s.Required {
		value = most
	}
	s.Most = int64(most)
	s.add(list)
	return value
}

// add appends a setting that is there.
func (s *Setting) add(list *[]Setting) {
	if s != nil {
		*list = append(*list, *s)
	}
}

// SettingOf is the setting of a member, or nil.
func SettingOf(list []Setting, member string) *Setting {
	if i := slices.IndexFunc(list, func(s Setting) bool { return s.Member == member }); i >= 0 {
		return &list[i]
	}
	return nil
}

// textSetting reads a member that is a text, or comes from Config.
func (r *reader) textSetting(n *load.Node, what, member string, list *[]Setting) string {
	v, s := r.setting(n, what, member)
	s.add(list)
	if v == nil {
		return ""
	}
	text, ok := r.text(v, what+"."+member, maxReason)
	if ok && s != nil && member == "issuer" && !isIssuer(text) {
		r.wrong(v, what+".issuer.default", "an https URL without user, query and fragment (http only for this machine: localhost, 127.0.0.1), as Config may give")
	}
	return text
}

// address reads a member that is a URL for the server to ask, or comes from Config.
func (r *reader) address(n *load.Node, what, member string, list *[]Setting) string {
	text := r.textSetting(n, what, member, list)
	if text != "" && !fetchable(text) {
		v := n.Get(member)
		if isSetting(v) {
			v, member = v.Get("default"), member+".default"
		}
		r.wrong(v, what+"."+member, "an https URL without user or fragment (http only for this machine: localhost, 127.0.0.1)")
	}
	return text
}

// isIssuer reports whether s is an issuer that Config may give (RFC 8414, section 2). The runtime holds the values of
// Config to the same rule.
func isIssuer(s string) bool {
	u, err := url.Parse(s)
	return err == nil && fetchable(s) && u.RawQuery == "" && !u.ForceQuery && !strings.ContainsAny(s, "#{}") && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

// Settings are those of the scheme's policy.
func (s *Scheme) Settings() []Setting {
	switch {
	case s.JWT != nil:
		return s.JWT.Settings
	case s.Introspection != nil:
		return s.Introspection.Settings
	}
	return nil
}

// Defaults are the values of a setting where Config has none; one for members that are no lists.
func (s *Scheme) Defaults(member string) []string {
	switch j, i := s.JWT, s.Introspection; {
	case j != nil && member == "issuer":
		return []string{j.Issuer}
	case j != nil && member == "audiences":
		return j.Audiences
	case j != nil && member == "jwks":
		return []string{j.JWKS}
	case j != nil && member == "discovery":
		return []string{j.Discovery}
	case i != nil && member == "issuer":
		return []string{i.Issuer}
	case i != nil && member == "audiences":
		return i.Audiences
	case i != nil && member == "url":
		return []string{i.URL}
	}
	return []string{""}
}

// Greatest is what Config may give at most, as the document would write it.
func (s Setting) Greatest() string {
	switch s.Member {
	case "timeout":
		return span(time.Duration(s.Most))
	case "body", "inflated", "fields", "item", "memory":
		return strconv.FormatInt(s.Most, 10) + " bytes"
	}
	return strconv.FormatInt(s.Most, 10)
}
