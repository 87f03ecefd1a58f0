package schema

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// atom is what one schema object says by itself, without what its `$ref`, its allOf
// and single branches add. An atom can also be made of a Schema that a consumer
// copied and changed.
type atom struct {
	id   int
	node *load.Node // nil for a changed copy
	own  Schema     // the keywords that need no other schema

	members      []member
	index        map[string]int // of members, by name
	items, extra ref
	groups       []group
	// parts are the schemas that hold beside the atom; the atom's own properties come
	// after the first ownAt of them.
	parts []part
	ownAt int

	typed    bool // a type keyword is there
	nullable bool // nullable: true
	closed   bool // unevaluatedProperties: false
	opens    bool // unevaluatedProperties: true: all members are evaluated, for a schema around this one, too
	judges   bool // an if that has no consequence, but evaluates members
	keeps    bool // x-bailey-unknown: keep
	// asserts, annotates and distinct say whether keywords of these sorts are there,
	// groups apart; distinct ones are policies that make a type of its own.
	asserts, annotates, distinct, named bool
}

// ref is a schema that is not read yet, or one that is.
type ref struct {
	node   *load.Node
	line   bool // as what extends it means it
	schema *Schema
}

func (f ref) empty() bool { return f.node == nil && f.schema == nil }

// member is one property of an atom.
type member struct {
	name string
	pos  diag.Pos
	at   ref
}

// part is a schema that holds beside an atom; null is set when null passes instead.
type part struct {
	node *load.Node
	null bool
	all  bool // an item of an allOf
}

// group is one oneOf or anyOf of two branches or more.
type group struct {
	pos           diag.Pos
	exactly       bool // oneOf
	branches      []ref
	null          bool // a branch for null alone was taken out
	discriminator *load.Node
	ready         *Discriminator       // of a changed copy
	targets       map[*load.Node][]int // the branches, by what their references lead to
	union         *Schema              // what the branches are together, when all are enums
	family        *load.Family         // whose members the branches are
	whole         bool                 // a family of a changed copy
}

func (g *group) word() string {
	if g.exactly {
		return "oneOf"
	}
	return "anyOf"
}

// vacuous reports whether a says nothing that anybody could ask for.
func (a *atom) vacuous() bool {
	return !a.asserts && !a.annotates && !a.distinct && !a.named && len(a.groups) == 0
}

// OnlyRef reports whether a schema object is a reference and nothing else: as a component it is another
// name of the schema that the reference leads to.
func OnlyRef(n *load.Node) bool {
	return n != nil && n.Kind == load.Object && len(n.Members) == 1 && n.Get("$ref") != nil
}

// atom reads the keywords of the schema object n.
func (r *Reader) atom(n *load.Node) *atom {
	r.spend(newSchema+len(n.Members), n.Pos)
	a := r.newAtom()
	a.node = n
	a.own.Node, a.own.Pos = n, n.Pos
	if section, name, ok := r.doc.ComponentName(n); ok && section == "schemas" && !OnlyRef(n) {
		a.own.Name, a.named = name, true
	}
	switch n.Kind {
	case load.Bool:
		a.asserts = n.Text == "false"
		if a.asserts {
			a.own.Never, a.own.Types, a.typed = true, 0, true
		}
		return a
	case load.Object:
	default:
		a.refuse(n.Pos, rules.Schema, "a schema is an object or, in 3.1, a boolean; this is of type %s", n.Kind)
		return a
	}
	reference, _ := n.Get("$ref").Str()
	for _, m := range n.Members {
		if reference != "" && r.doc.Version == "3.0" {
			r.sibling(a, m)
			continue
		}
		r.keyword(a, m)
	}
	r.defaultText(a)
	r.enumNames(a)
	r.nullableEnum(a)
	r.inheritance(a)
	r.dialect(a)
	return a
}

// dialect marks what is written in a dialect without validation keywords, which the
// normal form does not have. Without Exact, these hold all the same.
func (r *Reader) dialect(a *atom) {
	if d := r.doc.Dialect(a.node); r.Exact && (!d.Validation || d.Unknown != "") {
		a.own.Beyond = append(a.own.Beyond, Keyword{"$schema", a.node, a.node})
		a.refuse(a.node.Pos, rules.UnsupportedKeyword, "the dialect of this schema is not the usual one, which no Go type can say")
	}
}

