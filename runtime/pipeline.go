package runtime

import (
	"errors"
	"net/http"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

// stages are what every request passes, cheapest first. Each reports whether the
// request goes on; one that refuses has answered. The last one runs what generated
// code knows the types of: parameters, owner rules, body, handler, response (see
// Mount). The panic barrier and the request's id surround them all (ServeHTTP).
var stages = [...]func(*Call) bool{
	(*Call).frame,          // 1  one message, one meaning
	(*Call).route,          // 2  404, 405
	(*Call).limitAddress,   // 3  429
	(*Call).authenticate,   // 4  401, 503
	(*Call).limitPrincipal, // 5  429
	(*Call).authorise,      // 6  403
	(*Call).negotiate,      // 7  415, 413, 400
	(*Call).operate,        // 8-13 parameters, owner, body, handler, response
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.begin(w, r)
	defer c.end()
	for _, stage := range stages {
		if !stage(c) {
			return
		}
	}
}

// frame refuses messages that two readers may read differently: a transfer coding in a
// request of HTTP/1.0, or beside a length (RFC 9112, 6.1), and more than one Authorization
// field. net/http drops a length that stands beside a coding, and nobody can tell any
// more: so the connection ends after every request with a coding, and what a proxy took for its
// body is never read as a request.
func (c *Call) frame() bool {
	if len(c.R.TransferEncoding) > 0 && c.R.ProtoMajor == 1 {
		c.W.Header()["Connection"] = closing
	}
	if len(c.R.Header["Authorization"]) > 1 {
		c.closeAfter()
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.Extraneous, rule: "authorization-repeated"})
	}
	if len(c.R.TransferEncoding) > 0 && (c.R.ProtoMajor == 1 && c.R.ProtoMinor == 0 || c.R.Header["Content-Length"] != nil) {
		c.closeAfter()
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.Extraneous, rule: "transfer-encoding"})
	}
	return true
}

func (c *Call) route() bool {
	path := c.R.URL.Path
	if c.R.URL.RawPath != "" || strings.IndexByte(path, '%') >= 0 || strings.IndexByte(path, ' ') >= 0 {
		path = c.R.URL.EscapedPath()
	}
	op, values, allow := c.server.router.find(c.R.Method, path, c.path[:0])
	c.path = values
	if op != nil {
		c.meet(op)
		return true
	}
	if allow == "" {
		return c.refuse(refusal{status: http.StatusNotFound, event: event.InputFail, rule: "route"})
	}
	c.W.Header()["Allow"] = []string{allow}
	return c.refuse(refusal{status: http.StatusMethodNotAllowed, event: event.InputFail, rule: "method"})
}

func (c *Call) limitAddress() bool {
	for i := range c.op.byAddress {
		r := &c.op.byAddress[i]
		if !c.take(r, limit.ByAddress(r.key, c.address())) {
			return false
		}
	}
	return true
}

func (c *Call) limitPrincipal() bool {
	if len(c.op.byCaller) == 0 {
		return true
	}
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
	d, err := c.server.limiter.Take(c.ctx, key, r.rule, r.cost, c.start)
	if err != nil {
		c.retryAfter(1)
		return c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "rate-limit-store", err: err})
	}
	if c.limited == "" || d.Remaining < c.remaining {
		c.limited, c.remaining, c.resets = r.rule.Name, d.Remaining, d.Reset
	}
	if d.OK {
		return true
	}
	c.retryAfter(limit.Seconds(d.RetryAfter))
	return c.refuse(refusal{status: http.StatusTooManyRequests, event: event.RateLimit, rule: r.rule.Name})
}

// authenticate finds the first alternative whose schemes all hold. A credential that
// is there and bad refuses the request: it does not fall back to being anonymous.
func (c *Call) authenticate() bool {
	if c.op.op.SameOrigin && c.server.origins.Check(c.R) != nil {
		return c.refuse(refusal{status: http.StatusForbidden, event: event.CSRF, rule: "cross-origin"})
	}
	if c.op.public {
		return true
	}
	var bad, unavailable error
	by := -1 // the scheme that found it bad
	for i := range c.op.access {
		p, err := c.attempt(c.op.access[i])
		switch {
		case err == nil && p != nil:
			c.alternative, c.ctx.principal = i, p
			return true
		case errors.Is(err, auth.ErrMissing):
		case isUnavailable(err):
			unavailable = err
		case bad == nil || nearness(err) >= nearness(bad):
			bad, by = err, c.asked
		}
	}
	switch {
	case unavailable != nil:
		c.retryAfter(5)
		return c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "authentication", err: unavailable})
	case bad == nil && c.op.anonymous:
		c.alternative = -1
		return true
	}
	rule, refused := "no-credential", (*auth.Refused)(nil)
	if bad != nil {
		rule = ruleOf(bad)
		errors.As(bad, &refused)
	}
	c.challenge(nil, refused, by)
	return c.refuse(refusal{status: http.StatusUnauthorized, event: event.AuthnFail, rule: rule})
}

