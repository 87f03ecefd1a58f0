// Package huma serves the orders API with huma on http.ServeMux: the same rules as the
// document's, in huma's tags.
package huma

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

type order struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Reference string    `json:"reference" pattern:"^[A-Z]{3}-[0-9]{6}$"`
	Status    string    `json:"status" enum:"pending,paid,shipped,delivered,cancelled"`
	Currency  string    `json:"currency" enum:"EUR,USD,CHF"`
	CreatedAt time.Time `json:"createdAt"`
	Customer  customer  `json:"customer"`
	Items     []item    `json:"items" minItems:"1" maxItems:"100" nullable:"false"`
	Tags      tags      `json:"tags,omitempty" maxItems:"10" nullable:"false"`
	Note      *string   `json:"note,omitempty" maxLength:"200"`
	Total     int64     `json:"total" minimum:"0" maximum:"1000000000"`
}

type customer struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Name    string    `json:"name" minLength:"1" maxLength:"100"`
	Email   string    `json:"email" format:"email" maxLength:"254"`
	Address address   `json:"address"`
}

type address struct {
	Line1      string  `json:"line1" minLength:"1" maxLength:"100"`
	Line2      *string `json:"line2,omitempty" maxLength:"100"`
	City       string  `json:"city" minLength:"1" maxLength:"60"`
	PostalCode string  `json:"postalCode" pattern:"^[0-9A-Z -]{3,10}$"`
	Country    string  `json:"country" pattern:"^[A-Z]{2}$"`
}

type item struct {
	SKU   string `json:"sku" pattern:"^[A-Z0-9-]{4,20}$"`
	Name  string `json:"name" minLength:"1" maxLength:"80"`
	Qty   int32  `json:"qty" minimum:"1" maximum:"1000"`
	Price int64  `json:"price" minimum:"0" maximum:"1000000"`
}

// tags has rules for its items, which huma's tags on a field cannot say.
type tags []string

// Schema gives huma the rules.
func (tags) Schema(huma.Registry) *huma.Schema {
	low, high, most := 1, 20, 10
	return &huma.Schema{
		Type: huma.TypeArray, MaxItems: &most,
		Items: &huma.Schema{Type: huma.TypeString, MinLength: &low, MaxLength: &high},
	}
}

type getInput struct {
	ID       uuid.UUID `path:"id" format:"uuid"`
	Currency string    `query:"currency" enum:"EUR,USD,CHF"`
	Items    int32     `query:"items" minimum:"1" maximum:"100"`
	Note     bool      `query:"note" default:"true"`
}

type orderBody struct{ Body order }

type ordersInput struct {
	Body []order `minItems:"1" maxItems:"5000" nullable:"false"`
}

type placedOutput struct{ Body orders.Placed }

// New returns the server. Its answers have no link to their schema, which huma adds by
// default and the other servers do not have.
func New() (http.Handler, error) {
	s := &server{}
	if err := orders.Load(&s.stored); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Orders", "1.0.0")
	config.CreateHooks = nil
	api := humago.New(mux, config)
	huma.Get(api, "/orders/{id}", s.get)
	huma.Register(api, huma.Operation{
		OperationID: "createOrder", Method: http.MethodPost, Path: "/orders", DefaultStatus: http.StatusCreated,
	}, create)
	huma.Register(api, huma.Operation{
		OperationID: "createOrders", Method: http.MethodPost, Path: "/orders/bulk", MaxBodyBytes: 2 << 20,
	}, createAll)
	return mux, nil
}

type server struct{ stored order }

func (s *server) get(_ context.Context, in *getInput) (*orderBody, error) {
	out := &orderBody{Body: s.stored}
	o := &out.Body
	o.ID = in.ID
	if in.Currency != "" {
		o.Currency = in.Currency
	}
	if in.Items > 0 && int(in.Items) < len(o.Items) {
		o.Items = o.Items[:in.Items]
	}
	if !in.Note {
		o.Note = nil
	}
	return out, nil
}

func create(_ context.Context, in *orderBody) (*orderBody, error) { return in, nil }

func createAll(_ context.Context, in *ordersInput) (*placedOutput, error) {
	out := &placedOutput{Body: orders.Placed{Count: int64(len(in.Body))}}
	for i := range in.Body {
		out.Body.Total += in.Body[i].Total
	}
	return out, nil
}
