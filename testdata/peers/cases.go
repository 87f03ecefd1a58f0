package peers

import (
	"net/http"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// Case is a request that is measured, and the answer of a server that validates.
type Case struct {
	Name   string
	Method string
	Target string
	Body   []byte
	// Status is the answer's; 0 is any refusal of the client (4xx).
	Status int
}

// Bulk is how many orders POST /orders/bulk gets at once.
const Bulk = 1000

// Cases makes the measured requests.
func Cases() []Case {
	invalid := orders.Sample(1)
	invalid.Total = -1 // the last member of the last object
	return []Case{
		{"get", http.MethodGet, "/orders/0f3c5e71-9ab2-4d10-8c44-000000000007?currency=CHF&items=2&note=true", nil, http.StatusOK},
		{"post1k", http.MethodPost, "/orders", orders.JSON(orders.Sample(1)), http.StatusCreated},
		{"bulk1000", http.MethodPost, "/orders/bulk", orders.JSON(orders.Samples(Bulk)), http.StatusOK},
		{"invalid", http.MethodPost, "/orders", orders.JSON(invalid), 0},
		{"unknown", http.MethodGet, "/customers/0f3c5e71-9ab2-4d10-8c44-000000000007", nil, http.StatusNotFound},
	}
}
