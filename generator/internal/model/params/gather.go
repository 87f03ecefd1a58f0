package params

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// plainText reports whether s is a scalar of one type or an array of such: what is read
// without a Shape.
func (b *Builder) plainText(s *schema.Schema) bool {
	if IsAny(s) || !b.TextMet(s, types.Request) {
		return true
	}
	if s.Exact() && types.ExactNumber(s) {
		return true // the usual types serve: a text has no exact spelling to keep
	}
	if b.CheckedRaw(s) {
		return false
	}
	if s.Types&schema.TypeNull != 0 && s.Types != schema.TypeNull {
		s = b.NotNull(s)
	}
	if len(s.OneOf)+len(s.AnyOf) > 0 {
		return s.Types == schema.TypeString
	}
	switch s.Types {
	case schema.TypeBool, schema.TypeInteger, schema.TypeInteger | schema.TypeNumber, schema.TypeNumber, schema.TypeString:
		return true
	case schema.TypeArray:
		return s.Items == nil || (s.Items.Types&schema.TypeArray == 0 || IsAny(s.Items) || !b.TextMet(s.Items, types.Request)) && b.plainText(s.Items)
	}
	return false
}

func (b *Builder) shaper(at types.Place) *shaper { return &shaper{b: b, at: at} }

// styleOf is the Member of a parameter but its Shape, and how its value travels.
func (b *Builder) styleOf(p *model.Param, src *openapi.Parameter, s *schema.Schema) (gosrc.Expr, manner, bool) {
	kinds := KindsOf(s)
	object := kinds&schema.TypeObject != 0 && !IsAny(s)
	name := gosrc.Quote(src.Name)
	one := src.In == "path" || src.In == "header"
	p.Gathered = !one
	pick := func(exploded, plain gosrc.Expr) gosrc.Expr {
		if src.Explode {
			return exploded
		}
		return plain
	}
	if c := src.Separators.Outer; c != 0 {
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: %", name, gosrc.Char(rune(c))), inText, true
	}
	style := src.Style
	if (style == "label" || style == "matrix") && src.In != "path" {
		style = ""
	}
	switch style {
	case "label":
		return gosrc.Raw("Name: %, Style: param.%", name, pick(gosrc.Raw("LabelExploded"), gosrc.Raw("Label"))), inText, true
	case "matrix":
		return gosrc.Raw("Name: %, Style: param.%", name, pick(gosrc.Raw("MatrixExploded"), gosrc.Raw("Matrix"))), inText, true
	case "deepObject":
		p.Deep = true
		p.Bracketed = kinds&^schema.TypeNull == schema.TypeObject
		if kinds&schema.TypeArray != 0 && !object {
			b.Diags.Warnf(placeOf(src, "style"), rules.ParameterStyle, "OpenAPI does not say what an array looks like in style deepObject: %q is read from name[]=item and name[0]=item", src.Name)
		}
		return gosrc.Raw("Name: %, Style: param.Deep", name), inDeep, true
	case "spaceDelimited", "pipeDelimited":
		if src.Explode && object {
			b.Errorf(placeOf(src, "style"), rules.ParameterStyle, "parameter %q is an object in style %s, which cannot be exploded; write explode: false", src.Name, src.Style)
			return gosrc.Expr{}, 0, false
		}
		if !src.Explode {
			sep := gosrc.Char(' ')
			if src.Style == "pipeDelimited" {
				sep = gosrc.Char('|')
			}
			return gosrc.Raw("Name: %, Style: param.Delimited, Separator: %", name, sep), inText, true
		}
		return gosrc.Raw("Name: %", name), inPairs, true
	case "simple", "form", "cookie":
	default:
		b.Errorf(placeOf(src, "style"), rules.ParameterStyle, "parameter %q has style %q, which is not known here", src.Name, src.Style)
		return gosrc.Expr{}, 0, false
	}
	switch {
	case one && src.Explode:
		return gosrc.Raw("Name: %, Style: param.Assigned, Separator: ','", name), inText, true
	case !src.Explode:
		p.AsIs = src.Style == "cookie"
		p.Gathered = src.In == "query"
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: ','", name), inText, true
	}
	escaped := gosrc.Raw("")
	if src.In == "cookie" && src.Style == "form" && kinds&(schema.TypeArray|schema.TypeObject) != 0 {
		escaped = gosrc.Raw(", Escaped: true")
		b.Diags.Warnf(p.Pos, rules.ParameterStyle, "cookie %q is exploded, and style form would put & between its parts: they are read from cookies of their own; write explode: false", src.Name)
	}
	if object {
		return gosrc.Raw("Style: param.Spread%", escaped), inSpread, true
	}
	return gosrc.Raw("Name: %%", name, escaped), inPairs, true
}

