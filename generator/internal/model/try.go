package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// origin is an operation or a type in a trial: what is said of it itself, and the types
// that it is made of.
type origin struct {
	found diag.List
	uses  []*origin
	seen  *openapi.Operation // the last one that came by
}

// tryAll tries every operation that the reader has not refused, where those that cannot be
// generated are left out. Otherwise the model's refusals come from the real build.
func (b *builder) tryAll() map[*openapi.Operation]diag.List {
	if !b.in.SkipUnsupported {
		return nil
	}
	var ops []*openapi.Operation
	for _, op := range b.in.API.Operations {
		if pol := b.in.Policies.Operations[op.Node]; pol != nil && pol.Skip == nil && !op.Problems().HasErrors() {
			ops = append(ops, op)
		}
	}
	return b.try(ops)
}

// try builds operations, and returns what is said of each, alone. Each type is built once
// however many operations reach it: where all reach all, anything else is quadratic.
func (b *builder) try(ops []*openapi.Operation) map[*openapi.Operation]diag.List {
	trial := *b
	trial.api, trial.diags, trial.in.Tests = &API{}, nil, false
	trial.names, trial.methods = newNames(), newFieldNames()
	trial.types = map[typeKey]*Type{}
	trial.lists = map[*Type]listPlace{}
	trial.components = map[typeKey]gosrc.Ident{}
	trial.patterns = map[string]gosrc.Ident{}
	trial.judges, trial.audited = map[*Type]gosrc.Ident{}, map[*Type]bool{}
	trial.wordsBelow, trial.wordsDone = map[asking]*Type{}, map[*Type]bool{}
	trial.encodedItems, trial.asserts = nil, nil
	trial.refusedAt, trial.looked = map[diag.Pos]bool{}, map[*schema.Schema]bool{}
	trial.origins = map[*Type]*origin{}
	trial.nameOperations(ops)
	roots := make([]*origin, len(ops))
	for i, op := range trial.api.Operations {
		trial.replies, trial.callers = map[replyKey]*Reply{}, callers.New(b.in.Policies)
		roots[i] = &origin{}
		trial.origin, trial.diags = roots[i], nil
		trial.errorsAt, trial.indexed = map[diag.Pos]bool{}, 0
		trial.operation(op)
		roots[i].found = trial.diags
	}
	trial.origin, trial.diags = nil, nil
	trial.nameRecursive()
	trial.breakCycles()
	trial.writeTypes()
	trial.assign(roots)

	out := make(map[*openapi.Operation]diag.List, len(ops))
	for i, op := range ops {
		out[op] = roots[i].reached(op, func(n int) { b.in.Doc.Cost.Spend(cost.Reach, n, op.Pos) })
	}
	return out
}

// assign gives what is said of whole types, when all of them are known, to those whose
// place it names, or to everybody.
func (b *builder) assign(roots []*origin) {
	for _, d := range b.diags {
		known := false
		for t, o := range b.origins {
			if at, ok := b.places[t]; ok && at == d.Pos {
				o.found.Add(d)
				known = true
			}
		}
		for _, r := range roots {
			if !known {
				r.found.Add(d)
			}
		}
	}
}

// reached is what is said of all that an operation is made of.
func (o *origin) reached(op *openapi.Operation, spend func(int)) diag.List {
	var found diag.List
	for next := []*origin{o}; len(next) > 0; {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		if at.seen == op {
			continue
		}
		at.seen = op
		spend(1 + len(at.uses) + len(at.found))
		found = append(found, at.found...)
		for _, use := range slices.Backward(at.uses) {
			next = append(next, use)
		}
	}
	return found
}

// use notes, in a trial, that what is being built is made of t.
func (b *builder) use(t *Type) {
	if b.origin != nil {
		b.origin.uses = append(b.origin.uses, b.origins[t])
	}
}

// fillTraced is fill, in a trial: what is said meanwhile is said of t.
func (b *builder) fillTraced(t *Type, fill func()) {
	outer, before := b.origin, b.diags
	o := &origin{}
	b.origins[t] = o
	b.use(t)
	b.origin, b.diags = o, nil
	fill()
	o.found = b.diags
	b.origin, b.diags = outer, before
}
