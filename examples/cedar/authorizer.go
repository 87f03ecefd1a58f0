package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/bailey-go/bailey/examples/cedar/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/cedar-policy/cedar-go"
)

//go:embed policies.cedar
var policies []byte

// files finds what policies speak of.
type files interface {
	Find(ctx context.Context, id string) (api.File, bool, error)
}

// authorizer answers the generated Authorizer's questions with Cedar policies. What the engine
// cannot decide is denied: Cedar skips a policy that fails, and a forbid that is skipped forbids nothing.
type authorizer struct {
	policies *cedar.PolicySet
	files    files
}

var _ api.Authorizer = (*authorizer)(nil)

// newAuthorizer reads the policies.
func newAuthorizer(text []byte, files files) (*authorizer, error) {
	set, err := cedar.NewPolicySetFromBytes("policies.cedar", text)
	if err != nil {
		return nil, fmt.Errorf("policies: %w", err)
	}
	return &authorizer{set, files}, nil
}

var errNobody = errors.New("a caller without clearance")

// ask decides about one action on a file, or, with none, on all of them.
func (a *authorizer) ask(caller api.Caller, action string, file *api.File) error {
	clearance, ok := caller.Clearance()
	if !ok {
		return errNobody // the scheme refuses such tokens already
	}
	user := cedar.NewEntityUID("User", cedar.String(caller.Subject()))
	var roles []cedar.EntityUID
	for role := range caller.Roles() {
		roles = append(roles, cedar.NewEntityUID("Role", cedar.String(role)))
	}
	entities := cedar.EntityMap{user: {
		UID: user, Parents: cedar.NewEntityUIDSet(roles...),
		Attributes: cedar.NewRecord(cedar.RecordMap{"tenant": cedar.String(caller.Tenant()), "clearance": cedar.Long(clearance)}),
	}}
	resource := cedar.NewEntityUID("Folder", "all")
	if file != nil {
		resource = cedar.NewEntityUID("File", cedar.String(file.ID))
		entities[resource] = cedar.Entity{UID: resource, Attributes: cedar.NewRecord(cedar.RecordMap{
			"owner":  cedar.NewEntityUID("User", cedar.String(file.Owner)),
			"tenant": cedar.String(file.Tenant), "clearance": cedar.Long(file.Clearance),
		})}
	}
	decision, diagnostic := cedar.Authorize(a.policies, entities, cedar.Request{
		Principal: user, Action: cedar.NewEntityUID("Action", cedar.String(action)), Resource: resource,
	})
	if len(diagnostic.Errors) > 0 {
		return fmt.Errorf("policy %s: %s", diagnostic.Errors[0].PolicyID, diagnostic.Errors[0].Message)
	}
	if decision != cedar.Allow {
		return runtime.ErrDenied
	}
	return nil
}

// about decides about a file by its name; one that is not there is denied as well.
func (a *authorizer) about(ctx context.Context, caller api.Caller, action, id string) error {
	file, ok, err := a.files.Find(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return runtime.ErrDenied
	}
	return a.ask(caller, action, &file)
}

func (a *authorizer) AuthorizeListFiles(_ context.Context, caller api.Caller, _ *api.ListFilesRequest) error {
	return a.ask(caller, "listFiles", nil)
}

// FilterListFiles keeps the files that the caller may read.
func (a *authorizer) FilterListFiles(ctx context.Context, caller api.Caller, _ *api.ListFilesRequest, res []api.File) ([]api.File, error) {
	kept := make([]api.File, 0, len(res))
	for _, file := range res {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch err := a.ask(caller, "getFile", &file); {
		case err == nil:
			kept = append(kept, file)
		case !errors.Is(err, runtime.ErrDenied):
			return nil, err
		}
	}
	return kept, nil
}

func (a *authorizer) AuthorizeGetFile(ctx context.Context, caller api.Caller, req *api.GetFileRequest) error {
	return a.about(ctx, caller, "getFile", req.ID)
}

func (a *authorizer) AuthorizeDeleteFile(ctx context.Context, caller api.Caller, req *api.DeleteFileRequest) error {
	return a.about(ctx, caller, "deleteFile", req.ID)
}
