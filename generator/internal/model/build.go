package model

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/inhabit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

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

// facts are what is known of a document's schemas whatever is built from them: they are found out once,
// however many times the package is built.
type facts struct {
	derived     map[derived]*schema.Schema
	directional map[*schema.Schema]bool
	anything    *schema.Schema
	anyForm     *schema.Schema // an object of whatever members
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
	wordless  map[asking]bool         // schema objects below which there are no policies
}

type builder struct {
	in    Input
	api   *API
	diags diag.List
	*facts
	// watch is told of what is built from what.
	watch watcher

	names       *naming.Scope
	methods     *naming.Scope // of the Handler interface
	types       map[typeKey]*Type
	components  map[typeKey]gosrc.Ident
	schemaNames map[named]gosrc.Ident
	replyNames  map[replyName]gosrc.Ident
	renamed     map[string]bool // of which a warning says so
	places      *naming.Places
	// parameterFields are the fields of the parameters of each operation.
	parameterFields map[*openapi.Operation][]gosrc.Ident
	listsAt         map[*Type]diag.Pos // of arrays, maps and checked values
	lists           map[*Type]listPlace
	fits            map[*openapi.Operation][]FitView
	aliases         []alias
	patterns        map[string]gosrc.Ident
	callers         *callers.Table
	usedSchemes     map[string]bool
	replies         map[replyName]*Reply
	asserts         *assert.Set // the functions of checked raw values, nil without any
	// guilty are the operations that an error concerns, in document order.
	guilty map[diag.Diagnostic][]string
	// encodedItems are types that uniqueItems compares by their encoding.
	encodedItems []*Type
	formless     map[*openapi.Parameter]bool // read as JSON, whatever their style
	refusedAt    map[diag.Pos]bool           // contradictions that are errors
	looked       map[*schema.Schema]bool     // see contradictionsBelow
	judges       map[*Type]gosrc.Ident
	audited      map[*Type]bool // all that was asked of the type and of what it is made of is enforced
	// wordsBelow are the types by which all policies below a component are enforced, wordsDone those
	// types.
	wordsBelow map[asking]*Type
	wordsDone  map[*Type]bool
	// errorsAt are the places of the errors among the first indexed diagnostics.
	errorsAt map[diag.Pos]bool
	indexed  int
	kept     map[diag.Pos]schema.Kept // objects that hand on what they do not name
}

// newBuilder returns a builder that has built nothing.
func newBuilder(in Input, known *facts, watch watcher) *builder {
	b := &builder{
		in:    in,
		facts: known, watch: watch,
		names: naming.NewScope(reserved...), methods: naming.NewScope(),
		api: &API{
			Cost:   in.Doc.Cost,
			Title:  gosrc.Quote(in.API.Title),
			Source: gosrc.NewComment("Source: " + in.Source),
		},
		types:           map[typeKey]*Type{},
		components:      map[typeKey]gosrc.Ident{},
		listsAt:         map[*Type]diag.Pos{},
		schemaNames:     map[named]gosrc.Ident{},
		replyNames:      map[replyName]gosrc.Ident{},
		renamed:         map[string]bool{},
		parameterFields: map[*openapi.Operation][]gosrc.Ident{},
		lists:           map[*Type]listPlace{},
		fits:            map[*openapi.Operation][]FitView{},
		patterns:        map[string]gosrc.Ident{},
		callers:         callers.New(in.Policies),
		usedSchemes:     map[string]bool{},
		replies:         map[replyName]*Reply{},
		guilty:          map[diag.Diagnostic][]string{},
		formless:        map[*openapi.Parameter]bool{},
		refusedAt:       map[diag.Pos]bool{},
		looked:          map[*schema.Schema]bool{},
		judges:          map[*Type]gosrc.Ident{},
		audited:         map[*Type]bool{},
		wordsBelow:      map[asking]*Type{},
		wordsDone:       map[*Type]bool{},
		errorsAt:        map[diag.Pos]bool{},
		kept:            map[diag.Pos]schema.Kept{},
	}
	b.places = naming.NewPlaces(func(n *load.Node) string { return b.goNameOf(n) }, b.componentName)
	return b
}

// newFacts returns what is known of a document before anything is asked. The builder that it is
// made for gives it inhabited.
func newFacts(in Input) *facts {
	f := &facts{
		derived:      map[derived]*schema.Schema{},
		directional:  map[*schema.Schema]bool{},
		raws:         map[*schema.Schema]bool{},
		wordless:     map[asking]bool{},
		conjunctions: map[*schema.Schema]*load.Node{},
		scopes:       assert.Scopes(in.Doc), oneWays: assert.OneWays(in.Doc),
		anything: schema.Any(), anyForm: schema.Any(),
		literal: in.Schemas,
	}
	f.anyForm.Types, f.anyForm.Extra = schema.TypeObject, schema.ExtraAny
	if !in.Schemas.Exact {
		f.literal = schema.NewReader(in.Doc)
		f.literal.Exact, f.literal.Alone = true, true
	}
	return f
}

// spend takes steps from the document's budget, for what stands at pos.
func (b *builder) spend(steps int, pos diag.Pos) { b.in.Doc.Cost.Spend(cost.Model, steps, pos) }

