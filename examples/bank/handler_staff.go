package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/runtime"
)

// What the staff may do, and the bank's own programs.

// AuthorizeFindCustomers asks for what FilterFindCustomers goes by.
func (h *handler) AuthorizeFindCustomers(_ context.Context, caller api.Caller, _ *api.FindCustomersRequest) error {
	if _, ok := caller.Branch(); !ok && !caller.HasRole(api.RoleAuditor) {
		return runtime.ErrDenied
	}
	return nil
}

func (h *handler) FindCustomers(_ context.Context, req *api.FindCustomersRequest) ([]api.Customer, error) {
	var out []api.Customer
	for _, c := range h.store.Search(req.Name) {
		out = append(out, *customer(c))
	}
	return out, nil
}

// FilterFindCustomers leaves a clerk the customers of their own branch.
func (h *handler) FilterFindCustomers(_ context.Context, caller api.Caller, _ *api.FindCustomersRequest, all []api.Customer) ([]api.Customer, error) {
	if caller.HasRole(api.RoleAuditor) {
		return all, nil
	}
	branch, _ := caller.Branch()
	return slices.DeleteFunc(all, func(c api.Customer) bool {
		known, err := h.store.Customer(c.ID)
		return err != nil || known.Branch != branch
	}), nil
}

// LockCustomer ends everything by which somebody could be taken for the customer: tokens that were issued until now, and sessions.
func (h *handler) LockCustomer(ctx context.Context, req *api.LockCustomerRequest) error {
	if _, err := h.store.Customer(req.CustomerID); err != nil {
		return notFound(err)
	}
	now := time.Now()
	if err := h.revoked.RevokeSubject(customersName, req.CustomerID.String(), now, now.Add(tokenLife+time.Minute)); err != nil {
		return err
	}
	return h.sessions.EndAll(ctx, req.CustomerID.String())
}

func (h *handler) RevokeKey(_ context.Context, req *api.RevokeKeyRequest) error {
	if !h.keys.revoke(req.KeyID) {
		return &api.NotFound{Body: problem(404, "There is no such thing.")}
	}
	return nil
}

// GetDailyReport says for which branch, if it is somebody of a branch who asks.
func (h *handler) GetDailyReport(_ context.Context, req *api.GetDailyReportRequest) (*api.GetDailyReportOK, error) {
	totals := h.store.Totals()
	var b strings.Builder
	if branch, ok := req.Caller.Branch(); ok {
		fmt.Fprintf(&b, "for branch %d\n", branch)
	}
	for _, key := range slices.SortedFunc(maps.Keys(totals), func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }) {
		fmt.Fprintf(&b, "%s %s %d\n", key[0], key[1], totals[key])
	}
	return &api.GetDailyReportOK{Body: b.String()}, nil
}

func (h *handler) ExportAccounts(context.Context, *api.ExportAccountsRequest) ([]api.Account, error) {
	var out []api.Account
	for _, a := range h.store.AllAccounts() {
		out = append(out, account(a))
	}
	return out, nil
}

func (h *handler) Settle(_ context.Context, req *api.SettleRequest) error {
	err := h.store.Settle(req.Body.Batch)
	if errors.Is(err, bank.ErrBooked) {
		return &api.SettleConflict{Body: problem(409, "The batch was booked before.")}
	}
	return err
}

func (h *handler) GetMetrics(context.Context, *api.GetMetricsRequest) (*api.GetMetricsOK, error) {
	var b strings.Builder
	for _, c := range h.store.Counts() {
		fmt.Fprintf(&b, "bank_%s %d\n", c.What, c.N)
	}
	return &api.GetMetricsOK{Body: b.String()}, nil
}

func (h *handler) ReceiveEvent(context.Context, *api.ReceiveEventRequest) error {
	h.store.Note()
	return nil
}
