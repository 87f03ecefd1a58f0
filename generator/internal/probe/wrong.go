package probe

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// WrongView is a request that is wrong in one way.
type WrongView struct {
	What    gosrc.Literal // `path "id"`
	Target  gosrc.Literal
	Headers []HeaderView
	Body    gosrc.Literal
}

// maxWrong bounds the wrong requests of one operation.
const maxWrong = 8

// notScalar is no number and no boolean, in any place and style.
const notScalar = "bailey.attack"

// wrongs makes requests that the schemas refuse: with a text where a number or boolean has
// to be, for each required parameter, and with a body of another type or without its members.
func (m *Maker) wrongs(good *attempt, view *Probe, src *openapi.Operation) []WrongView {
	if !good.complete {
		return nil
	}
	var out []WrongView
	add := func(what string, target gosrc.Literal, headers []HeaderView, body gosrc.Literal) {
		if len(out) < maxWrong {
			out = append(out, WrongView{gosrc.Quote(what), target, headers, body})
		}
	}
	for _, p := range src.Parameters {
		if !p.Required && p.In != "path" || p.ContentType != "" || p.In == "cookie" || !onlyNumbers(p.Schema) {
			continue
		}
		made := m.requestOf(src, good.rules, p)
		add(p.In+" "+p.Name, gosrc.Quote(made.target()), made.headers, gosrc.Quote(good.text))
	}
	if src.Body == nil {
		return out
	}
	for _, media := range src.Body.Content {
		if media.Kind != openapi.MediaJSON || media.Name != good.kind || media.Schema == nil {
			continue
		}
		if body := another(media.Schema); body != "" {
			add("the type of the body", view.Target, view.Headers, gosrc.Quote(body))
		}
		if needsMembers(media.Schema) {
			add("a body without members", view.Target, view.Headers, gosrc.Quote("{}"))
		}
	}
	return out
}

// requestOf makes a request; a parameter that is named has a wrong value.
func (m *Maker) requestOf(src *openapi.Operation, rules []policy.Owner, wrong *openapi.Parameter) *attempt {
	made := &attempt{rules: rules, wrong: wrong}
	m.make(made, src)
	return made
}

// requestWithout makes a request without a parameter.
func (m *Maker) requestWithout(src *openapi.Operation, rules []policy.Owner, p *openapi.Parameter) *attempt {
	made := &attempt{rules: rules, without: p}
	m.make(made, src)
	return made
}

func (m *Maker) make(made *attempt, src *openapi.Operation) {
	made.m, made.path, made.values, made.complete = m, escapedTemplate(src.Route), map[string]string{}, true
	for _, p := range src.Parameters {
		made.parameter(p)
	}
	made.body(src.Body)
	if len(made.cookies) > 0 {
		made.headers = append(made.headers, HeaderView{gosrc.Quote("Cookie"), gosrc.Quote(strings.Join(made.cookies, "; "))})
	}
}

// onlyNumbers reports whether no text but that of numbers and booleans can be meant.
func onlyNumbers(s *schema.Schema) bool {
	const numbers = schema.TypeInteger | schema.TypeNumber | schema.TypeBool
	return s != nil && s.Types&numbers != 0 && s.Types&^numbers == 0 && len(s.OneOf)+len(s.AnyOf)+len(s.Unsupported) == 0
}

// another is a JSON text of a type that s does not have, or "".
func another(s *schema.Schema) string {
	if len(s.OneOf)+len(s.AnyOf)+len(s.Unsupported) > 0 {
		return ""
	}
	for _, t := range []struct {
		types schema.Types
		text  string
	}{{schema.TypeBool, "true"}, {schema.TypeNull, "null"}, {schema.TypeArray, "[]"}, {schema.TypeString, `"bailey.attack"`}} {
		if s.Types&t.types == 0 {
			return t.text
		}
	}
	return ""
}

// needsMembers reports whether s refuses an object without members.
func needsMembers(s *schema.Schema) bool {
	if len(s.OneOf)+len(s.AnyOf)+len(s.Unsupported) > 0 || s.Types&schema.TypeObject == 0 {
		return false
	}
	for _, name := range s.Required {
		if p := s.Property(name); p == nil || !p.Schema.ReadOnly {
			return true
		}
	}
	return s.MinProperties > 0
}
