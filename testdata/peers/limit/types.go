package limit

import (
	"time"

	"github.com/google/uuid"
)

type order struct {
	id        uuid.UUID
	reference string
	status    string // one of the document's
	currency  string // one of the document's
	createdAt time.Time
	customer  customer
	items     []item
	tags      []string
	note      optional
	total     int64
}

type customer struct {
	id      uuid.UUID
	name    string
	email   string
	masked  bool
	address address
}

type address struct {
	line1      string
	line2      optional
	city       string
	postalCode string
	country    string
}

type item struct {
	sku   string
	name  string
	qty   int32
	price int64
}

type optional struct {
	value string
	set   bool
}

type placed struct{ count, total int64 }
