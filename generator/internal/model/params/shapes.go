package params

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Parameters and form fields that are more than a scalar, or an array of scalars between
// separators, are written as JSON by the runtime, which needs to know what each place of
// the text can be: a param.Shape, printed as a composite literal. The JSON is then read
// by the functions that read bodies, which hold all checks.

// manner is how the text of a value travels.
type manner uint8

const (
	inText   manner = iota // one text with separators
	inPairs                // name=value, a pair for each item of an array
	inSpread               // the members of an object are pairs
	inDeep                 // name[member]=value
	inLeaf                 // one text that is not taken apart
)

// maxBrackets bounds how deep style deepObject nests.
const maxBrackets = 8

// shaper makes the Shape of one parameter.
type shaper struct {
	b  *Builder
	at types.Place
	// encodings are those of a form's fields.
	encodings []openapi.Encoding
	// nested is set where a value inside of another may be JSON text.
	nested bool
	// inner are the separators of the arrays inside of one that is one text, or whose items are.
	inner string

	// What was found.
	names   []string // of the pairs of a spread object
	open    bool     // it takes pairs of any name
	asJSON  bool     // some value inside is JSON text
	problem string   // why there is no Shape
	// formless is set where that is since the style has no form for such a value.
	formless bool

	path []*schema.Schema
}

func (x *shaper) refuse(format string, args ...any) gosrc.Expr {
	if x.problem == "" {
		x.problem = fmt.Sprintf(format, args...)
	}
	return gosrc.Raw("nil")
}

// lacksForm refuses a value that no text of this style can be, but for JSON.
func (x *shaper) lacksForm(why string) gosrc.Expr {
	x.formless = x.formless || x.problem == ""
	return x.refuse("%s", why)
}

// ScalarKinds are the types that a text without quotes can stand for.
const ScalarKinds = schema.TypeBool | schema.TypeInteger | schema.TypeNumber | schema.TypeString

// KindsOf are the types that the values of s may have, as far as its keywords say; where
// they say nothing, those that a text can stand for.
func KindsOf(s *schema.Schema) schema.Types {
	kinds := s.Types
	if kinds == schema.TypeAny && len(s.OneOf)+len(s.AnyOf)+len(s.Enum) == 0 {
		return ScalarKinds
	}
	var found schema.Types
	for _, br := range slices.Concat(s.OneOf, s.AnyOf) {
		found |= KindsOf(br)
	}
	for _, v := range s.Enum {
		found |= map[load.Kind]schema.Types{
			load.Bool: schema.TypeBool, load.Number: schema.TypeInteger | schema.TypeNumber, load.String: schema.TypeString,
			load.Array: schema.TypeArray, load.Object: schema.TypeObject, load.Null: schema.TypeNull,
		}[v.Kind]
	}
	if found != 0 {
		kinds &= found
	}
	return kinds
}

// IsAny reports whether s says nothing at all: a text is then a string.
func IsAny(s *schema.Schema) bool {
	return s.Types == schema.TypeAny && types.Unconstrained(s) && len(s.OneOf)+len(s.AnyOf)+len(s.Enum) == 0 && !s.BeyondForm()
}

// shape is a pointer to the Shape of s, whose Go type is t: nil where there is none that
// could tell readings apart.
func (x *shaper) shape(s *schema.Schema, t *model.Type, how manner) gosrc.Expr {
	if t != nil && t.Kind == model.Null {
		t = t.Elem
	}
	if s.Same != nil {
		s = s.Same
	}
	s = x.b.WithoutNull(s)
	if slices.Contains(x.path, s) || len(x.path) > maxBrackets*2 {
		return x.lacksForm("it holds itself, or nests too deeply for a text")
	}
	x.b.Spend(types.NewType, s.Pos)
	x.path = append(x.path, s)
	defer func() { x.path = x.path[:len(x.path)-1] }()
	kinds := KindsOf(s)
	switch {
	case IsAny(s):
		return gosrc.Raw("&param.StringText")
	case kinds&(schema.TypeArray|schema.TypeObject) == 0:
		return x.scalar(kinds, t)
	case len(s.OneOf)+len(s.AnyOf) > 0:
		return x.choice(s, t, how)
	case kinds&ScalarKinds != 0 || kinds&(schema.TypeArray|schema.TypeObject) == schema.TypeArray|schema.TypeObject:
		return x.kinds(s, t, how)
	case kinds&schema.TypeArray != 0:
		return x.array(s, t, how)
	}
	return x.object(s, t, how)
}

// scalar is a Shape of one text and its readings.
func (x *shaper) scalar(kinds schema.Types, t *model.Type) gosrc.Expr {
	var bits []gosrc.Part
	var only gosrc.Expr
	for _, k := range []struct {
		kind schema.Types
		bit  gosrc.Expr
		only gosrc.Expr
	}{
		{schema.TypeBool, gosrc.Raw("param.AsBool"), gosrc.Raw("&param.BoolText")},
		{schema.TypeInteger, gosrc.Raw("param.AsInteger"), gosrc.Raw("&param.IntegerText")},
		{schema.TypeNumber, gosrc.Raw("param.AsNumber"), gosrc.Raw("&param.NumberText")},
		{schema.TypeString, gosrc.Raw("param.AsString"), gosrc.Raw("&param.StringText")},
	} {
		if kinds&k.kind == 0 || k.kind == schema.TypeInteger && kinds&schema.TypeNumber != 0 {
			continue
		}
		bits, only = append(bits, k.bit), k.only
	}
	switch {
	case len(bits) == 0:
		return x.lacksForm("a value of this schema has no text")
	case len(bits) == 1:
		return only
	}
	return gosrc.Raw("&param.Shape{Text: %%}", gosrc.List(" | ", bits...), x.accepts(t))
}

