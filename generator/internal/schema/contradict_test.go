package schema_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestImpossible: which types of a schema its own keywords leave no value of, and which line
// says so.
func TestImpossible(t *testing.T) {
	const number = schema.TypeInteger | schema.TypeNumber
	tests := []struct {
		text string
		want schema.Types
		says string // of the message
	}{
		{`{type: string, minLength: 3, maxLength: 2}`, schema.TypeString, "minLength 3"},
		{`{type: [string, 'null'], minLength: 3, maxLength: 2}`, schema.TypeString, "minLength 3"},
		{`{type: string, minLength: 2, maxLength: 2}`, 0, ""},
		{`{type: array, minItems: 3, maxItems: 2}`, schema.TypeArray, "minItems 3"},
		{`{type: object, minProperties: 3, maxProperties: 2}`, schema.TypeObject, "minProperties 3"},
		{`{type: object, required: [a, b], maxProperties: 1}`, schema.TypeObject, "2 members are required"},
		{`{type: number, minimum: 3, maximum: 2}`, number, "no number lies between"},
		{`{type: number, minimum: 3, maximum: 3}`, 0, ""},
		{`{type: number, minimum: 3, exclusiveMaximum: 3}`, number, "no number lies between"},
		{`{type: number, exclusiveMinimum: 3, exclusiveMaximum: 4}`, 0, ""},
		{`{type: integer, exclusiveMinimum: 3, exclusiveMaximum: 4}`, number, "no integer lies between"},
		{`{type: integer, minimum: 0.1, maximum: 0.9}`, number, "no integer lies between"},
		{`{type: integer, minimum: -0.9, maximum: -0.1}`, number, "no integer lies between"},
		{`{type: integer, minimum: -0.9, maximum: 0}`, 0, ""},
		{`{type: integer, minimum: 5, maximum: 9, multipleOf: 10}`, number, "no multiple of 10"},
		{`{type: integer, minimum: 5, maximum: 10, multipleOf: 10}`, 0, ""},
		{`{type: integer, minimum: 5, exclusiveMaximum: 10, multipleOf: 10}`, number, "no multiple of 10"},
		{`{type: integer, minimum: 1, maximum: 2, multipleOf: 1.5}`, number, "no multiple of 1.5"},
		{`{type: number, minimum: 1, maximum: 2, multipleOf: 1.5}`, 0, ""},
		{`{type: integer, minimum: 1, maximum: 5, allOf: [{multipleOf: 2}, {multipleOf: 3}]}`, number, "no multiple of 2 and 3"},
		{`{type: integer, minimum: 1, maximum: 6, allOf: [{multipleOf: 2}, {multipleOf: 3}]}`, 0, ""},
		{`{type: integer, format: int32, minimum: 3000000000}`, number, "leaves no value of the format int32"},
		{`{type: integer, format: uint32, maximum: -1}`, number, "maximum -1 leaves no value"},
		{`{type: number, format: float, minimum: 1e39}`, number, "leaves no value of the format float"},
		{`{type: integer, format: int32, multipleOf: 3000000000}`, 0, ""}, // zero
		{`{type: integer, format: int32, minimum: 1, multipleOf: 3000000000}`, number, ""},
		{`{type: integer, minimum: 1, multipleOf: 7}`, 0, ""},
		{`{type: string, enum: [abc, abcd], maxLength: 2}`, schema.TypeString, `maxLength refuses "abc"`},
		{`{type: string, enum: [abc, ab], maxLength: 2}`, 0, ""},
		{`{type: string, enum: [abc], pattern: ^x}`, schema.TypeString, "pattern refuses"},
		{`{type: string, enum: [abc], pattern: '^(?=x)'}`, 0, ""},
		{`{type: integer, enum: [1, 3], multipleOf: 2}`, number, "multipleOf refuses 1"},
		{`{type: integer, format: int32, enum: [3000000000]}`, number, "format refuses"},
		{`{enum: [abc, 1], maxLength: 2}`, schema.TypeString, "maxLength refuses"},
		{`{type: array, enum: [[1], [2]], minItems: 2}`, schema.TypeArray, "minItems refuses [1,]"},
		{`{type: object, enum: [{a: 1}], required: [b]}`, schema.TypeObject, "required refuses"},
		{`{type: object, additionalProperties: false, required: [a]}`, schema.TypeObject, "additionalProperties: false refuses it"},
		{`{type: object, additionalProperties: false, required: [a], patternProperties: {^a: {}}}`, 0, ""},
		{`{type: object, unevaluatedProperties: false, required: [a]}`, schema.TypeObject, "refuses it"},
		{`{type: object, unevaluatedProperties: false, required: [a], if: {properties: {a: {}}}, then: {minProperties: 1}}`, 0, ""},
		{`{allOf: [{type: object, additionalProperties: false, patternProperties: {^a: {}}}, {properties: {ab: {}}, required: [ab]}]}`, 0, ""},
		{`{allOf: [{type: object, additionalProperties: false, patternProperties: {^a: {}}}, {properties: {b: {}}, required: [b]}]}`, schema.TypeObject, `property "b" is required`},
		{`{allOf: [{type: [string, object], minLength: 3}, {maxLength: 2}]}`, schema.TypeString, "minLength 3"},
	}
	for _, tt := range tests {
		r := read(t, "3.1.0", "    A: "+tt.text)
		r.Exact = true
		s := r.get(t, "A")
		found := s.Contradictions()
		if s.Impossible != tt.want || (len(found) == 0) != (tt.want == 0) {
			t.Errorf("%s: impossible %v, want %v; %v", tt.text, s.Impossible, tt.want, found)
		}
		for _, d := range found {
			if !strings.Contains(d.Message, tt.says) || d.Pos.Line != 6 || d.Advice == "" {
				t.Errorf("%s: %v does not say %q", tt.text, d, tt.says)
			}
		}
	}
}

// TestTwoChoices: what one type of a branch contradicts does not take the other with it.
func TestTwoChoices(t *testing.T) {
	s, _ := one(t, "3.1.0", `{allOf: [{oneOf: [{type: [string, array], minLength: 3}, {type: boolean}]}, {oneOf: [{type: [string, array], maxLength: 2}, {type: boolean}]}]}`)
	if s.Types&schema.TypeArray == 0 {
		t.Errorf("arrays are lost: %s", show(s))
	}
}

// TestImplied: an enum says its types itself, whatever its neighbours are keywords of.
func TestImplied(t *testing.T) {
	for text, want := range map[string]string{
		`{const: a, unevaluatedProperties: false}`:         `string implied enum=a`,
		`{enum: [a, {}], minProperties: 0, required: [b]}`: `object implied enum= required=b ![unsatisfiable:6]`,
	} {
		if s, _ := one(t, "3.1.0", text); show(s) != want {
			t.Errorf("%s: got %s, want %s", text, show(s), want)
		}
	}
}
