// Package sample makes a value that a schema accepts, for requests of generated tests.
// It is honest rather than clever: where it cannot be sure that its value is accepted, it
// makes none.
package sample

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// maxDepth bounds how deep a value is nested, maxSize how many values it has.
const (
	maxDepth = 8
	maxSize  = 1000
)

// JSON returns a JSON text that s accepts in a request, or false.
func JSON(s *schema.Schema) (string, bool) {
	m := maker{left: maxSize}
	text := m.value(s, 0)
	return text, text != ""
}

// Text returns a scalar that s accepts, as a parameter has it: without quotes.
func Text(s *schema.Schema) (string, bool) {
	if s != nil && s.Types&(schema.TypeArray|schema.TypeObject) != 0 && s.Types&(schema.TypeString|schema.TypeInteger|schema.TypeBool) == 0 {
		return "", false
	}
	text, ok := JSON(s)
	if !ok || text == "null" {
		return "", false
	}
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal([]byte(text), &text); err != nil || text == "" {
			return "", false
		}
	}
	return text, true
}

type maker struct{ left int }

// value returns "" where no value can be made.
func (m *maker) value(s *schema.Schema, depth int) string {
	if m.left--; s == nil || s.Never || len(s.Unsupported) > 0 || depth > maxDepth || m.left < 0 ||
		s.OneOf != nil || s.AnyOf != nil || s.RequiredAny != nil || s.RequiredOne != nil {
		return ""
	}
	if s.Enum != nil {
		return enumValue(s.Enum)
	}
	switch {
	case s.Types == schema.TypeAny:
		return `"a"`
	case s.Types&schema.TypeString != 0:
		return quoted(text(s))
	case s.Types&(schema.TypeInteger|schema.TypeNumber) != 0:
		return number(s)
	case s.Types&schema.TypeBool != 0:
		return "true"
	case s.Types&schema.TypeArray != 0:
		return m.array(s, depth)
	case s.Types&schema.TypeObject != 0:
		return m.object(s, depth)
	case s.Types&schema.TypeNull != 0:
		return "null"
	}
	return ""
}

func enumValue(values []*load.Node) string {
	for _, v := range values {
		switch v.Kind {
		case load.String:
			return quoted(v.Text)
		case load.Number, load.Bool:
			return v.Text
		}
	}
	return ""
}

