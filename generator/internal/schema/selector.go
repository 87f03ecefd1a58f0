package schema

import (
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// Selector is one value of a discriminator's property: a string, an integer or a boolean. Text is
// the string itself, or JSON text; an integer has one spelling, within int64.
type Selector struct {
	Kind load.Kind
	Text string
}

// SelectorOf is a value of the document as a selector. Null and what is no scalar select nothing.
func SelectorOf(v *load.Node) (Selector, bool) {
	switch v.Kind {
	case load.String, load.Bool:
		return Selector{v.Kind, v.Text}, true
	case load.Number:
		return integer(v.Text)
	}
	return Selector{}, false
}

func integer(text string) (Selector, bool) {
	if r, ok := exact(text); ok && r.IsInt() && r.Num().IsInt64() {
		return Selector{load.Number, r.Num().String()}, true
	}
	return Selector{}, false
}

// JSON is the selector as JSON text.
func (v Selector) JSON() string {
	if v.Kind == load.String {
		return strconv.Quote(v.Text)
	}
	return v.Text
}

// types are those that the selector has a value of.
func (v Selector) types() Types {
	switch v.Kind {
	case load.String:
		return TypeString
	case load.Number:
		return TypeInteger | TypeNumber
	case load.Bool:
		return TypeBool
	}
	return 0
}

// said is what a schema says of the property of a discriminator.
type said struct {
	types  Types
	values []Selector // those that are listed; nil where any may be
	listed bool
	beyond bool // a number is listed that is no integer within int64
}

// free is what a schema says that says nothing.
var free = said{types: TypeAny}

// spelled are the values that a key of a mapping, or a name, can mean to a property: keys are
// strings, so that one for an integer or a boolean is its JSON text. It is empty when the property refuses
// all of them.
func (x said) spelled(key string) []Selector {
	all := []Selector{{load.String, key}}
	if n, ok := integer(key); ok {
		all = append(all, n)
	}
	if key == "true" || key == "false" {
		all = append(all, Selector{load.Bool, key})
	}
	var out []Selector
	for _, v := range all {
		switch {
		case x.types&v.types() == 0:
		case x.listed && slices.Contains(x.values, v):
			out = append(out, v)
		case !x.listed:
			return []Selector{v} // where nothing is listed, a string is meant before anything else
		}
	}
	return out
}

// maxSaid is how deep choices of a property, or of a branch, are looked into.
const maxSaid = 8

// saysOfBranch is what a branch says of a property. One that is a choice itself says what its
// own branches say together, or what its discriminator selects by.
func (r *Reader) saysOfBranch(b *Schema, property string, depth int) said {
	own := free
	switch p := b.Property(property); {
	case p != nil:
		own = r.saysOf(r.elements(p.Schema), depth)
	case b.Extra == ExtraTyped:
		own = r.saysOf(r.elements(b.ExtraSchema), depth)
	}
	inner := slices.Concat(b.OneOf, b.AnyOf)
	if len(inner) == 0 || depth > maxSaid {
		return own
	}
	if d := b.Discriminator; d != nil && d.Property == property && d.Default == nil {
		together := said{types: TypeAny, listed: true}
		for _, m := range d.Mapping {
			together.add(m.Selector)
		}
		return own.both(together)
	}
	r.spend(len(inner), b.Pos)
	together := said{listed: true}
	for _, in := range inner {
		together.either(r.saysOfBranch(in, property, depth+1))
	}
	return own.both(together)
}

// saysOf is what the atoms of a property's schema say of its values. They are read as they are
// written, since the schema may not be filled yet.
func (r *Reader) saysOf(set []elem, depth int) said {
	out := free
	for _, e := range set {
		a := e.a
		one := free
		if a.typed {
			one.types = a.own.Types
		}
		if a.own.Never {
			one.types = 0
		}
		if a.own.Enum != nil {
			r.spend(len(a.own.Enum), a.own.Pos)
			list := said{types: TypeAny, listed: true}
			for _, v := range a.own.Enum {
				if sel, ok := SelectorOf(v); ok {
					list.add(sel)
				} else if v.Kind == load.Number {
					list.beyond = true
				}
			}
			one = one.both(list)
		}
		for i := range a.groups {
			if e.cut&(1<<i) != 0 || depth > maxSaid {
				continue
			}
			r.spend(len(a.groups[i].branches), a.own.Pos)
			together := said{listed: true}
			for _, b := range a.groups[i].branches {
				together.either(r.saysOf(r.of(b), depth+1))
			}
			one = one.both(together)
		}
		out = out.both(one)
	}
	return out.fitting()
}

// add lists one more value. Lists are short, or come of one enum, whose values are distinct: what
// is there twice is dropped in fitting.
func (x *said) add(v Selector) { x.values = append(x.values, v) }

// fitting keeps the values that the types allow, each once.
func (x said) fitting() said {
	if !x.listed {
		return x
	}
	seen := make(map[Selector]bool, len(x.values))
	var kept []Selector
	for _, v := range x.values {
		if x.types&v.types() != 0 && !seen[v] {
			seen[v] = true
			kept = append(kept, v)
		}
	}
	x.values = kept
	return x
}

// both is what two schemas say that hold together.
func (x said) both(y said) said {
	out := said{types: x.types & y.types, listed: x.listed || y.listed, beyond: x.beyond || y.beyond}
	switch {
	case !x.listed:
		out.values = y.values
	case !y.listed:
		out.values = x.values
	default:
		in := make(map[Selector]bool, len(y.values))
		for _, v := range y.values {
			in[v] = true
		}
		for _, v := range x.values {
			if in[v] {
				out.values = append(out.values, v)
			}
		}
	}
	return out.fitting()
}

// either adds what another branch says.
func (x *said) either(y said) {
	x.types |= y.types
	x.beyond = x.beyond || y.beyond
	if !y.listed {
		x.listed, x.values = false, nil
	}
	if x.listed {
		x.values = append(x.values, y.values...)
	}
}
