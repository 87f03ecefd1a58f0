package event_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
)

// kept is a Sink that keeps what it gets.
type kept struct {
	mu     sync.Mutex
	events []event.Event
}

func (k *kept) Record(_ context.Context, e *event.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.events = append(k.events, *e)
}

// take returns the events so far: how many there are one by one, and those with a count.
func (k *kept) take() (full int, counts []event.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range k.events {
		if e.Count == 0 {
			full++
		} else {
			counts = append(counts, e)
		}
	}
	k.events = nil
	return full, counts
}

func refusal(rule, operation, address string) *event.Event {
	return &event.Event{Name: event.InputFail, Rule: rule, Operation: operation, Address: netip.MustParseAddr(address), RequestID: "r", Subject: "s", Status: 422}
}

func send(s *event.Summary, n int, e *event.Event) {
	for range n {
		copied := *e // as the pipeline does, which uses one event again and again
		s.Record(context.Background(), &copied)
	}
}

func TestSummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := new(kept)
		s := event.Summarize(k, event.Limits{})
		send(s, 20, refusal("maxLength at /a", "op", "192.0.2.1"))
		if full, counts := k.take(); full != 20 || len(counts) != 0 {
			t.Fatalf("20 events: %d in full, %v", full, counts)
		}
		time.Sleep(30 * time.Second)
		send(s, 500, refusal("maxLength at /b/17", "op", "192.0.2.1"))
		send(s, 3, refusal("maxLength at /a", "op", "192.0.2.2"))
		send(s, 3, refusal("maxLength at /a", "other", "192.0.2.1"))
		send(s, 3, refusal("minLength at /a", "op", "192.0.2.1"))
		if full, counts := k.take(); full != 9 || len(counts) != 0 {
			t.Errorf("others are counted with the first: %d in full, %v", full, counts)
		}
		time.Sleep(29 * time.Second)
		if full, counts := k.take(); full != 0 || len(counts) != 0 {
			t.Errorf("before the minute has ended: %d, %v", full, counts)
		}
		time.Sleep(2 * time.Second) // nobody sends anything
		full, counts := k.take()
		want := event.Event{Name: event.InputFail, Rule: "maxLength", Operation: "op", Address: netip.MustParseAddr("192.0.2.1"), Status: 422, Count: 500}
		if full != 0 || len(counts) != 1 || counts[0] != want {
			t.Errorf("got %d, %+v, want %+v", full, counts, want)
		}
		send(s, 21, refusal("maxLength at /a", "op", "192.0.2.1")) // a new minute
		time.Sleep(61 * time.Second)
		if full, counts := k.take(); full != 20 || len(counts) != 1 || counts[0].Count != 1 {
			t.Errorf("the next minute: %d, %v", full, counts)
		}
		time.Sleep(time.Hour)
		if full, counts := k.take(); full != 0 || len(counts) != 0 {
			t.Errorf("later: %d, %v", full, counts)
		}
	})
}

// A flood without an end has its line each minute: the count does not wait for the flood to stop.
func TestSummaryOfALongFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := new(kept)
		s := event.Summarize(k, event.Limits{})
		for range 600 { // ten minutes
			send(s, 50, refusal("scope", "op", "192.0.2.1"))
			time.Sleep(time.Second)
		}
		s.Flush()
		full, counts := k.take()
		total := full
		for _, e := range counts {
			total += e.Count
		}
		if full < 180 || full > 220 || len(counts) < 9 || len(counts) > 11 || total != 30_000 {
			t.Errorf("%d events are %d lines in full and %d counts", total, full, len(counts))
		}
	})
}

// All addresses of a /64 are one client. The line has the last address.
func TestSummaryIPv6(t *testing.T) {
	k := new(kept)
	s := event.Summarize(k, event.Limits{})
	for i := range 30_000 {
		send(s, 1, refusal("scope", "op", fmt.Sprintf("2001:db8::1:%x:%x", i>>8, i&255)))
	}
	send(s, 1, refusal("scope", "op", "2001:db8:0:1::1"))
	send(s, 1, refusal("scope", "op", "::ffff:192.0.2.1"))
	s.Flush()
	full, counts := k.take()
	if full != 22 || len(counts) != 1 || counts[0].Count != 29_980 || counts[0].Address != netip.MustParseAddr("2001:db8::1:75:2f") {
		t.Errorf("%d, %v", full, counts)
	}
}