// quoted is s as JSON, and "" for "": a string that had to be empty is not tried.
func quoted(s string) string {
	if s == "" {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(b)
}

// formats have a value each.
var formats = map[string]string{
	"": "a", "uuid": "7d444840-9dc0-41d1-b245-5ffdce74fad2", "date": "2026-02-28", "date-time": "2026-02-28T12:00:00Z", "time": "12:00:00Z",
	"duration": "P1D", "email": "a@example.com", "idn-email": "a@example.com", "hostname": "example.com", "idn-hostname": "example.com",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com/a", "uri-reference": "/a", "iri": "https://example.com/a",
	"iri-reference": "/a", "json-pointer": "/a", "relative-json-pointer": "0/a", "regex": "a", "uri-template": "/{a}",
	"byte": base64.StdEncoding.EncodeToString([]byte("a sample")), "binary": "a", "password": "correct horse",
}

// text makes a string: one of the format's, one by the pattern, or plain letters.
func text(s *schema.Schema) string {
	candidates := make([]string, 0, 4)
	if v, ok := formats[s.Format]; ok && s.Format != "" {
		candidates = append(candidates, v)
	}
	for _, p := range s.Patterns {
		if v, ok := fromPattern(p.RE2); ok {
			candidates = append(candidates, v)
		}
	}
	if len(s.Patterns) == 0 && len(candidates) == 0 {
		candidates = append(candidates, strings.Repeat("a", int(max(1, min(s.MinLength, 1000)))))
	}
	for _, c := range candidates {
		if accepts(s, c) {
			return c
		}
	}
	return ""
}

// accepts reports whether a string made here meets the keywords that it was not made for.
func accepts(s *schema.Schema, text string) bool {
	n := int64(utf8.RuneCountInString(text))
	if n < s.MinLength || s.MaxLength >= 0 && n > s.MaxLength {
		return false
	}
	for _, p := range s.Patterns {
		re, err := regexp.Compile(p.RE2)
		if err != nil || !re.MatchString(text) {
			return false
		}
	}
	// A text made from a pattern may break the format: only those made for it are sure.
	return s.Format == "" || text == formats[s.Format] || s.Format == "password" || s.Format == "binary"
}

// number makes the number nearest to 1 that the bounds and multipleOf allow.
func number(s *schema.Schema) string {
	step := big.NewRat(1, 1)
	for _, m := range s.MultipleOf {
		r, ok := new(big.Rat).SetString(m)
		if !ok || r.Sign() <= 0 || len(s.MultipleOf) > 1 {
			return ""
		}
		step = r
	}
	low, hasLow := bound(s.Minimum, s.ExclusiveMinimum, step, 1)
	high, hasHigh := bound(s.Maximum, s.ExclusiveMaximum, step, -1)
	v := new(big.Rat).Set(step)
	if hasLow && v.Cmp(low) < 0 {
		v = ceil(low, step)
	}
	if hasHigh && v.Cmp(high) > 0 {
		v = floor(high, step)
	}
	if hasLow && v.Cmp(low) < 0 || hasHigh && v.Cmp(high) > 0 || s.Types&schema.TypeNumber == 0 && !v.IsInt() {
		return ""
	}
	if v.IsInt() {
		return v.Num().String()
	}
	f, exact := v.Float64()
	if text := strconv.FormatFloat(f, 'f', -1, 64); exact || len(s.MultipleOf) > 0 {
		return text
	}
	return ""
}

// bound is an inclusive bound: an exclusive one is a step further in.
func bound(text string, exclusive bool, step *big.Rat, sign int64) (*big.Rat, bool) {
	r, ok := new(big.Rat).SetString(text)
	if text == "" || !ok {
		return nil, false
	}
	if exclusive {
		r.Add(r, new(big.Rat).Mul(step, big.NewRat(sign, 1)))
	}
	return r, true
}

func ceil(v, step *big.Rat) *big.Rat {
	down := floor(v, step)
	if down.Cmp(v) < 0 {
		down.Add(down, step)
	}
	return down
}

func floor(v, step *big.Rat) *big.Rat {
	q := new(big.Rat).Quo(v, step)
	n := new(big.Int).Div(q.Num(), q.Denom()) // rounds down for a positive divisor
	return new(big.Rat).Mul(new(big.Rat).SetInt(n), step)
}

func (m *maker) array(s *schema.Schema, depth int) string {
	n := s.MinItems
	if n > 1 && s.UniqueItems || n > 100 || s.MaxItems >= 0 && n > s.MaxItems {
		return ""
	}
	if n == 0 {
		return "[]"
	}
	item := `"a"`
	if s.Items != nil {
		item = m.value(s.Items, depth+1)
	}
	if item == "" {
		return ""
	}
	return "[" + strings.Repeat(item+",", int(n)-1) + item + "]"
}

// object has the required members, and others only where minProperties asks for more.
func (m *maker) object(s *schema.Schema, depth int) string {
	var b strings.Builder
	members := int64(0)
	for _, name := range m.members(s) {
		p := s.Property(name)
		if p != nil && p.Schema != nil && p.Schema.ReadOnly {
			continue // the server's
		}
		value := ""
		switch {
		case p != nil:
			value = m.value(p.Schema, depth+1)
		case s.Extra == schema.ExtraTyped:
			value = m.value(s.ExtraSchema, depth+1)
		}
		if value == "" {
			return ""
		}
		if members++; members > 1 {
			b.WriteByte(',')
		}
		b.WriteString(quoted(name) + ":" + value)
	}
	if members < s.MinProperties || s.MaxProperties >= 0 && members > s.MaxProperties {
		return ""
	}
	return "{" + b.String() + "}"
}

func (m *maker) members(s *schema.Schema) []string {
	names := slices.Clone(s.Required)
	for _, p := range s.Properties {
		if int64(len(names)) >= s.MinProperties {
			break
		}
		if !slices.Contains(names, p.Name) && p.Schema != nil && !p.Schema.ReadOnly && !p.Schema.Never {
			names = append(names, p.Name)
		}
	}
	return names
}
