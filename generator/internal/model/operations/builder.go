// Package operations makes the operations, with their bodies and responses: which ones can be generated,
// what their functions are called, and whether all that the document asks of them is enforced.
package operations

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/access"
	"github.com/bailey-go/bailey/generator/internal/model/params"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// Asking is a schema object in a direction, as the schema of a property or of something else.
type Asking struct {
	node     *load.Node
	dir      types.Direction
	property bool
}

// Builder builds operations, and holds them to all that the document asks of them.
type Builder struct {
	*params.Builder
	Access *access.Builder

	methods    *naming.Scope // of the Handler interface
	fits       map[*openapi.Operation][]model.FitView
	replies    map[replyName]*model.Reply
	replyNames map[replyName]gosrc.Ident
	// guilty are the operations that an error concerns, in document order.
	guilty  map[diag.Diagnostic][]string
	audited map[*model.Type]bool // all that was asked of the type and of what it is made of is enforced
	// wordsBelow are the types by which all policies below a component are enforced, wordsDone those
	// types; wordless are schema objects below which there are none.
	wordsBelow map[Asking]*model.Type
	wordsDone  map[*model.Type]bool
	wordless   map[Asking]bool
	// errorsAt are the places of the errors among the first indexed diagnostics.
	errorsAt map[diag.Pos]bool
	indexed  int
	// hasClasses says whether classified finds anything in the document, once it is known.
	hasClasses *bool
}

func New(b *types.Builder, wordless map[Asking]bool) *Builder {
	return &Builder{
		Builder: params.New(b), Access: access.New(b),
		methods:    naming.NewScope(),
		fits:       map[*openapi.Operation][]model.FitView{},
		replies:    map[replyName]*model.Reply{},
		replyNames: map[replyName]gosrc.Ident{},
		guilty:     map[diag.Diagnostic][]string{},
		audited:    map[*model.Type]bool{},
		wordsBelow: map[Asking]*model.Type{},
		wordsDone:  map[*model.Type]bool{},
		wordless:   wordless,
		errorsAt:   map[diag.Pos]bool{},
	}
}

// replyName identifies the type of an answer.
type replyName struct {
	key replyKey
	own *openapi.Operation
}

type replyKey struct {
	node  *load.Node
	media string
	isErr bool
	// dynamic ones have their status in a field.
	dynamic bool
	status  string // of what is no component
}
