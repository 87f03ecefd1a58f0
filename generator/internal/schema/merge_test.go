package schema_test

import (
	"fmt"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestAllOf is the table of conjunctions.
func TestAllOf(t *testing.T) {
	tests := []struct {
		name, text, want, warnings string
	}{
		{"members of both", `{allOf: [{type: object, properties: {a: {type: string}}, required: [a]}, {type: object, properties: {b: {type: integer}}, required: [b]}]}`,
			`object {a:string; b:integer} required=a,b`, ``},
		{"parent first", `{allOf: [{properties: {a: {}}}], properties: {b: {}}}`, `object implied {a:; b:}`, ``},
		{"own first", `{properties: {b: {}}, allOf: [{properties: {a: {}}}]}`, `object implied {b:; a:}`, ``},
		{"one member in both", `{allOf: [{properties: {a: {type: string, minLength: 1}}}, {properties: {a: {type: string, maxLength: 5}}}]}`,
			`object implied {a:string length=1..5}`, ``},
		{"bounds", `{allOf: [{type: number, minimum: 1, maximum: 10}, {minimum: 1, exclusiveMinimum: true, maximum: 9.50}, {maximum: 9.5}]}`,
			`number range=1<..9.50`, ``},
		{"counts", `{allOf: [{type: array, minItems: 1, maxItems: 5}, {minItems: 2, maxItems: 9, uniqueItems: true, items: {type: string}}]}`,
			`array items(string) count=2..5 unique`, ``},
		{"items of both", `{allOf: [{type: array, items: {type: string, minLength: 1}}, {items: {maxLength: 2}}]}`, `array items(string length=1..2)`, ``},
		{"patterns", `{allOf: [{type: string, pattern: a}, {pattern: b}, {pattern: a}]}`, `string pattern=a pattern=b`, ``},
		{"multiples", `{allOf: [{type: integer, multipleOf: 2}, {multipleOf: 3}]}`, `integer multiple=2,3`, ``},
		{"number and integer", `{allOf: [{type: number}, {type: integer}]}`, `integer`, ``},
		{"types apart", `{allOf: [{type: string}, {type: integer}]}`, `never ![unsatisfiable:6]`, ``},
		{"enums", `{allOf: [{type: string, enum: [a, b, c]}, {enum: [c, b, d]}]}`, `string enum=b,c`, ``},
		{"enums apart", `{allOf: [{type: string, enum: [a]}, {enum: [b]}]}`, `never ![unsatisfiable:6]`, ``},
		{"enum and type", `{allOf: [{enum: [a, 1]}, {type: string}]}`, `string enum=a`, ``},
		{"formats", `{allOf: [{type: integer, format: int64}, {format: int32}]}`, `integer format=int32`, ``},
		{"formats apart", `{allOf: [{type: string, format: date}, {format: uuid}]}`, `string format=date ![format-conflict:6]`, ``},
		{"an unknown format gives way", `{allOf: [{type: string, format: foo}, {format: uuid}]}`, `string format=uuid`, ``},
		{"password looks like something", `{allOf: [{type: string, format: password}, {format: uuid}]}`, `string format=uuid`, ``},
		{"bounds apart", `{allOf: [{type: integer, minimum: 5}, {maximum: 4}]}`, `integer range=5..4 ![unsatisfiable:6]`, ``},
		{"nullable in one", `{allOf: [{type: string, nullable: true}, {type: string}]}`, `string`, ``},
		{"nullable in both", `{allOf: [{type: string, nullable: true}, {type: string, nullable: true}]}`, `null or string`, ``},
		{"nullable around", `{nullable: true, allOf: [{type: string}]}`, `string`, `nullable-allof`},
		{"nullable around what is nullable", `{nullable: true, allOf: [{type: string, nullable: true}]}`, `null or string`, ``},
		{"nullable around an enum", `{nullable: true, allOf: [{type: string, enum: [a]}]}`, `string enum=a`, `nullable-allof`},
		{"nullable around an enum without type", `{nullable: true, allOf: [{enum: [a]}]}`, `string implied enum=a`, `nullable-allof`},
		{"nullable around an enum with null", `{nullable: true, allOf: [{enum: [a, null]}]}`, `null or string implied enum=a,null`, ``},
		{"nullable around keywords without type", `{nullable: true, allOf: [{properties: {a: {}}}, {required: [a]}]}`, `null or object implied {a:} required=a`, ``},
		{"nullable and a type around", `{nullable: true, type: string, allOf: [{type: string}]}`, `string`, `nullable-allof`},
		{"nullable and a type around keywords", `{nullable: true, type: string, allOf: [{maxLength: 3}]}`, `null or string length=-1..3`, ``},
		{"nullable around two", `{nullable: true, allOf: [{type: string, nullable: true}, {type: string}]}`, `string`, `nullable-allof`},
		{"nullable around allOf twice", `{nullable: true, allOf: [{nullable: true, allOf: [{type: string}]}]}`, `string`, `nullable-allof nullable-allof`},
		{"nullable around a choice", `{nullable: true, allOf: [{oneOf: [{type: string}, {type: array}]}]}`, `string or array oneOf(string | array)`, `nullable-allof`},
		{"nullable around a choice with null", `{nullable: true, allOf: [{oneOf: [{type: string}, {type: array}, {enum: [null]}]}]}`, `null or string or array oneOf(string | array)`, ``},
		{"nullable around a choice without types", `{nullable: true, allOf: [{anyOf: [{properties: {a: {}}}, {properties: {b: {}}}]}]}`, `object anyOf(object implied {a:} | object implied {b:})`, `nullable-allof`},
		{"nullable beside allOf and oneOf", `{nullable: true, allOf: [{type: string, nullable: true}], oneOf: [{type: string}]}`, `null or string`, ``},
		{"nullable beside a single oneOf", `{nullable: true, oneOf: [{allOf: [{type: string}]}]}`, `null or string`, ``},
		{"nullable as a part", `{allOf: [{nullable: true}, {type: string}]}`, `string`, ``},
		{"nullable around what refuses everything", `{nullable: true, allOf: [{not: {}}]}`, `never`, `nullable-allof`},
		{"read only in one", `{allOf: [{type: string, readOnly: true}, {type: string}]}`, `string readOnly`, ``},
		{"default that the other refuses", `{allOf: [{type: string, default: abc}, {maxLength: 2}]}`, `string length=-1..2`, `default`},
		{"default", `{default: a, allOf: [{type: string, default: b}]}`, `string default=a`, ``},

		{"closed branch refuses what it does not name", `{allOf: [{type: object, properties: {a: {}}, additionalProperties: false}, {properties: {a: {type: string}, b: {}}}]}`,
			`object {a:string} closed`, `closed-schema`},
		{"closed branch refuses what is required", `{allOf: [{type: object, properties: {a: {}}, additionalProperties: false}, {properties: {b: {}}, required: [b]}]}`,
			`object {a:} required=b closed ![unsatisfiable:6]`, ``},
		{"typed rest holds for members of the other", `{allOf: [{type: object, additionalProperties: {type: string}}, {properties: {a: {maxLength: 3}}}]}`,
			`object {a:string length=-1..3} extra(string)`, ``},
		{"typed rest of both", `{allOf: [{type: object, additionalProperties: {type: string}}, {additionalProperties: {maxLength: 3}}]}`,
			`object extra(string length=-1..3)`, ``},
		{"open and silent", `{allOf: [{type: object, additionalProperties: true}, {properties: {a: {}}}]}`, `object {a:} open`, ``},
		{"open and typed", `{allOf: [{type: object, additionalProperties: true}, {additionalProperties: {type: string}}]}`, `object extra(string)`, ``},
		{"closed and typed", `{allOf: [{type: object, additionalProperties: false}, {additionalProperties: {type: string}}]}`, `object closed`, ``},
		{"no list", `{allOf: {type: string}}`, `![schema:6]`, ``},
		{"empty list", `{allOf: []}`, `![schema:6]`, ``},
		{"unsupported in a branch", `{allOf: [{type: object, patternProperties: {a: {}}}]}`, `object ![unsupported-keyword:6]`, ``},
	}
	for _, tt := range tests {
		s, warnings := one(t, "3.0.3", tt.text)
		if got := show(s); got != tt.want {
			t.Errorf("%s: %s\n got %s\nwant %s", tt.name, tt.text, got, tt.want)
		}
		if got := rules(warnings, "array-items"); got != tt.warnings && !(tt.warnings == "" && got == "unknown-format") {
			t.Errorf("%s: got warnings %q, want %q\n%v", tt.name, got, tt.warnings, warnings)
		}
	}
}

// TestChoice is the table of oneOf and anyOf.
func TestChoice(t *testing.T) {
	tests := []struct {
		name, version, text, want, warnings string
	}{
		{"types", "3.0.3", `{oneOf: [{type: string}, {type: integer}]}`, `integer or string oneOf(string | integer)`, ``},
		{"any", "3.0.3", `{anyOf: [{type: string}, {type: array}]}`, `string or array anyOf(string | array)`, ``},
		{"one branch", "3.0.3", `{oneOf: [{type: string}]}`, `string`, ``},
		{"null and one", "3.1.0", `{anyOf: [{type: string}, {type: 'null'}]}`, `null or string`, ``},
		{"null alone", "3.1.0", `{anyOf: [{type: 'null'}]}`, `null`, ``},
		{"null and two", "3.1.0", `{oneOf: [{type: string}, {type: array}, {type: 'null'}]}`, `null or string or array oneOf(string | array)`, ``},
		{"null as an enum", "3.0.3", `{anyOf: [{type: string}, {enum: [null]}]}`, `null or string`, ``},
		{"null in one branch", "3.0.3", `{oneOf: [{type: string, nullable: true}, {type: array}]}`, `null or string or array oneOf(string | array)`, ``},
		{"null in both branches of oneOf", "3.0.3", `{oneOf: [{type: string, nullable: true}, {type: array, nullable: true}]}`,
			`string or array oneOf(string | array)`, `shadowed-branch`},
		{"null in both branches of anyOf", "3.0.3", `{anyOf: [{type: string, nullable: true}, {type: array, nullable: true}]}`,
			`null or string or array anyOf(string | array)`, ``},
		{"nullable around", "3.0.3", `{nullable: true, oneOf: [{type: string}, {type: array}]}`, `null or string or array oneOf(string | array)`, ``},
		{"a typed base excludes null", "3.1.0", `{type: string, anyOf: [{maxLength: 3}, {type: 'null'}]}`, `string length=-1..3`, ``},
		{"false is no branch", "3.1.0", `{anyOf: [{type: string}, false]}`, `string`, `shadowed-branch`},
		{"anything in anyOf", "3.0.3", `{type: string, anyOf: [{maxLength: 3}, {}]}`, `string`, `open-choice`},
		{"no list", "3.0.3", `{oneOf: {}}`, `![schema:6]`, ``},

		{"enums are united", "3.0.3", `{oneOf: [{type: string, enum: [a, b]}, {type: string, enum: [c]}]}`, `string enum=a,b,c`, ``},
		{"constants are united", "3.1.0", `{oneOf: [{const: a, title: A}, {const: b, title: B}]}`, `string enum=a,b`, ``},
		{"what is in two lists of oneOf is refused", "3.0.3", `{oneOf: [{type: string, enum: [a, b]}, {type: string, enum: [b, c]}]}`,
			`string enum=a,c`, `shadowed-branch shadowed-branch`},
		{"and of anyOf is not", "3.0.3", `{anyOf: [{type: string, enum: [a, b]}, {type: string, enum: [b, c]}]}`, `string enum=a,b,c`, ``},
		{"enums of different types stay", "3.0.3", `{oneOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}]}`,
			`integer or string oneOf(string enum=a | integer enum=1)`, ``},
		{"an open enum is a string", "3.0.3", `{anyOf: [{type: string}, {type: string, enum: [a]}]}`, `string`, ``},
		{"an open enum with null", "3.1.0", `{anyOf: [{type: string, enum: [a]}, {type: string}, {type: 'null'}]}`, `null or string`, ``},
		{"integer is a number", "3.0.3", `{anyOf: [{type: integer}, {type: number}]}`, `number`, ``},
		{"but not in oneOf", "3.0.3", `{oneOf: [{type: integer}, {type: number}]}`, `number oneOf(integer | number)`, `shadowed-branch`},

		{"required lists", "3.0.3", `{type: object, properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}`, `object {a:; b:} any[[[a] [b]]]`, ``},
		{"required lists, one", "3.0.3", `{oneOf: [{required: [a]}, {required: [b, c]}]}`, `object implied one[[[a] [b c]]]`, ``},
		{"required lists of objects", "3.0.3", `{oneOf: [{type: object, required: [a]}, {type: object, required: [b]}]}`, `object one[[[a] [b]]]`, ``},
		{"two groups of required lists", "3.0.3", `{type: object, allOf: [{anyOf: [{required: [a]}, {required: [b]}]}, {anyOf: [{required: [c]}, {required: [d]}]}]}`,
			`object any[[[a] [b]] [[c] [d]]]`, ``},
		{"a required list and more", "3.0.3", `{type: object, oneOf: [{required: [a]}, {properties: {b: {}}, required: [b]}]}`,
			`object oneOf(object implied required=a | object implied {b:} required=b)`, ``},

		{"base and branches", "3.0.3", `{type: object, properties: {a: {}}, oneOf: [{properties: {b: {}}}, {properties: {c: {}}}]}`,
			`object {a:} oneOf(object implied {b:} | object implied {c:})`, ``},
		{"a branch of another type", "3.0.3", `{type: object, oneOf: [{properties: {b: {}}}, {properties: {c: {}}}, {type: string}]}`,
			`object oneOf(object implied {b:} | object implied {c:})`, `shadowed-branch`},
		{"one branch of the base's type", "3.0.3", `{type: object, oneOf: [{properties: {b: {}}}, {type: string}]}`, `object {b:}`, `shadowed-branch`},
		{"no branch of the base's type", "3.0.3", `{type: object, oneOf: [{type: integer}, {type: string}]}`, `never ![unsatisfiable:6]`, ``},
		{"null by the base, branches without type", "3.1.0", `{type: [object, 'null'], oneOf: [{properties: {b: {}}}, {properties: {c: {}}}]}`,
			`null or object oneOf(object implied {b:} | object implied {c:})`, ``},
		{"keywords hold for their type only", "3.0.3", `{maxLength: 3, oneOf: [{type: integer}, {type: string}]}`, `integer or string length=-1..3 oneOf(integer | string)`, ``},
		{"implied base and a null branch", "3.1.0", `{properties: {a: {}}, oneOf: [{required: [a], title: x}, {properties: {b: {}}}, {type: 'null'}]}`,
			`null or object implied {a:} oneOf(object implied required=a | object implied {b:})`, ``},

		{"oneOf in allOf", "3.0.3", `{allOf: [{type: object, properties: {a: {}}}, {oneOf: [{properties: {b: {}}}, {properties: {c: {}}}]}]}`,
			`object {a:} oneOf(object implied {b:} | object implied {c:})`, ``},
		{"two oneOf", "3.0.3", `{allOf: [{oneOf: [{type: string}, {type: array}, {type: boolean}]}, {oneOf: [{type: string, maxLength: 3}, {type: array, maxItems: 3}]}]}`,
			`string or array oneOf(string length=-1..3 | array count=0..3)`, `shadowed-branch`},
		{"two of objects", "3.0.3", `{type: object, oneOf: [{properties: {a: {}}, required: [a]}, {properties: {b: {}}, required: [b]}], allOf: [{oneOf: [{properties: {c: {}}, required: [c]}, {properties: {d: {}}, required: [d]}]}]}`,
			`object oneOf(object implied {a:; c:} required=a,c | object implied {b:; c:} required=b,c | object implied {a:; d:} required=a,d | object implied {b:; d:} required=b,d)`, ``},
		{"oneOf and anyOf apart", "3.0.3", `{oneOf: [{type: string}, {type: array}], anyOf: [{type: string, maxLength: 3}, {type: array, maxItems: 3}]}`,
			`string or array oneOf(string length=-1..3 | array count=0..3)`, ``},
		{"oneOf and anyOf that overlap", "3.0.3", `{type: object, oneOf: [{properties: {a: {}}}, {properties: {b: {}}}], anyOf: [{properties: {c: {}}}, {properties: {d: {}}}]}`,
			`object ![two-choices:6]`, ``},
		{"a branch that holds already", "3.0.3", `{allOf: [{$ref: '#/components/schemas/A/properties/x'}], anyOf: [{$ref: '#/components/schemas/A/properties/x'}, {type: array}], properties: {x: {type: object, maxProperties: 3}}}`,
			`object {x:object members=0..3} members=0..3`, ``},
		{"unevaluatedProperties", "3.1.0", `{type: object, properties: {a: {}}, oneOf: [{properties: {b: {}}}, {properties: {c: {}}}], unevaluatedProperties: false}`,
			`object {a:} unevaluated=false oneOf(object implied {b:} | object implied {c:})`, ``},
		{"unevaluatedProperties around allOf", "3.1.0", `{type: object, allOf: [{properties: {b: {}}}], unevaluatedProperties: false}`, `object {b:} closed`, ``},
		{"unevaluatedProperties: true evaluates all", "3.1.0", `{type: object, properties: {a: {}}, allOf: [{unevaluatedProperties: true}], unevaluatedProperties: false}`, `object {a:}`, ``},
		{"unevaluatedProperties: true around false", "3.1.0", `{type: object, allOf: [{properties: {a: {}}, unevaluatedProperties: false}], unevaluatedProperties: true}`, `object {a:} closed`, ``},
		{"unevaluatedProperties: true in one of two", "3.1.0", `{type: object, allOf: [{unevaluatedProperties: true}, {unevaluatedProperties: false, properties: {a: {}}}], unevaluatedProperties: false}`, `object {a:} closed`, ``},
		{"unevaluatedProperties around an if", "3.1.0", `{type: object, allOf: [{if: {properties: {a: {}}}}], unevaluatedProperties: false}`, `object closed ![unsupported-keyword:6]`, ``},
		{"unevaluatedProperties inside allOf", "3.1.0", `{allOf: [{type: object, unevaluatedProperties: false}, {properties: {b: {}}}]}`,
			`object {b:} closed ![unsupported-keyword:6]`, ``},
	}
	for _, tt := range tests {
		s, warnings := one(t, tt.version, tt.text)
		if got := show(s); got != tt.want {
			t.Errorf("%s: %s\n got %s\nwant %s", tt.name, tt.text, got, tt.want)
		}
		if got := rules(warnings, "array-items"); got != tt.warnings {
			t.Errorf("%s: got warnings %q, want %q\n%v", tt.name, got, tt.warnings, warnings)
		}
	}
}

const animals = `
    Pet:
      type: object
      properties: {kind: {type: string}}
      required: [kind]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', hound: Dog}}
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
    Cat:
      allOf:
      - $ref: '#/components/schemas/Pet'
      - {type: object, properties: {lives: {type: integer}, owner: {$ref: '#/components/schemas/Pet'}}}
    Dog:
      allOf:
      - $ref: '#/components/schemas/Pet'
      - {type: object, properties: {bark: {type: boolean}}}
    Tree:
      type: object
      properties:
        left: {$ref: '#/components/schemas/Tree'}
        right: {nullable: true, description: other, oneOf: [{$ref: '#/components/schemas/Tree'}]}
        plain: {nullable: true, allOf: [{$ref: '#/components/schemas/Tree'}]}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
`

// TestInheritance: a parent that lists its children, which extend it, is no endless
// recursion, whichever of them is read first.
func TestInheritance(t *testing.T) {
	for _, first := range []string{"Pet", "Cat", "Dog"} {
		r := read(t, "3.0.3", animals)
		r.get(t, first)
		pet, cat := r.get(t, "Pet"), r.get(t, "Cat")
		want := `object {kind:string} required=kind oneOf(Cat=object {kind:string; lives:integer; owner:...} required=kind | ` +
			`Dog=object {kind:string; bark:boolean} required=kind) by kind[{cat 0} {hound 1} {Cat 0} {Dog 1}]`
		if got := showTo(pet, 2); got != want {
			t.Errorf("from %s\n got %s\nwant %s", first, got, want)
		}
		if pet.OneOf[0] != cat {
			t.Errorf("from %s: the branch Cat and the schema Cat are not the same", first)
		}
		if owner := cat.Property("owner"); owner == nil || owner.Schema != pet {
			t.Errorf("from %s: the owner is not a Pet", first)
		}
		if got := r.Merge(pet.Pos, pet, cat); got != cat {
			t.Errorf("from %s: Pet and Cat together are not Cat but %s", first, show(got))
		}
	}
}

// TestIdentity: one place is one Schema, annotations around a reference keep what
// it leads to, and recursion is a cycle of pointers.
func TestIdentity(t *testing.T) {
	r := read(t, "3.0.3", animals)
	tree := r.get(t, "Tree")
	if left := tree.Property("left").Schema; left != tree {
		t.Error("left is not Tree itself")
	}
	if items := tree.Property("children").Schema.Items; items != tree {
		t.Error("the items are not Tree itself")
	}
	if plain := tree.Property("plain").Schema; plain != tree {
		t.Error("an allOf that refuses null is not Tree")
	}
	right := tree.Property("right").Schema
	if right.Types != schema.TypeObject|schema.TypeNull || right.Description != "other" {
		t.Errorf("right is %v %q", right.Types, right.Description)
	}
	if got := right.WithoutNull(); got != tree {
		t.Errorf("right without null is not Tree but %s", show(got))
	}
	if right.Same == nil || right.Same == tree || right.Same.WithoutNull() != tree {
		t.Errorf("right annotates %v", right.Same)
	}
	if got := tree.WithoutNull(); got != tree {
		t.Error("Tree without null is not Tree")
	}
	if got := r.Merge(diag.Pos{}, tree, tree); got != tree {
		t.Error("Tree and Tree are not Tree")
	}
	if got := r.Merge(diag.Pos{}, tree, schema.Any()); got == tree {
		t.Error("a changed copy of no schema is not counted") // it may have policies
	}
	if tree.Name != "Tree" || right.Name != "" {
		t.Errorf("names: %q and %q", tree.Name, right.Name)
	}
}

// TestMergeBase combines a base with its branches, as a consumer does.
func TestMergeBase(t *testing.T) {
	r := read(t, "3.0.3", `
    A:
      type: object
      nullable: true
      properties: {a: {type: string}, self: {$ref: '#/components/schemas/A'}}
      required: [a]
      oneOf:
      - {type: object, properties: {b: {type: string}}, required: [b]}
      - {type: object, properties: {a: {maxLength: 3}, c: {$ref: '#/components/schemas/A'}}}
`)
	a := r.get(t, "A")
	if got, want := a.Types, schema.TypeObject|schema.TypeNull; got != want {
		t.Fatalf("types are %v, want %v", got, want)
	}
	base := *a.WithoutNull()
	base.OneOf, base.Discriminator = nil, nil
	first, second := r.Merge(a.Pos, &base, a.OneOf[0]), r.Merge(a.Pos, &base, a.OneOf[1])
	if got, want := showTo(first, 1), `object {a:string; self:...; b:string} required=a,b`; got != want {
		t.Errorf("first branch\n got %s\nwant %s", got, want)
	}
	if got, want := showTo(second, 1), `object {a:string length=-1..3; self:...; c:...} required=a`; got != want {
		t.Errorf("second branch\n got %s\nwant %s", got, want)
	}
	if second.Property("c").Schema != a || second.Property("self").Schema != a {
		t.Error("recursion does not lead back to A")
	}
	if again := r.Merge(a.Pos, &base, a.OneOf[0]); again != first {
		t.Error("merging twice gives two schemas")
	}
}

// TestClosedMerge: unevaluatedProperties: false counts what the branch names.
func TestClosedMerge(t *testing.T) {
	r := read(t, "3.1.0", "    A: {type: object, properties: {a: {}}, oneOf: [{properties: {b: {}}}, {properties: {c: {}}}], unevaluatedProperties: false}")
	s := r.get(t, "A")
	base := *s
	base.OneOf = nil
	if got, want := show(r.Merge(s.Pos, &base, s.OneOf[0])), `object {a:; b:} closed`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSiblings: beside a $ref everything holds in 3.1, and in 3.0 what only
// annotates, or makes stricter who may set what.
func TestSiblings(t *testing.T) {
	text := `
    A: {type: object, properties: {p: {$ref: '#/components/schemas/B', maxLength: 3, description: own, readOnly: true}, q: {$ref: '#/components/schemas/B'}}}
    B: {type: string, minLength: 1, description: of B}
`
	for _, tt := range []struct{ version, want, warnings string }{
		{"3.0.3", `string length=1..-1 readOnly`, "ref-siblings"},
		{"3.1.0", `string length=1..3 readOnly`, ""},
	} {
		r := read(t, tt.version, text)
		a, b := r.get(t, "A"), r.get(t, "B")
		p := a.Property("p")
		if got := show(p.Schema); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.version, got, tt.want)
		}
		if p.Schema.Description != "own" || len(p.Nodes) != 1 || p.Nodes[0].Get("$ref") == nil {
			t.Errorf("%s: description %q, %d nodes", tt.version, p.Schema.Description, len(p.Nodes))
		}
		if a.Property("q").Schema != b {
			t.Errorf("%s: a bare reference is not what it leads to", tt.version)
		}
		if want := tt.version == "3.0.3"; (p.Schema.Same == b) != want {
			t.Errorf("%s: annotates B: %v, want %v", tt.version, p.Schema.Same == b, want)
		}
		if got := rules(r.Diagnostics()); got != tt.warnings {
			t.Errorf("%s: warnings %q, want %q", tt.version, got, tt.warnings)
		}
	}
}

