package gen

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/limit"
)

// RateScope says which requests a rate limit counts together.
type RateScope uint8

// The scopes of a rate limit.
const (
	// OperationScope counts the requests to one operation.
	OperationScope RateScope = iota
	// PathScope counts the requests to all operations of one path that have the rule.
	PathScope
	// DocumentScope counts the requests to all operations of the API that have the rule. Where it
	// counts by address, it also counts requests that match no operation: 400 for a message with
	// two meanings, 404 and 405.
	DocumentScope
)

// String is the scope's name in messages.
func (s RateScope) String() string {
	switch s {
	case OperationScope:
		return "operation"
	case PathScope:
		return "path"
	case DocumentScope:
		return "document"
	}
	return fmt.Sprintf("RateScope(%d)", uint8(s))
}

// Rate limits how often an operation, the operations of a path or the whole API are called.
type Rate struct {
	Name   string
	Limit  int // tokens that come back in Window
	Window time.Duration
	Burst  int    // size of the bucket; 0 means Limit
	Per    string // "address" or "principal"
	Cost   int    // of one request; 0 means 1
	Scope  RateScope
	// LimitFrom and BurstFrom name the settings that replace Limit and Burst, where Config gives them.
	LimitFrom, BurstFrom string
}

// rate is a Rate, compiled.
type rate struct {
	rule limit.Rule
	key  string // names the bucket in the store, together with who is counted
	cost int
}

// compile checks the rule and names its bucket.
func (r Rate) compile(space string, op *Operation) (rate, error) {
	rule := limit.Rule{Name: r.Name, Limit: r.Limit, Window: r.Window, Burst: r.Burst}
	if rule.Name == "" {
		rule.Name = r.Per
	}
	cost := max(r.Cost, 1)
	if err := rule.Validate(cost); err != nil {
		return rate{}, fmt.Errorf("rate limit %q: %w", rule.Name, err)
	}
	if r.Per != "address" && r.Per != "principal" {
		return rate{}, fmt.Errorf("rate limit %q: unknown rate limit key %q (want \"address\" or \"principal\")", rule.Name, r.Per)
	}
	of := ""
	switch {
	case r.Scope == DocumentScope:
	case op == nil || r.Scope > DocumentScope:
		return rate{}, fmt.Errorf("rate limit %q: the scope %v is not one of the document's", rule.Name, r.Scope)
	case r.Scope == PathScope:
		of = cmp.Or(op.Item, op.Path)
	case r.Scope == OperationScope:
		of = op.ID
	}
	return rate{rule: rule, key: space + r.Scope.String() + "\x00" + of + "\x00" + rule.Name, cost: cost}, nil
}

// space is what tells the buckets of an API apart from those of others in one store: of a fixed length, since every
// look-up hashes it.
func space(s Setup) string {
	name := s.Config.LimiterName
	if name == "" && s.Given != nil {
		t := reflect.TypeOf(s.Given)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name = t.PkgPath()
	}
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:9]) + "\x00"
}

// documentRates compiles the document's own rules. Those by address count requests that match no
// operation.
func (b *Builder) documentRates(s *Server) {
	for _, r := range b.setup.Rates {
		compiled, err := b.rated(r).compile(b.space, nil)
		if err != nil {
			b.fail("document: %w", err)
			continue
		}
		if r.Per == "address" {
			s.unmatched = append(s.unmatched, compiled)
			s.policy = withPolicy(s.policy, compiled.rule)
		}
	}
}

// rate compiles a rule of an operation. Rules of one bucket must be the same rule: operations that
// disagree about a limit that they share would change it for one another.
func (b *Builder) rate(m *mounted, at string, r Rate) {
	compiled, err := b.rated(r).compile(b.space, m.op)
	if err != nil {
		b.fail("%s: %w", at, err)
		return
	}
	if r.Scope == DocumentScope && !slices.Contains(b.setup.Rates, r) {
		b.fail("%s: rate limit %q: the document has no such rule", at, compiled.rule.Name)
	}
	if b.buckets == nil {
		b.buckets = map[string]Rate{}
	}
	if other, ok := b.buckets[compiled.key]; ok && other != r {
		b.fail("%s: rate limit %q: another operation of the %v has another rule of this name", at, compiled.rule.Name, r.Scope)
	}
	b.buckets[compiled.key] = r
	switch {
	case r.Per == "principal" && m.public:
		b.fail("%s: rate limit %q: a public operation has no caller to count by", at, compiled.rule.Name)
	case r.Per == "principal":
		m.byCaller = append(m.byCaller, compiled)
	case r.Scope == DocumentScope:
		m.document = append(m.document, compiled)
	default:
		m.byAddress = append(m.byAddress, compiled)
	}
	m.policy = withPolicy(m.policy, compiled.rule)
}

// withPolicy adds a rule to the value of a RateLimit-Policy field.
func withPolicy(policy []string, r limit.Rule) []string {
	field := string(limit.AppendPolicy(nil, r))
	if len(policy) > 0 {
		field = strings.Join([]string{policy[0], field}, ", ")
	}
	return []string{field}
}

// limitDocument counts the request by the document's rules by address: all of them, unless the
// operation or its path has a rule of the same name instead.
func (c *Call) limitDocument() bool {
	if c.op != nil {
		return c.takeByAddress(c.op.document)
	}
	return c.takeByAddress(c.server.unmatched)
}

// limitAddress counts the request by the rules by address of its path and operation.
func (c *Call) limitAddress() bool { return c.takeByAddress(c.op.byAddress) }

func (c *Call) takeByAddress(rates []rate) bool {
	for i := range rates {
		if r := &rates[i]; !c.take(r, limit.ByAddress(r.key, c.address())) {
			return false
		}
	}
	return true
}

// limitPrincipal counts the request to the settled caller, by the rules of document, path and
// operation: once by each rule.
func (c *Call) limitPrincipal() bool {
	for i := range c.op.byCaller {
		r := &c.op.byCaller[i]
		var key limit.Key
		if p := c.ctx.principal; p != nil {
			key = limit.ByPrincipal(r.key, p)
		} else { // an anonymous alternative has no caller
			key = limit.ByAddress(r.key, c.address())
		}
		if !c.take(r, key) {
			return false
		}
	}
	return true
}

// take asks the store, and refuses when it says no or cannot say.
func (c *Call) take(r *rate, key limit.Key) bool {
	ctx := c.ctx
	if ctx == nil { // no operation, and so no limit of its own on the time that the store may take
		ctx = &requestContext{parent: c.R.Context(), deadline: c.from.start.Add(DefaultTimeout), id: c.from.id}
		defer ctx.finish()
	}
	d, err := c.server.limiter.Take(ctx, key, r.rule, r.cost, c.from.start)
	if err != nil {
		c.retryAfter(1)
		return c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "rate-limit-store", err: err})
	}
	if c.out.limited == "" || d.Remaining < c.out.remaining {
		c.out.limited, c.out.remaining, c.out.resets = r.rule.Name, d.Remaining, d.Reset
	}
	if d.OK {
		return true
	}
	if c.detected() {
		c.record(refusal{event: event.Detected, rule: r.rule.Name}, 0)
		c.report.refused, c.report.detected, c.out.rule = false, true, ""
		return true
	}
	c.retryAfter(limit.Seconds(d.RetryAfter))
	return c.refuse(refusal{status: http.StatusTooManyRequests, event: event.RateLimit, rule: r.rule.Name})
}
