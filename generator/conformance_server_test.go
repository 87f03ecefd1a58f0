package generator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// conformancePackage is one document of many groups, and the package made of it.
// Groups whose schemas have the same $id cannot stand in one.
type conformancePackage struct {
	name    string
	version string
	remote  bool
	exact   bool
	groups  []*conformanceGroup
	ids     map[string]bool
}

// write writes the document: an operation for each group, whose schema stands in a
// file of its own, so that its root is the root of its references.
func (p *conformancePackage) write(folder string, remotes map[string]string) (document string, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "openapi: %s\ninfo: {title: Conformance, version: '1'}\npaths:\n", p.version)
	var errs []error
	put := func(name, text string) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		errs = append(errs, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600))
	}
	for _, g := range p.groups {
		fmt.Fprintf(&b, "  /%s:\n    post:\n      operationId: %s\n      requestBody: {required: true, content: {application/json: {schema: {$ref: '%s/schema.json'}}}}\n      responses: {'204': {description: valid}}\n", g.id, g.id, g.id)
		put(g.id+"/schema.json", string(g.Schema))
	}
	if p.remote {
		fmt.Fprintf(&b, "components:\n  schemas:\n")
		for i, name := range slices.Sorted(maps.Keys(remotes)) {
			fmt.Fprintf(&b, "    Remote%d: {$ref: 'remotes/%s'}\n", i, name)
			put("remotes/"+name, remotes[name])
		}
	}
	put("openapi.yaml", b.String())
	return filepath.Join(folder, "openapi.yaml"), errors.Join(errs...)
}

// config is how the suite presumes a schema to be read: unknown members pass, and a
// schema that refuses everything is one. docs/conformance.md says so.
func (p *conformancePackage) config(document, output string) generator.Config {
	return generator.Config{
		Document: document, Output: output, Package: p.name, Unknown: "drop",
		Exact: p.exact, AllowUnsatisfiable: p.exact, AllowPublic: "a test of the public test suite",
	}
}

// probe generates a group by itself, and notes the rule that refuses it. One that is
// refused when its document is read would refuse all others with it.
func (g *conformanceGroup) probe(t *testing.T, remotes map[string]string) {
	t.Helper()
	p := &conformancePackage{name: "probe", version: g.suite.version, remote: g.suite.remote, exact: g.exact, groups: []*conformanceGroup{g}}
	folder := t.TempDir()
	document, err := p.write(folder, remotes)
	if err != nil {
		t.Fatal(err)
	}
	res, err := generator.Render(p.config(document, filepath.Join(folder, "out")))
	switch first, found := firstError(res); {
	case err == nil:
	case !found:
		t.Errorf("%s: refused without a diagnostic: %v", g.title(), err)
	default:
		message, _, _ := strings.Cut(first.Message, " (POST /")
		g.refused = first.Rule + ": " + strings.ReplaceAll(message, g.id+"/schema.json", "schema.json")
	}
}

// pack puts the groups that can be generated into as few documents as can be.
func pack(groups []*conformanceGroup) []*conformancePackage {
	var all []*conformancePackage
	for _, g := range groups {
		if g.refused != "" {
			continue
		}
		ids := g.ids()
		taken := func(p *conformancePackage) bool {
			return slices.ContainsFunc(ids, func(id string) bool { return p.ids[id] })
		}
		at := slices.IndexFunc(all, func(p *conformancePackage) bool {
			return p.version == g.suite.version && p.remote == g.suite.remote && p.exact == g.exact && !taken(p)
		})
		if at < 0 {
			at = len(all)
			all = append(all, &conformancePackage{
				name: fmt.Sprintf("p%d", at), version: g.suite.version, remote: g.suite.remote, exact: g.exact, ids: map[string]bool{},
			})
		}
		p := all[at]
		p.groups = append(p.groups, g)
		for _, id := range ids {
			p.ids[id] = true
		}
	}
	return all
}

// serve generates and compiles the packages into one program, starts it, and tells the
// groups where they are served. The program ends with the test.
func serve(t *testing.T, packages []*conformancePackage, remotes map[string]string) {
	t.Helper()
	root := module(t)
	var imports, handlers, servers strings.Builder
	imports.WriteString("\t\"context\"\n")
	for i, p := range packages {
		document, err := p.write(filepath.Join(root, "documents", p.name), remotes)
		if err != nil {
			t.Fatal(err)
		}
		res, err := generator.Generate(p.config(document, filepath.Join(root, p.name)))
		if err != nil {
			first, _ := firstError(res)
			t.Fatalf("%d groups that generate alone do not together: %v (%v)", len(p.groups), err, first)
		}
		fmt.Fprintf(&imports, "\t%q\n", "corpus.example/"+p.name)
		fmt.Fprintf(&handlers, "type h%d struct{ %s.Unimplemented }\n\n", i, p.name)
		for _, g := range p.groups {
			name := strings.ToUpper(g.id[:1]) + g.id[1:]
			fmt.Fprintf(&handlers, "func (h%d) %s(context.Context, *%s.%sRequest) error { return nil }\n", i, name, p.name, name)
		}
		servers.WriteString(stubServer(p.name, fmt.Sprintf("h%d{}", i)))
	}
	addresses := startProgram(t, root, imports.String(), servers.String(), handlers.String())
	for _, p := range packages {
		base := nextServer(t, addresses)
		for _, g := range p.groups {
			g.base = base
		}
	}
}

// ask posts data, and reports whether the server took it for valid, and if not, where
// and by which keyword. A body is valid or it is not: any other answer is an error.
func (g *conformanceGroup) ask(data []byte) (accepted bool, pointer, keyword string, err error) {
	res, err := http.Post(g.base+"/"+g.id, "application/json", bytes.NewReader(data))
	if err != nil {
		return false, "", "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return false, "", "", err
	case res.StatusCode == http.StatusNoContent:
		return true, "", "", nil
	case res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusUnprocessableEntity:
		return false, "", "", fmt.Errorf("status %d: %s", res.StatusCode, body)
	}
	var problem struct {
		Detail string
		Errors []struct{ Pointer, Keyword string }
	}
	if err := json.Unmarshal(body, &problem); err != nil {
		return false, "", "", fmt.Errorf("status %d without a problem document: %w: %s", res.StatusCode, err, body)
	}
	if len(problem.Errors) > 0 {
		return false, problem.Errors[0].Pointer, problem.Errors[0].Keyword, nil
	}
	return false, "", problem.Detail, nil
}
