// Package decide decides the generated package: it has the builders of the folders beside it do their
// parts, one after another.
package decide

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/access"
	"github.com/bailey-go/bailey/generator/internal/model/dedupe"
	"github.com/bailey-go/bailey/generator/internal/model/operations"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Input is everything that a package is decided from.
type Input = types.Input

// Build decides the generated package. When the diagnostics hold errors, the API is
// not to be printed.
func Build(in Input) (*model.API, diag.List) {
	contested := &naming.Contested{}
	for round := 1; ; round++ {
		b := operations.New(types.First(in), map[operations.Asking]bool{})
		b.Names.Knowing(contested)
		build(b)
		if round == rounds || b.Diags.HasErrors() || !b.Names.Contest() {
			return b.API, b.Diags
		}
	}
}

// rounds bounds how often a package is decided again, because places want each other's names. What
// is still contested has numbers.
const rounds = 4

// build decides the package. It changes nothing of the input.
func build(b *operations.Builder) {
	in := b.In
	pkg, err := gosrc.NewIdent(in.Package)
	if err != nil {
		b.Errorf(diag.Pos{File: in.Source}, rules.Package, "%q is no package name: %v", in.Package, err)
		return
	}
	b.API.Package, b.API.Tests, b.API.Rates = pkg, in.Tests, access.RatesOf(in.Policies.Rates)
	title := strings.Join(strings.Fields(operations.FirstOf(in.API.Title, in.Source)), " ") // on one line
	b.API.Doc = gosrc.NewComment("Package " + in.Package + " serves " + title + ": implement Handler, and give it to NewServer.")
	if in.AllowPublic != "" {
		b.API.AllowedPublic = gosrc.NewComment("Operations without security are public: " + in.AllowPublic)
	}
	for _, n := range in.Doc.Apart() {
		_, name, _ := in.Doc.ComponentName(n)
		b.API.Apart = append(b.API.Apart, gosrc.NewComment(strings.TrimSpace(name+" at "+n.Pos.String())))
	}
	ops := b.SelectOperations()
	if len(b.In.API.Operations) == 0 && !b.Diags.HasErrors() {
		b.Errorf(in.Doc.Root.KeyPosOf("paths"), rules.NoOperations, "the document has no operation: there is nothing to serve")
		return
	}
	if len(ops) == 0 && !b.Diags.HasErrors() {
		b.Errorf(in.Doc.Root.KeyPosOf("paths"), rules.NoOperations, "all %d operations are left out: there is nothing to serve", len(b.API.Skipped))
		return
	}
	b.RefusedDefaults(ops)
	b.NameComponents(ops)
	b.NameOperations(ops)
	for _, op := range b.API.Operations {
		b.Operation(op)
	}
	b.Errors()
	b.Access.Schemes()
	if b.Asserts != nil && !b.Diags.HasErrors() {
		b.API.Checks = b.Asserts.Finish()
	}
	b.MarkUse()
	b.NameRecursive()
	b.NameFunctions()
	b.BreakCycles()
	b.WriteTypes()
	b.DeclareAliases()
	if !b.Diags.HasErrors() {
		dedupe.Types(b.API)
		dedupe.Replies(b.API)
		dedupe.Steps(b.API)
	}
	b.Access.Caller()
	b.API.Kept = b.KeptLines()
	for _, pos := range b.In.Schemas.NullKept() {
		b.API.NullKept = append(b.API.NullKept, gosrc.NewComment(pos.String()))
	}
	for _, pos := range b.In.Schemas.EnumKept() {
		b.API.NullEnums = append(b.API.NullEnums, gosrc.NewComment(pos.String()))
	}
	b.API.Lifts, b.API.Writers = b.Callers.Lifts(), b.Callers.Writers()
	if len(b.API.Lifts) > callers.Most {
		b.Errorf(in.API.Operations[0].Pos, rules.MaskLifts, "%d different sets of callers see masked values in clear; %d is the limit", len(b.API.Lifts), callers.Most)
	}
	b.Settled()
	b.NameGuilty()
}