// A flood of clients fills the table; what comes then is counted by its rule. Rules beyond all
// bounds are counted together.
func TestSummaryIsBounded(t *testing.T) {
	k := new(kept)
	s := event.Summarize(k, event.Limits{})
	address := func(i int) string { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}).String() }
	for i := range 10_000 {
		send(s, 1, refusal("scope", "op", address(i)))
	}
	if full, counts := k.take(); full != 10_000 || len(counts) != 0 {
		t.Errorf("%d, %v", full, counts)
	}
	before := heap()
	for i := range 100_000 {
		send(s, 1, refusal("scope", "op", address(20_000+i)))
	}
	for i := range 100_000 {
		send(s, 1, refusal(fmt.Sprintf("rule%d", i)+strings.Repeat("x", 10_000), strings.Repeat("y", 10_000), address(300_000+i)))
	}
	full, _ := k.take()
	grown := heap() - before
	send(s, 21, refusal("scope", "op", address(5))) // a client that is in the table already
	more, counts := k.take()
	if full += more; len(counts) != 0 || more != 19 || full > 20+1_002*20 {
		t.Errorf("%d and %d in full, %v", full, more, counts)
	}
	if grown > 1<<20 {
		t.Errorf("the table grew by %d bytes beyond its bound", grown)
	}
	total := full
	s.Flush()
	_, counts = k.take()
	for _, e := range counts {
		total += e.Count
		if known := e.Operation == "op"; known != e.Address.IsValid() {
			t.Errorf("%+v", e)
		}
	}
	if total != 200_021 || len(counts) > 1_003 {
		t.Errorf("%d events in %d counts, want 200,021", total, len(counts))
	}
}

// One client does not fill the table with its rules and operations, and keeps its address.
func TestSummaryOfOneClient(t *testing.T) {
	k := new(kept)
	s := event.Summarize(k, event.Limits{})
	for i := range 50_000 {
		send(s, 1, refusal(fmt.Sprintf("rule%d", i%500), fmt.Sprintf("op%d", i%1000), "192.0.2.1"))
	}
	send(s, 21, refusal("scope", "op", "192.0.2.2"))
	full, counts := k.take()
	s.Flush()
	_, more := k.take()
	if full != 101*20+20 || len(counts) != 0 || len(more) != 102 {
		t.Errorf("%d in full, %d and %d counts", full, len(counts), len(more))
	}
	total, rest := full, 0
	for _, e := range more {
		total += e.Count
		if !e.Address.IsValid() || e.Name != event.InputFail {
			t.Errorf("%+v", e)
		}
		if e.Rule == "" {
			rest = e.Count
		}
	}
	if total != 50_021 || rest != 45_000-20 {
		t.Errorf("%d events in all, %d of the rest", total, rest)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Entries end with their minute, so that a table that was full has room again, without any timer.
func TestSummaryForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := new(kept)
		s := event.Summarize(k, event.Limits{Entries: 2})
		send(s, 1, refusal("scope", "op", "192.0.2.1"))
		send(s, 1, refusal("scope", "op", "192.0.2.2"))
		send(s, 30, refusal("scope", "op", "192.0.2.3"))
		time.Sleep(time.Minute)
		send(s, 30, refusal("scope", "op", "192.0.2.3"))
		time.Sleep(2 * time.Minute)
		full, counts := k.take()
		if full != 42 || len(counts) != 2 || counts[0].Address.IsValid() || counts[0].Rule != "scope" || counts[0].Count != 10 || !counts[1].Address.IsValid() || counts[1].Count != 10 {
			t.Errorf("%d, %+v", full, counts)
		}
	})
}

// Flush hands on what is pending at once, and nothing a second time.
func TestSummaryFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := new(kept)
		s := event.Summarize(k, event.Limits{Full: 1, Period: time.Hour})
		s.Flush()
		send(s, 5, refusal("scope", "op", "192.0.2.1"))
		s.Flush()
		s.Flush()
		if full, counts := k.take(); full != 1 || len(counts) != 1 || counts[0].Count != 4 {
			t.Errorf("%d, %v", full, counts)
		}
		time.Sleep(2 * time.Hour)
		if full, counts := k.take(); full != 0 || len(counts) != 0 {
			t.Errorf("after Flush: %d, %v", full, counts)
		}
		send(s, 5, refusal("scope", "op", "192.0.2.1")) // it goes on
		time.Sleep(2 * time.Hour)
		if full, counts := k.take(); full != 1 || len(counts) != 1 {
			t.Errorf("after Flush: %d, %v", full, counts)
		}
	})
}

