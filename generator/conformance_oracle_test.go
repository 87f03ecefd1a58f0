package generator_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// zoo are values that are posted to every group: of each type the empty, the small, the
// large and the odd.
var zoo = []string{
	`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `1.0`, `1.5`, `1e2`, `-1e-7`, `3`, `7`, `1e300`,
	`9007199254740993`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775809`, `12345678901234567890123`,
	`""`, `"a"`, `"foo"`, `"foobar"`, `"\u0000"`, `"1"`, `"null"`, `"😀"`, `"2020-01-01"`, `"2020-01-01T00:00:00Z"`, `"127.0.0.1"`,
	`[]`, `[null]`, `[1]`, `[1,1]`, `[1,1.0]`, `[1,true]`, `[0,false]`, `["foo"]`, `[1,"foo",null]`, `[[]]`, `[[1],[1]]`, `[{}]`, `[{"a":1,"b":2},{"b":2,"a":1}]`, `[1,2,3,4,5,6,7,8]`,
	`{}`, `{"foo":1}`, `{"foo":"bar"}`, `{"foo":null}`, `{"bar":2}`, `{"foo":1,"bar":2}`, `{"foo":[],"bar":{}}`, `{"":0}`, `{"a":1}`, `{"b":"c"}`,
	`{"foo":1,"bar":2,"baz":3,"quux":4}`, `{"__proto__":1,"constructor":2,"toString":3}`, `{"$ref":"a"}`, `{"foo":{"foo":{"foo":false}}}`, `{"foo":{"bar":1}}`,
}

// holdOracle posts to each group what the suite does not: the data of all groups of its
// file, and the zoo. Whatever the server takes must be valid to another validator, too.
// Formats and patterns are the suite's alone, which knows more of them.
func holdOracle(t *testing.T, groups []*conformanceGroup) {
	data := map[string]map[string]bool{}
	for _, g := range groups {
		if data[g.file] == nil {
			data[g.file] = map[string]bool{}
			for _, v := range zoo {
				data[g.file][v] = true
			}
		}
		for _, test := range g.Tests {
			var compact bytes.Buffer
			if err := json.Compact(&compact, test.Data); err != nil {
				t.Fatal(err)
			}
			data[g.file][compact.String()] = true
		}
	}
	asked, stricter := 0, 0
	for _, g := range groups {
		if g.refused != "" || g.suite.remote || strings.Contains(g.file, "format") || strings.Contains(g.file, "regex") {
			continue
		}
		valid := g.oracle(t)
		for v := range data[g.file] {
			accepted, _, _, err := g.ask([]byte(v))
			asked++
			switch want := valid(v); {
			case err != nil:
				t.Errorf("%s: %s: %v", g.title(), v, err)
			case accepted && !want:
				t.Errorf("WRONGLY ACCEPTED: %s: %.200s by %s", g.title(), v, g.Schema)
			case want && !accepted:
				if stricter++; g.exact {
					t.Errorf("wrongly refused: %s: %.200s by %s", g.title(), v, g.Schema)
				}
			}
		}
	}
	t.Logf("%d values, %d of them refused though the oracle takes them: most for a type that is implied", asked, stricter)
	if asked == 0 {
		t.Error("nothing was asked")
	}
}

// oracle compiles the group's schema with another validator.
func (g *conformanceGroup) oracle(t *testing.T) func(data string) bool {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.DefaultDraft(jsonschema.Draft2020)
	if g.suite.expressible != nil {
		c.DefaultDraft(jsonschema.Draft4)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(g.Schema))
	if err != nil {
		t.Fatal(err)
	}
	const at = "http://oracle.example/schema.json"
	if err := c.AddResource(at, schema); err != nil {
		t.Fatalf("%s: %v", g.title(), err)
	}
	compiled, err := c.Compile(at)
	if err != nil {
		return func(string) bool { return true } // it refers to a meta-schema's vocabulary
	}
	return func(data string) bool {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(v) == nil
	}
}
