package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// fill merges the atoms of s. It reads no more of the schemas that s holds than
// their names, except the branches of oneOf and anyOf: so recursion through
// properties and items is no recursion here.
func (r *Reader) fill(s *Schema) {
	if s.state != fresh {
		return
	}
	s.state = filling
	r.nesting++
	r.identify(s)
	for _, e := range s.set {
		r.spend(1+weigh(e.a.own.Enum)+len(e.a.own.Required)+len(e.a.own.Unsupported)+len(e.a.own.RequiredAny)+len(e.a.own.RequiredOne), e.a.own.Pos)
		if s.Enum != nil && e.a.own.Enum != nil {
			r.spend(weigh(s.Enum), e.a.own.Pos)
		}
		r.spend(len(s.Patterns)*len(e.a.own.Patterns), e.a.own.Pos)
		s.absorb(e)
	}
	r.members(s, s.require())
	r.items(s)
	implied := s.implied()
	if r.nesting > maxNesting {
		s.refuse(s.Pos, rules.TooComplex, "oneOf and anyOf are nested more than %d deep here", maxNesting)
		s.settleTypes(implied, TypeAny, false)
	} else {
		r.choose(s, implied)
	}
	if s.Same == nil && s.state == filling {
		r.same(s)
	}
	r.finish(s)
	r.nesting--
	s.state = filled
}

// identify finds what s is called and where it stands: if its atoms are all that one
// schema object consists of, it is that object's schema.
func (r *Reader) identify(s *Schema) {
	key := ""
	for _, e := range s.set {
		n := e.a.node
		if n == nil {
			continue
		}
		if key == "" {
			key = keyOf(s.set)
		}
		if c, ok := r.identical(s, n, key); ok {
			own := &e.a.own
			s.set = c
			s.Node, s.Pos, s.Name = n, own.Pos, own.Name
			if s.Line = len(e.a.groups) == 0 && r.family(n) != nil; s.Line && s.Name != "" {
				s.Name += " base"
			}
			s.Title, s.Description, s.Default = own.Title, own.Description, own.Default
			s.Nodes = append(s.Nodes, n)
			break
		}
	}
	for _, e := range s.set {
		if own := &e.a.own; s.Node == nil {
			s.Node = own.Node
		}
		if s.Pos == (diag.Pos{}) {
			s.Pos = e.a.own.Pos
		}
		nodes := e.a.own.Nodes
		if e.a.node != nil {
			nodes = []*load.Node{e.a.node}
		}
		for _, n := range nodes {
			if len(s.set) == 1 || !slices.Contains(s.Nodes, n) {
				s.Nodes = append(s.Nodes, n)
			}
		}
	}
	if len(s.set) == 1 {
		s.Nodes = slices.Compact(s.Nodes)
		if s.Title == "" {
			s.Title = s.set[0].a.own.Title
		}
	}
}

// identical is what the schema object n consists of, in the reading in which that is the set of s.
func (r *Reader) identical(s *Schema, n *load.Node, key string) ([]elem, bool) {
	for _, line := range []bool{false, true} {
		c, ok := r.closures[reading{n, line}]
		if !ok || len(c) != len(s.set) {
			continue
		}
		r.spend(len(s.set), n.Pos)
		if keyOf(c) == key {
			return c, true
		}
	}
	return nil, false
}

// absorb adds the plain keywords of one atom.
func (s *Schema) absorb(e elem) {
	o := &e.a.own
	s.Unsupported = append(s.Unsupported, o.Unsupported...)
	s.Beyond = append(s.Beyond, o.Beyond...)
	s.Impossible |= o.Impossible
	if s.Description == "" {
		s.Description = o.Description
	}
	if s.Default == nil {
		s.Default = o.Default
	}
	s.Deprecated = s.Deprecated || o.Deprecated && e.a.own.Node == s.Node
	s.ReadOnly = s.ReadOnly || o.ReadOnly
	s.WriteOnly = s.WriteOnly || o.WriteOnly
	s.Never = s.Never || o.Never && !e.null

	types := o.Types
	if e.a.typed && e.null {
		types |= TypeNull
	}
	if !e.a.typed {
		types = TypeAny
	}
	s.Types &= types
	s.explicit = s.explicit || e.a.typed

	s.absorbEnum(e)
	s.absorbFormat(o)
	s.MinLength = max(s.MinLength, o.MinLength)
	s.MaxLength = least(s.MaxLength, o.MaxLength)
	for _, p := range o.Patterns {
		if !slices.ContainsFunc(s.Patterns, func(q Pattern) bool { return q.Source == p.Source }) {
			s.Patterns = append(s.Patterns, p)
		}
	}
	s.raise(o.Minimum, o.ExclusiveMinimum)
	s.lower(o.Maximum, o.ExclusiveMaximum)
	for _, m := range o.MultipleOf {
		if !slices.Contains(s.MultipleOf, m) {
			s.MultipleOf = append(s.MultipleOf, m)
		}
	}
	s.MinItems = max(s.MinItems, o.MinItems)
	s.MaxItems = least(s.MaxItems, o.MaxItems)
	s.UniqueItems = s.UniqueItems || o.UniqueItems
	s.MinProperties = max(s.MinProperties, o.MinProperties)
	s.MaxProperties = least(s.MaxProperties, o.MaxProperties)
	s.RequiredAny = append(s.RequiredAny, o.RequiredAny...)
	s.RequiredOne = append(s.RequiredOne, o.RequiredOne...)
	if s.ContentEncoding == "" {
		s.ContentEncoding = o.ContentEncoding
	}
	if s.ContentMediaType == "" {
		s.ContentMediaType = o.ContentMediaType
	}
}

