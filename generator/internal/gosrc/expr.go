package gosrc

import (
	"errors"
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

// ImportPath is the path of a Go package.
type ImportPath struct{ path string }

// NewImportPath returns s as an import path: elements of ASCII letters, digits and
// "-._~+" between slashes, none of which is empty or starts or ends with a dot. "C",
// which is no package, is refused.
func NewImportPath(s string) (ImportPath, error) {
	if s == "" || len(s) > 256 || s == "C" {
		return ImportPath{}, errors.New("not an import path")
	}
	for _, elem := range strings.Split(s, "/") {
		if elem == "" || elem[0] == '.' || elem[len(elem)-1] == '.' || elem[0] == '-' {
			return ImportPath{}, errors.New("not an import path: an element is empty, or starts or ends with a dot")
		}
		for _, c := range []byte(elem) {
			alnum := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
			if !alnum && strings.IndexByte("-._~+", c) < 0 {
				return ImportPath{}, errors.New("not an import path: it has a character that none has")
			}
		}
	}
	return ImportPath{s}, nil
}

// String returns the path between quotes, as an import declaration has it; for the
// zero ImportPath it returns "".
func (p ImportPath) String() string {
	if p.path == "" {
		return ""
	}
	return Quote(p.path).text
}

func (ImportPath) source() {}
func (ImportPath) part()   {}
