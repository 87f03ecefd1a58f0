// Package orders is what the measured servers have in common: orders as a client has
// them, and the stored order that every GET shows.
package orders

import (
	"time"

	"github.com/google/uuid"
)

// Order is the document's Order as clients write it. The bare net/http server works on
// it; the others have types of their own.
type Order struct {
	ID        uuid.UUID `json:"id"`
	Reference string    `json:"reference"`
	Status    string    `json:"status"`
	Currency  string    `json:"currency"`
	CreatedAt time.Time `json:"createdAt"`
	Customer  Customer  `json:"customer"`
	Items     []Item    `json:"items"`
	Tags      []string  `json:"tags,omitempty"`
	Note      *string   `json:"note,omitempty"`
	Total     int64     `json:"total"`
}

// Customer is who ordered.
type Customer struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Address Address   `json:"address"`
}

// Address is where the order goes.
type Address struct {
	Line1      string  `json:"line1"`
	Line2      *string `json:"line2,omitempty"`
	City       string  `json:"city"`
	PostalCode string  `json:"postalCode"`
	Country    string  `json:"country"`
}

// Item is one line of an order.
type Item struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Qty   int32  `json:"qty"`
	Price int64  `json:"price"`
}

// Placed sums up the orders that came at once.
type Placed struct {
	Count int64 `json:"count"`
	Total int64 `json:"total"`
}
