// Package generator turns an OpenAPI document into a Go server package. Its stages are
// called in reading order by one function, render; each returns a value and what it
// found, and an error stops before the next one.
//
// The package reads nothing but the document's folder and the configuration, and writes
// nothing but the output folder; the same input makes the same output. It keeps no
// state: its functions may be called concurrently, for different output folders.
package generator

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/emit"
	"github.com/bailey-go/bailey/generator/internal/kinview"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/decide"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// ErrDocument is returned together with a Result whose Diagnostics say why the
// document was refused.
var ErrDocument = errors.New("the document is refused")

// Handshake is the number of the agreement between generated code and the runtime.
// Generated code compiles only with a runtime that declares it.
const Handshake = 2

// Generate generates the package and writes it to cfg.Output: all of its files, or,
// when an error is returned, none. Files of an earlier run that are not needed any
// more are removed; files that bailey did not write are never touched.
//
// The result is nil when the configuration is wrong. An error that is ErrDocument comes
// with a result that says what is wrong with the document.
func Generate(cfg Config) (*Result, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	res, err := render(cfg)
	if err != nil {
		return res, err
	}
	return res, emit.Write(cfg.Output, res.emitted())
}

// Render is Generate without writing: the package stands in the result's Files.
func Render(cfg Config) (*Result, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	return render(cfg)
}

// render runs the stages.
func render(cfg Config) (*Result, error) {
	res := &Result{}
	var diags diag.List

	doc, found, err := cfg.load()
	if err != nil {
		return nil, err
	}
	if doc != nil { // what is wrong with an operation stops the document later, unless it is skipped
		found = doc.Divide(found)
	}
	if diags = append(diags, found...); diags.HasErrors() {
		return res.refuse(cfg, diags)
	}
	if cfg.Validate {
		diags = append(diags, kinview.Validate(doc)...)
	}
	return cfg.stages(res, doc, diags)
}

// stages runs the stages after the first one, within the document's budget.
func (c Config) stages(res *Result, doc *load.Document, diags diag.List) (*Result, error) {
	var err error
	beyond := cost.Guard(func() {
		var built *model.API
		if built, diags, err = c.build(res, doc, diags); err == nil {
			res, err = c.emit(res, built, diags)
		}
	})
	if beyond != nil {
		return (&Result{}).refuse(c, append(diags, *beyond))
	}
	return res, err
}

// build decides the package, by the stages between load and emit, and returns it with all that
// was found so far.
func (c Config) build(res *Result, doc *load.Document, diags diag.List) (*model.API, diag.List, error) {
	policies, found := policy.Read(doc, policy.Options{AllowPublic: c.AllowPublic, Unknown: c.Unknown, ReadOnly: c.ReadOnly})
	diags = append(diags, found...)
	schemas := schema.NewReader(doc)
	schemas.Exact, schemas.LiteralEnums = c.Exact, c.Exact
	schemas.FreeForm = c.FreeForm == "keep"
	schemas.NullableAllOf, schemas.NullableEnum = c.NullableAllOf == "keep", c.NullableEnum == "keep"
	api, found := openapi.Read(doc, schemas)
	if diags = append(diags, found...); diags.HasErrors() {
		_, err := res.refuse(c, append(diags, c.stopped(api, policies)...))
		return nil, nil, err
	}

	built, found := decide.Build(decide.Input{
		Doc: doc, API: api, Schemas: schemas, Policies: policies,
		Package: c.Package, Source: filepath.Base(c.Document),
		SkipUnsupported: c.SkipUnsupported, Skip: c.Skip, Tests: c.Tests, AllowPublic: c.AllowPublic,
		AllowUnsatisfiable: c.AllowUnsatisfiable, DeclareDiscriminators: c.UndeclaredDiscriminator == "declare",
	})
	res.skip(c.base(), built.Skipped, &diags)
	if diags = append(diags, found...); diags.HasErrors() {
		_, err := res.refuse(c, diags)
		return nil, nil, err
	}

	return built, diags, nil
}

// stopped is what stops single operations that nobody has left out, for a document that is refused
// before they are chosen.
func (c Config) stopped(api *openapi.API, policies *policy.Set) diag.List {
	var found diag.List
	for _, op := range api.Operations {
		pol := policies.Operations[op.Node]
		if !c.SkipUnsupported && (pol == nil || pol.Skip == nil) && !slices.ContainsFunc(op.Names(), func(name string) bool { return slices.Contains(c.Skip, name) }) {
			found = append(found, op.Unsupported...)
		}
	}
	return found
}

// emit prints the package.
func (c Config) emit(res *Result, built *model.API, diags diag.List) (*Result, error) {
	files, err := emit.Render(built)
	res.report(c.base(), diags)
	if err != nil {
		return res, err
	}
	for _, f := range files {
		res.Files = append(res.Files, File(f))
	}
	return res, nil
}

// load reads the document, and of other files those below the root.
func (c Config) load() (*load.Document, diag.List, error) {
	if c.Root == "" {
		doc, found := load.Load(c.Document, load.Limits{})
		return doc, found, nil
	}
	return load.LoadBelow(c.Root, c.Document, load.Limits{})
}

// base is a file in the folder that positions are relative to.
func (c Config) base() string {
	if c.Root == "" {
		return c.Document
	}
	return filepath.Join(c.Root, filepath.Base(c.Document))
}

// refuse ends with what was found.
func (r *Result) refuse(cfg Config, diags diag.List) (*Result, error) {
	r.report(cfg.base(), diags)
	return r, ErrDocument
}

func (r *Result) emitted() []emit.File {
	files := make([]emit.File, len(r.Files))
	for i, f := range r.Files {
		files[i] = emit.File(f)
	}
	return files
}
