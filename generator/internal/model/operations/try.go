package operations

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// origins is the watcher of a trial: it finds out what is said of which type.
type origins struct {
	found *diag.List // what the builder has said since at is being built
	at    *origin    // what is being built
	of    map[*model.Type]*origin
}

func (x *origins) Uses(t *model.Type) { x.at.uses = append(x.at.uses, x.of[t]) }

func (x *origins) Fills(t *model.Type, fill func()) {
	outer, before := x.at, *x.found
	o := &origin{}
	x.of[t] = o
	x.Uses(t)
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
func (b *Builder) tryAll() map[*openapi.Operation]diag.List {
	if !b.In.SkipUnsupported {
		return nil
	}
	var ops []*openapi.Operation
	for _, op := range b.In.API.Operations {
		if pol := b.In.Policies.Operations[op.Node]; pol != nil && pol.Skip == nil && !op.Problems().HasErrors() {
			ops = append(ops, op)
		}
	}
	return b.try(ops)
}

// try builds operations, and returns what is said of each, alone. Each type is built once
// however many operations reach it: where all reach all, anything else is quadratic.
func (b *Builder) try(ops []*openapi.Operation) map[*openapi.Operation]diag.List {
	in := b.In
	in.Tests = false
	seen := &origins{at: &origin{}, of: map[*model.Type]*origin{}}
	trial := New(types.New(in, b.Facts, seen), b.wordless)
	seen.found = &trial.Diags
	trial.NameOperations(ops)
	roots := make([]*origin, len(ops))
	for i, op := range trial.API.Operations {
		trial.replies, trial.Callers = map[replyName]*model.Reply{}, callers.New(in.Policies)
		roots[i] = &origin{}
		seen.at, trial.Diags = roots[i], nil
		trial.errorsAt, trial.indexed = map[diag.Pos]bool{}, 0
		trial.Operation(op)
		roots[i].found = trial.Diags
	}
	seen.at, trial.Diags = &origin{}, nil
	trial.NameRecursive()
	trial.BreakCycles()
	trial.WriteTypes()
	seen.assign(roots, trial.ListsAt)

	out := make(map[*openapi.Operation]diag.List, len(ops))
	for i, op := range ops {
		out[op] = roots[i].reached(op, func(n int) { b.In.Doc.Cost.Spend(cost.Reach, n, op.Pos) })
	}
	return out
}

// assign gives what is said of whole types, when all of them are known, to those whose
// place it names, or to everybody.
func (x *origins) assign(roots []*origin, places map[*model.Type]diag.Pos) {
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
