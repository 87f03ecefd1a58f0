package generator_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// randomBranch is one component of a made-up choice.
type randomBranch struct {
	name     string
	declares bool   // the property kind
	kind     string // its type
	listed   []any  // its enum, nil for none
	required bool
	closed   bool
	inherits bool     // the property comes by allOf
	members  []string // required integers
}

// randomChoice is a made-up oneOf or anyOf with a discriminator.
type randomChoice struct {
	name     string
	branches []*randomBranch // one may be there twice
	mapping  map[string]*randomBranch
	def      *randomBranch
	any      bool
}

// choices are made-up ones, the same each time.
type choices struct{ *rand.Rand }

func (m choices) one(i int) *randomChoice {
	c := &randomChoice{name: fmt.Sprintf("S%d", i), any: m.IntN(3) == 0, mapping: map[string]*randomBranch{}}
	var own []*randomBranch
	for j := range 2 + m.IntN(3) {
		own = append(own, &randomBranch{
			name: fmt.Sprintf("%s%c", c.name, 'A'+j), declares: m.IntN(10) > 0, kind: []string{"string", "string", "string", "integer", "boolean"}[m.IntN(5)],
			required: m.IntN(3) > 0, closed: m.IntN(6) == 0, inherits: m.IntN(4) == 0,
		})
	}
	for _, b := range own {
		for _, name := range []string{"p", "q"} {
			if m.IntN(2) == 0 {
				b.members = append(b.members, name)
			}
		}
		if m.IntN(3) > 0 {
			for range 1 + m.IntN(3) {
				v := m.value(own, b.kind)
				if !slices.Contains(b.listed, v) {
					b.listed = append(b.listed, v)
				}
			}
		}
	}
	for range m.IntN(4) {
		b := own[m.IntN(len(own))]
		c.mapping[fmt.Sprint(m.value(own, b.kind))] = b
	}
	c.branches = own
	if m.IntN(6) == 0 {
		c.branches = append(slices.Clone(own), own[0])
	}
	if m.IntN(5) == 0 {
		c.def = own[m.IntN(len(own))]
	}
	return c
}

// value is one that the property may have.
func (m choices) value(own []*randomBranch, kind string) any {
	switch kind {
	case "integer":
		return m.IntN(3)
	case "boolean":
		return m.IntN(2) == 0
	}
	if m.IntN(2) == 0 {
		return own[m.IntN(len(own))].name
	}
	return []string{"x", "y", "1", "true"}[m.IntN(4)]
}

