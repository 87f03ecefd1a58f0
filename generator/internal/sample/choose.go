package sample

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// choose makes a value of one branch: by the discriminator where there is one, else one that
// for oneOf no other branch accepts.
func (m *Maker) choose(s *schema.Schema, depth int) string {
	if m.Merge == nil || s.Enum != nil {
		return ""
	}
	branches := slices.Concat(s.OneOf, s.AnyOf)
	base := *s
	base.OneOf, base.AnyOf, base.Discriminator, base.Name, base.Default = nil, nil, nil, "", nil
	m.Cost.Spend(cost.Sample, len(branches), s.Pos)
	merged := make([]*schema.Schema, len(branches))
	for i, branch := range branches {
		merged[i] = m.Merge(s.Pos, &base, branch)
	}
	selected := map[schema.Selector]int{}
	if s.Discriminator != nil {
		for _, v := range s.Discriminator.Mapping {
			selected[v.Selector]++
		}
	}
	for i, branch := range merged {
		fixed := map[string]string{}
		alone := false
		if d := s.Discriminator; d != nil && branch.Types == schema.TypeObject {
			for _, v := range d.Mapping {
				if v.Branch == i && (fixed[d.Property] == "" || !alone && selected[v.Selector] == 1) {
					fixed[d.Property], alone = selector(v.Selector), selected[v.Selector] == 1
				}
			}
			if fixed[d.Property] == "" {
				continue
			}
			branch = declaring(branch, d)
			merged[i] = branch
		}
		value := m.with(branch, depth+1, fixed)
		if value == "" {
			continue
		}
		m.Cost.Spend(cost.Sample, len(merged)*(1+len(value)/16), s.Pos)
		other := func(b *schema.Schema) bool { return b != branch && verdictOf(b, value) != no }
		if !alone && len(s.OneOf) > 0 && slices.ContainsFunc(merged, other) {
			continue
		}
		return value
	}
	return ""
}

// declaring is a branch with the property of the discriminator, which the configuration may have added
// to branches that do not declare it.
func declaring(branch *schema.Schema, d *schema.Discriminator) *schema.Schema {
	if len(branch.OneOf)+len(branch.AnyOf) > 0 || branch.Extra == schema.ExtraFalse ||
		slices.ContainsFunc(branch.Properties, func(p schema.Property) bool { return p.Name == d.Property }) {
		return branch
	}
	object := *branch
	object.Properties = append(slices.Clip(branch.Properties), schema.Property{Name: d.Property, Pos: d.Pos, Schema: schema.Any()})
	object.Required = append(slices.Clip(branch.Required), d.Property)
	return &object
}

// selector is the value of a discriminator as JSON text.
func selector(v schema.Selector) string {
	if v.Kind == load.String {
		return quoted(v.Text)
	}
	return v.Text
}

// verdict says whether a schema accepts a value.
type verdict uint8

const (
	unsure verdict = iota
	no
	yes
)

func verdictOf(s *schema.Schema, text string) verdict {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return unsure
	}
	return judge(s, v)
}

// Holds reports whether s is sure to accept a value, which is JSON text; a oneOf or anyOf
// of s itself is looked into.
func Holds(s *schema.Schema, text string) bool {
	if s == nil || len(s.OneOf)+len(s.AnyOf) == 0 {
		return verdictOf(s, text) == yes
	}
	base := *s
	base.OneOf, base.AnyOf = nil, nil
	if verdictOf(&base, text) != yes {
		return false
	}
	var count [yes + 1]int
	for _, b := range slices.Concat(s.OneOf, s.AnyOf) {
		count[verdictOf(b, text)]++
	}
	if len(s.AnyOf) > 0 {
		return count[yes] > 0
	}
	return count[yes] == 1 && count[unsure] == 0
}

// Refuses reports whether s is sure to refuse a value, which is JSON text; a oneOf or anyOf of
// s itself is looked into.
func Refuses(s *schema.Schema, text string) bool {
	base := *s
	base.OneOf, base.AnyOf = nil, nil
	if verdictOf(&base, text) == no {
		return true
	}
	branches := slices.Concat(s.OneOf, s.AnyOf)
	return len(branches) > 0 && !slices.ContainsFunc(branches, func(b *schema.Schema) bool { return verdictOf(b, text) != no })
}

// judge is sure of no where a keyword refuses the value, and of yes where all are known here.
func judge(s *schema.Schema, v any) verdict {
	switch {
	case s == nil:
		return yes
	case s.Never:
		return no
	case len(s.Unsupported)+len(s.OneOf)+len(s.AnyOf) > 0:
		return unsure
	}
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(n *node) bool { return mayEqual(n, v) }) {
		return no
	}
	has := func(t schema.Types) bool { return s.Types&t != 0 }
	switch v := v.(type) {
	case nil:
		return sure(has(schema.TypeNull))
	case bool:
		return sure(has(schema.TypeBool))
	case string:
		return sure(has(schema.TypeString) && meets(s, v)).unless(s.Format != "")
	case json.Number:
		return sure(has(schema.TypeInteger|schema.TypeNumber) && inRange(s, string(v))).unless(s.Format != "" && !strings.HasPrefix(s.Format, "int"))
	case []any:
		n := int64(len(v))
		out := sure(has(schema.TypeArray) && n >= s.MinItems && (s.MaxItems < 0 || n <= s.MaxItems)).unless(s.UniqueItems)
		for _, item := range v {
			out = out.and(judge(s.Items, item))
		}
		return out
	case map[string]any:
		return judgeObject(s, v)
	}
	return unsure
}

func judgeObject(s *schema.Schema, v map[string]any) verdict {
	out := sure(s.Types&schema.TypeObject != 0).unless(len(s.RequiredAny)+len(s.RequiredOne) > 0 || s.MinProperties > 0 || s.MaxProperties >= 0)
	for _, name := range s.Required {
		p := s.Property(name)
		if _, ok := v[name]; !ok && (p == nil || !p.Schema.ReadOnly) {
			return no
		}
	}
	for name, member := range v {
		switch p := s.Property(name); {
		case p != nil:
			out = out.and(judge(p.Schema, member))
		case s.Extra == schema.ExtraFalse:
			return no
		case s.Extra == schema.ExtraTyped:
			out = out.and(judge(s.ExtraSchema, member))
		case s.Extra == schema.ExtraSilent:
			out = out.unless(true) // members without a name may be refused, or dropped
		}
	}
	return out
}

func sure(ok bool) verdict {
	if ok {
		return yes
	}
	return no
}

// unless takes the sureness from a yes.
func (v verdict) unless(doubt bool) verdict {
	if v == yes && doubt {
		return unsure
	}
	return v
}

func (v verdict) and(w verdict) verdict {
	if v == no || w == no {
		return no
	}
	return min(v, w)
}

// mayEqual reports whether a value of the document may be v; numbers have several spellings.
func mayEqual(n *node, v any) bool {
	switch v := v.(type) {
	case nil:
		return n.Kind == load.Null
	case bool:
		return n.Kind == load.Bool && (n.Text == "true") == v
	case string:
		return n.Kind == load.String && n.Text == v
	case json.Number:
		return n.Kind == load.Number && utf8.RuneCountInString(n.Text) > 0
	}
	return true
}