// TestDiscriminator is the table of mappings.
func TestDiscriminator(t *testing.T) {
	branches := `
    B: {type: object, properties: {k: {type: string}}, required: [k]}
    C: {type: object, properties: {k: {type: string, enum: [c1, c2]}}, required: [k]}
    D: {type: object, properties: {k: {type: string}}, required: [k]}
    E: {type: object, properties: {k: {type: string, enum: [E, F, g]}}, required: [k]}
    F: {type: object, properties: {k: {type: string, enum: [E, F, g]}}, required: [k]}
    G: {type: object, properties: {k: {type: string, enum: [E, h]}}, required: [k]}
    I: {type: object, properties: {k: {type: integer, enum: [1]}}, required: [k]}
    J: {type: object, properties: {k: {type: integer}}, required: [k]}
    S: {type: object, properties: {k: {type: string, enum: ['1']}}, required: [k]}
    T: {type: object, properties: {k: {type: boolean, enum: [true]}}, required: [k]}
    N: {type: object, properties: {k: {type: boolean}}, required: [k]}
    P: {type: object, properties: {k: {type: number, enum: [1.5]}}, required: [k]}
    O: {oneOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/S'}]}
    Q: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k}}
    W: {type: object}
    U: {type: object, properties: {k: {anyOf: [{enum: [u]}, {enum: [v]}]}}, required: [k]}
`
	tests := []struct{ name, text, want, warnings string }{
		{"names", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k}}`, `[{B 0} {D 1}]`, ``},
		{"values of the property where it refuses the name", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: k}}`, `[{B 0} {c1 1} {c2 1}]`, ``},
		{"a list with the name confirms it", `{oneOf: [{$ref: '#/components/schemas/E'}, {$ref: '#/components/schemas/F'}], discriminator: {propertyName: k}}`, `[{E 0} {F 1} {g 0} {g 1}]`, ``},
		{"a name goes before what another branch lists", `{oneOf: [{$ref: '#/components/schemas/F'}, {$ref: '#/components/schemas/E'}, {$ref: '#/components/schemas/G'}], discriminator: {propertyName: k}}`, `[{F 0} {E 1} {g 0} {g 1} {h 2}]`, ``},
		{"written", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: k, mapping: {x: B, y: '#/components/schemas/B', c1: C}}}`, `[{x 0} {y 0} {c1 1} {B 0}]`, ``},
		{"the mapping's word goes before a name", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k, mapping: {B: D}}}`, `[{B 1} {D 1}]`, ``},
		{"by relative reference", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k, mapping: {x: './doc.yaml#/components/schemas/B'}}}`, `[{x 0} {B 0} {D 1}]`, ``},
		{"a mapping that the branch refuses names nothing", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: k, mapping: {x: C}}}`, `[{x 1} {B 0} {c1 1} {c2 1}]`, ``},
		{"no branch", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: k, mapping: {x: D}}}`, `[{B 0} {c1 1} {c2 1}]`, `discriminator`},
		{"one component twice", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k, mapping: {x: B}}}`, `[{x 0} {x 1} {B 0} {B 1} {D 2}]`, ``},
		{"integers", `{oneOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/J'}], discriminator: {propertyName: k, mapping: {'1': I, '2.0': J}}}`, `[{=1 0} {=2 1}]`, ``},
		{"integers without a mapping", `{oneOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/S'}], discriminator: {propertyName: k}}`, `[{=1 0} {1 1}]`, ``},
		{"booleans", `{oneOf: [{$ref: '#/components/schemas/T'}, {$ref: '#/components/schemas/N'}], discriminator: {propertyName: k, mapping: {'true': T, 'false': N}}}`, `[{=true 0} {=false 1}]`, ``},
		{"numbers that are tried", `{oneOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/P'}], discriminator: {propertyName: k}}`, ``, `discriminator`},
		{"a branch that is a choice", `{oneOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/O'}], discriminator: {propertyName: k}}`, `[{c1 0} {c2 0} {=1 1} {1 1}]`, ``},
		{"a choice that selects by names", `{oneOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/Q'}], discriminator: {propertyName: k}}`, `[{c1 0} {c2 0} {B 1} {D 1}]`, ``},
		{"a property that is a choice of constants", `{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/U'}], discriminator: {propertyName: k}}`, `[{B 0} {u 1} {v 1}]`, ``},
		{"a branch that others are part of", `{anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/W'}], discriminator: {propertyName: k}}`, `[{B 0} {W 1}]`, ``},
		{"null is no branch", `{anyOf: [{enum: [null]}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: k}}`, `[{B 0} {D 1}]`, ``},
		{"without branches", `{type: object, discriminator: {propertyName: k}}`, ``, `discriminator`},
	}
	for _, tt := range tests {
		r := read(t, "3.0.3", branches+"    A: "+tt.text)
		s := r.get(t, "A")
		got := ""
		if s.Discriminator != nil {
			got = fmt.Sprint(s.Discriminator.Mapping)
		}
		if got != tt.want || rules(r.Diagnostics()) != tt.warnings || len(s.Unsupported) > 0 {
			t.Errorf("%s: got %s, want %s; warnings %v, want %q; errors %v", tt.name, got, tt.want, r.Diagnostics(), tt.warnings, s.Unsupported)
		}
	}
	r := read(t, "3.0.3", branches+"    A: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {mapping: {x: D}}}")
	if got := rules(r.get(t, "A").Unsupported); got != "discriminator" {
		t.Errorf("a discriminator without property: got %q", got)
	}
}

