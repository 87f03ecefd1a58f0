package refusals

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// verify holds answers to the schema as a whole, where that can be told.
func (f *fitter) verify(t *policy.ErrorBody, pieces []Piece) {
	for _, status := range f.contract.Statuses {
		for items := range 3 {
			if text := f.Render(pieces, status, items); sample.Refuses(f.contract.Schema, text) {
				f.no(t, f.contract.Schema, place{}, "is refused by its schema, such as %s", text)
				return
			}
		}
	}
}

// exclusive holds that answers fit no other branch of a oneOf.
func (f *fitter) exclusive(t *policy.ErrorBody, s, branch *schema.Schema, pieces []Piece, at place) {
	for _, other := range s.OneOf {
		if other == branch {
			continue
		}
		for _, status := range f.contract.Statuses {
			for items := range 3 {
				if !sample.Refuses(other, f.Render(pieces, status, items)) {
					f.no(t, s, at, "fits more than one branch of the oneOf, or may do so")
					return
				}
			}
		}
	}
}

// Render is an answer of a template: with a status, and so many violations.
func (f *fitter) Render(pieces []Piece, status, violations int) string {
	var b strings.Builder
	f.render(&b, pieces, status, violations)
	return b.String()
}

func (f *fitter) render(b *strings.Builder, pieces []Piece, status, violations int) {
	for i := range pieces {
		p := &pieces[i]
		value, there := f.shown(p, status, violations)
		if p.Optional && !there {
			continue
		}
		if p.Key != "" {
			if text := b.String(); !strings.HasSuffix(text, "{") {
				b.WriteByte(',')
			}
			b.WriteString(p.Key)
		}
		b.WriteString(p.Text)
		if p.IsList {
			b.WriteByte('[')
			for n := range max(violations, 1) {
				if p.Most > 0 && int64(n) >= p.Most {
					break
				}
				if n > 0 {
					b.WriteByte(',')
				}
				f.render(b, p.List, status, violations)
			}
			b.WriteByte(']')
			continue
		}
		b.WriteString(value)
	}
}

// shown is a value of a part as JSON.
func (f *fitter) shown(p *Piece, status, violations int) (text string, there bool) {
	number := func(s string) string {
		if p.AsText {
			return jsonText(s)
		}
		return s
	}
	cut := func(s string) string {
		if p.Max > 0 && int64(len(s)) > p.Max {
			s = s[:p.Max]
		}
		return jsonText(s)
	}
	at := func(s string) (string, bool) {
		if violations == 0 {
			s = ""
		}
		return cut(s), s != ""
	}
	switch p.Part {
	case "":
		return "", true
	case "status":
		return number(strconv.Itoa(status)), true
	case "retry-after":
		return number("0"), false
	case "title", "detail":
		return cut(Title(status)), true
	case "request-id":
		if p.UUID {
			return `"7d444840-9dc0-41d1-b245-5ffdce74fad2"`, true
		}
		return cut("7d4448409dc041d1b2455ffdce74fad2"), true
	case "code", "docs":
		list := f.contract.Codes
		if p.Part == "docs" {
			list = f.contract.Docs
		}
		entry := policy.CodeAt(list, "", status)
		if entry == nil {
			return `""`, false
		}
		if entry.Value.Kind == load.Number && !p.AsText {
			return entry.Value.Text, true
		}
		return jsonText(entry.Value.Text), true
	case "in":
		return at("query")
	case "keyword":
		return at("type")
	}
	return at("limit")
}
