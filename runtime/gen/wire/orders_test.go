package wire_test

import (
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/types"
)

// The order below is decoded and encoded in the style of generated code, so that
// the benchmarks and the end-to-end tests measure what users get.

type opt[T any] struct {
	Value T
	Set   bool
}

type address struct {
	Line1      string
	Line2      opt[string]
	City       string
	PostalCode string
	Country    string
}

type customer struct {
	ID      types.UUID
	Name    string
	Email   string
	Address address
}

type item struct {
	Sku   string
	Name  string
	Qty   int32
	Price int64
}

type status string

type order struct {
	ID        types.UUID
	Reference string
	Status    status
	Currency  string
	CreatedAt time.Time
	Customer  customer
	Items     []item
	Tags      []string
	Note      opt[string]
	Total     int64
}

var (
	patternReference = wire.NewPattern(`^[A-Z]{3}-[0-9]{6}$`)
	patternCurrency  = wire.NewPattern(`^[A-Z]{3}$`)
	patternPostal    = wire.NewPattern(`^[0-9A-Z -]{3,10}$`)
	patternCountry   = wire.NewPattern(`^[A-Z]{2}$`)
	patternSku       = wire.NewPattern(`^[A-Z0-9-]{4,20}$`)
)

var keysAddress = wire.NewKeys([]string{"line1", "line2", "city", "postalCode", "country"}, func(s string) int {
	switch s {
	case "line1":
		return 0
	case "line2":
		return 1
	case "city":
		return 2
	case "postalCode":
		return 3
	case "country":
		return 4
	}
	return -1
})

func decodeAddress(d *wire.Decoder, v *address) {
	var seen uint64
	for f := d.Object(keysAddress, wire.Refuse); f >= 0; f = d.Next(keysAddress, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0: // line1
			v.Line1 = d.String()
			if !wire.MinRunes(v.Line1, 1) {
				d.Refuse("minLength")
			}
			if !wire.MaxRunes(v.Line1, 100) {
				d.Refuse("maxLength")
			}
		case 1: // line2
			v.Line2.Value = d.String()
			v.Line2.Set = true
			if !wire.MaxRunes(v.Line2.Value, 100) {
				d.Refuse("maxLength")
			}
		case 2: // city
			v.City = d.String()
			if !wire.MinRunes(v.City, 1) {
				d.Refuse("minLength")
			}
			if !wire.MaxRunes(v.City, 60) {
				d.Refuse("maxLength")
			}
		case 3: // postalCode
			v.PostalCode = d.String()
			if !patternPostal.Match(v.PostalCode) {
				d.Refuse("pattern")
			}
		case 4: // country
			v.Country = d.String()
			if !patternCountry.Match(v.Country) {
				d.Refuse("pattern")
			}
		}
	}
	d.Require(seen, 0b11101, keysAddress)
}

func appendAddress(e *wire.Encoder, b []byte, v *address) []byte {
	b = append(b, `{"line1":`...)
	if !wire.MinRunes(v.Line1, 1) {
		e.Refuse(b, "minLength")
	}
	if !wire.MaxRunes(v.Line1, 100) {
		e.Refuse(b, "maxLength")
	}
	b = wire.AppendString(b, v.Line1)
	if v.Line2.Set {
		b = append(b, `,"line2":`...)
		if !wire.MaxRunes(v.Line2.Value, 100) {
			e.Refuse(b, "maxLength")
		}
		b = wire.AppendString(b, v.Line2.Value)
	}
	b = append(b, `,"city":`...)
	if !wire.MinRunes(v.City, 1) {
		e.Refuse(b, "minLength")
	}
	if !wire.MaxRunes(v.City, 60) {
		e.Refuse(b, "maxLength")
	}
	b = wire.AppendString(b, v.City)
	b = append(b, `,"postalCode":`...)
	if !patternPostal.Match(v.PostalCode) {
		e.Refuse(b, "pattern")
	}
	b = wire.AppendString(b, v.PostalCode)
	b = append(b, `,"country":`...)
	if !patternCountry.Match(v.Country) {
		e.Refuse(b, "pattern")
	}
	b = wire.AppendString(b, v.Country)
	return append(b, '}')
}

