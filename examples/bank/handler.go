package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/bailey-go/bailey/runtime/types"
	"github.com/google/uuid"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/examples/bank/internal/oidc"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/mask"
)

// handler implements the generated interface on the bank's books. What reaches it has
// been authenticated, authorised, limited and validated: it only does business.
type handler struct {
	store    *bank.Store
	keys     *keyring
	revoked  *jwt.RevocationMemory
	sessions *session.Sessions
	login    *oidc.Client
}

var _ api.Handler = (*handler)(nil)

func (h *handler) GetHealth(context.Context, *api.GetHealthRequest) (*api.Health, error) {
	return &api.Health{Open: true}, nil
}

// GetRates knows who asks, if they said so.
func (h *handler) GetRates(_ context.Context, req *api.GetRatesRequest) ([]api.Rate, error) {
	loan := "5.90"
	if !req.Caller.Anonymous() {
		loan = "4.90"
	}
	return []api.Rate{{Kind: api.AccountKindSavings, Percent: "1.75"}, {Kind: api.AccountKindLoan, Percent: loan}}, nil
}

func (h *handler) GetCustomer(_ context.Context, req *api.GetCustomerRequest) (*api.Customer, error) {
	c, err := h.store.Customer(req.CustomerID)
	if err != nil {
		return nil, notFound(err)
	}
	return customer(c), nil
}

func (h *handler) UpdateCustomer(_ context.Context, req *api.UpdateCustomerRequest) (*api.Customer, error) {
	c, err := h.store.Update(req.CustomerID, func(c *bank.Customer) {
		if name, ok := req.Body.Name.Get(); ok {
			c.Name = name
		}
		if email, ok := req.Body.Email.Get(); ok {
			c.Email = email
		}
		if segment, ok := req.Body.Segment.Get(); ok { // a clerk calls: nobody else may set it
			c.Segment = string(segment)
		}
		if a, ok := req.Body.Address.Get(); ok {
			c.Line1, c.City, c.Country = a.Line1, a.City, a.Country
		}
	})
	if err != nil {
		return nil, notFound(err)
	}
	return customer(c), nil
}

func (h *handler) ListAccounts(_ context.Context, req *api.ListAccountsRequest) (*api.ListAccountsOK, error) {
	keep := func(a bank.Account) bool {
		currency, asked := req.Currency.Get()
		return (!asked || string(currency) == a.Currency) &&
			(len(req.Kind) == 0 || slices.Contains(req.Kind, api.AccountKind(a.Kind)))
	}
	page, total := h.store.Accounts(req.CustomerID, int(req.Limit), keep)
	res := &api.ListAccountsOK{XTotalCount: int32(total)}
	for _, a := range page {
		res.Body = append(res.Body, account(a))
	}
	return res, nil
}

// AuthorizeGetAccount knows what no value of the request says: whose account it is. The
// document hides the difference between somebody else's account and none at all.
func (h *handler) AuthorizeGetAccount(_ context.Context, caller api.Caller, req *api.GetAccountRequest) error {
	a, err := h.store.Account(req.AccountID)
	if errors.Is(err, bank.ErrNotFound) {
		return runtime.ErrNotFound
	}
	if err != nil {
		return err
	}
	if a.Owner.String() != caller.Subject() && !caller.HasScope(api.ScopeBankStaff) {
		return runtime.ErrDenied
	}
	return nil
}

func (h *handler) GetAccount(_ context.Context, req *api.GetAccountRequest) (*api.Account, error) {
	a, err := h.store.Account(req.AccountID)
	if err != nil {
		return nil, notFound(err)
	}
	out := account(a)
	return &out, nil
}

func (h *handler) CloseAccount(_ context.Context, req *api.CloseAccountRequest) error {
	err := h.store.Close(req.AccountID)
	if errors.Is(err, bank.ErrNotEmpty) {
		return &api.CloseAccountConflict{Body: problem(409, "There is money on the account.")}
	}
	return notFound(err)
}

// reviewed is the amount from which a clerk looks at a transfer first.
const reviewed = 5_000_000

func (h *handler) CreateTransfer(_ context.Context, req *api.CreateTransferRequest) (api.CreateTransferResult, error) {
	t := &req.Body
	if t.Money.Amount >= reviewed {
		return &api.CreateTransferAccepted{Body: api.Review{Ticket: "RV000001"}}, nil
	}
	done, err := h.move(t)
	if errors.Is(err, bank.ErrFunds) {
		return nil, &api.CreateTransferConflict{Body: problem(409, "There is not enough money.")}
	}
	if err != nil {
		return nil, notFound(err)
	}
	return &api.CreateTransferCreated{Body: *done}, nil
}

// PayInstantly needs no clerk: the second factor was shown.
func (h *handler) PayInstantly(_ context.Context, req *api.PayInstantlyRequest) (*api.Transfer, error) {
	done, err := h.move(&req.Body)
	if errors.Is(err, bank.ErrFunds) {
		return nil, &api.PayInstantlyConflict{Body: problem(409, "There is not enough money.")}
	}
	return done, notFound(err)
}

func (h *handler) move(t *api.TransferInput) (*api.Transfer, error) {
	to := ""
	if t.To.InternalTarget != nil {
		to = t.To.InternalTarget.Account
	}
	if err := h.store.Transfer(t.OrderedBy, t.From, to, t.Money.Amount, string(t.Money.Currency)); err != nil {
		return nil, err
	}
	return &api.Transfer{ID: runtime.Some(uuid.New()), OrderedBy: t.OrderedBy, From: t.From, To: t.To, Money: t.Money, ExecuteOn: t.ExecuteOn}, nil
}

func (h *handler) UploadDocument(_ context.Context, req *api.UploadDocumentRequest) (*api.Document, error) {
	size, err := io.Copy(io.Discard, req.Body.File.Open())
	if err != nil {
		return nil, err
	}
	if err := h.store.StoreDocument(); err != nil {
		return nil, err
	}
	return &api.Document{ID: uuid.New(), Title: req.Body.Title, Size: size, Labels: req.Body.Labels}, nil
}

// notFound turns the store's error into the response that the document declares.
func notFound(err error) error {
	if errors.Is(err, bank.ErrNotFound) {
		return &api.NotFound{Body: problem(404, "There is no such thing.")}
	}
	return err
}

func problem(status int32, title string) api.Problem {
	return api.Problem{Title: title, Status: status}
}

// customer fills the response type. The masked fields take the clear values: who may
// see them is decided where the response is written.
func customer(c bank.Customer) *api.Customer {
	return &api.Customer{
		ID: c.ID, Name: c.Name, Email: mask.NewString(c.Email), IBAN: mask.NewString(c.IBAN),
		TaxNumber: runtime.Some(mask.NewString(c.TaxNumber)),
		Address:   runtime.Some(api.Address{Line1: c.Line1, City: c.City, Country: c.Country}),
		Segment:   runtime.Some(api.Segment(c.Segment)),
		CreatedAt: c.CreatedAt,
	}
}

func account(a bank.Account) api.Account {
	return api.Account{
		ID: a.ID, Owner: a.Owner, Kind: api.AccountKind(a.Kind), Balance: a.Balance, Currency: api.Currency(a.Currency),
		OpenedOn: runtime.Some(types.NewDate(2026, 3, 1)),
	}
}
