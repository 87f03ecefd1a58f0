package model

import (
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// The variables of generated code whose budget the work of a check is drawn on: the decoder, the
// encoder, the reader of parameters and forms, and the Call, for the headers of a response.
var (
	byDecoder = gosrc.Raw("d")
	byEncoder = gosrc.Raw("e")
	byReader  = gosrc.Raw("p")
	byCall    = gosrc.Raw("c")
)

// Fails returns the condition under which v breaks the check. What that costs is drawn on the
// budget of by.
func (c Check) Fails(by, v gosrc.Expr) gosrc.Expr {
	if c.AsText {
		v = gosrc.Raw("string(%)", v)
	}
	switch c.Op {
	case MinRunes:
		return gosrc.Raw("!wire.MinRunes(%, %)", v, c.N)
	case MaxRunes:
		return gosrc.Raw("!wire.MaxRunes(%, %)", v, c.N)
	case IsFormat:
		return gosrc.Raw("!wire.%(%)", c.Name, v)
	case Matches:
		return gosrc.Raw("!%.Matches(%, %)", by, c.Name, v)
	case MinLength:
		return gosrc.Raw("len(%) < %", v, c.N)
	case MaxLength:
		return gosrc.Raw("len(%) > %", v, c.N)
	case IsEmpty:
		return gosrc.Raw("len(%) > 0", v)
	case MinSize:
		return gosrc.Raw("%.Size() < %", v, c.N)
	case IsUnique:
		return gosrc.Raw("!wire.UniqueOn(%, %)", by, v)
	case IsUniqueBy:
		return gosrc.Raw("!wire.UniqueByOn(%, %, %)", by, v, c.Of.itemEncoder())
	case IsValid:
		return gosrc.Raw("!%.Valid()", paren(v))
	case IsAbsent:
		return gosrc.Raw("% != ``", v)
	case IsNull:
		return gosrc.Raw("% != `null`", v)
	case NoVariant:
		return gosrc.Raw("%.% != nil", paren(v), c.Name)
	case OneBranch, AnyBranch, NoBranch:
		return c.branchesFail(by, v)
	case AtLeast, Above, AtMost, Below, MultipleOf, MultipleOfN, OneOf:
		return c.numberFails(v)
	default: // Refused, and whatever is added without a condition
		return gosrc.Raw("!wire.Nothing(%)", v)
	}
}

// numberFails is Fails for the checks of numbers.
func (c Check) numberFails(v gosrc.Expr) gosrc.Expr {
	switch c.Op {
	case AtLeast:
		return gosrc.Raw("% < %", v, c.N)
	case Above:
		return gosrc.Raw("% <= %", v, c.N)
	case AtMost:
		return gosrc.Raw("% > %", v, c.N)
	case Below:
		return gosrc.Raw("% >= %", v, c.N)
	case OneOf:
		return c.notListed(v)
	case MultipleOfN:
		return gosrc.Raw("!wire.MultipleOfInt(int64(%), %)", v, c.N)
	}
	switch c.Name.String() {
	case "Float64":
		return gosrc.Raw("!wire.MultipleOf(%, %)", v, c.Text)
	case "Float32":
		return gosrc.Raw("!wire.MultipleOf32(%, %)", v, c.Text)
	case "Uint64", "Uint32":
		return gosrc.Raw("!wire.MultipleOfNumber(strconv.FormatUint(uint64(%), 10), %)", v, c.Text)
	}
	return gosrc.Raw("!wire.MultipleOfNumber(strconv.FormatInt(int64(%), 10), %)", v, c.Text)
}

// read is the condition for what the JSON decoder d has read, where it is not Fails.
func (c Check) read(v gosrc.Expr) (gosrc.Expr, bool) {
	switch {
	case c.AsText:
	case c.Op == IsFormat && c.Costly:
		return gosrc.Raw("!d.Is(wire.%, %)", c.Name, v), true
	case c.Op == IsUnique:
		return gosrc.Raw("!wire.UniqueIn(d, %)", v), true
	case c.Op == IsUniqueBy:
		return gosrc.Raw("!wire.UniqueByIn(d, %, %)", v, c.Of.itemEncoder()), true
	case c.Op == MultipleOf && c.Name.String() == "Float64":
		return gosrc.Raw("!d.MultipleOfFloat(%, %)", v, c.Text), true
	case c.Op == MultipleOf && c.Name.String() == "Float32":
		return gosrc.Raw("!d.MultipleOfFloat32(%, %)", v, c.Text), true
	}
	return gosrc.Expr{}, false
}

// exact is the condition for the text of the number that the JSON decoder d has just read into v,
// where it has one of its own: a float64 may have rounded it to one that passes.
func (c Check) exact(v gosrc.Expr) (gosrc.Expr, bool) {
	switch {
	case c.Op == AtLeast && c.Text != gosrc.Literal{}:
		return gosrc.Raw("% == % && d.Compare(%) < 0", v, c.N, c.Text), true
	case c.Op == AtMost && c.Text != gosrc.Literal{}:
		return gosrc.Raw("% == % && d.Compare(%) > 0", v, c.N, c.Text), true
	case c.Op == OneOf && c.Bits != 0:
		return c.notExactly(v), true
	}
	return gosrc.Expr{}, false
}

// branchesFail is Fails for a choice between texts.
func (c Check) branchesFail(by, v gosrc.Expr) gosrc.Expr {
	fails := make([]gosrc.Part, len(c.Branches))
	for i, br := range c.Branches {
		fails[i] = br.fails(by, v)
		if c.Op == AnyBranch {
			fails[i] = gosrc.Raw("(%)", fails[i])
		}
	}
	switch c.Op {
	case AnyBranch:
		return gosrc.List(" && ", fails...)
	case NoBranch:
		return gosrc.Raw("wire.AllButOne(%)", gosrc.List(", ", fails...))
	}
	return gosrc.Raw("!wire.AllButOne(%)", gosrc.List(", ", fails...))
}

// fails is the condition under which a text breaks the branch.
func (br Branch) fails(by, v gosrc.Expr) gosrc.Expr {
	var any []gosrc.Part
	for _, c := range br.Checks {
		any = append(any, c.Fails(by, v))
	}
	if len(br.Listed) > 0 {
		any = append(any, noText(v, br.Listed))
	}
	if len(any) == 0 {
		return gosrc.Raw("false")
	}
	return gosrc.List(" || ", any...)
}

// manyValues is from how many values on a switch, which finds one by halves, is written in place of
// a comparison with each.
const manyValues = 16

// notListed is the condition that v is none of the listed values.
func (c Check) notListed(v gosrc.Expr) gosrc.Expr {
	values := make([]gosrc.Literal, len(c.Listed))
	for i, l := range c.Listed {
		values[i] = l.Value
	}
	if len(values) > manyValues {
		values = values[:0]
		for _, same := range c.told() {
			values = append(values, same[0].Value)
		}
		return gosrc.Raw("!%", among(v, values))
	}
	return none(values, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("% != %", v, l) })
}

