package generator_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// conformanceSuite is one line of the table: some files of the public test suite, and
// the version of OpenAPI that their schemas are written in.
type conformanceSuite struct {
	name    string
	version string
	glob    []string
	// without are files that are not tried, each with the reason in docs/conformance.md.
	without []string
	// remote says whether the groups that need documents of another place are meant, or
	// the others.
	remote bool
	// expressible, if set, leaves out the groups that the version of OpenAPI has no
	// words for. They are counted.
	expressible func(schema any) bool
}

// conformanceSuites are the lines of the table. A file that says the opposite of what
// OpenAPI asks for is left out: format.json and content.json want formats and encodings
// to be passed over, which OpenAPI documents rely on being checked.
var conformanceSuites = []conformanceSuite{
	{name: "2020-12", version: "3.1.0", glob: []string{"draft2020-12/*.json"}, without: []string{"format.json", "content.json"}},
	{name: "2020-12, remote documents", version: "3.1.0", glob: []string{"draft2020-12/*.json"}, remote: true},
	{name: "2020-12, formats", version: "3.1.0", glob: []string{"draft2020-12/optional/format/*.json"}},
	{name: "2020-12, large numbers", version: "3.1.0", glob: []string{"draft2020-12/optional/bignum.json", "draft2020-12/optional/float-overflow.json"}},
	{name: "2020-12, patterns", version: "3.1.0", glob: []string{"draft2020-12/optional/ecmascript-regex.json", "draft2020-12/optional/non-bmp-regex.json"}},
	{name: "2020-12, references", version: "3.1.0", glob: []string{
		"draft2020-12/optional/anchor.json", "draft2020-12/optional/dynamicRef.json", "draft2020-12/optional/id.json",
		"draft2020-12/optional/no-schema.json", "draft2020-12/optional/refOfUnknownKeyword.json", "draft2020-12/optional/unknownKeyword.json",
	}},
	{name: "draft 4", version: "3.0.4", glob: []string{"draft4/*.json"}, without: []string{"format.json"}, expressible: expressible30},
	{name: "draft 4, formats", version: "3.0.4", glob: []string{"draft4/optional/format/*.json"}, expressible: expressible30},
	{name: "draft 4, optional", version: "3.0.4", glob: []string{
		"draft4/optional/bignum.json", "draft4/optional/ecmascript-regex.json", "draft4/optional/float-overflow.json", "draft4/optional/non-bmp-regex.json",
	}, expressible: expressible30},
}

// conformanceGroup is one schema of the suite with its tests. Schema and data are the
// very text of the file: a number that is read and written again is another test.
type conformanceGroup struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}

	suite *conformanceSuite
	file  string // below the folder of the suite
	id    string // the operation's
	// refused is the rule that keeps bailey from generating the group, with its message.
	refused string
	base    string // of the server that has the operation
	exact   bool   // schemas are read to the letter
	score   *score
}

func (g *conformanceGroup) title() string { return g.file + "\t" + g.Description }

// idOf finds the names that a schema gives itself. Two schemas of one name cannot
// stand in one document.
var idOf = regexp.MustCompile(`"\$id"\s*:\s*"([^"]*)"`)

func (g *conformanceGroup) ids() []string {
	var ids []string
	for _, m := range idOf.FindAllSubmatch(g.Schema, -1) {
		ids = append(ids, string(m[1]))
	}
	return ids
}

// suiteHost is where the suite's remote documents are said to be.
const suiteHost = "http://localhost:1234/"

// refOf finds the references of a schema.
var refOf = regexp.MustCompile(`"\$(?:dynamicR|r)ef"\s*:\s*"([^"#]+)`)

// schemaOf finds the dialect of a schema.
var schemaOf = regexp.MustCompile(`"\$schema"\s*:\s*"([^"#]+)`)

// needs reports whether the group leads to one of the suite's remote documents: by
// itself, or relative to one of its $ids. In refRemote.json they all do.
func (g *conformanceGroup) needs(remotes map[string]string) bool {
	if g.file == "draft2020-12/refRemote.json" {
		return true
	}
	if dialect := schemaOf.FindSubmatch(g.Schema); dialect != nil && strings.HasPrefix(string(dialect[1]), suiteHost) {
		return true
	}
	for _, m := range refOf.FindAllSubmatch(g.Schema, -1) {
		for _, id := range append(g.ids(), "") {
			base, err := url.Parse(id)
			if err != nil {
				continue
			}
			to, err := base.Parse(string(m[1]))
			if err != nil {
				continue
			}
			if name, ok := strings.CutPrefix(to.String(), suiteHost); ok && remotes[name] != "" {
				return true
			}
		}
	}
	return false
}

// implies reports whether the type at a place is one that no type keyword names: there
// is none in the whole schema, or the place is the top and its schema has none.
func (g *conformanceGroup) implies(pointer string) bool {
	if !strings.Contains(string(g.Schema), `"type"`) {
		return true
	}
	var top map[string]any
	if pointer != "" || json.Unmarshal(g.Schema, &top) != nil {
		return false
	}
	for _, word := range []string{"type", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "enum", "const", "if"} {
		if _, ok := top[word]; ok {
			return false
		}
	}
	return true
}

