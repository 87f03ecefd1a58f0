package limit

import (
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

func appendOrder(b []byte, v *order) []byte {
	b = append(b, `{"id":`...)
	b = appendUUID(b, &v.id)
	b = append(b, `,"reference":"`...)
	b = append(b, v.reference...) // its pattern has nothing to escape
	b = append(b, `","status":"`...)
	b = append(b, v.status...)
	b = append(b, `","currency":"`...)
	b = append(b, v.currency...)
	b = append(b, `","createdAt":"`...)
	b = v.createdAt.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","customer":`...)
	b = appendCustomer(b, &v.customer)
	b = append(b, `,"items":[`...)
	for i := range v.items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendItem(b, &v.items[i])
	}
	b = append(b, ']')
	if v.tags != nil {
		b = append(b, `,"tags":[`...)
		for i, tag := range v.tags {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, tag)
		}
		b = append(b, ']')
	}
	b = appendOptional(b, `,"note":`, v.note)
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, v.total, 10)
	return append(b, '}')
}

func appendCustomer(b []byte, v *customer) []byte {
	b = append(b, `{"id":`...)
	b = appendUUID(b, &v.id)
	b = append(b, `,"name":`...)
	b = appendString(b, v.name)
	b = append(b, `,"email":`...)
	if v.masked {
		b = appendMasked(b, v.email)
	} else {
		b = appendString(b, v.email)
	}
	b = append(b, `,"address":{"line1":`...)
	b = appendString(b, v.address.line1)
	b = appendOptional(b, `,"line2":`, v.address.line2)
	b = append(b, `,"city":`...)
	b = appendString(b, v.address.city)
	b = append(b, `,"postalCode":"`...)
	b = append(b, v.address.postalCode...)
	b = append(b, `","country":"`...)
	b = append(b, v.address.country...)
	return append(b, `"}}`...)
}

func appendItem(b []byte, v *item) []byte {
	b = append(b, `{"sku":"`...)
	b = append(b, v.sku...)
	b = append(b, `","name":`...)
	b = appendString(b, v.name)
	b = append(b, `,"qty":`...)
	b = strconv.AppendInt(b, int64(v.qty), 10)
	b = append(b, `,"price":`...)
	b = strconv.AppendInt(b, v.price, 10)
	return append(b, '}')
}

func appendPlaced(b []byte, v placed) []byte {
	b = append(b, `{"count":`...)
	b = strconv.AppendInt(b, v.count, 10)
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, v.total, 10)
	return append(b, '}')
}

func appendOptional(b []byte, lead string, v optional) []byte {
	if !v.set {
		return b
	}
	b = append(b, lead...)
	return appendString(b, v.value)
}

func appendUUID(b []byte, id *uuid.UUID) []byte {
	b = append(b, '"')
	b = hex.AppendEncode(b, id[:4])
	for _, part := range [4][2]int{{4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		b = append(b, '-')
		b = hex.AppendEncode(b, id[part[0]:part[1]])
	}
	return append(b, '"')
}

// appendString appends a JSON string of valid UTF-8, which is all that was let in.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if plain[c] || c >= utf8.RuneSelf {
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, `\u00`...)
			b = hex.AppendEncode(b, []byte{c})
		}
		from = i + 1
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}
