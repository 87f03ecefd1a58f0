package runtime

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

// Config is what every server can be given. The zero value is safe.
type Config struct {
	// Log takes the security events and errors; nil means slog.Default.
	Log *slog.Logger
	// Events takes the security events instead of Log, each of them: see [event.Summarize] to bound
	// what a flood hands to it.
	Events event.Sink
	// EventLimits bound the security events that are written to Log: by default the first 20 of a rule,
	// operation and client in a minute in full, and then one line with their count. Events is not bound by them.
	EventLimits event.Limits
	// ErrorText says how much of the errors of handlers and authorizers, of other failures of the server and of panics is
	// logged. The zero value is ErrorTextFull.
	ErrorText ErrorText
	// PseudonymKey is the secret of the pseudonyms by which [Logger] names callers: 32 bytes or more. Servers with the
	// same key call a caller by the same pseudonym. Without a key, each server draws one when it starts.
	PseudonymKey []byte
	// TrustedProxies are the networks whose X-Forwarded-For is believed. Empty: none.
	TrustedProxies []netip.Prefix
	// TrustForwarded says that the trusted proxies write Forwarded (RFC 7239): that is read then in
	// place of X-Forwarded-For. Only behind proxies that write it: others hand on what the client
	// has put there.
	TrustForwarded bool
	// TrustedOrigins are the origins ("https://app.example") whose pages may send requests that
	// change something with credentials that browsers add by themselves. Empty: only the API's own.
	TrustedOrigins []string
	// Limiter counts requests; nil means a bounded store in this process.
	Limiter limit.Store
	// LimiterName separates the counts of servers that share a Limiter: servers with one name count together by the
	// rules that have one name, and should have the same rules then. "" means the import path of the generated package, so
	// that the servers of one API count together, in however many processes, and those of another API do not.
	LimiterName string
	// Problem, if set, is asked before a refusal of the server's own, or a problem of the handler, is sent. It may change
	// the texts of p; nil sends p, in the shape that the document declares (x-bailey-errors). It may return one
	// of the error responses that the operation declares, of the generated package: that is sent in place of p, checked as if the
	// handler had returned it. p.Status stays, and so do WWW-Authenticate, Retry-After and Allow. Requests to no operation
	// have no declared response.
	//
	// Where it panics, or returns anything else, a response of another status or one that breaks its schema, the
	// status goes out without a body, and the event problem tells why. It must not add what the client sent, and
	// must be safe for concurrent use. p is not to be kept.
	Problem func(r *http.Request, p *problem.Problem) error
	// Around, if set, is called for each request after every check, and calls next once, which is the handler. It is
	// the place of what has to surround handlers: a transaction, a span, a value in the context, which it hands to next. It
	// sees the handler's error, and may return another one: its own result decides the answer, as that of a handler does. It
	// has not succeeded if it returns nil without calling next: 500. For what answers are, see Observe.
	Around func(ctx context.Context, op *Operation, next func(context.Context) error) error
	// Observe, if set, is told of each answer after it is made: also of requests that met no operation or were
	// not admitted, of panics, and of streams when they end. It is the one hook for metrics, traces and access logs. It is called
	// in the request's goroutine, before a short answer has left, and must not block; a must not be kept. A panic of
	// it is recorded as an event of rule observe, and changes nothing else. net/http answers some malformed requests by
	// itself: package harden records these as events.
	Observe func(ctx context.Context, a *Answer)
	// TrustRequestID takes the request's id from the X-Request-Id of requests that come from TrustedProxies, when it has 8 to
	// 64 characters of [A-Za-z0-9._-]; only behind proxies that set or check it. An operation whose responses declare X-Request-Id,
	// X-Correlation-Id or X-FAPI-Interaction-Id takes these likewise, has them in all of its answers, and where the schema
	// has the format uuid takes and makes UUIDs only.
	TrustRequestID bool
	// SpoolDir is where long files of multipart bodies lie while their request is being
	// handled; "" means the system's folder for temporary files. SpoolLimit is how many bytes
	// those of all requests may take together, and SpoolLimitPerAddress those of one address,
	// beyond which uploads get 503; 0 means 1 GiB, and a quarter of SpoolLimit.
	SpoolDir             string
	SpoolLimit           int64
	SpoolLimitPerAddress int64
	// MaxRequests is how many requests may be in flight at a time, and MaxRequestsPerAddress how many
	// of one address, over all its connections: further ones get 503, and beyond a quarter more no
	// answer. A stream of events counts for as long as it lives. 0 means 4096, and a 16th of
	// MaxRequests or 128, whichever is more, and at most half.
	MaxRequests           int
	MaxRequestsPerAddress int
	// BodyMemory is how many bytes the bodies of all requests may take in memory together, with
	// what they are decoded to and answers that clients have not read yet, and BodyMemoryPerAddress
	// those of one address. Who needs more gets 503. Memory is charged when it is made, not when a
	// client says how much it will send. 0 means a quarter of GOMEMLIMIT, or 256 MiB without it, and
	// an eighth of BodyMemory; both are raised to what the longest body of the document needs. The
	// garbage collector keeps up to as much again.
	//
	// These bounds hold over all servers of the process. An address is an IPv4 address or the /64
	// of an IPv6 address, behind TrustedProxies the forwarded one. Proxies that forward
	// none and Unix sockets have no share.
	BodyMemory           int64
	BodyMemoryPerAddress int64
	// Clock replaces time.Now, for tests.
	Clock func() time.Time
}

