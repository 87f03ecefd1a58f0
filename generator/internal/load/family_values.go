package load

import (
	"math/big"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// selection decides which values select which member of a family.
type selection struct {
	f      *families
	base   *Node
	given  *Node // the Discriminator Object
	name   string
	values map[*Node][]string
	taken  map[string]*Node
	found  diag.List
}

// family makes the family of b, or says why there is none.
func (f *families) family(b *Node) {
	if f.doc.off(b) || b.Get("x-bailey-exact").IsTrue() {
		return
	}
	s := &selection{f: f, base: b, given: f.given[b], values: map[*Node][]string{}, taken: map[string]*Node{}}
	if fam := s.run(); fam != nil && !s.found.HasErrors() {
		f.doc.families[b] = fam
	}
	if len(s.found) > 0 {
		f.doc.familyFindings[b] = s.found
	}
}

// run is the family, nil where there is none.
func (s *selection) run() *Family {
	name, ok := s.given.Get("propertyName").Str()
	if !ok || name == "" {
		s.none("it has no propertyName")
		return nil
	}
	s.name = name
	heirs := s.f.heirs(s.base)
	typed, object := s.f.typed(s.base)
	switch {
	case len(heirs) == 0:
		if s.f.inherited(s.base, name) {
			return nil // the family of what it extends has it, and nothing is left to select here
		}
		s.none("no schema extends this one")
		return nil
	case !object:
		s.none("it is no object")
		return nil
	case !s.f.ofProperty(s.base, name).declared && slices.ContainsFunc(heirs, func(h *Node) bool { return !s.f.ofProperty(h, name).declared }):
		s.none("it does not declare the property " + quote(name))
		return nil
	}
	members := append([]*Node{s.base}, heirs...)
	s.mapped(members)
	for _, n := range members {
		s.implied(n, n == s.base)
	}
	fam := &Family{Base: s.base, Discriminator: s.given, Property: name, Typed: typed, Default: s.byDefault(members)}
	for _, n := range members {
		s.f.doc.Cost.Spend(cost.Schema, 1+len(s.values[n]), n.Pos)
		if len(s.values[n]) > 0 || n == fam.Default {
			fam.Members = append(fam.Members, Heir{Node: n, Values: s.values[n], Line: true})
		}
	}
	if len(fam.Members) == 0 || len(fam.Members) == 1 && fam.Members[0].Node == s.base {
		s.none("no value of " + quote(name) + " selects a schema that extends this one")
		return nil
	}
	if !s.found.HasErrors() {
		s.passedOver(heirs, fam.Default)
	}
	return fam
}

// none warns of a base that is read as no more than itself.
func (s *selection) none(why string) {
	s.found.Add(diag.Diagnostic{
		Pos: s.given.Pos, Severity: diag.Warning, Rule: rules.Discriminator,
		Message: "this discriminator selects nothing: " + why + ", so where it is used, only its own members are known",
		Advice:  "let schemas extend it by allOf, list them in a oneOf, or write x-bailey-inherit: off if that is meant",
	})
}

// mapped takes the written mapping.
func (s *selection) mapped(members []*Node) {
	in := make(map[*Node]bool, len(members))
	for _, n := range members {
		in[n] = true
	}
	for _, m := range mappingOf(s.given) {
		s.f.doc.Cost.Spend(cost.Schema, 1, m.Pos)
		n := s.f.doc.Mapped(m.Value)
		text, isText := m.Value.Str()
		switch {
		case in[n] && n != nil:
			s.taken[m.Key] = n
			s.values[n] = append(s.values[n], m.Key)
			continue
		case !isText:
			s.found.Errorf(m.Value.Pos, rules.Discriminator, "a mapping leads from a value to a schema's name or reference")
		case n == nil:
			s.found.Warnf(m.Value.Pos, rules.Discriminator, "the value %q selects %s, which is no schema of this document: it is refused", short(m.Key), quote(text))
		default:
			s.found.Warnf(m.Pos, rules.Discriminator, "the value %q selects a schema that does not extend this one by allOf: it is refused", short(m.Key))
		}
		s.taken[m.Key] = m.Value
	}
}

// byDefault is the member that a defaultMapping names, or nil.
func (s *selection) byDefault(members []*Node) *Node {
	to := s.f.doc.DefaultMapping(s.given)
	if to == nil {
		return nil
	}
	n := s.f.doc.Mapped(to)
	if n == nil || !slices.Contains(members, n) {
		s.found.Errorf(to.Pos, rules.Discriminator, "the defaultMapping leads to no schema that extends this one by allOf: let the schema extend it, or take the defaultMapping out")
		return nil
	}
	return n
}

// implied takes the name of a component, if its property may have that value. Where it may not, the
// values are those that the schema itself narrows the property to.
func (s *selection) implied(n *Node, base bool) {
	of := s.f.ofProperty(n, s.name)
	if !of.declared {
		return
	}
	if name := s.f.doc.DiscriminatorValue(n); name != "" && of.allows(name) {
		if by := s.taken[name]; by == nil || by == n {
			s.add(n, name)
		} else if by.role == roleSchema && !slices.Contains(s.written(by), name) {
			s.twice(n, by, name)
		}
		return
	}
	if base || len(s.values[n]) > 0 || !of.listed || slices.ContainsFunc(s.f.parents(n), func(p *Node) bool {
		up := s.f.ofProperty(p, s.name)
		return up.declared && up.listed && slices.Equal(up.texts, of.texts)
	}) {
		return
	}
	for _, text := range of.texts {
		if by := s.taken[text]; by == nil {
			s.add(n, text)
		} else if by.role == roleSchema && !slices.Contains(s.written(by), text) {
			s.twice(n, by, text)
		}
	}
}

// written are the values of the mapping that select n.
func (s *selection) written(n *Node) []string {
	var out []string
	for _, m := range mappingOf(s.given) {
		if slices.Contains(s.values[n], m.Key) {
			out = append(out, m.Key)
		}
	}
	return out
}

func (s *selection) add(n *Node, value string) {
	if s.taken[value] != n {
		s.taken[value] = n
		s.values[n] = append(s.values[n], value)
	}
}

// twice refuses a value that selects two schemas.
func (s *selection) twice(n, other *Node, value string) {
	s.found.Add(diag.Diagnostic{
		Pos: n.Pos, Rule: rules.Discriminator,
		Message: "the value " + quote(value) + " of the discriminator " + quote(s.name) + " selects this schema and the one at " + other.Pos.String(),
		Advice:  "write a mapping at " + s.given.Pos.String(),
	})
}

// passedOver warns of schemas that no value selects, and whose heirs none does either.
func (s *selection) passedOver(heirs []*Node, fallback *Node) {
	for _, n := range heirs {
		if n != fallback && len(s.values[n]) == 0 && !slices.ContainsFunc(s.f.children[n], func(c *Node) bool { return len(s.values[c]) > 0 }) {
			s.found.Warnf(n.Pos, rules.Discriminator, "no value of the discriminator at %v selects this schema: its %q cannot be the schema's name; write a mapping there", s.given.Pos, s.name)
		}
	}
}

// inherited reports whether b extends a base of the same property.
func (f *families) inherited(b *Node, property string) bool {
	queue, seen := f.parents(b), map[*Node]bool{}
	for len(queue) > 0 {
		n := queue[0]
		if queue = queue[1:]; seen[n] {
			continue
		}
		seen[n] = true
		if name, _ := f.given[n].Get("propertyName").Str(); name == property {
			return true
		}
		queue = append(queue, f.parents(n)...)
	}
	return false
}

// nest lets the members of fam that are bases by another property select among their own heirs.
func (f *families) nest(fam *Family) {
	if fam == nil {
		return
	}
	for i := range fam.Members {
		m := &fam.Members[i]
		if own := f.doc.families[m.Node]; own != nil && own != fam && own.Property != fam.Property {
			m.Line = false
		}
	}
}

// DiscriminatorValue is the value of a discriminator that selects the schema n where no mapping has one: its
// x-ms-discriminator-value (AutoRest), or else the name of the component that it is. It is "" where n has neither.
func (d *Document) DiscriminatorValue(n *Node) string {
	if v, ok := scalarText(n.Get("x-ms-discriminator-value")); ok {
		return v
	}
	if section, name, ok := d.ComponentName(n); ok && section == "schemas" {
		return name
	}
	return ""
}

// allows reports whether the property may have a value, which is a text or stands for an integer or a boolean.
func (s *said) allows(text string) bool {
	if !s.listed {
		return !s.noText || text == "true" || text == "false" || isInteger(text)
	}
	_, ok := slices.BinarySearch(s.texts, text)
	return ok
}

// narrow intersects the texts with a list.
func (s *said) narrow(texts []string) {
	slices.Sort(texts)
	texts = slices.Compact(texts)
	if s.listed {
		texts = slices.DeleteFunc(texts, func(t string) bool { _, ok := slices.BinarySearch(s.texts, t); return !ok })
	}
	s.listed, s.texts = true, texts
}

// ofProperty is what n and all that it extends say of a property.
func (f *families) ofProperty(n *Node, property string) *said {
	key := saying{n, property}
	if s, ok := f.says[key]; ok {
		return s
	}
	out := &said{}
	if f.depth > maxLineage {
		return out // package schema refuses it
	}
	f.depth++
	defer func() { f.depth-- }()
	f.says[key] = out
	f.doc.Cost.Spend(cost.Schema, 1, n.Pos)
	join := func(s *said) {
		out.declared = out.declared || s.declared
		out.noText = out.noText || s.noText
		if s.listed {
			f.doc.Cost.Spend(cost.Schema, 1+len(s.texts), n.Pos)
			out.narrow(slices.Clone(s.texts))
		}
	}
	if _, ok := refText(n); ok {
		if t, err := f.doc.Target(n); err == nil {
			join(f.ofProperty(t, property))
		}
		if !f.doc.siblings(roleSchema) {
			return out
		}
	}
	if p := n.Get("properties").Get(property); p != nil {
		out.declared = true
		f.listed(p, out, 0)
	}
	if all := n.Get("allOf"); all != nil {
		for _, item := range all.Items {
			join(f.ofProperty(item, property))
		}
	}
	return out
}

// maxLineage is how deep schemas extend each other: package schema reads no deeper ones.
const maxLineage = 1000

// maxListed is how many references and allOf the schema of a discriminator's property may lead through.
const maxListed = 20

// listed takes the texts that a schema lists.
func (f *families) listed(p *Node, out *said, depth int) {
	if depth > maxListed {
		return
	}
	if _, ok := refText(p); ok {
		if t, err := f.doc.Target(p); err == nil {
			f.listed(t, out, depth+1)
		}
		if !f.doc.siblings(roleSchema) {
			return
		}
	}
	if v := p.Get("type"); v != nil {
		out.noText = out.noText || !slices.Contains(texts(append(slices.Clone(v.Items), v)...), "string")
	}
	if v := p.Get("const"); v != nil {
		out.narrow(scalars(v))
	}
	if v := p.Get("enum"); v != nil && v.Kind == Array {
		f.doc.Cost.Spend(cost.Schema, len(v.Items), v.Pos)
		out.narrow(scalars(v.Items...))
	}
	if all := p.Get("allOf"); all != nil {
		for _, item := range all.Items {
			f.listed(item, out, depth+1)
		}
	}
}

// texts are the strings among some values.
func texts(list ...*Node) []string {
	out := []string{}
	for _, v := range list {
		if s, ok := v.Str(); ok {
			out = append(out, s)
		}
	}
	return out
}

// scalars are the values among some that can select: strings, integers and booleans.
func scalars(list ...*Node) []string {
	out := []string{}
	for _, v := range list {
		if s, ok := scalarText(v); ok {
			out = append(out, s)
		}
	}
	return out
}

// scalarText is a string, or the JSON text of an integer or a boolean, as a key of a mapping spells it.
func scalarText(v *Node) (string, bool) {
	switch {
	case v == nil:
		return "", false
	case v.Kind == String, v.Kind == Bool:
		return v.Text, true
	case v.Kind == Number:
		if r, ok := new(big.Rat).SetString(v.Text); ok && r.IsInt() && r.Num().IsInt64() {
			return r.Num().String(), true
		}
	}
	return "", false
}

// isInteger reports whether a text is an integer within 64 bits in its shortest spelling.
func isInteger(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == text
}

// typed reports whether a type keyword of n or of what it extends says that the values are objects, or
// null, and whether objects pass.
func (f *families) typed(n *Node) (typed, object bool) {
	object = true
	seen := map[*Node]bool{}
	stack := []*Node{n}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		if stack = stack[:len(stack)-1]; seen[at] {
			continue
		}
		seen[at] = true
		f.doc.Cost.Spend(cost.Schema, 1, at.Pos)
		if v := at.Get("type"); v != nil {
			names := slices.DeleteFunc(texts(append(slices.Clone(v.Items), v)...), func(s string) bool { return s == "null" })
			typed = typed || len(names) == 1 && names[0] == "object"
			object = object && slices.Contains(names, "object")
		}
		if t, err := f.doc.Target(at); err == nil && t != at {
			stack = append(stack, t)
		}
		if all := at.Get("allOf"); all != nil {
			stack = append(stack, all.Items...)
		}
	}
	return typed, object
}
