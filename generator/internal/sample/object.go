package sample

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// node is a value of the document.
type node = load.Node

func isText(n *node, text string) bool { return n.Kind == load.String && n.Text == text }

// maxItems bounds how many items an array is given.
const maxItems = 100

func (m *Maker) array(s *schema.Schema, depth int) string {
	n := int(min(s.MinItems, maxItems+1))
	if n > maxItems || s.MaxItems >= 0 && s.MinItems > s.MaxItems {
		return ""
	}
	if n == 0 {
		return "[]"
	}
	if s.UniqueItems && n > 1 {
		return list(m.different(s.Items, n))
	}
	item := `"a"`
	if s.Items != nil {
		item = m.value(s.Items, depth+1)
	}
	if item == "" {
		return ""
	}
	return list(slices.Repeat([]string{item}, n))
}

func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "[" + strings.Join(items, ",") + "]"
}

// different makes n items that are not equal, for schemas whose values can be counted.
func (m *Maker) different(s *schema.Schema, n int) []string {
	var out []string
	switch {
	case s == nil || s.Types == schema.TypeAny && s.Enum == nil && len(s.OneOf)+len(s.AnyOf)+len(s.Unsupported) == 0:
		for i := range n {
			out = append(out, strconv.Itoa(i))
		}
	case s.Never || len(s.Unsupported)+len(s.OneOf)+len(s.AnyOf) > 0:
	case s.Enum != nil:
		for i := range s.Enum {
			one := *s
			one.Enum = s.Enum[i : i+1]
			if v := enumValue(&one); v != "" && !slices.Contains(out, v) && len(out) < n {
				out = append(out, v)
			}
		}
	case s.Types&schema.TypeString != 0:
		for i := 0; len(out) < n && i < 4*maxItems; i++ {
			v := fmt.Sprintf("%s%d", strings.Repeat("a", int(max(0, min(s.MinLength, 1000)-1))), i)
			if _, known := formats[s.Format]; !known && meets(s, v) {
				out = append(out, quoted(v))
			}
		}
		if len(out) < n {
			out = fromPatterns(s, n)
		}
	case s.Types&schema.TypeInteger != 0:
		low := number(s)
		for first, err := strconv.ParseInt(low, 10, 32); err == nil && len(out) < n; first++ {
			v := strconv.FormatInt(first, 10)
			if verdictOf(s, v) != yes {
				break
			}
			out = append(out, v)
		}
	}
	if len(out) < n {
		return nil
	}
	return out
}

// fromPatterns makes n different strings of the first pattern.
func fromPatterns(s *schema.Schema, n int) []string {
	var out []string
	if len(s.Patterns) == 0 {
		return nil
	}
	_, _ = fromPattern(s.Patterns[0].RE2, func(v string) bool {
		if q := quoted(v); accepts(s, v) && q != "" && !slices.Contains(out, q) {
			out = append(out, q)
		}
		return len(out) == n
	})
	return out
}

func (m *Maker) object(s *schema.Schema, depth int, fixed map[string]string) string {
	names, values, ok := m.members(s, depth, fixed)
	if !ok {
		return ""
	}
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoted(name) + ":" + values[i])
	}
	return "{" + b.String() + "}"
}

// members makes the required members, those that are asked for, and others only where
// minProperties asks for more. A fixed value is taken as it is.
func (m *Maker) members(s *schema.Schema, depth int, fixed map[string]string) (names, values []string, ok bool) {
	m.Cost.Spend(cost.Sample, len(s.Properties)+len(s.Required)+weigh(s.RequiredAny)+weigh(s.RequiredOne), s.Pos)
	wanted, ok := m.wanted(s, fixed)
	if !ok {
		return nil, nil, false
	}
	required := make(map[string]bool, len(s.Required))
	for _, name := range s.Required {
		required[name] = true
	}
	for _, name := range wanted {
		p := s.Property(name)
		if p != nil && p.Schema != nil && p.Schema.ReadOnly {
			continue // the server's
		}
		value := fixed[name]
		switch {
		case value != "":
		case p != nil:
			value = m.member(p, depth)
		case s.Extra == schema.ExtraTyped:
			value = m.value(s.ExtraSchema, depth+1)
		case s.Extra == schema.ExtraAny || required[name]:
			value = `"a"`
		}
		if value == "" {
			return nil, nil, false
		}
		names, values = append(names, name), append(values, value)
	}
	n := int64(len(names))
	return names, values, n >= s.MinProperties && (s.MaxProperties < 0 || n <= s.MaxProperties)
}

