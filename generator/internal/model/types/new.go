package types

import (
	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/inhabit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// First returns the builder of a document of which nothing is known.
func First(in Input) *Builder {
	b := New(in, newFacts(in), unwatched{})
	b.inhabited = [2]*inhabit.Set{Request: b.newInhabit(inhabit.Request), Response: b.newInhabit(inhabit.Response)}
	return b
}

// New returns a builder that has built nothing.
func New(in Input, known *Facts, watch Watcher) *Builder {
	b := &Builder{
		In:    in,
		Facts: known, watch: watch,
		Names: naming.NewScope(reserved...),
		API: &model.API{
			Cost:   in.Doc.Cost,
			Title:  gosrc.Quote(in.API.Title),
			Source: gosrc.NewComment("Source: " + in.Source),
		},
		Types:       map[TypeKey]*model.Type{},
		components:  map[TypeKey]gosrc.Ident{},
		ListsAt:     map[*model.Type]diag.Pos{},
		schemaNames: map[named]gosrc.Ident{},
		renamed:     map[string]bool{},
		lists:       map[*model.Type]listPlace{},
		patterns:    map[string]gosrc.Ident{},
		Callers:     callers.New(in.Policies),
		refusedAt:   map[diag.Pos]bool{},
		looked:      map[*schema.Schema]bool{},
		kept:        map[diag.Pos]schema.Kept{},
	}
	b.make = b.fill
	b.Places = naming.NewPlaces(func(n *load.Node) string { return b.GoNameOf(n) }, b.componentName)
	return b
}

// newFacts returns what is known of a document before anything is asked.
func newFacts(in Input) *Facts {
	f := &Facts{
		derived:      map[derived]*schema.Schema{},
		directional:  map[*schema.Schema]bool{},
		raws:         map[*schema.Schema]bool{},
		conjunctions: map[*schema.Schema]*load.Node{},
		scopes:       assert.Scopes(in.Doc), oneWays: assert.OneWays(in.Doc),
		Anything: schema.Any(), AnyForm: schema.Any(),
		literal: in.Schemas,
	}
	f.AnyForm.Types, f.AnyForm.Extra = schema.TypeObject, schema.ExtraAny
	if !in.Schemas.Exact {
		f.literal = schema.NewReader(in.Doc)
		f.literal.Exact, f.literal.Alone = true, true
	}
	return f
}
