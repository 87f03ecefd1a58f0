package check

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Func holds a value against one schema object, and reports whether it is valid. It
// marks in seen, which may be nil, what its keywords evaluate.
type Func func(c *Context, v *Value, seen *Evaluated) bool

// What calls and questions cost, in steps as [wire.StepFactor] counts them.
const (
	enterSteps = 16 // a Func
	parseSteps = 6  // a byte of the text, of which a tree is made
	nameSteps  = 1  // a member that is asked for its name
	listSteps  = 32 // a number or text of a list that a value is compared with
	givenSteps = 16 // a member that is missing, and is the other side's to add
	addSteps   = 48 // one that was not missing before
)

// maxFound is how many violations are kept: as many as a Decoder can be told to.
const maxFound = 1_000

// Context is one check of one text.
type Context struct {
	left  int64 // steps, where no decoder has them
	spent bool  // there are none left: the text is refused
	quiet int   // > 0 while alternatives are tried, whose failures are no violations
	scope []int // the dynamic scope, outermost first (JSON Schema core, 7.1)
	found []violation
	way   Way
	root  *Value
	tree  tree
	name  Value        // of a member, for propertyNames
	spare []*Evaluated // to be used again
	// crossed are the members that must not travel this way, by the schemas that have
	// held so far.
	crossed []violation
	excuses
}

// excuses are when a member that must not travel this way is not required: where a value passes for it, and not where another
// schema would then hold, or not hold, for what is not there.
type excuses struct {
	negated bool // below an odd number of not
	literal int  // > 0 where what is required must be there
	times   int  // how often a member was missing and was not required
	// given are the names of those, each once, by the schemas that have held so far.
	given nameSet
}

type violation struct {
	at      int
	keyword string
}

// Way is the way that a value travels, where its schema says that some members must not
// travel that way.
type Way uint8

// The ways. No member is refused with the zero value.
const (
	AnyWay   Way = iota
	Request      // no readOnly members
	Response     // no writeOnly members
)

// Decode reads a value into v as it is spelled, and holds it against check.
func Decode(d *wire.Decoder, v *wire.Raw, check Func) { DecodeWay(d, v, AnyWay, check) }

// DecodeWay is [Decode] for a value that travels a way.
func DecodeWay(d *wire.Decoder, v *wire.Raw, way Way, check Func) {
	at := d.Here()
	*v = d.Raw()
	if d.Failed() {
		return
	}
	c, ok := run(d, *v, way, check)
	defer c.free()
	switch {
	case d.Failed(): // there is not enough memory, or there are no steps left
	case c.spent:
		d.RefuseComplex()
	case !ok:
		for _, f := range c.found {
			d.RefuseAt(at+f.at, f.keyword)
		}
	}
}

// Append appends a value by its text, which must be well-formed and is held against
// check. The zero Raw stands for null.
func Append(e *wire.Encoder, b []byte, v wire.Raw, check Func) []byte {
	return AppendWay(e, b, v, AnyWay, check)
}

// AppendWay is [Append] for a value that travels a way.
func AppendWay(e *wire.Encoder, b []byte, v wire.Raw, way Way, check Func) []byte {
	if v == "" {
		v = "null"
	}
	if v.Check() != nil {
		return wire.EncodeRaw(e, b, &v)
	}
	c, ok := run(nil, v, way, check)
	defer c.free()
	if c.spent {
		e.Refuse(b, wire.KeywordSteps)
	} else if !ok {
		for _, f := range c.found {
			e.RefuseAt(b, v, f.at, f.keyword)
		}
	}
	return append(b, v...)
}

// contexts are used again, as a decoder's own are: many a text is a single value among thousands.
var contexts = sync.Pool{New: func() any { return newContext() }}

func newContext() *Context {
	c := new(Context)
	c.bind()
	return c
}

// bind sets what points from c into itself.
func (c *Context) bind() { c.root, c.tree.root.tree, c.tree.c = &c.tree.root, &c.tree, c }

// contextOf returns the Context of d, or of no decoder.
func contextOf(d *wire.Decoder) *Context {
	if d == nil {
		return contexts.Get().(*Context)
	}
	own := d.Attached()
	c, ok := (*own).(*Context)
	if !ok {
		c = newContext()
		*own = c
	}
	return c
}

// free gives c back. Nothing of the text may be used any more.
func (c *Context) free() {
	owned := c.tree.d != nil
	c.tree.free()
	if cap(c.found)+cap(c.crossed) > keptNodes || len(c.spare) > keptNodes {
		*c = Context{tree: c.tree}
		c.bind()
	}
	// One by one, and pointers only where there are some: a copy of the tree, or the write barriers of
	// the collector, cost more than checking a small value.
	c.left, c.spent, c.quiet, c.way, c.negated, c.literal, c.times = 0, false, 0, 0, false, 0, 0
	if c.given.list != nil {
		c.given = nameSet{}
	}
	if c.name.tree != nil {
		c.name = Value{}
	}
	c.found, c.crossed, c.scope = c.found[:0], c.crossed[:0], c.scope[:0]
	if !owned {
		contexts.Put(c)
	}
}

