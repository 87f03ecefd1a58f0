package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// choice is a oneOf or anyOf of a schema, while it is being settled.
type choice struct {
	e        elem
	at       int // the group's position in the atom
	g        *group
	exactly  bool
	branches []*Schema
	origin   []int // which of the group's branches each one was
	types    Types // what the branches accept together
	null     bool  // null is said to be accepted
	silent   bool  // no branch has a type: the schema around them decides about null
}

// choose settles oneOf and anyOf, and with them the types.
func (r *Reader) choose(s *Schema, implied Types) {
	var list []*choice
	types, null := TypeAny, false
	for _, e := range s.set {
		for i := range e.a.groups {
			if e.cut&(1<<i) != 0 {
				continue
			}
			c := r.choice(s, e, i)
			if c == nil {
				continue
			}
			list = append(list, c)
			if c.silent && (s.explicit || slices.ContainsFunc(c.branches, func(b *Schema) bool { return b.Types == TypeAny })) {
				c.types |= TypeNull
			}
			types &= c.types
			null = null || c.null
		}
	}
	s.settleTypes(implied, types, null)
	for _, c := range list {
		r.prune(s, c)
		if len(c.branches) == 0 {
			s.Types &= TypeNull & c.types
			if s.Types == 0 {
				s.Never = true
				s.refuse(c.g.pos, rules.Unsatisfiable, "no value can match a branch of this %s", c.g.word())
			}
			return
		}
	}
	for _, c := range list {
		if len(c.branches) == 1 && c.g.family == nil && !c.g.whole {
			r.collapse(s, []*choice{c}, c.branches[0])
			return
		}
	}
	if len(list) > 1 {
		r.multiply(s, list)
	} else if len(list) == 1 {
		r.keep(s, list[0])
	}
}

// settleTypes decides the types of s: what type keywords say, else what the branches
// accept, else what the other keywords imply.
func (s *Schema) settleTypes(implied, branches Types, null bool) {
	if s.explicit {
		s.Types &= branches
		return
	}
	if branches&^TypeNull&^implied != 0 && branches != TypeAny {
		s.Types &= branches // wider than what the keywords imply: they hold for their type only
		return
	}
	s.Types &= implied & branches
	if implied == TypeAny {
		return
	}
	s.Implied = true
	orNull := !slices.ContainsFunc(s.set, func(e elem) bool { return !e.null && e.a.asserts })
	if orNull || null && branches&TypeNull != 0 {
		s.Types |= TypeNull
	}
}

// choice reads the branches of one group of s; nil when the group says nothing.
func (r *Reader) choice(s *Schema, e elem, at int) *choice {
	g := &e.a.groups[at]
	if g.family != nil && r.narrowed(s, g.family) {
		return nil
	}
	c := &choice{e: e, at: at, g: g, exactly: g.exactly, null: g.null || e.null}
	for i, b := range g.branches {
		set := r.of(b)
		r.spend(len(set)*len(s.set), g.pos)
		if within(set, s.set) && (!g.exactly || holds(set, e.a)) {
			if e.a.node != nil && holds(set, e.a) && within(set, r.line(e.a.node)) {
				s.refuse(g.pos, rules.ChoiceCycle, "this schema is one of its own branches")
				return nil
			}
			if g.exactly {
				r.warn(g.pos, rules.InheritedChoice, "a branch of this oneOf extends the schema that the oneOf stands in: that the others do not match is not checked where the branch is used by itself")
			}
			return nil
		}
		branch := r.conjunction(set)
		r.fill(branch)
		if branch.state != filled {
			s.refuse(g.pos, rules.ChoiceCycle, "this %s leads back to itself, without anything between", g.word())
			return nil
		}
		if g.family != nil {
			branch = r.withoutNull(branch) // the base says whether null passes
		}
		c.branches, c.origin = append(c.branches, branch), append(c.origin, i)
	}
	c.accept(r)
	if !c.exactly && g.discriminator == nil && g.ready == nil { // else each branch has values of its own
		r.spend(len(c.branches)*len(c.branches), g.pos)
		c.subsume()
	}
	r.uniteEnums(c)
	return c
}

