package peers

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

const anOrder = "/orders/0f3c5e71-9ab2-4d10-8c44-000000000007"

// bad is a request that the document does not allow.
type bad struct {
	name string
	// through are the servers that take it nevertheless.
	through []string
	target  string // of a GET, or
	change  [2]string
	bulk    bool // the change is made in the last of three orders
}

func (b bad) request(t *testing.T) Case {
	t.Helper()
	if b.target != "" {
		return Case{Name: b.name, Method: http.MethodGet, Target: b.target}
	}
	c := Case{Name: b.name, Method: http.MethodPost, Target: "/orders", Body: orders.JSON(orders.Sample(1))}
	if b.bulk {
		c.Target, c.Body = "/orders/bulk", orders.JSON(orders.Samples(3))
	}
	at := bytes.LastIndex(c.Body, []byte(b.change[0]))
	if at < 0 {
		t.Fatalf("%s: the order has no %s", b.name, b.change[0])
	}
	c.Body = slices.Concat(c.Body[:at], []byte(b.change[1]), c.Body[at+len(b.change[0]):])
	return c
}

// rules are broken by these: everybody refuses them but net/http, which refuses what
// Go's types cannot hold.
var rules = []bad{
	{name: "path: no uuid", target: "/orders/17"},
	{name: "query: not in the enum", target: anOrder + "?currency=XXX", through: []string{NetHTTP}},
	{name: "query: below the minimum", target: anOrder + "?items=0", through: []string{NetHTTP}},
	{name: "query: above the maximum", target: anOrder + "?items=101", through: []string{NetHTTP}},
	{name: "query: no integer", target: anOrder + "?items=two"},
	{name: "query: no boolean", target: anOrder + "?note=perhaps"},
	{name: "no JSON", change: [2]string{`"total"`, `total`}},
	{name: "cut off", change: [2]string{`}`, ``}},
	{name: "no uuid", change: [2]string{`"id":"0f3c5e71`, `"id":"zf3c5e71`}},
	{name: "no date-time", change: [2]string{`"createdAt":"2026-03-01T`, `"createdAt":"2026-02-30T`}},
	{name: "no email", change: [2]string{`@example.com`, `.example.com`}, through: []string{NetHTTP}},
	{name: "pattern", change: [2]string{`"ORD-000001"`, `"ORD-00001"`}, through: []string{NetHTTP}},
	{name: "pattern in an item", change: [2]string{`"MUG-109-J"`, `"mug"`}, through: []string{NetHTTP}},
	{name: "not in the enum", change: [2]string{`"paid"`, `"lost"`}, through: []string{NetHTTP}},
	{name: "too short", change: [2]string{`"Lindau"`, `""`}, through: []string{NetHTTP}},
	{name: "too long", change: [2]string{`"Ada Keller"`, `"` + strings.Repeat("A", 101) + `"`}, through: []string{NetHTTP}},
	{name: "too long in an array", change: [2]string{`"spring"`, `"` + strings.Repeat("s", 21) + `"`}, through: []string{NetHTTP}},
	{name: "below the minimum", change: [2]string{`"qty":10`, `"qty":0`}, through: []string{NetHTTP}},
	{name: "above the maximum", change: [2]string{`"total":`, `"total":99999`}, through: []string{NetHTTP}},
	{name: "beyond 64 bits", change: [2]string{`"total":`, `"total":99999999999999`}},
	{name: "no integer", change: [2]string{`"qty":10`, `"qty":10.5`}},
	{name: "another type", change: [2]string{`"qty":10`, `"qty":"10"`}},
	{name: "null", change: [2]string{`"Lindau"`, `null`}, through: []string{NetHTTP}},
	{name: "required", change: [2]string{`"reference":"ORD-000001",`, ``}, through: []string{NetHTTP}},
	{name: "required in an object", change: [2]string{`,"country":"DE"`, ``}, through: []string{NetHTTP}},
	{name: "unknown member", change: [2]string{`"total":`, `"paid":true,"total":`}, through: []string{NetHTTP}},
	{name: "too many elements", change: [2]string{`"tags":["gift","spring"]`, `"tags":["gift","spring","1","2","3","4","5","6","7","8","9"]`}, through: []string{NetHTTP}},
	{name: "the last of many", bulk: true, change: [2]string{`"DE"`, `"de"`}, through: []string{NetHTTP}},
}

// strictness goes beyond the document's rules: limit and bailey refuse what two readers
// may read differently, and it is part of what they are measured doing.
var strictness = []bad{
	{name: "query: unknown parameter", target: anOrder + "?debug=1", through: []string{OapiCodegen, Huma, NetHTTP}},
	{name: "query: repeated parameter", target: anOrder + "?items=2&items=3", through: []string{Huma, NetHTTP}},
	{name: "member twice", change: [2]string{`"total":`, `"total":1,"total":`}, through: []string{OapiCodegen, Huma, NetHTTP}},
	{name: "name in another case", change: [2]string{`"tags"`, `"Tags"`}, through: []string{Huma, NetHTTP}},
	{name: "invalid UTF-8", change: [2]string{`ring twice`, "ring \xff twice"}, through: []string{OapiCodegen, Huma, NetHTTP}},
	{name: "lone surrogate", change: [2]string{`ring twice`, `ring \ud800 twice`}, through: []string{OapiCodegen, Huma, NetHTTP}},
	{name: "second value", change: [2]string{`}`, `}{}`}, through: []string{OapiCodegen, NetHTTP}},
}

// Whoever validates refuses what breaks the document's rules. What else gets through,
// and where, is as the tables say.
func TestRefusals(t *testing.T) {
	all := servers(t)
	for _, b := range slices.Concat(rules, strictness) {
		t.Run(b.name, func(t *testing.T) {
			c := b.request(t)
			for _, s := range all {
				reply := do(t, s, c, s.Token)
				through := reply.Status < 400
				if through != slices.Contains(b.through, s.Name) || reply.Status >= 500 {
					t.Errorf("%s: %d %s", s.Name, reply.Status, reply.Body)
				}
			}
		})
	}
}
