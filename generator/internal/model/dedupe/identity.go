package dedupe

import (
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/model"
)

// identity is all that a type's declaration and functions are made of: a text, and the
// types with names that it is put together from. Left out are names, fields that follow from others,
// and the sources of the type.
type identity struct {
	text  string
	parts []*model.Type
}

type identifier struct {
	text  strings.Builder
	parts []*model.Type
}

func identityOfType(t *model.Type) identity {
	var x identifier
	x.typ(t)
	return identity{x.text.String(), x.parts}
}

func identityOfReply(r *model.Reply) identity {
	var x identifier
	x.reply(r)
	return identity{x.text.String(), x.parts}
}

func identityOfOutcome(o *model.Outcome) identity {
	var x identifier
	x.say(o.Status, o.Dynamic, o.Low, o.High, o.Error, o.JSON, o.Media, o.Offered, o.Offer)
	if o.Reply != nil {
		fmt.Fprintf(&x.text, "%p ", o.Reply.Code())
	}
	x.part(o.Body)
	return identity{x.text.String(), x.parts}
}

// say adds values that have no types with names in them.
func (x *identifier) say(values ...any) {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			fmt.Fprintf(&x.text, "%q ", v)
		case fmt.Stringer:
			fmt.Fprintf(&x.text, "%q ", v.String())
		default:
			fmt.Fprintf(&x.text, "%v ", v)
		}
	}
	x.text.WriteByte(';')
}

// part adds a type that another is made of: one with a name by the name's class, and others by their
// contents.
func (x *identifier) part(t *model.Type) {
	switch {
	case t == nil:
		x.text.WriteString("nil ")
	case t.Declared:
		x.parts = append(x.parts, t)
		x.text.WriteString("part ")
	default:
		x.typ(t)
	}
}

func (x *identifier) typ(t *model.Type) {
	x.say(t.Kind, t.Declared, t.Func, t.Own, t.About, t.Deprecated, t.Method, t.Conv, t.Unknown, t.Required, t.ReadOnly, t.HasReadOnly, t.ReadOnlyRest,
		t.Choice, t.Discriminator, t.Unselected, t.ByJSON, t.MaxItems, t.Min, t.Max, t.MasksText, t.Opaque, t.Way, t.MaxBytes, t.Nothing)
	if t.Kind == model.Scalar && !t.Declared {
		x.say(t.Go) // no name, but a type of Go or of the runtime
	}
	if t.Check != nil {
		x.say(fmt.Sprintf("%p", t)) // the function that it returns may be of this type alone
	}
	if t.Events != nil {
		x.say(fmt.Sprintf("%p", t.Events))
	}
	if t.Mask != nil {
		x.say("mask", t.Mask.Lift, t.Mask.How)
	}
	for _, e := range t.Enum {
		x.say("value", e.Value)
	}
	if t.Const != nil {
		x.say("const", t.Const.JSON)
	}
	for _, g := range t.Groups {
		x.say("group", g.Keyword, g.Any, g.One)
	}
	x.part(t.Elem)
	for _, f := range t.Fields {
		x.field(f)
	}
	if t.Extra != nil {
		x.say("extra")
		x.field(t.Extra)
	}
	for _, v := range t.Variants {
		x.variant(v)
	}
	for _, c := range t.Checks {
		x.check(c)
	}
	x.text.WriteByte('.')
}

func (x *identifier) field(f *model.Field) {
	x.say("field", f.Name, f.Doc, f.JSON, f.First, f.Later, f.Bare, f.Index, f.Required, f.Opt, f.Default, f.HasDefault, f.Drop,
		f.Guards, f.ListDefault, f.HasListDefault, f.Never)
	x.part(f.Type)
}

func (x *identifier) variant(v *model.Variant) {
	x.say("variant", v.Name, v.Fills, v.Fill.Kind, v.Fill.Text, v.IsDefault)
	for _, k := range v.Kinds {
		x.say(k)
	}
	for _, l := range v.Values {
		x.say(l)
	}
	for _, s := range v.Selectors {
		x.say(s.Kind, s.Text)
	}
	x.part(v.Type)
}

func (x *identifier) check(c model.Check) {
	x.say("check", c.Keyword, c.Refusal, c.Op, c.N, c.Text, c.Name, c.Costly, c.AsText, c.WireDoes, c.Bits)
	x.part(c.Of)
	for _, l := range c.Listed {
		x.say(l.Value, l.Text)
	}
	for _, br := range c.Branches {
		x.say("branch")
		for _, l := range br.Listed {
			x.say(l)
		}
		for _, c := range br.Checks {
			x.check(c)
		}
	}
}

func (x *identifier) reply(r *model.Reply) {
	x.say(r.Dynamic, r.AnyMedia, r.JSON, r.Stream, r.Media, r.Error, r.Message, r.Own, r.About)
	for _, m := range r.Markers {
		x.say(m)
	}
	x.part(r.Body)
	for _, h := range r.Headers {
		x.say("header", h.Name, h.List)
		x.field(h.Field)
	}
}
