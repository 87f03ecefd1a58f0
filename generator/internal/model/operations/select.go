package operations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// SelectOperations leaves out what the document, the configuration or
// --skip-unsupported leaves out, and says so each time.
func (b *Builder) SelectOperations() []*openapi.Operation {
	named := map[string]bool{}
	for _, s := range b.In.Skip {
		named[s] = false
	}
	var kept []*openapi.Operation
	tried := b.tryAll()
	ids := map[string]*openapi.Operation{}
	apart := newRivals(b)
	for _, op := range b.In.API.Operations {
		title := op.Title()
		pol := b.In.Policies.Operations[op.Node]
		switch {
		case pol == nil && op.Unsupported.HasErrors(): // it is written where the policies have no operation
			pol = &policy.Operation{}
		case pol == nil:
			b.Errorf(op.Pos, rules.NoPolicy, "%s has no policy", title)
			continue
		}
		configured := false
		for _, key := range op.Names() {
			if _, ok := named[key]; ok {
				named[key], configured = true, true
			}
		}
		repeated := append(b.repeated(op, pol, ids), apart.conflict(op)...)
		if pol.Skip != nil {
			b.skip(op, title, "x-bailey-skip: "+pol.Skip.Reason, true)
			continue
		}
		if configured {
			b.skip(op, title, b.configuredReason(op, repeated), true)
			continue
		}
		problems := slices.Concat(op.Problems(), tried[op], repeated)
		if problems.HasErrors() && b.In.SkipUnsupported {
			b.skip(op, title, firstError(problems), false)
			continue
		}
		b.blame(problems, op)
		b.Diags = append(b.Diags, problems...)
		if problems.HasErrors() {
			continue
		}
		kept = apart.keep(op, kept)
		if op.ID != "" {
			ids[op.ID] = op
		}
	}
	for _, s := range b.In.Skip {
		if !named[s] {
			b.Errorf(diag.Pos{File: b.In.Source}, rules.SkipUnknown, "the configuration skips %q, which the document does not have", s)
		}
	}
	return kept
}

// repeated is what is wrong with the operationId of an operation: that one before it has the same. An
// operation with a name of its own in Go needs none.
func (b *Builder) repeated(op *openapi.Operation, pol *policy.Operation, ids map[string]*openapi.Operation) (found diag.List) {
	first := ids[op.ID]
	switch {
	case first == nil:
	case pol.GoName != "":
		found.Warnf(op.IDPos, rules.DuplicateOperationID, "the operationId %q stands at %v already: it is not used here", op.ID, first.IDPos)
		op.ID = ""
	default:
		found.Add(diag.Diagnostic{
			Pos: op.IDPos, Rule: rules.DuplicateOperationID, Message: fmt.Sprintf("the operationId %q stands at %v already", op.ID, first.IDPos),
			Advice: "give each operation its own, or x-bailey-go-name",
		})
	}
	return found
}

// configuredReason says of an operation that the configuration leaves out whether it
// has to: a name can stay in the list long after bailey has learnt to generate it.
func (b *Builder) configuredReason(op *openapi.Operation, repeated diag.List) string {
	list := append(op.Problems(), repeated...)
	if !list.HasErrors() {
		list = b.try([]*openapi.Operation{op})[op]
	}
	if why := firstError(list); why != "" {
		return "left out by the configuration; " + why
	}
	return "left out by the configuration alone: it can be generated"
}

// maxTitle is how much of an operation's path a message shows.
const maxTitle = 100

// blame notes that the errors of a list concern an operation.
func (b *Builder) blame(list diag.List, op *openapi.Operation) {
	title := op.Title()
	if len(title) > maxTitle {
		title = strings.ToValidUTF8(title[:maxTitle], "") + "..."
	}
	for _, d := range list {
		if d.Severity != diag.Error {
			continue
		}
		b.Spend(1+len(b.guilty[d]), d.Pos)
		if !slices.Contains(b.guilty[d], title) {
			b.guilty[d] = append(b.guilty[d], title)
		}
	}
}

// NameGuilty adds to each error the operations that cannot be generated because of it:
// a schema's line does not say who uses it, and it is operations that can be skipped.
func (b *Builder) NameGuilty() {
	if !b.Diags.HasErrors() {
		return
	}
	ops := make([]*openapi.Operation, len(b.API.Operations))
	for i, op := range b.API.Operations {
		ops[i] = op.Source
	}
	found := b.try(ops)
	for _, op := range ops {
		b.blame(found[op], op)
	}
	for i, d := range b.Diags {
		switch ops := b.guilty[d]; len(ops) {
		case 0:
		case 1:
			b.Diags[i].Message += " (" + ops[0] + ")"
		case 2:
			b.Diags[i].Message += " (" + ops[0] + " and " + ops[1] + ")"
		default:
			b.Diags[i].Message += fmt.Sprintf(" (%s and %d more operations)", ops[0], len(ops)-1)
		}
	}
}

func firstError(l diag.List) string {
	for _, d := range l {
		if d.Severity == diag.Error {
			return fmt.Sprintf("%s (%s)", d.Message, d.Pos)
		}
	}
	return ""
}

func (b *Builder) skip(op *openapi.Operation, title, reason string, declared bool) {
	b.API.Skipped = append(b.API.Skipped, model.Skipped{
		Operation: title, ID: op.ID, Pos: op.Pos, Reason: reason, Declared: declared,
		Line: gosrc.NewComment(title + ": " + reason),
	})
}
