package generator_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

// randomSuite is what the groups of made-up schemas belong to.
var randomSuite = conformanceSuite{name: "random", version: "3.1.0"}

// maker makes schemas that say their types, and values that have a chance to match: few
// names, short strings, small numbers. It is the same ones each time.
type maker struct {
	*rand.Rand
	wide bool // with keywords that no Go type says
	// exact makes schemas that are read to the letter: some do not say their types.
	exact bool
}

// randomGroups returns n groups of made-up schemas without tests.
func randomGroups(t *testing.T, n int, wide, exact bool) []*conformanceGroup {
	t.Helper()
	m := maker{rand.New(rand.NewPCG(1, 2)), wide, exact}
	groups := make([]*conformanceGroup, n)
	for i := range groups {
		text, err := json.Marshal(m.schema(3))
		if err != nil {
			t.Fatal(err)
		}
		groups[i] = &conformanceGroup{Description: fmt.Sprintf("schema %d", i), id: fmt.Sprintf("r%d%v%v", i, wide, exact), exact: exact, Schema: text, suite: &randomSuite, file: "random"}
	}
	return groups
}

// holdRandom posts made-up values to made-up schemas: the server and another validator
// must say the same of each. At least a share of the schemas must be generated.
func holdRandom(t *testing.T, groups []*conformanceGroup, each, least int) {
	m := maker{Rand: rand.New(rand.NewPCG(3, 4))}
	tried, asked, took := 0, 0, 0
	for _, g := range groups {
		if g.refused != "" {
			continue
		}
		tried++
		valid := g.oracle(t)
		for range each {
			v, err := json.Marshal(m.value(3))
			if err != nil {
				t.Fatal(err)
			}
			asked++
			accepted, _, keyword, err := g.ask(v)
			switch want := valid(string(v)); {
			case err != nil:
				t.Errorf("%s: %s: %v", g.Schema, v, err)
			case accepted && !want:
				t.Errorf("WRONGLY ACCEPTED: %s by %s", v, g.Schema)
			case want && !accepted:
				t.Errorf("wrongly refused (%s): %s by %s", keyword, v, g.Schema)
			case accepted:
				took++
			}
		}
	}
	t.Logf("%d of %d schemas generated; %d values, %d accepted", tried, len(groups), asked, took)
	if tried < least || took*20 < asked {
		t.Error("too little is tried: the schemas or values are no good")
	}
}

type object = map[string]any

func (m maker) schema(depth int) any {
	s := m.typed(depth)
	if o, ok := s.(object); ok && m.exact && m.IntN(3) == 0 {
		delete(o, "type")
	}
	if o, ok := s.(object); ok && m.wide && depth > 0 && m.IntN(2) == 0 {
		m.widen(o, depth-1)
	}
	return s
}

// widen adds a keyword that no Go type says.
func (m maker) widen(s object, depth int) {
	switch m.IntN(12) {
	case 0:
		s["not"] = m.schema(depth)
	case 1:
		s["if"] = m.schema(depth)
		m.maybe(s, "then", m.schema(depth))
		s["else"] = m.schema(depth)
	case 2, 3:
		s["contains"] = m.schema(depth)
		m.maybe(s, "minContains", m.IntN(3))
		m.maybe(s, "maxContains", 1+m.IntN(2))
	case 4:
		s["prefixItems"] = []any{m.schema(depth), m.schema(depth)}
		m.maybe(s, "items", false)
		m.maybe(s, "unevaluatedItems", m.one(false, m.schema(depth)))
	case 5:
		s["patternProperties"] = object{m.one("^a", "b|c", "^[^a]$").(string): m.schema(depth)}
	case 6:
		s["propertyNames"] = object{"maxLength": m.IntN(2), "not": object{"const": "a"}}
	case 7:
		s["dependentRequired"] = object{"a": []string{"b"}, "c": []string{"d", "a"}}
	case 8:
		s["dependentSchemas"] = object{"a": m.schema(depth), "b": m.schema(depth)}
	case 9:
		s["unevaluatedProperties"] = m.one(false, m.schema(depth))
	case 10:
		s["unevaluatedItems"] = m.one(false, m.schema(depth))
	default:
		s["enum"] = []any{1, "a", nil, []any{}, []any{1}, object{}, object{"a": 1}, true, 1.5, "ab"}
	}
}

