package refusals

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// problemDocument is the shape of refusals without a template (RFC 9457), as a template.
var problemDocument = func() *policy.ErrorBody {
	part := func(name string) *policy.ErrorBody { return &policy.ErrorBody{Part: name} }
	return &policy.ErrorBody{Object: true, Members: []policy.ErrorMember{
		{Name: "type", Value: &policy.ErrorBody{Literal: &load.Node{Kind: load.String, Text: "about:blank"}}},
		{Name: "title", Value: part("title")},
		{Name: "status", Value: part("status")},
		{Name: "detail", Value: part("detail")},
		{Name: "instance", Value: part("request-id")},
		{Name: "errors", Value: &policy.ErrorBody{Item: &policy.ErrorBody{Object: true, Members: []policy.ErrorMember{
			{Name: "pointer", Value: part("pointer")}, {Name: "keyword", Value: part("keyword")}, {Name: "detail", Value: part("detail")},
		}}}},
	}}
}()

// Problem says why a problem document does not fit a declared schema; "" where it does, and has a member that
// the schema names.
func Problem(s *schema.Schema, statuses []int, r *schema.Reader) string {
	if s == nil {
		return ""
	}
	f := &fitter{contract: Contract{Schema: s, Statuses: statuses}, reader: r, used: map[*policy.ErrorBody]bool{}, whole: true}
	if f.value(problemDocument, s, place{required: true}); f.misfit != nil {
		return f.misfit.Text
	}
	if len(s.Properties) > 0 && !f.shares(s) {
		return "the two have no member in common"
	}
	return ""
}

// shares reports whether the schema names a member of a problem document.
func (f *fitter) shares(s *schema.Schema) bool {
	for _, m := range problemDocument.Members {
		if s.Property(m.Name) != nil {
			return true
		}
	}
	return false
}
