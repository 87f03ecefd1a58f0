package securitytest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

func TestLongText(t *testing.T) {
	for _, test := range []struct {
		long  Long
		begin string
	}{
		{Long{Open: `{"a":[`, Item: "1", Shut: "]}"}, `{"a":[1,1,1`},
		{Long{Open: "{", Item: "[]", Shut: "}", Named: true}, `{"0":[],"1":[],`},
		{Long{Item: "{}", Lines: true}, "{}\n{}\n{}\n"},
	} {
		const size = 1 << 10
		got := test.long.text(size)
		if !strings.HasPrefix(got, test.begin) || !strings.HasSuffix(got, test.long.Item+test.long.Shut) && !test.long.Lines || len(got) > size || len(got) < size-32 {
			t.Errorf("%+v: %d bytes, %.40s", test.long, len(got), got)
		}
	}
}

// TestLongPlace holds where long texts go: into a body, perhaps of another media type, or into a parameter of a request
// that did not have it.
func TestLongPlace(t *testing.T) {
	request := func() Operation {
		return Operation{Operation: &gen.Operation{ID: "a"}, Target: "/a?p=1", Header: map[string]string{"Cookie": "c=1; d=2", "X-A": "1"}, ContentType: "text/plain", Body: "b"}
	}
	for _, test := range []struct {
		long Long
		want func(op Operation, text string) bool
	}{
		{Long{Open: "x=", Item: "{n}&", Joined: true, ContentType: "application/x-www-form-urlencoded"}, func(op Operation, text string) bool {
			return op.Body == text && strings.HasPrefix(text, "x=0&1&2&") && op.ContentType == "application/x-www-form-urlencoded" && op.Target == "/a?p=1"
		}},
		{Long{Open: "[", Item: "0", Shut: "]"}, func(op Operation, text string) bool {
			return op.Body == text && op.ContentType == "text/plain"
		}},
		{Long{Item: "p=1&", Joined: true, In: "query", Name: "p", Target: "/a"}, func(op Operation, text string) bool {
			return op.Target == "/a?"+strings.TrimSuffix(text, "&") && op.Body == "b" && len(text) > longestParam/2
		}},
		{Long{Item: "p=1&", Joined: true, In: "query", Name: "p", Target: "/a?q=1"}, func(op Operation, text string) bool {
			return strings.HasPrefix(op.Target, "/a?q=1&p=1&p=1")
		}},
		{Long{Item: "a,", Joined: true, In: "header", Name: "X-A", Target: "/a?p=1", Header: map[string]string{"Cookie": "c=1"}}, func(op Operation, text string) bool {
			return op.Header["X-A"] == text && op.Header["Cookie"] == "c=1" && op.Target == "/a?p=1"
		}},
		{Long{Item: "c=1; ", Joined: true, In: "cookie", Name: "c", Target: "/a", Header: map[string]string{"Cookie": "d=2"}}, func(op Operation, text string) bool {
			return strings.HasPrefix(op.Header["Cookie"], "d=2; c=1; c=1; ") && strings.HasSuffix(op.Header["Cookie"], "c=1")
		}},
	} {
		op := request()
		if text := test.long.place(&op, 1<<10); !test.want(op, text) {
			t.Errorf("%+v: %.60q: %+v", test.long, text, op)
		}
		if test.long.Header["Cookie"] == "d=2; c=1" {
			t.Errorf("%+v: the header of the table has changed", test.long)
		}
	}
}

