package model

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

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
	shared  *Reply // the reply that this is an alias of, or nil
	own     bool   // the document itself names it
	about   string // its description
}

// BodyValue is the body in the reply v.
func (r *Reply) BodyValue() Value { return Value{At: gosrc.Raw("v.Body"), Type: r.Body} }

// ReplyHeader is one header of a reply.
type ReplyHeader struct {
	Field *Field
	Name  gosrc.Literal // canonical
	// List is set for arrays: items are joined with commas.
	List bool
}

// Place is the header's value in the reply v.
func (h *ReplyHeader) Place() Value { return h.Field.Place() }

// Item is the variable that one item of a list is in.
func (h *ReplyHeader) Item() Value { return Value{At: gosrc.Raw("item"), Type: h.Field.Type.Elem} }

// ItemText is the expression of an item's text.
func (h *ReplyHeader) ItemText() gosrc.Expr { return textOf(gosrc.Raw("item"), h.Field.Type.Elem) }

// Separate reports whether each item is a field of its own: the one name whose values hold
// commas (RFC 9110, 5.3).
func (h *ReplyHeader) Separate() bool { return h.List && h.Name == gosrc.Quote("Set-Cookie") }

// CheckItems reports whether the items of a list are looked at one by one.
func (h *ReplyHeader) CheckItems() bool {
	return h.List && (h.Separate() || len(h.Item().EncodeFails()) > 0)
}

// Text is the expression of the header's text.
func (h *ReplyHeader) Text() gosrc.Expr {
	if h.List {
		item := gosrc.Raw("item")
		return gosrc.Raw("gen.JoinHeader(%, func(item %) string { return % })", h.Place().At, h.Field.Type.Elem.Go, textOf(item, h.Field.Type.Elem))
	}
	return textOf(h.Place().At, h.Field.Type)
}

// textOf is the expression that turns a scalar into its text.
func textOf(at gosrc.Expr, t *Type) gosrc.Expr {
	switch t.Method.String() {
	case "String":
		if t.Conv {
			return gosrc.Raw("string(%)", at)
		}
		return at
	case "UUID":
		return gosrc.Raw("%.String()", at)
	case "Int32", "Int64":
		return gosrc.Raw("strconv.FormatInt(int64(%), 10)", at)
	case "Uint32", "Uint64":
		return gosrc.Raw("strconv.FormatUint(uint64(%), 10)", at)
	default:
		return gosrc.Raw("wire.Text(wire.Append%(nil, %))", t.Method, at)
	}
}

type replyKey struct {
	node  *load.Node
	media string
	isErr bool
	// dynamic ones have their status in a field.
	dynamic bool
	status  string // of what is no component
}

// outcomes reads the responses: successes become the handler's result, the rest
// are errors that it may return.
func (b *builder) outcomes(op *Operation) {
	successes, failures, direct := outcomesOf(op.source)
	had := map[replyKey]bool{}
	if len(successes) == 0 {
		b.diags.Warnf(op.source.Pos, rules.NoSuccess, "no response says what a success looks like; it is answered with 204 and no body")
		op.NoResult = true
		op.Outcomes = append(op.Outcomes, &Outcome{Status: statusLiteral("204")})
		b.variants(op, b.answersOf(op.source, failures, true, had))
		return
	}
	if direct {
		b.direct(op, successes[0])
		b.variants(op, b.answersOf(op.source, failures, true, had))
		return
	}
	b.variants(op, b.answersOf(op.source, successes, false, had))
	if len(op.Outcomes) == 1 {
		op.Result = gosrc.Raw("*%", op.Outcomes[0].Reply.Name)
	} else {
		op.Several = true
		op.Result = gosrc.Raw("%", op.Interface)
		for _, o := range op.Outcomes {
			o.Reply.Markers = append(o.Reply.Markers, op.Interface)
		}
	}
	b.variants(op, b.answersOf(op.source, failures, true, had))
}

// direct lets the handler return the body itself, or nothing.
func (b *builder) direct(op *Operation, r *openapi.Response) {
	o := &Outcome{Status: statusLiteral(r.Status), source: r}
	if len(r.Content) > 0 {
		o.media = r.Content[0]
		b.mayLeave(o.media)
	}
	switch {
	case len(r.Content) == 0:
		op.NoResult = true
	case r.Content[0].Kind == openapi.MediaJSON:
		o.Body, o.JSON = b.answerType(r.Content[0], placeIn(op.Name.Plus("Response"), response)), true
		o.Media = gosrc.Quote(r.Content[0].Name)
		op.Result = gosrc.Raw("")
	default:
		o.Body, o.Media = b.sequence(r.Content[0], placeIn(op.Name.Plus("Item"), response)), gosrc.Quote(r.Content[0].Name)
		op.Result = gosrc.Raw("")
	}
	op.Outcomes = append(op.Outcomes, o)
}

