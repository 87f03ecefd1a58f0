package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// BodyValue is the body in the reply v.
func (r *Reply) BodyValue() Value { return Value{At: gosrc.Raw("v.Body"), Type: r.Body} }

// Place is the header's value in the reply v.
func (h *ReplyHeader) Place() Value { return h.Field.Place() }

// Item is the variable that one item of a list is in.
func (h *ReplyHeader) Item() Value { return Value{At: gosrc.Raw("item"), Type: h.Field.Type.Elem} }

// ItemText is the expression of an item's text.
func (h *ReplyHeader) ItemText() gosrc.Expr { return textOf(gosrc.Raw("item"), h.Field.Type.Elem) }

// ItemUnread reports whether an item is sent without a look at it.
func (h *ReplyHeader) ItemUnread() bool { return h.Item().Unread() }

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
	if t.Const != nil {
		return gosrc.Raw("%", t.Const.Text)
	}
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
