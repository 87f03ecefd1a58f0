package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// selectOperations leaves out what the document, the configuration or
// --skip-unsupported leaves out, and says so each time.
func (b *builder) selectOperations() []*openapi.Operation {
	named := map[string]bool{}
	for _, s := range b.in.Skip {
		named[s] = false
	}
	var kept []*openapi.Operation
	for _, op := range b.in.API.Operations {
		title := op.Method + " " + op.Path
		pol := b.in.Policies.Operations[op.Node]
		if pol == nil {
			b.errorf(op.Pos, "no-policy", "%s has no policy", title)
			continue
		}
		configured := false
		for _, key := range []string{op.ID, title} {
			if _, ok := named[key]; ok {
				named[key], configured = true, true
			}
		}
		if pol.Skip != nil {
			b.skip(op, title, "x-bailey-skip: "+pol.Skip.Reason, true)
			continue
		}
		if configured {
			b.skip(op, title, b.configuredReason(op), true)
			continue
		}
		problems := b.problems(op)
		if problems.HasErrors() && b.in.SkipUnsupported {
			b.skip(op, title, firstError(problems), false)
			continue
		}
		b.blame(problems, op)
		b.diags = append(b.diags, problems...)
		if !problems.HasErrors() {
			kept = append(kept, op)
		}
	}
	for _, s := range b.in.Skip {
		if !named[s] {
			b.errorf(diag.Pos{File: b.in.Source}, "skip-unknown", "the configuration skips %q, which the document does not have", s)
		}
	}
	return kept
}

// configuredReason says of an operation that the configuration leaves out whether it
// has to: a name can stay in the list long after bailey has learnt to generate it.
func (b *builder) configuredReason(op *openapi.Operation) string {
	list := op.Problems()
	if !list.HasErrors() {
		list, _ = b.try(op)
	}
	if why := firstError(list); why != "" {
		return "left out by the configuration; " + why
	}
	return "left out by the configuration alone: it can be generated"
}

// problems tries the operation on its own: what the reader refused, and what the
// model cannot express.
func (b *builder) problems(op *openapi.Operation) diag.List {
	list := slices.Clone(op.Problems())
	if list.HasErrors() || !b.in.SkipUnsupported {
		return list // the model's own refusals come from the real build
	}
	found, _ := b.try(op)
	return append(list, found...)
}

// try builds one operation as if it were alone, and returns what is said of it and how
// many types it took.
func (b *builder) try(op *openapi.Operation) (found diag.List, types int) {
	trial := *b
	trial.api = &API{}
	trial.diags = nil
	trial.names, trial.methods = newNames(), newFieldNames()
	trial.types = map[typeKey]*Type{}
	trial.components = map[typeKey]gosrc.Ident{}
	trial.patterns = map[string]gosrc.Ident{}
	trial.replies = map[replyKey]*Reply{}
	trial.lifts = map[string]int{}
	trial.judges = map[*Type]gosrc.Ident{}
	trial.encodedItems = nil
	trial.asserts = nil
	trial.nameOperations([]*openapi.Operation{op})
	trial.operation(trial.api.Operations[0])
	trial.breakCycles()
	trial.writeTypes()
	return trial.diags, len(trial.types)
}

// maxBlameWork is how many types are built to find out whom an error concerns; that is
// a second on a laptop, and more than GitHub's document needs.
const maxBlameWork = 500_000

// maxTitle is how much of an operation's path a message shows.
const maxTitle = 100

// blame notes that the errors of a list concern an operation.
func (b *builder) blame(list diag.List, op *openapi.Operation) {
	title := op.Method + " " + op.Path
	if len(title) > maxTitle {
		title = strings.ToValidUTF8(title[:maxTitle], "") + "..."
	}
	for _, d := range list {
		if d.Severity == diag.Error && !slices.Contains(b.guilty[d], title) {
			b.guilty[d] = append(b.guilty[d], title)
		}
	}
}

// nameGuilty adds to each error the operations that cannot be generated because of it:
// a schema's line does not say who uses it, and it is operations that can be skipped.
func (b *builder) nameGuilty() {
	if !b.diags.HasErrors() {
		return
	}
	work := 0
	for _, op := range b.api.Operations {
		if work > maxBlameWork {
			break // hostile documents: the errors are there, some without a name
		}
		found, types := b.try(op.source)
		b.blame(found, op.source)
		work += types
	}
	for i, d := range b.diags {
		switch ops := b.guilty[d]; len(ops) {
		case 0:
		case 1:
			b.diags[i].Message += " (" + ops[0] + ")"
		case 2:
			b.diags[i].Message += " (" + ops[0] + " and " + ops[1] + ")"
		default:
			b.diags[i].Message += fmt.Sprintf(" (%s and %d more operations)", ops[0], len(ops)-1)
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

func (b *builder) skip(op *openapi.Operation, title, reason string, declared bool) {
	b.api.Skipped = append(b.api.Skipped, Skipped{
		Operation: title, ID: op.ID, Pos: op.Pos, Reason: reason, Declared: declared,
		Line: gosrc.NewComment(title + ": " + reason),
	})
}
