package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Value is a place of Go code that holds a value of a Type: what the templates for
// decoding, parameters and encoding are given.
type Value struct {
	At   gosrc.Expr
	Type *Type
	// behind is the pointer that At is behind, where there is one.
	behind gosrc.Expr
	// guarded is set where the value is only written for callers who see the clear value: see
	// Field.IsShown.
	guarded bool
}

// listAddr is a pointer to the array or map, under the type that has no name.
func (v Value) listAddr() gosrc.Expr {
	if v.Type.IsList() {
		return gosrc.Raw("(*%)(%)", v.Type.Under, v.addr())
	}
	return v.addr()
}

// addr is a pointer to the value.
func (v Value) addr() gosrc.Expr {
	if v.behind != (gosrc.Expr{}) {
		return v.behind
	}
	return gosrc.Raw("&%", v.At)
}

// Decode returns the statement that reads a value from the JSON decoder d.
func (v Value) Decode() gosrc.Expr {
	t := v.Type
	switch t.Kind {
	case Scalar:
		if t.Check != nil {
			return gosrc.Raw("%(d, %)", t.decoder(), v.addr())
		}
		return v.assign(gosrc.Raw("d.%()", t.Method))
	case Masked:
		return gosrc.Raw("% = mask.NewString(d.%())", v.At, t.Method)
	case Slice:
		return gosrc.Raw("wire.%Array(d, %, %, %)", t.servers(), v.listAddr(), gosrc.Int(t.MaxItems), t.Elem.itemDecoder())
	case Map:
		return gosrc.Raw("wire.%Map(d, %, %, %)", t.servers(), v.listAddr(), gosrc.Int(t.MaxItems), t.Elem.itemDecoder())
	case Pointer:
		return gosrc.Raw("% = wire.New[%](d)\n%(d, %)", v.At, t.Elem.Go, t.Elem.decoder(), v.At)
	default: // Struct, Sum
		return gosrc.Raw("%(d, %)", t.decoder(), v.addr())
	}
}

// Param returns the statement that reads a value from the current parameter of p.
func (v Value) Param() gosrc.Expr { return v.assign(gosrc.Raw("p.%()", v.Type.Method)) }

func (v Value) assign(read gosrc.Expr) gosrc.Expr {
	if v.Type.Conv {
		return gosrc.Raw("% = %(%)", v.At, v.Type.Go, read)
	}
	return gosrc.Raw("% = %", v.At, read)
}

// Append returns the expression that appends the value to b with the encoder e.
func (v Value) Append() gosrc.Expr {
	t := v.Type
	switch t.Kind {
	case Scalar:
		if t.Check != nil {
			return gosrc.Raw("%(e, b, %)", t.encoder(), v.addr())
		}
		if t.Const != nil {
			return gosrc.Raw("append(b, %...)", t.Const.JSON)
		}
		at := v.At
		if t.Conv {
			at = gosrc.Raw("%(%)", t.Elem.Go, at)
		}
		switch t.Method.String() {
		case "Int32", "Uint32", "Raw":
			if !t.Conv {
				return gosrc.Raw("wire.Encode%(e, b, %)", t.Method, v.addr())
			}
			return gosrc.Raw("wire.Encode%(e, b, &%)", t.Method, at)
		}
		return gosrc.Raw("wire.Append%(b, %)", t.Method, at)
	case Slice:
		return gosrc.Raw("wire.AppendArray(e, b, %, %)", v.At, t.Elem.itemEncoder())
	case Map:
		return gosrc.Raw("wire.AppendMap(e, b, %, %)", v.At, t.Elem.itemEncoder())
	case Pointer:
		return gosrc.Raw("%(e, b, %)", t.Elem.encoder(), v.At)
	default:
		return gosrc.Raw("%(e, b, %)", t.encoder(), v.addr())
	}
}

// Inner is the value inside a Null.
func (v Value) Inner() Value {
	return Value{At: gosrc.Raw("%.Value", v.At), Type: v.Type.Elem, guarded: v.guarded}
}

// Nullable reports whether the value may be null.
func (v Value) Nullable() bool { return v.Type.Kind == Null }

// IsMasked reports whether the value is written masked.
func (v Value) IsMasked() bool { return v.Type.Kind == Masked }

// Clear is the clear text of a masked value.
func (v Value) Clear() Value {
	if v.Type.MasksText {
		return Value{At: gosrc.Raw("%.RevealString()", v.At), Type: v.Type.Elem}
	}
	return Value{At: gosrc.Raw("%.RevealValue()", v.At), Type: v.Type.Elem}
}

// Mask is the expression of the masked text: of the variable clear where somebody
// sees the clear value, else of the value itself.
func (v Value) Mask() gosrc.Expr {
	at := v.Clear().At
	if v.HasLift() || len(v.MaskFails()) > 0 {
		at = gosrc.Raw("clear")
	}
	switch v.Type.Mask.How {
	case "last4":
		return gosrc.Raw("wire.AppendJoined(b, mask.Last4Parts(%))", at)
	case "first6last4":
		return gosrc.Raw("wire.AppendString(b, mask.First6Last4(%))", at)
	case "email":
		return gosrc.Raw("wire.AppendJoined(b, mask.EmailParts(%))", at)
	case "hash":
		return gosrc.Raw("wire.AppendString(b, e.Pseudonym(%))", at)
	case "null":
		return gosrc.Raw("append(b, \"null\"...)")
	default: // redact, and whatever the policy may learn later: nothing shows
		return gosrc.Raw("wire.AppendString(b, mask.Redacted)")
	}
}

