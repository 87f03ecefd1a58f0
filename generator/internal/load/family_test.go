package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// shown is a family as a text: each member with its values.
func shown(d *Document, base string) string {
	n, _ := d.Resolve(d.Root.Get("components").Get("schemas").Get(base))
	f := d.Family(n)
	if f == nil {
		return "none"
	}
	var out []string
	for _, m := range f.Members {
		_, name, _ := d.ComponentName(m.Node)
		text := name + "=" + strings.Join(m.Values, ",")
		if !m.Line {
			text += " and its own"
		}
		if m.Node == f.Default {
			text += ", and by default"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// familyCase is a document's schemas, and the family of A.
type familyCase struct {
	name, version, schemas string
	want                   string // of A
	said                   string // a part of what is found, "" for nothing
}

const baseA = "A: {type: object, required: [k], properties: {k: {type: string}}, discriminator: {propertyName: k}}\n"

func extends(name, more string, bases ...string) string {
	refs := make([]string, len(bases))
	for i, b := range bases {
		refs[i] = "{$ref: '#/components/schemas/" + b + "'}"
	}
	return name + ": {allOf: [" + strings.Join(refs, ", ") + "]" + more + "}\n"
}

// TestFamily holds which schemas a base stands for, and which values select each.
func TestFamily(t *testing.T) {
	t.Parallel()
	const mapped = "A: {type: object, properties: {k: {type: string, enum: [b, c, C]}}, discriminator: {propertyName: k, mapping: {b: B, c: '#/components/schemas/C'}}}\n"
	for _, tt := range []familyCase{
		{"names", "3.0.3", baseA + extends("B", "", "A"), "A=A; B=B", ""},
		{"names of 3.1", "3.1.0", baseA + extends("B", "", "A"), "A=A; B=B", ""},
		{"a default", "3.2.0", strings.Replace(baseA, "propertyName: k", "propertyName: k, defaultMapping: B", 1) + extends("B", ", properties: {k: {const: x}}", "A") + extends("C", "", "A"), "A=A; B=x, and by default; C=C", ""},
		{"a default that no value selects", "3.2.0", strings.Replace(baseA, "propertyName: k", "propertyName: k, mapping: {B: C}, defaultMapping: B", 1) + extends("B", "", "A") + extends("C", "", "A"), "A=A; B=, and by default; C=B,C", ""},
		{"a default that is no component", "3.2.0", strings.Replace(baseA, "propertyName: k", "propertyName: k, defaultMapping: '#/components/schemas/H/properties/b'", 1) + "H: {type: object, properties: {b: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}}}\n" + extends("C", "", "A"), "A=A; =, and by default; C=C", ""},
		{"a default of 3.1", "3.1.0", strings.Replace(baseA, "propertyName: k", "propertyName: k, defaultMapping: B", 1) + extends("B", "", "A"), "A=A; B=B", ""},
		{"a default that does not extend it", "3.2.0", strings.Replace(baseA, "propertyName: k", "propertyName: k, defaultMapping: M", 1) + extends("B", "", "A") + "M: {type: object}\n", "none", "the defaultMapping leads to no schema that extends this one"},
		{"nobody extends it", "3.0.3", baseA, "none", "no schema extends this one"},
		{"off", "3.0.3", strings.Replace(baseA, "A: {", "A: {x-bailey-inherit: 'off', ", 1) + extends("B", "", "A"), "none", ""},
		{"to the letter", "3.0.3", strings.Replace(baseA, "A: {", "A: {x-bailey-exact: true, ", 1) + extends("B", "", "A"), "none", ""},
		{"a mapping, and an enum with a name", "3.0.3", mapped + extends("B", "", "A") + extends("C", "", "A"), "B=b; C=c,C", ""},
		{"grandchildren, before the base", "3.0.3", extends("C", "", "B") + extends("B", "", "A") + baseA, "A=A; C=C; B=B", ""},
		{"several bases", "3.0.3", baseA + "M: {type: object}\n" + extends("B", "", "M", "A"), "A=A; B=B", ""},
		{"allOf within allOf", "3.0.3", baseA + "B: {allOf: [{allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}]}\n", "A=A; B=B", ""},
		{"by an alias", "3.0.3", baseA + "S: {$ref: '#/components/schemas/A'}\n" + extends("B", "", "S"), "A=A; B=B", ""},
		{"the discriminator within allOf", "3.0.3", "A: {allOf: [{type: object}, {properties: {k: {type: string}}, discriminator: {propertyName: k}}]}\n" + extends("B", "", "A"), "A=A; B=B", ""},
		{"with a oneOf", "3.0.3", "A: {properties: {k: {}}, discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/B'}]}\nB: {type: object}\n", "none", ""},
		{"a mapping to a stranger", "3.0.3", strings.Replace(baseA, "propertyName: k}", "propertyName: k, mapping: {b: B, s: S}}", 1) + "S: {type: object}\n" + extends("B", "", "A"), "A=A; B=b,B", "does not extend this one"},
		{"a mapping to nothing", "3.0.3", strings.Replace(baseA, "propertyName: k}", "propertyName: k, mapping: {B: Gone}}", 1) + extends("B", "", "A") + extends("C", "", "A"), "A=A; C=C", "no schema of this document"},
		{"a mapping takes another's name", "3.0.3", strings.Replace(baseA, "propertyName: k}", "propertyName: k, mapping: {B: C, C: B}}", 1) + extends("B", "", "A") + extends("C", "", "A"), "A=A; B=C; C=B", ""},
		{"a const instead of the name", "3.1.0", baseA + extends("B", ", properties: {k: {const: bee}}", "A") + extends("C", ", properties: {k: {enum: [c, cc]}}", "A"), "A=A; B=bee; C=c,cc", ""},
		{"an enum by reference", "3.0.3", baseA + "K: {type: string, enum: [bee]}\n" + extends("B", ", properties: {k: {allOf: [{$ref: '#/components/schemas/K'}]}}", "A"), "A=A; B=bee", ""},
		{"what extends a const has none of its own", "3.1.0", baseA + extends("B", ", properties: {k: {const: bee}}", "A") + extends("C", "", "B"), "A=A; B=bee", "no value of the discriminator"},
		{"an enum without any name", "3.0.3", "A: {type: object, properties: {k: {type: string, enum: [x, y]}}, discriminator: {propertyName: k}}\n" + extends("B", "", "A"), "none", "selects a schema that extends this one"},
		{"two of one const", "3.1.0", baseA + extends("B", ", properties: {k: {const: x}}", "A") + extends("C", ", properties: {k: {const: x}}", "A"), "none", `the value "x" of the discriminator "k" selects this schema and the one at api.yaml`},
		{"a const that is another's name", "3.1.0", baseA + extends("B", "", "A") + extends("C", ", properties: {k: {const: B}}", "A"), "none", "selects this schema and the one at"},
		{"the mapping decides between two", "3.1.0", strings.Replace(baseA, "propertyName: k}", "propertyName: k, mapping: {x: B}}", 1) + extends("B", ", properties: {k: {const: x}}", "A") + extends("C", ", properties: {k: {enum: [x, z]}}", "A"), "A=A; B=x; C=z", ""},
		{"the property is nobody's", "3.0.3", "A: {type: object, discriminator: {propertyName: k}}\n" + extends("B", "", "A"), "none", "does not declare the property"},
		{"the property is theirs", "3.0.3", "A: {type: object, discriminator: {propertyName: k}}\n" + extends("B", ", properties: {k: {type: string}}", "A"), "B=B", ""},
		{"integers", "3.0.3", strings.Replace(baseA, "type: string", "type: integer", 1) + extends("B", ", properties: {k: {enum: [1]}}", "A") + extends("C", ", properties: {k: {enum: [2.0, 3, 2.5]}}", "A"), "B=1; C=2,3", ""},
		{"integers by a mapping", "3.0.3", strings.Replace(baseA, "type: string}}, discriminator: {", "type: integer}}, discriminator: {mapping: {'1': B, '2': C}, ", 1) + extends("B", "", "A") + extends("C", "", "A"), "B=1; C=2", ""},
		{"booleans", "3.1.0", strings.Replace(baseA, "type: string", "type: boolean", 1) + extends("B", ", properties: {k: {const: true}}", "A") + extends("C", ", properties: {k: {const: false}}", "A"), "B=true; C=false", ""},
		{"integers without values", "3.0.3", strings.Replace(baseA, "type: string", "type: integer", 1) + extends("B", "", "A"), "none", "no value of"},
		{"x-ms-discriminator-value", "3.0.3", baseA + extends("B", ", x-ms-discriminator-value: a.b/c", "A") + extends("C", ", x-ms-discriminator-value: B", "A") + extends("D", "", "A"), "A=A; B=a.b/c; C=B; D=D", ""},
		{"x-ms-discriminator-value and a mapping", "3.0.3", strings.Replace(baseA, "propertyName: k}", "propertyName: k, mapping: {m: B}}", 1) + extends("B", ", x-ms-discriminator-value: v", "A"), "A=A; B=m,v", ""},
		{"no object", "3.0.3", "A: {type: string, properties: {k: {}}, discriminator: {propertyName: k}}\n" + extends("B", "", "A"), "none", "it is no object"},
		{"no name of a property", "3.0.3", "A: {type: object, discriminator: {}}\n" + extends("B", "", "A"), "none", "it has no propertyName"},
		{"an allOf that allows null", "3.0.3", baseA + extends("B", "", "A") + extends("N", ", nullable: true", "A"), "A=A; B=B", ""},
		{"a base of another property within", "3.0.3", baseA + extends("B", ", properties: {l: {type: string}}, discriminator: {propertyName: l}", "A") + extends("C", "", "B"), "A=A; B=B and its own; C=C", ""},
		{"a base of the same property within", "3.0.3", baseA + extends("B", ", discriminator: {propertyName: k}", "A") + extends("C", "", "B"), "A=A; B=B; C=C", ""},
		{"the same, and nobody extends it", "3.0.3", baseA + extends("B", ", discriminator: {propertyName: k}", "A"), "A=A; B=B", ""},
	} {
		lines := strings.ReplaceAll("\n"+strings.TrimSpace(tt.schemas), "\n", "\n    ")
		text := "openapi: " + tt.version + "\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:" + lines + "\n"
		d, diags := LoadBytes("api.yaml", []byte(text), Limits{})
		if d == nil || diags.HasErrors() {
			t.Fatalf("%s: %v", tt.name, diags)
		}
		if got := shown(d, "A"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		var found []string
		for _, n := range d.selectors {
			found = append(found, fmt.Sprint(d.FamilyFindings(n)))
		}
		if all := strings.ReplaceAll(strings.Join(found, ""), "[]", ""); (all == "") != (tt.said == "") || !strings.Contains(all, tt.said) {
			t.Errorf("%s: it says %q, want %q", tt.name, all, tt.said)
		}
	}
}

// TestFamilySwagger: in Swagger 2.0 the value is the name of the definition.
func TestFamilySwagger(t *testing.T) {
	t.Parallel()
	d, diags := LoadBytes("api.yaml", []byte(`swagger: '2.0'
info: {title: t, version: '1'}
paths: {}
definitions:
  A: {type: object, required: [k], properties: {k: {type: string}}, discriminator: k}
  B: {allOf: [{$ref: '#/definitions/A'}, {type: object}]}
  C: {allOf: [{$ref: '#/definitions/B'}, {type: object}]}
`), Limits{})
	if d == nil || diags.HasErrors() {
		t.Fatal(diags)
	}
	if got, want := shown(d, "A"), "A=A; B=B; C=C"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestFamilyFiles: what extends a base in the files that the document refers to is of its family,
// also if nothing refers to it.
func TestFamilyFiles(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n"
	const base = "{type: object, required: [k], properties: {k: {type: string}}, discriminator: {propertyName: k}}"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"components of the base's file", map[string]string{
			"api.yaml":    head + "components: {schemas: {A: {$ref: 'models.yaml#/components/schemas/A'}}}\n",
			"models.yaml": "components:\n  schemas:\n    C: {allOf: [{$ref: '#/components/schemas/B'}]}\n    A: " + base + "\n    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n    D: {allOf: [{$ref: '#/components/schemas/E'}]}\n    E: {type: object}\n",
		}, "A=A; C=C; B=B"},
		{"a file of names", map[string]string{
			"api.yaml":    head + "components: {schemas: {A: {$ref: 'models.yaml#/A'}, B: {$ref: 'models.yaml#/B'}}}\n",
			"models.yaml": "A: " + base + "\nB: {allOf: [{$ref: '#/A'}]}\nbad: {allOf: 1}\n",
		}, "A=A; B=B"},
		{"another file", map[string]string{
			"api.yaml":   head + "components: {schemas: {A: " + base + ", O: {$ref: 'other.yaml#/components/schemas/O'}}}\n",
			"other.yaml": "components: {schemas: {O: {type: object}, B: {allOf: [{$ref: 'api.yaml#/components/schemas/A'}, {properties: {c: {$ref: 'third.yaml#/components/schemas/P'}}}]}}}\n",
			"third.yaml": "components: {schemas: {P: {type: object}, C: {allOf: [{$ref: 'api.yaml#/components/schemas/A'}]}}}\n",
		}, "A=A; B=B; C=C"},
		{"a whole file, by the mapping", map[string]string{
			"api.yaml":   head + "components: {schemas: {A: " + strings.Replace(base, "propertyName: k", "propertyName: k, mapping: {bee: './bee.yaml'}", 1) + "}}\n",
			"bee.yaml":   "allOf: [{$ref: 'api.yaml#/components/schemas/A'}, {type: object}]\n",
			"unread.yml": "components: {schemas: {Z: {allOf: [{$ref: 'api.yaml#/components/schemas/A'}]}}}\n",
		}, "A=A; bee=bee"},
	} {
		d, diags := loadFamilies(t, tt.files)
		if d == nil || diags.HasErrors() {
			t.Errorf("%s: %v", tt.name, diags)
			continue
		}
		if got := shown(d, "A"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// loadFamilies loads api.yaml of some files.
func loadFamilies(t *testing.T, files map[string]string) (*Document, diag.List) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(filepath.Join(dir, "api.yaml"), Limits{})
}