const (
	evaluatedSize = int(unsafe.Sizeof(Evaluated{})) + 8
	violationSize = int(unsafe.Sizeof(violation{}))
	nameSize      = 2 * int(unsafe.Sizeof(""))
)

// evaluated returns an empty Evaluated.
func (c *Context) evaluated() *Evaluated {
	if n := len(c.spare); n > 0 {
		e := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return e
	}
	c.tree.charge(evaluatedSize)
	return new(Evaluated)
}

// release takes an Evaluated back that nobody refers to.
func (c *Context) release(e *Evaluated) {
	switch {
	case e == nil:
	case cap(e.bits) > 8:
		c.tree.charge(16 * cap(e.bits)) // with what it has grown through
	default:
		e.bits = e.bits[:0]
		c.spare = append(c.spare, e)
	}
}

// run calls check for a well-formed text. When it returns false and there are steps left, there is
// a violation.
func run(d *wire.Decoder, text wire.Raw, way Way, check Func) (*Context, bool) {
	c := contextOf(d)
	c.left, c.way, c.tree.d = wire.StepBase+wire.StepFactor*int64(len(text)), way, d
	if !c.Spend(parseSteps*int64(len(text))) || !c.tree.parse(text) {
		c.spent = true
		return c, false
	}
	ok := check(c, c.root, nil)
	if len(c.crossed) > 0 {
		ok = false
		c.found = append(c.found, c.crossed...)
	}
	if !ok && len(c.found) == 0 {
		c.found = append(c.found, violation{int(c.root.at), ""})
	}
	return c, ok && !c.spent
}

// Enter is the first call of each [Func]: it reports false when no steps are left.
func (c *Context) Enter(v *Value) bool {
	if c.tree.d != nil && c.tree.d.Failed() {
		c.spent = true
	}
	return c.Spend(enterSteps + nameSteps*int64(v.n))
}

// Spend draws n steps, and reports whether they were left.
func (c *Context) Spend(n int64) bool {
	within := true
	if d := c.tree.d; d != nil {
		within = d.Spend(n)
	} else {
		c.left -= n
		within = c.left >= 0
	}
	c.spent = c.spent || !within
	return !c.spent
}

// Afford is [Context.Spend]: the text has paid for its bytes. With it a Context is a [wire.Budget].
func (c *Context) Afford(_ int, n int64) bool { return c.Spend(n) }

// Matches is pattern.
func (c *Context) Matches(v *Value, p *wire.Pattern) bool {
	return v.kind != String || c.Match(p, v.text())
}

// Match reports whether a text, such as the name of a member, has a match of p.
func (c *Context) Match(p *wire.Pattern, text string) bool {
	if c.spent {
		return false
	}
	if d := c.tree.d; d != nil {
		matches := d.Matches(p, text)
		c.spent = d.Failed()
		return matches
	}
	matches, within := p.MatchWithin(text, &c.left)
	c.spent = !within
	return matches
}

// Want records a violation of keyword at v unless holds is true, which it returns.
func (c *Context) Want(v *Value, keyword string, holds bool) bool {
	if !holds && c.quiet == 0 && len(c.found) < maxFound {
		c.found = append(c.found, violation{int(v.at), keyword})
	}
	return holds
}

// try calls check, whose failures are no violations, and keeps what it has evaluated
// only if it succeeds.
func (c *Context) try(v *Value, seen *Evaluated, check Func) bool {
	var own *Evaluated
	if seen != nil {
		own = c.evaluated()
	}
	crossed, given := len(c.crossed), len(c.given.list)
	c.quiet++
	ok := check(c, v, own)
	c.quiet--
	if ok {
		seen.Merge(own)
	} else {
		c.crossed, c.given.list = c.crossed[:crossed], c.given.list[:given]
	}
	c.release(own)
	return ok
}

// ReadOnly notes that a schema with readOnly holds for v: where that is a part of a
// request it is refused, if the schemas hold that have brought this one.
func (c *Context) ReadOnly(v *Value) { c.cross(v, Request, "readOnly") }

// WriteOnly is ReadOnly for writeOnly and responses.
func (c *Context) WriteOnly(v *Value) { c.cross(v, Response, "writeOnly") }

func (c *Context) cross(v *Value, way Way, keyword string) {
	if c.way == way && v != c.root && len(c.crossed) < maxFound {
		c.crossed = append(c.crossed, violation{int(v.at), keyword})
	}
}

// Push enters a schema resource, and Pop leaves it again (JSON Schema core, 7.1).
func (c *Context) Push(resource int) { c.scope = append(c.scope, resource) }

// Pop leaves the resource that was entered last.
func (c *Context) Pop() { c.scope = c.scope[:len(c.scope)-1] }

// Outermost returns the first of the resources that was entered, or -1: it decides
// what a `$dynamicRef` means (JSON Schema core, 8.2.3.2).
func (c *Context) Outermost(resources ...int) int {
	for _, r := range c.scope {
		if slices.Contains(resources, r) {
			return r
		}
	}
	return -1
}

// Anything is the schema true.
func Anything(*Context, *Value, *Evaluated) bool { return true }

// Nothing is the schema false, which says the same as `not: {}` (JSON Schema core,
// 4.3.2).
func Nothing(c *Context, v *Value, _ *Evaluated) bool { return c.Want(v, "not", false) }
