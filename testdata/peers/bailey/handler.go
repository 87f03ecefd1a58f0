package bailey

import (
	"context"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/peers/bailey/api"
	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// handler does the trivial work that every measured server does.
type handler struct{ stored api.Order }

var _ api.Handler = (*handler)(nil)

func (h *handler) GetOrder(_ context.Context, req *api.GetOrderRequest) (*api.Order, error) {
	o := h.stored
	o.ID = req.ID
	if currency, ok := req.Currency.Get(); ok {
		o.Currency = currency
	}
	if items, ok := req.Items.Get(); ok && int(items) < len(o.Items) {
		o.Items = o.Items[:items]
	}
	if note, ok := req.Note.Get(); ok && !note {
		o.Note = runtime.Opt[string]{}
	}
	return &o, nil
}

// CreateOrder returns the order that it is given. The type that is answered differs
// from the type that is taken by the property that is masked.
func (h *handler) CreateOrder(_ context.Context, req *api.CreateOrderRequest) (*api.Order, error) {
	in := &req.Body
	return &api.Order{
		ID: in.ID, Reference: in.Reference, Status: in.Status, Currency: in.Currency, CreatedAt: in.CreatedAt,
		Customer: api.Customer{
			ID: in.Customer.ID, Name: in.Customer.Name, Email: mask.NewString(in.Customer.Email), Address: in.Customer.Address,
		},
		Items: in.Items, Tags: in.Tags, Note: in.Note, Total: in.Total,
	}, nil
}

func (h *handler) CreateOrders(_ context.Context, req *api.CreateOrdersRequest) (*api.Placed, error) {
	placed := &api.Placed{Count: int64(len(req.Body))}
	for i := range req.Body {
		placed.Total += req.Body[i].Total
	}
	return placed, nil
}

// order makes the generated type of o.
func order(o *orders.Order) api.Order {
	out := api.Order{
		ID: o.ID, Reference: o.Reference, Status: api.Status(o.Status), Currency: api.Currency(o.Currency), CreatedAt: o.CreatedAt,
		Customer: api.Customer{
			ID: o.Customer.ID, Name: o.Customer.Name, Email: mask.NewString(o.Customer.Email),
			Address: api.Address{
				Line1: o.Customer.Address.Line1, Line2: optional(o.Customer.Address.Line2), City: o.Customer.Address.City,
				PostalCode: o.Customer.Address.PostalCode, Country: o.Customer.Address.Country,
			},
		},
		Tags: o.Tags, Note: optional(o.Note), Total: o.Total,
	}
	for _, i := range o.Items {
		out.Items = append(out.Items, api.Item{Sku: i.SKU, Name: i.Name, Qty: i.Qty, Price: i.Price})
	}
	return out
}

func optional(s *string) runtime.Opt[string] {
	if s == nil {
		return runtime.Opt[string]{}
	}
	return runtime.Some(*s)
}
