package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// document makes a document of components.schemas, given as YAML that is indented
// by four blanks.
func document(t testing.TB, version, schemas string) *load.Document {
	t.Helper()
	text := "openapi: " + version + "\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n" + schemas + "\n"
	doc, diags := load.LoadBytes("doc.yaml", []byte(text), load.Limits{})
	if diags.HasErrors() || doc == nil {
		t.Fatalf("document does not load: %v\n%s", diags, text)
	}
	return doc
}

// reading is a reader of one document, and its schemas by name.
type reading struct {
	*schema.Reader
	doc *load.Document
}

func read(t testing.TB, version, schemas string) reading {
	t.Helper()
	doc := document(t, version, schemas)
	return reading{schema.NewReader(doc), doc}
}

func (r reading) get(t testing.TB, name string) *schema.Schema {
	t.Helper()
	n := r.doc.Root.Get("components").Get("schemas").Get(name)
	if n == nil {
		t.Fatalf("the document has no schema %s", name)
	}
	return r.Read(n)
}

// one reads the schema A, given as one line of YAML.
func one(t testing.TB, version, text string) (*schema.Schema, diag.List) {
	t.Helper()
	r := read(t, version, "    A: "+text)
	return r.get(t, "A"), r.Diagnostics()
}

// show prints a schema on one line, to a depth at which recursion does not matter.
func show(s *schema.Schema) string { return showTo(s, 3) }

// leaf reports whether s holds no other schema.
func leaf(s *schema.Schema) bool {
	leaf := true
	s.Children(func(*schema.Schema) { leaf = false })
	return leaf
}

func showTo(s *schema.Schema, depth int) string {
	if s == nil {
		return "-"
	}
	if depth <= 0 && !leaf(s) {
		return "..."
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case s.Never:
		add("never")
	case s.Types != schema.TypeAny:
		add("%v", s.Types)
	}
	if s.Implied {
		add("implied")
	}
	if s.Enum != nil {
		var values []string
		for _, v := range s.Enum {
			values = append(values, v.Text+map[bool]string{true: "null"}[v.Kind == load.Null])
		}
		add("enum=%s", strings.Join(values, ","))
	}
	if s.EnumNames != nil {
		add("names=%s", strings.Join(s.EnumNames, ","))
	}
	if s.Format != "" {
		add("format=%s", s.Format)
	}
	if s.MinLength > 0 || s.MaxLength >= 0 {
		add("length=%d..%d", s.MinLength, s.MaxLength)
	}
	for _, p := range s.Patterns {
		add("pattern=%s", p.Source)
	}
	if s.Minimum != "" || s.Maximum != "" {
		add("range=%s%s..%s%s", s.Minimum, map[bool]string{true: "<"}[s.ExclusiveMinimum], map[bool]string{true: "<"}[s.ExclusiveMaximum], s.Maximum)
	}
	if len(s.MultipleOf) > 0 {
		add("multiple=%s", strings.Join(s.MultipleOf, ","))
	}
	if s.Items != nil {
		add("items(%s)", showTo(s.Items, depth-1))
	}
	if s.MinItems > 0 || s.MaxItems >= 0 {
		add("count=%d..%d", s.MinItems, s.MaxItems)
	}
	if s.UniqueItems {
		add("unique")
	}
	if s.Properties != nil {
		var props []string
		for _, p := range s.Properties {
			props = append(props, p.Name+":"+showTo(p.Schema, depth-1))
		}
		add("{%s}", strings.Join(props, "; "))
	}
	if len(s.Required) > 0 {
		add("required=%s", strings.Join(s.Required, ","))
	}
	if s.MinProperties > 0 || s.MaxProperties >= 0 {
		add("members=%d..%d", s.MinProperties, s.MaxProperties)
	}
	switch s.Extra {
	case schema.ExtraFalse:
		add("closed")
	case schema.ExtraAny:
		add("open")
	case schema.ExtraTyped:
		add("extra(%s)", showTo(s.ExtraSchema, depth-1))
	}
	if s.Closed {
		add("unevaluated=false")
	}
	for _, g := range []struct {
		word string
		list []*schema.Schema
	}{{"oneOf", s.OneOf}, {"anyOf", s.AnyOf}} {
		if g.list == nil {
			continue
		}
		var branches []string
		for _, b := range g.list {
			branches = append(branches, strings.TrimPrefix(b.Name+"=", "=")+showTo(b, depth-1))
		}
		add("%s(%s)", g.word, strings.Join(branches, " | "))
	}
	if s.RequiredAny != nil {
		add("any%v", s.RequiredAny)
	}
	if s.RequiredOne != nil {
		add("one%v", s.RequiredOne)
	}
	if d := s.Discriminator; d != nil {
		add("by %s%v", d.Property, d.Mapping)
	}
	if s.ReadOnly {
		add("readOnly")
	}
	if s.WriteOnly {
		add("writeOnly")
	}
	if s.Default != nil {
		add("default=%s", s.Default.Text)
	}
	for _, d := range s.Unsupported {
		add("![%s:%d]", d.Rule, d.Pos.Line)
	}
	return strings.Join(out, " ")
}

