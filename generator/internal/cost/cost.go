// Package cost bounds the work that a document may cause in the generator. Each stage has a budget of steps
// in proportion to the document, and a document that needs more is refused at the place where
// the budget ran out. Steps are counted and not timed, so that the outcome does not depend on
// the machine.
package cost

import (
	"fmt"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Stage is a stage of the generator, or a part of one that has a budget of its own.
type Stage uint8

// The stages, in the order in which they begin.
const (
	Load    Stage = iota // reading, converting and bundling
	Policy               // the vocabulary x-bailey-*
	Schema               // the normal form of schemas, and merging
	Reach                // walks over all that a schema leads to
	OpenAPI              // operations, parameters, bodies and responses
	Assert               // functions for values that stay JSON text
	Sample               // values for the generated tests
	Inhabit              // whether values can meet the schemas
	Model                // Go types
	Share                // which types and replies are equal
	Attack               // requests of the generated tests
	Emit                 // bytes of Go source
	Stages               // the number of stages
)

// limits are the budgets: Factor steps for each value of the document, and Base steps for any
// document. Most is the greatest number of steps for each value that a real document of 1000
// values or more needs (426 documents, which docs/document-cost.md names); a factor is at
// least ten times that.
var limits = [Stages]Limit{
	Load:    {Name: "load", What: "steps", Base: 100_000, Factor: 20, Most: 0.2},
	Policy:  {Name: "policy", What: "steps", Base: 50_000, Factor: 20, Most: 0.9},
	Schema:  {Name: "schema", What: "steps", Base: 100_000, Factor: 100, Most: 7.1},
	Reach:   {Name: "reach", What: "steps", Base: 100_000, Factor: 1500, Most: 128.0},
	OpenAPI: {Name: "openapi", What: "steps", Base: 50_000, Factor: 30, Most: 1.4},
	Assert:  {Name: "assert", What: "steps", Base: 100_000, Factor: 50, Most: 3.9},
	Sample:  {Name: "sample", What: "steps", Base: 500_000, Factor: 20, Most: 1.4},
	Inhabit: {Name: "inhabit", What: "steps", Base: 100_000, Factor: 40, Most: 0.5},
	Model:   {Name: "model", What: "steps", Base: 100_000, Factor: 100, Most: 6.3},
	Share:   {Name: "share", What: "bytes", Base: 4_000_000, Factor: 2000, Most: 191.5},
	Attack:  {Name: "attack", What: "steps", Base: 50_000, Factor: 60, Most: 0.6},
	Emit:    {Name: "emit", What: "bytes", Base: 1_000_000, Factor: 1500, Most: 120.9},
}

// Limit is the budget of a stage.
type Limit struct {
	Name   string
	What   string  // the counted thing
	Base   int     // for any document
	Factor int     // for each value
	Most   float64 // the most for each value that a real document needed
}

// Of returns the budget of a stage.
func Of(s Stage) Limit { return limits[s] }

// Budget is the rest of the steps of a document. A nil Budget has no bounds: it is that of values that no
// document holds. A Budget is not safe for concurrent use.
type Budget struct {
	values int
	spent  [Stages]int
	last   diag.Pos
}

// New returns the budget of a document with so many values and the entry file file.
func New(values int, file string) *Budget {
	return &Budget{values: values, last: diag.Pos{File: file, Line: 1, Col: 1}}
}

// Values returns how many values the document has.
func (b *Budget) Values() int { return b.values }

// Grow adds values that were read since.
func (b *Budget) Grow(values int) {
	if b != nil {
		b.values = max(b.values, values)
	}
}

// Spent returns the steps that a stage has spent.
func (b *Budget) Spent(s Stage) int { return b.spent[s] }

// exceeded ends a stage. It is a panic, since a stage has hundreds of functions between the
// one that counts and the one that ends it, and none could go on with less: Guard turns it into a diagnostic.
type exceeded struct{ found diag.Diagnostic }

// Spend takes n steps of a stage from the budget, for the text at pos; the zero Pos stands
// for the place of the last call. Beyond the budget it does not return: the Guard around it does.
func (b *Budget) Spend(s Stage, n int, pos diag.Pos) {
	if b == nil {
		return
	}
	if pos.Line != 0 {
		b.last = pos
	}
	l := &limits[s]
	most := l.Base + l.Factor*b.values
	if b.spent[s] += n; b.spent[s] <= most && n >= 0 {
		return
	}
	panic(exceeded{diag.Diagnostic{
		Pos: b.last, Rule: rules.DocumentCost,
		Message: fmt.Sprintf("the document costs more than its size allows: stage %s needs more than %d %s, which are %d for each of the document's %d values and %d more",
			l.Name, most, l.What, l.Factor, b.values, l.Base),
		Advice: "what stands here is combined with, or repeated for, too much else: nest oneOf, anyOf and allOf less deeply, and name what many places share",
	}})
}

// Guard calls f and returns the diagnostic of a budget that ran out, or nil. Other panics pass.
func Guard(f func()) (found *diag.Diagnostic) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exceeded:
			found = &p.found
		default:
			panic(p)
		}
	}()
	f()
	return nil
}
