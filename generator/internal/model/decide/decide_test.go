package decide_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// TestFields: the Go type and the checks of one member. A check that is missing here is
// one that the server does not make.
func TestFields(t *testing.T) {
	t.Parallel()
	tests := []struct{ schema, want string }{
		{"{type: string}", "Opt[string]"},
		{"{type: string, minLength: 1, maxLength: 3, pattern: '^a', format: email}", "Opt[string] minLength,maxLength,format,pattern"},
		{"{type: string, format: uuid}", "Opt[types.UUID]"},
		{"{type: string, format: uuid, maxLength: 40}", "Opt[string] maxLength,format"},
		{"{type: string, format: date-time, pattern: 'Z$'}", "Opt[string] format,pattern"},
		{"{type: string, format: byte}", "[]byte"},
		{"{type: string, format: nonsense}", "Opt[string]"},
		{"{type: string, contentEncoding: base64}", "[]byte"},
		{"{type: string, enum: [b, a], minLength: 1}", "Opt[SendBodyA] enum,minLength"},
		{"{type: string, const: x}", "Opt[SendBodyA] enum"},
		{"{type: [string, 'null'], enum: [null, b]}", "Opt[runtime.Null[SendBodyA]] enum"},
		{"{type: string, default: x}", `string="x"`},
		{"{type: string, format: date, default: '2020-01-01'}", "Opt[types.Date] (default-not-applied)"},
		{"{type: [string, 'null'], default: null}", "Opt[runtime.Null[string]]"},
		{"{type: integer}", "Opt[int64]"},
		{"{type: integer, format: int32, minimum: 1, maximum: 5, multipleOf: 2}", "Opt[int32] minimum,maximum,multipleOf"},
		{"{type: integer, format: int32, minimum: -2147483648, maximum: 3000000000}", "Opt[int32]"},
		{"{type: integer, minimum: 0, maximum: 18446744073709551615}", "Opt[uint64]"},
		{"{type: integer, minimum: 0.5, exclusiveMaximum: 3}", "Opt[int64] minimum,exclusiveMaximum"},
		{"{type: integer, enum: [1, 2.0]}", "Opt[int64] enum"},
		{"{type: integer, format: int32, default: 3000000000}", "Opt[int32]"},
		{"{type: number, default: 1.5}", "float64=1.5"},
		{"{type: number, format: float, maximum: 1.5}", "Opt[float32] maximum"},
		{"{type: number, exclusiveMinimum: 0}", "Opt[float64] exclusiveMinimum"},
		{"{type: boolean, enum: [true]}", "Opt[bool] enum"},
		{"{type: boolean, default: false}", "bool=false"},
		{"{type: 'null'}", "Opt[wire.Raw] type"},
		{"{}", "Opt[wire.Raw]"},
		{"{type: array, items: {type: string, maxLength: 3}, minItems: 1, maxItems: 2, uniqueItems: true}", "[]string minItems,maxItems,uniqueItems,maxLength"},
		{"{type: array, items: {type: number}, default: [1]}", "[]float64 (default-not-applied)"},
		{"{type: [array, 'null'], items: {}}", "Opt[runtime.Null[[]wire.Raw]]"},
		{"{type: object}", "Opt[SendBodyA] (free-form)"},
		{"{type: object, properties: {}}", "Opt[SendBodyA] (free-form)"},
		{"{type: [object, 'null'], description: x}", "Opt[runtime.Null[SendBodyA]] (free-form)"},
		{"{type: object, x-bailey-unknown: refuse}", "Opt[SendBodyA]"},
		{"{type: object, maxProperties: 0}", "Opt[SendBodyA]"},
		{"{type: object, additionalProperties: false}", "Opt[SendBodyA]"},
		{"{type: object, x-bailey-unknown: keep}", "map[string]wire.Raw"},
		{"{type: object, x-bailey-unknown: keep, additionalProperties: {type: integer}}", "map[string]int64"},
		{"{type: object, x-bailey-unknown: keep, minProperties: 1}", "map[string]wire.Raw minProperties"},
		{"{type: object, additionalProperties: true, minProperties: 1, maxProperties: 2}", "map[string]wire.Raw minProperties,maxProperties"},
		{"{type: object, additionalProperties: {type: integer, minimum: 1}}", "map[string]int64 minimum"},
		{"{type: object, required: [b]}", "Opt[SendBodyA]"},
		{"{oneOf: [{type: string, format: uuid}, {type: string, format: email}]}", "Opt[string] oneOf"},
		{"{anyOf: [{type: string}, {type: integer}]}", "Opt[SendBodyA]"},
	}
	for _, test := range tests {
		t.Run(test.schema, func(t *testing.T) {
			t.Parallel()
			f, diags := field(t, test.schema)
			got := strings.TrimPrefix(f.Go.String(), "runtime.")
			if f.HasDefault {
				got += "=" + f.Default.String()
			}
			if checks := keywords(f.Type); checks != "" {
				got += " " + checks
			}
			for _, d := range diags {
				got += " (" + string(d.Rule) + ")"
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestChecks: the conditions, where their arithmetic is easy to get wrong. The value
// breaks the keyword where the condition holds.
func TestChecks(t *testing.T) {
	t.Parallel()
	tests := []struct{ schema, want string }{
		{"{type: integer, minimum: 0.5}", "v < 1"},
		{"{type: integer, minimum: -0.5}", "v < 0"},
		{"{type: integer, exclusiveMinimum: 1}", "v < 2"},
		{"{type: integer, exclusiveMinimum: 0.5}", "v < 1"},
		{"{type: integer, maximum: 1.5}", "v > 1"},
		{"{type: integer, maximum: -1.5}", "v > -2"},
		{"{type: integer, exclusiveMaximum: 1e2}", "v > 99"},
		{"{type: integer, exclusiveMaximum: -1.5}", "v > -2"},
		{"{type: integer, format: uint32, minimum: 0}", ""},
		{"{type: integer, format: uint32, minimum: 1}", "v < 1"},
		{"{type: integer, maximum: 9223372036854775807}", ""},
		{"{type: integer, maximum: 9223372036854775806}", "v > 9223372036854775806"},
		{"{type: integer, enum: [1, 1.0, 2]}", "v != 1 && v != 2"},
		{"{type: integer, format: int32, enum: [1, 3000000000]}", "v != 1"},
		{"{type: integer, multipleOf: 3}", "!wire.MultipleOfInt(int64(v), 3)"},
		{"{type: integer, multipleOf: 0.5}", `!wire.MultipleOfNumber(strconv.FormatInt(int64(v), 10), "0.5")`},
		{"{type: number, minimum: 1}", "v < 1"},
		{"{type: number, exclusiveMinimum: 1}", "v <= 1"},
		{"{type: number, maximum: 0.1}", "v > 0.1"},
		{"{type: number, exclusiveMaximum: 0.1}", "v >= 0.1"},
		{"{type: number, multipleOf: 0.01}", `!wire.MultipleOf(v, "0.01")`},
		{"{type: number, format: float, maximum: 1e39}", ""},
		{"{type: number, format: float, minimum: -1e39}", ""},
		{"{type: string, minLength: 2}", "!wire.MinRunes(v, 2)"},
		{"{type: string, maxLength: 0}", "!wire.MaxRunes(v, 0)"},
		{"{type: string, format: ipv4}", "!wire.IsIPv4(v)"},
		{"{type: array, items: {type: string}, minItems: 2}", "len(v) < 2"},
		{"{type: array, items: {type: string}, uniqueItems: true}", "!wire.UniqueOn(d, v)"},
		{"{type: object, additionalProperties: {type: string}, minProperties: 2}", "len(v) < 2"},
	}
	for _, test := range tests {
		t.Run(test.schema, func(t *testing.T) {
			t.Parallel()
			f, _ := field(t, test.schema)
			var got []string
			for _, c := range f.Type.Checks {
				got = append(got, c.Fails(gosrc.Raw("d"), gosrc.Raw("v")).String())
			}
			if s := strings.Join(got, "; "); s != test.want {
				t.Errorf("got %s, want %s", s, test.want)
			}
		})
	}
}