// within reports whether all that a set says is said by another.
func within(set, all []elem) bool {
	return !slices.ContainsFunc(set, func(e elem) bool {
		return !slices.ContainsFunc(all, func(f elem) bool { return f.a == e.a && f.cut == e.cut && (e.null || !f.null) })
	})
}

func holds(set []elem, a *atom) bool {
	return slices.ContainsFunc(set, func(e elem) bool { return e.a == a })
}

// accept finds the types that the branches accept together. Null is settled here: it
// passes a oneOf if it passes exactly one branch, and where no branch has a type the
// schema around it decides.
func (c *choice) accept(r *Reader) {
	typed, nulls := false, 0
	if c.g.null {
		nulls++
	}
	for i := 0; i < len(c.branches); i++ {
		b := c.branches[i]
		typed = typed || b.explicit
		if b.Types&TypeNull != 0 {
			nulls++
		}
		c.types |= b.Types &^ TypeNull
		if b.Types == TypeNull {
			c.drop(i)
			i--
			c.null = true
		}
	}
	switch {
	case !typed && !c.g.null && !c.e.null:
		c.silent = true
	case c.e.null, nulls == 1, nulls > 1 && !c.exactly:
		c.types |= TypeNull
	case nulls > 1:
		r.warn(c.g.pos, rules.ShadowedBranch, "null matches %d branches of this oneOf, so it is refused; write anyOf if it is meant to pass", nulls)
	}
}

func (c *choice) drop(i int) {
	c.branches, c.origin = slices.Delete(c.branches, i, i+1), slices.Delete(c.origin, i, i+1)
}

// subsume drops the branches of an anyOf that a branch with nothing but a type
// contains: `anyOf: [string, enum of strings]` is string.
func (c *choice) subsume() {
	for i := 0; i < len(c.branches); i++ {
		for j, wide := range c.branches {
			if i == j || !wide.plain() || c.branches[i].Types&^wide.Types != 0 {
				continue
			}
			if c.branches[i].plain() && c.branches[i].Types == wide.Types && i < j {
				continue // the first of two equal ones stays
			}
			c.drop(i)
			i--
			break
		}
	}
}

// uniteEnums makes one enum of branches that are enums of one scalar type.
func (r *Reader) uniteEnums(c *choice) {
	if len(c.branches) < 2 || c.g.discriminator != nil {
		return
	}
	var types Types
	for _, b := range c.branches {
		kind := b.Types
		if kind&TypeNumber != 0 {
			kind = TypeNumber
		}
		bare := *b
		bare.Enum = nil
		if b.Enum == nil || !bare.plain() || kind&^(TypeString|TypeInteger|TypeNumber|TypeBool) != 0 || types != 0 && types != kind {
			return
		}
		types = kind
	}
	if c.g.union == nil {
		c.g.union = r.union(c)
	}
	c.branches, c.origin = []*Schema{c.g.union}, []int{-1}
}

// union is the schema of the values that the branches list: for oneOf, those that
// are in one list only.
func (r *Reader) union(c *choice) *Schema {
	s := blank()
	s.Types, s.Pos, s.Node = 0, c.g.pos, c.branches[0].Node
	for _, b := range c.branches {
		r.spend(weigh(b.Enum), c.g.pos)
	}
	count := map[string]int{}
	named := true
	for _, b := range c.branches {
		s.Types |= b.Types
		named = named && len(b.EnumNames) == len(b.Enum)
		for _, v := range b.Enum {
			count[canonical(v)]++
		}
	}
	for _, b := range c.branches {
		for i, v := range b.Enum {
			text := canonical(v)
			if n := count[text]; n > 1 && c.exactly {
				r.warn(v.Pos, rules.ShadowedBranch, "this value is in several branches of a oneOf, so it is refused; write anyOf if it is meant to pass")
				continue
			} else if n == 0 {
				continue
			}
			count[text] = 0
			s.Enum = append(s.Enum, v)
			if named {
				s.EnumNames = append(s.EnumNames, b.EnumNames[i])
			}
		}
	}
	if s.Enum == nil {
		s.Types, s.Never = 0, true
	}
	return s
}

