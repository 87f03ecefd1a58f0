package operations

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/probe"
)

// Operation fills in everything of op but its names.
func (b *Builder) Operation(op *model.Operation) {
	src := op.Source
	op.Doc = gosrc.Doc(op.Name, FirstOf(src.Summary, src.Description)).Deprecate(src.Deprecated)
	op.Route = gosrc.NewComment(src.Method + " " + src.Path)
	op.At = gosrc.Quote(src.Pos.String())
	op.ID, op.Method, op.Path = gosrc.Quote(FirstOf(src.ID, src.Method+" "+src.Path)), gosrc.Quote(src.Method), gosrc.Quote(src.Route)
	op.Item, op.HasItem = gosrc.Quote(src.Path), src.Path != src.Route
	op.Fits = b.fits[src]
	used := naming.NewScope()
	if src.Body != nil {
		used.Take(gosrc.Exported("body"))
	}
	b.Satisfiable(src)
	before := len(b.Diags)
	b.Parameters(op, used)
	b.bodies(op, used)
	b.Unguarded(op)
	b.outcomes(op)
	b.audit(op, before)
	b.offers(op, used)
	b.Access.Policy(op)
	b.Access.CallerField(op, used)
	b.classified(op)
	b.echo(op)
	if b.In.Tests {
		probes := probe.Maker{Policies: b.In.Policies, Schemas: b.In.Schemas, Cost: b.In.Doc.Cost, Callers: b.Callers, AsRead: b.AsRead}
		op.Probe = probes.Probe(src)
	}
}

// FirstOf returns the first text that says something.
func FirstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
