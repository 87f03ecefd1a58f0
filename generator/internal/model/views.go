package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// The methods here answer the templates' questions about an operation.

func (op *Operation) in(place string) []*Param {
	var out []*Param
	for _, p := range op.Params {
		if p.In == place && !p.Gathered {
			out = append(out, p)
		}
	}
	return out
}

// InPath are the parameters of the path, in its order.
func (op *Operation) InPath() []*Param { return op.in("path") }

// InQuery are the parameters of the query.
func (op *Operation) InQuery() []*Param { return op.in("query") }

// InHeader are the parameters that are header fields.
func (op *Operation) InHeader() []*Param { return op.in("header") }

// InCookie are the parameters that are cookies.
func (op *Operation) InCookie() []*Param { return op.in("cookie") }

// HasParams is always true: an operation without parameters refuses every one.
func (op *Operation) HasParams() bool { return true }

// Defaults are the parameters whose absence means a value.
func (op *Operation) Defaults() []*Param { return withDefault(op.Params) }

// Defaults are the form fields whose absence means a value.
func (m *BodyMedia) Defaults() []*Param { return withDefault(m.Fields) }

func withDefault(list []*Param) []*Param {
	var out []*Param
	for _, p := range list {
		if p.Field.HasDefault {
			out = append(out, p)
		}
	}
	return out
}

// QueryLists are the exploded query arrays with checks on the whole array.
func (op *Operation) QueryLists() []*Param { return explodedLists(op.InQuery()) }

