package model

import (
	"cmp"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// direction is the way a value travels: where readOnly, writeOnly or masks make the
// two ways differ, a schema has one type for each.
type direction uint8

const (
	request direction = iota
	response
)

type typeKey struct {
	schema *schema.Schema
	dir    direction
	both   bool // one type serves both ways
}

// place is where a schema is met: what it is named after when it has no name.
type place struct {
	name    gosrc.Ident
	spelled gosrc.Ident // the same, divided: what it is named after where another place has the name
	dir     direction
	own     string // spelled of the schema object around it
	rank    int
}

// placeIn is a place that nothing is known of but a name.
func placeIn(name gosrc.Ident, dir direction) place {
	return place{name: name, spelled: name, dir: dir, rank: rankPlace}
}

func (p place) sub(text string) place { return p.plus(gosrc.Exported(text)) }

func (p place) plus(word gosrc.Ident) place {
	p.name, p.spelled = p.name.Plus(word.String()), p.spelled.Plus("_"+word.String())
	return p
}

// called is the place with the name that what stands there was given.
func (p place) called(name gosrc.Ident) place {
	p.name = name
	return p
}

// newType is what making a type costs beside what it holds: it has about 1000 bytes.
const newType = 8

// typeOf returns the Go type of s, building it at its first use.
func (b *builder) typeOf(s *schema.Schema, at place) *Type {
	if s.Same != nil { // what s adds is the member's: a description, a default
		// A checked value has to be made of schema objects, which s may be alone.
		if _, ok := s.Same.Written(); ok || !b.checkedRaw(s) {
			s = s.Same
		}
	}
	b.spend(1, s.Pos)
	key := typeKey{schema: s, dir: at.dir}
	if !b.differs(s) {
		key = typeKey{schema: s, both: true}
	}
	if t, ok := b.types[key]; ok {
		b.watch.uses(t)
		return t
	}
	at = b.placeOf(s, at)
	b.spend(newType+len(at.name.String())/16, s.Pos)
	t := &Type{MaxItems: -1}
	t.enforced.table = true
	b.types[key] = t
	b.watch.fills(t, func() { b.fill(t, s, at) })
	return t
}

// fill decides what t is. t is in the table already, so that recursion ends.
func (b *builder) fill(t *Type, s *schema.Schema, at place) {
	b.unmet(s, at.dir)
	if b.checkedRaw(s) {
		b.checked(t, s, at)
		return
	}
	b.refuseUnsupported(s)
	if nullable(s) {
		t.Kind = Null
		t.hold(s, "type")
		t.Elem = b.typeOf(b.notNull(s), at)
		return
	}
	switch {
	case s.Never || s.Types == 0:
		b.never(t) // a guard: checkedRaw has those, and text never gets here
	case len(s.OneOf) > 0 || len(s.AnyOf) > 0:
		b.sum(t, s, at)
	case len(s.Enum) > 0:
		b.enum(t, s, at)
	case s.Types == schema.TypeAny:
		b.raw(t) // with keywords for several types, checkedRaw had it
		t.hold(s, "additionalProperties")
		b.claimKept(t, s)
	case s.Types == schema.TypeNull:
		b.raw(t)
		t.hold(s, "type", "enum", "const")
		t.Checks = append(t.Checks, Check{Keyword: gosrc.Quote("type"), Op: IsNull})
	case s.Types == schema.TypeBool:
		b.scalar(t, "bool")
		t.hold(s, "type")
	case s.Types == schema.TypeInteger, s.Types == schema.TypeNumber|schema.TypeInteger, s.Types == schema.TypeNumber:
		b.number(t, s)
	case s.Types == schema.TypeString:
		b.text(t, s, at)
	case s.Types == schema.TypeArray:
		b.slice(t, s, at)
	case s.Types == schema.TypeObject:
		b.object(t, s, at)
	default:
		b.kinds(t, s, at)
	}
}

// variantOf memoises a schema derived from s, so that types keep their identity.
func (b *builder) variantOf(s *schema.Schema, how string, make func() *schema.Schema) *schema.Schema {
	key := derived{s, how}
	if d, ok := b.derived[key]; ok {
		return d
	}
	d := make()
	b.derived[key] = d
	return d
}

// notNull is s for the values that are not null: the schema that was made nullable,
// with its name, where there is one.
func (b *builder) notNull(s *schema.Schema) *schema.Schema {
	return b.variantOf(s, "not null", s.WithoutNull)
}

// withoutNull is notNull where s is nullable, or s.
func (b *builder) withoutNull(s *schema.Schema) *schema.Schema {
	if nullable(s) {
		return b.notNull(s)
	}
	return s
}

// nullable reports whether s allows null beside values of some other types.
func nullable(s *schema.Schema) bool {
	return s.NullBeside()
}

type derived struct {
	from *schema.Schema
	how  string
}

// unconstrained reports whether s accepts every JSON value.
func unconstrained(s *schema.Schema) bool {
	return len(s.Properties) == 0 && len(s.Required) == 0 && s.Items == nil && s.Format == "" && len(s.Patterns) == 0 &&
		s.MinLength <= 0 && s.MaxLength < 0 && s.Minimum == "" && s.Maximum == "" && len(s.MultipleOf) == 0 &&
		s.MinItems <= 0 && s.MaxItems < 0 && !s.UniqueItems && s.MinProperties <= 0 && s.MaxProperties < 0 &&
		(s.Extra == schema.ExtraSilent || s.Extra == schema.ExtraAny) && len(s.RequiredAny) == 0 && len(s.RequiredOne) == 0
}

func (b *builder) raw(t *Type) {
	t.Kind = Scalar
	t.Method = b.word("Raw")
	t.Go = gosrc.Raw("wire.Raw")
}

// scalars maps the Go types of scalars to the Decoder's methods.
var scalars = map[string]struct {
	method string
	expr   gosrc.Expr
}{
	"bool":    {"Bool", gosrc.Raw("bool")},
	"string":  {"String", gosrc.Raw("string")},
	"int32":   {"Int32", gosrc.Raw("int32")},
	"int64":   {"Int64", gosrc.Raw("int64")},
	"uint32":  {"Uint32", gosrc.Raw("uint32")},
	"uint64":  {"Uint64", gosrc.Raw("uint64")},
	"float32": {"Float32", gosrc.Raw("float32")},
	"float64": {"Float64", gosrc.Raw("float64")},
	"uuid":    {"UUID", gosrc.Raw("types.UUID")},
	"time":    {"Time", gosrc.Raw("time.Time")},
	"date":    {"Date", gosrc.Raw("types.Date")},
	"bytes":   {"Bytes", gosrc.Raw("[]byte")},
}

func (b *builder) scalar(t *Type, name string) {
	s := scalars[name]
	t.Kind, t.Method, t.Go = Scalar, b.word(s.method), s.expr
}

// word turns a fixed word of bailey's own into an identifier.
func (b *builder) word(s string) gosrc.Ident {
	id, err := gosrc.NewIdent(s)
	if err != nil {
		panic("model: " + s + " is no identifier") // a constant of this package
	}
	return id
}

// typedFormats are string formats with a Go type of their own.
var typedFormats = map[string]string{"uuid": "uuid", "date-time": "time", "date": "date", "byte": "bytes"}

// text is a string: with the format's own Go type where no other keyword needs the text.
func (b *builder) text(t *Type, s *schema.Schema, at place) {
	t.hold(s, "type", "format", "contentEncoding", "minLength", "maxLength", "pattern")
	format := s.Format
	if format == "" && s.ContentEncoding == "base64" {
		format = "byte"
	}
	if goType, ok := typedFormats[format]; ok && s.MinLength <= 0 && s.MaxLength < 0 && len(s.Patterns) == 0 {
		b.scalar(t, goType)
		return
	}
	b.scalar(t, "string")
	t.Checks = append(t.Checks, b.stringChecks(s, format, at)...)
}

func (b *builder) number(t *Type, s *schema.Schema) {
	integral := s.Types&schema.TypeNumber == 0
	t.hold(s, "type", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
	switch {
	case s.Format == "int32" || s.Format == "int64" || s.Format == "uint32" || s.Format == "uint64":
		b.scalar(t, s.Format)
	case integral && beyondInt64(s.Maximum) && s.Minimum != "" && !strings.HasPrefix(s.Minimum, "-"):
		b.scalar(t, "uint64")
	case integral:
		b.scalar(t, "int64")
	case s.Format == "float":
		b.scalar(t, "float32")
	default:
		b.scalar(t, "float64")
	}
	t.Checks = append(t.Checks, b.numberChecks(t, s)...)
}

func (b *builder) slice(t *Type, s *schema.Schema, at place) {
	t.Kind, t.MaxItems = Slice, s.MaxItems
	b.listsAt[t], b.lists[t] = s.Pos, listPlace{s, at}
	items := s.Items
	if items == nil {
		items = b.anything
	}
	name := at.sub("Item")
	t.Elem = b.typeOf(items, name)
	b.asItem(t.Elem, name.name)
	t.Checks = append(t.Checks, b.arrayChecks(t, s, at.dir)...)
}

// asItem gives a type that is read through a function a function of its own.
func (b *builder) asItem(t *Type, name gosrc.Ident) {
	if t.Func || t.Kind == 0 || t.plain() {
		return
	}
	t.Func = true
	t.wanted = name
	b.api.Funcs = append(b.api.Funcs, t)
}

// differs reports whether requests and responses see s differently.
func (b *builder) differs(s *schema.Schema) bool {
	if d, ok := b.directional[s]; ok {
		return d
	}
	found := false
	var walked []*schema.Schema
	s.Walk(func(s *schema.Schema) bool {
		if d, ok := b.directional[s]; ok && !d {
			return false
		}
		walked = append(walked, s)
		if b.directional[s] || b.oneWay(s) || hasOneWay(s) {
			found = true
		}
		for i := range s.Properties {
			p := &s.Properties[i]
			if p.Schema.ReadOnly || p.Schema.WriteOnly || b.maskOf(p) != nil {
				found = true
			}
		}
		return !found
	})
	b.directional[s] = found
	if !found { // nor does anything that it leads to
		for _, other := range walked {
			b.directional[other] = false
		}
	}
	return found
}

// goNameOf is the x-bailey-go-name on any of the nodes, or "".
func (b *builder) goNameOf(nodes ...*load.Node) string {
	for _, n := range nodes {
		if pol := b.in.Policies.Schemas[n]; pol != nil && pol.GoName != "" {
			return pol.GoName
		}
	}
	return ""
}

// goNameOfSchema is the x-bailey-go-name of s, or "": of the schema object that it is, and of what is
// written in that one, but not of the components that it extends. The base of a family has the
// name that its family has, and says that it is the base.
func (b *builder) goNameOfSchema(s *schema.Schema) string {
	for _, n := range s.Nodes {
		if _, _, other := b.in.Doc.ComponentName(n); other && n != s.Node {
			continue
		}
		if own := b.goNameOf(n); own != "" {
			if s.Line {
				own += "Base"
			}
			return own
		}
	}
	return ""
}

// identOf is an x-bailey-go-name as it is written; policy has checked it.
func identOf(word string) gosrc.Ident {
	if id, err := gosrc.NewIdent(word); err == nil {
		return id
	}
	return gosrc.Exported(word)
}

// declare gives t a declared name: the component's, or that of its place.
func (b *builder) declare(t *Type, s *schema.Schema, at place) {
	t.Name, t.own = b.declaredName(s, at)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	t.about = cmp.Or(s.Description, s.Title)
	t.Doc = gosrc.Doc(t.Name, t.about)
	b.api.Types = append(b.api.Types, t)
	if t.Kind != Scalar {
		t.Func = true
		b.api.Funcs = append(b.api.Funcs, t)
	}
}

// declaredName is the name of a type, and whether the document says it: others are named after
// the place.
func (b *builder) declaredName(s *schema.Schema, at place) (name gosrc.Ident, own bool) {
	if name, ok := b.components[typeKey{schema: s, dir: at.dir}]; ok {
		return name, true
	}
	if own := b.goNameOfSchema(s); own != "" {
		return b.bid(s.Pos, idOf(s, at), rankChosen, identOf(own)), true
	}
	return b.bid(s.Pos, idOf(s, at), at.rank, at.name, at.spelled), false
}

func (b *builder) refuseUnsupported(s *schema.Schema) {
	for _, d := range s.Unsupported {
		b.diags.Add(d)
	}
}

func (b *builder) errorf(pos diag.Pos, rule rules.Rule, format string, args ...any) {
	b.diags.Errorf(pos, rule, format, args...)
}
