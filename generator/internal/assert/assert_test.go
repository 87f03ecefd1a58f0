package assert

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// names is a Namer that numbers what it has given out.
type names map[string]int

func (n names) Take(want gosrc.Ident) gosrc.Ident {
	if n[want.String()]++; n[want.String()] > 1 {
		return want.Plus(fmt.Sprint(n[want.String()]))
	}
	return want
}

func (n names) Pattern(string, gosrc.Ident) gosrc.Ident { return gosrc.Unexported("pattern") }

// read reads the schema A of a document, and returns its rules or the bodies of its
// functions on one line.
func read(t *testing.T, version, schema string) (rules, code string) {
	t.Helper()
	doc, diags := load.LoadBytes("a.yaml", []byte("openapi: "+version+"\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: "+schema+"\n"), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("%.200s: %v", schema, diags)
	}
	set := New(doc, names{})
	_, found := set.Add(doc.Root.Get("components").Get("schemas").Get("A"), gosrc.Exported("A"))
	var list []string
	for _, d := range found {
		list = append(list, string(d.Rule))
	}
	if found.HasErrors() {
		return strings.Join(list, " "), ""
	}
	var b strings.Builder
	for _, f := range set.Finish() {
		var lines []string
		for _, e := range f.Body {
			lines = append(lines, strings.Join(strings.Fields(e.String()), " "))
		}
		fmt.Fprintf(&b, "%s: %s\n", f.Name, strings.Join(lines, "; "))
	}
	return strings.Join(list, " "), b.String()
}

// What cannot be checked is refused, and never left out.
func TestRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", maxNumber+1)
	for _, test := range []struct{ version, schema, want string }{
		{"3.1.0", "{pattern: '(a)\\1'}", "unsupported-pattern"},
		{"3.1.0", "{patternProperties: {'(a)\\1': true}}", "unsupported-pattern"},
		{"3.1.0", "{$schema: 'https://example.com/mine', not: {type: 'null'}}", "unsupported-keyword"},
		{"3.1.0", "{$schema: 'https://spec.openapis.org/oas/3.1/dialect/2024-11-10', not: {type: 'null'}}", ""},
		{"3.1.0", "{$recursiveRef: '#'}", "unsupported-keyword"},
		{"3.1.0", "{$dynamicRef: '#nowhere'}", "dangling-ref"},
		{"3.1.0", "{$dynamicRef: 7}", "schema"},
		{"3.1.0", "{not: {anyOf: [true, {if: {$ref: '#/components/schemas/A'}}]}}", "schema-cycle"},
		{"3.1.0", "{dependentRequired: {a: b}}", "schema"},
		{"3.1.0", "{dependentRequired: {a: [1]}}", "schema"},
		{"3.1.0", "{dependentSchemas: {a: [b]}}", "schema"},
		{"3.1.0", "{properties: {a: [b]}}", "schema"},
		{"3.1.0", "{additionalProperties: [{}]}", "schema"},
		{"3.1.0", "{not: [{}]}", "schema"},
		{"3.1.0", "{dependencies: {a: 7}}", "schema"},
		{"3.1.0", "{contains: 7}", "schema"},
		{"3.1.0", "{minContains: -1, contains: {}}", "schema"},
		{"3.1.0", "{prefixItems: {}}", "schema"},
		{"3.1.0", "{items: [{}]}", "schema"},
		{"3.1.0", "{type: text}", "schema"},
		{"3.1.0", "{type: []}", "schema"},
		{"3.1.0", "{minimum: " + long + "}", "schema"},
		{"3.1.0", "{multipleOf: 0}", "schema"},
		{"3.1.0", "{const: [{a: " + long + "}]}", "schema"},
		{"3.1.0", "{required: [1]}", "schema"},
		{"3.1.0", "{uniqueItems: 'yes'}", "schema"},
		{"3.0.3", "true", "schema"},
		{"3.1.0", "{anyOf: []}", "schema"},
		{"3.1.0", "{format: rainbow, not: {format: rainbow}}", "unknown-format"},
		{"3.1.0", "{properties: {a: {$ref: '#/components/schemas/A'}}}", ""},
	} {
		if rules, _ := read(t, test.version, test.schema); rules != test.want {
			t.Errorf("%s: got %q, want %q", test.schema, rules, test.want)
		}
	}
}

