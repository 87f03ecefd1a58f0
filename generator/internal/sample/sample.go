// Package sample makes a value that a schema accepts, for requests of generated tests.
// It is honest rather than clever: where it cannot be sure that its value is accepted, it
// makes none.
package sample

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// maxDepth bounds how deep a value is nested, maxSize how many values it has.
const (
	maxDepth = 8
	maxSize  = 1000
)

// newValue is the cost of a value beside its parts.
const newValue = 4

// Maker makes values. The zero value makes those of schemas without a choice between others.
type Maker struct {
	// Merge is the conjunction of two schemas, for choices (schema.Reader.Merge).
	Merge func(pos diag.Pos, a, b *schema.Schema) *schema.Schema
	// Force, if set, asks for members that are not required.
	Force func(*schema.Property) bool
	// Text, if set, gives a string member its value, where it has a wish.
	Text func(*schema.Property) (string, bool)
	// Member, if set, is told of each member that is made. It may be told of more.
	Member func(*schema.Property)

	// Cost is the document's budget.
	Cost *cost.Budget

	left int
}

// JSON returns a JSON text that s accepts in a request, or false.
func JSON(s *schema.Schema) (string, bool) { return Maker{}.JSON(s) }

// Text returns a scalar that s accepts, as a parameter has it: without quotes.
func Text(s *schema.Schema) (string, bool) { return Maker{}.Scalar(s) }

// JSON returns a JSON text that s accepts in a request, or false.
func (m Maker) JSON(s *schema.Schema) (string, bool) {
	m.left = maxSize
	text := m.value(s, 0)
	return text, text != ""
}

// Scalar returns a scalar that s accepts, as a parameter has it: without quotes.
func (m Maker) Scalar(s *schema.Schema) (string, bool) {
	if s != nil && s.Types&(schema.TypeArray|schema.TypeObject) != 0 && s.Types&(schema.TypeString|schema.TypeInteger|schema.TypeBool) == 0 {
		return "", false
	}
	text, ok := m.JSON(s)
	if !ok || text == "null" {
		return "", false
	}
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal([]byte(text), &text); err != nil || text == "" {
			return "", false
		}
	}
	return text, !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[")
}

// Items returns the items of an array of scalars that s accepts, at least one, as a
// parameter has them.
func (m Maker) Items(s *schema.Schema) ([]string, bool) {
	if s == nil || s.Types&schema.TypeArray == 0 || s.Types&(schema.TypeString|schema.TypeInteger|schema.TypeBool|schema.TypeObject) != 0 || s.MaxItems == 0 {
		return nil, false
	}
	atLeast := *s
	atLeast.MinItems = max(s.MinItems, 1)
	text, ok := m.JSON(&atLeast)
	var items []json.RawMessage
	if !ok || json.Unmarshal([]byte(text), &items) != nil {
		return nil, false
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = string(item)
		switch item[0] {
		case '"':
			if json.Unmarshal(item, &out[i]) != nil || out[i] == "" {
				return nil, false
			}
		case '{', '[', 'n':
			return nil, false
		}
	}
	return out, true
}

// Members returns the members of the object that is made for s, in order, with the value of each as JSON.
func (m Maker) Members(s *schema.Schema) (names []string, values []string, ok bool) {
	m.left = maxSize
	if s == nil || s.Types&schema.TypeObject == 0 || len(s.OneOf)+len(s.AnyOf) > 0 {
		return nil, nil, false
	}
	return m.members(s, 0, nil)
}

// value returns "" where no value can be made.
func (m *Maker) value(s *schema.Schema, depth int) string { return m.with(s, depth, nil) }

// with is value for an object with members that may be fixed.
func (m *Maker) with(s *schema.Schema, depth int, fixed map[string]string) string {
	if s != nil {
		m.Cost.Spend(cost.Sample, newValue+len(s.Enum), s.Pos)
	}
	if m.left--; s == nil || s.Never || s.ReadOnly && depth > 0 || len(s.Unsupported) > 0 || depth > maxDepth || m.left < 0 {
		return ""
	}
	if s.Same != nil {
		s = s.Same
	}
	if len(s.OneOf)+len(s.AnyOf) > 0 {
		return m.choose(s, depth)
	}
	if s.Enum != nil {
		return enumValue(s)
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
		return m.object(s, depth, fixed)
	case s.Types&schema.TypeNull != 0:
		return "null"
	}
	return ""
}

func enumValue(s *schema.Schema) string {
	for _, v := range s.Enum {
		switch v.Kind {
		case load.String:
			if s.Types&schema.TypeString != 0 && meets(s, v.Text) {
				return quoted(v.Text)
			}
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

// inRange reports whether a number is within the bounds of s, and a multiple where it must be.
func inRange(s *schema.Schema, text string) bool {
	v, ok := new(big.Rat).SetString(text)
	if !ok || s.Types&schema.TypeNumber == 0 && !v.IsInt() {
		return false
	}
	if low, ok := new(big.Rat).SetString(s.Minimum); ok && (v.Cmp(low) < 0 || s.ExclusiveMinimum && v.Cmp(low) == 0) {
		return false
	}
	if high, ok := new(big.Rat).SetString(s.Maximum); ok && (v.Cmp(high) > 0 || s.ExclusiveMaximum && v.Cmp(high) == 0) {
		return false
	}
	for _, m := range s.MultipleOf {
		if step, ok := new(big.Rat).SetString(m); ok && step.Sign() > 0 && !new(big.Rat).Quo(v, step).IsInt() {
			return false
		}
	}
	return true
}
