package inhabit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/inhabit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// sets reads components.schemas, each line of which is indented by four blanks, and returns
// what knows of them in each way.
func sets(t *testing.T, schemas string) (get func(string) *schema.Schema, ways [2]*inhabit.Set) {
	t.Helper()
	text := "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n" + schemas + "\n"
	doc, diags := load.LoadBytes("doc.yaml", []byte(text), load.Limits{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r := schema.NewReader(doc)
	r.Exact = true
	bases := map[*schema.Schema]*schema.Schema{}
	merged := func(s *schema.Schema) []*schema.Schema {
		if len(s.Node.Members) == 1 { // nothing stands beside the branches
			return slices.Concat(s.OneOf, s.AnyOf)
		}
		if bases[s] == nil {
			c := *s
			c.OneOf, c.AnyOf, c.Discriminator, c.Name = nil, nil, nil, ""
			bases[s] = &c
		}
		list := slices.Concat(s.OneOf, s.AnyOf)
		for i := range list {
			list[i] = r.Merge(s.Pos, bases[s], list[i])
		}
		return list
	}
	for way := range ways {
		ways[way] = inhabit.New(inhabit.Config{
			Way: inhabit.Way(way), Branches: merged, Reader: r,
			Checked: func(s *schema.Schema) *schema.Schema { return s },
		})
	}
	return func(name string) *schema.Schema { return r.Read(doc.Root.Get("components").Get("schemas").Get(name)) }, ways
}

// TestInhabited is the table of what a value can meet. What is not is said with the line, which
// counts from the first schema, and the reason.
func TestInhabited(t *testing.T) {
	tests := []struct {
		name, schemas string
		want          string // "" where it is inhabited
	}{
		{"a scalar", `{type: string}`, ""},
		{"nothing", `false`, "1: no value can meet this schema"},
		{"bounds", `{type: integer, minimum: 3, maximum: 2}`, "1: no number lies between the minimum 3 and the maximum 2"},
		{"null beside a contradiction", `{type: [string, 'null'], minLength: 3, maxLength: 2}`, ""},
		{"one type beside another", `{type: [string, integer], minLength: 3, maxLength: 2}`, ""},
		{"no type at all", `{minLength: 3, maxLength: 2}`, ""},
		{"two types that contradict themselves", `{type: [string, integer], minLength: 3, maxLength: 2, minimum: 3, maximum: 2}`,
			"1: minLength 3 is greater than maxLength 2; 1: no number lies between the minimum 3 and the maximum 2"},

		{"a member that cannot be", "{type: object, required: [b],\n      properties: {b: {$ref: '#/components/schemas/B'}}}\n    B: {type: object, required: [c], properties: {c: {type: string, enum: []}}}", "3: no value is in an empty enum"},
		{"an optional one", `{type: object, properties: {b: false}}`, ""},
		{"a required member of itself", "{type: object, properties: {next: {$ref: '#/components/schemas/A'}},\n      required: [x,\n      next]}", "3: no value can meet this schema, since each would hold another one, without end: A.next -> A"},
		{"an optional member of itself", `{type: object, properties: {next: {$ref: '#/components/schemas/A'}}}`, ""},
		{"a nullable one", `{type: object, required: [next], properties: {next: {anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}}}`, ""},
		{"a longer cycle", "{type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}\n    B: {type: object, required: [c], properties: {c: {type: array, minItems: 1, items: {$ref: '#/components/schemas/C'}}}}\n    C: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}",
			"3: no value can meet this schema, since each would hold another one, without end: A.b -> B.c[] -> C.a -> A"},
		{"a way out of a cycle", "{type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}\n    B: {oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}", ""},
		{"a cycle that stands behind one", "{type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}\n    B: {type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}",
			"2: no value can meet this schema, since each would hold another one, without end: B.b -> B"},
		{"a cycle through all branches", "{anyOf: [{$ref: '#/components/schemas/B'}, {type: array, minItems: 1, items: {$ref: '#/components/schemas/A'}}]}\n    B: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}",
			"2: no value can meet this schema, since each would hold another one, without end: A -> B.a -> A"},
		{"a cycle through an empty array", `{type: array, items: {$ref: '#/components/schemas/A'}}`, ""},
		{"a cycle through items", `{type: array, minItems: 1, items: {$ref: '#/components/schemas/A'}}`, "1: no value can meet this schema, since each would hold another one, without end: A[] -> A"},
		{"a cycle through members without a name", `{type: object, required: [x], additionalProperties: {$ref: '#/components/schemas/A'}}`, "1: no value can meet this schema, since each would hold another one, without end: A.x -> A"},
		{"a cycle through allOf", `{allOf: [{type: object, required: [a]}, {properties: {a: {$ref: '#/components/schemas/A'}}}]}`, "1: no value can meet this schema, since each would hold another one, without end: A.a -> A"},
		{"what the branches merge to", `{type: object, required: [k], properties: {k: {const: 1}}, oneOf: [{properties: {k: {const: 2}}}, {properties: {k: {const: 3}}}]}`, "1: the enums that are merged here have no value in common"},
		{"equal branches of oneOf", `{oneOf: [{type: string}, {type: string}]}`, "1: whatever matches this branch of the oneOf at doc.yaml:6:16 matches another one too, so it is refused; write anyOf if it is meant to pass; 1: whatever matches this branch of the oneOf at doc.yaml:6:16 matches another one too, so it is refused; write anyOf if it is meant to pass"},
		{"equal branches of anyOf", `{anyOf: [{type: string}, {type: string}]}`, ""},

		{"one of the required lists", `{type: object, anyOf: [{required: [a]}, {required: [b]}], properties: {a: false, b: {}}}`, ""},
		{"none of the required lists", `{type: object, anyOf: [{required: [a]}, {required: [b, c]}], properties: {a: false, b: false}}`, "1: no value can meet this schema"},
		{"required lists that both hold", `{type: object, required: [a, b], oneOf: [{required: [a]}, {required: [b]}]}`, "1: what is required meets more than one branch of a oneOf, or what is below not"},
		{"not of what is required", `{type: object, required: [a], not: {required: [a]}}`, "1: what is required meets more than one branch of a oneOf, or what is below not"},
		{"required lists that nothing names", `{type: object, additionalProperties: false, properties: {c: {}}, anyOf: [{required: [a]}, {required: [b]}]}`, "1: no value can have the members that anyOf or oneOf asks for here"},

		{"as many members as can be", `{type: object, additionalProperties: false, properties: {a: {}, b: {}}, minProperties: 2}`, ""},
		{"more than can be", `{type: object, additionalProperties: false, properties: {a: {}, b: false}, minProperties: 2}`, "1: minProperties is 2, and no value can have as many members"},
		{"members that nothing meets", `{type: object, additionalProperties: {type: string, enum: []}, minProperties: 1}`, "1: minProperties is 1, and no value can have as many members"},
		{"members without a schema", `{type: object, minProperties: 5}`, ""},
		{"members of a pattern", `{type: object, additionalProperties: false, patternProperties: {a: {}}, minProperties: 5}`, ""},
		{"members that evaluate", `{type: object, unevaluatedProperties: false, if: {properties: {a: {}}}, then: {}, else: {minProperties: 3}, minProperties: 1}`, ""},

		{"contains", `{type: array, contains: {type: string}}`, ""},
		{"contains what cannot be", `{type: array, contains: {type: string, enum: []}}`, "1: no value is in an empty enum"},
		{"contains none of it", `{type: array, contains: false, minContains: 0}`, ""},
		{"contains beside items", `{type: array, items: {type: string}, contains: {type: integer}}`, "1: no value has all the types that are asked for here: string at doc.yaml:6:36, integer at doc.yaml:6:62"},
		{"contains beside items in front", `{type: array, prefixItems: [{type: integer}], items: {type: string}, contains: {type: integer}}`, ""},
		{"contains more than it may", `{type: array, contains: {}, minContains: 3, maxContains: 2}`, "1: minContains 3 is greater than maxContains 2"},
		{"contains more than there may be", `{type: array, contains: {}, minContains: 3, maxItems: 2}`, "1: contains asks for more items than the 2 of maxItems"},
		{"an item in front that cannot be", `{type: array, prefixItems: [{}, false], minItems: 2}`, "1: no value can meet this schema"},
		{"an item in front that need not be", `{type: array, prefixItems: [{}, false], minItems: 1}`, ""},
		{"items behind those in front", `{type: array, prefixItems: [{}], items: false, minItems: 2}`, "1: no value can meet this schema"},
		{"items in front of them", `{type: array, prefixItems: [{}], items: false, minItems: 1}`, ""},
		{"more different items than there are", `{type: array, items: {type: boolean}, uniqueItems: true, minItems: 3}`, "1: uniqueItems asks for 3 different items, and their schema has no more than 2 values"},
		{"as many as there are", `{type: array, items: {type: [boolean, 'null']}, uniqueItems: true, minItems: 3}`, ""},
		{"more than the enum has", `{type: array, items: {enum: [a, b]}, uniqueItems: true, minItems: 3}`, "1: uniqueItems asks for 3 different items, and their schema has no more than 2 values"},

		{"a name that propertyNames refuses", `{type: object, required: [abc], propertyNames: {maxLength: 2}}`, `1: member "abc" is required, and propertyNames at doc.yaml:6:55 refuses it`},
		{"one that it allows", `{type: object, required: [ab], propertyNames: {maxLength: 2}}`, ""},
		{"names that cannot be", `{type: object, minProperties: 1, propertyNames: {type: integer}}`, "1: minProperties is 1, and propertyNames at doc.yaml:6:56 refuses every name"},
		{"fewer names than members", `{type: object, minProperties: 2, propertyNames: {enum: [a]}}`, "1: minProperties is 2, and propertyNames at doc.yaml:6:56 allows 1 names"},
		{"a member of a pattern", `{type: object, required: [ab], patternProperties: {^a: {type: string, enum: []}}}`, "1: no value is in an empty enum"},
		{"a member of another one", `{type: object, required: [ba], patternProperties: {^a: {type: string, enum: []}}}`, ""},
		{"a pattern that looks", `{type: object, required: [ab], patternProperties: {'^(?=a)': {type: string, enum: []}}}`, ""},
		{"what goes with a member", `{type: object, required: [a], dependentRequired: {a: [b], b: [c]}, properties: {c: {type: string, enum: []}}}`, "1: no value is in an empty enum"},
		{"what goes with one that need not be", `{type: object, dependentRequired: {a: [b]}, properties: {b: false}}`, ""},
		{"what goes with a member and is not named", `{type: object, required: [a], dependentRequired: {a: [b]}, additionalProperties: false, properties: {a: {}}}`, `1: member "b" is required here, and additionalProperties: false refuses it, since properties does not name it`},
		{"more that go with it than may be", `{type: object, required: [a], dependentRequired: {a: [b]}, maxProperties: 1}`, "1: 2 members are required, and maxProperties is 1"},
		{"a schema that goes with a member", `{type: object, required: [a], dependentSchemas: {a: {type: string, enum: []}}}`, "1: no value is in an empty enum"},

		{"not is not looked into", `{type: string, not: {type: string, minLength: 0}}`, ""},
		{"nor are patterns", `{type: string, pattern: '^a$', minLength: 3}`, ""},
	}
	for _, tt := range tests {
		get, ways := sets(t, "    A: "+tt.schemas)
		a := get("A")
		var said []string
		for _, d := range ways[inhabit.Response].Why(a) {
			said = append(said, fmt.Sprintf("%d: %s", d.Pos.Line-5, d.Message))
			if (d.Advice == "" || d.Rule != "unsatisfiable") && d.Rule != "shadowed-branch" {
				t.Errorf("%s: %v", tt.name, d)
			}
		}
		if got := strings.Join(said, "; "); got != tt.want || ways[inhabit.Response].Inhabited(a) != (tt.want == "") {
			t.Errorf("%s: %s\n got %q\nwant %q", tt.name, tt.schemas, got, tt.want)
		}
	}
}

// TestWays: what must not travel one way is not required there.
func TestWays(t *testing.T) {
	get, ways := sets(t, `    A: {type: object, required: [a], properties: {a: {readOnly: true, allOf: [{$ref: '#/components/schemas/A'}]}}}
    B: {type: object, required: [b], properties: {b: {writeOnly: true, allOf: [{$ref: '#/components/schemas/B'}]}}}
    C: {type: object, minProperties: 1, additionalProperties: false, properties: {a: {readOnly: true}}}
    D: {type: object, minProperties: 2, additionalProperties: false, properties: {a: {readOnly: true}, b: false}}`)
	for name, want := range map[string][2]bool{"A": {true, false}, "B": {false, true}, "C": {true, true}, "D": {false, false}} {
		s := get(name)
		if got := [2]bool{ways[0].Inhabited(s), ways[1].Inhabited(s)}; got != want {
			t.Errorf("%s: in requests and responses: %v, want %v", name, got, want)
		}
	}
}

// TestGrowth: ten times the schemas, which all refer to each other, are ten times the rules: a
// stage that looks at all of them again for each would take minutes here.
func TestGrowth(t *testing.T) {
	var b strings.Builder
	const n = 20_000
	b.WriteString("    A: {type: object, required: [m0], properties: {")
	for i := range n {
		fmt.Fprintf(&b, "m%d: {$ref: '#/components/schemas/S%d'}, ", i, i)
	}
	b.WriteString("x: {}}, minProperties: 1000, additionalProperties: false}\n")
	for i := range n { // each but the last needs the next one, or A
		fmt.Fprintf(&b, "    S%d: {anyOf: [{$ref: '#/components/schemas/A'}, {type: object, required: [s], properties: {s: {$ref: '#/components/schemas/S%d'}}}]}\n", i, min(i+1, n-1))
	}
	get, ways := sets(t, b.String()+"    End: {type: string}")
	if ways[0].Inhabited(get("A")) {
		t.Error("a value without an end is said to be one")
	}
	found := ways[0].Why(get("A"))
	if len(found) != 1 || len(found[0].Message) > 1000 {
		t.Errorf("%d lines say so: %.300v", len(found), found)
	}
}
