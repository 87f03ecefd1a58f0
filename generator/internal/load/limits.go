package load

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Limits bound what a document may cost. A field that is zero or negative has the
// default of DefaultLimits: there is no way to ask for no limit.
type Limits struct {
	// Bytes is the size of one file.
	Bytes int64
	// TotalBytes is the size of all files together.
	TotalBytes int64
	// Depth is how deep values may be nested in one file.
	Depth int
	// Nodes is the number of values in all files together. One costs about 150
	// bytes, and in YAML twice that for as long as its file is being read: so one
	// YAML file may have half of them.
	Nodes int
	// Aliases is the number of values that YAML aliases and merge keys may stand
	// for, counted again at each use.
	Aliases int
	// Files is the number of files that the document may be spread over.
	Files int
}

// DefaultLimits returns the limits used unless the configuration says otherwise:
// 16 MiB a file, 64 MiB in all, 200 levels, 1,000,000 values, 100,000 of them by
// aliases, 4000 files. The largest public documents have 8 MB, 270,000 values,
// 30 levels and 3500 files.
func DefaultLimits() Limits {
	return Limits{
		Bytes:      16 << 20,
		TotalBytes: 64 << 20,
		Depth:      200,
		Nodes:      1_000_000,
		Aliases:    100_000,
		Files:      4000,
	}
}

// orDefault fills what is not set.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.TotalBytes <= 0 {
		l.TotalBytes = d.TotalBytes
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Nodes <= 0 {
		l.Nodes = d.Nodes
	}
	if l.Aliases <= 0 {
		l.Aliases = d.Aliases
	}
	if l.Files <= 0 {
		l.Files = d.Files
	}
	return l
}

// budget is what is left of the limits while a document is being read.
type budget struct {
	Limits
	nodes   int // so far
	aliases int
	bytes   int64
	files   int
	spelled map[*Node]string // scalars whose Text is not what is written
}

// spell notes what is written for a scalar.
func (b *budget) spell(n *Node, text string) {
	if text != n.Text {
		if b.spelled == nil {
			b.spelled = map[*Node]string{}
		}
		b.spelled[n] = text
	}
}

// node takes one value at pos from the budget.
func (b *budget) node(pos diag.Pos, depth int) *diag.Diagnostic {
	if b.nodes++; b.nodes > b.Nodes {
		return tooBig(pos, rules.LimitNodes, "the document has more than %d values", b.Nodes)
	}
	if depth > b.Depth {
		return tooBig(pos, rules.LimitDepth, "nested deeper than %d levels", b.Depth)
	}
	return nil
}

// alias takes one value that an alias or a merge key stands for.
func (b *budget) alias(pos diag.Pos, depth int) *diag.Diagnostic {
	if b.aliases++; b.aliases > b.Aliases {
		return tooBig(pos, rules.LimitAliases, "aliases and merge keys stand for more than %d values", b.Aliases)
	}
	return b.node(pos, depth)
}

func tooBig(pos diag.Pos, rule rules.Rule, format string, n int) *diag.Diagnostic {
	return problem(pos, rule, format, n)
}
