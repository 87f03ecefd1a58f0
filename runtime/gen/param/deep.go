package param

import (
	"slices"
	"strconv"
	"strings"
)

// deep writes what has brackets behind its name, of which the first at bytes have been
// read already.
func (w *writer) deep(s *Shape, list []taken, at int) bool {
	if len(list[0].path) == at { // sorted: the shortest comes first
		if len(list[len(list)-1].path) != at {
			return w.fail("repeated") // both a[b]=1 and a[b][c]=1
		}
		return w.items(s, list)
	}
	switch {
	case s.Choices != nil:
		return w.choose(s, true, func(c *Shape) bool { return w.deep(c, list, at) })
	case s.Items != nil:
		return w.deepArray(s, list, at)
	case s.Object:
		return w.deepObject(s, list, at)
	}
	return w.fail("type")
}

func (w *writer) deepObject(s *Shape, list []taken, at int) bool {
	w.b = append(w.b, '{')
	for first := true; len(list) > 0; first = false {
		name, own, ok := bracket(list, at)
		if !ok || name == "" {
			return w.fail("encoding")
		}
		list = list[len(own):]
		if !first {
			w.b = append(w.b, ',')
		}
		w.string(name)
		w.b = append(w.b, ':')
		next := at + len(name) + 2
		switch m := s.member(name); {
		case m != nil:
			ok = w.deep(m.Shape, own, next)
		case s.Rest != nil:
			ok = w.deep(s.Rest, own, next)
		default: // to be refused, or dropped
			ok = w.leaf(&StringText, own[0].raw, own[0].mode)
		}
		if !ok {
			return false
		}
	}
	w.b = append(w.b, '}')
	return true
}

// deepArray writes an array of a[]=x&a[]=y, or of a[0]=x&a[1]=y: each index from 0 on
// once, in any order. What stands in a[] is a scalar: of objects nobody could say where
// one ends.
func (w *writer) deepArray(s *Shape, list []taken, at int) bool {
	index, own, ok := bracket(list, at)
	if ok && index == "" {
		if len(own) != len(list) || len(own[len(own)-1].path) != at+2 {
			return w.fail("encoding")
		}
		return w.items(&Shape{Items: s.Items}, own)
	}
	var groups [][]taken
	for rest := list; len(rest) > 0; rest = rest[len(own):] {
		if _, own, ok = bracket(rest, at); !ok {
			return w.fail("encoding")
		}
		groups = append(groups, own)
	}
	items := make([][]taken, len(groups))
	for _, own := range groups {
		index, _, _ := bracket(own, at)
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(items) || strconv.Itoa(i) != index {
			return w.fail("encoding") // no index, or one is missing
		}
		items[i] = own
	}
	w.b = append(w.b, '[')
	for i, own := range items {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if !w.deep(s.Items, own, at+len(strconv.Itoa(i))+2) {
			return false
		}
	}
	w.b = append(w.b, ']')
	return true
}

// bracket reads [name] at the place of the first path, and finds all that begin so.
func bracket(list []taken, at int) (name string, own []taken, ok bool) {
	path := list[0].path[at:]
	end := strings.IndexByte(path, ']')
	if end < 1 || path[0] != '[' || strings.IndexByte(path[1:end], '[') >= 0 {
		return "", nil, false
	}
	n := 1 + slices.IndexFunc(list[1:], func(t taken) bool { return !strings.HasPrefix(t.path[at:], path[:end+1]) })
	if n == 0 {
		n = len(list)
	}
	return path[1:end], list[:n], true
}