func (r *Reader) newAtom() *atom {
	r.atoms++
	return &atom{id: r.atoms, own: *blank()}
}

// refuse notes an error of everything that a is part of.
func (a *atom) refuse(pos diag.Pos, rule rules.Rule, format string, args ...any) {
	a.asserts = true
	a.own.refuse(pos, rule, format, args...)
}

// sibling reads a keyword beside a `$ref` of 3.0, where the specification passes over
// them all (3.0.3, Reference Object). Those that only annotate are taken none the
// less, and so are readOnly and writeOnly, which can only make things stricter.
func (r *Reader) sibling(a *atom, m load.Member) {
	switch use := keywords[m.Key]; {
	case m.Key == "$ref":
		a.parts = append(a.parts, part{node: a.node})
	case m.Key == "default":
		r.warn(m.Pos, rules.RefSiblings, "%s beside a $ref says nothing in OpenAPI 3.0; write allOf around the $ref", m.Key)
	case use == noted || strings.HasPrefix(m.Key, "x-bailey-"):
		r.keyword(a, m)
	case use == asserted || use == refused:
		r.warn(m.Pos, rules.RefSiblings, "%s beside a $ref says nothing in OpenAPI 3.0; write allOf around the $ref", m.Key)
	}
}

// keyword reads one member of a schema object.
func (r *Reader) keyword(a *atom, m load.Member) {
	switch keywords[m.Key] {
	case unknown:
		r.extension(a, m)
	case noted:
		r.note(a, m)
	case asserted:
		r.assertion(a, m)
	case refused:
		r.refusal(a, m)
	}
}

func (r *Reader) extension(a *atom, m load.Member) {
	switch m.Key {
	case "x-bailey-mask", "x-bailey-data", "x-bailey-writable-by", "x-bailey-go-name", "x-bailey-inherit": // of the member, not of its type
		a.annotates = true
	case "x-bailey-exact":
		if m.Value.IsTrue() {
			a.refuse(m.Pos, rules.UnsupportedKeyword, "x-bailey-exact makes JSON text of a value, which this one cannot be")
		}
	default:
		a.distinct = a.distinct || strings.HasPrefix(m.Key, "x-bailey-")
		if word, _ := m.Value.Str(); m.Key == wordUnknown && word == "keep" {
			a.keeps = true
		}
		r.unknownKeyword(m)
	}
}

// note reads an annotation.
func (r *Reader) note(a *atom, m load.Member) {
	s, v := &a.own, m.Value
	a.annotates = true
	switch m.Key {
	case "title":
		s.Title = r.text(v)
	case "description":
		s.Description = r.text(v)
	case "deprecated":
		s.Deprecated = v.IsTrue()
	case "readOnly":
		s.ReadOnly = r.flag(a, m)
	case "writeOnly":
		s.WriteOnly = r.flag(a, m)
	case "default":
		s.Default = v
	}
}

// text is a title or description, which may stand in another file.
func (r *Reader) text(v *load.Node) string {
	if t, err := r.doc.Resolve(v); err == nil {
		v = t
	}
	s, _ := v.Str()
	return s
}

// flag reads a keyword that is true or false.
func (r *Reader) flag(a *atom, m load.Member) bool {
	if m.Value.Kind != load.Bool {
		a.refuse(m.Value.Pos, rules.Schema, "%s must be true or false", m.Key)
	}
	return m.Value.IsTrue()
}

// refusal refuses a keyword that cannot be checked, unless it says nothing.
func (r *Reader) refusal(a *atom, m load.Member) {
	switch {
	case m.Key == "unevaluatedProperties" && acceptsAll(m.Value):
		a.asserts, a.opens = true, true
	case m.Key == "if" && harmless(a.node, m.Key, m.Value):
		a.asserts, a.judges = true, true
	case harmless(a.node, m.Key, m.Value), m.Key == "not" && r.negation(a, m.Value):
	case m.Key == "unevaluatedProperties" && m.Value.Kind == load.Bool:
		a.asserts, a.closed = true, true
	default:
		a.asserts = true
		a.own.Beyond = append(a.own.Beyond, Keyword{m.Key, a.node, m.Value})
		a.own.Unsupported.Add(diag.Diagnostic{
			Pos: m.Pos, Rule: rules.UnsupportedKeyword, Message: "the keyword " + m.Key + " is not supported yet",
			Advice: "leave it out, or skip the operations that use this schema; a later version will check it",
		})
	}
}

