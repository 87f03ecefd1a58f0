package model

import (
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// names hands out the package's identifiers. A name is taken once; who comes later
// gets the next of its own choices, then a number. Components take their names
// before anything that is named after its place, so that an added operation never
// renames a type of the document.
type names struct {
	taken map[string]bool
	next  map[string]int // the number to try for a name that is taken
}

// reserved are the names that every generated package declares.
var reserved = []string{"Handler", "Unimplemented", "Config", "Server", "NewServer"}

func newNames() *names {
	n := newFieldNames()
	for _, s := range reserved {
		n.taken[s] = true
	}
	return n
}

// take returns the first free choice; when none is free it numbers the last.
func (n *names) take(choices ...gosrc.Ident) gosrc.Ident {
	for _, c := range choices {
		if !n.taken[c.String()] {
			n.taken[c.String()] = true
			return c
		}
	}
	last := choices[len(choices)-1]
	for i := max(2, n.next[last.String()]); ; i++ {
		if c := last.Plus(strconv.Itoa(i)); !n.taken[c.String()] {
			n.taken[c.String()] = true
			n.next[last.String()] = i + 1
			return c
		}
	}
}

// newFieldNames is for the fields of one struct: no name is reserved there.
func newFieldNames() *names { return &names{taken: map[string]bool{}, next: map[string]int{}} }