// rules lists the rules of what was found, but for those that a test is not about.
func rules(l diag.List, but ...string) string {
	var out []string
	for _, d := range l {
		if !slices.Contains(but, string(d.Rule)) {
			out = append(out, string(d.Rule))
		}
	}
	return strings.Join(out, " ")
}

// TestKeywords is the table of what single objects say.
func TestKeywords(t *testing.T) {
	tests := []struct {
		version, text string
		want          string
		warnings      string
	}{
		{"3.0.3", `{}`, ``, ``},
		{"3.1.0", `true`, ``, ``},
		{"3.1.0", `false`, `never`, ``},
		{"3.0.3", `{type: string}`, `string`, ``},
		{"3.0.3", `{type: integer}`, `integer`, ``},
		{"3.0.3", `{type: number}`, `number`, ``},
		{"3.0.3", `{type: string, nullable: true}`, `null or string`, ``},
		{"3.0.3", `{type: string, nullable: false}`, `string`, ``},
		{"3.0.3", `{nullable: true}`, ``, ``},
		{"3.1.0", `{type: string, nullable: true}`, `string`, `keyword-version`},
		{"3.1.0", `{type: [string, 'null']}`, `null or string`, ``},
		{"3.1.0", `{type: [string, null]}`, `null or string`, ``},
		{"3.0.3", `{type: [string, 'null']}`, `null or string`, `keyword-version`},
		{"3.0.3", `{type: file}`, `![schema:6]`, ``},
		{"3.1.0", `{type: []}`, `![schema:6]`, ``},
		{"3.0.3", `{type: 5}`, `![schema:6]`, ``},

		{"3.0.3", `{type: string, minLength: 2, maxLength: 5, pattern: '^a+$'}`, `string length=2..5 pattern=^a+$`, ``},
		{"3.0.3", `{type: string, minLength: 2.0}`, `string length=2..-1`, ``},
		{"3.0.3", `{type: string, maxLength: 1e30}`, `string length=-1..9223372036854775807`, ``},
		{"3.0.3", `{type: string, maxLength: -1}`, `string ![schema:6]`, ``},
		{"3.0.3", `{type: string, maxLength: 1.5}`, `string ![schema:6]`, ``},
		{"3.0.3", `{type: string, maxLength: '5'}`, `string ![schema:6]`, ``},
		{"3.0.3", `{type: string, pattern: '(?=a)'}`, `string pattern=(?=a)`, ``},
		{"3.0.3", `{type: string, pattern: 5}`, `string ![schema:6]`, ``},
		{"3.0.3", `{type: string, pattern: '^.{1,4000}$'}`, `string length=1..4000 pattern=^.{1,4000}$`, ``},
		{"3.0.3", `{type: string, maxLength: 5, minLength: 6}`, `string length=6..5 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: string, minimum: 5}`, `string`, `inert-keyword`},
		{"3.0.3", `{type: integer, pattern: a, properties: {a: {}}, items: {}}`, `integer`, `inert-keyword inert-keyword inert-keyword`},

		{"3.0.3", `{type: integer, minimum: 1, maximum: 9}`, `integer range=1..9`, ``},
		{"3.0.3", `{type: integer, minimum: 1, exclusiveMinimum: true}`, `integer range=1<..`, ``},
		{"3.0.3", `{type: integer, maximum: 1, exclusiveMaximum: false}`, `integer range=..1`, ``},
		{"3.0.3", `{type: integer, exclusiveMinimum: true}`, `integer`, ``},
		{"3.1.0", `{type: number, exclusiveMinimum: 1.5, exclusiveMaximum: 2}`, `number range=1.5<..<2`, ``},
		{"3.1.0", `{type: number, exclusiveMinimum: 1, minimum: 1}`, `number range=1<..`, ``},
		{"3.1.0", `{type: number, exclusiveMinimum: 1, minimum: 2}`, `number range=2..`, ``},
		{"3.1.0", `{type: number, minimum: 1, exclusiveMinimum: true}`, `number range=1<..`, `keyword-version`},
		{"3.0.3", `{type: number, exclusiveMinimum: 1}`, `number range=1<..`, `keyword-version`},
		{"3.0.3", `{type: integer, maximum: 99999999999999999999999}`, `integer range=..99999999999999999999999`, ``},
		{"3.0.3", `{type: integer, minimum: 3, maximum: 2.9}`, `integer range=3..2.9 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: integer, minimum: 3, maximum: 3, exclusiveMaximum: true}`, `integer range=3..<3 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: integer, minimum: a}`, `integer ![schema:6]`, ``},
		{"3.0.3", `{type: number, multipleOf: 0.01}`, `number multiple=0.01`, ``},
		{"3.0.3", `{type: number, multipleOf: 0}`, `number ![schema:6]`, ``},

		{"3.0.3", `{type: array}`, `array`, `array-items`},
		{"3.1.0", `{type: array}`, `array`, ``},
		{"3.0.3", `{type: array, items: {type: string}, minItems: 1, maxItems: 3, uniqueItems: true}`, `array items(string) count=1..3 unique`, ``},
		{"3.1.0", `{type: array, items: true}`, `array items()`, ``},
		{"3.0.3", `{type: array, items: {type: string}, minItems: 4, maxItems: 3}`, `array items(string) count=4..3 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: array, items: [{type: string}]}`, `array ![schema:6]`, ``},

		{"3.0.3", `{type: object, properties: {a: {type: string}, b: {}}, required: [b, c, b]}`, `object {a:string; b:} required=b,c`, ``},
		{"3.0.3", `{type: object, properties: {a: {type: string}}, required: true}`, `object {a:string}`, `required`},
		{"3.0.3", `{type: object, required: [1]}`, `object ![schema:6]`, ``},
		{"3.0.3", `{type: object, properties: []}`, `object ![schema:6]`, ``},
		{"3.0.3", `{type: object, additionalProperties: true}`, `object open`, ``},
		{"3.0.3", `{type: object, additionalProperties: {}}`, `object open`, ``},
		{"3.0.3", `{type: object, additionalProperties: false}`, `object closed`, ``},
		{"3.0.3", `{type: object, additionalProperties: {type: string}}`, `object extra(string)`, ``},
		{"3.0.3", `{type: object, properties: {a: {}}, required: [b], additionalProperties: false}`, `object {a:} required=b closed ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: object, minProperties: 2, maxProperties: 1}`, `object members=2..1 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: object, required: [a, b], maxProperties: 1}`, `object required=a,b members=0..1 ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: string, readOnly: true, default: x}`, `string readOnly default=x`, ``},
		{"3.0.3", `{type: string, writeOnly: true}`, `string writeOnly`, ``},
		{"3.0.3", `{type: string, writeOnly: 'yes'}`, `string ![schema:6]`, ``},

		// The type that keywords imply.
		{"3.0.3", `{properties: {a: {}}}`, `object implied {a:}`, ``},
		{"3.0.3", `{required: [a]}`, `object implied required=a`, ``},
		{"3.0.3", `{properties: {a: {}}, nullable: true}`, `null or object implied {a:}`, ``},
		{"3.0.3", `{items: {type: string}}`, `array implied items(string)`, ``},
		{"3.0.3", `{maxLength: 3}`, `string implied length=-1..3`, ``},
		{"3.0.3", `{format: uuid}`, `string implied format=uuid`, ``},
		{"3.0.3", `{format: int64}`, `integer implied format=int64`, ``},
		{"3.0.3", `{minimum: 3}`, `number implied range=3..`, ``},
		{"3.0.3", `{minimum: 3, maxLength: 3}`, `length=-1..3 range=3..`, ``},
		{"3.0.3", `{format: whatever}`, `format=whatever`, `unknown-format`},

		// Enums.
		{"3.0.3", `{type: string, enum: [a, b]}`, `string enum=a,b`, ``},
		{"3.0.3", `{type: string, enum: [a, b, a]}`, `string enum=a,b`, `duplicate-enum`},
		{"3.0.3", `{enum: [a, b]}`, `string implied enum=a,b`, ``},
		{"3.0.3", `{enum: [1, 2]}`, `integer implied enum=1,2`, ``},
		{"3.0.3", `{enum: [1, 2.5]}`, `number implied enum=1,2.5`, ``},
		{"3.0.3", `{type: number, enum: [1, 2]}`, `number enum=1,2`, ``},
		{"3.0.3", `{enum: [a, null]}`, `null or string implied enum=a,null`, ``},
		{"3.0.3", `{type: string, enum: [a, 1]}`, `string enum=a,1`, `enum-type`},
		{"3.0.3", `{type: string, enum: [a, null, [1]]}`, `string enum=a`, `enum-type enum-type`},
		{"3.0.3", `{type: string, enum: [True, 007, 0x1F, 1.50, -.5, '1.50']}`, `string enum=True,007,0x1F,1.50,-.5`, `enum-type enum-type enum-type enum-type enum-type duplicate-enum`},
		{"3.1.0", `{type: [string, 'null'], enum: [true, null]}`, `null or string enum=true,null`, `enum-type`},
		{"3.1.0", `{type: [string, integer], enum: [1, true]}`, `integer enum=1`, `enum-type`},
		{"3.1.0", `{type: string, const: 1}`, `string enum=1`, `enum-type`},
		{"3.0.3", `{type: string, enum: [1, 2], default: 2}`, `string enum=1,2 default=2`, `enum-type enum-type default`},
		{"3.0.3", `{type: string, enum: [1, 2], default: 3}`, `string enum=1,2`, `enum-type enum-type default default`},
		{"3.0.3", `{type: string, enum: [a, null]}`, `string enum=a`, `enum-type`},
		{"3.0.3", `{type: string, enum: [1]}`, `string enum=1`, `enum-type`},
		{"3.0.3", `{allOf: [{type: string}, {enum: [1]}]}`, `never ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: string, enum: [a], nullable: true}`, `string enum=a`, `nullable-enum`},
		{"3.0.3", `{type: string, enum: [a, null], nullable: true}`, `null or string enum=a,null`, ``},
		{"3.0.3", `{enum: [a], nullable: true}`, `string implied enum=a`, `nullable-enum`},
		{"3.0.3", `{type: integer, enum: [1], nullable: true, allOf: [{maximum: 3}]}`, `integer enum=1 range=..3`, `nullable-enum`},
		{"3.0.3", `{type: string, enum: [a], nullable: false}`, `string enum=a`, ``},
		{"3.0.3", `{type: string, enum: []}`, `never ![unsatisfiable:6]`, ``},
		{"3.0.3", `{type: string, enum: [a, b], x-enum-varnames: [One, Two]}`, `string enum=a,b names=One,Two`, ``},
		{"3.0.3", `{type: string, enum: [a, b], x-enum-varnames: [One]}`, `string enum=a,b`, `enum-names`},
		{"3.0.3", `{type: integer, enum: [1, 1.0, 10e-1]}`, `integer enum=1`, `duplicate-enum duplicate-enum`},
		{"3.1.0", `{const: a}`, `string implied enum=a`, ``},
		{"3.1.0", `{const: null}`, `null implied`, ``},
		{"3.1.0", `{const: a, enum: [a, b]}`, `string implied enum=a`, ``},
		{"3.1.0", `{const: c, enum: [a, b]}`, `never ![unsatisfiable:6]`, ``},
		{"3.0.3", `{const: a}`, `string implied enum=a`, `keyword-version`},
		{"3.1.0", `{type: [string, 'null'], enum: [a]}`, `string enum=a`, ``},

		// Formats.
		{"3.0.3", `{type: number, format: int32}`, `integer format=int32`, ``},
		{"3.0.3", `{type: string, format: date-time, maxLength: 30, pattern: Z$}`, `string format=date-time length=-1..30 pattern=Z$`, ``},
		{"3.0.3", `{type: integer, format: date-time}`, `integer`, `format-type`},
		{"3.0.3", `{type: string, format: int64}`, `string`, `format-type`},
		{"3.0.3", `{type: string, format: postcode}`, `string format=postcode`, `unknown-format`},
		{"3.0.3", `{type: string, format: 5}`, `string ![schema:6]`, ``},
		{"3.1.0", `{type: string, contentEncoding: base64}`, `string format=byte`, ``},
		{"3.1.0", `{type: string, contentEncoding: base32}`, `string`, `unknown-format`},
		{"3.1.0", `{contentMediaType: image/png}`, `string implied`, ``},

		// Defaults that the schema refuses are dropped.
		{"3.0.3", `{type: string, default: 5}`, `string default=5`, `default`},
		{"3.0.3", `{type: string, default: [5]}`, `string`, `default`},
		{"3.0.3", `{type: string, maxLength: 3, default: true}`, `string length=-1..3`, `default default`},
		{"3.0.3", `{type: array, items: {}, maxItems: 1, default: [1, 2]}`, `array items() count=0..1`, `default`},
		{"3.0.3", `{type: object, properties: {a: {}}, required: [a], default: {}}`, `object {a:} required=a`, `default`},
		{"3.0.3", `{type: object, properties: {a: {readOnly: true}}, required: [a], default: {}}`, `object {a:readOnly} required=a default=`, ``},
		{"3.0.3", `{type: integer, multipleOf: 2, default: 3}`, `integer multiple=2`, `default`},
		{"3.0.3", `{type: string, default: null}`, `string`, `default`},
		{"3.0.3", `{type: string, nullable: true, default: null}`, `null or string default=`, ``},
		{"3.0.3", `{type: string, enum: [a], default: b}`, `string enum=a`, `default`},
		{"3.0.3", `{type: integer, maximum: 5, default: 6}`, `integer range=..5`, `default`},
		{"3.0.3", `{type: integer, maximum: 6, exclusiveMaximum: true, default: 6}`, `integer range=..<6`, `default`},
		{"3.0.3", `{type: integer, minimum: 5, default: 5}`, `integer range=5.. default=5`, ``},
		{"3.0.3", `{type: string, maxLength: 1, default: éé}`, `string length=-1..1`, `default`},
		{"3.0.3", `{type: string, maxLength: 2, default: éé}`, `string length=-1..2 default=éé`, ``},
		{"3.0.3", `{type: string, pattern: ^a$, default: b}`, `string pattern=^a$`, `default`},
		{"3.0.3", `{type: integer, default: 2.0}`, `integer default=2.0`, ``},
		{"3.0.3", `{type: integer, default: 2.5}`, `integer`, `default`},

		// Keywords that are refused, and their forms that say nothing.
		{"3.1.0", `{patternProperties: {a: {}}}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{patternProperties: {}}`, ``, ``},
		{"3.1.0", `{if: {type: string}, then: {maxLength: 1}}`, `![unsupported-keyword:6] ![unsupported-keyword:6]`, ``},
		{"3.1.0", `{if: {type: string}}`, ``, ``},
		{"3.1.0", `{then: {type: string}}`, ``, ``},
		{"3.1.0", `{prefixItems: [{type: string}]}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{contains: {}}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{minContains: 3}`, ``, ``},
		{"3.1.0", `{propertyNames: {maxLength: 3}}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{propertyNames: true}`, ``, ``},
		{"3.1.0", `{dependentRequired: {a: [b]}}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{unevaluatedProperties: {type: string}}`, `![unsupported-keyword:6]`, ``},
		{"3.1.0", `{type: object, properties: {a: {}}, unevaluatedProperties: false}`, `object {a:} closed`, ``},
		{"3.1.0", `{type: array, items: false}`, `array count=0..0`, ``},
		{"3.1.0", `{type: array, items: false, maxItems: 3}`, `array count=0..0`, ``},
		{"3.1.0", `{type: array, maxItems: 3, items: false}`, `array count=0..0`, ``},
		{"3.1.0", `{type: array, items: false, minItems: 1}`, `array count=1..0 ![unsatisfiable:6]`, ``},
		{"3.1.0", `{type: array, items: {}, unevaluatedItems: false}`, `array items()`, ``},
		{"3.0.3", `{not: {type: string, maxLength: 5}}`, `![unsupported-keyword:6]`, ``},
		{"3.0.3", `{not: {}}`, `never`, ``},
		{"3.1.0", `{not: true}`, `never`, ``},
		{"3.1.0", `{not: false}`, ``, ``},
		{"3.0.3", `{not: {type: object}}`, `null or boolean or number or string or array`, ``},
		{"3.0.3", `{type: object, not: {required: [a, b]}}`, `object one[[[a b] []]]`, ``},
		{"3.0.3", `{type: object, not: {anyOf: [{required: [a]}, {required: [b]}]}}`, `object one[[[a] []] [[b] []]]`, ``},

		// Unknown words.
		{"3.0.3", `{type: string, maxlength: 5}`, `string`, `unknown-keyword`},
		{"3.1.0", `{type: string, maxlength: 5}`, `string`, `unknown-keyword`},
		{"3.1.0", `{type: object, propertis: {}}`, `object`, `unknown-keyword`},
		{"3.0.3", `{type: string, whatever: 5}`, `string`, `unknown-keyword`},
		{"3.1.0", `{type: string, whatever: 5}`, `string`, ``},
		{"3.0.3", `{type: string, x-whatever: 5, example: 5, externalDocs: {}, xml: {}}`, `string`, ``},
		{"3.0.3", `5`, `![schema:6]`, ``},
	}
	for _, tt := range tests {
		s, warnings := one(t, tt.version, tt.text)
		if got := show(s); got != tt.want {
			t.Errorf("%s %s\n got %s\nwant %s", tt.version, tt.text, got, tt.want)
		}
		if got := rules(warnings); got != tt.warnings {
			t.Errorf("%s %s: got warnings %q, want %q\n%v", tt.version, tt.text, got, tt.warnings, warnings)
		}
		if warnings.HasErrors() {
			t.Errorf("%s: an error that belongs to no schema: %v", tt.text, warnings)
		}
		for _, d := range append(slices.Clone(s.Unsupported), warnings...) {
			if d.Pos.Line != 6 || d.Pos.Col == 0 {
				t.Errorf("%s: diagnostic without its place: %v", tt.text, d)
			}
		}
	}
}