// assertion reads a keyword that is checked.
func (r *Reader) assertion(a *atom, m load.Member) {
	v := m.Value
	if since31[m.Key] && r.doc.Version == "3.0" {
		r.warn(m.Pos, rules.KeywordVersion, "%s is a keyword of OpenAPI 3.1; it is read as there", m.Key)
	}
	switch m.Key {
	case "$ref":
		if _, ok := v.Str(); !ok {
			a.refuse(v.Pos, rules.Schema, "$ref must be a reference, a string")
			return
		}
		a.parts = append(a.parts, part{node: a.node})
		return
	case "allOf":
		r.allOf(a, v)
		return
	case "nullable":
		r.nullable(a, m)
		return
	case "oneOf", "anyOf":
		r.group(a, m)
		return
	}
	a.asserts = true
	switch m.Key {
	case "type":
		r.types(a, v)
	case "enum":
		r.enum(a, v)
	case "const":
		r.constrain(a, r.texts(a, []*load.Node{v}))
	case "format":
		a.own.Format = a.word(m)
	case "contentEncoding":
		a.own.ContentEncoding = a.word(m)
	case "contentMediaType":
		a.own.ContentMediaType = a.word(m)
	case "pattern":
		r.pattern(a, v)
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
		r.count(a, m)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		r.bound(a, m)
	case "multipleOf":
		r.multipleOf(a, v)
	case "uniqueItems":
		a.own.UniqueItems = r.flag(a, m)
	case "items":
		r.item(a, v)
	case "properties":
		r.properties(a, v)
	case "required":
		r.required(a, v)
	case "additionalProperties":
		r.additional(a, v)
	}
}

// word reads a keyword that is a string.
func (a *atom) word(m load.Member) string {
	s, ok := m.Value.Str()
	if !ok {
		a.refuse(m.Value.Pos, rules.Schema, "%s must be a string", m.Key)
	}
	return s
}

// allOf notes the branches, unless they are no list.
func (r *Reader) allOf(a *atom, v *load.Node) {
	if v.Kind != load.Array || len(v.Items) == 0 {
		a.refuse(v.Pos, rules.Schema, "allOf must be a list of one schema or more")
		return
	}
	for _, item := range v.Items {
		a.parts = append(a.parts, part{node: item, all: true})
	}
	if a.node.Get("properties") != nil && len(a.members) == 0 {
		a.ownAt = len(a.parts) // written before the properties
	}
}

func (r *Reader) nullable(a *atom, m load.Member) {
	if m.Value.Kind != load.Bool {
		a.refuse(m.Value.Pos, rules.Schema, "nullable must be true or false")
		return
	}
	if r.doc.Version == "3.0" {
		a.nullable = m.Value.IsTrue()
		return
	}
	if m.Value.IsTrue() {
		r.warn(m.Pos, rules.KeywordVersion, `nullable says nothing in OpenAPI 3.1; write type: [..., "null"]`)
	}
}

func (r *Reader) types(a *atom, v *load.Node) {
	names := []*load.Node{v}
	if v.Kind == load.Array {
		names = v.Items
		if r.doc.Version == "3.0" {
			r.warn(v.Pos, rules.KeywordVersion, "a list of types is of OpenAPI 3.1; it is read as there")
		}
	}
	var types Types
	for _, name := range names {
		bits, ok := typeNames[name.Text]
		if name.Kind == load.Null { // type: null in YAML, without the quotes
			bits, ok = TypeNull, true
		} else if name.Kind != load.String {
			ok = false
		}
		if !ok {
			a.refuse(name.Pos, rules.Schema, "%q is no type of JSON Schema", name.Text)
			return
		}
		types |= bits
	}
	if types == 0 {
		a.refuse(v.Pos, rules.Schema, "type must be a type's name, or a list of them")
		return
	}
	if v.Text == "array" && r.doc.Version == "3.0" && a.node.Get("items") == nil {
		r.warnOf(diag.Diagnostic{Pos: v.Pos, Rule: rules.ArrayItems, Message: "an array without items lets any item through", Advice: "write `items: {}` to say so"})
	}
	a.typed = true
	a.own.Types &= types
}

