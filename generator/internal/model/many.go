package model

import (
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// manyValues is from how many values on a switch, which finds one by halves, is written in place of
// a comparison with each.
const manyValues = 16

// listedNumber is a number of an enum.
type listedNumber struct {
	literal gosrc.Literal
	text    string // as it is written
}

// listCheck is the check that a value is one of a list, which is not empty. Where exact is set,
// the text of the number is compared as well: a float may have rounded it to one of the list.
func listCheck(list []listedNumber, bits int, exact bool) Check {
	check := Check{Keyword: gosrc.Quote("enum")}
	if len(list) <= manyValues {
		var values, texts []gosrc.Literal
		for _, n := range list {
			values, texts = append(values, n.literal), append(texts, gosrc.Quote(n.text))
		}
		check.make = func(v gosrc.Expr) gosrc.Expr {
			return none(values, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("% != %", v, l) })
		}
		if exact {
			check.exact = func(gosrc.Expr) gosrc.Expr {
				return none(texts, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("d.Compare(%) != 0", l) })
			}
		}
		return check
	}
	var firsts []gosrc.Part      // a literal for each value of the type
	same := map[string]int{}     // the place in firsts of those that the type cannot tell apart
	texts := [][]gosrc.Part(nil) // the exact comparisons, likewise
	for _, n := range list {
		key := n.text
		if f, err := strconv.ParseFloat(n.text, bits); exact && err == nil {
			key = strconv.FormatFloat(f+0, 'g', -1, bits)
		}
		i, ok := same[key]
		if !ok {
			i = len(firsts)
			same[key] = i
			firsts, texts = append(firsts, n.literal), append(texts, nil)
		}
		texts[i] = append(texts[i], gosrc.Raw("d.Compare(%) == 0", gosrc.Quote(n.text)))
	}
	check.make = func(v gosrc.Expr) gosrc.Expr { return gosrc.Raw("!%", among(v, firsts)) }
	if exact {
		check.exact = func(v gosrc.Expr) gosrc.Expr {
			cases := make([]gosrc.Part, len(firsts))
			for i, l := range firsts {
				cases[i] = gosrc.Raw("case %:\nreturn %", l, gosrc.List(" || ", texts[i]...))
			}
			return gosrc.Raw("!func() bool {\nswitch % {\n%\n}\nreturn false\n}()", v, gosrc.List("\n", cases...))
		}
	}
	return check
}

// among is the condition that v is one of many different constants.
func among(v gosrc.Expr, list []gosrc.Part) gosrc.Expr {
	return gosrc.Raw("func() bool {\nswitch % {\ncase %:\nreturn true\n}\nreturn false\n}()", v, gosrc.List(", ", list...))
}

// noText is the condition that a text is none of a list, which is not empty.
func noText(v gosrc.Expr, list []gosrc.Literal) gosrc.Expr {
	if len(list) <= manyValues {
		return none(list, func(l gosrc.Literal) gosrc.Expr { return gosrc.Raw("% != %", v, l) })
	}
	parts := make([]gosrc.Part, len(list))
	for i, l := range list {
		parts[i] = l
	}
	return gosrc.Raw("!%", among(v, parts))
}
