package model

import "github.com/bailey-go/bailey/generator/internal/gosrc"

// ErrorBody is a body that the document declares for refusals.
type ErrorBody struct {
	Index  gosrc.Literal // in errorBodies
	Doc    gosrc.Comment
	Media  gosrc.Literal
	Plain  bool // the detail alone, as text
	Empty  bool // no body
	Pieces []ErrorPiece
	// Codes and Docs are the places of the tables in errorCodes.
	Codes, Docs       gosrc.Literal
	HasCodes, HasDocs bool
}

// ErrorPiece is a piece of a body.
type ErrorPiece struct {
	Key, Text       gosrc.Literal
	HasKey, HasText bool
	Part            gosrc.Expr // a gen.Part
	HasPart         bool
	AsText          bool
	Optional        bool
	UUID            bool
	Max, Most       gosrc.Literal
	HasMax, HasMost bool
	Each            []ErrorPiece
}

// ErrorReply is the body of the statuses from Low to High; without Body it is a problem document.
type ErrorReply struct {
	Low, High gosrc.Literal
	Body      *ErrorBody
}

// ErrorCodes is a table of codes.
type ErrorCodes struct {
	Doc     gosrc.Comment
	Entries []ErrorCode
}

// ErrorCode is an entry of a table.
type ErrorCode struct {
	For, Value gosrc.Literal
	Number     bool
}

// Refusals is the shape of refusals that no operation declares.
type Refusals struct {
	Doc    gosrc.Comment
	Body   *ErrorBody // nil: a problem document
	Status []StatusMap
}

// StatusMap is an entry of the map of statuses.
type StatusMap struct{ From, To gosrc.Literal }
