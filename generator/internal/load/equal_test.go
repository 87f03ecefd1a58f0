package load

import "testing"

// TestEqual: two nodes of one file are equal where they say the same, in whichever order; those of
// two files never are, since the same reference leads to other places there.
func TestEqual(t *testing.T) {
	t.Parallel()
	const a = `{type: object, required: [x, y], properties: {x: {$ref: "#/x"}}, title: one}`
	node := func(file, text string) *Node {
		doc, diags := LoadBytes(file, []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\nx-node: "+text+"\n"), Limits{})
		if doc == nil {
			t.Fatal(diags)
		}
		return doc.Root.Get("x-node")
	}
	title := func(key string, _, _ *Node) bool { return key == "title" }
	for name, c := range map[string]struct {
		file, text string
		pass       func(string, *Node, *Node) bool
		want       bool
	}{
		"the same":                {"a.yaml", a, nil, true},
		"another order":           {"a.yaml", `{title: one, properties: {x: {$ref: "#/x"}}, type: object, required: [x, y]}`, nil, true},
		"another list":            {"a.yaml", `{type: object, required: [y, x], properties: {x: {$ref: "#/x"}}, title: one}`, nil, false},
		"one more below":          {"a.yaml", `{type: object, required: [x, y], properties: {x: {$ref: "#/x", title: a}}, title: one}`, title, false},
		"one less":                {"a.yaml", `{type: object, required: [x, y], properties: {x: {$ref: "#/x"}}}`, nil, false},
		"one less, that may lack": {"a.yaml", `{type: object, required: [x, y], properties: {x: {$ref: "#/x"}}}`, title, true},
		"another that may differ": {"a.yaml", `{type: object, required: [x, y], properties: {x: {$ref: "#/x"}}, title: two}`, title, true},
		"another kind":            {"a.yaml", `"text"`, nil, false},
		"another file":            {"b.yaml", a, nil, false},
	} {
		x, y := node("a.yaml", a), node(c.file, c.text)
		if got, back := Equal(x, y, c.pass), Equal(y, x, c.pass); got != c.want || back != c.want {
			t.Errorf("%s: %v, and %v the other way round, want %v", name, got, back, c.want)
		}
	}
	x := node("a.yaml", a)
	if !Equal(x, x, nil) || Equal(x, nil, nil) || Equal(nil, nil, nil) {
		t.Error("a node is equal to itself, and to no node that is not there")
	}
}
