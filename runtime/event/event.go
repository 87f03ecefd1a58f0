// Package event defines security events: one structured record for every refusal,
// named after the OWASP logging vocabulary. An event says who, which operation, which
// rule and which request; it never holds a credential or a classified value of the request.
package event

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/internal/redact"
)

// The names of events (OWASP Logging Vocabulary Cheat Sheet).
const (
	AuthnFail   = "authn_login_fail"
	AuthzFail   = "authz_fail"
	RateLimit   = "excess_rate_limit_exceeded"
	InputFail   = "input_validation_fail"
	Extraneous  = "malicious_extraneous"
	CSRF        = "malicious_csrf"
	Crash       = "sys_crash"
	Startup     = "sys_startup"            // a server starts with a check that its configuration weakens, which the rule names
	OutputFail  = "output_validation_fail" // not in the vocabulary: a response that breaks its schema
	Detected    = "policy_detected"        // not in the vocabulary: a rule would have refused the request, and is recorded alone (x-bailey-mode)
	Unavailable = "sys_unavailable"        // not in the vocabulary: keys or a store cannot be had
)

// Event is one record.
type Event struct {
	Name      string
	Operation string // operationId, "" when the request met none
	Rule      string // what refused: "scope", "maxLength at /name"
	RequestID string
	Scheme    string // of the authenticated caller
	Issuer    string
	Subject   string
	Address   netip.Addr
	Method    string
	Status    int
	Duration  time.Duration
	// Count is how many requests the record stands for, where it is one for several that had no
	// record of their own (see [Summary]); 0 for the record of one request.
	Count int
	// Err is the kind of an internal error: its Go type, never its text.
	Err string
	// Failure explains an error of the server, a handler or an authorizer, or a panic; nil for
	// other events, and where [runtime.Config].ErrorText says so.
	Failure Failure
}

// A Failure has what an operator needs to find a cause. Each method makes its text when it is called, and
// only while a [Sink] records the event: the events that a [Summary] counts cost nothing for it.
//
// Both texts are one line of printable characters. The values of the request that have a class of data, and
// its credentials, are replaced in them.
type Failure interface {
	// Text is the text of the error, or the value of the panic; at most 4 KiB.
	Text() string
	// Stack lists the functions on the stack of a panic, the innermost first; at most 16 KiB, and "" for errors.
	Stack() string
}

// Sink takes events. Record must not block for long, must not keep e, and must be
// safe for concurrent use.
type Sink interface {
	Record(ctx context.Context, e *Event)
}

// The bounds of what is written of a field: in characters, and in bytes for the texts of a Failure.
const (
	maxText      = 256
	maxErrorText = 4 << 10
	maxStack     = 16 << 10
)

// Slog returns a Sink that writes to log, or to slog.Default when it is nil: refusals as
// warnings, failures of the server as errors. Fields that are not set are left out, but
// for status and duration. Subjects, issuers and the names in rules come from outside:
// what is not printable in them becomes U+FFFD, and 256 characters are written of each.
func Slog(log *slog.Logger) Sink {
	if log == nil {
		log = slog.Default()
	}
	return &slogSink{log}
}

type slogSink struct{ log *slog.Logger }

func (s *slogSink) Record(ctx context.Context, e *Event) {
	level := slog.LevelWarn
	if e.Status >= 500 || e.Name == Crash || e.Name == Unavailable { // behind half an answer, or a hidden object, stands another status
		level = slog.LevelError
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 15)
	text := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, printable(value)))
		}
	}
	text("event", e.Name)
	text("operation", e.Operation)
	text("rule", e.Rule)
	text("request_id", e.RequestID)
	text("scheme", e.Scheme)
	text("issuer", e.Issuer)
	text("subject", e.Subject)
	if e.Address.IsValid() {
		text("address", e.Address.String())
	}
	text("method", e.Method)
	text("error", e.Err)
	if e.Failure != nil {
		whole := func(key, value string, most int) {
			if value != "" {
				attrs = append(attrs, slog.String(key, redact.Clean(value, most)))
			}
		}
		whole("error_text", e.Failure.Text(), maxErrorText)
		whole("stack", e.Failure.Stack(), maxStack)
	}
	if e.Count > 0 {
		attrs = append(attrs, slog.Int("count", e.Count))
	}
	attrs = append(attrs, slog.Int("status", e.Status), slog.Duration("duration", e.Duration))
	message := "request refused"
	if e.Name == Detected {
		message = "request not refused"
	}
	s.log.LogAttrs(ctx, level, message, attrs...)
}

// printable returns s as it may stand in a log (CWE-117): a handler that does not escape
// must not write a second line, or what a terminal takes for a command.
func printable(s string) string {
	n := 0
	for i, r := range s {
		if n == maxText || r == utf8.RuneError || !unicode.IsPrint(r) {
			return s[:i] + shown(s[i:], maxText-n)
		}
		n++
	}
	return s
}

// shown is printable for the rest of a text, of which n characters are written.
func shown(s string, n int) string {
	var b strings.Builder
	for _, r := range s {
		if n == 0 {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		n--
	}
	return b.String()
}
