package access

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// credentials finds what the operation's schemes mean for the rest of the request: a key in the query is
// no unknown parameter, and credentials that browsers add by themselves count from the API's own pages only.
func (b *Builder) credentials(op *model.Operation, pol *policy.Operation) {
	if pol.Public != nil && !safe(op.Source.Method) && slices.ContainsFunc(b.In.Policies.Schemes, func(s *policy.Scheme) bool { return s.Session != nil }) {
		op.Policy.SameOrigin = true // it may be the login: nobody is to be logged in as somebody else without knowing
	}
	for _, alt := range pol.Requirements {
		for _, n := range alt {
			if n.Scheme.Ambient() {
				op.Policy.SameOrigin = true
			}
			name := gosrc.Quote(n.Scheme.Param)
			declared := func(p *model.Param) bool { return p.Name == name }
			if n.Scheme.Type == "apiKey" && n.Scheme.In == "query" && !slices.ContainsFunc(op.InQuery(), declared) && !slices.Contains(op.QueryKeys, name) {
				op.QueryKeys = append(op.QueryKeys, name)
			}
		}
	}
}

// safe reports whether net/http takes a method for one that changes nothing (http.CrossOriginProtection).
func safe(method string) bool { return method == "GET" || method == "HEAD" || method == "OPTIONS" }
