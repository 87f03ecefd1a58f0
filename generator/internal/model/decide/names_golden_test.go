package decide_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/decide"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// tried decides the package of a document as the golden packages' configurations do, or returns nil where
// some stage refuses the document.
func tried(text []byte) *model.API {
	doc, diags := load.LoadBytes("openapi.yaml", text, load.Limits{})
	if doc == nil || diags.HasErrors() {
		return nil
	}
	policies, diags := policy.Read(doc, policy.Options{AllowPublic: "a test"})
	if diags.HasErrors() {
		return nil
	}
	schemas := schema.NewReader(doc)
	schemas.FreeForm, schemas.NullableAllOf = true, true
	api, diags := openapi.Read(doc, schemas)
	if diags.HasErrors() {
		return nil
	}
	built, diags := decide.Build(decide.Input{
		Doc: doc, API: api, Schemas: schemas, Policies: policies, Package: "api", Source: "openapi.yaml", DeclareDiscriminators: true,
	})
	if diags.HasErrors() {
		return nil
	}
	return built
}

// namesOf are the exported names of a package, and what they are part of.
func namesOf(api *model.API) map[string]bool {
	out := map[string]bool{}
	fields := func(of string, list []*model.Field) {
		for _, f := range list {
			out[of+"."+f.Name.String()] = true
		}
	}
	for _, t := range api.Types {
		for _, same := range append([]*model.Type{t}, t.Aliases...) {
			out["type "+same.Name.String()] = true
		}
		if t.Shared != nil {
			continue
		}
		fields(t.Name.String(), t.Fields)
		for _, v := range t.Variants {
			out[t.Name.String()+"."+v.Name.String()] = true
		}
		for _, e := range t.Enum {
			out["const "+e.Name.String()] = true
		}
	}
	for _, r := range api.Replies {
		out["type "+r.Name.String()] = true
		for _, h := range r.Headers {
			out[r.Name.String()+"."+h.Field.Name.String()] = true
		}
	}
	for _, op := range api.Operations {
		out["method "+op.Name.String()], out["type "+op.Request.String()] = true, true
		fields(op.Request.String(), op.Fields)
	}
	for _, s := range api.Schemes {
		out["config "+s.Field.String()] = true
	}
	return out
}

// memberOf is the value of a mapping's key, which it makes where there is none.
func memberOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	v := &yaml.Node{Kind: yaml.MappingNode}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v)
	return v
}

// insert puts a pair into a mapping, anywhere.
func insert(r *rand.Rand, n *yaml.Node, key, value string) {
	var v yaml.Node
	if err := yaml.Unmarshal([]byte(value), &v); err != nil {
		panic(err) // a text of this test
	}
	at := 2 * r.IntN(len(n.Content)/2+1)
	n.Content = slices.Insert(n.Content, at, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v.Content[0])
	n.Style = 0
}

// TestNamesOfGoldens: components and operations come to the golden documents, and operations go from them; the rest
// keeps each of its names. What comes is called by words that no golden has.
func TestNamesOfGoldens(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../../testdata/golden/*/openapi.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d goldens, %v", len(files), err)
	}
	documents, compared := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		api := tried(text)
		if api == nil {
			continue // of several files, say
		}
		documents++
		before := namesOf(api)
		r := rand.New(rand.NewPCG(7, uint64(documents)))
		slug := filepath.Base(filepath.Dir(file))
		for round := range 3 {
			var doc yaml.Node
			if err := yaml.Unmarshal(text, &doc); err != nil {
				t.Fatal(err)
			}
			root := doc.Content[0]
			if !strings.HasPrefix(memberOf(root, "openapi").Value, "3") {
				break
			}
			schemas, paths := memberOf(memberOf(root, "components"), "schemas"), memberOf(root, "paths")
			for i := range 4 {
				insert(r, schemas, fmt.Sprintf("Quux%d", i), fmt.Sprintf(`{type: object, properties: {id: {type: string, readOnly: true}, kind: {type: string, enum: [a, b%d]}, inner: {type: object, properties: {x: {type: array, items: {type: object, properties: {y: {type: number}}}}}}}}`, i))
				insert(r, paths, fmt.Sprintf("/quux%d", i), fmt.Sprintf(`{post: {operationId: quux%[1]d, x-bailey-public: a test, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Quux%[1]d'}}}}, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Quux%[1]d'}}}}}}}`, i))
			}
			added, err := yaml.Marshal(&doc)
			if err != nil {
				t.Fatal(err)
			}
			with := tried(added)
			if with == nil {
				t.Errorf("%s: refused with components and operations that are good", slug)
				break
			}
			after := namesOf(with)
			for name := range before {
				if compared++; !after[name] {
					t.Errorf("%s, round %d: %s is not there any more, though nothing went", slug, round, name)
				}
			}
			for name := range after {
				if !before[name] && !strings.Contains(name, "Quux") {
					t.Errorf("%s, round %d: %s is new, though nothing of that name came", slug, round, name)
				}
			}
			if len(after) < len(before)+4*10 {
				t.Errorf("%s: %d names, and %d before: what came has none", slug, len(after), len(before))
			}
		}
	}
	t.Logf("%d documents, %d names compared", documents, compared)
	if documents < 15 || compared < 5000 {
		t.Errorf("%d documents and %d names are too few", documents, compared)
	}
}
