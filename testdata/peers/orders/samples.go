package orders

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Items is how many items each sample order has.
const Items = 10

// Sample makes the order with number n. It is the same at every call.
func Sample(n int) Order {
	note := "Please ring twice."
	o := Order{
		ID:        uuid.UUID{0x0f, 0x3c, 0x5e, 0x71, 0x9a, 0xb2, 0x4d, 0x10, 0x8c, 0x44, 0, 0, 0, 0, byte(n >> 8), byte(n)},
		Reference: fmt.Sprintf("ORD-%06d", n%1_000_000),
		Status:    "paid",
		Currency:  "EUR",
		CreatedAt: time.Date(2026, 3, 1, 9, 30, 15, 0, time.UTC).Add(time.Duration(n) * time.Minute),
		Customer: Customer{
			ID:    uuid.UUID{0x6b, 0x1f, 0xd3, 0x02, 0x55, 0xc8, 0x4e, 0x21, 0x9d, 0x07, 1, 1, 1, 1, byte(n >> 8), byte(n)},
			Name:  "Ada Keller",
			Email: "ada.keller@example.com",
			Address: Address{
				Line1: "Hauptstrasse 12", City: "Lindau", PostalCode: "88131", Country: "DE",
			},
		},
		Tags: []string{"gift", "spring"},
		Note: &note,
	}
	for i := range Items {
		item := Item{SKU: fmt.Sprintf("MUG-%03d-%c", 100+i, 'A'+i), Name: "Blue enamel mug", Qty: int32(i + 1), Price: int64(950 + 25*i)}
		o.Items = append(o.Items, item)
		o.Total += int64(item.Qty) * item.Price
	}
	return o
}

// Samples makes the first n orders.
func Samples(n int) []Order {
	all := make([]Order, n)
	for i := range all {
		all[i] = Sample(i)
	}
	return all
}

// JSON writes v as a client would: compact, the members in the document's order.
func JSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the values are this package's own
	}
	return b
}

// Load reads the stored order, which every GET shows, into the type of a server that
// understands JSON tags.
func Load(v any) error { return json.Unmarshal(JSON(Sample(0)), v) }
