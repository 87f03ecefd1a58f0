package securitytest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	stats "runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/meter"
)

// Long is a request with an array, a map, a sequence of lines, a form or a text that can be as long as one likes: a body, or
// a parameter.
type Long struct {
	Open, Item, Shut string
	// Named is set for a map: each item has a name.
	Named bool
	// Lines is set for a sequence: each item has a line.
	Lines bool
	// Joined is set where nothing stands between the items. What is {n} in one is another number in each.
	Joined bool
	// ContentType is that of the body, where it is another than the operation's.
	ContentType string
	// In is query, header or cookie for a parameter, and Name its name; Target and Header are those of a request without it.
	In, Name, Target string
	Header           map[string]string
}

// longest is how long such a body becomes, unless the operation takes less, and longestParam how long a parameter: net/http
// has no more than that for a header in the default configuration of harden.
const (
	longest      = 1 << 20
	longestParam = 15 << 10
)

// What the environment may say about long bodies: to how many operations of a server they are sent, all
// of them unless it says a number; and whether the processor time of each is measured, which takes five
// requests more.
const (
	envLong  = "BAILEY_LONG"
	envTimes = "BAILEY_TIMES"
)

// withoutLong takes the long bodies from all operations but some, if most is a number: those whose ids have
// the least hash, so that the choice is spread over the document and stays the same when other operations come.
func withoutLong(ops []Operation, most string) (list []Operation, left int, err error) {
	if most == "" {
		return ops, 0, nil
	}
	n, err := strconv.Atoi(most)
	if err != nil || n < 0 {
		return nil, 0, fmt.Errorf("%s is %q, and has to be a number of operations", envLong, most)
	}
	hash := func(op *Operation) uint64 {
		h := fnv.New64a()
		h.Write([]byte(op.ID))
		return h.Sum64()
	}
	list = slices.Clone(ops)
	var long []*Operation
	for i := range list {
		if len(list[i].Long) > 0 {
			long = append(long, &list[i])
		}
	}
	slices.SortFunc(long, func(a, b *Operation) int { return cmp.Compare(hash(a), hash(b)) })
	for _, op := range long[min(n, len(long)):] {
		op.Long = nil
		left++
	}
	return list, left, nil
}

// place puts the text where it belongs in the operation's request, and returns it.
func (l Long) place(op *Operation, size int) string {
	if l.In == "" {
		if op.Body = l.text(size); l.ContentType != "" {
			op.ContentType = l.ContentType
		}
		return op.Body
	}
	text := l.text(longestParam)
	op.Target, op.Header = l.Target, map[string]string{}
	maps.Copy(op.Header, l.Header)
	switch l.In {
	case "header":
		op.Header[l.Name] = text
	case "cookie":
		op.Header["Cookie"] = strings.TrimPrefix(op.Header["Cookie"]+"; "+strings.TrimSuffix(text, "; "), "; ")
	default:
		separator := "?"
		if strings.Contains(op.Target, "?") {
			separator = "&"
		}
		op.Target += separator + strings.TrimSuffix(text, "&")
	}
	return text
}

// text is the body with as many items as fit.
func (l Long) text(size int) string {
	var b strings.Builder
	b.WriteString(l.Open)
	for i := 0; b.Len()+len(l.Item)+len(l.Shut)+16 < size; i++ {
		switch {
		case l.Lines:
			b.WriteString(l.Item + "\n")
			continue
		case l.Joined:
			b.WriteString(strings.ReplaceAll(l.Item, "{n}", strconv.FormatInt(int64(i), 36)))
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
// operation's allowance, and 20 bytes for each byte, whether it takes them or not. Nor does it take
// more steps than [wire.StepBase], and [wire.StepFactor] for each byte, unless it refuses the body
// for that. Nothing else may allocate or serve meanwhile: a test that calls Run is not parallel.
func (a *attacker) long(good fields) {
	a.t.Helper()
	if testing.Short() || raced || len(good[untriedField]) > 0 {
		return
	}
	size := int64(longest)
	if a.op.Limits.Body > 0 {
		size = min(size, a.op.Limits.Body)
	}
	allowed := a.op.Limits.Memory
	if allowed <= 0 {
		allowed = gen.DefaultMemory
	}
	for _, l := range a.op.Long {
		b := *a
		text := l.place(&b.op, int(size))
		limit := allowed + wire.MemoryFactor*int64(len(text))
		steps := int64(0)
		stop := meter.Watch(func(_ int, n int64) { steps += n })
		status, allocated := b.cost(good)
		stop()
		for range 2 {
			if allocated > limit { // something else has allocated, or it stays so
				_, again := b.cost(good)
				allocated = min(allocated, again)
			}
		}
		a.tally.long++
		switch {
		case allocated > limit:
			a.t.Errorf("%d bytes, %.80s%.80s: %d bytes are allocated, %d allowed", len(text), l.Open, l.Item, allocated, limit)
		case status >= 500 && status != http.StatusNotImplemented:
			a.t.Errorf("%d bytes, %.80s%.80s: got %d", len(text), l.Open, l.Item, status)
		case status != http.StatusRequestEntityTooLarge && steps > wire.StepBase+wire.StepFactor*int64(len(text)):
			a.t.Errorf("%d bytes, %.80s%.80s: got %d, and took %d steps", len(text), l.Open, l.Item, status, steps)
		case status == http.StatusRequestEntityTooLarge:
			a.tally.tooLong++
			what := "TOO LARGE"
			if l.Joined { // a text, a form or a parameter: no list that is sparse
				what = "TOO LONG"
			}
			a.t.Logf("%s: %d bytes of %.80s%.80s", what, len(text), l.Open, l.Item)
		}
		a.tally.steps = max(a.tally.steps, float64(steps)/float64(len(text)))
		if os.Getenv(envTimes) != "" {
			times := b.times(good, l, text)
			a.tally.times = max(a.tally.times, times)
			a.t.Logf("%d after %.1f steps a byte, %.1f times the processor time of json.Valid: %.80s%.80s", status, float64(steps)/float64(len(text)), times, l.Open, l.Item)
		}
		a.tally.worst = max(a.tally.worst, float64(allocated-allowed)/float64(len(text)))
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

// times is the processor time that the request takes, in multiples of what encoding/json.Valid
// takes for its body: the least of some runs of each. It is a figure for people: on a busy machine it
// is off by half, so no test depends on it.
func (a *attacker) times(good fields, l Long, sent string) float64 {
	text := []byte(sent)
	if l.Joined && !json.Valid(text) { // a form, or a parameter
		text, _ = json.Marshal(sent)
	}
	served, read := time.Hour, time.Hour
	for range 5 {
		r, w := a.request(good), httptest.NewRecorder()
		start := processorTime()
		a.server.ServeHTTP(w, r)
		served = min(served, processorTime()-start)
		start = processorTime()
		for line := range bytes.Lines(text) { // a sequence has more than one
			json.Valid(line)
		}
		read = min(read, processorTime()-start)
	}
	return float64(served) / float64(max(read, time.Microsecond))
}
