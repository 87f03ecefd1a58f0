package dedupe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// Replies makes one type of the error replies of different operations that are equal and
// named after them, as Types does. An operation never has one type for two of its replies: the
// type says which is meant.
func Replies(api *model.API) {
	users := map[*model.Reply]map[*model.Operation]bool{}
	for _, op := range api.Operations {
		for _, o := range op.Outcomes {
			if o.Reply != nil {
				if users[o.Reply] == nil {
					users[o.Reply] = map[*model.Operation]bool{}
				}
				users[o.Reply][op] = true
			}
		}
	}
	kept := map[string][]*model.Reply{}
	for _, r := range api.Replies {
		if r.Own || !r.Error || len(r.Markers) > 0 {
			continue
		}
		what := said(identityOfReply(r))
		api.Cost.Spend(cost.Share, len(what)+perPart*len(kept[what])*(1+len(users[r])), diag.Pos{})
		free := func(k *model.Reply) bool {
			for op := range users[r] {
				if users[k][op] {
					return false
				}
			}
			return true
		}
		i := slices.IndexFunc(kept[what], free)
		if i < 0 {
			kept[what] = append(kept[what], r)
			continue
		}
		k := kept[what][i]
		r.Shared, k.Aliases = k, append(k.Aliases, r)
		if users[k] == nil {
			users[k] = map[*model.Operation]bool{}
		}
		for op := range users[r] {
			users[k][op] = true
		}
	}
	api.Replies = slices.DeleteFunc(api.Replies, func(r *model.Reply) bool { return r.Shared != nil })
}

// Steps lets operations that answer alike share the functions that write their answers.
func Steps(api *model.API) {
	encodes, fails := map[string]*model.Operation{}, map[string]*model.Operation{}
	first := func(seen map[string]*model.Operation, key string, op *model.Operation) *model.Operation {
		if seen[key] == nil {
			seen[key] = op
		}
		return seen[key]
	}
	all := func(list []*model.Outcome) string {
		text := allSaid(list)
		api.Cost.Spend(cost.Share, len(text), diag.Pos{})
		return text
	}
	for _, op := range api.Operations {
		op.EncodesAs = op
		if !op.Several {
			op.EncodesAs = first(encodes, fmt.Sprint(op.NoResult, all(op.Successes())), op)
		}
		op.FailsAs = first(fails, all(op.Failures()), op)
	}
}

// said is an identity as a text, when the types with names have been shared.
func said(id identity) string {
	var b strings.Builder
	b.WriteString(id.text)
	for _, t := range id.parts {
		fmt.Fprintf(&b, "%p ", t.Code())
	}
	return b.String()
}

func allSaid(list []*model.Outcome) string {
	var b strings.Builder
	for _, o := range list {
		b.WriteString(said(identityOfOutcome(o)) + "\n")
	}
	return b.String()
}