// raise and lower tighten a bound.
func (s *Schema) raise(text string, exclusive bool) {
	if tighter(text, exclusive, s.Minimum, s.ExclusiveMinimum, 1) {
		s.Minimum, s.ExclusiveMinimum = text, exclusive
	}
}

func (s *Schema) lower(text string, exclusive bool) {
	if tighter(text, exclusive, s.Maximum, s.ExclusiveMaximum, -1) {
		s.Maximum, s.ExclusiveMaximum = text, exclusive
	}
}

// tighter reports whether bound a excludes more than b; sign is 1 for lower bounds.
func tighter(a string, aExclusive bool, b string, bExclusive bool, sign int) bool {
	x, ok1 := exact(a)
	y, ok2 := exact(b)
	if !ok1 || !ok2 {
		return ok1
	}
	c := x.Cmp(y) * sign
	return c > 0 || c == 0 && aExclusive && !bExclusive
}

func (s *Schema) absorbEnum(e elem) {
	list, names := e.a.own.Enum, e.a.own.EnumNames
	if list == nil {
		return
	}
	if e.null {
		list = withNull(list, e.a.node)
	}
	if s.Enum == nil {
		s.Enum, s.EnumNames = list, names
		return
	}
	if s.EnumNames == nil && names != nil {
		s.Enum, s.EnumNames, list = list, names, s.Enum
	}
	in := setOf(list)
	var kept []*load.Node
	var keptNames []string
	for i, v := range s.Enum {
		if _, ok := in[canonical(v)]; !ok {
			continue
		}
		kept = append(kept, v)
		if i < len(s.EnumNames) {
			keptNames = append(keptNames, s.EnumNames[i])
		}
	}
	if len(kept) == 0 && len(s.Enum) > 0 {
		s.refuse(place(&e.a.own, "enum"), rules.Unsatisfiable, "the enums that are merged here have no value in common")
		kept = []*load.Node{}
	}
	s.Enum, s.EnumNames = kept, keptNames
}

// members merges the properties: one that an atom does not name is what that atom
// says of additional properties.
func (r *Reader) members(s *Schema, required map[string]bool) {
	total := 0
	var strict []int // the atoms that say something of members that they do not name
	for i, e := range s.set {
		total += len(e.a.members)
		if e.a.closed {
			r.close(s, e)
		}
		if e.a.own.Extra != ExtraSilent && e.a.own.Extra != ExtraAny {
			strict = append(strict, i)
		}
	}
	r.extra(s)
	r.spend(total*(1+len(strict)), s.Pos)
	naming := make(map[string][]int, total) // the atoms that name a member
	for i, e := range s.set {
		for _, m := range e.a.members {
			if at := naming[m.name]; len(at) == 0 || at[len(at)-1] != i {
				naming[m.name] = append(at, i)
			}
		}
	}
	for _, e := range s.set {
		for _, m := range e.a.members {
			if at := naming[m.name]; len(at) > 0 { // else it was met before
				r.member(s, m, required[m.name], both(at, strict))
				naming[m.name] = nil
			}
		}
	}
}