var keysCustomer = wire.NewKeys([]string{"id", "name", "email", "address"}, func(s string) int {
	switch s {
	case "id":
		return 0
	case "name":
		return 1
	case "email":
		return 2
	case "address":
		return 3
	}
	return -1
})

func decodeCustomer(d *wire.Decoder, v *customer) {
	var seen uint64
	for f := d.Object(keysCustomer, wire.Refuse); f >= 0; f = d.Next(keysCustomer, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0: // id
			v.ID = d.UUID()
		case 1: // name
			v.Name = d.String()
			if !wire.MinRunes(v.Name, 1) {
				d.Refuse("minLength")
			}
			if !wire.MaxRunes(v.Name, 100) {
				d.Refuse("maxLength")
			}
		case 2: // email
			v.Email = d.String()
			if !wire.IsEmail(v.Email) {
				d.Refuse("format")
			}
			if !wire.MaxRunes(v.Email, 254) {
				d.Refuse("maxLength")
			}
		case 3: // address
			decodeAddress(d, &v.Address)
		}
	}
	d.Require(seen, 0b1111, keysCustomer)
}

func appendCustomer(e *wire.Encoder, b []byte, v *customer) []byte {
	b = append(b, `{"id":`...)
	b = wire.AppendUUID(b, v.ID)
	b = append(b, `,"name":`...)
	if !wire.MinRunes(v.Name, 1) {
		e.Refuse(b, "minLength")
	}
	if !wire.MaxRunes(v.Name, 100) {
		e.Refuse(b, "maxLength")
	}
	b = wire.AppendString(b, v.Name)
	b = append(b, `,"email":`...)
	if !wire.IsEmail(v.Email) {
		e.Refuse(b, "format")
	}
	if !wire.MaxRunes(v.Email, 254) {
		e.Refuse(b, "maxLength")
	}
	b = wire.AppendString(b, v.Email)
	b = append(b, `,"address":`...)
	b = appendAddress(e, b, &v.Address)
	return append(b, '}')
}

var keysItem = wire.NewKeys([]string{"sku", "name", "qty", "price"}, func(s string) int {
	switch s {
	case "sku":
		return 0
	case "name":
		return 1
	case "qty":
		return 2
	case "price":
		return 3
	}
	return -1
})

func decodeItem(d *wire.Decoder, v *item) {
	var seen uint64
	for f := d.Object(keysItem, wire.Refuse); f >= 0; f = d.Next(keysItem, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0: // sku
			v.Sku = d.String()
			if !patternSku.Match(v.Sku) {
				d.Refuse("pattern")
			}
		case 1: // name
			v.Name = d.String()
			if !wire.MinRunes(v.Name, 1) {
				d.Refuse("minLength")
			}
			if !wire.MaxRunes(v.Name, 80) {
				d.Refuse("maxLength")
			}
		case 2: // qty
			v.Qty = d.Int32()
			if v.Qty < 1 {
				d.Refuse("minimum")
			}
			if v.Qty > 1000 {
				d.Refuse("maximum")
			}
		case 3: // price
			v.Price = d.Int64()
			if v.Price < 0 {
				d.Refuse("minimum")
			}
			if v.Price > 1000000 {
				d.Refuse("maximum")
			}
		}
	}
	d.Require(seen, 0b1111, keysItem)
}

