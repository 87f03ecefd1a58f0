package gen

import (
	"fmt"
	stack "runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/internal/redact"
)

// The bounds of what is logged of a failure, in bytes.
const (
	maxErrorText = 4 << 10
	maxStack     = 16 << 10
	// searched is how much of a text is looked at. The values that are replaced may be longer than what stands for
	// them. Of a longer text the end is left out, where half a value may stand.
	searched = 16 << 10
	leftOut  = 512
	frames   = 128
)

// withheld stands for the text of an error in which the values of the request could not be found.
const withheld = "withheld: the classified values of the request cannot be told"

// late stands for the text of an error that a sink asks for when the event is recorded.
const late = "withheld: the request has ended"

// failure is an error or a panic of a request. Its texts are made while the event is recorded. After that
// the Call is another request's, and there are none.
type failure struct {
	mu       sync.Mutex
	c        *Call // nil afterwards
	err      error
	panicked any
	pcs      []uintptr // of a panic
}

// fails describes the failure behind a refusal for the event, as far as Config.ErrorText lets it. Refusals of
// what a client sent have none: their errors say nothing that the rule does not say.
func (c *Call) fails(f *refusal, status int) (kind string, why *failure) {
	mode := c.server.config.ErrorText
	if f.err == nil && f.panicked == nil || mode == runtime.ErrorTextOff && (status >= 500 || f.ours()) {
		return "", nil
	}
	if f.err != nil {
		kind = typesOf(f.err)
	} else {
		kind = fmt.Sprintf("%T", f.panicked)
	}
	if status < 500 && !f.ours() {
		return kind, nil
	}
	found := &failure{c: c, pcs: f.pcs}
	if mode == runtime.ErrorTextFull {
		found.err, found.panicked = f.err, f.panicked
	} else if f.pcs == nil {
		return kind, nil
	}
	return kind, found
}

// ours reports whether the refusal is about an error of the handler, the authorizer or the server, whatever the
// status says.
func (f *refusal) ours() bool {
	return f.event == event.Crash || f.event == event.Unavailable || f.event == event.OutputFail || f.rule == ruleAuthorize
}

const ruleAuthorize = "authorize"

// Text implements [event.Failure].
func (f *failure) Text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.c == nil {
		return late
	}
	if f.err == nil && f.panicked == nil {
		return ""
	}
	text := f.raw()
	cut := len(text) > searched
	if cut {
		text = strings.Clone(text[:searched])
	}
	values, all := f.c.secrets()
	text, found := values.Replace(text)
	if !all || !found {
		return withheld
	}
	if cut {
		text = text[:max(0, len(text)-leftOut)] + "…"
	}
	return redact.Clean(redact.Passwords(text), maxErrorText)
}

// end takes the Call away.
func (f *failure) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.c = nil
}

// raw is what the error or the panic says. Methods of errors may panic, too.
func (f *failure) raw() (text string) {
	defer func() {
		if recover() != nil {
			text = "its method panicked"
		}
	}()
	if f.err != nil {
		return f.err.Error()
	}
	switch v := f.panicked.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case string:
		return v
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr, float32, float64:
		return fmt.Sprint(v)
	}
	return "" // a structure may hold the whole request: its type is logged
}

// Stack implements [event.Failure]. It has names and lines, and no arguments.
func (f *failure) Stack() string {
	if len(f.pcs) == 0 {
		return ""
	}
	var b strings.Builder
	list := stack.CallersFrames(f.pcs)
	for more := true; more && b.Len() < maxStack; {
		var at stack.Frame
		if at, more = list.Next(); at.Function == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" < ")
		}
		b.WriteString(at.Function + " (" + at.File + ":" + strconv.Itoa(at.Line) + ")")
	}
	return redact.Clean(b.String(), maxStack)
}

// panicStack is the stack of a panic, where a deferred function has recovered it.
func panicStack() []uintptr {
	pcs := make([]uintptr, frames)
	pcs = pcs[:stack.Callers(2, pcs)]
	for i, pc := range pcs { // what follows gopanic has panicked
		if f := stack.FuncForPC(pc - 1); f != nil && f.Name() == "runtime.gopanic" {
			return pcs[i+1:]
		}
	}
	return pcs
}