// both merges two ascending lists.
func both(a, b []int) []int {
	if len(b) == 0 {
		return a
	}
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// require collects the names of required members.
func (s *Schema) require() map[string]bool {
	seen := map[string]bool{}
	for _, e := range s.set {
		for _, name := range e.a.own.Required {
			if !seen[name] {
				seen[name] = true
				s.Required = append(s.Required, name)
			}
		}
	}
	return seen
}

// member merges what some atoms of s say of one property: those at the places in from.
func (r *Reader) member(s *Schema, m member, required bool, from []int) {
	p := Property{Name: m.name, Pos: m.pos}
	var set []elem
	for _, at := range from {
		e := s.set[at]
		if i, ok := e.a.index[m.name]; ok {
			at := e.a.members[i].at
			if at.node != nil {
				p.Nodes = append(p.Nodes, at.node)
			} else {
				p.Nodes = append(p.Nodes, copiedNodes(e.a, m.name)...)
			}
			set = append(set, r.of(at)...)
			continue
		}
		switch {
		case e.a.own.Extra == ExtraSilent, e.a.own.Extra == ExtraAny, r.patterned(e.a, m.name): // nothing of this member
		case e.a.own.Extra == ExtraTyped:
			set = append(set, r.of(e.a.extra)...)
		default:
			pos := place(&e.a.own, "additionalProperties")
			if required {
				s.contradict(TypeObject, m.pos, "property %q is required, and additionalProperties: false at %v refuses it", m.name, pos)
			} else {
				r.warn(m.pos, rules.ClosedSchema, "property %q can never be there: additionalProperties: false at %v refuses it", m.name, pos)
			}
			return
		}
	}
	if len(set) > 0 {
		p.Schema = r.conjunction(set)
		s.Properties = append(s.Properties, p)
	}
}

// patterned reports whether patternProperties may name a member: then additionalProperties
// says nothing of it.
func (r *Reader) patterned(a *atom, name string) bool {
	return slices.ContainsFunc(a.own.Beyond, func(k Keyword) bool {
		return k.Key == "patternProperties" && slices.ContainsFunc(k.Value.Members, func(m load.Member) bool {
			r.spend(1+len(name)/16, k.Value.Pos)
			matches, sure := r.Match(m.Key, name)
			return matches || !sure
		})
	})
}

// copiedNodes are the nodes of a property of a changed copy.
func copiedNodes(a *atom, name string) []*load.Node {
	if p := a.own.Property(name); p != nil {
		return p.Nodes
	}
	return nil
}

// place is where an atom has a keyword.
func place(own *Schema, keyword string) diag.Pos {
	if n := own.Node.Get(keyword); n != nil {
		return n.Pos
	}
	return own.Pos
}

// extra merges what the atoms say of members that no atom names.
func (r *Reader) extra(s *Schema) {
	var set []elem
	for _, e := range s.set {
		switch kind := e.a.own.Extra; {
		case kind == ExtraFalse, s.Extra == ExtraFalse:
			s.Extra = ExtraFalse
		case kind == ExtraTyped:
			s.Extra = ExtraTyped
			set = append(set, r.of(e.a.extra)...)
		case kind == ExtraAny && s.Extra == ExtraSilent:
			s.Extra = ExtraAny
		}
	}
	if s.Extra == ExtraTyped {
		s.ExtraSchema = r.conjunction(set)
	}
}

// close takes unevaluatedProperties: false of an atom, which counts what the atom's
// own schema names, and not what a schema around it adds.
func (r *Reader) close(s *Schema, closed elem) {
	if closed.a.node == nil {
		s.Closed = true
		return
	}
	within := map[*atom]bool{}
	for _, e := range r.line(closed.a.node) {
		within[e.a] = true
		if e.a.opens {
			return
		}
	}
	s.Closed = true
	for _, e := range s.set {
		if e.a.judges && within[e.a] {
			s.refuse(place(&closed.a.own, "unevaluatedProperties"), rules.UnsupportedKeyword,
				"unevaluatedProperties: false beside an if, whose schema may name members, is not supported yet")
			return
		}
		if !within[e.a] && (len(e.a.members) > 0 || len(e.a.groups) > 0 || e.a.own.Extra != ExtraSilent) {
			s.refuse(place(&closed.a.own, "unevaluatedProperties"), rules.UnsupportedKeyword,
				"unevaluatedProperties: false in a schema that another one extends is not supported yet")
			return
		}
	}
}

func (r *Reader) items(s *Schema) {
	var set []elem
	for _, e := range s.set {
		if !e.a.items.empty() {
			set = append(set, r.of(e.a.items)...)
		}
	}
	if len(set) > 0 {
		s.Items = r.conjunction(set)
	}
}

// same finds the schema that s only annotates.
func (r *Reader) same(s *Schema) {
	if s.Name != "" {
		return
	}
	if set := core(s.set); len(set) < len(s.set) {
		s.Same = r.conjunction(set)
	}
}