func explodedLists(list []*Param) []*Param {
	var out []*Param
	for _, p := range list {
		if p.List && (p.Exploded || p.File) && len(p.Whole().ListFails()) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// Place is the parameter's place as a literal.
func (p *Param) Place() gosrc.Literal { return gosrc.Quote(p.In) }

// Bounded reports whether the array has maxItems.
func (p *Param) Bounded() bool { return p.Whole().Type.MaxItems >= 0 }

// Max is maxItems.
func (p *Param) Max() gosrc.Literal { return gosrc.Int(p.Whole().Type.MaxItems) }

// SeveralBodies reports whether the media type decides how the body is read.
func (op *Operation) SeveralBodies() bool { return len(op.Bodies) > 1 }

// FormBodies are the bodies with a reader of their own.
func (op *Operation) FormBodies() []*BodyMedia {
	var out []*BodyMedia
	for _, m := range op.Bodies {
		if m.Kind == openapi.MediaForm || m.Kind == openapi.MediaMultipart {
			out = append(out, m)
		}
	}
	return out
}

// Successes are the outcomes that the handler returns as its result.
func (op *Operation) Successes() []*Outcome { return op.outcomesWith(false) }

// Failures are the outcomes that it returns as its error.
func (op *Operation) Failures() []*Outcome { return op.outcomesWith(true) }

// HasErrors reports whether the document declares error responses.
func (op *Operation) HasErrors() bool { return len(op.Failures()) > 0 }

func (op *Operation) outcomesWith(isErr bool) []*Outcome {
	var out []*Outcome
	seen := map[*Reply]bool{}
	for _, o := range op.Outcomes {
		if o.Error == isErr && !(o.Reply != nil && seen[o.Reply]) {
			seen[o.Reply] = true
			out = append(out, o)
		}
	}
	return out
}

// ZeroNil reports whether the result's zero value is nil.
func (op *Operation) ZeroNil() bool {
	if op.Several || len(op.Outcomes) > 0 && op.Outcomes[0].Reply != nil {
		return true
	}
	if len(op.Outcomes) == 0 || op.Outcomes[0].Body == nil {
		return false
	}
	switch op.Outcomes[0].Body.Kind {
	case Struct, Sum, Slice, Map:
		return true
	}
	return op.Outcomes[0].Body.Nilable()
}

// NilIsNothing reports whether a nil result is no response: an empty slice or map
// is one, a missing object is not.
func (op *Operation) NilIsNothing() bool {
	b := op.Outcomes[0].Body
	return b != nil && (b.Kind == Struct || b.Kind == Sum)
}

// IsStruct reports whether the type is an object with named members.
func (t *Type) IsStruct() bool { return t.Kind == Struct }

// IsSum reports whether the type is one of several.
func (t *Type) IsSum() bool { return t.Kind == Sum }

// ByKind reports whether the JSON type tells a sum's variants apart.
func (t *Type) ByKind() bool { return t.Choice == ByKind }

// ByDiscriminator reports whether a member's value names the variant.
func (t *Type) ByDiscriminator() bool { return t.Choice == ByDiscriminator }

// Refused is the last argument of Unselected: the keyword, and the detail that names the values.
func (t *Type) Refused() gosrc.Literal {
	if t.Unselected == (gosrc.Literal{}) {
		return gosrc.Quote("discriminator")
	}
	return t.Unselected
}

// CountFails are minProperties and maxProperties of a struct.
func (t *Type) CountFails() []Fail {
	var out []Fail
	if t.Min > 0 {
		out = append(out, Fail{gosrc.Raw("d.Count(start) < %", gosrc.Int(t.Min)), gosrc.Quote("minProperties")})
	}
	if t.Max >= 0 {
		out = append(out, Fail{gosrc.Raw("d.Count(start) > %", gosrc.Int(t.Max)), gosrc.Quote("maxProperties")})
	}
	return out
}

// ItemDecoder is the function that reads the items of a map or array.
func (v Value) ItemDecoder() gosrc.Expr { return v.Type.Elem.itemDecoder() }

// ItemEncoder is the function that writes the items of a map or array.
func (v Value) ItemEncoder() gosrc.Expr { return v.Type.Elem.itemEncoder() }

// NeedsEncoder reports whether writing the value uses the encoder e.
func (v Value) NeedsEncoder() bool {
	t := v.Type
	if t.Kind == Null {
		return v.Inner().NeedsEncoder()
	}
	if t.Kind != Scalar || len(v.EncodeFails()) > 0 {
		return true
	}
	switch t.Method.String() {
	case "Int32", "Uint32", "Raw":
		return true
	}
	return false
}

// Decode is the statement that reads the variant, whose pointer is set.
func (v *Variant) Decode() gosrc.Expr {
	return gosrc.Raw("%(d, v.%)", v.Type.itemDecoder(), v.Name)
}

// Decoder is the function that reads the variant.
func (v *Variant) Decoder() gosrc.Expr { return v.Type.itemDecoder() }

// Held is the variant's value, to be written.
func (v *Variant) Held() Value {
	at := gosrc.Raw("v.%", v.Name)
	if v.Type.Func {
		return Value{At: at, Type: &Type{Kind: Pointer, Elem: v.Type, MaxItems: -1}}
	}
	return Value{At: gosrc.Raw("*v.%", v.Name), Type: v.Type, behind: at}
}

// Tried are the variants of a sum whose value is held against each of them.
func (t *Type) Tried() Tried { return Tried{t.Variants, t.Choice == ByTryingAny} }

// Refuses reports whether members that the schema does not name are refused, whatever the operation says; Silent
// whether the operation decides. Where the schema itself closes the object (wire.Closed), neither is asked.
func (t *Type) Refuses() bool { return t.Unknown.String() == "wire.Refuse" }

// Silent reports whether the operation decides what becomes of members that the schema does not name.
func (t *Type) Silent() bool { return t.Unknown.String() == "wire.Silent" }

// OnlyValue is the value of an enumeration of one, or nil.
func (t *Type) OnlyValue() *EnumValue {
	if len(t.Enum) != 1 {
		return nil
	}
	return &t.Enum[0]
}

// Always reports whether the header is always sent.
func (h *ReplyHeader) Always() bool { return !h.Field.Opt && h.Field.Required }

// Empty reports whether there is nothing of the reply to send but its status.
func (r *Reply) Empty() bool { return len(r.Headers) == 0 && r.Body == nil }

// MediaExpr is the media type of the reply.
func (r *Reply) MediaExpr() gosrc.Expr {
	if r.AnyMedia {
		return gosrc.Raw("v.ContentType")
	}
	return gosrc.Raw("%", r.Media)
}

// HasKeys reports whether some function needs the names of the members.
func (t *Type) HasKeys() bool {
	return t.Kind == Struct && (t.Decoded || t.Encoded && t.Extra != nil)
}
