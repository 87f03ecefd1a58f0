package decide_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestGroups: the conditions of anyOf and oneOf of required lists, for few members and for
// more than one word of bits holds.
func TestGroups(t *testing.T) {
	t.Parallel()
	const groups = "A:\n  type: object\n  anyOf: [{required: [p00]}, {required: [p01, p64]}]\n  properties:\n"
	const exactly = "A:\n  type: object\n  not: {required: [p00, p64]}\n  properties:\n"
	properties := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "    p%02d: {type: string}\n", i)
		}
		return b.String()
	}
	tests := []struct{ name, document, want string }{
		{"any of few", groups + properties(2), "!wire.AnyOf(seen, 1, 6)"},
		{"any of many", groups + properties(65), "(seen[0]&1 != 1) && (seen[0]&2 != 2 || seen[1]&1 != 1)"},
		{"one of few", exactly + properties(2), "!wire.OneOf(seen, 5, 0)"},
		{"one of many", exactly + properties(65), "!wire.AllButOne((seen[0]&1 != 1 || seen[1]&1 != 1), false)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fails := built(t, schemas(test.document)).Types[0].GroupFails()
			if len(fails) != 1 || fails[0].When.String() != test.want {
				t.Errorf("got %v, want %s", fails, test.want)
			}
		})
	}
}

// TestGroupsOneWay: what the server sets alone is not asked for in a request, and is not there: where exactly one of several must be,
// one that only the server can make complete lets none of the others pass for it.
func TestGroupsOneWay(t *testing.T) {
	t.Parallel()
	const members = ", properties: {a: {type: string, readOnly: true}, b: {type: string}, c: {type: string}, r: {type: string, readOnly: true}}}\n"
	wide := "A:\n  type: object\n  oneOf: [{required: [r]}, {required: [p00]}, {required: [p64]}]\n  properties:\n    r: {type: string, readOnly: true}\n"
	for i := range 65 {
		wide += fmt.Sprintf("    p%02d: {type: string}\n", i)
	}
	tests := []struct{ document, want string }{
		{"A: {type: object, not: {required: [a, r]}" + members, ""},
		{"A: {type: object, not: {required: [a, b]}" + members, ""},
		{"A: {type: object, not: {required: [b, c]}" + members, "!wire.OneOf(seen, 3, 0)"},
		{"A: {type: object, oneOf: [{required: [a]}, {required: [b]}]" + members, "!wire.OneOf(seen, 0, 1) && !wire.OneOf(seen, 1)"}, // always so
		{"A: {type: object, oneOf: [{required: [a]}, {required: [b]}, {required: [c]}]" + members, "!wire.OneOf(seen, 0, 1, 2) && !wire.OneOf(seen, 1, 2)"},
		{"A: {type: object, oneOf: [{required: [a, b]}, {required: [c]}]" + members, "!wire.OneOf(seen, 1, 2) && !wire.OneOf(seen, 2)"},
		{"A: {type: object, oneOf: [{required: [a, b]}, {required: [a, c]}]" + members, "!wire.OneOf(seen, 1, 2)"},
		{"A: {type: object, oneOf: [{required: [a, b]}, {required: [r, c]}]" + members, "!wire.OneOf(seen, 1) && !wire.OneOf(seen, 2)"},
		{"A: {type: object, anyOf: [{required: [a]}, {required: [b]}]" + members, ""},
		{"A: {type: object, anyOf: [{required: [a, b]}, {required: [c]}]" + members, "!wire.AnyOf(seen, 1, 2)"},
		{wide, "!wire.AllButOne(false, (seen[0]&1 != 1), (seen[1]&1 != 1)) && !wire.AllButOne((seen[0]&1 != 1), (seen[1]&1 != 1))"},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			for _, typ := range built(t, schemas(test.document)).Types {
				if typ.Name.String() != "AInput" {
					continue
				}
				var got []string
				for _, f := range typ.GroupFails() {
					got = append(got, f.When.String())
				}
				if text := strings.Join(got, "; "); text != test.want {
					t.Errorf("%s: got %s, want %s", test.document, text, test.want)
				}
				return
			}
			t.Errorf("%s: no type for requests", test.document)
		})
	}
}