// shaped makes the type and the Shape of a parameter that is more than a scalar.
func (b *Builder) shaped(p *model.Param, src *openapi.Parameter, member gosrc.Expr, how manner, s *schema.Schema, at types.Place, pos diag.Pos) {
	if how != inPairs && b.unshaped(s) {
		return
	}
	x := b.shaper(at)
	x.nested, x.inner = how == inPairs || how == inSpread, src.Separators.Inner
	if how == inSpread {
		b.spreadWith(p, x, member, s, at, pos)
		return
	}
	if b.lacksForm(src, s, at, how) {
		b.Diags.Warnf(pos, rules.ParameterStyle, "OpenAPI has no form for the values of parameter %q in its style: it is read as JSON text, as content: {application/json: ...} would be", src.Name)
		b.wholeJSON(p, src, s, at)
		return
	}
	t := b.textual(s, at)
	shape := x.shape(s, t, how)
	if !b.shapeable(p, x, pos) {
		return
	}
	if x.asJSON {
		b.Diags.Warnf(pos, rules.ParameterStyle, "OpenAPI does not say what an object or array inside of %q looks like: it is read as JSON text", src.Name)
	}
	b.finish(p, t, gosrc.Raw("%, Shape: %", member, shape), at)
}

// lacksForm reports whether a parameter is one text, and its style has no form for the values
// of s. It is asked before the types of a Shape are made, which nothing would use.
func (b *Builder) lacksForm(src *openapi.Parameter, s *schema.Schema, at types.Place, how manner) bool {
	if how != inText && (how != inPairs || KindsOf(s)&(schema.TypeArray|schema.TypeObject) != 0) {
		return false
	}
	x := b.shaper(at)
	x.nested, x.inner = how == inPairs, src.Separators.Inner
	x.shape(s, nil, how)
	return x.formless
}

// wholeJSON is a parameter that is read as content: application/json would be.
func (b *Builder) wholeJSON(p *model.Param, src *openapi.Parameter, s *schema.Schema, at types.Place) {
	b.formless[src] = true
	p.Gathered, p.AsIs, p.AsJSON = false, false, true
	p.Field.Type = b.TypeOf(s, at)
}

// AsRead is the parameter as its reader takes it.
func (b *Builder) AsRead(p *openapi.Parameter) *openapi.Parameter {
	if !b.formless[p] {
		return p
	}
	q := *p
	q.ContentType, q.Style, q.Explode = "application/json", "", false
	return &q
}

// spread is a parameter whose members are pairs of their own.
func (b *Builder) spread(p *model.Param, x *shaper, s *schema.Schema, at types.Place, pos diag.Pos) {
	b.spreadWith(p, x, gosrc.Raw("Style: param.Spread"), s, at, pos)
}

func (b *Builder) spreadWith(p *model.Param, x *shaper, member gosrc.Expr, s *schema.Schema, at types.Place, pos diag.Pos) {
	b.spreadAs(p, x, member, s, s, at, pos)
}

