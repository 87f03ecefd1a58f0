package main

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/bailey-go/bailey/testdata/peers"
)

// samples are the results of one server and case, one a round.
type samples struct {
	nanoseconds []float64
	allocs      []float64
}

// turn is how long one server is measured before the next one is: long enough to have its share of garbage collection,
// and so short that what else the machine does meets all servers alike.
const turn = 20 * time.Millisecond

// measure returns the samples by case and server.
func measure(rounds int, benchtime time.Duration, cases []peers.Case, servers []peers.Server) ([][]samples, error) {
	all := make([][]samples, len(cases))
	for i, c := range cases {
		fmt.Fprintf(os.Stderr, "case %s\n", c.Name)
		all[i] = make([]samples, len(servers))
		racers := make([]racer, len(servers))
		for k, s := range servers {
			x, err := peers.NewExchange(s, c, s.Token)
			if err != nil {
				return nil, err
			}
			if racers[k], err = newRacer(x); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.Name, s.Name, err)
			}
		}
		for round := range rounds {
			for range max(int(benchtime/turn), 1) {
				for k := range racers {
					racers[(k+round)%len(racers)].run() // nobody is always the first
				}
			}
			for k := range racers {
				all[i][k].nanoseconds = append(all[i][k].nanoseconds, median(racers[k].nanoseconds))
				all[i][k].allocs = append(all[i][k].allocs, median(racers[k].allocs))
				racers[k].nanoseconds, racers[k].allocs = nil, nil
			}
		}
	}
	return all, nil
}

// racer measures one server, a turn at a time.
type racer struct {
	exchange *peers.Exchange
	requests int // in one turn
	status   int
	samples
}

// newRacer warms the server up, and finds out how many requests a turn has.
func newRacer(x *peers.Exchange) (racer, error) {
	r := racer{exchange: x}
	for range 3 { // the token is verified, the pools have what they keep
		r.status = x.Do().Status
	}
	for n := 1; ; n *= 2 {
		began := processorTime()
		for range n {
			x.Do()
		}
		if took := processorTime() - began; took > turn/8 {
			r.requests = max(int(float64(n)*float64(turn)/float64(took)), 1)
			return r, nil
		} else if n > 1<<30 {
			return r, fmt.Errorf("%d requests take %v", n, took)
		}
	}
}

// run is one turn. Time is the processor's: what others do with it meanwhile does not count.
func (r *racer) run() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processorTime()
	var last *peers.Reply
	for range r.requests {
		last = r.exchange.Do()
	}
	took := processorTime() - began
	runtime.ReadMemStats(&after)
	if last.Status != r.status {
		panic(fmt.Sprintf("the last answer was %d, the first %d", last.Status, r.status))
	}
	r.nanoseconds = append(r.nanoseconds, float64(took)/float64(r.requests))
	r.allocs = append(r.allocs, float64(after.Mallocs-before.Mallocs)/float64(r.requests))
}