// What is counted costs no allocation, and nothing is lost under concurrency.
func TestSummaryCost(t *testing.T) {
	k := new(kept)
	s := event.Summarize(k, event.Limits{})
	e := refusal("maxLength at /a/b", "op", "2001:db8::1")
	send(s, 30, e)
	if n := testing.AllocsPerRun(1000, func() { s.Record(context.Background(), e) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	s.Flush()
	k.take()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 500 {
				s.Record(context.Background(), refusal("r", "op", fmt.Sprintf("192.0.2.%d", (i+j)%4)))
				if j%100 == 0 {
					s.Flush()
				}
			}
		})
	}
	wg.Wait()
	s.Flush()
	full, counts := k.take()
	for _, e := range counts {
		full += e.Count
	}
	if full != 4_000 {
		t.Errorf("%d of 4,000 events", full)
	}
}

// filterAddresses are the addresses that a filter finds in the lines of filterLines, "" where it finds none.
var filterAddresses = []string{"192.0.2.7", "2001:db8::7", "192.0.2.7", "", "192.0.2.9"}

// filterLines are lines of the log: refusals, counts, and lines whose texts of strangers look like refusals.
func filterLines() []byte {
	var out bytes.Buffer
	s := event.Summarize(event.Slog(slog.New(slog.NewTextHandler(&out, nil))), event.Limits{Full: 1})
	send(s, 3, &event.Event{Name: event.AuthnFail, Rule: "credential at x", Address: netip.MustParseAddr("192.0.2.7"), Method: "GET", Status: 401})
	send(s, 1, &event.Event{Name: event.RateLimit, Rule: "r", Operation: "op", Address: netip.MustParseAddr("2001:db8::7"), Status: 429})
	s.Flush()
	send(s, 1, &event.Event{Name: event.AuthzFail, Rule: "scope", Issuer: "i", Subject: `x event=authn_login_fail address=192.0.2.66 status=401`, Address: netip.MustParseAddr("192.0.2.8"), Status: 403})
	send(s, 1, &event.Event{Name: event.AuthnFail, Rule: "x", Subject: `a" event=authn_login_fail address=192.0.2.66 b="`, Address: netip.MustParseAddr("192.0.2.9"), Status: 401})
	return out.Bytes()
}

// The filters of docs/security.md match the lines that are written, those with a count included,
// and no line that only looks like one.
func TestDocumentedFilters(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(filterLines())), "\n")
	if len(lines) != len(filterAddresses) {
		t.Fatalf("got %d lines: %q", len(lines), lines)
	}
	for name, pattern := range filters(t) {
		re := regexp.MustCompile(pattern)
		for i, line := range lines {
			got := ""
			if m := re.FindStringSubmatch(line); m != nil {
				got = m[re.SubexpIndex("address")]
			}
			if got != filterAddresses[i] {
				t.Errorf("%s: got %q, want %q in %s", name, got, filterAddresses[i], line)
			}
		}
	}
}

// filters returns the regular expressions of docs/security.md by what they are for, with their
// own words for an address as groups of package regexp.
func filters(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.NewReplacer("<ADDR>", `(?P<address>[0-9A-Fa-f.:]+)`, "%{IP:source_ip}", `(?P<address>[0-9A-Fa-f.:]+)`, "%{WORD:level}", `\b\w+\b`)
	found := map[string]string{}
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSpace(line)
		if p, ok := strings.CutPrefix(line, "failregex = "); ok {
			found["fail2ban"] = words.Replace(p)
		}
		if p, ok := strings.CutPrefix(line, "pattern: '"); ok {
			found["CrowdSec"] = words.Replace(strings.TrimSuffix(p, "'"))
		}
	}
	if len(found) != 2 {
		t.Fatalf("found %d filters in docs/security.md, want 2", len(found))
	}
	return found
}