// attempt asks every scheme of an alternative. The caller is the first scheme's; the
// others must agree on the subject, or name none.
func (c *Call) attempt(alt requirement) (*principal.Principal, error) {
	var caller *principal.Principal
	for i := range alt {
		c.asked = alt[i].scheme
		p, err := c.server.schemes[c.asked].authenticate(c)
		if err != nil {
			return nil, err
		}
		if p == nil {
			return nil, &auth.Refused{Rule: "no-principal"}
		}
		if p.Expired(c.start) {
			return nil, &auth.Refused{Rule: "expired"}
		}
		c.held = append(c.held, p)
		if caller == nil {
			caller = p
		}
	}
	return caller, nil
}

func (s *namedAuthenticator) authenticate(c *Call) (*principal.Principal, error) {
	switch {
	case s.nonces != nil:
		p, nonce, err := s.nonces.AuthenticateNonce(c.R, c.start)
		if nonce != "" && err == nil {
			c.W.Header()["Dpop-Nonce"] = []string{nonce}
		}
		return p, err
	case s.timed != nil:
		return s.timed.AuthenticateAt(c.R, c.start)
	}
	return s.auth.Authenticate(c.R)
}

func isUnavailable(err error) bool {
	var u *auth.Unavailable
	return errors.As(err, &u)
}

// nearness says how likely a refused credential is the authenticator's own: whose reason counts.
func nearness(err error) int {
	r := (*auth.Refused)(nil)
	switch {
	case !errors.As(err, &r):
		return 1
	case r.Foreign:
		return 0
	case r.Code != "":
		return 2
	}
	return 1
}

func ruleOf(err error) string {
	if r := (*auth.Refused)(nil); errors.As(err, &r) {
		return r.Rule
	}
	return "authenticator"
}

// authorise asks what the caller may: the scopes and conditions of the alternative that
// authenticated, or of a later one that the request's credentials meet too. OR is OR.
func (c *Call) authorise() bool {
	if c.op.public || c.alternative < 0 {
		return true
	}
	first := c.permits(c.op.access[c.alternative], c.ctx.principal)
	if first.rule == "" {
		return true
	}
	tried := c.alternative
	for i := tried + 1; i < len(c.op.access); i++ {
		p, err := c.attempt(c.op.access[i])
		if err == nil && p != nil && c.permits(c.op.access[i], p).rule == "" {
			c.alternative, c.ctx.principal = i, p
			return true
		}
	}
	return c.deny(first)
}

// negotiate decides about the answer's media type where there are several, and about the body
// before a byte of it is read.
func (c *Call) negotiate() bool {
	r := c.R
	if len(c.op.produces) > 0 && !c.accept() {
		return false
	}
	if !c.hasBody && !c.emptyBody() {
		if c.op.op.BodyRequired {
			return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "body-missing", detail: "a body is required"})
		}
		return true
	}
	if len(c.op.consumes) == 0 {
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "body", detail: "this operation takes no body"})
	}
	if !c.encoding() {
		return false
	}
	if c.media = c.matchMedia(); c.media < 0 {
		return c.refuse(refusal{status: http.StatusUnsupportedMediaType, event: event.InputFail, rule: "media-type"})
	}
	if r.ContentLength > c.op.limits.Body {
		return c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "body-size"})
	}
	return true
}

// emptyBody reports whether a request without content has a body nevertheless, which is empty:
// it says which media type that is, and one whose texts can be empty.
func (c *Call) emptyBody() bool {
	if len(c.op.consumes) == 0 || len(c.R.Header["Content-Type"]) == 0 {
		return false
	}
	i := c.matchMedia()
	if i < 0 || c.op.consumes[i].parts || isJSONType(c.op.consumes[i].whole) {
		return false
	}
	c.hasBody = true
	return true
}

func (c *Call) operate() bool {
	c.op.run(c)
	return true
}

// failed answers an error of the handler: a problem as it is, everything else opaque.
func (c *Call) failed(err error) {
	var p *problem.Problem
	var big *http.MaxBytesError
	var item *ItemError
	switch {
	case errors.As(err, &item):
		c.refuseItem(item)
	case c.reader != nil && c.reader.err != nil && errors.Is(err, c.reader.err):
		c.refuseBody(c.reader.err)
	case errors.As(err, &p) && p != nil:
		sent := *p
		c.refuse(refusal{status: p.Status, problem: &sent, rule: "handler"})
	case errors.As(err, &big), errors.Is(err, errTooLarge):
		c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "body-size"})
	case c.ctx.Err() != nil:
		c.retryAfter(1)
		c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "deadline", err: err})
	default:
		c.refuse(refusal{status: http.StatusInternalServerError, event: event.Crash, rule: "handler", err: err})
	}
}
