package naming

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Place is where a schema stands in the document: in a component, or in an operation. Its name is
// the names of the places around it, one after the other; Spelled are the same, divided.
type Place struct {
	Name    gosrc.Ident
	Spelled gosrc.Ident
	// Component is set for the schema object of a component itself. Within is the schema object in
	// which it stands, if that has a name.
	Component bool
	Within    *load.Node
}

// Plus is a place within p.
func (p Place) Plus(word gosrc.Ident) Place {
	return Place{Name: p.Name.Plus(word.String()), Spelled: p.Spelled.Plus("_" + word.String()), Within: p.Within}
}

// Places knows the places of schema objects.
type Places struct {
	// Chosen is the name that the document chooses for a schema object, or "".
	Chosen func(*load.Node) string
	// Component is the name of the component at a node; ok is false where there is none.
	Component func(n *load.Node, asked bool) (name gosrc.Ident, ok bool)

	roots map[*load.Node]root
	known map[key]*Place
}

// root is the place of a parameter, a header or the schema of a media type.
type root struct {
	name          gosrc.Ident
	asked, schema bool
}

type key struct {
	node  *load.Node
	asked bool
}

// NewPlaces returns one that knows components only.
func NewPlaces(chosen func(*load.Node) string, component func(*load.Node, bool) (gosrc.Ident, bool)) *Places {
	return &Places{Chosen: chosen, Component: component, roots: map[*load.Node]root{}, known: map[key]*Place{}}
}

// Root sets the name of a parameter, a header or a media type's schema; asked where it is of
// a request, schema where n is a schema object. The first one counts.
func (p *Places) Root(n *load.Node, name gosrc.Ident, asked, schema bool) {
	if _, ok := p.roots[n]; !ok && n != nil {
		p.roots[n] = root{name, asked, schema}
	}
}

// Of is the place of a schema object, or nil where it is in none that has a name. asked is set for
// the view of requests, of a schema of which responses have another.
func (p *Places) Of(n *load.Node, asked bool) *Place {
	k := key{n, asked}
	if at, ok := p.known[k]; ok {
		return at
	}
	at := p.find(n, asked)
	p.known[k] = at
	return at
}

func (p *Places) find(n *load.Node, asked bool) *Place {
	if r, ok := p.roots[n]; ok {
		name := r.name
		if asked && !r.asked { // a request refers to what stands in a response
			name = name.Plus("Input")
		}
		at := &Place{Name: name, Spelled: name}
		if r.schema {
			at.Within = n
		}
		return at
	}
	if name, ok := p.Component(n, asked); ok {
		return &Place{Name: name, Spelled: name, Component: true, Within: n}
	}
	if own := p.Chosen(n); own != "" {
		name := IdentOf(own)
		return &Place{Name: name, Spelled: name, Within: n}
	}
	if n.Parent == nil {
		return nil
	}
	above := p.Of(n.Parent, asked)
	if above == nil {
		return nil
	}
	word := word(n)
	if word == "" {
		return above
	}
	at := above.Plus(gosrc.Exported(word))
	return &at
}

// IdentOf is a name that the document chooses (x-bailey-go-name), as it is written; policy has checked it.
func IdentOf(chosen string) gosrc.Ident {
	if id, err := gosrc.NewIdent(chosen); err == nil {
		return id
	}
	return gosrc.Exported(chosen)
}

// word is the name of a place within the one around it: "" for a node that is no place of its own.
func word(n *load.Node) string {
	switch holder := n.Parent; {
	case holder.Kind == load.Array && (holder.Key == "oneOf" || holder.Key == "anyOf"):
		return branch(n, holder)
	case holder.Kind == load.Array && holder.Key == "prefixItems":
		return "item " + n.Key
	case holder.Kind == load.Array:
		return ""
	case isNames(holder):
		return n.Key
	}
	switch n.Key {
	case "items":
		return "item"
	case "additionalProperties":
		if n.Parent.Get("properties") != nil {
			return "additional properties"
		}
		return "value"
	case "not", "if", "then", "else", "contains", "propertyNames", "contentSchema", "unevaluatedProperties", "unevaluatedItems":
		return n.Key
	}
	return ""
}

// isNames reports whether the members of n are schemas or headers by their names: a property may be
// called "properties", too.
func isNames(n *load.Node) bool {
	switch n.Key {
	case "properties", "patternProperties", "dependentSchemas", "headers":
		return n.Kind == load.Object && n.Parent != nil && !isNames(n.Parent)
	}
	return false
}

// branch is the word of a branch of a choice: its title, its type, or its number.
func branch(n, list *load.Node) string {
	others := 0
	for _, item := range list.Items {
		if !isNull(item) {
			others++
		}
	}
	if others <= 1 {
		return "" // it is a choice between the branch and null
	}
	if t := n.Get("title"); t != nil && t.Kind == load.String && t.Text != "" && len(t.Text) <= 40 {
		return t.Text
	}
	if t := n.Get("type"); t != nil && t.Kind == load.String {
		switch strings.ToLower(t.Text) {
		case "string":
			return "string"
		case "boolean":
			return "bool"
		case "integer":
			return "int"
		case "number":
			return "number"
		case "array":
			return "list"
		}
	}
	i, _ := strconv.Atoi(n.Key)
	return "option " + strconv.Itoa(i+1)
}

func isNull(n *load.Node) bool {
	t := n.Get("type")
	return t != nil && t.Kind == load.String && t.Text == "null"
}
