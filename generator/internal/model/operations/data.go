package operations

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// The runtime replaces the classified values of a request in the texts of errors before it logs
// them. It finds them by their names in the request as it was sent, so that a name is taken for
// classified in its whole body or place wherever it is classified once.

// anyName stands for all members of a body.
const anyName = "*"

// passwordClass is the class of strings of the format password, which need none of their own.
const passwordClass = "secret"

// classified lists the names of the operation's parameters and body members whose values have a
// class of data other than public, and those of passwords and API keys, in the order in which they
// stand in the document.
func (b *Builder) classified(op *model.Operation) {
	add := func(in, name, class string) {
		d := model.Classified{In: gosrc.Quote(in), Name: gosrc.Quote(name), Class: gosrc.Quote(class)}
		if !slices.ContainsFunc(op.Classified, func(o model.Classified) bool { return o.In == d.In && o.Name == d.Name }) {
			op.Classified = append(op.Classified, d)
		}
	}
	for _, name := range op.QueryKeys {
		op.Classified = append(op.Classified, model.Classified{In: gosrc.Quote("query"), Name: name, Class: gosrc.Quote("credential")})
	}
	if !b.classifies() {
		return
	}
	for _, p := range op.Source.Parameters {
		if class := b.classOf(p.Node); class != "" {
			add(p.In, p.Name, class)
		}
		for _, n := range b.contentNodes(p.Node) {
			b.eachClassified(n, func(name, class string) {
				add(p.In, p.Name, class)
				if name != anyName { // a member that is sent as a parameter of its own
					add(p.In, name, class)
				}
			})
		}
	}
	if op.Source.Body == nil {
		return
	}
	for _, media := range op.Source.Body.Content {
		for _, n := range media.Nodes {
			b.eachClassified(n, func(name, class string) { add("body", name, class) })
		}
		for _, e := range media.Encoding {
			b.classifiedHeaders(e, func(class string) { add("body", e.Property, class) })
		}
	}
}

// classifiedHeaders calls f for the classes of the headers of a part.
func (b *Builder) classifiedHeaders(e openapi.Encoding, f func(class string)) {
	for _, h := range e.Headers {
		for _, n := range b.contentNodes(h.Node) {
			b.eachClassified(n, func(_, class string) { f(class) })
		}
	}
}

// classifies reports whether any schema or parameter of the document has a class of data that is kept out
// of logs, or is a password. It looks once.
func (b *Builder) classifies() bool {
	if b.hasClasses == nil {
		found := false
		stack := slices.Clone(b.In.Doc.Roots())
		for len(stack) > 0 && !found {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if n == nil {
				continue
			}
			found = b.classOf(n) != ""
			for i := range n.Members {
				stack = append(stack, n.Members[i].Value)
			}
			stack = append(stack, n.Items...)
		}
		b.hasClasses = &found
	}
	return *b.hasClasses
}

// classOf is the class of data that stands on a schema object or a parameter, "" for none and for public.
func (b *Builder) classOf(n *load.Node) string {
	if pol := b.In.Policies.Schemas[n]; pol != nil && pol.Data != nil && pol.Data.Class != "public" {
		return pol.Data.Class
	}
	if format, ok := n.Get("format").Str(); ok && format == "password" {
		return passwordClass
	}
	return ""
}

// eachClassified calls f for each class of data at and below a schema object, with the name of the
// nearest property that holds it: the one whose schema it is, whose items, members or branches have it;
// anyName where there is no property around it.
func (b *Builder) eachClassified(root *load.Node, f func(name, class string)) {
	type at struct {
		n    *load.Node
		name string
	}
	seen := map[at]bool{}
	stack := []at{{root, anyName}}
	push := func(n *load.Node, name string) { stack = append(stack, at{n, name}) }
	for len(stack) > 0 {
		here := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if here.n == nil || here.n.Kind != load.Object || seen[here] {
			continue
		}
		seen[here] = true
		if class := b.classOf(here.n); class != "" {
			f(here.name, class)
		}
		if family := b.In.Doc.Family(here.n); family != nil {
			for _, m := range family.Members {
				push(m.Node, here.name)
			}
		}
		if _, ok := here.n.Get("$ref").Str(); ok {
			if target, err := b.In.Doc.Target(here.n); err == nil {
				push(target, here.name)
			}
		}
		from := len(stack)
		for i := range here.n.Members {
			m := &here.n.Members[i]
			switch {
			case m.Key == "properties":
				for _, p := range m.Value.Members {
					push(p.Value, p.Key)
				}
			case m.Key == "patternProperties", m.Key == "dependentSchemas":
				for _, p := range m.Value.Members {
					push(p.Value, here.name)
				}
			case strings.HasPrefix(m.Key, "x-"), m.Key == "$defs", m.Key == "definitions", m.Key == "default", m.Key == "const", m.Key == "enum", m.Key == "example", m.Key == "examples":
			case m.Value.Kind == load.Array:
				for _, item := range m.Value.Items {
					push(item, here.name)
				}
			default:
				push(m.Value, here.name)
			}
		}
		slices.Reverse(stack[from:])
	}
}
