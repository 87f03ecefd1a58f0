package operations

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// offers lets the request choose where a response has several media types: the operation
// then offers those of all its successes, in the order of the document.
func (b *Builder) offers(op *model.Operation, used *naming.Scope) {
	if !slices.ContainsFunc(op.Outcomes, func(o *model.Outcome) bool { return o.Offered }) {
		return
	}
	for _, r := range op.Source.Responses {
		for _, m := range r.Content {
			if quoted := gosrc.Quote(m.Name); succeeds(op, r.Status) && !slices.Contains(op.Offers, quoted) {
				op.Offers = append(op.Offers, quoted)
			}
		}
	}
	for _, o := range op.Outcomes {
		if o.Offered {
			o.Offer = slices.Index(op.Offers, o.Media)
		}
	}
	t := &model.Type{MaxItems: -1}
	b.Scalar(t, "string")
	op.Accept = &model.Field{
		Name: used.Take(gosrc.Exported("accept"), gosrc.Exported("accepted media type")), Type: t, Required: true,
		Doc: gosrc.NewComment("The media type that the request asks the answer to have: one of the response's."),
	}
	op.Fields = append(op.Fields, op.Accept)
}

// succeeds reports whether the responses of a status are among the handler's results.
func succeeds(op *model.Operation, status string) bool {
	if status != "default" {
		return status[0] <= '3'
	}
	return !slices.ContainsFunc(op.Source.Responses, func(r *openapi.Response) bool { return r.Status[0] <= '3' })
}
