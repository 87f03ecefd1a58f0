package gen

import (
	"net/url"
	"slices"
	"strings"
)

// method is an operation of a path.
type method struct {
	name string
	op   *mounted
	fits []fit
}

// takes reports whether a request with such values in its path, or such a path, is one for the operation.
func (m *method) takes(l *lookup, values []string, path bool) bool {
	if m.op.places != nil {
		var same bool
		if values, same = m.op.distinct(values); !same {
			return false
		}
	}
	return m.fits == nil || l.fits(m.fits, values, path)
}

// places are, for each parameter of a path template, which of the different names it has; nil where
// no name stands twice.
func places(path string) []int {
	var names []string
	var at []int
	for _, part := range strings.Split(path, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		i := slices.Index(names, name)
		if i < 0 {
			i = len(names)
			names = append(names, name)
		}
		at = append(at, i)
	}
	if len(names) == len(at) {
		return nil
	}
	return at
}

// distinct are the values of a path, one for each name. A parameter that stands twice in the template
// has one value: the path of a client who fills it in has the same text in both places.
func (m *mounted) distinct(values []string) (out []string, same bool) {
	for i, v := range values {
		switch at := m.places[i]; {
		case at == len(out):
			out = append(out, v)
		case !sameText(out[at], v):
			return nil, false
		}
	}
	return out, true
}

// sameText reports whether two raw values of a path are the same text.
func sameText(x, y string) bool {
	if x == y {
		return true
	}
	a, err := url.PathUnescape(x)
	b, bad := url.PathUnescape(y)
	return err == nil && bad == nil && a == b
}

// allowOf is what a method adds to Allow.
func allowOf(method string) string {
	if method == "GET" {
		return "GET, HEAD"
	}
	return method
}
