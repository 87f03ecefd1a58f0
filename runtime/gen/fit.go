package gen

import (
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Fit is a condition by which the operation of a request is found, on one parameter: there is one
// value, and it is among Texts and matches Pattern, as far as they are given. The operation checks
// the value itself once more.
//
// Another operation of the same method and path has the opposite condition (Not), or one that no value meets
// together with this one. A value of which bailey cannot decide it, as it is too long or wrongly escaped, meets neither.
type Fit struct {
	In    string // path, query or header
	Index int    // which parameter of the path
	Name  string // of the query or header
	Texts []string
	// Pattern is in the syntax of wire.NewPattern.
	Pattern string
	// Absent asks that there is no such parameter instead; Optional lets a request without it fit.
	Absent, Optional bool
	// Not asks that the value is none of Texts, or does not match Pattern: another operation takes those.
	Not bool
}

// fit is a Fit, compiled.
type fit struct {
	Fit
	pattern *wire.Pattern
}

func (f Fit) compile() fit {
	c := fit{Fit: f}
	if f.Pattern != "" {
		c.pattern = wire.NewPattern(f.Pattern)
	}
	return c
}

// fits reports whether the request meets all conditions, or, with path, those on its path.
func (l *lookup) fits(list []fit, values []string, path bool) bool {
	for i := range list {
		f := &list[i]
		switch {
		case f.In == "path":
			if f.Index >= len(values) || !f.takes(values[f.Index], url.PathUnescape) {
				return false
			}
		case path:
		case l.request == nil || !f.named(l):
			return false
		}
	}
	return true
}

// named reports whether the parameter of the query or header is as it should be.
func (f *fit) named(l *lookup) bool {
	n, good := 0, false
	if f.In == "header" {
		for _, v := range l.request.Header.Values(f.Name) {
			n++
			good = f.takes(strings.Trim(v, " \t"), nil)
		}
	} else {
		for rest := l.request.URL.RawQuery; rest != ""; {
			var pair string
			pair, rest, _ = strings.Cut(rest, "&")
			name, value, _ := strings.Cut(pair, "=")
			if plain, err := url.QueryUnescape(name); err != nil || plain != f.Name {
				continue
			}
			n++
			good = f.takes(value, url.QueryUnescape)
		}
	}
	switch {
	case n == 0:
		return f.Absent || f.Optional
	case f.Absent:
		return false
	}
	return n == 1 && good
}

// maxFit is how long a value may be by which an operation is found.
const maxFit = 4096

func (f *fit) takes(raw string, decode func(string) (string, error)) bool {
	if len(raw) > maxFit {
		return false
	}
	if decode != nil && strings.ContainsAny(raw, "%+") {
		plain, err := decode(raw)
		if err != nil {
			return false
		}
		raw = plain
	}
	meets := f.Texts == nil || slices.Contains(f.Texts, raw)
	if meets && f.pattern != nil {
		left := int64(math.MaxInt32)
		matches, within := f.pattern.MatchWithin(raw, &left)
		if !within {
			return false
		}
		meets = matches
	}
	return meets != f.Not
}