// Build decides the generated package. When the diagnostics hold errors, the API is
// not to be printed.
func Build(in Input) (*API, diag.List) {
	contested := &naming.Contested{}
	for round := 1; ; round++ {
		b := newBuilder(in, newFacts(in), unwatched{})
		b.names.Knowing(contested)
		b.build()
		if round == rounds || b.diags.HasErrors() || !b.names.Contest() {
			return b.api, b.diags
		}
	}
}

// rounds bounds how often a package is decided again, because places want each other's names. What
// is still contested has numbers.
const rounds = 4

// build decides the package. It changes nothing of the input.
func (b *builder) build() {
	in := b.in
	b.inhabited = [2]*inhabit.Set{request: b.newInhabit(inhabit.Request), response: b.newInhabit(inhabit.Response)}
	pkg, err := gosrc.NewIdent(in.Package)
	if err != nil {
		b.errorf(diag.Pos{File: in.Source}, rules.Package, "%q is no package name: %v", in.Package, err)
		return
	}
	b.api.Package, b.api.Tests, b.api.Rates = pkg, in.Tests, ratesOf(in.Policies.Rates)
	title := strings.Join(strings.Fields(firstOf(in.API.Title, in.Source)), " ") // on one line
	b.api.Doc = gosrc.NewComment("Package " + in.Package + " serves " + title + ": implement Handler, and give it to NewServer.")
	if in.AllowPublic != "" {
		b.api.AllowedPublic = gosrc.NewComment("Operations without security are public: " + in.AllowPublic)
	}
	for _, n := range in.Doc.Apart() {
		_, name, _ := in.Doc.ComponentName(n)
		b.api.Apart = append(b.api.Apart, gosrc.NewComment(strings.TrimSpace(name+" at "+n.Pos.String())))
	}
	ops := b.selectOperations()
	if len(b.in.API.Operations) == 0 && !b.diags.HasErrors() {
		b.errorf(in.Doc.Root.KeyPosOf("paths"), rules.NoOperations, "the document has no operation: there is nothing to serve")
		return
	}
	if len(ops) == 0 && !b.diags.HasErrors() {
		b.errorf(in.Doc.Root.KeyPosOf("paths"), rules.NoOperations, "all %d operations are left out: there is nothing to serve", len(b.api.Skipped))
		return
	}
	b.refusedDefaults(ops)
	b.nameComponents(ops)
	b.nameOperations(ops)
	for _, op := range b.api.Operations {
		b.operation(op)
	}
	b.schemes()
	if b.asserts != nil && !b.diags.HasErrors() {
		b.api.Checks = b.asserts.Finish()
	}
	b.markUse()
	b.nameRecursive()
	b.nameFunctions()
	b.breakCycles()
	b.writeTypes()
	b.declareAliases()
	if !b.diags.HasErrors() {
		b.share()
		b.shareReplies()
		b.shareSteps()
	}
	b.caller()
	b.api.Kept = b.keptLines()
	for _, pos := range b.in.Schemas.NullKept() {
		b.api.NullKept = append(b.api.NullKept, gosrc.NewComment(pos.String()))
	}
	b.api.Lifts, b.api.Writers = b.callers.Lifts(), b.callers.Writers()
	if len(b.api.Lifts) > callers.Most {
		b.errorf(in.API.Operations[0].Pos, rules.MaskLifts, "%d different sets of callers see masked values in clear; %d is the limit", len(b.api.Lifts), callers.Most)
	}
	b.settled()
	b.nameGuilty()
}

// nameComponents gives the document's own names away first, in document order: no
// operation can take the name of a component.
func (b *builder) nameComponents(ops []*openapi.Operation) {
	answered := map[*schema.Schema]bool{}
	asked := map[*schema.Schema]bool{}
	var order []*schema.Schema
	var visit func(s *schema.Schema, into map[*schema.Schema]bool)
	visit = func(s *schema.Schema, into map[*schema.Schema]bool) {
		if s == nil {
			return
		}
		s.Walk(func(s *schema.Schema) bool {
			if into[s] {
				return false
			}
			into[s] = true
			// What only annotates another schema, or makes it nullable, is of its type.
			visit(s.Same, into)
			if nullable(s) {
				visit(b.notNull(s), into)
			} else if s.Name != "" {
				order = append(order, s)
			}
			return true
		})
	}
	for _, op := range ops {
		eachSchema(op, func(s *schema.Schema) { visit(s, asked) }, func(s *schema.Schema) { visit(s, answered) })
	}
	slices.SortStableFunc(order, func(x, y *schema.Schema) int {
		// A family and its base stand in the same place: they have different names.
		return cmp.Or(cmp.Compare(x.Pos.File, y.Pos.File), cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col), cmp.Compare(x.Name, y.Name))
	})
	b.settleSchemas(slices.Compact(order))
	b.nameAliases(asked, answered)
}

// eachSchema calls ask for the schemas of the request and answer for those of the responses.
func eachSchema(op *openapi.Operation, ask, answer func(*schema.Schema)) {
	for _, p := range op.Parameters {
		ask(p.Schema)
	}
	if op.Body != nil {
		for _, m := range op.Body.Content {
			ask(m.Schema)
			ask(m.Items)
		}
	}
	for _, r := range op.Responses {
		for _, m := range r.Content {
			answer(m.Schema)
			answer(m.Items)
		}
		for _, h := range r.Headers {
			answer(h.Schema)
		}
	}
}