// accepts is the judge of readings, or nothing.
func (x *shaper) accepts(t *model.Type) gosrc.Expr {
	if t == nil || t.Kind == 0 {
		return gosrc.Raw("")
	}
	x.b.AsItem(t, x.at.Name.Plus("Value"))
	name, ok := x.b.judges[t]
	if !ok {
		name = x.b.Names.Take(gosrc.Unexported("accepts " + x.at.Name.String()))
		x.b.judges[t] = name
		x.b.API.Judges = append(x.b.API.Judges, &model.Judge{Name: name, Type: t})
	}
	return gosrc.Raw(", Accepts: %", name)
}

// choice is oneOf or anyOf with an array or object in it. Its scalars are one Shape.
func (x *shaper) choice(s *schema.Schema, t *model.Type, how manner) gosrc.Expr {
	branches := slices.Concat(s.OneOf, s.AnyOf)
	base := x.b.VariantOf(s, "base", func() *schema.Schema {
		c := *s
		c.OneOf, c.AnyOf, c.Discriminator, c.Name, c.Default = nil, nil, nil, "", nil
		return &c
	})
	var scalars schema.Types
	var rest []gosrc.Part
	for i, br := range branches {
		merged := br
		if !types.Bare(base, br) {
			merged = x.b.In.Schemas.Merge(s.Pos, base, br)
		}
		kinds := KindsOf(merged)
		if scalars |= kinds & ScalarKinds; kinds&(schema.TypeArray|schema.TypeObject) == 0 {
			continue
		}
		rest = append(rest, x.shape(merged, t.Variant(i, len(branches)), how))
	}
	return x.choices(scalars, rest, t, how)
}

// kinds is a schema of several types without oneOf.
func (x *shaper) kinds(s *schema.Schema, t *model.Type, how manner) gosrc.Expr {
	var rest []gosrc.Part
	for _, bit := range []schema.Types{schema.TypeArray, schema.TypeObject} {
		if s.Types&bit == 0 {
			continue
		}
		one := *s
		one.Types, one.Name, one.Enum = bit, "", nil
		rest = append(rest, x.shape(&one, t.OfKind(bit), how))
	}
	return x.choices(KindsOf(s)&ScalarKinds, rest, t, how)
}

func (x *shaper) choices(scalars schema.Types, rest []gosrc.Part, t *model.Type, how manner) gosrc.Expr {
	if scalars != 0 {
		if how == inSpread {
			return x.refuse("it is an object or something else, and the names of its members do not say which")
		}
		rest = append([]gosrc.Part{x.scalar(scalars, t)}, rest...)
	}
	if len(rest) == 1 {
		return gosrc.Raw("%", rest[0])
	}
	return gosrc.Raw("&param.Shape{Choices: []*param.Shape{%}%}", gosrc.List(", ", rest...), x.accepts(t))
}

// inner is how what is inside of a value travels.
func (how manner) inner() manner {
	if how == inDeep {
		return inDeep
	}
	return inLeaf
}

// text is a value that is JSON text.
func (x *shaper) text() gosrc.Expr {
	if !x.nested {
		return x.lacksForm("it has arrays or objects inside, which this style has no form for")
	}
	x.asJSON = true
	return gosrc.Raw("&param.JSONText")
}

func (x *shaper) array(s *schema.Schema, t *model.Type, how manner) gosrc.Expr {
	separator := gosrc.Raw("")
	switch {
	case how == inLeaf && x.inner != "":
		separator = gosrc.Raw(", Separator: %", gosrc.Char(rune(x.inner[0])))
		defer func(inner string) { x.inner = inner }(x.inner)
		x.inner = x.inner[1:]
	case how == inLeaf:
		return x.text()
	case how == inSpread:
		return x.refuse("an array has no members")
	}
	items, elem := s.Items, (*model.Type)(nil)
	if items == nil {
		items = x.b.Anything
	}
	if t != nil && t.Kind == model.Slice {
		elem = t.Elem
	}
	return gosrc.Raw("&param.Shape{Items: %%}", x.shape(items, elem, how.inner()), separator)
}

func (x *shaper) object(s *schema.Schema, t *model.Type, how manner) gosrc.Expr {
	if how == inLeaf || how == inPairs {
		return x.text()
	}
	members := gosrc.Raw("")
	list := make([]gosrc.Part, 0, len(s.Properties))
	for _, p := range s.Properties {
		if p.Schema.Never || p.Schema.ReadOnly {
			continue
		}
		if how == inSpread {
			x.names = append(x.names, p.Name)
			list = append(list, gosrc.Raw("\n%,", x.field(p, t.MemberType(p.Name))))
			continue
		}
		list = append(list, gosrc.Raw("\n{Name: %, Shape: %},", gosrc.Quote(p.Name), x.shape(p.Schema, t.MemberType(p.Name), how.inner())))
		x.b.Spend(len(t.FieldsOf())/64, p.Pos)
	}
	if len(s.Properties) > 0 {
		members = gosrc.Raw(", Members: []param.Member{%\n}", gosrc.List("", list...))
		x.b.Spend(len(members.String())/64, s.Pos)
	}
	rest := gosrc.Raw("")
	if s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped {
		x.open = x.open || how == inSpread
		extra := s.ExtraSchema
		if s.Extra == schema.ExtraAny || extra == nil {
			extra = x.b.Anything
		}
		inner := how.inner()
		if how == inSpread {
			inner = inPairs
		}
		rest = gosrc.Raw(", Rest: %", x.shape(extra, t.ExtraType(), inner))
	}
	return gosrc.Raw("&param.Shape{Object: true%%}", members, rest)
}
