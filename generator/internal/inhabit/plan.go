package inhabit

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// plan lists the needs of a value of a schema.
type plan struct {
	met  bool  // some value needs nothing of other schemas
	ways []way // each of these would do
}

// way is one kind of value: an array, an object, a branch.
type way struct {
	all    []step
	groups []group
	broken diag.List // why there is none, whatever other schemas say
}

// group asks for some of several things.
type group struct {
	need  int
	of    [][]step
	other *step           // does instead
	none  diag.Diagnostic // why there is none, where no step says it
}

// step is another schema that has to be met.
type step struct {
	to    *schema.Schema
	at    diag.Pos // the place that asks for it
	label string   // how it is reached: ".name"
}

// plan reads a schema.
func (s *Set) plan(x *schema.Schema) plan {
	alive := x.Types &^ x.Impossible
	switch {
	case x.Has("$schema"): // of a dialect that need not have the keywords at all
		return plan{met: true}
	case x.Never || alive == 0:
		return plan{}
	case len(x.OneOf)+len(x.AnyOf) > 0:
		return s.branches(x)
	case alive&^(schema.TypeArray|schema.TypeObject) != 0:
		return plan{met: true}
	}
	var p plan
	if alive&schema.TypeArray != 0 {
		p.add(s.array(x))
	}
	if alive&schema.TypeObject != 0 && !p.met {
		p.add(s.object(x))
	}
	return p
}

func (p *plan) add(w way) {
	p.ways = append(p.ways, w)
	p.met = p.met || len(w.all)+len(w.groups)+len(w.broken) == 0
}

// branches are the ways of a oneOf or anyOf.
func (s *Set) branches(x *schema.Schema) plan {
	if x.Types&schema.TypeNull != 0 && (x.Types != schema.TypeAny || x.NullApart) {
		return plan{met: true} // null is not the branches'
	}
	list := slices.Concat(x.OneOf, x.AnyOf)
	times := map[*schema.Schema]int{}
	for _, branch := range list {
		times[branch]++
	}
	p := plan{ways: make([]way, len(list))}
	for i, merged := range s.cfg.Branches(x) {
		label := ""
		if list[i].Name != "" && merged.Name == "" {
			label = " -> " + list[i].Name
		}
		p.ways[i].all = []step{{merged, list[i].Pos, label}}
		if len(x.OneOf) > 0 && x.Discriminator == nil && s.shadowed(list, i, times) {
			p.ways[i].broken.Add(schema.ShadowedAt(list[i], x.At("oneOf")))
		}
	}
	return p
}

// shadowed reports whether whatever matches a branch of a oneOf is sure to match another one.
// An object that names no members may be one that has none, so that it contains no other.
func (s *Set) shadowed(list []*schema.Schema, i int, times map[*schema.Schema]int) bool {
	if list[i].Types&schema.TypeObject == 0 {
		s.cfg.Cost.Spend(cost.Inhabit, 1+len(list)/8, list[i].Pos)
		return schema.Shadowed(list, i)
	}
	return times[list[i]] > 1
}

// array lists the needs of an array: as many items as it must have at least, each of which the
// schema of its place can meet.
func (s *Set) array(x *schema.Schema) (w way) {
	least, at := x.MinItems, x.At("minItems")
	for _, k := range x.Beyond {
		if k.Key != "contains" {
			continue
		}
		n := count(k.Node, "minContains", 1)
		switch most := count(k.Node, "maxContains", -1); {
		case most >= 0 && n > most:
			w.broken.Add(contradiction(k.Node.PosOf("maxContains"), "minContains %d is greater than maxContains %d", n, most))
		case x.MaxItems >= 0 && n > x.MaxItems:
			w.broken.Add(contradiction(k.Value.Pos, "contains asks for more items than the %d of maxItems", x.MaxItems))
		case n > 0:
			w.all = append(w.all, step{s.cfg.Reader.Read(k.Value), k.Value.Pos, "[]"})
			if x.Items != nil && !x.Has("prefixItems") {
				w.all = append(w.all, step{s.cfg.Reader.Merge(k.Value.Pos, x.Items, s.cfg.Reader.Read(k.Value)), k.Value.Pos, "[]"})
			}
		}
		if n > least {
			least, at = n, k.Value.Pos
		}
	}
	if least == 0 || len(w.broken) > 0 {
		return w
	}
	longest := int64(0)
	for _, k := range x.Beyond {
		if k.Key != "prefixItems" {
			continue
		}
		longest = max(longest, int64(len(k.Value.Items)))
		for i, item := range k.Value.Items[:min(least, int64(len(k.Value.Items)))] {
			w.all = append(w.all, step{s.cfg.Reader.Read(item), at, fmt.Sprintf("[%d]", i)})
		}
	}
	if least > longest && x.Items != nil {
		w.all = append(w.all, step{x.Items, at, "[]"})
	}
	if x.UniqueItems && longest == 0 {
		if n, ok := s.values(x.Items); ok && n < least {
			w.broken.Add(contradiction(at, "uniqueItems asks for %d different items, and their schema has no more than %d values", least, n))
		}
	}
	return w
}

// values is how many values a schema has at most, where that is known to be few.
func (s *Set) values(x *schema.Schema) (int64, bool) {
	if x == nil || s.of(x) == always {
		return 0, false
	}
	x = s.schemas[s.of(x)]
	if x.Enum != nil {
		return int64(len(x.Enum)), true
	}
	n := int64(0)
	for _, kind := range []struct {
		types schema.Types
		count int64
		few   bool
	}{
		{schema.TypeNull, 1, true}, {schema.TypeBool, 2, true},
		{schema.TypeInteger | schema.TypeNumber, 1, x.Minimum != "" && x.Minimum == x.Maximum},
		{schema.TypeString, 1, x.MaxLength == 0}, {schema.TypeArray, 1, x.MaxItems == 0}, {schema.TypeObject, 1, x.MaxProperties == 0},
	} {
		if x.Types&^x.Impossible&kind.types == 0 {
			continue
		}
		if !kind.few {
			return 0, false
		}
		n += kind.count
	}
	return n, true
}

// count is a keyword that is a whole number, or its default.
func count(n *load.Node, key string, without int64) int64 {
	v := n.Get(key)
	if v == nil {
		return without
	}
	if c, ok := schema.Count(v); ok {
		return c
	}
	return without
}

func contradiction(pos diag.Pos, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: pos, Rule: rules.Unsatisfiable, Message: fmt.Sprintf(format, args...), Advice: schema.Repair}
}
