package probe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// LongView is a request that can be as long as one likes: the text before the items, the
// smallest text of one, and the text behind them.
type LongView struct {
	Open, Item, Shut     gosrc.Literal
	Named, Lines, Joined bool
	// ContentType is another media type than that of the operation's request, where HasType is set.
	ContentType gosrc.Literal
	HasType     bool
	// In and Name are the place of a parameter, where IsParam is set: the text is not a body. Target and Headers are those of a
	// request without it.
	In, Name, Target gosrc.Literal
	Headers          []HeaderView
	IsParam          bool
}

// longBody is a long text, as it is.
type longBody struct {
	open, item, shut     string
	named, lines, joined bool
}

func (l longBody) view(kind string) LongView {
	return LongView{Open: gosrc.Quote(l.open), Item: gosrc.Quote(l.item), Shut: gosrc.Quote(l.shut), Named: l.named, Lines: l.lines, Joined: l.joined,
		ContentType: gosrc.Quote(kind), HasType: kind != ""}
}

// How many such bodies an operation has at most, how deep they are looked for, and how many items a bound must allow for an
// array to be long.
const (
	maxLong      = 8
	maxLongDepth = 4
	longFrom     = 1000
)

// longs finds the long bodies of each media type; kind is that of the operation's request.
func (r *attempt) longs(body *openapi.Body, kind string) []LongView {
	if body == nil {
		return nil
	}
	var out []LongView
	for _, m := range body.Content {
		if strings.Contains(m.Type, "*") {
			continue
		}
		w := longWriter{attempt: r, barren: map[*schema.Schema]int{}}
		name := m.Name
		switch m.Kind {
		case openapi.MediaJSON:
			w.value(m.Schema, "", "", 0)
		case openapi.MediaSequence:
			if !strings.HasSuffix(m.Type, "json-seq") { // its separators are no text
				w.items(m.Items, longBody{lines: true}, "", "")
			}
		case openapi.MediaForm:
			w.texts = r.longForm(m)
		case openapi.MediaMultipart:
			w.texts, name = r.longParts(m), name+"; boundary="+boundary
		case openapi.MediaText:
			if longText(m.Schema) {
				w.texts = append(w.texts, joined("", "a", ""))
			}
		}
		if name == kind {
			name = ""
		}
		for _, l := range append(w.found, w.texts...) {
			out = append(out, l.view(name))
		}
	}
	return out
}

type longWriter struct {
	*attempt
	found []longBody
	texts []longBody // of strings
	// barren are the schemas below which nothing was found, and how deep they stood: schemas that
	// refer to each other are reached on more ways than anybody can walk.
	barren map[*schema.Schema]int
}

// value looks for long arrays and maps in a value that stands between two texts.
func (w *longWriter) value(s *schema.Schema, open, shut string, depth int) {
	if s == nil || s.Never || depth > maxLongDepth || len(w.found) >= maxLong {
		return
	}
	if s.Same != nil {
		s = s.Same
	}
	if at, ok := w.barren[s]; ok && depth >= at {
		return
	}
	w.m.Cost.Spend(cost.Attack, 1+len(s.Properties), s.Pos)
	defer func(before int) {
		if len(w.found)+len(w.texts) == before {
			w.barren[s] = depth
		}
	}(len(w.found) + len(w.texts))
	for _, branch := range branches(s) {
		w.value(branch, open, shut, depth+1)
	}
	w.text(s, open, shut)
	if s.Types&schema.TypeArray != 0 && (s.MaxItems < 0 || s.MaxItems >= longFrom) {
		w.items(s.Items, longBody{}, open+"[", "]"+shut)
		w.value(s.Items, open+"[", "]"+shut, depth+1)
	}
	if s.Types&schema.TypeObject == 0 {
		return
	}
	if (s.Extra == schema.ExtraTyped || s.Extra == schema.ExtraAny) && (s.MaxProperties < 0 || s.MaxProperties >= longFrom) {
		w.items(s.ExtraSchema, longBody{named: true}, open+"{", "}"+shut)
		w.value(s.ExtraSchema, open+`{"a":`, "}"+shut, depth+1)
	}
	maker := w.maker()
	names, values, _ := maker.Members(s)
	for i := range s.Properties {
		p := &s.Properties[i]
		if p.Schema == nil || p.Schema.ReadOnly {
			continue
		}
		var b strings.Builder
		b.WriteString(open + "{")
		for k, name := range names {
			if name != p.Name {
				b.WriteString(nameText(name) + ":" + values[k] + ",")
			}
		}
		w.value(p.Schema, b.String()+nameText(p.Name)+":", "}"+shut, depth+1)
	}
}

// branches are the alternatives of s, each without the others.
func branches(s *schema.Schema) []*schema.Schema {
	return append(slices.Clone(s.OneOf), s.AnyOf...)
}

// items adds a body of items as small as they can be, and one for each alternative of theirs.
func (w *longWriter) items(s *schema.Schema, view longBody, open, shut string) {
	maker := w.maker()
	item, ok := "0", true
	if s != nil {
		item, ok = maker.JSON(s)
		if s.Types == schema.TypeAny && s.Enum == nil && len(s.OneOf)+len(s.AnyOf) == 0 {
			item, ok = "0", true
		}
	}
	list := []string{item}
	if !ok {
		list = nil
	}
	if item == "{}" && len(s.Properties) > 0 { // and one that says something
		maker.Force = func(p *schema.Property) bool { return p.Name == s.Properties[0].Name }
		if text, ok := maker.JSON(s); ok && text != item {
			list = append(list, text)
		}
		maker.Force = nil
	}
	if s != nil {
		for _, b := range branches(s) {
			if text, ok := maker.JSON(b); ok && !slices.Contains(list, text) && len(list) < 4 {
				list = append(list, text)
			}
		}
	}
	for _, item := range list {
		view.open, view.item, view.shut = open, item, shut
		if len(w.found) < maxLong && len(item) < 1<<10 {
			w.found = append(w.found, view)
		}
	}
}

func nameText(name string) string {
	b, _ := json.Marshal(name) // a string always has JSON
	return string(b)
}
