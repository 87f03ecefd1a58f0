package schema

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// maxDigits is the length of number text that is computed with; package load
// refuses longer ones, and exponents beyond 400.
const maxDigits = 1200

// exact returns a number's value.
func exact(text string) (*big.Rat, bool) {
	if text == "" || len(text) > maxDigits {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// canonical is text that two values share exactly when they are equal as JSON Schema
// has it (2020-12 core, 4.2.2): numbers by value, objects without order.
func canonical(n *load.Node) string { return string(appendCanonical(nil, n)) }

func appendCanonical(b []byte, n *load.Node) []byte {
	switch n.Kind {
	case load.String:
		return strconv.AppendQuote(b, n.Text)
	case load.Number:
		if r, ok := exact(n.Text); ok {
			return append(b, r.RatString()...)
		}
	case load.Array:
		b = append(b, '[')
		for _, item := range n.Items {
			b = append(appendCanonical(b, item), ',')
		}
		return append(b, ']')
	case load.Object:
		members := slices.Clone(n.Members)
		slices.SortFunc(members, func(x, y load.Member) int { return cmp.Compare(x.Key, y.Key) })
		b = append(b, '{')
		for _, m := range members {
			b = append(strconv.AppendQuote(b, m.Key), ':')
			b = append(appendCanonical(b, m.Value), ',')
		}
		return append(b, '}')
	case load.Null:
		return append(b, "null"...)
	}
	return append(b, n.Text...)
}

// setOf returns the values of a list with the position of each.
func setOf(list []*load.Node) map[string]int {
	set := make(map[string]int, len(list))
	for i, v := range list {
		set[canonical(v)] = i
	}
	return set
}

// TypesOf is the JSON type of a value.
func TypesOf(n *load.Node) Types {
	switch n.Kind {
	case load.Null:
		return TypeNull
	case load.Bool:
		return TypeBool
	case load.String:
		return TypeString
	case load.Array:
		return TypeArray
	case load.Object:
		return TypeObject
	case load.Number:
		if rat, ok := exact(n.Text); ok && rat.IsInt() {
			return TypeInteger
		}
		return TypeNumber
	}
	return 0
}

func isNull(n *load.Node) bool { return n.Kind == load.Null }

// withNull returns an enum that has null, too.
func withNull(enum []*load.Node, at *load.Node) []*load.Node {
	if slices.ContainsFunc(enum, isNull) {
		return enum
	}
	null := &load.Node{Kind: load.Null}
	if at != nil {
		null.Pos = at.Pos
	}
	return append(slices.Clone(enum), null)
}

// texts are the items of a list of strings.
func texts(list *load.Node) ([]string, bool) {
	var out []string
	for _, item := range list.Items {
		text, ok := item.Str()
		if !ok {
			return nil, false
		}
		out = append(out, text)
	}
	return out, true
}
