package inhabit

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// object lists the needs of an object: a value for each member that it must have.
func (s *Set) object(x *schema.Schema) (w way) {
	names := s.required(x, &w)
	have := map[string]bool{}
	for _, m := range names {
		if !s.leftOut(x, m.name) {
			have[m.name] = true
			s.member(x, m, &w)
		}
	}
	s.choices(x, have, &w)
	n := int64(len(have))
	if x.MaxProperties >= 0 && n > x.MaxProperties && len(names) > len(x.Required) {
		w.broken.Add(contradiction(x.At("maxProperties"), "%d members are required, and maxProperties is %d", n, x.MaxProperties))
	}
	if x.MinProperties > n && len(w.broken) == 0 {
		s.enough(x, &w)
	}
	return w
}

// member is a required name, and the place that requires it.
type member struct {
	name string
	at   diag.Pos
}

// leftOut reports whether a member does not travel this way.
func (s *Set) leftOut(x *schema.Schema, name string) bool {
	p := x.Property(name)
	return p != nil && s.oneWay(p)
}

func (s *Set) oneWay(p *schema.Property) bool {
	return s.cfg.Way == Request && p.Schema.ReadOnly || s.cfg.Way == Response && p.Schema.WriteOnly
}

// required are the members that must be there, also since others are. What must hold since
// they are there is added to w.
func (s *Set) required(x *schema.Schema, w *way) []member {
	var list []member
	seen := map[string]bool{}
	add := func(name string, at diag.Pos) {
		if !seen[name] {
			seen[name] = true
			list = append(list, member{name, at})
		}
	}
	where := map[string]diag.Pos{}
	s.cfg.Cost.Spend(cost.Inhabit, len(x.Nodes), x.Pos)
	for _, n := range x.Nodes {
		if names := n.Get("required"); names != nil && names.Kind == load.Array {
			for _, item := range names.Items {
				if _, ok := where[item.Text]; !ok {
					where[item.Text] = item.Pos
				}
			}
		}
	}
	for _, name := range x.Required {
		at, ok := where[name]
		if !ok {
			at = x.Pos
		}
		add(name, at)
	}
	for i := 0; i < len(list); i++ {
		if s.leftOut(x, list[i].name) {
			continue
		}
		for _, k := range x.Beyond {
			if k.Key != "dependentRequired" && k.Key != "dependentSchemas" && k.Key != "dependencies" {
				continue
			}
			switch v := k.Value.Get(list[i].name); {
			case v == nil:
			case v.Kind == load.Array:
				for _, item := range v.Items {
					add(item.Text, item.Pos)
				}
			default:
				w.all = append(w.all, step{s.cfg.Reader.Read(v), v.Pos, ""})
			}
		}
	}
	return list
}

// member adds the schemas of a required member.
func (s *Set) member(x *schema.Schema, m member, w *way) {
	s.cfg.Cost.Spend(cost.Inhabit, 1+len(x.Beyond), m.at)
	p := x.Property(m.name)
	if p != nil {
		w.all = append(w.all, step{p.Schema, m.at, "." + m.name})
	}
	matched := false
	for _, k := range x.Beyond {
		switch k.Key {
		case "patternProperties":
			s.cfg.Cost.Spend(cost.Inhabit, len(k.Value.Members)*(1+len(m.name)/16), k.Value.Pos)
			for _, pat := range k.Value.Members {
				matches, sure := s.cfg.Reader.Match(pat.Key, m.name)
				matched = matched || matches || !sure
				if matches {
					w.all = append(w.all, step{s.cfg.Reader.Read(pat.Value), m.at, "." + m.name})
				}
			}
		case "propertyNames":
			if s.refusesName(k.Value, m.name) {
				w.broken.Add(contradiction(m.at, "member %q is required, and propertyNames at %v refuses it", m.name, k.Value.Pos))
			}
		}
	}
	switch {
	case p != nil || matched:
	case x.Extra == schema.ExtraTyped:
		w.all = append(w.all, step{x.ExtraSchema, m.at, "." + m.name})
	case x.Extra == schema.ExtraFalse && !evaluates(x) && !slices.Contains(x.Required, m.name): // else the schema says so itself
		w.broken.Add(contradiction(m.at, "member %q is required here, and additionalProperties: false refuses it, since properties does not name it", m.name))
	}
}