// TestWithoutLong: long bodies are taken from operations by their ids alone, so that others that come, or an
// order, change nothing.
func TestWithoutLong(t *testing.T) {
	op := func(id string, long bool) Operation {
		o := Operation{Operation: &gen.Operation{ID: id}}
		if long {
			o.Long = []Long{{Open: "[", Item: "0", Shut: "]"}}
		}
		return o
	}
	chosen := func(ops []Operation) (ids []string) {
		for _, o := range ops {
			if len(o.Long) > 0 {
				ids = append(ids, o.ID)
			}
		}
		slices.Sort(ids)
		return ids
	}
	ops := []Operation{op("none", false), op("a", true), op("b", true), op("c", true), op("d", true)}
	if list, left, err := withoutLong(ops, ""); err != nil || left != 0 || len(chosen(list)) != 4 {
		t.Errorf("without a number: %q, %d left, %v", chosen(list), left, err)
	}
	some, left, err := withoutLong(ops, "2")
	if err != nil || left != 2 || len(some) != len(ops) || len(chosen(some)) != 2 || len(chosen(ops)) != 4 {
		t.Errorf("two: %q of %d, %d left, %v; %q before", chosen(some), len(some), left, err, chosen(ops))
	}
	slices.Reverse(ops)
	if again, _, _ := withoutLong(ops[:4], "2"); !slices.Equal(chosen(again), chosen(some)) {
		t.Errorf("in another order: %q, and %q before", chosen(again), chosen(some))
	}
	if all, left, err := withoutLong(ops, "9"); err != nil || left != 0 || len(chosen(all)) != 4 {
		t.Errorf("nine: %q, %d left, %v", chosen(all), left, err)
	}
	for _, bad := range []string{"all", "-1", "1.5"} {
		if _, _, err := withoutLong(ops, bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestLong: a server whose decoder is not bounded is found, by what it allocates and by the steps that it counts.
func TestLong(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("no long bodies are sent")
	}
	op := gen.Operation{ID: "long", Method: "POST", Path: "/long", Access: gen.Public("a test"), Consumes: []string{"application/json"}, Limits: gen.Limits{Body: 256 << 10}}
	type wide [90]string
	serve := func(limits wire.Limits, work int64) http.Handler {
		b := gen.New(gen.Setup{Title: "test"})
		gen.Mount(b, &op, gen.Steps[*request, gen.Empty]{
			New: func(*gen.Call) *request { return new(request) },
			Body: func(c *gen.Call, _ *request) {
				d := c.JSON()
				if limits.Steps > 0 {
					d.Reset(c.Text(), limits)
				}
				if limits.Memory > 0 {
					d = new(wire.Decoder)
					d.Reset(c.Text(), limits)
				}
				var v []wide
				wire.Array(d, &v, -1, func(d *wire.Decoder, _ *wide) { d.Skip(); d.Spend(work) })
				d.End()
			},
			Call:   gen.NoResult(func(context.Context, *request) error { return runtime.ErrNotImplemented }),
			Encode: func(c *gen.Call, _ gen.Empty) { c.ReplyEmpty(204) },
		})
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c, err := newCredentials(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		limits         wire.Limits
		work           int64 // the steps of an item
		found, tooLong int
	}{
		"bounded":               {wire.Limits{}, 0, 0, 1},
		"memory is not bounded": {wire.Limits{Memory: 1 << 40}, 0, 1, 0},
		"steps are bounded":     {wire.Limits{}, 12_000, 0, 1},
		"steps are not bounded": {wire.Limits{Steps: 1 << 40}, 12_000, 1, 0},
	} {
		var n notes
		var sums tally
		item := "{}"
		if test.work > 0 {
			item = `"` + strings.Repeat("a", 400) + `"` // the list needs little memory
		}
		a := attacker{t: &n, server: serve(test.limits, test.work), credentials: c, tally: &sums, op: Operation{
			Operation: &op, Target: "/long", ContentType: "application/json", Body: "[]", Long: []Long{{Open: "[", Item: item, Shut: "]"}},
		}}
		a.long(nil)
		if len(n.errors) != test.found || sums.long != 1 || sums.tooLong != test.tooLong {
			t.Errorf("%s: %q, %+v", name, n.errors, sums)
		}
		if test.work > 0 && sums.steps < wire.StepFactor {
			t.Errorf("%s: %.1f steps for each byte are counted", name, sums.steps)
		}
	}
}
