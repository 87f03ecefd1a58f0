package main

import (
	"context"
	"fmt"

	"github.com/bailey-go/bailey/examples/relations/api"
	"github.com/bailey-go/bailey/examples/relations/internal/relations"
	"github.com/bailey-go/bailey/runtime"
)

// authorizer answers the generated Authorizer's questions with relations.
type authorizer struct{ relations relations.Checker }

var _ api.Authorizer = authorizer{}

// check denies who lacks the relation to a document. An engine that fails does so for every document: the
// caller may learn that.
func (a authorizer) check(ctx context.Context, caller api.Caller, relation, id string) error {
	if caller.Anonymous() {
		return runtime.ErrDenied
	}
	ok, err := a.relations.Check(ctx, "user:"+caller.Subject(), relation, "document:"+id)
	if err != nil {
		return fmt.Errorf("%w: %w", runtime.ErrUnavailable, err)
	}
	if !ok {
		return runtime.ErrDenied
	}
	return nil
}

// AuthorizeListDocuments lets everybody ask, who is known: FilterListDocuments decides what they see.
func (a authorizer) AuthorizeListDocuments(_ context.Context, caller api.Caller, _ *api.ListDocumentsRequest) error {
	if caller.Anonymous() {
		return runtime.ErrDenied
	}
	return nil
}

// FilterListDocuments keeps what the caller may see; the document bounds how many there are.
func (a authorizer) FilterListDocuments(ctx context.Context, caller api.Caller, _ *api.ListDocumentsRequest, res []api.Document) ([]api.Document, error) {
	kept := make([]api.Document, 0, len(res))
	for _, d := range res {
		ok, err := a.relations.Check(ctx, "user:"+caller.Subject(), "viewer", "document:"+d.ID)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", runtime.ErrUnavailable, err)
		}
		if ok {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

func (a authorizer) AuthorizeGetDocument(ctx context.Context, caller api.Caller, req *api.GetDocumentRequest) error {
	return a.check(ctx, caller, "viewer", req.ID)
}

func (a authorizer) AuthorizeRenameDocument(ctx context.Context, caller api.Caller, req *api.RenameDocumentRequest) error {
	return a.check(ctx, caller, "editor", req.ID)
}