// prune drops the branches that no value of s's types can match.
func (r *Reader) prune(s *Schema, c *choice) {
	for i := 0; i < len(c.branches); i++ {
		b := c.branches[i]
		if b.Types&s.Types&^TypeNull != 0 {
			continue
		}
		if s.Types&^TypeNull != 0 && len(b.Unsupported) == 0 {
			r.warn(b.Pos, rules.ShadowedBranch, "no value can match this branch of the %s at %v: it has type %v, and the schema %v", c.g.word(), c.g.pos, b.Types, s.Types)
		}
		s.Unsupported = append(s.Unsupported, b.Unsupported...)
		c.drop(i)
		i--
	}
}

// collapse merges the one branch that is left of some choices into s.
func (r *Reader) collapse(s *Schema, list []*choice, branch *Schema) {
	set := slices.Clone(s.set)
	null := true
	for _, c := range list {
		null = null && c.types&TypeNull != 0
		for i := range set {
			if set[i].a == c.e.a {
				set[i].cut |= 1 << c.at
			}
		}
	}
	of := r.elements(branch)
	if null {
		of = orNull(of)
	}
	set = append(set, of...)
	whole := r.conjunction(set)
	r.fill(whole)
	if whole.state != filled {
		s.refuse(s.Pos, rules.ChoiceCycle, "this schema leads back to itself, without anything between")
		return
	}
	types := s.Types
	r.spend(len(s.Nodes)*len(whole.Nodes)+len(s.Unsupported)*len(whole.Unsupported), s.Pos)
	s.adopt(whole)
	s.Types &= types
	if same := r.conjunction(core(set)); s.Name == "" && same != s && s.Types == whole.Types {
		r.fill(same)
		s.Same = same
	}
}

// adopt takes all that another schema says, but not what it is called.
func (s *Schema) adopt(from *Schema) {
	c := *from
	c.Node, c.Pos, c.Name, c.Title = s.Node, s.Pos, s.Name, s.Title
	c.Nodes = s.Nodes
	for _, n := range from.Nodes {
		if !slices.Contains(c.Nodes, n) {
			c.Nodes = append(c.Nodes, n)
		}
	}
	if s.Description != "" {
		c.Description = s.Description
	}
	if s.Default != nil {
		c.Default = s.Default
	}
	c.Deprecated = s.Deprecated
	c.self, c.reader, c.set, c.state, c.Same = s.self, s.reader, s.set, s.state, nil
	for _, d := range s.Unsupported {
		if !slices.Contains(c.Unsupported, d) {
			c.Unsupported = append(c.Unsupported, d)
		}
	}
	*s = c
}

// keep makes c the choice of s.
func (r *Reader) keep(s *Schema, c *choice) {
	for i, b := range c.branches {
		if s.Types != TypeAny {
			c.branches[i] = r.withoutNull(b)
		}
	}
	s.NullApart = s.Types == TypeAny && !slices.ContainsFunc(c.branches, func(b *Schema) bool { return b.Types&TypeNull != 0 })
	if c.exactly {
		s.OneOf = c.branches
	} else {
		s.AnyOf = c.branches
	}
	s.Discriminator = r.discriminator(s, c)
	s.Inherited = c.g.family != nil || c.g.whole
	r.shadows(c)
}

// shadows warns of oneOf branches that another one contains: no value can match
// them alone.
func (r *Reader) shadows(c *choice) {
	if !c.exactly || c.g.discriminator != nil || len(c.branches) > maxBranches {
		return
	}
	for i, b := range c.branches {
		if Shadowed(c.branches, i) {
			r.warnOf(ShadowedAt(b, c.g.pos))
		}
	}
}

