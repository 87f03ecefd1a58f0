package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// report writes an error as a test wants it: "syntax <offset> <pointer>: ..." or
// one "<pointer> <keyword>" for each violation, with "..." for more.
func report(err error) string {
	var syntax *wire.SyntaxError
	var invalid *wire.Invalid
	switch {
	case err == nil:
		return ""
	case errors.As(err, &syntax):
		return fmt.Sprintf("syntax %d %s: %s", syntax.Offset, syntax.Pointer, syntax.Reason)
	case errors.As(err, &invalid):
		var out []string
		for _, v := range invalid.Violations {
			out = append(out, v.Pointer+" "+v.Keyword)
		}
		if invalid.More {
			out = append(out, "...")
		}
		return strings.Join(out, ", ")
	}
	return err.Error()
}

// swap replaces old in the order, once.
func swap(old, with string) string {
	if !strings.Contains(orderText, old) {
		panic("the order has no " + old)
	}
	return strings.Replace(orderText, old, with, 1)
}

// orderCases are orders with something wrong with them, or only something
// unusual.
var orderCases = []struct{ name, text, want string }{
	{"plain", orderText, ""},
	{"white space", strings.NewReplacer(`":`, "\" :\r\n\t ", `,"`, " , \"", `{"`, `{ "`, `}`, ` }`).Replace(" " + orderText + "\n"), ""},
	{"escaped names", swap(`"total":`, `"\u0074otal":`), ""},
	{"escaped first name", swap(`{"id":`, `{"\u0069d":`), ""},
	{"other order", strings.Replace(swap(`"id":"7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11",`, ``), `"total":`, `"id":"7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11","total":`, 1), ""},
	{"one left out", swap(`,"tags":["priority","gift","b2b"]`, ``), ""},
	{"two left out", swap(`,"tags":["priority","gift","b2b"],"note":"Please leave the parcel with the neighbour."`, ``), ""},
	{"integer as 1.0", swap(`"qty":12,`, `"qty":12.0,`), ""},
	{"integer as 1e2", swap(`"total":43210`, `"total":4321e1`), ""},

	{"type of a string", swap(`"reference":"ORD-123456"`, `"reference":{"a":[1,{"b":2}]}`), "/reference type"},
	{"type of an object", strings.Replace(swap(`"address":{`, `"address":[{`), `"country":"GB"}`, `"country":"GB"}]`, 1), "/customer/address type"},
	{"type of an array", strings.Replace(swap(`"tags":[`, `"tags":{"a":[`), `"b2b"]`, `"b2b"]}`, 1), "/tags type"},
	{"type of a number", swap(`"total":43210`, `"total":"43210"`), "/total type"},
	{"null", swap(`"email":"ada.lovelace@example.com"`, `"email":null`), "/customer/email type"},
	{"fraction", swap(`"qty":12,`, `"qty":12.5,`), "/items/2/qty type"},
	{"too big for 32 bits", swap(`"qty":12,`, `"qty":4294967297,`), "/items/2/qty format"},
	{"too big for 64 bits", swap(`"total":43210`, `"total":1e30`), "/total format"},
	{"uuid", swap(`"0b8f1a52-`, `"{b8f1a52-`), "/customer/id format"},
	{"uuid of another type", swap(`"0b8f1a52-6c5d-4c3e-9f0a-5b8f6f0a7c22"`, `17`), "/customer/id type"},
	{"time", swap(`"2024-05-17T09:30:15.25Z"`, `"2024-05-17 09:30:15Z"`), "/createdAt format"},
	{"enum", swap(`"paid"`, `"PAID"`), "/status enum"},
	{"pattern", swap(`"SKU-0003"`, `"sku"`), "/items/2/sku pattern"},
	{"empty", swap(`"Wrench"`, `""`), "/items/3/name minLength"},
	{"long", swap(`"gift"`, `"`+strings.Repeat("é", 21)+`"`), "/tags/1 maxLength"},
	{"bounds", swap(`"qty":12,`, `"qty":0,`), "/items/2/qty minimum"},
	{"bounds, other side", swap(`"price":2599`, `"price":1000001`), "/items/1/price maximum"},
	{"no items", swap(orderText[strings.Index(orderText, `"items":[`):strings.Index(orderText, `,"tags"`)], `"items":[ ]`), "/items minItems"},
	{"too many tags", swap(`"gift"`, `"g"`+strings.Repeat(`,"x"`, 10)), "/tags maxItems"},
	{"unknown", swap(`"total":`, `"admin":{"yes":[true]},"total":`), "/admin additionalProperties"},
	{"unknown, first", swap(`{"id":`, `{"admin":true,"id":`), "/admin additionalProperties"},
	{"unknown, last", swap(`"total":43210`, `"total":43210,"x~y/z":1`), "/x~0y~1z additionalProperties"},
	{"unknown, escaped", swap(`"total":43210`, `"total":43210,"\u0061\"":1`), `/a" additionalProperties`},
	{"missing", swap(`"sku":"SKU-0003",`, ``), "/items/2 required"},
	{"missing, nested", swap(`,"country":"GB"`, ``), "/customer/address required"},
	{"several", strings.Replace(swap(`"paid"`, `"owed"`), `"qty":12,`, `"qty":0,"colour":1,`, 1), "/status enum, /items/2/qty minimum, /items/2/colour additionalProperties"},
	{"type of all", `[]`, " type"},

	{"empty text", ``, "syntax 0 : the text ends too early"},
	{"cut in a string", orderText[:40], "syntax 40 /id: the text ends too early"},
	{"cut in a name", orderText[:3], "syntax 3 : the text ends too early"},
	{"cut after a value", orderText[:len(orderText)-1], fmt.Sprintf("syntax %d : the text ends too early", len(orderText)-1)},
	{"trailing", orderText + "x", fmt.Sprintf("syntax %d : something follows the value", len(orderText))},
	{"two values", orderText + orderText, fmt.Sprintf("syntax %d : something follows the value", len(orderText))},
	{"NUL behind", orderText + "\x00", fmt.Sprintf("syntax %d : something follows the value", len(orderText))},
	{"control character", swap("Wrench", "Wr\x01nch"), "syntax 618 /items/3/name: a control character stands in a string"},
	{"invalid UTF-8", swap("Wrench", "Wr\xffnch"), "syntax 618 /items/3/name: the text is not valid UTF-8"},
	{"lone surrogate", swap("Wrench", `Wr\ud800nch`), "syntax 618 /items/3/name: a surrogate stands alone"},
	{"bad escape", swap("Wrench", `Wr\xnch`), "syntax 618 /items/3/name: an escape is not valid"},
	{"leading zero", swap(`"qty":12,`, `"qty":012,`), "syntax 574 /items/2/qty: a number is not valid"},
	{"plus sign", swap(`"qty":12,`, `"qty":+12,`), "syntax 574 /items/2/qty: this is not a JSON value"},
	{"comma at the end", swap(`"b2b"]`, `"b2b",]`), "syntax 1064 /tags/3: this is not a JSON value"},
	{"comma at the end of an object", swap(`"country":"GB"}`, `"country":"GB",}`), "syntax 374 /customer/address: a member name is expected here"},
	{"no colon", swap(`"total":`, `"total"`), "syntax 1125 : a colon is expected here"},
	{"no comma", swap(`,"total":`, `"total":`), "syntax 1117 : a comma or a closing bracket is expected here"},
	{"twice", swap(`"total":43210`, `"total":43210,"total":1`), "syntax 1140 /total: a member name occurs twice"},
	{"twice, escaped", swap(`"total":43210`, `"total":43210,"\u0074otal":1`), "syntax 1145 /total: a member name occurs twice"},
	{"unknown twice", swap(`{"line1"`, `{"q":1,"q":2,"line1"`), "syntax 275 /customer/address/q: a member name occurs twice"},
	{"twice in a skipped value", swap(`"ORD-123456"`, `{"a":1,"b":{},"\u0061":2}`), "syntax 80 /reference/a: a member name occurs twice"},
	{"syntax beats schema", swap(`"total":43210`, `"total":"x","total":1`), "syntax 1138 /total: a member name occurs twice"},
}

func TestOrder(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	for _, test := range orderCases {
		var v order
		d.Reset(test.text, wire.Limits{})
		decodeOrder(&d, &v)
		d.End()
		if got := report(d.Err()); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
		if oracle(test.text) == strings.HasPrefix(test.want, "syntax") {
			t.Errorf("%s: jsontext does not think so", test.name)
		}
	}
}
