package load

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
)

// Family is what a schema with a discriminator and without oneOf or anyOf stands for where a
// document refers to it from elsewhere than an allOf: the schemas that extend it by allOf, at any
// depth, and itself where a value selects it (OpenAPI 3.0.3, 4.7.24 and 4.7.25; 3.1.1, 4.8.24 and
// 4.8.25; Swagger 2.0, Schema Object).
type Family struct {
	// Base is the schema with the discriminator, Discriminator the Discriminator Object.
	Base, Discriminator *Node
	// Property is the property whose value selects a member.
	Property string
	// Typed is set where a type keyword says that the values are objects, or null.
	Typed bool
	// Members are in the order of the document, the base first. There are two, or one that extends
	// the base.
	Members []Heir
	// Default is the member for values that select none, and for values without the property: the
	// defaultMapping (OpenAPI 3.2.0, 4.25). It is nil where the document has none.
	Default *Node
}

// Heir is one member of a family.
type Heir struct {
	Node *Node
	// Values of the property select it: those of the mapping, then the name of the component.
	Values []string
	// Line is set where the schema is meant as it stands; else it is the base of a family itself, by
	// another property, and its own discriminator selects among those that extend it.
	Line bool
}

// Family returns the family of a base, or nil: where no schema extends n, no value selects any that
// does, or the document says `x-bailey-inherit: off`.
func (d *Document) Family(n *Node) *Family { return d.families[n] }

// HasFamilies reports whether there are any families, or errors in their place.
func (d *Document) HasFamilies() bool { return len(d.families)+len(d.familyFindings) > 0 }

// Apart are the bases that schemas extend, and of which `x-bailey-inherit: off` says that they have no family.
func (d *Document) Apart() []*Node { return d.apart }

// FamilyFindings are what is wrong with the discriminator of n, which no oneOf or anyOf stands beside.
func (d *Document) FamilyFindings(n *Node) diag.List { return d.familyFindings[n] }

// Line reports whether the item n of an allOf, a oneOf or an anyOf means the base of a family alone.
//
// In an allOf, the schema around it extends what n refers to; but not an allOf without a name that only
// annotates one reference, or allows null beside it: it is the way of OpenAPI 3.0 to write something
// beside a `$ref`. In the other two, another item is a member of the same family: the document lists
// them itself.
func (d *Document) Line(n *Node) bool {
	if owner := ownerOf(n, "allOf"); owner != nil {
		return ownerOf(owner, "allOf") != nil || !d.wraps(owner)
	}
	list := n.Parent
	if ownerOf(n, "oneOf") == nil && ownerOf(n, "anyOf") == nil || len(d.families) == 0 {
		return false
	}
	base, err := d.Resolve(n)
	if err != nil || d.families[base] == nil {
		return false
	}
	f := d.families[base]
	d.Cost.Spend(cost.Schema, len(list.Items)+len(f.Members), n.Pos)
	others := map[*Node]bool{}
	for _, item := range list.Items {
		if t, err := d.Resolve(item); err == nil {
			others[t] = true
		}
	}
	return slices.ContainsFunc(f.Members, func(m Heir) bool { return m.Node != base && others[m.Node] })
}

// ownerOf is the schema of whose keyword, a list, n is an item, or nil.
func ownerOf(n *Node, keyword string) *Node {
	if list := n.Parent; list != nil && list.Kind == Array && list.Key == keyword && list.Parent != nil && list.Parent.role == roleSchema {
		return list.Parent
	}
	return nil
}

// beside are the keywords that say nothing of which schema a reference means.
var beside = map[string]bool{
	"title": true, "description": true, "default": true, "deprecated": true, "readOnly": true, "writeOnly": true, "nullable": true,
	"example": true, "examples": true, "externalDocs": true, "xml": true, "$comment": true, "allOf": true,
}

// annotates reports whether n says nothing but what may stand beside a reference.
func annotates(n *Node) bool {
	return n.Kind == Object && !slices.ContainsFunc(n.Members, func(m Member) bool {
		return !beside[m.Key] && !strings.HasPrefix(m.Key, "x-") && !(m.Key == "type" && m.Value.Kind == String && m.Value.Text == "object")
	})
}

// wraps reports whether the allOf of n only annotates one reference.
func (d *Document) wraps(n *Node) bool {
	if d.mappedTo[n] || !annotates(n) {
		return false
	}
	if _, _, named := d.ComponentName(n); named && !n.Get("nullable").IsTrue() {
		return false
	}
	parts := n.Get("allOf")
	if parts == nil {
		return false
	}
	references := 0
	for _, item := range parts.Items {
		if _, ok := refText(item); ok {
			references++
		} else if !annotates(item) || item.Get("allOf") != nil {
			return false
		}
	}
	return references == 1
}

// families finds the family of each base.
type families struct {
	doc      *Document
	bases    []*Node
	given    map[*Node]*Node   // the Discriminator Object of each base
	children map[*Node][]*Node // the schemas whose allOf names one, in the order in which they were met
	file     map[string]int
	says     map[saying]*said
	depth    int
}

// saying is a property of a schema and of what it extends.
type saying struct {
	n        *Node
	property string
}

// said is what a schema says of a property: that there is one, and of which values. An integer and a boolean
// are their JSON text there, as keys of a mapping are.
type said struct {
	declared bool
	listed   bool
	texts    []string // sorted
	noText   bool     // a type keyword excludes strings
}

