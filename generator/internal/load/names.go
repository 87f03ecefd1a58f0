package load

import (
	"path"
	"strings"
)

// ComponentName returns the name that the document gives to n, and the section of
// components that it belongs to ("schemas", "parameters" and so on): the name under
// components/SECTION in any file, or under $defs or definitions, which are schemas;
// for what stands elsewhere, the name of the first component of the entry file that
// is nothing but a reference to n; for a whole file that a reference leads to, the
// file's name without its extension.
func (d *Document) ComponentName(n *Node) (section, name string, ok bool) {
	if n == nil {
		return "", "", false
	}
	if n.Parent == nil {
		section = sections[n.role]
		if section == "" {
			return "", "", false
		}
		if name, ok = d.aliases[n]; ok {
			return section, name, true
		}
		base := path.Base(n.Pos.File)
		return section, strings.TrimSuffix(base, path.Ext(base)), true
	}
	if section, ok := ownSection(n); ok {
		return section, n.Key, true
	}
	if name, ok = d.aliases[n]; ok && sections[n.role] != "" {
		return sections[n.role], name, true
	}
	return "", "", false
}

// ownSection returns the section under whose name n stands.
func ownSection(n *Node) (string, bool) {
	in := n.Parent
	if in == nil || in.Kind != Object || in.Parent == nil || in.Parent.Kind != Object {
		return "", false
	}
	holder := in.Parent
	switch {
	case in.Key == "$defs" || in.Key == "definitions":
		// A property may have that name too.
		return "schemas", holder.Parent == nil || !isNameMap(holder.Key)
	case holder.Key == "components" && holder.Parent != nil && holder.Parent.Parent == nil:
		_, known := places[roleComponents][in.Key]
		return in.Key, known
	}
	return "", false
}

// nameAliases finds the components of the entry file that only point at a place
// without a name of its own.
func (d *Document) nameAliases() {
	d.eachComponent(func(_, name string, n *Node) {
		for range maxHops {
			if _, own := ownSection(n); !own {
				if _, taken := d.aliases[n]; !taken {
					d.aliases[n] = name
				}
			}
			r := d.refs[n]
			if r == nil || r.target == nil || d.siblings(r.place.role) && len(n.Members) > 1 {
				return
			}
			n = r.target
		}
	})
}

// eachComponent calls f for the components of the entry file, in document order,
// also where components or a section of it are a reference.
func (d *Document) eachComponent(f func(section, name string, n *Node)) {
	components, err := d.Resolve(d.Root.Get("components"))
	if err != nil || components == nil {
		return
	}
	for _, s := range components.Members {
		if p := places[roleComponents][s.Key]; p.role == roleNone {
			continue
		}
		section, err := d.Resolve(s.Value)
		if err != nil {
			continue
		}
		for _, m := range section.Members {
			f(s.Key, m.Key, m.Value)
		}
	}
}
