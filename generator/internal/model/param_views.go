package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// The methods here answer the templates' questions about parameters and fields of forms.

// InQueryString is the parameter that is the whole query as one text.
func (op *Operation) InQueryString() []*Param { return op.in("querystring") }

// FromQuery are the parameters for which pairs of the query are taken, FromCookies those
// for which cookies are.
func (op *Operation) FromQuery() []*Param { return gathered(op.Params, "query") }

// FromCookies are the parameters for which cookies are taken.
func (op *Operation) FromCookies() []*Param { return gathered(op.Params, "cookie") }

// FromPairs are the fields of a form for which pairs are taken.
func (m *BodyMedia) FromPairs() []*Param { return gathered(m.Fields, "body") }

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

// Always reports whether the parameter is read also where no pair of it was there, as
// Otherwise says: a required object is then without members, and an optional value is its
// default.
func (p *Param) Always() bool { return p.Spread && p.Required || p.HasDefaultJSON }

// Otherwise is the statement that makes current what the parameter is if it is not there.
func (p *Param) Otherwise() gosrc.Expr {
	if p.HasDefaultJSON {
		return gosrc.Raw("p.Value(%, %, %)", p.Place(), p.Name, p.DefaultJSON)
	}
	return gosrc.Raw("p.None(%, %)", p.Place(), p.Name)
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
	if p.Words > 1 {
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
