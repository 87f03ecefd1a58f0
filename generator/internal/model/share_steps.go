package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// shareReplies makes one type of the error replies of different operations that are equal and
// named after them, as share does. An operation never has one type for two of its replies: the
// type says which is meant.
func (b *builder) shareReplies() {
	users := map[*Reply]map[*Operation]bool{}
	for _, op := range b.api.Operations {
		for _, o := range op.Outcomes {
			if o.Reply != nil {
				if users[o.Reply] == nil {
					users[o.Reply] = map[*Operation]bool{}
				}
				users[o.Reply][op] = true
			}
		}
	}
	kept := map[string][]*Reply{}
	for _, r := range b.api.Replies {
		if r.own || !r.Error || len(r.Markers) > 0 {
			continue
		}
		what := said(identityOfReply(r))
		b.in.Doc.Cost.Spend(cost.Share, len(what)+perPart*len(kept[what])*(1+len(users[r])), diag.Pos{})
		free := func(k *Reply) bool {
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
		r.shared, k.Aliases = k, append(k.Aliases, r)
		if users[k] == nil {
			users[k] = map[*Operation]bool{}
		}
		for op := range users[r] {
			users[k][op] = true
		}
	}
	b.api.Replies = slices.DeleteFunc(b.api.Replies, func(r *Reply) bool { return r.shared != nil })
}

// shareSteps lets operations that answer alike share the functions that write their answers.
func (b *builder) shareSteps() {
	encodes, fails := map[string]*Operation{}, map[string]*Operation{}
	first := func(seen map[string]*Operation, key string, op *Operation) *Operation {
		if seen[key] == nil {
			seen[key] = op
		}
		return seen[key]
	}
	all := func(list []*Outcome) string {
		text := allSaid(list)
		b.in.Doc.Cost.Spend(cost.Share, len(text), diag.Pos{})
		return text
	}
	for _, op := range b.api.Operations {
		op.encodesAs = op
		if !op.Several {
			op.encodesAs = first(encodes, fmt.Sprint(op.NoResult, all(op.Successes())), op)
		}
		op.failsAs = first(fails, all(op.Failures()), op)
	}
}

// said is an identity as a text, when the types with names have been shared.
func said(id identity) string {
	var b strings.Builder
	b.WriteString(id.text)
	for _, t := range id.parts {
		fmt.Fprintf(&b, "%p ", t.code())
	}
	return b.String()
}

func allSaid(list []*Outcome) string {
	var b strings.Builder
	for _, o := range list {
		b.WriteString(said(identityOfOutcome(o)) + "\n")
	}
	return b.String()
}

// code is the reply whose function writes r.
func (r *Reply) code() *Reply {
	if r.shared != nil {
		return r.shared
	}
	return r
}

// Sender is the function that writes the reply.
func (r *Reply) Sender() gosrc.Expr { return gosrc.Raw("send%", r.code().Name) }

// Encoder is the function that writes the operation's successes.
func (op *Operation) Encoder() gosrc.Expr { return gosrc.Raw("encode%", op.encodesAs.Name) }

// Encodes reports whether Encoder is made for this operation first.
func (op *Operation) Encodes() bool { return op.encodesAs == op }

// Failer is the function that writes the errors that the document declares.
func (op *Operation) Failer() gosrc.Expr { return gosrc.Raw("fail%", op.failsAs.Name) }

// Fails reports whether Failer is made for this operation first.
func (op *Operation) Fails() bool { return op.HasErrors() && op.failsAs == op }