// multiply makes one choice of several: exactly one of each matches if exactly one
// pair does, and some of each if some pair does.
func (r *Reader) multiply(s *Schema, list []*choice) {
	canOne, canAny, product := true, true, 1
	for _, c := range list {
		r.spend(pairs(c.branches), c.g.pos)
		apart := disjoint(c.branches) // then oneOf and anyOf mean the same
		canOne = canOne && (c.exactly || apart)
		canAny = canAny && (!c.exactly || apart)
		if product *= len(c.branches); product > maxBranches {
			s.refuse(c.g.pos, rules.TooComplex, "the choices that are merged here have more than %d combinations", maxBranches)
			return
		}
	}
	if !canOne && !canAny {
		s.refuse(list[len(list)-1].g.pos, rules.TwoChoices, "a oneOf and an anyOf that both hold here are not supported yet")
		return
	}
	exactly := canOne
	out := &choice{e: list[0].e, at: list[0].at, g: list[0].g, exactly: exactly, types: s.Types}
	for _, c := range list {
		if c.g.discriminator != nil || c.g.ready != nil {
			out.g = c.g
		}
	}
	for n := range product {
		var set []elem
		origin, rest := 0, n
		for _, c := range list {
			i := rest % len(c.branches)
			rest /= len(c.branches)
			set = append(set, r.elements(c.branches[i])...)
			if c.g == out.g {
				origin = c.origin[i]
			}
		}
		b := r.conjunction(set)
		if r.fill(b); b.state != filled {
			s.refuse(out.g.pos, rules.ChoiceCycle, "this %s leads back to itself, without anything between", out.g.word())
			return
		}
		if b.Types&s.Types&^b.Impossible&^TypeNull != 0 {
			out.branches, out.origin = append(out.branches, b), append(out.origin, origin)
		}
	}
	switch len(out.branches) {
	case 0:
		s.Types, s.Never = 0, true
		s.refuse(s.Pos, rules.Unsatisfiable, "no value can match a branch of each oneOf and anyOf that is merged here")
	case 1:
		r.collapse(s, list, out.branches[0])
	default:
		r.keep(s, out)
	}
}

func contradicts(l diag.List) bool {
	return slices.ContainsFunc(l, func(d diag.Diagnostic) bool { return d.Rule == rules.Unsatisfiable })
}

// pairs is what it costs to hold each branch against each other one.
func pairs(branches []*Schema) int {
	required := 1
	for _, b := range branches {
		required += len(b.Required)
	}
	return len(branches) * required
}

// weigh is how many values a list of values has.
func weigh(list []*load.Node) int {
	n := len(list)
	for _, v := range list {
		n += weigh(v.Items)
		for i := range v.Members {
			n += 1 + weigh([]*load.Node{v.Members[i].Value})
		}
	}
	return n
}

// disjoint reports whether it is certain that no value matches two of the branches:
// by their types, or by a required property whose values tell them apart.
func disjoint(branches []*Schema) bool {
	for i, a := range branches {
		for _, b := range branches[:i] {
			if a.Types&b.Types&^TypeNull != 0 && !apart(a, b) {
				return false
			}
		}
	}
	return true
}

// apart reports whether a required property cannot have a value in both.
func apart(a, b *Schema) bool {
	if a.Types != TypeObject || b.Types != TypeObject {
		return false
	}
	for _, name := range a.Required {
		p, q := a.Property(name), b.Property(name)
		if p == nil || q == nil || !slices.Contains(b.Required, name) {
			continue
		}
		x, y := p.Schema.values(), q.Schema.values()
		if x != nil && y != nil && len(intersect(x, y)) == 0 {
			return true
		}
	}
	return false
}

// values are the values that s allows, as far as that is known before it is filled.
func (s *Schema) values() []*load.Node {
	for _, e := range s.set {
		if e.a.own.Enum != nil && !e.null {
			return e.a.own.Enum
		}
	}
	return nil
}