// TestWalk visits every schema once, and stops where it is told to.
func TestWalk(t *testing.T) {
	r := read(t, "3.0.3", animals)
	tree := r.get(t, "Tree")
	n := 0
	tree.Walk(func(*schema.Schema) bool { n++; return true })
	if n != 3 { // Tree, right, the list
		t.Errorf("visited %d schemas, want 3", n)
	}
	n = 0
	tree.Walk(func(*schema.Schema) bool { n++; return false })
	if n != 1 {
		t.Errorf("visited %d schemas below one that said no", n-1)
	}
}

// TestNodes: policies stand on any of the nodes that are merged.
func TestNodes(t *testing.T) {
	r := read(t, "3.0.3", `
    A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {p: {type: string, x-bailey-mask: last4}}}]}
    B: {type: object, x-bailey-unknown: drop, properties: {p: {type: string, maxLength: 4}}}
`)
	a := r.get(t, "A")
	var lines []int
	for _, n := range a.Nodes {
		lines = append(lines, n.Pos.Line)
	}
	if a.Node != a.Nodes[0] || a.Node.Get("allOf") == nil || len(lines) != 3 {
		t.Errorf("the nodes are at lines %v", lines)
	}
	if p := a.Property("p"); len(p.Nodes) != 2 || len(p.Schema.Nodes) != 2 {
		t.Errorf("the property has %d and %d nodes", len(p.Nodes), len(p.Schema.Nodes))
	}
}
