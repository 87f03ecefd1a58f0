package generator_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/testdata/golden/vault/api"
)

// vault has the items 1 to 4, and never asks who calls.
type vault struct{}

func (vault) ListItems(context.Context, *api.ListItemsRequest) ([]api.Item, error) {
	return []api.Item{{ID: 1}, {ID: 2}, {ID: 3}, {ID: 4}}, nil
}
func (vault) GetItem(_ context.Context, r *api.GetItemRequest) (*api.Item, error) {
	return &api.Item{ID: r.ID}, nil
}
func (vault) DeleteItem(context.Context, *api.DeleteItemRequest) error { return nil }

// rules let a caller see the items of their number's parity, and nobody the fourth.
type rules struct{}

func (rules) may(p api.Caller, id int32) bool {
	return id != 4 && (p.Subject() == "even") == (id%2 == 0)
}
func (rules) AuthorizeListItems(_ context.Context, p api.Caller, _ *api.ListItemsRequest) error {
	if p.Subject() == "nobody" {
		return runtime.ErrDenied
	}
	return nil
}
func (r rules) FilterListItems(_ context.Context, p api.Caller, _ *api.ListItemsRequest, res []api.Item) ([]api.Item, error) {
	return slices.DeleteFunc(res, func(i api.Item) bool { return !r.may(p, i.ID) }), nil
}
func (r rules) AuthorizeGetItem(_ context.Context, p api.Caller, req *api.GetItemRequest) error {
	if req.ID != 4 && !r.may(p, req.ID) {
		return runtime.ErrDenied
	}
	return nil
}
func (rules) FilterGetItem(_ context.Context, _ api.Caller, _ *api.GetItemRequest, res *api.Item) (*api.Item, error) {
	if res.ID == 4 {
		return res, errors.New("the engine is down")
	}
	return res, nil
}
func (r rules) AuthorizeDeleteItem(_ context.Context, p api.Caller, req *api.DeleteItemRequest) error {
	if !r.may(p, req.ID) {
		return runtime.ErrDenied
	}
	return nil
}

// staff authenticates by the name of the caller.
type staff struct{}

func (staff) Authenticate(r *http.Request) (*principal.Principal, error) {
	name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, auth.ErrMissing
	}
	p := &principal.Principal{Subject: name, Roles: []string{"owner"}, Claims: map[string]any{"acr": "phr"}}
	switch name {
	case "weak":
		p.Claims = nil
	case "guest":
		p.Roles = []string{"guest"}
	}
	return p, nil
}

// TestVault: conditions come before the authoriser, and it before the handler and after.
func TestVault(t *testing.T) {
	cfg := api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Staff: staff{}}
	if _, err := api.NewServer(vault{}, cfg); err == nil || !strings.Contains(err.Error(), "Config.Authorizer") {
		t.Errorf("without an authoriser: %v", err)
	}
	cfg.Authorizer = rules{}
	s, err := api.NewServer(vault{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	as := func(caller, method, path string, status int, want string) ask {
		return ask{name: caller + " " + method + " " + path, method: method, path: path, status: status, want: want, header: map[string]string{"Authorization": "Bearer " + caller}}
	}
	for _, a := range []ask{
		as("odd", "GET", "/items", 200, `[{"id":1},{"id":3}]`),
		as("even", "GET", "/items", 200, `[{"id":2}]`),
		as("nobody", "GET", "/items", 403, ""),
		as("odd", "GET", "/items/1", 200, `{"id":1}`),
		as("odd", "GET", "/items/2", 404, ""),
		as("odd", "GET", "/items/4", 404, ""), // the filter fails
		as("guest", "GET", "/items/1", 403, ""),
		as("odd", "DELETE", "/items/1", 204, ""),
		as("odd", "DELETE", "/items/2", 403, ""),
		as("weak", "DELETE", "/items/1", 401, ""),
		as("guest", "DELETE", "/items/1", 403, ""),
		{name: "a stranger", method: "GET", path: "/items", status: 401},
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, srv.URL) })
	}
}
