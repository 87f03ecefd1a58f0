package model

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/probe"
)

// Operation is one method of the Handler interface with everything around it.
type Operation struct {
	Name   gosrc.Ident // GetUser
	Doc    gosrc.Comment
	Route  gosrc.Comment // GET /users/{id}
	At     gosrc.Literal // openapi.yaml:12:5
	ID     gosrc.Literal
	Method gosrc.Literal
	Path   gosrc.Literal
	// Item is the path as the document writes it, where that is more.
	Item    gosrc.Literal
	HasItem bool
	Request gosrc.Ident // GetUserRequest
	// Fits tell the operation apart from others of its method and path.
	Fits []FitView

	Fields []*Field // of the request, beside Caller
	// Caller is the field of the request for who calls, nil where nobody is asked.
	Caller *CallerField
	Params []*Param
	// Query and Cookies are those for which pairs are taken, or nil.
	Query, Cookies *Gather
	// QueryKeys are the names under which the query may hold an API key.
	QueryKeys []gosrc.Literal
	// Required has the bits of the parameters that must be there, by place.
	Bodies       []*BodyMedia
	BodyRequired bool
	// ContentType is the field that says which media type the body has, where the document
	// gives a range.
	ContentType *Field
	// OwnerParams and OwnerBody are conditions that hold for the owner.
	OwnerParams, OwnerBody       gosrc.Expr
	HasOwnerParams, HasOwnerBody bool

	// Offers are the media types that the answer may have, where a response has several, and
	// Accept the field of the request that says which was asked for.
	Offers []gosrc.Literal
	Accept *Field

	// Result is the Go type that the handler returns beside its error; NoResult is
	// set when there is none, Interface when it is an interface of Outcomes.
	Result    gosrc.Expr
	NoResult  bool
	Interface gosrc.Ident
	Several   bool
	Outcomes  []*Outcome

	Policy Policy
	// Authorizer is nil unless the operation asks one.
	Authorizer *Authorizer
	// Probe is the request of the generated test, where one is asked for.
	Probe *probe.Probe

	// encodesAs and failsAs are the operations whose functions write the same: see shareSteps.
	encodesAs, failsAs *Operation

	source *openapi.Operation
}

// Outcome is one response that the operation can give.
type Outcome struct {
	Status  gosrc.Literal
	Dynamic bool // the status is a field of the reply: ranges and default
	Low     gosrc.Literal
	High    gosrc.Literal
	Error   bool // returned as the handler's error
	Reply   *Reply
	// Without a Reply the handler returns Body itself, or nothing.
	Body  *Type
	JSON  bool
	Media gosrc.Literal
	// Offered is set where the request chooses among the media types of the response: this is
	// Offers[Offer].
	Offered bool
	Offer   int

	source *openapi.Response // what it is in the document, with the media type or nil
	media  *openapi.Media
}

// operation fills in everything of op but its names.
func (b *builder) operation(op *Operation) {
	src := op.source
	op.Doc = gosrc.Doc(op.Name, firstOf(src.Summary, src.Description))
	op.Route = gosrc.NewComment(src.Method + " " + src.Path)
	op.At = gosrc.Quote(src.Pos.String())
	op.ID, op.Method, op.Path = gosrc.Quote(firstOf(src.ID, src.Method+" "+src.Path)), gosrc.Quote(src.Method), gosrc.Quote(src.Route)
	op.Item, op.HasItem = gosrc.Quote(src.Path), src.Path != src.Route
	op.Fits = b.fits[src]
	used := naming.NewScope()
	if src.Body != nil {
		used.Take(gosrc.Exported("body"))
	}
	b.satisfiable(src)
	before := len(b.diags)
	b.parameters(op, used)
	b.bodies(op, used)
	b.unguarded(op)
	b.outcomes(op)
	b.audit(op, before)
	b.offers(op, used)
	b.policy(op)
	b.callerField(op, used)
	if b.in.Tests {
		probes := probe.Maker{Policies: b.in.Policies, Schemas: b.in.Schemas, Cost: b.in.Doc.Cost, Callers: b.callers, AsRead: b.asRead}
		op.Probe = probes.Probe(src)
	}
}

// firstOf returns the first text that says something.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