// suiteFolder finds the JSON Schema test suite. Without it the test is skipped,
// loudly; with BAILEY_REQUIRE_SUITES it fails.
func suiteFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BAILEY_SUITES")
	if dir == "" {
		dir = "../../shared/suites"
	}
	dir = filepath.Join(dir, "json-schema")
	if _, err := os.Stat(filepath.Join(dir, "draft2020-12")); err != nil {
		if os.Getenv("BAILEY_REQUIRE_SUITES") != "" {
			t.Fatalf("the public test suites are required and missing: %v", err)
		}
		t.Skipf("NOTHING WAS HELD AGAINST THE PUBLIC TEST SUITE: set BAILEY_SUITES to the folder that holds json-schema (%v)", err)
	}
	return dir
}

// readSuite reads the groups of a suite, and counts those that it leaves out because
// the version of OpenAPI has no words for them.
func readSuite(t *testing.T, dir string, remotes map[string]string, s *conformanceSuite) (groups []*conformanceGroup, inexpressible int) {
	t.Helper()
	for _, glob := range s.glob {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(glob)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", glob, err)
		}
		for _, path := range files {
			if slices.Contains(s.without, filepath.Base(path)) {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var all []*conformanceGroup
			if err := json.Unmarshal(text, &all); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			rel, err := filepath.Rel(dir, path)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range all {
				g.suite, g.file = s, filepath.ToSlash(rel)
				if s.expressible == nil && g.needs(remotes) != s.remote {
					continue
				}
				if s.expressible != nil && !s.expressible(parsed(t, g.Schema)) {
					inexpressible++
					continue
				}
				groups = append(groups, g)
			}
		}
	}
	return groups, inexpressible
}

func parsed(t *testing.T, text json.RawMessage) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// words30 are the keywords of a schema object of OpenAPI 3.0 (3.0.4, 4.7.24), and what
// each holds: a schema, a list of them, a map of them, or no schema.
var words30 = map[string]string{
	"title": "", "multipleOf": "", "maximum": "", "exclusiveMaximum": "", "minimum": "", "exclusiveMinimum": "",
	"maxLength": "", "minLength": "", "pattern": "", "maxItems": "", "minItems": "", "uniqueItems": "",
	"maxProperties": "", "minProperties": "", "required": "", "enum": "", "type": "", "description": "", "format": "", "default": "",
	"allOf": "list", "oneOf": "list", "anyOf": "list", "not": "one", "items": "one", "additionalProperties": "one", "properties": "map",
	// No keyword of 3.0, but a place that a $ref may lead to, as to any other.
	"definitions": "map",
}

// expressible30 reports whether a draft-4 schema is one of OpenAPI 3.0, too: it has no
// other keywords, one type that is not null, and refers to nothing by a URI.
func expressible30(schema any) bool {
	if b, ok := schema.(bool); ok {
		return b // additionalProperties: false is caught above
	}
	m, ok := schema.(map[string]any)
	if !ok {
		return false
	}
	if ref, ok := m["$ref"].(string); ok {
		return strings.HasPrefix(ref, "#") // its siblings say nothing, in either language
	}
	for word, v := range m {
		holds, known := words30[word]
		if !known && word != "$schema" {
			return false
		}
		if word == "type" {
			if name, ok := v.(string); !ok || name == "null" {
				return false
			}
		}
		if word == "additionalProperties" {
			if _, ok := v.(bool); ok {
				continue
			}
		}
		if !all30(holds, v) {
			return false
		}
	}
	return true
}

func all30(holds string, v any) bool {
	switch holds {
	case "one":
		return expressible30(v)
	case "list":
		list, ok := v.([]any)
		return ok && !slices.ContainsFunc(list, func(v any) bool { return !expressible30(v) })
	case "map":
		m, ok := v.(map[string]any)
		for _, v := range m {
			ok = ok && expressible30(v)
		}
		return ok
	}
	return true
}

// remoteFiles returns the suite's remote documents of draft 2020-12 as files to lie
// beside a document: each with an $id that says where it was. Of the meta-schemas, which
// describe dialects, those for formats are left out.
func remoteFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	top := filepath.Join(dir, "remotes")
	err := filepath.WalkDir(filepath.Join(top, "draft2020-12"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "format-assertion-") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		url := suiteHost + rel
		var own struct {
			ID string `json:"$id"`
		}
		if err := json.Unmarshal(text, &own); err != nil {
			return fmt.Errorf("%s: %w", rel, err)
		}
		switch own.ID {
		case url:
		case "":
			text = []byte(strings.Replace(string(text), "{", fmt.Sprintf("{%q: %q, ", "$id", url), 1))
		default: // it calls itself something else than its address, which leads to it, too
			files["at/"+rel] = fmt.Sprintf(`{"$id": %q, "$ref": %q}`, url, own.ID)
		}
		files[rel] = string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