// ErrorText is how much of an error is logged. No part of an error is ever in an answer.
type ErrorText uint8

// The values of ErrorText.
const (
	// ErrorTextFull logs the text, at most 4 KiB of it, the types of the error's chain, and for a panic the
	// stack, at most 16 KiB. Credentials of the request and values that have a class of data
	// (x-bailey-data) are replaced in the text: as they are, without regard to the case of ASCII letters, in the usual
	// encodings (percent, base64, hexadecimal, JSON, quoted), and where the text has only their first 8 bytes. A
	// value of fewer than 4 characters is replaced where it is a word of its own. Where the values cannot be known, as
	// those of a body that is read as a stream, or are too many, the text is withheld.
	ErrorTextFull ErrorText = iota
	// ErrorTextType logs the types of the error's chain, and the stack.
	ErrorTextType
	// ErrorTextOff logs that there was an error.
	ErrorTextOff
)

// UnmarshalText reads full, type or off, for package config.
func (e *ErrorText) UnmarshalText(text []byte) error {
	words := map[string]ErrorText{"full": ErrorTextFull, "type": ErrorTextType, "off": ErrorTextOff}
	word, ok := words[string(text)]
	if !ok {
		return errors.New("runtime: ErrorText is full, type or off")
	}
	*e = word
	return nil
}

// Answer is what [Config].Observe is told. Its texts are bounded and hold nothing that a caller chose, but for the subject and
// the issuer of an authenticated Caller.
type Answer struct {
	// Operation is what the request asked for: nil where it met no operation (400, 404, 405, 503).
	Operation *Operation
	// Method is the request's, or OTHER for those that RFC 9110 does not define.
	Method string
	// Status is what was sent; 0 when the connection or the stream was ended without an answer.
	Status int
	// Rule is the rule of a refusal or a failure, as in [event.Event] but without the place; "" for the handler's own answers but problems,
	// whose rule is handler.
	Rule string
	// Cut says that the client did not get the whole answer: the server has cut off what it could not finish, or the client
	// has gone while the answer was written.
	Cut bool
	// Caller is who calls: nobody before authentication.
	Caller principal.Caller
	// RequestID is the X-Request-Id of the answer.
	RequestID string
	// Address is where the request comes from: see TrustedProxies.
	Address netip.Addr
	// Start is when the request's header had been read, Duration how long the answer took since.
	Start    time.Time
	Duration time.Duration
	// BytesIn is how much of the body was read, before a content coding is taken off; BytesOut how much of
	// the answer's body was written. Headers and transfer codings do not count.
	BytesIn, BytesOut int64
}

// Operation names an operation of the document to [Config].Around and [Config].Observe.
type Operation struct {
	ID     string // the operationId, or the method and path where the document has none
	Method string
	Path   string // the document's path template
	At     string // its place in the document: file:line:col
}
