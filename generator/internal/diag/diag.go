// Package diag holds the findings of every stage of the generator about a document:
// place, message, rule and advice. It is the ground floor:
// it imports nothing of the generator.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Pos is a place in an input file. Lines and columns count from 1, columns in
// bytes; a zero Line means that the place is the file as a whole.
type Pos struct {
	File string
	Line int
	Col  int
}

// String prints file:line:col, or the file alone when the line is unknown.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders places by file, line and column: negative if p comes before q, 0 if they are equal.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Severity says whether generation can go on.
type Severity uint8

const (
	// Error stops the generator before its next stage. It is the zero value, so
	// that a diagnostic without a severity is not let through.
	Error Severity = iota
	// Warning is printed and does not stop anything.
	Warning
)

// Diagnostic is one finding.
type Diagnostic struct {
	Pos      Pos
	Severity Severity
	// Rule is the stable name of the broken rule, in kebab-case: "duplicate-key".
	Rule rules.Rule
	// Message describes the fault, in one line.
	Message string
	// Advice describes the remedy; it may be empty.
	Advice string
}

// String prints `file:line:col: message [rule]`, with the advice after a semicolon.
// Control characters from the document are escaped: a diagnostic is one line.
func (d Diagnostic) String() string {
	var b strings.Builder
	b.WriteString(d.Pos.String())
	b.WriteString(": ")
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(oneLine(d.Message))
	if d.Advice != "" {
		b.WriteString("; ")
		b.WriteString(oneLine(d.Advice))
	}
	fmt.Fprintf(&b, " [%s]", d.Rule)
	return b.String()
}

// oneLine escapes characters that could break the line or drive a terminal.
func oneLine(s string) string {
	clean := func(r rune) bool {
		return r >= 0x20 && r != 0x7f && (r < 0x80 || r > 0x9f) && r != 0x2028 && r != 0x2029
	}
	if strings.IndexFunc(s, func(r rune) bool { return !clean(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if clean(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}

// List collects diagnostics. The zero value is empty and ready; a List is not
// safe for concurrent use.
type List []Diagnostic

// Errorf adds an error at pos.
func (l *List) Errorf(pos Pos, rule rules.Rule, format string, args ...any) {
	*l = append(*l, Diagnostic{Pos: pos, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning at pos.
func (l *List) Warnf(pos Pos, rule rules.Rule, format string, args ...any) {
	*l = append(*l, Diagnostic{Pos: pos, Severity: Warning, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// Add appends d as it is: for findings with advice.
func (l *List) Add(d Diagnostic) { *l = append(*l, d) }

// AddFound appends the diagnostic that d points to, unless it is nil.
func (l *List) AddFound(d *Diagnostic) {
	if d != nil {
		*l = append(*l, *d)
	}
}

// HasErrors reports whether the list holds anything that stops generation.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders the list by file, line, column, then rule and message, and drops
// exact repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			a.Pos.Compare(b.Pos),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.Compact(*l)
}