func appendItem(e *wire.Encoder, b []byte, v *item) []byte {
	b = append(b, `{"sku":`...)
	if !patternSku.Match(v.Sku) {
		e.Refuse(b, "pattern")
	}
	b = wire.AppendString(b, v.Sku)
	b = append(b, `,"name":`...)
	if !wire.MinRunes(v.Name, 1) {
		e.Refuse(b, "minLength")
	}
	if !wire.MaxRunes(v.Name, 80) {
		e.Refuse(b, "maxLength")
	}
	b = wire.AppendString(b, v.Name)
	b = append(b, `,"qty":`...)
	if v.Qty < 1 {
		e.Refuse(b, "minimum")
	}
	if v.Qty > 1000 {
		e.Refuse(b, "maximum")
	}
	b = wire.AppendInt64(b, int64(v.Qty))
	b = append(b, `,"price":`...)
	if v.Price < 0 {
		e.Refuse(b, "minimum")
	}
	if v.Price > 1000000 {
		e.Refuse(b, "maximum")
	}
	b = wire.AppendInt64(b, v.Price)
	return append(b, '}')
}

var keysOrder = wire.NewKeys([]string{"id", "reference", "status", "currency", "createdAt", "customer", "items", "tags", "note", "total"}, func(s string) int {
	switch s {
	case "id":
		return 0
	case "reference":
		return 1
	case "status":
		return 2
	case "currency":
		return 3
	case "createdAt":
		return 4
	case "customer":
		return 5
	case "items":
		return 6
	case "tags":
		return 7
	case "note":
		return 8
	case "total":
		return 9
	}
	return -1
})

func validStatus(v status) bool {
	switch v {
	case "pending", "paid", "shipped", "delivered", "cancelled":
		return true
	}
	return false
}

func decodeTag(d *wire.Decoder, v *string) {
	*v = d.String()
	if !wire.MinRunes(*v, 1) {
		d.Refuse("minLength")
	}
	if !wire.MaxRunes(*v, 20) {
		d.Refuse("maxLength")
	}
}

func appendTag(e *wire.Encoder, b []byte, v *string) []byte {
	if !wire.MinRunes(*v, 1) {
		e.Refuse(b, "minLength")
	}
	if !wire.MaxRunes(*v, 20) {
		e.Refuse(b, "maxLength")
	}
	return wire.AppendString(b, *v)
}

func decodeOrder(d *wire.Decoder, v *order) {
	var seen uint64
	for f := d.Object(keysOrder, wire.Refuse); f >= 0; f = d.Next(keysOrder, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0: // id
			v.ID = d.UUID()
		case 1: // reference
			v.Reference = d.String()
			if !patternReference.Match(v.Reference) {
				d.Refuse("pattern")
			}
		case 2: // status
			v.Status = status(d.String())
			if !validStatus(v.Status) {
				d.Refuse("enum")
			}
		case 3: // currency
			v.Currency = d.String()
			if !patternCurrency.Match(v.Currency) {
				d.Refuse("pattern")
			}
			if !wire.MinRunes(v.Currency, 3) {
				d.Refuse("minLength")
			}
			if !wire.MaxRunes(v.Currency, 3) {
				d.Refuse("maxLength")
			}
		case 4: // createdAt
			v.CreatedAt = d.Time()
		case 5: // customer
			decodeCustomer(d, &v.Customer)
		case 6: // items
			wire.Array(d, &v.Items, 100, decodeItem)
			if len(v.Items) < 1 {
				d.Refuse("minItems")
			}
		case 7: // tags
			wire.Array(d, &v.Tags, 10, decodeTag)
		case 8: // note
			v.Note.Value = d.String()
			v.Note.Set = true
			if !wire.MaxRunes(v.Note.Value, 200) {
				d.Refuse("maxLength")
			}
		case 9: // total
			v.Total = d.Int64()
			if v.Total < 0 {
				d.Refuse("minimum")
			}
			if v.Total > 1000000000 {
				d.Refuse("maximum")
			}
		}
	}
	d.Require(seen, 0b1001111111&^(1<<7), keysOrder)
}

