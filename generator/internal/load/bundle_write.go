package load

import "slices"

// value writes n with its references made local.
func (b *bundler) value(n *Node) {
	if b.ended {
		return
	}
	if b.spent+len(b.out) > b.most {
		b.ended = true
		b.diags.Errorf(n.Pos, "bundle-size", "the document becomes larger than %d bytes where references to maps or path items are replaced by what they lead to", b.most)
		return
	}
	if r := b.doc.refs[n]; r != nil {
		b.reference(n, r)
		return
	}
	switch n.Kind {
	case Null:
		b.out = append(b.out, "null"...)
	case Bool, Number:
		b.out = append(b.out, n.Text...)
	case String:
		b.out = appendQuoted(b.out, n.Text)
	case Array:
		b.out = append(b.out, '[')
		for i, item := range n.Items {
			if i > 0 {
				b.out = append(b.out, ',')
			}
			b.value(item)
		}
		b.out = append(b.out, ']')
	default:
		b.object(n.Members, n.role == roleSchema)
	}
}

func (b *bundler) object(members []Member, schema bool) {
	b.out = append(b.out, '{')
	first := true
	for _, m := range members {
		if schema && (m.Key == "$id" || m.Key == "$anchor") {
			continue
		}
		if !first {
			b.out = append(b.out, ',')
		}
		first = false
		b.out = append(appendQuoted(b.out, m.Key), ':')
		b.value(m.Value)
	}
	b.out = append(b.out, '}')
}

// reference writes a reference that the walk found.
func (b *bundler) reference(n *Node, r *ref) {
	section := sections[r.place.role]
	hoist := section != "" && r.place.role != rolePathItem && r.place.shape != list && r.place.shape != dict
	switch {
	case r.target == nil && n.Kind == String: // a mapping that leads nowhere
		b.out = appendQuoted(b.out, n.Text)
	case r.target == nil && r.place.role == roleText:
		b.out = append(b.out, `""`...)
	case r.target == nil: // an example that leads nowhere
		b.out = append(b.out, "{}"...)
	case n.Kind == String:
		b.out = appendQuoted(b.out, b.local(r.target, section))
	case hoist:
		b.out = append(b.out, `{"$ref":`...)
		b.out = appendQuoted(b.out, b.local(r.target, section))
		for _, m := range n.Members {
			if m.Key != "$ref" && b.keeps(r.place.role, m.Key) {
				b.out = append(b.out, ',')
				b.out = append(appendQuoted(b.out, m.Key), ':')
				b.value(m.Value)
			}
		}
		b.out = append(b.out, '}')
	default:
		b.inline(n, r)
	}
}

// local returns the local reference to a component.
func (b *bundler) local(target *Node, section string) string {
	target = b.end(target)
	name := b.name(target, section)
	if b.within != "" {
		b.edges[b.within] = append(b.edges[b.within], section+"/"+name)
	}
	return "#/components/" + section + "/" + escapePointer.Replace(name)
}

// keeps reports whether a member beside a `$ref` means something: in 3.1, anything
// in a schema, and elsewhere a summary and a description.
func (b *bundler) keeps(r role, key string) bool {
	switch {
	case b.doc.Version == "3.0":
		return false
	case r == roleSchema:
		return key != "$id" && key != "$anchor"
	}
	return key == "summary" || key == "description"
}

// ruleRecursion is the rule of what can neither be a component nor be written out.
const ruleRecursion = "bundle-recursion"

// inline writes the target in the place of the reference; what a path item has
// beside its `$ref` goes before what the target says.
func (b *bundler) inline(n *Node, r *ref) {
	if slices.Contains(b.active, r.target) || len(b.active) >= maxHops {
		pos, text := refAt(n)
		b.diags.Errorf(pos, ruleRecursion, "$ref %s contains itself, and cannot be a component", quote(text))
		b.out = append(b.out, "{}"...)
		return
	}
	b.active = append(b.active, r.target)
	defer func() { b.active = b.active[:len(b.active)-1] }()
	if !b.doc.siblings(r.place.role) || r.place.shape != one || len(n.Members) == 1 {
		b.value(r.target)
		return
	}
	target := b.end(r.target)
	members := make([]Member, 0, len(target.Members)+len(n.Members))
	for _, m := range target.Members {
		if m.Key != "$ref" && n.find(m.Key) < 0 {
			members = append(members, m)
		}
	}
	for _, m := range n.Members {
		if m.Key != "$ref" {
			members = append(members, m)
		}
	}
	b.object(members, false)
}

// appendQuoted appends s as a JSON string. Every text of a document is valid UTF-8.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
