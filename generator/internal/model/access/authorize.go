package access

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

var authorizeName, filterName = gosrc.Exported("authorize"), gosrc.Exported("filter")

func (b *Builder) authorize(op *model.Operation, a *policy.Authorize) {
	if a == nil {
		return
	}
	op.Authorizer = &model.Authorizer{Before: authorizeName.Plus(op.Name.String()), After: filterName.Plus(op.Name.String()), HasAfter: a.After}
	hook := gosrc.Raw("gen.AuthorizeBefore")
	if a.After {
		if op.NoResult {
			b.Errorf(a.Pos, rules.Authorize, "there is no result that x-bailey-authorize could be asked about; leave after out")
			return
		}
		hook = gosrc.Raw("% | gen.AuthorizeAfter", hook)
	}
	if a.Hide {
		hook = gosrc.Raw("% | gen.AuthorizeHide", hook)
	}
	op.Policy.Authorize = hook
	b.API.Authorized = append(b.API.Authorized, op)
}
