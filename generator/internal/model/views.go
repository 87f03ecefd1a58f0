package model

import (
	"slices"

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

// InQueryString is the parameter that is the whole query as one text.
func (op *Operation) InQueryString() []*Param { return op.in("querystring") }

// FromQuery are the parameters for which pairs of the query are taken, FromCookies those
// for which cookies are.
func (op *Operation) FromQuery() []*Param { return gathered(op.Params, "query") }

// FromCookies are the parameters for which cookies are taken.
func (op *Operation) FromCookies() []*Param { return gathered(op.Params, "cookie") }

// FromPairs are the fields of a form for which pairs are taken.
func (m *BodyMedia) FromPairs() []*Param { return gathered(m.Fields, "body") }

// Plain are the fields of a form that are read one pair at a time.
func (m *BodyMedia) Plain() []*Param {
	return slices.DeleteFunc(slices.Clone(m.Fields), func(p *Param) bool { return p.Gathered })
}

func gathered(list []*Param, place string) []*Param {
	var out []*Param
	for _, p := range list {
		if p.In == place && p.Gathered {
			out = append(out, p)
		}
	}
	return out
}

// Decoder is the expression of the decoder of a parameter that is read as JSON.
func (p *Param) Decoder() gosrc.Expr {
	if p.Transcribed != (gosrc.Ident{}) {
		return gosrc.Raw("c.Transcribed(p, &%)", p.Transcribed)
	}
	return gosrc.Raw("c.ParamJSON(p)")
}

// Form is the value of a form that is read as a whole, behind the pointer form.
func (p *Param) Form() Value {
	if p.Field.Type.Kind == Null {
		return Value{At: gosrc.Raw("form"), Type: p.Field.Type}
	}
	return Value{At: gosrc.Raw("*form"), Type: p.Field.Type, behind: gosrc.Raw("form")}
}

// Gathering is the condition under which pairs of the parameter were there.
func (p *Param) Gathering() gosrc.Expr {
	return gosrc.Raw("c.Gathered(p, %, %, %)", p.Set, gosrc.Int(int64(p.Index)), p.Place())
}

// Cookie is the condition under which the cookie is there.
func (p *Param) Cookie() gosrc.Expr {
	if p.AsIs {
		return gosrc.Raw("p.CookieAsIs(%)", p.Name)
	}
	return gosrc.Raw("p.Cookie(%)", p.Name)
}

// Seen is the word of bits that says whether the parameter was there, Bit its bit, and
// WasSeen the condition that it was.
func (p *Param) Seen() gosrc.Expr {
	if p.words > 1 {
		return gosrc.Raw("seen[%]", gosrc.Int(int64(p.Index/64)))
	}
	return gosrc.Raw("seen")
}

// Bit is the parameter's bit in Seen.
func (p *Param) Bit() int { return p.Index % 64 }

// WasSeen is the condition that the parameter was there.
func (p *Param) WasSeen() gosrc.Expr {
	return gosrc.Raw("%&(1<<%) != 0", p.Seen(), gosrc.Int(int64(p.Bit())))
}

// SeenType is the type of the bits of all query parameters.
func (op *Operation) SeenType() gosrc.Expr { return seenType(len(op.InQuery())) }

// SeenType is the type of the bits of all fields.
func (m *BodyMedia) SeenType() gosrc.Expr { return seenType(len(m.Plain())) }

func seenType(n int) gosrc.Expr {
	if n > 64 {
		return gosrc.Raw("[%]uint64", gosrc.Int(int64((n+63)/64)))
	}
	return gosrc.Raw("uint64")
}

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

// Lists are the exploded arrays of a form with checks on the whole array.
func (m *BodyMedia) Lists() []*Param { return explodedLists(m.Plain()) }

func explodedLists(list []*Param) []*Param {
	var out []*Param
	for _, p := range list {
		if p.List && (p.Exploded || p.File) && len(p.Whole().DecodeFails()) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// QueryListDefaults are the query arrays whose absence means a value.
func (op *Operation) QueryListDefaults() []*Param { return listDefaults(op.InQuery()) }

// ListDefaults are the arrays of a form whose absence means a value.
func (m *BodyMedia) ListDefaults() []*Param { return listDefaults(m.Plain()) }

func listDefaults(list []*Param) []*Param {
	var out []*Param
	for _, p := range list {
		if p.Field.HasListDefault {
			out = append(out, p)
		}
	}
	return out
}

// QueryRequires are the statements that refuse query parameters that are missing.
func (op *Operation) QueryRequires() []gosrc.Expr { return requires(op.InQuery()) }

// Requires are the statements that refuse fields that are missing.
func (m *BodyMedia) Requires() []gosrc.Expr { return requires(m.Plain()) }

// requires has a statement for each word of bits in which something is required.
func requires(list []*Param) []gosrc.Expr {
	var out []gosrc.Expr
	for word := range slices.Chunk(list, 64) {
		var bits uint64
		names := make([]gosrc.Part, len(word))
		for i, p := range word {
			names[i] = p.Name
			if p.Required {
				bits |= 1 << i
			}
		}
		if bits != 0 {
			out = append(out, gosrc.Raw("p.Require(%, %, %, %)", word[0].Seen(), gosrc.Uint(bits), word[0].Place(), gosrc.List(", ", names...)))
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
	return op.Outcomes[0].Body.nilable()
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

// ByTrying reports whether exactly one variant must match.
func (t *Type) ByTrying() bool { return t.Choice == ByTrying }

// Wide reports whether the members need more than one word of bits.
func (t *Type) Wide() bool { return len(t.Fields) > 64 }

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

// Named is the clear value of a masked one, bound to the variable clear.
func (v Value) Named() Value { return Value{At: gosrc.Raw("clear"), Type: v.Type.Elem} }

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

// Named reports whether the names of all matching branches are joined before
// unknown members are refused: possible where each branch is a struct.
func (t *Type) Named() bool {
	for _, v := range t.Variants {
		if v.Type.Kind != Struct || v.Type.Extra != nil {
			return false
		}
	}
	return true
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
