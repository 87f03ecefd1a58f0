package generator

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	idleComponent = "it stands in a component that no operation uses, and no component is checked that says nothing to a server"
	idleReserved  = "allowReserved says nothing of how such a parameter or header is read, and this one is of no operation"
	idleExample   = "examples are not read: no request and no answer depends on them"
	idleServer    = "variables of servers are not read: operations are routed by their path alone"
	idleXML       = "xml says nothing of JSON, and XML is not read"
)

// passRefused are documents of the suite that are right, and are refused: by which rule, as
// documentation says.
var passRefused = map[string]string{
	"v3.1/media-type-examples.yaml":          "form-encoding",
	"v3.2/media-type-examples.yaml":          "sequence",
	"v3.1/path_item_servers_parameters.yaml": "trace",
	"v3.2/path_item_servers_parameters.yaml": "trace",
}

// failTaken are documents of the suite that are wrong, and of which nothing is wrong but that they have no
// operation: why that does no harm.
var failTaken = map[string]string{
	"v3.1/example-examples.yaml":                             idleExample,
	"v3.1/header-object-allowReserved.yaml":                  idleReserved,
	"v3.1/invalid_schema_types.yaml":                         idleComponent,
	"v3.1/link-object-no-body.yaml":                          idleComponent,
	"v3.1/parameter-object-cookie-form-allowReserved.yaml":   idleReserved,
	"v3.1/parameter-object-header-allowReserved.yaml":        idleReserved,
	"v3.1/parameter-object-path-allowReserved.yaml":          idleReserved,
	"v3.1/server_enum_empty.yaml":                            idleServer,
	"v3.2/encoding-enc-item-exclusion.yaml":                  idleComponent,
	"v3.2/encoding-enc-prefix-exclusion.yaml":                idleComponent,
	"v3.2/example-examples.yaml":                             idleExample,
	"v3.2/example-object-old-exclusions.yaml":                idleExample,
	"v3.2/example-object-old-vs-data.yaml":                   idleExample,
	"v3.2/example-object-old-vs-ser.yaml":                    idleExample,
	"v3.2/example-object-ser-exclusions.yaml":                idleExample,
	"v3.2/header-object-allowReserved.yaml":                  idleReserved,
	"v3.2/invalid_schema_types.yaml":                         idleComponent,
	"v3.2/media-type-enc-item-exclusion.yaml":                idleComponent,
	"v3.2/media-type-enc-prefix-exclusion.yaml":              idleComponent,
	"v3.2/operation-object-query-with-querystring.yaml":      idleComponent,
	"v3.2/operation-object-two-querystrings.yaml":            idleComponent,
	"v3.2/parameter-object-content-not-with-style.yaml":      idleComponent,
	"v3.2/parameter-object-cookie-allowReserved.yaml":        idleReserved,
	"v3.2/parameter-object-header-allowReserved.yaml":        idleReserved,
	"v3.2/parameter-object-header-name.yaml":                 idleComponent,
	"v3.2/parameter-object-path-name.yaml":                   idleComponent,
	"v3.2/parameter-object-querystring-not-with-schema.yaml": idleComponent,
	"v3.2/path-item-object-query-with-querystring.yaml":      idleComponent,
	"v3.2/path-item-object-two-querystrings.yaml":            idleComponent,
	"v3.2/server_enum_empty.yaml":                            idleServer,
	"v3.2/xml-attr-exclusion.yaml":                           idleXML,
	"v3.2/xml-wrapped-exclusion.yaml":                        idleXML,
}

// openapiSuite are the documents of the specification's own suite in a folder, by version and name.
func openapiSuite(t *testing.T, folder string) map[string]string {
	t.Helper()
	root := filepath.Join(cmp.Or(os.Getenv("BAILEY_SUITES"), filepath.Join("..", "..", "shared", "suites")), "openapi")
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("BAILEY_REQUIRE_SUITES") != "" {
			t.Fatalf("the suite of the specification is required and missing: %v", err)
		}
		t.Skipf("NOTHING WAS HELD AGAINST THE SPECIFICATION'S SUITE: set BAILEY_SUITES to the folder that holds openapi (%v)", err)
	}
	found := map[string]string{}
	for _, pattern := range []string{"v3.*/tests/schema/", "_archive_/schemas/v3.0/"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern+folder), "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			rel, err := filepath.Rel(root, f)
			if err != nil {
				t.Fatal(err)
			}
			version, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(rel), "_archive_/schemas/"), "/")
			found[version+"/"+filepath.Base(f)] = f
		}
	}
	return found
}

// rulesOf are the rules by which a document is refused, sorted; none where it is generated.
func rulesOf(t *testing.T, document string) []string {
	t.Helper()
	res, err := Render(Config{Document: document, Output: t.TempDir(), Package: "api", AllowPublic: "a test"})
	if res == nil {
		t.Fatalf("%s: %v", document, err)
	}
	rules := map[string]bool{}
	for _, d := range res.Diagnostics {
		if !d.Warning {
			rules[d.Rule] = true
		}
	}
	if (err != nil) != (len(rules) > 0) {
		t.Errorf("%s: %v, and the rules %v", document, err, rules)
	}
	return slices.Sorted(maps.Keys(rules))
}

// TestSpecificationPass: every document that the specification's suite calls right is generated, or refused
// by a documented rule. Most have no operation.
func TestSpecificationPass(t *testing.T) {
	t.Parallel()
	documents := openapiSuite(t, "pass")
	if len(documents) < 70 {
		t.Fatalf("%d documents were found", len(documents))
	}
	for name, document := range documents {
		rules := rulesOf(t, document)
		switch rule, listed := passRefused[name]; {
		case listed && !slices.Equal(rules, []string{rule}):
			t.Errorf("%s is refused by %v; the list has %s", name, rules, rule)
		case !listed && len(rules) > 0 && !slices.Equal(rules, []string{"no-operations"}):
			t.Errorf("%s is refused by %v", name, rules)
		}
	}
	for name := range passRefused {
		if documents[name] == "" {
			t.Errorf("the list has %s, which the suite has not", name)
		}
	}
}

// TestSpecificationFail: every document that the specification's suite calls wrong is refused for more than that
// it has no operation, or listed with a reason.
func TestSpecificationFail(t *testing.T) {
	t.Parallel()
	documents := openapiSuite(t, "fail")
	if len(documents) < 35 {
		t.Fatalf("%d documents were found", len(documents))
	}
	for name, document := range documents {
		rules := rulesOf(t, document)
		taken := len(rules) == 0 || slices.Equal(rules, []string{"no-operations"})
		switch reason := failTaken[name]; {
		case taken && reason == "":
			t.Errorf("%s is not refused for what is wrong with it: %v", name, rules)
		case !taken && reason != "":
			t.Errorf("%s is refused by %v, and listed as taken", name, rules)
		}
	}
	for name := range failTaken {
		if documents[name] == "" {
			t.Errorf("the list has %s, which the suite has not", name)
		}
	}
}