// notExactly is notListed for the text of the number: a float may have rounded it to one of the list.
func (c Check) notExactly(v gosrc.Expr) gosrc.Expr {
	if len(c.Listed) <= manyValues {
		texts := make([]gosrc.Literal, len(c.Listed))
		for i, l := range c.Listed {
			texts[i] = gosrc.Quote(l.Text)
		}
		return none(texts, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("d.Compare(%) != 0", l) })
	}
	var cases []gosrc.Part
	for _, same := range c.told() {
		texts := make([]gosrc.Part, len(same))
		for i, l := range same {
			texts[i] = gosrc.Raw("d.Compare(%) == 0", gosrc.Quote(l.Text))
		}
		cases = append(cases, gosrc.Raw("case %:\nreturn %", same[0].Value, gosrc.List(" || ", texts...)))
	}
	return gosrc.Raw("!func() bool {\nswitch % {\n%\n}\nreturn false\n}()", v, gosrc.List("\n", cases...))
}

// told are the listed values, with those together that the type cannot tell apart.
func (c Check) told() [][]Listed {
	var out [][]Listed
	at := map[string]int{}
	for _, l := range c.Listed {
		key := l.Text
		if f, err := strconv.ParseFloat(l.Text, c.Bits); c.Bits != 0 && err == nil {
			key = strconv.FormatFloat(f+0, 'g', -1, c.Bits)
		}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], out = i, append(out, nil)
		}
		out[i] = append(out[i], l)
	}
	return out
}

// among is the condition that v is one of many different constants.
func among(v gosrc.Expr, list []gosrc.Literal) gosrc.Expr {
	parts := make([]gosrc.Part, len(list))
	for i, l := range list {
		parts[i] = l
	}
	return gosrc.Raw("func() bool {\nswitch % {\ncase %:\nreturn true\n}\nreturn false\n}()", v, gosrc.List(", ", parts...))
}

// noText is the condition that a text is none of a list, which is not empty.
func noText(v gosrc.Expr, list []gosrc.Literal) gosrc.Expr {
	if len(list) <= manyValues {
		return none(list, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("% != %", v, l) })
	}
	return gosrc.Raw("!%", among(v, list))
}

// none joins the conditions that a value is not one of a list, which is not empty.
func none(list []gosrc.Literal, not func(gosrc.Literal) gosrc.Expr) gosrc.Expr {
	all := make([]gosrc.Part, len(list))
	for i, l := range list {
		all[i] = not(l)
	}
	return gosrc.List(" && ", all...)
}

// paren makes `*v` fit before a selector.
func paren(v gosrc.Expr) gosrc.Expr {
	if s := v.String(); len(s) > 0 && s[0] == '*' {
		return gosrc.Raw("(%)", v)
	}
	return v
}