// ResultType is the Go type of what the handler returns, when it is known.
func (op *Operation) ResultType() gosrc.Expr {
	if len(op.Outcomes) > 0 && op.Outcomes[0].Reply == nil && op.Outcomes[0].Body != nil {
		t := op.Outcomes[0].Body
		if t.Kind == Struct || t.Kind == Sum {
			return gosrc.Raw("*%", t.Go)
		}
		return t.Go
	}
	return op.Result
}

// Carried is the Go type under which the result goes through the runtime. One interface
// for all operations, where each has its own, is one compilation of the runtime's steps.
func (op *Operation) Carried() gosrc.Expr {
	switch {
	case op.NoResult:
		return gosrc.Raw("gen.Empty")
	case op.Several:
		return gosrc.Raw("any")
	}
	return op.ResultType()
}

// DirectValue is the body that the handler returned as v.
func (o *Outcome) DirectValue() Value {
	if o.Body.Kind == Struct || o.Body.Kind == Sum {
		return Value{At: gosrc.Raw("v"), Type: &Type{Kind: Pointer, Elem: o.Body, MaxItems: -1}}
	}
	return Value{At: gosrc.Raw("v"), Type: o.Body}
}

func (b *builder) answerType(m *openapi.Media, at place) *Type {
	if m.Schema == nil {
		return b.typeOf(b.anything, at)
	}
	return b.typeOf(m.Schema, at)
}

// variants adds the types of responses to an operation.
func (b *builder) variants(op *Operation, list []*answer) {
	for _, a := range list {
		b.outcome(op, a)
	}
}

func (b *builder) outcome(op *Operation, a *answer) {
	r, m := a.response, a.media
	o := &Outcome{Dynamic: dynamic(r.Status), Error: a.isErr, source: r, media: m}
	if m != nil && !a.isErr && len(r.Content) > 1 && !op.source.Mixed {
		o.Offered, o.Media = true, gosrc.Quote(m.Name)
	}
	if o.Dynamic {
		low, high := statusRange(r.Status, a.isErr)
		o.Low, o.High = gosrc.Int(low), gosrc.Int(high)
	} else {
		o.Status = statusLiteral(r.Status)
	}
	op.Outcomes = append(op.Outcomes, o)
	if o.Reply = b.replies[a.name()]; o.Reply != nil {
		return
	}
	name := b.replyNames[a.name()]
	reply := &Reply{Name: name, Dynamic: o.Dynamic, Error: a.isErr, Message: gosrc.Quote(statusText(r.Status)), own: a.shared, about: r.Description}
	reply.Doc = gosrc.Doc(name, r.Description)
	b.replyBody(reply, m, name)
	b.replyHeaders(reply, r, name)
	b.replies[a.name()] = reply
	b.api.Replies = append(b.api.Replies, reply)
	o.Reply = reply
}

func (b *builder) replyBody(reply *Reply, m *openapi.Media, name gosrc.Ident) {
	if m == nil {
		return
	}
	b.mayLeave(m)
	reply.Media = gosrc.Quote(m.Name)
	reply.AnyMedia = strings.Contains(m.Type, "*")
	switch m.Kind {
	case openapi.MediaSequence, openapi.MediaEvents:
		reply.Body = b.sequence(m, placeIn(name.Plus("Item"), response))
	case openapi.MediaJSON:
		reply.JSON = true
		reply.Body = b.answerType(m, placeIn(name.Plus("Body"), response))
	case openapi.MediaText:
		if streamed(m) {
			reply.Body, reply.Stream = stream(), true
			b.unread(reply.Body, m)
			return
		}
		t := &Type{MaxItems: -1}
		b.scalar(t, "string")
		reply.Body = t
		b.unread(t, m)
	default:
		reply.Body, reply.Stream = stream(), true
		b.unread(reply.Body, m)
	}
}

// dynamic reports whether a status key leaves the status open.
func dynamic(status string) bool { return status == "default" || strings.HasSuffix(status, "XX") }

func statusRange(status string, isErr bool) (low, high int64) {
	if status != "default" {
		low = int64(status[0]-'0') * 100
		return low, low + 99
	}
	if isErr {
		return 400, 599
	}
	return 200, 599
}

func statusLiteral(status string) gosrc.Literal {
	n, _ := strconv.ParseInt(status, 10, 64)
	return gosrc.Int(n)
}

var rangeWords = map[string]string{"1XX": "Informational", "2XX": "Success", "3XX": "Redirection", "4XX": "ClientError", "5XX": "ServerError", "default": "Default"}

// statusWord names a status: Created, NotFound, ClientError, Status299.
func statusWord(status string) string {
	if w, ok := rangeWords[status]; ok {
		return w
	}
	if text := statusText(status); text != "" {
		return gosrc.Exported(strings.ReplaceAll(text, "'", "")).String()
	}
	return "Status" + status
}

func statusText(status string) string {
	n, err := strconv.Atoi(status)
	if err != nil {
		return rangeWords[status]
	}
	return http.StatusText(n)
}
