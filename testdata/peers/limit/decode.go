package limit

import "strconv"

var (
	orderMembers = membersOf("id", "reference", "status", "currency", "createdAt", "customer",
		"items", "tags", "note", "total")
	customerMembers = membersOf("id", "name", "email", "address")
	addressMembers  = membersOf("line1", "line2", "city", "postalCode", "country")
	itemMembers     = membersOf("sku", "name", "qty", "price")
)

// The members that must come, as bits.
const (
	orderRequired    = 0b10_0111_1111
	customerRequired = 0b1111
	addressRequired  = 0b1_1101
	itemRequired     = 0b1111
)

func (d *decoder) order(v *order) bool {
	var seen uint32
	for f := d.next(orderMembers, -1, &seen); f >= 0; f = d.next(orderMembers, f, &seen) {
		ok := false
		switch f {
		case 0:
			v.id, ok = d.uuid()
		case 1:
			v.reference, ok = d.str()
			ok = ok && d.require(isReference(v.reference), "pattern")
		case 2:
			v.status, ok = d.str()
			ok = ok && d.require(isStatus(v.status), "enum")
		case 3:
			v.currency, ok = d.str()
			ok = ok && d.require(isCurrency(v.currency), "enum")
		case 4:
			v.createdAt, ok = d.time()
		case 5:
			ok = d.customer(&v.customer)
		case 6:
			ok = d.orderItems(v)
		case 7:
			ok = d.orderTags(v)
		case 8:
			v.note, ok = d.optional(200)
		case 9:
			v.total, ok = d.integer(0, 1_000_000_000)
		}
		if !ok {
			return d.in(orderMembers[f].name)
		}
	}
	return d.complete(orderMembers, seen, orderRequired)
}

func (d *decoder) orderItems(v *order) bool {
	d.items = d.items[:0]
	for n := 0; d.element(n); n++ {
		if n == 100 {
			return d.fault("maxItems")
		}
		d.items = append(d.items, item{})
		if !d.item(&d.items[n]) {
			return d.in(strconv.Itoa(n))
		}
	}
	if d.rule != "" {
		return false
	}
	v.items = keep(d.items, &d.itemStock, d.big)
	return d.require(len(v.items) > 0, "minItems")
}

func (d *decoder) orderTags(v *order) bool {
	d.tags = d.tags[:0]
	for n := 0; d.element(n); n++ {
		if n == 10 {
			return d.fault("maxItems")
		}
		tag, ok := d.sized(1, 20)
		if !ok {
			return d.in(strconv.Itoa(n))
		}
		d.tags = append(d.tags, tag)
	}
	if d.rule != "" {
		return false
	}
	v.tags = keep(d.tags, &d.tagStock, d.big)
	return true
}

func (d *decoder) customer(v *customer) bool {
	var seen uint32
	for f := d.next(customerMembers, -1, &seen); f >= 0; f = d.next(customerMembers, f, &seen) {
		ok := false
		switch f {
		case 0:
			v.id, ok = d.uuid()
		case 1:
			v.name, ok = d.sized(1, 100)
		case 2:
			v.email, ok = d.str()
			ok = ok && d.require(isEmail(v.email), "format")
		case 3:
			ok = d.address(&v.address)
		}
		if !ok {
			return d.in(customerMembers[f].name)
		}
	}
	return d.complete(customerMembers, seen, customerRequired)
}

func (d *decoder) address(v *address) bool {
	var seen uint32
	for f := d.next(addressMembers, -1, &seen); f >= 0; f = d.next(addressMembers, f, &seen) {
		ok := false
		switch f {
		case 0:
			v.line1, ok = d.sized(1, 100)
		case 1:
			v.line2, ok = d.optional(100)
		case 2:
			v.city, ok = d.sized(1, 60)
		case 3:
			v.postalCode, ok = d.str()
			ok = ok && d.require(isPostalCode(v.postalCode), "pattern")
		case 4:
			v.country, ok = d.str()
			ok = ok && d.require(isCountry(v.country), "pattern")
		}
		if !ok {
			return d.in(addressMembers[f].name)
		}
	}
	return d.complete(addressMembers, seen, addressRequired)
}

// item reads what nearly every item looks like first, and again if it is not that, or
// has a fault that must be named.
func (d *decoder) item(v *item) bool {
	start := d.at
	if d.compactItem(v) {
		return true
	}
	d.at, d.rule = start, ""
	var seen uint32
	for f := d.next(itemMembers, -1, &seen); f >= 0; f = d.next(itemMembers, f, &seen) {
		ok := false
		switch f {
		case 0:
			v.sku, ok = d.str()
			ok = ok && d.require(isSKU(v.sku), "pattern")
		case 1:
			v.name, ok = d.sized(1, 80)
		case 2:
			var n int64
			n, ok = d.integer(1, 1000)
			v.qty = int32(n)
		case 3:
			v.price, ok = d.integer(0, 1_000_000)
		}
		if !ok {
			return d.in(itemMembers[f].name)
		}
	}
	return d.complete(itemMembers, seen, itemRequired)
}

// compactItem reads an item that is written without white space and in the document's
// order.
func (d *decoder) compactItem(v *item) bool {
	var n int64
	ok := d.has(`{"sku":`)
	if !ok {
		return false
	}
	if v.sku, ok = d.str(); !ok || !isSKU(v.sku) || !d.has(`,"name":`) {
		return false
	}
	if v.name, ok = d.str(); !ok || !fits(v.name, 1, 80) || !d.has(`,"qty":`) {
		return false
	}
	if n, ok = d.integer(1, 1000); !ok || !d.has(`,"price":`) {
		return false
	}
	v.qty = int32(n)
	v.price, ok = d.integer(0, 1_000_000)
	return ok && d.has(`}`)
}

// orders reads the array of POST /orders/bulk. The first order tells how many there
// will be about.
func (d *decoder) orders() ([]order, bool) {
	var all []order
	for n := 0; d.element(n); n++ {
		if n == 5000 {
			return nil, d.fault("maxItems")
		}
		if n == 1 {
			first := all[0]
			all = append(make([]order, 0, min(2+len(d.text)*17/16/d.at, 5000)), first)
		}
		all = append(all, order{})
		if !d.order(&all[n]) {
			return nil, d.in(strconv.Itoa(n))
		}
	}
	if d.rule != "" || !d.end() {
		return nil, false
	}
	return all, d.require(len(all) > 0, "minItems")
}