// nameless are keywords that the normal form lacks, and that name no members.
var nameless = []string{"not", "contains", "minContains", "maxContains", "prefixItems", "additionalItems", "unevaluatedItems", "propertyNames", "dependentRequired"}

// evaluates reports whether keywords that the normal form lacks may name members.
func evaluates(x *schema.Schema) bool {
	return slices.ContainsFunc(x.Beyond, func(k schema.Keyword) bool {
		return !slices.Contains(nameless, k.Key)
	})
}

// refusesName reports whether the schema at n, of propertyNames, is sure to refuse a name.
func (s *Set) refusesName(n *load.Node, name string) bool {
	names := s.cfg.Reader.Read(n)
	return !names.Has("$schema") && names.Refuses(node(name))
}

// choices adds the lists of members of which some must be there.
func (s *Set) choices(x *schema.Schema, have map[string]bool, w *way) {
	for i, sets := range slices.Concat(x.RequiredAny, x.RequiredOne) {
		var g group
		there := 0
		for _, set := range sets {
			s.cfg.Cost.Spend(cost.Inhabit, 1+len(set), x.Pos)
			var o way
			for _, name := range set {
				if !have[name] && !s.leftOut(x, name) {
					s.member(x, member{name, x.Pos}, &o)
				}
			}
			if len(o.broken) == 0 {
				g.of = append(g.of, o.all)
			}
			if !slices.ContainsFunc(set, func(name string) bool { return !have[name] }) {
				there++
			}
		}
		g.need, g.none = 1, contradiction(x.Pos, "no value can have the members that anyOf or oneOf asks for here")
		w.groups = append(w.groups, g)
		if i >= len(x.RequiredAny) && there > 1 {
			w.broken.Add(contradiction(x.At("required"), "what is required meets more than one branch of a oneOf, or what is below not"))
		}
	}
}

// enough asks for as many members as minProperties does.
func (s *Set) enough(x *schema.Schema, w *way) {
	at := x.At("minProperties")
	allowed := func(string) bool { return true }
	for _, k := range x.Beyond {
		if k.Key != "propertyNames" {
			continue
		}
		names := s.cfg.Reader.Read(k.Value)
		if names.Has("$schema") {
			continue
		}
		allowed = func(name string) bool { return !names.Refuses(node(name)) }
		if names.Types&^names.Impossible&schema.TypeString == 0 {
			w.broken.Add(contradiction(at, "minProperties is %d, and propertyNames at %v refuses every name", x.MinProperties, k.Value.Pos))
			return
		}
		if names.Enum != nil && int64(len(names.Enum)) < x.MinProperties {
			w.broken.Add(contradiction(at, "minProperties is %d, and propertyNames at %v allows %d names", x.MinProperties, k.Value.Pos, len(names.Enum)))
			return
		}
	}
	g := group{
		need: int(min(x.MinProperties, 1<<30)),
		none: contradiction(at, "minProperties is %d, and no value can have as many members", x.MinProperties),
	}
	switch {
	case x.Extra == schema.ExtraTyped && !evaluates(x):
		g.other = &step{x.ExtraSchema, at, "[name]"}
	case x.Extra == schema.ExtraFalse && !evaluates(x):
	default:
		return // a member of any name will do
	}
	s.cfg.Cost.Spend(cost.Inhabit, len(x.Properties), at)
	for i := range x.Properties {
		switch p := &x.Properties[i]; {
		case s.oneWay(p): // it counts on the other way
			g.need = max(0, g.need-1)
		case allowed(p.Name):
			g.of = append(g.of, []step{{p.Schema, p.Pos, "." + p.Name}})
		}
	}
	w.groups = append(w.groups, g)
}