// spreadAs is spreadWith for members of which another schema says what they look like.
func (b *Builder) spreadAs(p *model.Param, x *shaper, member gosrc.Expr, s, looks *schema.Schema, at types.Place, pos diag.Pos) {
	b.unknownInSpread(p, s)
	t := b.textual(s, at)
	shape := x.shape(looks, t, inSpread)
	if !b.shapeable(p, x, pos) {
		return
	}
	if x.asJSON && p.In != "body" {
		b.Diags.Warnf(pos, rules.ParameterStyle, "OpenAPI does not say what an object or array inside of an exploded object looks like: it is read as JSON text")
	}
	slices.Sort(x.names)
	p.Names, p.Open, p.Spread, p.Gathered = slices.Compact(x.names), x.open, true, true
	if len(p.Names) > 0 {
		member = gosrc.Raw("%, Names: %", member, gosrc.Strings(p.Names))
	}
	if p.Open {
		member = gosrc.Raw("%, Open: true", member)
	}
	b.finish(p, t, gosrc.Raw("Name: %, %, Shape: %", p.Name, member, shape), at)
}

// unknownInSpread refuses x-bailey-unknown on an object whose members are pairs of their own, among
// those of other parameters: no pair that nothing names is known to be the object's. In a form the
// object as a whole can have it, and none of its branches. Where members are kept, the object takes each
// pair that no other parameter does, as with additionalProperties: true.
func (b *Builder) unknownInSpread(p *model.Param, s *schema.Schema) {
	list := slices.Concat(s.OneOf, s.AnyOf)
	if p.In != "body" {
		list = append(list, s)
	}
	for _, s := range list {
		for _, n := range s.Nodes {
			if n.Get(types.WordUnknown) != nil && !b.KeepsAt(n) {
				b.Errorf(n.KeyPosOf(types.WordUnknown), rules.NotEnforced, "x-bailey-unknown cannot be enforced in an object whose members are parameters or fields of their own; write it on the operation")
			}
		}
	}
}

// unshaped refuses objects of which the normal form does not say all: pairs that belong
// to them would be taken for unknown ones.
func (b *Builder) unshaped(s *schema.Schema) bool {
	if KindsOf(s)&schema.TypeObject == 0 || IsAny(s) || len(s.Unsupported) == 0 {
		return false
	}
	b.RefuseUnsupported(s)
	return true
}

// textual is the type of a value that travels as text, where a null has none.
func (b *Builder) textual(s *schema.Schema, at types.Place) *model.Type {
	return b.TypeOf(b.WithoutNull(s), at)
}

func (b *Builder) shapeable(p *model.Param, x *shaper, pos diag.Pos) bool {
	if x.problem == "" {
		return true
	}
	what, way := "parameter", "write content: {application/json: ...} if callers can send JSON"
	rule := rules.Rule(rules.ParameterType)
	if p.In == "body" {
		what, way, rule = "field", "give it contentType: application/json below encoding, if callers can send JSON", rules.FormField
	}
	b.Diags.Add(diag.Diagnostic{Pos: pos, Rule: rule, Message: what + " " + p.Name.String() + " cannot be read: " + x.problem, Advice: way})
	return false
}

// finish notes the fields of the Member where it is used: in a set of those that pairs are taken for,
// or alone.
func (b *Builder) finish(p *model.Param, t *model.Type, member gosrc.Expr, at types.Place) {
	p.Field.Type, p.AsJSON, p.Member = t, true, member
	if !p.Gathered {
		p.Transcribed = b.Names.Take(gosrc.Unexported("member " + at.Name.String()))
		b.API.Members = append(b.API.Members, &model.Gather{Name: p.Transcribed, Members: []gosrc.Expr{member}})
	}
}

// placeOf is where a parameter has a member.
func placeOf(p *openapi.Parameter, member string) diag.Pos {
	if n := p.Node.Get(member); n != nil {
		return n.Pos
	}
	return p.Pos
}
