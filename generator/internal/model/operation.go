package model

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/probe"
)

// BodyMedia is one media type that a request body may have.
type BodyMedia struct {
	Kind  openapi.MediaKind
	Type  gosrc.Literal
	Field *Field
	// Fields are the parts of a form. Those for which pairs are taken are in Gather, or
	// the one that is the form as a whole; it is nil without any.
	Fields  []*Param
	Gather  *Gather
	Whole   *Param
	Unknown gosrc.Expr
	// ReadOnly are the fields of a form that are the server's.
	ReadOnly    gosrc.Expr
	HasReadOnly bool
	// Reader is the function that reads a form.
	Reader gosrc.Ident
	// Dynamic is set for ranges such as image/*: the request says which it is.
	Dynamic bool
	// stream is the expression of a body that the handler reads.
	ReadStream gosrc.Expr
	AsText     bool
}

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
	// Echo are the fields of responses that have the request's id.
	Echo []Echo
	// Classified are the names of values that are kept out of logs.
	Classified []Classified
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
	// Errors are the shapes of refusals, by status.
	Errors []ErrorReply
	// Authorizer is nil unless the operation asks one.
	Authorizer *Authorizer
	// Probe is the request of the generated test, where one is asked for.
	Probe *probe.Probe

	// encodesAs and failsAs are the operations whose functions write the same: see shareSteps.
	EncodesAs, FailsAs *Operation

	Source *openapi.Operation
}

// Echo is a field of responses that has the request's id, in the format uuid or as it is.
type Echo struct {
	Name gosrc.Literal // canonical
	UUID bool
}

// Classified is the name of a parameter, or of members of the body, whose values have a class of data.
type Classified struct {
	In, Name, Class gosrc.Literal
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

	Response *openapi.Response // what it is in the document, with the media type or nil
	Content  *openapi.Media
}

// Reply is a declared struct for one response: its headers, its body, and its
// status where the document leaves it open.
type Reply struct {
	Name    gosrc.Ident
	Doc     gosrc.Comment
	Dynamic bool // has a field StatusCode
	// AnyMedia is set when the document gives a range of media types: the field
	// ContentType says which it is.
	AnyMedia bool
	Headers  []*ReplyHeader
	Body     *Type // nil for none
	JSON     bool
	Stream   bool
	Media    gosrc.Literal
	// Error is set when the reply is returned as an error.
	Error bool
	// Markers are the result interfaces that the reply belongs to.
	Markers []gosrc.Ident
	Message gosrc.Literal // of Error
	// Aliases are the names of equal replies of other operations: see shareReplies.
	Aliases []*Reply
	Shared  *Reply // the reply that this is an alias of, or nil
	Own     bool   // the document itself names it
	About   string // its description
}

// ReplyHeader is one header of a reply.
type ReplyHeader struct {
	Field *Field
	Name  gosrc.Literal // canonical
	// List is set for arrays: items are joined with commas.
	List bool
}

// Param is one parameter, or one field of a form.
type Param struct {
	Field *Field
	In    string
	Name  gosrc.Literal
	Index int // among the parameters of the same place: its bit, and for paths its position
	// List is set for arrays; Exploded when each item is a pair of its own, else
	// Separator stands between items.
	List      bool
	Exploded  bool
	Separator gosrc.Literal
	// AsJSON is set when the value is read as JSON text.
	AsJSON   bool
	Required bool
	// File is set for a file of a multipart body.
	File bool
	// PartHeaders are fields of a part's header; accepts are the media types that it may have.
	PartHeaders []*PartHeader
	MediaTypes  []string
	// CanBeEmpty is allowEmptyValue where the type has no empty text: an empty value then
	// says nothing.
	CanBeEmpty bool
	// AsIs is set for cookies that are not percent-encoded.
	AsIs bool
	// Gathered is set where pairs are taken for it; Set are the parameters for which that
	// is so, and Index its place there. Transcribed is the param.Member of a value that is
	// one text to be written as JSON. Spread is set where the members of an object are
	// parameters of their own.
	Gathered    bool
	Set         gosrc.Ident
	Transcribed gosrc.Ident
	Spread      bool
	At          gosrc.Expr // the struct that holds the field: req or req.Body

	// DefaultJSON is the default of a value that is read as JSON.
	DefaultJSON    gosrc.Literal
	HasDefaultJSON bool

	Member    gosrc.Expr // its param.Member
	Names     []string   // of its pairs
	Deep      bool       // its pairs may have brackets
	Bracketed bool       // each of its pairs has brackets
	Open      bool       // it takes pairs of any name
	Words     int        // of the bits of its place
	Source    *openapi.Parameter
	Pos       diag.Pos
}

// Gather is a set of parameters for which pairs are taken.
type Gather struct {
	Name    gosrc.Ident
	Members []gosrc.Expr
}

// Judge is a function that reads a value of a type, for what it refuses.
type Judge struct {
	Name gosrc.Ident
	Type *Type
}

// PartHeader is a field of the header of a multipart body's part.
type PartHeader struct {
	Name     gosrc.Literal
	Value    Value
	Required bool
}