func (r *Reader) pattern(a *atom, v *load.Node) {
	source, ok := v.Str()
	if !ok {
		a.refuse(v.Pos, rules.Schema, "pattern must be a string")
		return
	}
	r.spend(len(source)/16, v.Pos)
	t, err := translate(source)
	if err == nil {
		r.spend(expressionSize(t.re2)/4, v.Pos)
	}
	if err != nil {
		a.own.Unsupported.Add(diag.Diagnostic{
			Pos: v.Pos, Rule: rules.UnsupportedPattern, Message: "this pattern cannot be used: " + err.Error(),
			Advice: "patterns are ECMA 262 without back-references: they run in linear time",
		})
		return
	}
	if t.warning != "" {
		r.warn(v.Pos, rules.Pattern, "%s", t.warning)
	}
	a.own.MinLength = max(a.own.MinLength, t.min)
	a.own.MaxLength = least(a.own.MaxLength, t.max)
	a.own.Patterns = append(a.own.Patterns, Pattern{Source: source, RE2: t.re2, Looks: t.looks, Pos: v.Pos})
}

// least is the smaller of two upper bounds, of which -1 is none.
func least(a, b int64) int64 {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// count reads a bound that is a whole number of 0 or more; what lies beyond int64 is
// the greatest int64, which no length reaches.
func (r *Reader) count(a *atom, m load.Member) {
	n, ok := Count(m.Value)
	if !ok {
		a.refuse(m.Value.Pos, rules.Schema, "%s must be a whole number of 0 or more", m.Key)
		return
	}
	s := &a.own
	switch m.Key {
	case "minLength":
		s.MinLength = max(s.MinLength, n)
	case "maxLength":
		s.MaxLength = least(s.MaxLength, n)
	case "minItems":
		s.MinItems = n
	case "maxItems":
		s.MaxItems = least(s.MaxItems, n) // items may have said 0
	case "minProperties":
		s.MinProperties = n
	case "maxProperties":
		s.MaxProperties = n
	}
}

// bound reads a numeric bound. Exclusive bounds are booleans in 3.0, which say how
// minimum and maximum are meant, and numbers of their own in 3.1.
func (r *Reader) bound(a *atom, m load.Member) {
	v, n := m.Value, a.node
	exclusive := strings.HasPrefix(m.Key, "exclusive")
	if exclusive && (v.Kind == load.Bool) != (r.doc.Version == "3.0") {
		r.warn(m.Pos, rules.KeywordVersion, "%s is written as another version of OpenAPI has it; it is read as there", m.Key)
	}
	if exclusive && v.Kind == load.Bool {
		return // read with the bound
	}
	if _, ok := exact(v.Text); v.Kind != load.Number || !ok {
		a.refuse(v.Pos, rules.Schema, "%s must be a number", m.Key)
		return
	}
	switch m.Key {
	case "minimum":
		a.own.raise(v.Text, n.Get("exclusiveMinimum").IsTrue())
	case "exclusiveMinimum":
		a.own.raise(v.Text, true)
	case "maximum":
		a.own.lower(v.Text, n.Get("exclusiveMaximum").IsTrue())
	case "exclusiveMaximum":
		a.own.lower(v.Text, true)
	}
}

func (r *Reader) multipleOf(a *atom, v *load.Node) {
	if rat, ok := exact(v.Text); v.Kind != load.Number || !ok || rat.Sign() <= 0 {
		a.refuse(v.Pos, rules.Schema, "multipleOf must be a number greater than 0")
		return
	}
	a.own.MultipleOf = append(a.own.MultipleOf, v.Text)
}
