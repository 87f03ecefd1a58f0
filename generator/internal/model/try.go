package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// watcher is told of what a builder builds from what.
type watcher interface {
	// uses is told that what is being built is made of t, which is built already, or being built.
	uses(t *Type)
	// fills calls fill, which builds t.
	fills(t *Type, fill func())
}

// unwatched is the watcher of a build that is no trial.
type unwatched struct{}

func (unwatched) uses(*Type)                 {}
func (unwatched) fills(_ *Type, fill func()) { fill() }

// origins is the watcher of a trial: it finds out what is said of which type.
type origins struct {
	found *diag.List // what the builder has said since at is being built
	at    *origin    // what is being built
	of    map[*Type]*origin
}

func (x *origins) uses(t *Type) { x.at.uses = append(x.at.uses, x.of[t]) }

func (x *origins) fills(t *Type, fill func()) {
	outer, before := x.at, *x.found
	o := &origin{}
	x.of[t] = o
	x.uses(t)
	x.at, *x.found = o, nil
	fill()
	o.found = *x.found
	x.at, *x.found = outer, before
}

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
	in := b.in
	in.Tests = false
	seen := &origins{at: &origin{}, of: map[*Type]*origin{}}
	trial := newBuilder(in, b.facts, seen)
	seen.found = &trial.diags
	trial.nameOperations(ops)
	roots := make([]*origin, len(ops))
	for i, op := range trial.api.Operations {
		trial.replies, trial.callers = map[replyName]*Reply{}, callers.New(in.Policies)
		roots[i] = &origin{}
		seen.at, trial.diags = roots[i], nil
		trial.errorsAt, trial.indexed = map[diag.Pos]bool{}, 0
		trial.operation(op)
		roots[i].found = trial.diags
	}
	seen.at, trial.diags = &origin{}, nil
	trial.nameRecursive()
	trial.breakCycles()
	trial.writeTypes()
	seen.assign(roots, trial.listsAt)

	out := make(map[*openapi.Operation]diag.List, len(ops))
	for i, op := range ops {
		out[op] = roots[i].reached(op, func(n int) { b.in.Doc.Cost.Spend(cost.Reach, n, op.Pos) })
	}
	return out
}

// assign gives what is said of whole types, when all of them are known, to those whose
// place it names, or to everybody.
func (x *origins) assign(roots []*origin, places map[*Type]diag.Pos) {
	for _, d := range *x.found {
		known := false
		for t, o := range x.of {
			if at, ok := places[t]; ok && at == d.Pos {
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