func appendOrder(e *wire.Encoder, b []byte, v *order) []byte {
	b = append(b, `{"id":`...)
	b = wire.AppendUUID(b, v.ID)
	b = append(b, `,"reference":`...)
	if !patternReference.Match(v.Reference) {
		e.Refuse(b, "pattern")
	}
	b = wire.AppendString(b, v.Reference)
	b = append(b, `,"status":`...)
	if !validStatus(v.Status) {
		e.Refuse(b, "enum")
	}
	b = wire.AppendString(b, string(v.Status))
	b = append(b, `,"currency":`...)
	if !patternCurrency.Match(v.Currency) {
		e.Refuse(b, "pattern")
	}
	b = wire.AppendString(b, v.Currency)
	b = append(b, `,"createdAt":`...)
	if !wire.TimeFits(v.CreatedAt) {
		e.Refuse(b, "format")
	}
	b = wire.AppendTime(b, v.CreatedAt)
	b = append(b, `,"customer":`...)
	b = appendCustomer(e, b, &v.Customer)
	b = append(b, `,"items":`...)
	if len(v.Items) < 1 {
		e.Refuse(b, "minItems")
	}
	if len(v.Items) > 100 {
		e.Refuse(b, "maxItems")
	}
	b = wire.AppendArray(e, b, v.Items, appendItem)
	if v.Tags != nil {
		b = append(b, `,"tags":`...)
		if len(v.Tags) > 10 {
			e.Refuse(b, "maxItems")
		}
		b = wire.AppendArray(e, b, v.Tags, appendTag)
	}
	if v.Note.Set {
		b = append(b, `,"note":`...)
		if !wire.MaxRunes(v.Note.Value, 200) {
			e.Refuse(b, "maxLength")
		}
		b = wire.AppendString(b, v.Note.Value)
	}
	b = append(b, `,"total":`...)
	if v.Total < 0 {
		e.Refuse(b, "minimum")
	}
	if v.Total > 1000000000 {
		e.Refuse(b, "maximum")
	}
	b = wire.AppendInt64(b, v.Total)
	return append(b, '}')
}

func decodeOrders(d *wire.Decoder, v *[]order) {
	wire.Array(d, v, 5000, decodeOrder)
	if len(*v) < 1 {
		d.Refuse("minItems")
	}
}

// orderText is an order of about 1 KB.
const orderText = `{"id":"7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11","reference":"ORD-123456","status":"paid","currency":"EUR",` +
	`"createdAt":"2024-05-17T09:30:15.25Z","customer":{"id":"0b8f1a52-6c5d-4c3e-9f0a-5b8f6f0a7c22","name":"Ada Lovelace",` +
	`"email":"ada.lovelace@example.com","address":{"line1":"12 St James's Square","line2":"Second floor","city":"London",` +
	`"postalCode":"SW1Y 4JH","country":"GB"}},"items":[` +
	`{"sku":"SKU-0001","name":"Blue widget, small","qty":2,"price":1299},` +
	`{"sku":"SKU-0002","name":"Red widget, medium","qty":1,"price":2599},` +
	`{"sku":"SKU-0003","name":"Green widget, large","qty":12,"price":399},` +
	`{"sku":"SKU-0004","name":"Wrench","qty":1,"price":4999},` +
	`{"sku":"SKU-0005","name":"Box of 100 screws","qty":4,"price":899},` +
	`{"sku":"SKU-0006","name":"Hammer, wooden handle","qty":1,"price":1899},` +
	`{"sku":"SKU-0007","name":"Measuring tape","qty":3,"price":749},` +
	`{"sku":"SKU-0008","name":"Safety goggles","qty":2,"price":1099},` +
	`{"sku":"SKU-0009","name":"Work gloves","qty":5,"price":599},` +
	`{"sku":"SKU-0010","name":"Ladder, 3 m","qty":1,"price":8999}],` +
	`"tags":["priority","gift","b2b"],"note":"Please leave the parcel with the neighbour.","total":43210}`