// findFamilies finds the families of the document. Its cost is that of all references of allOf, and of
// the members of all families.
func (d *Document) findFamilies() {
	f := &families{
		doc: d, given: map[*Node]*Node{}, children: map[*Node][]*Node{}, file: map[string]int{}, says: map[saying]*said{},
	}
	d.families, d.familyFindings, d.mappedTo = map[*Node]*Family{}, map[*Node]diag.List{}, map[*Node]bool{}
	for _, n := range d.selectors {
		f.base(n)
	}
	if len(f.bases) == 0 {
		return
	}
	for i, name := range d.Files {
		f.file[name] = i
	}
	for _, b := range f.bases {
		for _, m := range mappingOf(f.given[b]) {
			f.mapped(b, m.Value)
		}
		if to := d.DefaultMapping(f.given[b]); to != nil {
			f.mapped(b, to)
		}
	}
	for _, n := range d.allOfs {
		f.extends(n)
	}
	for _, b := range f.bases {
		if d.off(b) && len(f.children[b]) > 0 {
			d.apart = append(d.apart, b)
		}
		f.family(b)
	}
	for _, b := range f.bases {
		f.nest(d.families[b])
	}
}

// mapped notes the schema that a value in the discriminator of b names, which need not be a component.
func (f *families) mapped(b, value *Node) {
	if n := f.doc.Mapped(value); n != nil && n != b {
		f.doc.mappedTo[n] = true
	}
}

// base notes the schema that a discriminator makes a base: n, or the one whose allOf n is written in.
func (f *families) base(n *Node) {
	top := n
	for owner := ownerOf(top, "allOf"); owner != nil; owner = ownerOf(top, "allOf") {
		top = owner
	}
	for at := n; ; at = ownerOf(at, "allOf") {
		if at.Get("oneOf") != nil || at.Get("anyOf") != nil {
			return
		}
		if at == top {
			break
		}
	}
	if f.given[top] == nil {
		f.given[top] = n.Get("discriminator")
		f.bases = append(f.bases, top)
	}
}

// extends notes what the schema n extends.
func (f *families) extends(n *Node) {
	if ownerOf(n, "allOf") != nil || f.doc.wraps(n) {
		return
	}
	if _, _, named := f.doc.ComponentName(n); !named && !f.doc.mappedTo[n] {
		return // no value can mean it
	}
	for _, p := range f.parents(n) {
		if list := f.children[p]; len(list) == 0 || list[len(list)-1] != n {
			f.children[p] = append(list, n)
		}
	}
}

// parents are the schemas that the allOf of n refers to, also from within.
func (f *families) parents(n *Node) []*Node {
	var out []*Node
	all := n.Get("allOf")
	if all == nil {
		return nil
	}
	for _, item := range all.Items {
		f.doc.Cost.Spend(cost.Schema, 1, item.Pos)
		if _, ok := refText(item); !ok {
			out = append(out, f.parents(item)...)
		} else if t, err := f.doc.Resolve(item); err == nil {
			out = append(out, t)
		}
	}
	return out
}

// heirs are the schemas that extend b, in the order of the document.
func (f *families) heirs(b *Node) []*Node {
	seen := map[*Node]bool{b: true}
	queue := slices.Clone(f.children[b])
	var out []*Node
	for len(queue) > 0 {
		n := queue[0]
		if queue = queue[1:]; seen[n] {
			continue
		}
		seen[n] = true
		f.doc.Cost.Spend(cost.Schema, 1+len(f.children[n]), n.Pos)
		out = append(out, n)
		queue = append(queue, f.children[n]...)
	}
	slices.SortStableFunc(out, func(x, y *Node) int {
		return cmp.Or(cmp.Compare(f.file[x.Pos.File], f.file[y.Pos.File]), x.Pos.Compare(y.Pos))
	})
	return out
}

// mappingOf are the members of a discriminator's mapping.
func mappingOf(discriminator *Node) []Member {
	if m := discriminator.Get("mapping"); m != nil && m.Kind == Object {
		return m.Members
	}
	return nil
}

// Mapped is the schema that value, in a mapping or as a defaultMapping, names, or nil. Text that could be a name and a
// reference is a name (OpenAPI 3.1.1, 4.8.25): of a component in the file of value, or else in the entry file.
func (d *Document) Mapped(value *Node) *Node {
	text, ok := value.Str()
	if !ok {
		return nil
	}
	if !strings.ContainsAny(text, "/#") {
		root := value
		for root.Parent != nil {
			root = root.Parent
		}
		for _, root := range []*Node{root, d.Root} {
			if at := root.Get("components").Get("schemas").Get(text); at != nil {
				if n, err := d.Resolve(at); err == nil {
					return n
				}
			}
		}
	}
	n, err := d.Lookup(value, text)
	if err == nil {
		n, err = d.Resolve(n)
	}
	if err != nil {
		return nil
	}
	return n
}

// DefaultMapping is that of a discriminator, or nil: OpenAPI 3.2 has it.
func (d *Document) DefaultMapping(discriminator *Node) *Node {
	if d.Version != "3.2" {
		return nil
	}
	return discriminator.Get("defaultMapping")
}

// off reports whether the document wants b to be read as no more than its own members.
func (d *Document) off(b *Node) bool {
	word := d.Root.Get("x-bailey-inherit")
	if own := b.Get("x-bailey-inherit"); own != nil {
		word = own
	}
	text, _ := word.Str()
	return text == "off"
}
