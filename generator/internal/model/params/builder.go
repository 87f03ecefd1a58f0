// Package params makes the parameters of operations and the fields of forms: how each is read from a
// text, and what type it has.
package params

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// Builder builds parameters and the fields of forms.
type Builder struct {
	*types.Builder
	formless map[*openapi.Parameter]bool // read as JSON, whatever their style
	judges   map[*model.Type]gosrc.Ident
	// fields are the names of the fields of each operation's parameters.
	fields map[*openapi.Operation][]gosrc.Ident
}

func New(b *types.Builder) *Builder {
	return &Builder{b, map[*openapi.Parameter]bool{}, map[*model.Type]gosrc.Ident{}, map[*openapi.Operation][]gosrc.Ident{}}
}
