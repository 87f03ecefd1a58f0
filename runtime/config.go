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
	// Around, if set, is called for each request after every check, and calls next,
	// which is the handler.
	Around func(ctx context.Context, op *Operation, next func(context.Context) error) error
	// TrustRequestID takes the request's id from X-Request-Id when it has 8 to 64
	// characters of [A-Za-z0-9._-]. Only behind a proxy that sets it.
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

// Operation names an operation of the document to [Config].Around.
type Operation struct {
	ID     string // the operationId, or the method and path where the document has none
	Method string
	Path   string // the document's path template
	At     string // its place in the document: file:line:col
}
