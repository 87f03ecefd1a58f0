package attack

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	stats "runtime"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

// Long is a body with an array, a map or a sequence of lines that can be as long as one likes.
type Long struct {
	Open, Item, Shut string
	// Named is set for a map: each item has a name.
	Named bool
	// Lines is set for a sequence: each item has a line.
	Lines bool
}

// longest is how long such a body becomes, unless the operation takes less.
const longest = 1 << 20

// memoryFactor is how many bytes may be allocated for each byte of a body: wire.MemoryFactor.
const memoryFactor = 20

// text is the body with as many items as fit.
func (l Long) text(size int) string {
	var b strings.Builder
	b.WriteString(l.Open)
	for i := 0; b.Len()+len(l.Item)+len(l.Shut)+16 < size; i++ {
		switch {
		case l.Lines:
			b.WriteString(l.Item + "\n")
			continue
		case i > 0:
			b.WriteByte(',')
		}
		if l.Named {
			fmt.Fprintf(&b, `"%x":`, i)
		}
		b.WriteString(l.Item)
	}
	return b.String() + l.Shut
}

// long sends bodies of small items, as long as they may be: the server allocates no more than the
// operation's allowance, and 20 bytes for each byte, whether it takes them or not. Nothing else may
// allocate meanwhile: a test that calls Run is not parallel.
func (a *attacker) long(good fields) {
	a.t.Helper()
	if testing.Short() || len(good[untriedField]) > 0 {
		return
	}
	size := int64(longest)
	if a.op.Limits.Body > 0 {
		size = min(size, a.op.Limits.Body)
	}
	allowed := a.op.Limits.Memory
	if allowed <= 0 {
		allowed = runtime.DefaultMemory
	}
	for _, l := range a.op.Long {
		b := *a
		b.op.Body = l.text(int(size))
		limit := allowed + memoryFactor*int64(len(b.op.Body))
		status, bytes := b.cost(good)
		for range 2 {
			if bytes > limit { // something else has allocated, or it stays so
				_, again := b.cost(good)
				bytes = min(bytes, again)
			}
		}
		a.tally.long++
		switch {
		case bytes > limit:
			a.t.Errorf("a body of %d bytes, %.80s%.80s: %d bytes are allocated, %d allowed", len(b.op.Body), l.Open, l.Item, bytes, limit)
		case status >= 500 && status != http.StatusNotImplemented:
			a.t.Errorf("a body of %d bytes, %.80s%.80s: got %d", len(b.op.Body), l.Open, l.Item, status)
		case status == http.StatusRequestEntityTooLarge:
			a.tally.tooLong++
			a.t.Logf("TOO LARGE: %d bytes of %.80s%.80s", len(b.op.Body), l.Open, l.Item)
		}
		a.tally.worst = max(a.tally.worst, float64(bytes-allowed)/float64(len(b.op.Body)))
	}
}

// cost sends the request and returns how many bytes were allocated until it was answered.
func (a *attacker) cost(good fields) (status int, bytes int64) {
	r := a.request(good)
	w := httptest.NewRecorder()
	var before, after stats.MemStats
	stats.ReadMemStats(&before)
	a.server.ServeHTTP(w, r)
	stats.ReadMemStats(&after)
	return w.Code, int64(after.TotalAlloc - before.TotalAlloc)
}
