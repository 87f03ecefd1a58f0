package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Authorizer are the methods of the generated interface that one operation asks.
type Authorizer struct {
	Before   gosrc.Ident // AuthorizeGetNote
	After    gosrc.Ident // FilterGetNote
	HasAfter bool
	Caller   gosrc.Ident // the type of who calls
}

// authorizerName is the interface's, and that of the field of Config.
const authorizerName = "Authorizer"

var authorizeName, filterName = gosrc.Exported("authorize"), gosrc.Exported("filter")

func (b *builder) authorize(op *Operation, a *policy.Authorize) {
	if a == nil {
		return
	}
	op.Authorizer = &Authorizer{Before: authorizeName.Plus(op.Name.String()), After: filterName.Plus(op.Name.String()), HasAfter: a.After}
	hook := gosrc.Raw("gen.AuthorizeBefore")
	if a.After {
		if op.NoResult {
			b.errorf(a.Pos, rules.Authorize, "there is no result that x-bailey-authorize could be asked about; leave after out")
			return
		}
		hook = gosrc.Raw("% | gen.AuthorizeAfter", hook)
	}
	if a.Hide {
		hook = gosrc.Raw("% | gen.AuthorizeHide", hook)
	}
	op.Policy.Authorize = hook
	b.api.Authorized = append(b.api.Authorized, op)
}