// One line of Go for each keyword, and a call for each schema.
func TestCode(t *testing.T) {
	t.Parallel()
	const enter = "if !c.Enter(v) { return false }; "
	for _, test := range []struct{ version, schema, want string }{
		{"3.1.0", "{enum: [a, 1.0, null, {b: [true]}]}", `checkA: return c.Enter(v) && c.Want(v, "enum", v.IsNull() || v.IsString("a") || c.IsNumber(v, "1.0") || c.IsJSON(v, "{\"b\":[true]}"))` + "\n"},
		{"3.1.0", "{enum: []}", `checkA: return c.Enter(v) && c.Want(v, "enum", false)` + "\n"},
		{"3.1.0", "{minimum: 1, exclusiveMinimum: 2}", `checkA: return c.Enter(v) && c.Want(v, "minimum", v.AtLeast("1")) && c.Want(v, "exclusiveMinimum", v.Above("2"))` + "\n"},
		{"3.0.3", "{minimum: 1, exclusiveMinimum: true}", `checkA: return c.Enter(v) && c.Want(v, "exclusiveMinimum", v.Above("1"))` + "\n"},
		{"3.0.3", "{type: string, nullable: true}", "checkA: " + enter + `if v.IsNull() { return true }; if !c.Want(v, "type", v.Is(check.String)) { return false }; return true` + "\n"},
		{"3.0.3", "{nullable: true, allOf: [{type: string}]}", "checkA: " + enter + `if v.IsNull() { return checkAAllOf1(c, v, nil) }; ok := checkAAllOf1(c, v, nil); return ok` + "\n" + `checkAAllOf1: return c.Enter(v) && c.Want(v, "type", v.Is(check.String))` + "\n"},
		{"3.0.3", "{nullable: true, enum: [a]}", `checkA: return c.Enter(v) && c.Want(v, "enum", v.IsString("a"))` + "\n"},
		{"3.0.3", "{nullable: true, enum: [a, null]}", "checkA: " + enter + `if v.IsNull() { return true }; if !c.Want(v, "enum", v.IsNull() || v.IsString("a")) { return false }; return true` + "\n"},
		// What costs most is asked last, and not at all where a bound is broken.
		{"3.1.0", "{uniqueItems: true, maxItems: 3, format: date, maxLength: 9, type: [string, array]}", `checkA: return c.Enter(v) && c.Want(v, "type", v.Is(check.String|check.Array)) && c.Want(v, "maxItems", v.MaxItems(3)) && c.Want(v, "maxLength", v.MaxLength(9)) && c.Want(v, "format", v.Format(wire.IsDate)) && c.Want(v, "uniqueItems", c.Unique(v))` + "\n"},
		{"3.1.0", "{type: string, nullable: true}", `checkA: return c.Enter(v) && c.Want(v, "type", v.Is(check.String))` + "\n"},
		{"3.0.3", "{not: {$ref: '#/components/schemas/A/x', minLength: 1}, x: {maxLength: 3}}", "checkA: return c.Enter(v) && c.Not(v, checkANotRef)\n" + `checkANotRef: return c.Enter(v) && c.Want(v, "maxLength", v.MaxLength(3))` + "\n"},
		{"3.1.0", "{minLength: 99999999999}", `checkA: return c.Enter(v) && c.Want(v, "minLength", v.MinLength(2147483647))` + "\n"},
		{"3.1.0", "{additionalProperties: false}", "checkA: " + enter + `ok := true; for _, m := range v.Members() { ok = c.Want(m, "additionalProperties", false) && ok }; return ok` + "\n"},
		{"3.1.0", "{items: {$ref: '#/components/schemas/A'}}", "checkA: return c.Enter(v) && c.Items(v, nil, 0, checkA)\n"},
		{"3.1.0", "{title: nothing}", ""},
	} {
		if rules, code := read(t, test.version, test.schema); rules != "" || code != test.want {
			t.Errorf("%s: got %s\n%s\nwant\n%s", test.schema, rules, code, test.want)
		}
	}
}

// A long name of a member, many levels down, does not become a long word at each.
func TestLongNames(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("x", 900) // YAML takes no longer ones
	schema := strings.Repeat("{properties: {"+name+": ", 50) + "{minLength: 1}" + strings.Repeat("}}", 50)
	_, code := read(t, "3.1.0", schema)
	if n := strings.Count(code, "\n"); n != 51 || len(code) > 51*1_500 {
		t.Errorf("%d functions, %d bytes", n, len(code))
	}
}
