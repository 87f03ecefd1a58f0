// Package openapi reads the operations of an OpenAPI document, their parameters,
// bodies and responses, with positions and schemas in normal form.
package openapi

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// API is what the document's paths say.
type API struct {
	Title, Version, Description string
	Operations                  []*Operation // document order
}

// Operation is one method of one path. Without a method it is a path whose operations nobody knows,
// which cannot be generated.
type Operation struct {
	Node     *load.Node
	PathNode *load.Node // the path item, after $ref
	Pos      diag.Pos
	Path     string // the template as written
	Route    string // the same without what stands behind "?" or "#"
	Shape    string // the same for routes that no request's path can tell apart
	Repeats  bool   // the path names a parameter more than once: each time it is the same value
	Method   string // upper case
	ID       string // operationId, "" when missing
	IDPos    diag.Pos
	// AliasOf is the operation that this is under another path, by a reference; nil for others. The
	// operationId is its.
	AliasOf *Operation
	// Variants are the operations that this one serves as well (see package variant). Mixed is set where they
	// answer with different media types: which one is the handler's to say, and not for Accept.
	Variants             []*Operation
	Mixed                bool
	Summary, Description string
	Tags                 []string
	Deprecated           bool
	Parameters           []*Parameter // path item's and operation's merged, document order
	Body                 *Body        // nil when there is none
	Responses            []*Response  // document order
	// Unsupported holds what stops this operation from being generated: reported
	// as errors unless the operation is skipped.
	Unsupported diag.List
	// Unread are the schemas that the operation has and bailey does not read: a warning names each place.
	Unread []Unread

	// sound are the schemas of which, and of all that they lead to, nothing stops an operation;
	// all operations share them: where all reach all, anything else is quadratic.
	sound map[*schema.Schema]bool

	object  *load.Node // after references
	byRef   bool       // a reference leads to it or to its path item
	pathPos diag.Pos
}

// Title is how messages and the configuration call the operation: "GET /users/{id}".
func (op *Operation) Title() string { return strings.TrimSpace(op.Method + " " + op.Path) }

// Names are the names by which the configuration can leave the operation out.
func (op *Operation) Names() []string {
	names := []string{op.Title()}
	if op.ID != "" {
		names = append(names, op.ID)
	}
	if op.AliasOf != nil && op.AliasOf.ID != "" {
		names = append(names, op.AliasOf.ID)
	}
	return names
}

// Unread is a place of an operation whose schemas say nothing of what travels: a parameter that is
// none, an entry that is left out.
type Unread struct {
	Place    string // "the header Accept, which is no parameter"
	Response bool
	Nodes    []*load.Node // the schemas
}

// Parameter is one parameter with its serialisation resolved.
type Parameter struct {
	Node                           *load.Node
	Pos                            diag.Pos
	Name                           string
	In                             string // path, query, header, cookie, querystring (3.2)
	Required                       bool
	Deprecated                     bool
	Description                    string
	Style                          string // with the default of In filled in
	Explode                        bool   // with the default of Style filled in
	AllowReserved, AllowEmptyValue bool
	Schema                         *schema.Schema
	// ContentType is set when the parameter uses content instead of schema.
	ContentType string
	// Separators are those of arrays that Style does not say.
	Separators load.Separators
	// Encoding are the encodings of the fields of a form in a querystring.
	Encoding []Encoding

	own bool // the operation's, in place of its path item's
}

// Body is a request body.
type Body struct {
	Node        *load.Node
	Pos         diag.Pos
	Required    bool
	Description string
	Content     []*Media
}

// Media is one media type of a body or response.
type Media struct {
	Pos      diag.Pos
	Type     string         // as written, lower case, parameters dropped: "application/json", "image/*"
	Name     string         // Type with the parameters that tell bodies apart: "application/json; version=1"
	Schema   *schema.Schema // nil when the document gives none
	Kind     MediaKind
	Encoding []Encoding // multipart and form: as written
	// Items is the schema of one item of MediaSequence, or of the data of one of the Events
	// of MediaEvents; Schema is then nil.
	Items  *schema.Schema
	Events *Events
	// Whole is what the document says of the whole, also where Items is a part of it; Nodes are the
	// schema objects of the media type as they are written. Taken are the keywords of Whole that
	// Items and Events stand for.
	Whole *schema.Schema
	Nodes []*load.Node
	Taken []schema.Claim
}

// MediaKind is how bailey handles a media type.
type MediaKind uint8

// The kinds of media type.
const (
	MediaJSON      MediaKind = iota + 1 // application/json and +json
	MediaForm                           // application/x-www-form-urlencoded
	MediaMultipart                      // multipart/form-data
	MediaText                           // text/*
	MediaBinary                         // everything else: an opaque stream
	MediaSequence                       // JSON texts, one after the other: application/x-ndjson, application/json-seq
	MediaEvents                         // text/event-stream whose events have a schema
)

// Encoding is the encoding object of one property of a form.
type Encoding struct {
	Property, ContentType, Style string
	// Headers are fields of the header of a multipart body's part.
	Headers []*Header
	Explode bool
	// Separators are those of arrays that Style does not say.
	Separators load.Separators
	Styled     bool // style, explode or allowReserved is given: they rule, not ContentType
	Pos        diag.Pos
}

// Response is one response of an operation.
type Response struct {
	Node        *load.Node
	Pos         diag.Pos
	Status      string // "200", "4XX", "default"
	Description string
	Headers     []*Header
	Content     []*Media
}

// Header is one response header.
type Header struct {
	Node        *load.Node
	Name        string
	Pos         diag.Pos
	Required    bool
	Description string
	Schema      *schema.Schema
	Explode     bool
	Deprecated  bool
}
