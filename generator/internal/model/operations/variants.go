package operations

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/variant"
)

// maxVariants bounds the operations that are joined to one: each is tried with those before it.
const maxVariants = 32

// join looks for one operation that serves both, where no request tells them apart and the document
// means variants of one. It returns nil and the reason where there is none.
func (r *rivals) join(op, other *openapi.Operation) (joined *openapi.Operation, why string) {
	b := r.b
	switch why = b.differ(op, other); {
	case op.Path == op.Route && other.Path == other.Route, op.Problems().HasErrors():
		return nil, ""
	case why != "":
		return nil, why
	case len(other.Variants) >= maxVariants:
		return nil, fmt.Sprintf("%d variants are the limit", maxVariants)
	}
	b.Spend(16*(1+len(other.Variants)), op.Pos)
	if joined, why = variant.Join(other, op, b.In.Doc, b.In.Schemas); joined == nil {
		return nil, why
	}
	b.fits[joined] = b.fits[other]
	if found := firstError(slices.Concat(joined.Problems(), b.try([]*openapi.Operation{joined})[joined])); found != "" {
		delete(b.fits, joined)
		return nil, found
	}
	return joined, ""
}

// alike reports whether the operation that conflict is asked of is told apart from others as the kept one is.
func (r *rivals) alike(kept *openapi.Operation) bool {
	mine := map[string]bool{}
	for _, t := range r.told {
		for _, f := range t.mine {
			mine[f.Key] = true
		}
	}
	for _, f := range r.b.fits[kept] {
		if !mine[f.Key] {
			return false
		}
		delete(mine, f.Key)
	}
	return len(mine) == 0
}

// replace puts the joined operation in the place of the kept one.
func (r *rivals) replace(list []*openapi.Operation) {
	if i := slices.Index(list, r.joins); i >= 0 {
		list[i] = r.joined
	}
}

// joinedBy is the warning that one operation serves both.
func joinedBy(op, other *openapi.Operation) diag.Diagnostic {
	return diag.Diagnostic{
		Pos: op.Pos, Severity: diag.Warning, Rule: rules.PathVariants,
		Message: fmt.Sprintf("%s and %s at %v are one operation, named after the earlier one: a request has the body of either, and the handler answers as either does", op.Title(), other.Title(), other.Pos),
	}
}
