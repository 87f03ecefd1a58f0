// Package types makes the Go types of schemas, their names, and the checks that their values must meet.
package types

import (
	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/inhabit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// alias is another name that the document has for a component.
type alias struct {
	of   TypeKey
	name gosrc.Ident
}

// Input is everything that a package is decided from.
type Input struct {
	Doc      *load.Document
	API      *openapi.API
	Schemas  *schema.Reader
	Policies *policy.Set
	// Package is the Go package's name, Source the document's as comments show it.
	Package, Source string
	// SkipUnsupported leaves out operations that cannot be generated, Skip names the
	// operations (by operationId or "METHOD /path") that the configuration leaves out.
	SkipUnsupported bool
	Skip            []string
	// Tests asks for the generated security test.
	Tests bool
	// AllowUnsatisfiable lets operations stand that nobody can call or answer.
	AllowUnsatisfiable bool
	// DeclareDiscriminators gives branches the property of a discriminator that none of them declares.
	DeclareDiscriminators bool
	// AllowPublic is the reason given for a whole document without security.
	AllowPublic string
}

// Facts are what is known of a document's schemas whatever is built from them: they are found out once,
// however many times the package is built.
type Facts struct {
	derived     map[derived]*schema.Schema
	directional map[*schema.Schema]bool
	Anything    *schema.Schema
	AnyForm     *schema.Schema // an object of whatever members
	// conjunctions are the schema objects that were made for checked raw values.
	conjunctions map[*schema.Schema]*load.Node
	// scopes and oneWays know which schemas lead to a `$dynamicRef`, and to one that is
	// readOnly or writeOnly.
	scopes, oneWays *assert.Reach
	// inhabited knows, by direction, which schemas no value can meet; literal reads schemas to
	// the letter, as values that stay JSON text are checked.
	inhabited [2]*inhabit.Set
	literal   *schema.Reader
	raws      map[*schema.Schema]bool // what checkedRaw has decided
}

// Builder builds types. It has what all builders share: names, callers, what is known of the document, and
// what is said of it.
type Builder struct {
	In    Input
	API   *model.API
	Diags diag.List
	*Facts
	// watch is told of what is built from what.
	watch Watcher
	// make decides what a type is: fill, which calls the makers of all kinds.
	make func(t *model.Type, s *schema.Schema, at Place)

	Names       *naming.Scope
	Types       map[TypeKey]*model.Type
	components  map[TypeKey]gosrc.Ident
	schemaNames map[named]gosrc.Ident
	renamed     map[string]bool // of which a warning says so
	Places      *naming.Places
	ListsAt     map[*model.Type]diag.Pos // of arrays, maps and checked values
	lists       map[*model.Type]listPlace
	aliases     []alias
	patterns    map[string]gosrc.Ident
	Callers     *callers.Table
	Asserts     *assert.Set // the functions of checked raw values, nil without any
	// encodedItems are types that uniqueItems compares by their encoding.
	encodedItems []*model.Type
	refusedAt    map[diag.Pos]bool        // contradictions that are errors
	looked       map[*schema.Schema]bool  // see contradictionsBelow
	kept         map[diag.Pos]schema.Kept // objects that hand on what they do not name
}

// Spend takes steps from the document's budget, for the node at pos.
func (b *Builder) Spend(steps int, pos diag.Pos) { b.In.Doc.Cost.Spend(cost.Model, steps, pos) }

// Watcher is told which types a builder builds from which.
type Watcher interface {
	// Uses is told that the current type is made of t, which is built already, or being built.
	Uses(t *model.Type)
	// Fills calls fill, which builds t.
	Fills(t *model.Type, fill func())
}

// unwatched is the watcher of a build that is no trial.
type unwatched struct{}

func (unwatched) Uses(*model.Type)                 {}
func (unwatched) Fills(_ *model.Type, fill func()) { fill() }

// What a name is of, from the one that has it to those that give way: see docs/naming.md.
const (
	RankChosen    = iota // x-bailey-go-name
	RankSchema           // a component of the document itself
	rankOther            // of another file, or the base of a family
	rankView             // of requests, where responses have another
	RankResponse         // a component
	RankOperation        // the request of an operation, its responses and their interface
	RankPlace            // a type without a name of its own
	rankMerged           // of several schema objects at once
	rankValue            // of an enum
)

// named is a schema with a name: a family and its base are one node.
type named struct {
	node *load.Node
	name string
}

// listPlace is where an array or map is met first.
type listPlace struct {
	schema *schema.Schema
	at     Place
}

// Direction is the way a value travels: where readOnly, writeOnly or masks make the
// two ways differ, a schema has one type for each.
type Direction uint8

const (
	Request Direction = iota
	Response
)

type TypeKey struct {
	Schema *schema.Schema
	Dir    Direction
	Both   bool // one type serves both ways
}

// Place is where a schema is met. A schema without a name is named after its place.
type Place struct {
	Name    gosrc.Ident
	Spelled gosrc.Ident // the same, divided: the name where another place has the first one
	Dir     Direction
	own     string // spelled of the schema object around it
	rank    int
}

// PlaceIn is a place that nothing is known of but a name.
func PlaceIn(name gosrc.Ident, dir Direction) Place {
	return Place{Name: name, Spelled: name, Dir: dir, rank: RankPlace}
}

func (p Place) Sub(text string) Place { return p.Plus(gosrc.Exported(text)) }

func (p Place) Plus(word gosrc.Ident) Place {
	p.Name, p.Spelled = p.Name.Plus(word.String()), p.Spelled.Plus("_"+word.String())
	return p
}

// Called is the place with the name that what stands there was given.
func (p Place) Called(name gosrc.Ident) Place {
	p.Name = name
	return p
}

// VariantOf memoises a schema derived from s, so that types keep their identity.
func (b *Builder) VariantOf(s *schema.Schema, how string, make func() *schema.Schema) *schema.Schema {
	key := derived{s, how}
	if d, ok := b.derived[key]; ok {
		return d
	}
	d := make()
	b.derived[key] = d
	return d
}

// NotNull is s for the values that are not null: the schema that was made nullable,
// with its name, where there is one.
func (b *Builder) NotNull(s *schema.Schema) *schema.Schema {
	return b.VariantOf(s, "not null", s.WithoutNull)
}

// WithoutNull is notNull where s is nullable, or s.
func (b *Builder) WithoutNull(s *schema.Schema) *schema.Schema {
	if Nullable(s) {
		return b.NotNull(s)
	}
	return s
}

// Nullable reports whether s allows null beside values of some other types.
func Nullable(s *schema.Schema) bool {
	return s.NullBeside()
}

type derived struct {
	from *schema.Schema
	how  string
}

// Unconstrained reports whether s accepts every JSON value.
func Unconstrained(s *schema.Schema) bool {
	return len(s.Properties) == 0 && len(s.Required) == 0 && s.Items == nil && s.Format == "" && len(s.Patterns) == 0 &&
		s.MinLength <= 0 && s.MaxLength < 0 && s.Minimum == "" && s.Maximum == "" && len(s.MultipleOf) == 0 &&
		s.MinItems <= 0 && s.MaxItems < 0 && !s.UniqueItems && s.MinProperties <= 0 && s.MaxProperties < 0 &&
		(s.Extra == schema.ExtraSilent || s.Extra == schema.ExtraAny) && len(s.RequiredAny) == 0 && len(s.RequiredOne) == 0
}

// Word turns a fixed word of bailey's own into an identifier.
func (b *Builder) Word(s string) gosrc.Ident {
	id, err := gosrc.NewIdent(s)
	if err != nil {
		panic("model: " + s + " is no identifier") // a constant of this package
	}
	return id
}

// AsItem gives a type that is read through a function a function of its own.
func (b *Builder) AsItem(t *model.Type, name gosrc.Ident) {
	if t.Func || t.Kind == 0 || t.IsPlain() {
		return
	}
	t.Func = true
	t.Wanted = name
	b.API.Funcs = append(b.API.Funcs, t)
}

func (b *Builder) RefuseUnsupported(s *schema.Schema) {
	for _, d := range s.Unsupported {
		b.Diags.Add(d)
	}
}

func (b *Builder) Errorf(pos diag.Pos, rule rules.Rule, format string, args ...any) {
	b.Diags.Errorf(pos, rule, format, args...)
}