// write writes the components of the choice.
func (c *randomChoice) write(b *strings.Builder) {
	written := map[*randomBranch]bool{}
	var list []any
	for _, br := range c.branches {
		list = append(list, object{"$ref": "#/components/schemas/" + br.name})
		if !written[br] {
			written[br] = true
			fmt.Fprintf(b, "    %s: %s\n", br.name, jsonText(br.schema()))
		}
	}
	d := object{"propertyName": "kind"}
	if len(c.mapping) > 0 {
		mapping := object{}
		for i, key := range sortedKeys(c.mapping) {
			to := c.mapping[key].name
			mapping[key] = []string{to, "#/components/schemas/" + to, "openapi.yaml#/components/schemas/" + to}[i%3]
		}
		d["mapping"] = mapping
	}
	if c.def != nil {
		d["defaultMapping"] = c.def.name
	}
	keyword := "oneOf"
	if c.any {
		keyword = "anyOf"
	}
	fmt.Fprintf(b, "    %s: %s\n", c.name, jsonText(object{keyword: list, "discriminator": d}))
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (br *randomBranch) schema() object {
	properties, required := object{}, slices.Clone(br.members)
	for _, name := range br.members {
		properties[name] = object{"type": "integer"}
	}
	kind := object{"type": br.kind}
	if br.listed != nil {
		kind["enum"] = br.listed
	}
	if br.declares && br.required {
		required = append(required, "kind")
	}
	s := object{"type": "object", "properties": properties}
	if br.closed {
		s["additionalProperties"] = false
	}
	if len(required) > 0 {
		s["required"] = required
	}
	switch {
	case br.declares && br.inherits && !br.closed:
		return object{"allOf": []any{object{"type": "object", "properties": object{"kind": kind}}, s}}
	case br.declares:
		properties["kind"] = kind
	}
	return s
}

// admits reports whether JSON Schema lets a branch's property have a value.
func (br *randomBranch) admits(v any) bool {
	if !br.declares {
		return !br.closed
	}
	switch v.(type) {
	case string:
		if br.kind != "string" {
			return false
		}
	case int:
		if br.kind != "integer" {
			return false
		}
	case bool:
		if br.kind != "boolean" {
			return false
		}
	default:
		return false
	}
	return br.listed == nil || slices.Contains(br.listed, v)
}

// spells is the value that a key means to a branch: keys are strings, and one for a property that takes no
// string is converted.
func (br *randomBranch) spells(key string) any {
	if br.declares && br.kind == "integer" {
		if n, err := strconv.Atoi(key); err == nil {
			return n
		}
	}
	if br.declares && br.kind == "boolean" && (key == "true" || key == "false") {
		return key == "true"
	}
	return key
}

// selects are the branches that a value of the property selects, to the letter of the specification
// where that says something, and of docs/openapi.md where it does not. A nil value is an absent one.
func (c *randomChoice) selects(v any) []*randomBranch {
	byMapping := map[*randomBranch]bool{} // named by a value that it admits
	var written []*randomBranch
	for key, br := range c.mapping {
		value := br.spells(key)
		if br.admits(value) {
			byMapping[br] = true
		} else {
			value = key // a string, which the branch refuses
		}
		if value == v {
			written = append(written, br)
		}
	}
	listed := func(want []*randomBranch) []*randomBranch {
		return slices.DeleteFunc(slices.Clone(c.branches), func(br *randomBranch) bool { return !slices.Contains(want, br) })
	}
	if v == nil {
		return listed([]*randomBranch{c.def})
	}
	if len(written) > 0 {
		// Of a key that means a string to one branch and an integer to another, each counts.
		return listed(written)
	}
	var named, lists []*randomBranch
	for _, br := range c.branches {
		if _, mapped := c.mapping[br.name]; !mapped && br.name == v && br.admits(v) {
			named = append(named, br)
		}
		if br.declares && br.listed != nil && !byMapping[br] && br.admits(v) {
			lists = append(lists, br)
		}
	}
	switch {
	case len(named) > 0:
		return named
	case len(lists) > 0:
		return lists
	}
	return listed([]*randomBranch{c.def})
}

// valid is JSON Schema's word on a value of a branch.
func (br *randomBranch) valid(v object) bool {
	kind, there := v["kind"]
	if there && !br.admits(kind) || !there && br.declares && br.required {
		return false
	}
	for _, name := range br.members {
		if _, ok := v[name]; !ok {
			return false
		}
	}
	for name := range v {
		if name != "kind" && br.closed && !slices.Contains(br.members, name) {
			return false
		}
	}
	return true
}

// accepts is what a server has to say of a value.
func (c *randomChoice) accepts(v object) bool {
	matched := 0
	for _, br := range c.selects(v["kind"]) {
		if br.valid(v) {
			matched++
		}
	}
	return matched == 1 || c.any && matched > 0
}

// refusal is the rule for which generation must refuse the choice, or "".
func (c *randomChoice) refusal() string {
	if !slices.ContainsFunc(c.branches, func(br *randomBranch) bool { return br.declares }) {
		return "discriminator-undeclared"
	}
	if slices.ContainsFunc(c.branches, func(br *randomBranch) bool { return !br.declares && br.closed }) {
		return "discriminator-undeclared"
	}
	for _, br := range c.branches {
		if br != c.def && !slices.ContainsFunc(c.values(), func(v any) bool { return slices.Contains(c.selects(v), br) }) {
			return "discriminator"
		}
	}
	return ""
}

// values are all that could select something, and some that cannot.
func (c *randomChoice) values() []any {
	out := []any{"x", "y", "z", "1", "true", 0, 1, 2, 7, true, false, "0", "2", "false"}
	for _, br := range c.branches {
		out = append(out, br.name)
	}
	return out
}

// TestRandomDiscriminators: for made-up sets of branches, generation refuses those that it has to, and the
// compiled server selects as an oracle does which reads the specification. Where it answers, the answer selects
// the same branch, also where the handler has left the property out.
func TestRandomDiscriminators(t *testing.T) {
	t.Parallel()
	n := 120
	if testing.Short() {
		n = 30
	}
	m := choices{rand.New(rand.NewPCG(21, 22))}
	root := t.TempDir()
	var served []*randomChoice
	var names []string
	var components strings.Builder
	refused := 0
	for i := range n {
		c := m.one(i)
		var own strings.Builder
		c.write(&own)
		res, err := generator.Render(choiceConfig(t, root, choiceDocument([]string{c.name}, own.String())))
		var got []string
		if err != nil {
			for _, d := range res.Diagnostics {
				got = append(got, d.Rule)
			}
			refused++
		}
		if want := c.refusal(); (want != "") != (err != nil) || want != "" && !slices.Contains(got, want) {
			t.Errorf("refused by %q, want %q: %v\n%s", got, want, err, own.String())
		}
		if err == nil {
			served, names = append(served, c), append(names, c.name)
			components.WriteString(own.String())
		}
	}
	base := serveChoices(t, names, components.String())
	asked, took := 0, 0
	for _, c := range served {
		for _, kind := range append(c.values(), nil) {
			for _, members := range []string{"", "p", "q", "pq", "r"} {
				v := object{}
				if kind != nil {
					v["kind"] = kind
				}
				for _, name := range strings.Split(members, "") {
					v[name] = 1
				}
				asked++
				if c.hold(t, base, v) {
					took++
				}
			}
		}
	}
	t.Logf("%d choices served, %d refused; %d values, %d accepted", len(served), refused, asked, took)
	if len(served) < n/3 || refused < n/20 || took*20 < asked {
		t.Error("too little is tried: the choices are no good")
	}
}

// hold asks the server about one value, and reports whether it was taken.
func (c *randomChoice) hold(t *testing.T, base string, v object) bool {
	t.Helper()
	text, want := jsonText(v), c.accepts(v)
	describe := func() string {
		var b strings.Builder
		c.write(&b)
		return b.String()
	}
	status, answer := postText(t, base+"/echo/"+c.name, text)
	if (status == http.StatusOK) != want || status != http.StatusOK && status != http.StatusUnprocessableEntity {
		t.Errorf("%s: got %d %s, want accepted: %v\n%s", text, status, answer, want, describe())
		return false
	}
	if !want {
		return false
	}
	if got := c.kindIn(t, answer); got != v["kind"] {
		t.Errorf("%s: the answer is %s\n%s", text, answer, describe())
	}
	status, answer = postText(t, base+"/forget/"+c.name, text)
	if status == http.StatusInternalServerError {
		return true // the handler had to say which
	}
	var back object
	if err := json.Unmarshal([]byte(answer), &back); err != nil || status != http.StatusOK {
		t.Errorf("%s: without kind: %d %s\n%s", text, status, answer, describe())
		return true
	}
	selected := c.selects(c.kindIn(t, answer))
	if !slices.ContainsFunc(c.selects(v["kind"]), func(br *randomBranch) bool { return br.valid(v) && slices.Contains(selected, br) }) {
		t.Errorf("%s: without kind the answer is %s, which selects another branch\n%s", text, answer, describe())
	}
	return true
}

// kindIn is the member of an answer: a string, an int, a bool or nil.
func (c *randomChoice) kindIn(t *testing.T, answer string) any {
	t.Helper()
	var v object
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	if f, ok := v["kind"].(float64); ok {
		return int(f)
	}
	return v["kind"]
}
