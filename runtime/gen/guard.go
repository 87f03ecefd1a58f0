package gen

import (
	"errors"
	"net/http"
	"slices"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/problem"
)

// GuardedJSON is JSON for bodies with members that only some callers may set: those of
// this request's caller are granted.
func (c *Call) GuardedJSON() *wire.Decoder {
	d := c.JSON()
	d.Grant(c.granted())
	return d
}

// granted are the guards that let the caller's members pass.
func (c *Call) granted() (guards uint64) {
	for i := range c.server.writers {
		if c.lifted(&c.server.writers[i]) {
			guards |= 1 << i
		}
	}
	return guards
}

// Guard notes that a field of a form was sent by a caller who may not set it, if that is so.
func (c *Call) Guard(i int, field string) {
	if !c.lifted(&c.server.writers[i]) && len(c.who.withheld) < wire.DefaultViolations && !slices.Contains(c.who.withheld, field) {
		c.who.withheld = append(c.who.withheld, field)
	}
}

// mayWrite refuses parameters and bodies with members that the caller may not set, and names
// these alone, whatever else breaks the schema.
func (c *Call) mayWrite() bool {
	var found []problem.Violation
	if c.read.json {
		for _, pointer := range c.read.decoder.Withheld() {
			found = append(found, problem.Violation{Pointer: pointer, Keyword: wire.KeywordWritable, Detail: wire.Detail(wire.KeywordWritable)})
		}
	}
	for _, name := range c.who.withheld {
		found = append(found, problem.Violation{In: "body", Parameter: name, Keyword: wire.KeywordWritable, Detail: wire.Detail(wire.KeywordWritable)})
	}
	if c.read.params.Violated() { // JSON in parameters and fields
		var inv *param.Invalid // escapes: good requests do not come here
		if errors.As(c.read.params.Err(), &inv) {
			for _, v := range inv.Violations {
				if v.Keyword == wire.KeywordWritable {
					found = append(found, problem.Violation{In: v.In, Parameter: v.Name, Keyword: v.Keyword, Detail: v.Detail})
				}
			}
		}
	}
	if found == nil {
		return true
	}
	c.read.json = false
	return c.refuse(refusal{status: http.StatusForbidden, event: event.AuthzFail, rule: wire.KeywordWritable, problem: &problem.Problem{Errors: found}})
}
