package operations

import (
	"net/http"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// requestIDs are the fields by which requests are told apart (X-FAPI-Interaction-Id: Financial-grade API Security
// Profile 1.0, part 1, 6.2.1). Each of them that a response of an operation declares is in all of the operation's
// answers.
var requestIDs = []string{"X-Request-Id", "X-Correlation-Id", "X-Fapi-Interaction-Id"}

// echo lists the fields of an operation's responses that have the request's id.
func (b *Builder) echo(op *model.Operation) {
	for _, r := range op.Source.Responses {
		for _, h := range r.Headers {
			name := http.CanonicalHeaderKey(h.Name)
			if !slices.Contains(requestIDs, name) || name != requestIDs[0] && !b.echoed(h) {
				continue
			}
			uuid := h.Schema != nil && h.Schema.Format == "uuid"
			i := slices.IndexFunc(op.Echo, func(e model.Echo) bool { return e.Name == gosrc.Quote(name) })
			switch {
			case i >= 0:
				op.Echo[i].UUID = op.Echo[i].UUID || uuid
			case name != requestIDs[0] || uuid: // X-Request-Id is in all answers
				op.Echo = append(op.Echo, model.Echo{Name: gosrc.Quote(name), UUID: uuid})
			}
		}
	}
}

// echoed reports whether bailey writes a field other than X-Request-Id: it has the name of one that holds a request's id, and
// its schema asks for nothing that an id would not meet. Otherwise the handler writes it.
func (b *Builder) echoed(h *openapi.Header) bool {
	if !slices.Contains(requestIDs[1:], http.CanonicalHeaderKey(h.Name)) || h.Schema == nil {
		return false
	}
	if h.Schema.Types&schema.TypeString == 0 {
		return false
	}
	asks := false
	h.Schema.Walk(func(s *schema.Schema) bool {
		asks = asks || slices.ContainsFunc(b.In.Schemas.Asks(s), func(a schema.Ask) bool {
			return a.Key != "type" && (a.Key != "format" || s.Format != "uuid")
		})
		return !asks
	})
	return !asks
}
