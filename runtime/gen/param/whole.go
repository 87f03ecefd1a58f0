package param

import (
	"slices"
	"strings"
)

// whole writes a value that is one text.
func (w *writer) whole(m *Member, raw string, mode decoding) bool {
	sep, assigned := m.Separator, m.Style == Assigned
	switch m.Style {
	case Label, LabelExploded:
		rest, ok := strings.CutPrefix(raw, ".")
		if !ok {
			return w.fail("encoding")
		}
		raw, sep = rest, ','
		if m.Style == LabelExploded {
			if strings.Contains(strings.ToLower(raw), "%2e") { // the same as a point (RFC 3986, 6.2.2.2)
				return w.fail("encoding")
			}
			sep, assigned = '.', true
		}
	case Matrix:
		value, ok := matrixItem(raw, m.Name)
		if !ok {
			return w.fail("encoding")
		}
		raw, sep = value, ','
	case MatrixExploded:
		return w.matrix(m.Shape, m.Name, raw, mode)
	case Exploded, JSON:
		return w.leaf(m.Shape, raw, mode)
	}
	return w.text(m.Shape, raw, mode, sep, assigned)
}

// text writes a value from a text with separators.
func (w *writer) text(s *Shape, raw string, mode decoding, sep byte, assigned bool) bool {
	switch {
	case s.Choices != nil:
		at, _ := separator(raw, sep, mode)
		return w.choose(s, at >= 0 || mayBeJSON(raw, mode), func(c *Shape) bool { return w.text(c, raw, mode, sep, assigned) })
	case s.Items != nil:
		parts, ok := split(raw, sep, mode)
		if !ok {
			return w.fail("maxItems")
		}
		return w.array(s, parts, mode)
	case s.Object:
		parts, ok := split(raw, sep, mode)
		if !ok {
			return w.fail("maxItems")
		}
		return w.object(s, parts, mode, assigned)
	}
	return w.leaf(s, raw, mode)
}

// matrixItem takes ;name=value apart; ;name alone has an empty value (RFC 6570, 3.2.7).
func matrixItem(raw, name string) (string, bool) {
	rest, ok := strings.CutPrefix(raw, ";")
	if !ok {
		return "", false
	}
	key, value, _ := strings.Cut(rest, "=")
	decoded, ok := decode(key, percent)
	return value, ok && decoded == name
}

// matrix writes what is exploded in style matrix.
func (w *writer) matrix(s *Shape, name, raw string, mode decoding) bool {
	if s.Choices != nil {
		return w.choose(s, strings.Count(raw, ";") > 1, func(c *Shape) bool { return w.matrix(c, name, raw, mode) })
	}
	rest, ok := strings.CutPrefix(raw, ";")
	if !ok {
		return w.fail("encoding")
	}
	parts, ok := split(rest, ';', mode)
	switch {
	case !ok:
		return w.fail("maxItems")
	case s.Object:
		for i, p := range parts {
			if !strings.Contains(p, "=") {
				parts[i] = p + "="
			}
		}
		return w.object(s, parts, mode, true)
	case s.Items == nil && len(parts) != 1:
		return w.fail("repeated")
	}
	for i, p := range parts {
		if parts[i], ok = matrixItem(";"+p, name); !ok {
			return w.fail("encoding")
		}
	}
	if s.Items != nil {
		return w.array(s, parts, mode)
	}
	return w.leaf(s, parts[0], mode)
}

func (w *writer) array(s *Shape, parts []string, mode decoding) bool {
	w.b = append(w.b, '[')
	for i, p := range parts {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if !w.leaf(s.Items, p, mode) {
			return false
		}
	}
	w.b = append(w.b, ']')
	return true
}

// object writes an object of names and values: in turn, or member=value.
func (w *writer) object(s *Shape, parts []string, mode decoding, assigned bool) bool {
	type member struct{ name, raw string }
	var list []member
	for i := 0; i < len(parts); i++ {
		name, raw, ok := strings.Cut(parts[i], "=")
		if !assigned {
			if i++; i == len(parts) {
				return w.fail("encoding") // a name without a value
			}
			name, raw, ok = parts[i-1], parts[i], true
		}
		if !ok {
			return w.fail("encoding")
		}
		if name, ok = decode(name, mode); !ok {
			return w.fail("encoding")
		}
		list = append(list, member{name, raw})
	}
	slices.SortStableFunc(list, func(a, b member) int { return strings.Compare(a.name, b.name) })
	w.b = append(w.b, '{')
	for i, f := range list {
		if i > 0 {
			if list[i-1].name == f.name {
				return w.fail("repeated")
			}
			w.b = append(w.b, ',')
		}
		w.string(f.name)
		w.b = append(w.b, ':')
		shape := &StringText // unknown: to be refused, or dropped
		if m := s.member(f.name); m != nil {
			shape = m.Shape
		} else if s.Rest != nil {
			shape = s.Rest
		}
		if !w.leaf(shape, f.raw, mode) {
			return false
		}
	}
	w.b = append(w.b, '}')
	return true
}

// split takes a text apart at the separators that are not escaped. An empty text has
// no parts; there are 1000 at the most.
func split(raw string, sep byte, mode decoding) (parts []string, ok bool) {
	for more := raw != ""; more; {
		if len(parts) == maxPairs {
			return nil, false
		}
		part := raw
		at, width := separator(raw, sep, mode)
		if more = at >= 0; more {
			part, raw = raw[:at], raw[at+width:]
		}
		if mode == field {
			part = strings.Trim(part, " \t")
		}
		parts = append(parts, part)
	}
	return parts, true
}