// weigh is how many names the sets of some groups have.
func weigh(groups [][][]string) int {
	n := 0
	for _, group := range groups {
		for _, set := range group {
			n += 1 + len(set)
		}
	}
	return n
}

func (m *Maker) member(p *schema.Property, depth int) string {
	if m.Member != nil {
		m.Member(p)
	}
	if m.Text != nil {
		if text, ok := m.Text(p); ok {
			return quoted(text)
		}
	}
	return m.value(p.Schema, depth+1)
}

// wanted are the names of the members to be made.
func (m *Maker) wanted(s *schema.Schema, fixed map[string]string) ([]string, bool) {
	names := slices.Clone(s.Required)
	there := make(map[string]bool, len(names))
	for _, name := range names {
		there[name] = true
	}
	add := func(name string) {
		if !there[name] {
			there[name] = true
			names = append(names, name)
		}
	}
	for _, p := range s.Properties {
		if _, ok := fixed[p.Name]; ok || m.Force != nil && m.Force(&p) {
			add(p.Name)
		}
	}
	names, ok := m.groups(names, slices.Concat(s.RequiredAny, s.RequiredOne), s.RequiredOne)
	if !ok {
		return nil, false
	}
	for _, name := range names {
		there[name] = true
	}
	for _, p := range s.Properties {
		if int64(len(names)) >= s.MinProperties {
			break
		}
		if p.Schema != nil && !p.Schema.ReadOnly && !p.Schema.Never {
			add(p.Name)
		}
	}
	for i := 1; int64(len(names)) < s.MinProperties && i <= maxItems && s.Extra >= schema.ExtraAny; i++ {
		add("extra" + strconv.Itoa(i))
	}
	return names, true
}

// maxTries bounds how many names are looked at to find sets that fit together. Which sets do is
// as hard to say as which values satisfy a formula (one-in-three 3-SAT, T. Schaefer: The
// complexity of satisfiability problems, 1978).
const maxTries = 100_000

// groups adds a set of each group, so that of those in exactly no second one is there. The sets
// are tried in their order; after maxTries there is none.
func (m *Maker) groups(names []string, all, exactly [][][]string) ([]string, bool) {
	p := picker{names: names, there: make(map[string]bool, len(names)), exactly: exactly, left: maxTries}
	for _, name := range names {
		p.there[name] = true
	}
	ok := p.pick(all)
	m.Cost.Spend(cost.Sample, maxTries-max(0, p.left), diag.Pos{})
	if !ok {
		return nil, false
	}
	return p.names, true
}

// picker looks for a set of each group.
type picker struct {
	names   []string
	there   map[string]bool // the names
	exactly [][][]string
	left    int
}

// pick adds a set of each group of all, and reports whether they fit together. It adds nothing
// otherwise.
func (p *picker) pick(all [][][]string) bool {
	if !p.exact(0) {
		return false
	}
	if len(all) == 0 {
		return p.exact(1)
	}
	before := len(p.names)
	for _, set := range all[0] {
		for _, name := range set {
			if p.left--; !p.there[name] {
				p.there[name] = true
				p.names = append(p.names, name)
			}
		}
		if p.pick(all[1:]) {
			return true
		}
		for _, name := range p.names[before:] {
			delete(p.there, name)
		}
		p.names = p.names[:before]
	}
	return false
}

// exact reports whether at least so many sets of each group that wants exactly one are there, and
// not more than one: names are only ever added.
func (p *picker) exact(least int) bool {
	for _, group := range p.exactly {
		full := 0
		for _, set := range group {
			if p.left -= 1 + len(set); p.left < 0 {
				return false
			}
			if !slices.ContainsFunc(set, func(name string) bool { return !p.there[name] }) {
				full++
			}
		}
		if full < least || full > 1 {
			return false
		}
	}
	return p.left >= 0
}
