// Package gosrc holds the only ways for text of a document to become Go source.
//
// Each type is opaque: its text is made by a constructor of this package, which
// checks or escapes its input. So whatever has one of these types is, by
// construction,
//
//   - an identifier ([Ident]) that is neither a keyword nor predeclared,
//   - a literal ([Literal]): a string in ASCII between quotes, a number, a duration,
//   - comment lines ([Comment]), none of which is a directive of any tool, or
//   - an expression ([Expr]) assembled from these and constants of bailey's own code:
//     the fixed parts of a [Raw] can only be untyped constants, so a string that is
//     known only at run time does not compile there.
//
// The zero value of each prints nothing. All are immutable and comparable with ==.
package gosrc

// Source is Go source that was made by this package. Nothing outside of it can
// implement Source on its own; use [Text], not String, to print one: a type that
// embeds a Source can bring its own String.
type Source interface {
	// String returns the source text.
	String() string
	source()
}

// Part is Source that may stand within an expression: all but comments, which
// would swallow the text behind them.
type Part interface {
	Source
	part()
}

// Text returns the source text of s, and whether s is really one of this package's
// types.
func Text(s Source) (string, bool) {
	switch s := s.(type) {
	case Ident:
		return s.text, true
	case Literal:
		return s.text, true
	case Comment:
		return s.text, true
	case Expr:
		return s.text, true
	}
	return "", false
}

// constant is the type of parameters that take untyped constants only: no other
// package can name it, and no function returns one.
type constant string
