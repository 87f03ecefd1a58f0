package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// cut is a part of a golden document: one use of one operation, which is a parameter, a media type of
// the request, a media type of a response or a header of one. Parameters of the path stay, since
// the path needs them. A keyword that one use enforces cannot hide that another one does not.
type cut struct {
	name string // "GET /users 200 application/json"
	drop map[*load.Node]bool
	// wider is the whole operation, for uses that policies of the operation tie to others.
	wider *cut
}

// cuts are the uses of all operations of a document, in order.
func cuts(doc *load.Document) []*cut {
	var out []*cut
	paths := doc.Root.Get("paths")
	for _, path := range paths.Members {
		item := targetOf(doc, path.Value)
		for _, op := range operationsOf(item) {
			if strings.HasPrefix(path.Key, "x-") || op.Value.Get("x-bailey-skip") != nil {
				continue
			}
			drop := map[*load.Node]bool{}
			for _, other := range paths.Members {
				drop[other.Value] = other.Value != path.Value
			}
			for _, other := range operationsOf(item) {
				if other.Value != op.Value {
					drop[other.Value] = true
				}
			}
			whole := &cut{name: strings.ToUpper(op.Key) + " " + path.Key, drop: drop}
			out = append(out, whole.uses(doc, item, targetOf(doc, op.Value))...)
			whole.unreached(doc)
		}
	}
	for _, c := range out {
		c.unreached(doc)
	}
	return out
}

// operationsOf are the operations of a path item.
func operationsOf(item *load.Node) []load.Member {
	var out []load.Member
	for _, m := range item.Members {
		switch {
		case m.Key == "additionalOperations":
			out = append(out, m.Value.Members...)
		case m.Value.Get("responses") != nil || m.Value.Get("$ref") != nil:
			out = append(out, m)
		}
	}
	return out
}

func targetOf(doc *load.Document, n *load.Node) *load.Node {
	if t, err := doc.Resolve(n); err == nil {
		return t
	}
	return n
}

// uses are the cuts of an operation, of which whole leaves out all others.
func (whole *cut) uses(doc *load.Document, item, op *load.Node) []*cut {
	// parts are what one use keeps and others leave out, with what leads there.
	type part struct {
		name string
		keep []*load.Node
	}
	var parts []part
	var all []*load.Node
	add := func(name string, keep ...*load.Node) { parts = append(parts, part{name, keep}) }
	for _, holder := range []*load.Node{item, op} {
		if list := holder.Get("parameters"); list != nil {
			for _, p := range list.Items {
				t := targetOf(doc, p)
				add("parameter "+t.StrOr("in")+" "+t.StrOr("name"), p)
				if t.StrOr("in") != "path" {
					all = append(all, p)
				}
			}
		}
	}
	if body := op.Get("requestBody"); body != nil {
		all = append(all, body)
		for _, m := range membersOf(targetOf(doc, body).Get("content")) {
			all = append(all, m.Value)
			add("request "+m.Key, body, m.Value)
		}
	}
	for _, r := range membersOf(op.Get("responses")) {
		for _, list := range []string{"content", "headers"} {
			held := targetOf(doc, r.Value).Get(list)
			if held == nil {
				continue
			}
			all = append(all, held)
			for _, m := range membersOf(held) {
				all = append(all, m.Value)
				add(fmt.Sprintf("%s %s", r.Key, m.Key), held, m.Value)
			}
		}
	}
	var out []*cut
	for _, p := range parts {
		c := &cut{name: whole.name + " " + p.name, drop: map[*load.Node]bool{}, wider: whole}
		for n, gone := range whole.drop {
			c.drop[n] = gone
		}
		for _, n := range all {
			c.drop[n] = c.drop[n] || !slices.Contains(p.keep, n)
		}
		out = append(out, c)
	}
	return out
}

func membersOf(n *load.Node) []load.Member {
	if n == nil {
		return nil
	}
	return n.Members
}

// unreached drops the components that nothing else of the cut leads to, but for security schemes.
func (c *cut) unreached(doc *load.Document) {
	components := doc.Root.Get("components")
	if components == nil {
		return
	}
	reached, seen := map[*load.Node]bool{components.Get("securitySchemes"): true}, map[*load.Node]bool{}
	var walk func(n *load.Node)
	follow := func(t *load.Node) {
		for ; t != nil && t.Parent != nil; t = t.Parent {
			if t.Parent.Parent == components {
				reached[t] = true
				walk(t)
				return
			}
		}
	}
	walk = func(n *load.Node) {
		if c.drop[n] || seen[n] || n == components {
			return
		}
		seen[n] = true
		if _, ok := n.Get("$ref").Str(); ok {
			if t, err := doc.Target(n); err == nil {
				follow(t)
			}
		}
		if name, ok := strings.CutPrefix(n.Text, "#/components/schemas/"); ok && n.Kind == load.String {
			follow(components.Get("schemas").Get(name)) // of a discriminator
		}
		for _, m := range n.Members {
			walk(m.Value)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	walk(doc.Root)
	for _, section := range components.Members {
		if section.Key == "securitySchemes" {
			continue
		}
		for _, m := range section.Value.Members {
			c.drop[m.Value] = c.drop[m.Value] || !reached[m.Value]
		}
	}
}