// MaskFails are the conditions that refuse the clear value, in the variable clear, of what is sent
// masked: the value is held to its schema whoever gets to see it. Of masks that send nothing of
// the value there are none.
func (v Value) MaskFails() []Fail {
	if how := v.Type.Mask.How; how == "null" || how == "drop" {
		return nil
	}
	return v.Named().EncodeFails()
}

// HasLift reports whether some callers see the clear value.
func (v Value) HasLift() bool { return v.Type.Mask.Lift >= 0 }

// IsGuarded reports whether the caller is known to see the clear value where it is written.
func (v Value) IsGuarded() bool { return v.guarded && v.HasLift() }

// Lifted is the condition under which this caller sees the clear value.
func (v Value) Lifted() gosrc.Expr {
	return gosrc.Raw("e.Clear&(1<<%) != 0", gosrc.Int(int64(v.Type.Mask.Lift)))
}

// Fail is a broken check: the condition and its keyword, which the detail may follow where requests are read.
type Fail struct {
	When    gosrc.Expr
	Keyword gosrc.Literal
}

// Fails lists the conditions that refuse the value of a parameter or form, the cheapest first:
// where one of them holds, those behind it are not to be asked.
func (v Value) Fails() []Fail {
	fails := v.fails(byReader)
	for i, c := range v.Type.Checks {
		fails[i].Keyword = c.said()
	}
	return fails
}

// said is what a server tells a client of a broken check: Refusal, or the keyword.
func (c Check) said() gosrc.Literal {
	if c.Refusal == (gosrc.Literal{}) {
		return c.Keyword
	}
	return c.Refusal
}

func (v Value) fails(by gosrc.Expr) []Fail {
	var fails []Fail
	for _, c := range v.Type.Checks {
		fails = append(fails, Fail{c.Fails(by, v.At), c.Keyword})
	}
	return fails
}

// DecodeFails are those that remain after the JSON decoder's own checks.
func (v Value) DecodeFails() []Fail { return v.remaining(true) }

// ListFails are DecodeFails for a list of parameters, which no decoder has read.
func (v Value) ListFails() []Fail { return v.remaining(false) }

func (v Value) remaining(decoder bool) []Fail {
	var fails []Fail
	for _, c := range v.Type.Checks {
		if c.WireDoes {
			continue
		}
		when := c.Fails(byReader, v.At)
		if decoder {
			when = c.Fails(byDecoder, v.At)
		}
		if read, ok := c.read(v.At); decoder && ok {
			when = read
		}
		if exact, ok := c.exact(v.At); ok {
			when = gosrc.Raw("% || %", when, exact)
		}
		fails = append(fails, Fail{when, c.said()})
	}
	return fails
}

// EncodeFails add what only Go values can break: NaN and infinity have no JSON.
func (v Value) EncodeFails() []Fail { return v.writeFails(byEncoder) }

// HeaderFails are EncodeFails for a header of a response.
func (v Value) HeaderFails() []Fail { return v.writeFails(byCall) }

func (v Value) writeFails(by gosrc.Expr) []Fail {
	if v.constant() != nil {
		return v.Type.constFails(v.At)
	}
	fails := v.fails(by)
	if v.Type.Kind == Scalar {
		switch v.Type.Method.String() {
		case "Float64", "Float32":
			fails = append(fails, Fail{gosrc.Raw("!wire.Finite(float64(%))", v.At), gosrc.Quote("type")})
		case "Time":
			fails = append(fails, Fail{gosrc.Raw("!wire.TimeFits(%)", v.At), gosrc.Quote("format")})
		}
	}
	return fails
}

// Self is the value behind the pointer that the type's own functions are given.
func (t *Type) Self() Value {
	if t.Kind == Null {
		return Value{At: gosrc.Raw("v"), Type: t} // its fields are reached through the pointer
	}
	return Value{At: gosrc.Raw("*v"), Type: t, behind: gosrc.Raw("v")}
}

// Words is the number of 64-bit words that hold one bit for each field.
func (t *Type) Words() int { return (len(t.Fields) + 63) / 64 }

// Place is the field's value in the struct v.
func (f *Field) Place() Value {
	v := f.in(gosrc.Raw("v.%", f.Name))
	v.guarded = f.Drop
	return v
}

// InRequest is the field's value in the request req.
func (f *Field) InRequest() Value { return f.in(gosrc.Raw("req.%", f.Name)) }

func (f *Field) in(at gosrc.Expr) Value {
	if f.Opt {
		at = gosrc.Raw("%.Value", at)
	}
	return Value{At: at, Type: f.Type}
}

// Named is the clear value of a masked one, bound to the variable clear.
func (v Value) Named() Value { return Value{At: gosrc.Raw("clear"), Type: v.Type.Elem} }
