package gosrc

import (
	"fmt"
	"strings"
)

// Expr is a Go expression, or another piece of Go, made of constants of bailey's own
// code and other parts.
type Expr struct{ text string }

// Raw returns the constant k with each % replaced by the next part. That the numbers
// of both agree is checked: a call for which they don't is a mistake in the program,
// and panics.
func Raw(k constant, parts ...Part) Expr {
	pieces := strings.Split(string(k), "%")
	if len(pieces)-1 != len(parts) {
		panic(fmt.Sprintf("gosrc: %q has %d places for %d parts", string(k), len(pieces)-1, len(parts)))
	}
	var b strings.Builder
	b.WriteString(pieces[0])
	for i, p := range parts {
		b.WriteString(partText(p))
		b.WriteString(pieces[i+1])
	}
	return Expr{b.String()}
}

// Call returns a call of the function that the constant fn names.
func Call(fn constant, args ...Part) Expr {
	return Expr{string(fn) + "(" + List(", ", args...).text + ")"}
}

// List returns the parts with the constant between them.
func List(between constant, parts ...Part) Expr {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = partText(p)
	}
	return Expr{strings.Join(texts, string(between))}
}

func partText(p Part) string {
	text, ok := Text(p)
	if !ok {
		panic(fmt.Sprintf("gosrc: %T is not one of this package's types", p))
	}
	return text
}

// String returns the expression.
func (e Expr) String() string { return e.text }

func (Expr) source() {}
func (Expr) part()   {}
