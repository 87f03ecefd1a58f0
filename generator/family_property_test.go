package generator_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// kin is one schema of a random hierarchy: the first one is the base.
type kin struct {
	name     string
	parents  []int    // indexes of schemas before it
	enum     []string // of the property kind, written at this schema; nil for none
	required bool     // its own member m must be there
}

// hierarchy is a base, what extends it, and the mapping.
type hierarchy struct {
	all     []kin
	mapping map[string]int
}

// randomHierarchy makes one whose schemas are named after n.
func randomHierarchy(r *rand.Rand, n int) hierarchy {
	h := hierarchy{mapping: map[string]int{}}
	for i := range 2 + r.IntN(6) {
		k := kin{name: fmt.Sprintf("S%dx%d", n, i), required: r.IntN(2) == 0}
		for p := range i {
			if r.IntN(3) == 0 || p == i-1 && len(k.parents) == 0 {
				k.parents = append(k.parents, p)
			}
		}
		h.all = append(h.all, k)
	}
	for i := range h.all {
		if r.IntN(3) == 0 {
			h.mapping[fmt.Sprintf("m%d", r.IntN(6))] = i
		}
		if i > 0 && r.IntN(5) == 0 {
			h.all[i].enum = []string{fmt.Sprintf("own%d", i)}
			if r.IntN(2) == 0 {
				h.all[i].enum = append(h.all[i].enum, h.all[i].name)
			}
		}
	}
	return h
}

// yaml is the hierarchy as components, the children first or last.
func (h hierarchy) yaml() string {
	var b strings.Builder
	for i, k := range h.all {
		properties := fmt.Sprintf("m%d: {type: integer}", i)
		switch {
		case i == 0:
			properties += ", kind: {type: string}"
		case k.enum != nil:
			properties += ", kind: {type: string, enum: [" + strings.Join(k.enum, ", ") + "]}"
		}
		var required []string
		if i == 0 {
			required = append(required, "kind")
		}
		if k.required {
			required = append(required, fmt.Sprintf("m%d", i))
		}
		own := "type: object, properties: {" + properties + "}"
		if len(required) > 0 {
			own += ", required: [" + strings.Join(required, ", ") + "]"
		}
		if i == 0 {
			var pairs []string
			for value, to := range h.mapping {
				pairs = append(pairs, value+": "+h.all[to].name)
			}
			slices.Sort(pairs)
			fmt.Fprintf(&b, "    %s: {%s, discriminator: {propertyName: kind, mapping: {%s}}}\n", k.name, own, strings.Join(pairs, ", "))
			continue
		}
		var all []string
		for _, p := range k.parents {
			all = append(all, "{$ref: '#/components/schemas/"+h.all[p].name+"'}")
		}
		fmt.Fprintf(&b, "    %s: {allOf: [%s, {%s}]}\n", k.name, strings.Join(all, ", "), own)
	}
	return b.String()
}

// line are the schemas that hold for schema i: itself and what it extends.
func (h hierarchy) line(i int) map[int]bool {
	out := map[int]bool{i: true}
	for _, p := range h.all[i].parents {
		for q := range h.line(p) {
			out[q] = true
		}
	}
	return out
}

// allows reports whether the property kind of schema i may have a value.
func (h hierarchy) allows(i int, value string) bool {
	for q := range h.line(i) {
		if e := h.all[q].enum; e != nil && !slices.Contains(e, value) {
			return false
		}
	}
	return true
}

// selected is the schema that a value selects, by the specification, or -1: what the mapping says, else the
// component of that name; and where neither names a schema by a value that it allows, what it narrows the property to.
func (h hierarchy) selected(value string) int {
	if i, ok := h.mapping[value]; ok {
		return i
	}
	for i, k := range h.all {
		if k.name == value {
			return i
		}
	}
	for i, k := range h.all {
		mapped := false
		for _, to := range h.mapping {
			mapped = mapped || to == i
		}
		if !mapped && !h.allows(i, k.name) && slices.Contains(k.enum, value) && h.allows(i, value) {
			return i
		}
	}
	return -1
}

// takes is the oracle: whether a request with that kind and these members is right.
func (h hierarchy) takes(kind string, members []int) bool {
	i := h.selected(kind)
	if i < 0 || !h.allows(i, kind) {
		return false
	}
	line := h.line(i)
	for _, m := range members {
		if !line[m] {
			return false
		}
	}
	for q := range line {
		if h.all[q].required && !slices.Contains(members, q) {
			return false
		}
	}
	return true
}

// TestFamiliesAgreeWithTheSpecification holds generated servers of random hierarchies to what the
// specification says of each request.
func TestFamiliesAgreeWithTheSpecification(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program of its own")
	}
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 3))
	var all []hierarchy
	paths, components := "", ""
	for n := range 40 {
		h := randomHierarchy(r, n)
		all = append(all, h)
		paths += fmt.Sprintf("  /%d:\n    post:\n      operationId: take%d\n      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}\n      responses: {'204': {description: taken}}\n", n, n, h.all[0].name)
		components += h.yaml()
	}
	root := module(t)
	document := filepath.Join(root, "openapi.yaml")
	text := "openapi: 3.0.3\ninfo: {title: Families, version: '1'}\npaths:\n" + paths + "components:\n  schemas:\n" + components
	if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := generator.Generate(generator.Config{Document: document, Output: filepath.Join(root, "api"), Package: "api", AllowPublic: "a test", AllowUnsatisfiable: true})
	if err != nil {
		first, _ := firstError(res)
		t.Fatalf("%v: %v\n%s", err, first, text)
	}
	// The handler does nothing: 501 says that a request was taken.
	base := nextServer(t, startProgram(t, root, "\t\"corpus.example/api\"\n", stubServer("api", "api.Unimplemented{}"), ""))
	taken, asked := 0, 0
	for n, h := range all {
		for range 60 {
			kind := "nothing"
			switch i := r.IntN(len(h.all)); r.IntN(3) {
			case 0:
				kind = h.all[i].name
			case 1:
				kind = fmt.Sprintf("m%d", r.IntN(6))
			default:
				kind = fmt.Sprintf("own%d", i)
			}
			members, text := h.sample(r, kind)
			want := 422
			if h.takes(kind, members) {
				want = 501
				taken++
			}
			asked++
			if status, answer := postText(t, fmt.Sprintf("%s/%d", base, n), text); status != want {
				t.Errorf("%s: %d, want %d: %s\n%s", text, status, want, answer, h.yaml())
			}
		}
	}
	if taken < asked/10 || taken > asked*9/10 {
		t.Errorf("%d of %d requests are right: too few of one kind", taken, asked)
	}
}

// sample is a body of that kind: the members that it ought to have, now and then with others or without one.
func (h hierarchy) sample(r *rand.Rand, kind string) (members []int, text string) {
	i := h.selected(kind)
	if i < 0 {
		i = 0
	}
	line := h.line(i)
	for q := range h.all {
		has := line[q] && (h.all[q].required || r.IntN(2) == 0)
		if r.IntN(12) == 0 {
			has = !has
		}
		if has {
			members = append(members, q)
			text += fmt.Sprintf(`,"m%d":%d`, q, q)
		}
	}
	return members, fmt.Sprintf(`{"kind":%q%s}`, kind, text)
}