// TestMemberFails: what the encoder asks of the members of a response, where it is not always so.
func TestMemberFails(t *testing.T) {
	t.Parallel()
	const members = " properties: {a: {type: string}, b: {type: array, items: {type: string}}, w: {type: string, writeOnly: true}}"
	tests := []struct{ schema, want string }{
		{"minProperties: 1,", "wire.CountTrue(v.A.Set, v.B != nil) < 1"},
		{"required: [a], minProperties: 1,", ""},
		{"required: [a], minProperties: 2,", "wire.CountTrue(v.B != nil)+1 < 2"},
		{"minProperties: 3,", "wire.CountTrue(v.A.Set, v.B != nil) < 2"},
		{"minProperties: 3, additionalProperties: false,", "wire.CountTrue(v.A.Set, v.B != nil) < 2"},
		{"minProperties: 4,", "wire.CountTrue(v.A.Set, v.B != nil) < 4"},
		{"maxProperties: 2,", ""},
		{"maxProperties: 1,", "wire.CountTrue(v.A.Set, v.B != nil) > 1"},
		{"maxProperties: 2, additionalProperties: true,", "wire.CountTrue(v.A.Set, v.B != nil)+len(v.AdditionalProperties) > 2"},
		{"required: [a, b], maxProperties: 2, additionalProperties: {type: integer},", "2+len(v.AdditionalProperties) > 2"},
		{"anyOf: [{required: [a]}, {required: [b]}],", "wire.CountTrue(v.A.Set, v.B != nil) == 0"},
		{"required: [b], anyOf: [{required: [a]}, {required: [b]}],", ""},
		{"anyOf: [{required: [a]}, {required: [w]}],", ""},
		{"anyOf: [{required: [a]}, {required: [w, b]}],", "wire.CountTrue(v.A.Set, v.B != nil) == 0"},
		{"oneOf: [{required: [a]}, {required: [b]}],", "wire.CountTrue(v.A.Set, v.B != nil) != 1"},
		{"oneOf: [{required: [a]}, {required: [b]}, {required: [w]}],", "wire.CountTrue(v.A.Set, v.B != nil) != 1 && wire.CountTrue(v.A.Set, v.B != nil, true) != 1"},
		{"not: {required: [a, b]},", "wire.CountTrue(v.A.Set && v.B != nil, true) != 1"},
	}
	for _, test := range tests {
		t.Run(test.schema, func(t *testing.T) {
			t.Parallel()
			for _, typ := range built(t, schemas("A: {type: object, "+test.schema+members+"}")).Types {
				if typ.Name.String() != "A" {
					continue
				}
				var got []string
				for _, f := range typ.MemberFails() {
					got = append(got, f.When.String())
				}
				if text := strings.Join(got, "; "); text != test.want {
					t.Errorf("got %s, want %s", text, test.want)
				}
				return
			}
			t.Error("no type for responses")
		})
	}
}

// TestCountedDefaults: a default that would break the count of its object's members is not set.
func TestCountedDefaults(t *testing.T) {
	t.Parallel()
	const a = " properties: {a: {type: string, default: x}, b: {type: string}}}"
	for _, test := range []struct{ schema, want string }{
		{"", "A string=\"x\"; B runtime.Opt[string]"},
		{"oneOf: [{required: [a]}, {required: [b]}],", "A runtime.Opt[string]; B runtime.Opt[string]"},
		{"not: {required: [a, b]},", "A runtime.Opt[string]; B runtime.Opt[string]"},
		{"anyOf: [{required: [a]}, {required: [b]}],", "A string=\"x\"; B runtime.Opt[string]"},
		{"maxProperties: 1,", "A runtime.Opt[string]; B runtime.Opt[string]"},
		{"maxProperties: 2,", "A string=\"x\"; B runtime.Opt[string]"},
	} {
		typ := built(t, schemas("A: {type: object, "+test.schema+a)).Types[0]
		got := fields(typ.Fields)
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.schema, got, test.want)
		}
	}
}
