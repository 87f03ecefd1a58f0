package operations

import (
	"net/http"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/params"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// ownHeaders are fields that the runtime writes (OpenAPI 3.0.3, Response Object: Content-Type is ignored).
var ownHeaders = []string{"Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "X-Request-Id", "X-Content-Type-Options"}

// unreadHeader warns of keywords in the schema of a header that the runtime writes.
func (b *Builder) unreadHeader(h *openapi.Header) {
	if h.Schema == nil {
		return
	}
	asks := false
	h.Schema.Walk(func(s *schema.Schema) bool {
		asks = asks || slices.ContainsFunc(b.In.Schemas.Asks(s), func(a schema.Ask) bool {
			return a.Key != "type" && (a.Key != "format" || s.Format != "uuid" || !slices.Contains(requestIDs, http.CanonicalHeaderKey(h.Name)))
		}) || types.Stays(s, types.Response) != ""
		return !asks
	})
	if asks {
		b.Diags.Warnf(h.Pos, rules.Header, "bailey writes the response header %s itself: its schema is not checked", h.Name)
	}
}

// replyHeaders fills in the fields of a reply that are headers.
func (b *Builder) replyHeaders(reply *model.Reply, r *openapi.Response, name gosrc.Ident) {
	used := naming.NewScope("Body", "StatusCode", "ContentType", "Error")
	for _, h := range r.Headers {
		canonical := http.CanonicalHeaderKey(h.Name)
		if slices.Contains(ownHeaders, canonical) {
			b.unreadHeader(h)
			continue
		}
		if b.echoed(h) {
			continue
		}
		f := &model.Field{Name: used.Take(gosrc.Exported(h.Name), gosrc.Exported(h.Name+" header")), Doc: gosrc.NewComment(h.Description).Deprecate(h.Deprecated), Required: h.Required}
		s := h.Schema
		if s == nil {
			s = b.Anything
		}
		if types.Stays(s, types.Response) != "" {
			continue // as a property that is writeOnly
		}
		t := b.TextType(s, types.PlaceIn(name.Plus(f.Name.String()), types.Response))
		if kinds := params.KindsOf(s) &^ schema.TypeNull; t == nil && kinds&^params.ScalarKinds == 0 && kinds&(kinds-1) != 0 {
			b.Diags.Warnf(h.Pos, rules.HeaderType, "response header %q is a mixture of types: the handler gives its text, of which only the syntax is checked", h.Name)
			t = b.TextType(b.Anything, types.PlaceIn(name.Plus(f.Name.String()), types.Response))
			t.HoldAll(s)
		}
		if t == nil {
			b.Errorf(h.Pos, rules.HeaderType, "response header %q is an object, which is not supported yet; declare it as a string", h.Name)
			continue
		}
		f.Type = t
		f.Opt = !f.Required && !t.Nilable()
		reply.Headers = append(reply.Headers, &model.ReplyHeader{Field: f, Name: gosrc.Quote(canonical), List: t.Kind == model.Slice})
	}
}
