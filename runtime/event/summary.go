package event

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/network"
)

// Limits bound what a flood of events writes to a log. The zero value has the defaults.
type Limits struct {
	// Full is how many events of one rule, operation and client are handed on one by one within
	// Period; 0 means 20. Further ones are counted, and one event with the Count is handed on
	// when Period ends.
	Full int
	// Period begins with the first of these events; 0 means a minute. It is at least a second.
	Period time.Duration
	// Entries is how many of these are told apart at a time; 0 means 10,000. The events of others are
	// counted by their rule alone, in events without operation and address. Of one client at most
	// 100 are told apart, or Entries if that is less; its other events are counted together, in events
	// without operation and rule, so that one client cannot fill the table.
	Entries int
}

// A Summary is a Sink that hands events on to another one, in full as long as there are few of a
// kind, and counted beyond that: see [Limits]. No event is lost without being counted.
//
// A client is an IPv4 address, or the /64 of an IPv6 address, as a flood has all addresses of one.
// The event with the count has the address of the last event. A rule is what stands before
// " at " in [Event].Rule, since clients choose the places that follow.
//
// A Summary has no goroutine. It has a timer while there are counts to hand on; Flush hands them on
// and stops it. It is safe for concurrent use.
type Summary struct {
	to     Sink
	limits Limits

	mu      sync.Mutex
	entries map[kind]*entry
	// first and last are a list of the entries, in the order in which their periods end.
	first, last *entry
	clients     int // entries with a client
	of          map[netip.Addr]int
	pending     int // entries with a count
	timer       *time.Timer
}

// kind is what is counted together.
type kind struct {
	name, rule, operation string
	client                netip.Addr
}

type entry struct {
	kind  kind
	ends  time.Time
	full  int
	count Event // what is to be handed on at the end
	next  *entry
}

const (
	// maxRules bounds how many rules are told apart beyond Entries. The rest is counted together.
	maxRules = 1000
	// maxKinds bounds how many rules and operations of one client are told apart.
	maxKinds = 100
	// maxRule bounds the text of a rule that is kept, in bytes.
	maxRule = 64
)

// Summarize returns a Summary of the events that it hands on to a Sink.
func Summarize(to Sink, l Limits) *Summary {
	if l.Full <= 0 {
		l.Full = 20
	}
	if l.Period <= 0 {
		l.Period = time.Minute
	}
	l.Period = max(l.Period, time.Second)
	if l.Entries <= 0 {
		l.Entries = 10_000
	}
	return &Summary{to: to, limits: l, entries: map[kind]*entry{}, of: map[netip.Addr]int{}}
}

// Record hands e on, or counts it.
func (s *Summary) Record(ctx context.Context, e *Event) {
	now := time.Now()
	s.mu.Lock()
	ended := s.end(now)
	n := s.entry(e, now)
	whole := n.full < s.limits.Full
	if whole {
		n.full++
	} else {
		s.add(n, e)
	}
	s.mu.Unlock()
	s.hand(ended)
	if whole {
		s.to.Record(ctx, e)
	}
}

// Flush hands on all counts, though their period has not ended, and stops the timer.
func (s *Summary) Flush() {
	s.mu.Lock()
	var all *entry
	if s.pending > 0 {
		all = s.first
	}
	clear(s.entries)
	clear(s.of)
	s.first, s.last, s.clients, s.pending = nil, nil, 0, 0
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.mu.Unlock()
	s.hand(all)
}

// entry returns the entry that counts e.
func (s *Summary) entry(e *Event, now time.Time) *entry {
	rule, _, _ := strings.Cut(e.Rule, " at ")
	if len(rule) > maxRule {
		rule = rule[:maxRule]
	}
	k := kind{name: e.Name, rule: rule, operation: e.Operation, client: network.Client(e.Address)}
	if n := s.entries[k]; n != nil {
		return n
	}
	if k.client.IsValid() && s.of[k.client] >= maxKinds {
		k.name, k.rule, k.operation = " ", "", "" // the rest of one client, beside its share
		if n := s.entries[k]; n != nil {
			return n
		}
	}
	one := s.clients < s.limits.Entries
	if !one { // of its rule
		k.operation, k.client = "", netip.Addr{}
		k.name = strings.TrimSuffix(k.name, " ") + " " // which no event's own name has at its end
		if n := s.entries[k]; n != nil {
			return n
		}
		if len(s.entries)-s.clients >= maxRules {
			k.name, k.rule = " ", ""
			if n := s.entries[k]; n != nil {
				return n
			}
		}
	}
	// The texts may be parts of a request, which must not be held.
	k.name, k.rule, k.operation = strings.Clone(k.name), strings.Clone(k.rule), strings.Clone(k.operation)
	n := &entry{kind: k, ends: now.Add(s.limits.Period)}
	s.entries[k] = n
	if one {
		s.clients++
		s.of[k.client]++
	}
	if s.last == nil {
		s.first = n
	} else {
		s.last.next = n
	}
	s.last = n
	return n
}

// ofRule reports whether the entry counts a rule rather than a client.
func (k *kind) ofRule() bool { return strings.HasSuffix(k.name, " ") && !k.client.IsValid() }

// add counts e.
func (s *Summary) add(n *entry, e *Event) {
	if n.count.Count == 0 {
		s.pending++
		n.count = Event{Name: strings.TrimSuffix(n.kind.name, " "), Rule: n.kind.rule, Operation: n.kind.operation}
		if n.count.Name == "" {
			n.count.Name = e.Name // of several: the first one
		}
		if s.timer == nil {
			s.timer = time.AfterFunc(s.wait(time.Now()), s.tick)
		}
	}
	n.count.Count += max(1, e.Count)
	n.count.Status = e.Status
	if !n.kind.ofRule() {
		n.count.Address = e.Address
	}
}

// end takes the entries off whose period has ended, and returns their list.
func (s *Summary) end(now time.Time) *entry {
	ended, last := s.first, (*entry)(nil)
	for n := s.first; n != nil && !n.ends.After(now); n = n.next {
		delete(s.entries, n.kind)
		if !n.kind.ofRule() {
			s.clients--
			if s.of[n.kind.client]--; s.of[n.kind.client] == 0 {
				delete(s.of, n.kind.client)
			}
		}
		if n.count.Count > 0 {
			s.pending--
		}
		last = n
	}
	if last == nil {
		return nil
	}
	if s.first = last.next; s.first == nil {
		s.last = nil
	}
	last.next = nil
	return ended
}

// wait is how long it takes until something is to be handed on: at least a second, so that
// entries that end one after the other do not wake up the process for each.
func (s *Summary) wait(now time.Time) time.Duration { return max(s.first.ends.Sub(now), time.Second) }

// tick hands on what has ended. The timer goes on as long as there are counts.
func (s *Summary) tick() {
	now := time.Now()
	s.mu.Lock()
	if s.timer == nil { // Flush was faster
		s.mu.Unlock()
		return
	}
	ended := s.end(now)
	if s.pending > 0 {
		s.timer = time.AfterFunc(s.wait(now), s.tick)
	} else {
		s.timer = nil
	}
	s.mu.Unlock()
	s.hand(ended)
}

// hand hands on the counts of a list.
func (s *Summary) hand(n *entry) {
	for ; n != nil; n = n.next {
		if n.count.Count > 0 {
			s.to.Record(context.Background(), &n.count)
		}
	}
}
