package generator

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Result is what became of a document.
type Result struct {
	// Files are the generated files in a fixed order; nil when the document was refused.
	Files []File
	// Diagnostics are all findings, sorted by position. With an error among them the
	// document was refused.
	Diagnostics []Diagnostic
	// Skipped are the operations that are not in the generated package, in document order.
	Skipped []SkippedOp
}

// File is one generated file.
type File struct {
	Name    string // without a path
	Content []byte
}

// Diagnostic is one finding about a document or a configuration file.
type Diagnostic struct {
	// File is the path of the file, Line and Column count from 1, columns in bytes. A
	// Line of 0 means the file as a whole.
	File         string
	Line, Column int
	// Warning is set when the finding does not stop generation.
	Warning bool
	// Rule is the stable name of what was broken: "duplicate-key".
	Rule string
	// Message says what is wrong, Advice, which may be empty, what to do about it.
	Message, Advice string
}

// String returns `file:line:col: message; advice [rule]`: one line, whatever the
// document contains.
func (d Diagnostic) String() string {
	out := diag.Diagnostic{
		Pos:  diag.Pos{File: d.File, Line: d.Line, Col: d.Column},
		Rule: rules.Rule(d.Rule), Message: d.Message, Advice: d.Advice,
	}
	if d.Warning {
		out.Severity = diag.Warning
	}
	return out.String()
}

// Error makes a finding of LoadConfig an error; it is the same as String.
func (d Diagnostic) Error() string { return d.String() }

// public is the finding d as the packages' users see it, in the file path.
func public(d diag.Diagnostic, path string) Diagnostic {
	return Diagnostic{
		File: path, Line: d.Pos.Line, Column: d.Pos.Col,
		Warning: d.Severity == diag.Warning, Rule: string(d.Rule), Message: d.Message, Advice: d.Advice,
	}
}

// SkippedOp is an operation that was left out.
type SkippedOp struct {
	Operation string // "GET /users/{id}"
	ID        string // the operationId, or ""
	Reason    string
	// Declared is set when the document or the configuration names the operation, and
	// not set when it is missing only because SkipUnsupported allowed it.
	Declared     bool
	File         string
	Line, Column int
}

// LeftOut is the number of operations that are missing without anybody having named
// them: a finding, unless somebody has looked at it.
func (r *Result) LeftOut() int {
	n := 0
	for _, s := range r.Skipped {
		if !s.Declared {
			n++
		}
	}
	return n
}

// Errors and Warnings count the diagnostics.
func (r *Result) Errors() int { return len(r.Diagnostics) - r.Warnings() }

// Warnings counts the diagnostics that do not stop generation.
func (r *Result) Warnings() int {
	n := 0
	for _, d := range r.Diagnostics {
		if d.Warning {
			n++
		}
	}
	return n
}

// report makes the findings public: sorted, and with paths that lead to the files from
// the current folder. The stages know them relative to the document's.
func (r *Result) report(document string, diags diag.List) {
	diags.Sort()
	for _, d := range diags {
		r.Diagnostics = append(r.Diagnostics, public(d, locate(document, d.Pos.File)))
	}
}

// locate turns a path relative to the document's folder into one for the user.
func locate(document, file string) string {
	if filepath.IsAbs(file) || strings.Contains(file, "://") { // a meta-schema that is built in
		return file
	}
	return filepath.Join(filepath.Dir(document), filepath.FromSlash(cmp.Or(file, filepath.Base(document))))
}

// skip lists the operations that were left out, each with a warning.
func (r *Result) skip(document string, skipped []model.Skipped, diags *diag.List) {
	for _, s := range skipped {
		r.Skipped = append(r.Skipped, SkippedOp{
			Operation: s.Operation, ID: s.ID, Reason: s.Reason, Declared: s.Declared,
			File: locate(document, s.Pos.File), Line: s.Pos.Line, Column: s.Pos.Col,
		})
		d := diag.Diagnostic{
			Pos: s.Pos, Severity: diag.Warning, Rule: rules.Skipped,
			Message: s.Operation + " is left out: " + s.Reason,
		}
		if !s.Declared {
			d.Advice = "name it under skip in " + ConfigName + " to accept that"
		}
		diags.Add(d)
	}
}
