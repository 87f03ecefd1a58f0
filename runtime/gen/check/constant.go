package check

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// constants are the canonical texts of the objects and arrays that schemas list. Generated code writes each as a
// constant, so its place in memory stands for it: looking up its text would take longer the longer it is.
var constants struct {
	sync.Map // of place to string
	n        atomic.Int64
}

// place is where a constant is. It keeps the constant in memory, so that no other text has the same place.
type place struct {
	first *byte
	size  int
}

// maxConstants is for how many texts there is room; others are put in canonical form each time.
const maxConstants = 10_000

// canonicalConstant is r.Canonical for a text that the schema lists.
func canonicalConstant(r wire.Raw) string {
	at := place{unsafe.StringData(string(r)), len(r)}
	if known, ok := constants.Load(at); ok {
		return known.(string)
	}
	text := r.Canonical()
	if constants.n.Load() < maxConstants {
		if _, loaded := constants.LoadOrStore(at, text); !loaded {
			constants.n.Add(1)
		}
	}
	return text
}

// nameSet is a list of names, each once. Beyond a few there is a map of their places in it, which may name places that
// have been cut off, or that have other names now.
type nameSet struct {
	list   []string
	places map[string]int
}

// fewNames is up to how many names are compared one by one.
const fewNames = 8

func (s *nameSet) has(name string) bool {
	if s.places == nil {
		for _, n := range s.list {
			if n == name {
				return true
			}
		}
		return false
	}
	i, ok := s.places[name]
	return ok && i < len(s.list) && s.list[i] == name
}

// add adds a name that is not there.
func (s *nameSet) add(name string) {
	s.list = append(s.list, name)
	switch {
	case s.places != nil:
		s.places[name] = len(s.list) - 1
	case len(s.list) > fewNames:
		s.places = make(map[string]int, 2*len(s.list))
		for i, n := range s.list {
			s.places[n] = i
		}
	}
}

// within reports whether all names are in other.
func (s *nameSet) within(other *nameSet) bool {
	if len(s.list) > len(other.list) {
		return false
	}
	for _, name := range s.list {
		if !other.has(name) {
			return false
		}
	}
	return true
}