func (m maker) typed(depth int) any {
	kinds := 7
	if depth > 0 {
		kinds = 13
	}
	switch m.IntN(kinds) {
	case 0, 1:
		return m.text()
	case 2, 3:
		return m.number("integer", []any{-1, 0, 1, 2, 3})
	case 4:
		return m.number("number", []any{-1, 0, 0.5, 1, 1.5, 2})
	case 5:
		return object{"type": m.one("boolean", "null", "boolean")}
	case 6:
		return object{"const": m.one(1, "a", "ab", 2, 1.5, true, "b")}
	case 7, 8:
		return m.array(depth - 1)
	case 9, 10:
		return m.object(depth - 1)
	default:
		word := m.one("anyOf", "oneOf", "allOf").(string)
		var list []any
		for range 2 + m.IntN(2) {
			list = append(list, m.schema(depth-1))
		}
		return object{word: list}
	}
}

func (m maker) one(list ...any) any { return list[m.IntN(len(list))] }

// some returns n or fewer of list, in a random order.
func (m maker) some(n int, list ...any) []any {
	out := make([]any, 0, n)
	for _, i := range m.Perm(len(list))[:min(n, len(list))] {
		out = append(out, list[i])
	}
	return out
}

// maybe sets a keyword in one of three cases.
func (m maker) maybe(s object, word string, value any) {
	if m.IntN(3) == 0 {
		s[word] = value
	}
}

func (m maker) text() object {
	s := object{"type": m.one("string", "string", []string{"string", "null"})}
	m.maybe(s, "minLength", 1+m.IntN(2))
	m.maybe(s, "maxLength", 2+m.IntN(2))
	m.maybe(s, "pattern", m.one("^a", "b", "^[a-z]+$", "^(a|b)*$"))
	return s
}

func (m maker) number(name string, bounds []any) object {
	s := object{"type": m.one(name, name, []string{name, "string"})}
	m.maybe(s, m.one("minimum", "exclusiveMinimum").(string), m.one(bounds[:3]...))
	m.maybe(s, m.one("maximum", "exclusiveMaximum").(string), m.one(bounds[3:]...))
	m.maybe(s, "multipleOf", m.one(1, 2, 0.5))
	return s
}

func (m maker) array(depth int) object {
	s := object{"type": m.one("array", "array", []string{"array", "null"})}
	if m.IntN(4) > 0 {
		s["items"] = m.schema(depth)
	}
	m.maybe(s, "minItems", 1+m.IntN(2))
	m.maybe(s, "maxItems", 2+m.IntN(2))
	m.maybe(s, "uniqueItems", true)
	return s
}

func (m maker) object(depth int) object {
	s := object{"type": m.one("object", "object", []string{"object", "null"})}
	if m.IntN(5) > 0 {
		p := object{}
		for _, name := range m.some(1+m.IntN(3), "a", "b", "c") {
			p[name.(string)] = m.schema(depth)
		}
		s["properties"] = p
	}
	m.maybe(s, "required", m.some(1+m.IntN(2), "a", "b", "c", "d"))
	m.maybe(s, "minProperties", 1+m.IntN(2))
	m.maybe(s, "maxProperties", 2+m.IntN(2))
	switch m.IntN(5) {
	case 0:
		s["additionalProperties"] = false
	case 1:
		s["additionalProperties"] = true
	case 2:
		s["additionalProperties"] = m.schema(depth)
	}
	return s
}

func (m maker) value(depth int) any {
	kinds := 6
	if depth > 0 {
		kinds = 12
	}
	switch k := m.IntN(kinds); k {
	case 0, 1:
		return m.one("", "a", "ab", "b", "abc", "ba", "😀😀", "A")
	case 2, 3:
		return m.one(-1, 0, 1, 2, 3, json.Number("2.0"), 4, json.Number("-0"))
	case 4:
		return m.one(0.5, 1.5, -0.5, 0.25, 2.5)
	case 5:
		return m.one(true, false, nil)
	case 6, 7, 8:
		list := []any{}
		for range m.IntN(4) {
			list = append(list, m.value(depth-1))
		}
		return list
	default:
		members := object{}
		for _, name := range m.some(m.IntN(4), "a", "b", "c", "d") {
			members[name.(string)] = m.value(depth - 1)
		}
		return members
	}
}
