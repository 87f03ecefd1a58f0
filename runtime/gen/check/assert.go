package check

import (
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// The methods below are the questions that keywords ask of a single value (JSON Schema
// validation, section 6). Each is true for values of other types than its own.

// IsNull reports whether v is null.
func (v *Value) IsNull() bool { return v.kind == Null }

// IsBool reports whether v is this boolean.
func (v *Value) IsBool(b bool) bool { return v.kind == Bool && v.text() == strconv.FormatBool(b) }

// IsString reports whether v is one of these strings.
func (v *Value) IsString(list ...string) bool {
	return v.kind == String && slices.Contains(list, v.text())
}

// IsText reports whether v is a string that is takes.
func (v *Value) IsText(is func(string) bool) bool { return v.kind == String && is(v.text()) }

// IsNumber reports whether v is equal to one of these numbers.
func (c *Context) IsNumber(v *Value, list ...string) bool {
	return v.kind == Number && c.Spend(listSteps*int64(len(list))) && slices.ContainsFunc(list, func(n string) bool { return v.numeral().Compare(v.text(), n) == 0 })
}

// IsJSON reports whether v is equal to one of these objects or arrays (JSON Schema
// core, 4.2.2). They must be constants of the program: it remembers what they mean.
func (c *Context) IsJSON(v *Value, list ...wire.Raw) bool {
	if v.kind&(Array|Object) == 0 || !c.Spend(listSteps*int64(len(list))) {
		return false
	}
	text := ""
	for _, r := range list {
		if r == "" || (v.kind == Array) != (r[0] == '[') {
			continue
		}
		same := canonicalConstant(r)
		if v.n == 0 || len(same) == len("{}") { // one of both is empty
			if v.n == 0 && len(same) == len("{}") {
				return true
			}
			continue
		}
		if text == "" {
			text = v.tree.canonical(wire.Raw(v.text()))
		}
		if text == same {
			return true
		}
	}
	return false
}

// AtLeast is minimum.
func (v *Value) AtLeast(bound string) bool {
	return v.kind != Number || v.numeral().Compare(v.text(), bound) >= 0
}

// AtMost is maximum.
func (v *Value) AtMost(bound string) bool {
	return v.kind != Number || v.numeral().Compare(v.text(), bound) <= 0
}

// Above is exclusiveMinimum.
func (v *Value) Above(bound string) bool {
	return v.kind != Number || v.numeral().Compare(v.text(), bound) > 0
}

// Below is exclusiveMaximum.
func (v *Value) Below(bound string) bool {
	return v.kind != Number || v.numeral().Compare(v.text(), bound) < 0
}

// MultipleOf is multipleOf.
func (v *Value) MultipleOf(of string) bool {
	if v.kind != Number {
		return true
	}
	if n := wire.MultipleSteps(v.text(), of); n > 0 && !v.tree.c.Spend(n) {
		return true // the text is refused
	}
	return v.numeral().MultipleOf(v.text(), of)
}

// Whole is a format of integers between two bounds, such as int32.
func (v *Value) Whole(least, most string) bool {
	return v.kind != Number ||
		v.numeral().Integer(v.text()) && v.AtLeast(least) && v.AtMost(most)
}

// Float is a format of numbers within the range of a float of that many bits.
func (v *Value) Float(bits int) bool {
	if v.kind != Number {
		return true
	}
	if !v.tree.c.Spend(wire.FloatSteps(v.text(), bits)) {
		return true // the text is refused
	}
	ok := false
	if bits == 32 {
		_, ok = wire.ParseFloat32(v.text())
	} else {
		_, ok = wire.ParseFloat64(v.text())
	}
	return ok
}

// MinLength is minLength, in Unicode code points.
func (v *Value) MinLength(n int) bool { return v.kind != String || wire.MinRunes(v.text(), n) }

// MaxLength is maxLength, in Unicode code points.
func (v *Value) MaxLength(n int) bool { return v.kind != String || wire.MaxRunes(v.text(), n) }

// Format is format: is reports whether a string has it.
func (v *Value) Format(is func(string) bool) bool {
	return v.kind != String || !v.tree.charge(formatCost*len(v.text())) || is(v.text())
}

// formatCost is how many bytes the check of a format may allocate for each byte of its text.
const formatCost = 4

// MinItems is minItems.
func (v *Value) MinItems(n int) bool { return v.kind != Array || int(v.n) >= n }

// MaxItems is maxItems.
func (v *Value) MaxItems(n int) bool { return v.kind != Array || int(v.n) <= n }

// MinProperties is minProperties.
func (v *Value) MinProperties(n int) bool { return v.kind != Object || int(v.n) >= n }

// MaxProperties is maxProperties.
func (v *Value) MaxProperties(n int) bool { return v.kind != Object || int(v.n) <= n }

// Unique is uniqueItems. It takes time linear in the text.
func (c *Context) Unique(v *Value) bool {
	if v.kind != Array || int(v.n) < 2 {
		return true
	}
	if v.tree.d == nil { // an answer
		return wire.UniqueByOn(c, v.tree.nodes[v.first:v.first+v.n], func(_ *wire.Encoder, b []byte, item *Value) []byte { return append(b, item.raw()...) })
	}
	return wire.UniqueJSONIn(v.tree.d, int(v.n), func(i int) wire.Raw { return v.kid(i).raw() })
}

// canonical is the canonical text of a value.
func (t *tree) canonical(r wire.Raw) string {
	if t.d != nil {
		return t.d.Canonical(r)
	}
	if !t.c.Spend(wire.CanonicalSteps(r)) {
		return ""
	}
	return r.Canonical()
}

// Required is required.
func (c *Context) Required(v *Value, names ...string) bool {
	return c.missing(v, "required", names)
}

// RequiredUnless is required for members that must not travel a way: on that way they are
// not required, but where that would have a not, an if or a second branch of a oneOf hold.
func (c *Context) RequiredUnless(v *Value, way Way, names ...string) bool {
	if c.way != way || c.literal > 0 || c.negated {
		return c.missing(v, "required", names)
	}
	if v.kind != Object {
		return true
	}
	has := c.has(v, len(names))
	for _, name := range names {
		if !has(name) {
			if !c.Spend(givenSteps) {
				return false
			}
			c.times++
			c.excuse(name)
		}
	}
	return true
}

func (c *Context) excuse(name string) {
	if !c.given.has(name) && c.Spend(addSteps) && c.tree.charge(2*nameSize) {
		c.given.add(name)
	}
}

// DependentRequired is one entry of dependentRequired: where v has the member, it has
// those of the names, too.
func (c *Context) DependentRequired(v *Value, member string, names ...string) bool {
	return !c.Has(v, member) || c.missing(v, "dependentRequired", names)
}

func (c *Context) missing(v *Value, keyword string, names []string) bool {
	if v.kind != Object {
		return true
	}
	has := c.has(v, len(names))
	for _, name := range names {
		if !has(name) {
			return c.Want(v, keyword, false)
		}
	}
	return true
}

// Has reports whether v is an object with a member of that name.
func (c *Context) Has(v *Value, name string) bool {
	return v.kind == Object && c.Spend(nameSteps*int64(v.n)) && v.Has(name)
}

// few is up to how many comparisons of names beat a set of them.
const few = 64

// has returns what tells whether the object v has a member, to be asked times times.
func (c *Context) has(v *Value, times int) func(name string) bool {
	n := int(v.n)
	if n*times <= few {
		return v.Has
	}
	if !c.Spend(listSteps*int64(n)) || !c.tree.charge(2*nameSize*n) {
		return func(string) bool { return false }
	}
	names := make(map[string]struct{}, n)
	for i := range n {
		names[v.kid(i).Name()] = struct{}{}
	}
	return func(name string) bool {
		_, ok := names[name]
		return ok
	}
}
