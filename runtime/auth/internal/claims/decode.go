// Package claims reads what issuers say about callers: JSON objects, strictly and once.
package claims

import (
	"encoding/json"
	"errors"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// maxDepth bounds the nesting of what is decoded.
const maxDepth = 16

var errValues = errors.New("too many values")

// Decode decodes one JSON object strictly: no duplicate member at any
// depth, valid UTF-8, nothing after it. Numbers stay exact text. It also returns the number of values in it.
func Decode(text string, maxValues int) (map[string]any, int, error) {
	var (
		d     wire.Decoder
		count int
		item  func(d *wire.Decoder, v *any)
	)
	d.Reset(text, wire.Limits{Depth: maxDepth, Violations: 1})
	item = func(d *wire.Decoder, v *any) {
		if count++; count > maxValues {
			d.Refuse("maxProperties")
			d.Skip()
			return
		}
		switch d.Kind() {
		case wire.KindNull:
			d.Null()
		case wire.KindBool:
			*v = d.Bool()
		case wire.KindNumber:
			*v = json.Number(d.Number())
		case wire.KindString:
			*v = d.String()
		case wire.KindArray:
			var list []any
			wire.Array(d, &list, -1, item)
			*v = list
		case wire.KindObject:
			var members map[string]any
			wire.Map(d, &members, -1, item)
			*v = members
		default:
			d.Skip() // not JSON: the decoder says so
		}
	}
	var members map[string]any
	wire.Map(&d, &members, -1, item)
	d.End()
	if err := d.Err(); err != nil {
		return nil, 0, err
	}
	if members == nil || count > maxValues {
		return nil, 0, errValues
	}
	return members, count, nil
}
