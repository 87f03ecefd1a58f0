// Command table measures the servers of package peers and prints a table in Markdown:
//
//	go run ./cmd/table
//	go run ./cmd/table -count 9 -benchtime 1s -out table.md
//
// It uses one core. Every round measures each case with one server after the other, so
// that what else the machine does meets them all alike.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/bailey-go/bailey/testdata/peers"
)

func main() {
	testing.Init()
	rounds := flag.Int("count", 5, "how many `rounds`; the table has their medians")
	benchtime := flag.Duration("benchtime", 300*time.Millisecond, "how long each server is measured in each round and case")
	only := flag.String("case", "", "measure the case of this `name` alone")
	out := flag.String("out", "", "write the table to this `file` instead of the standard output")
	flag.Parse()
	if err := run(*rounds, *benchtime, *only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(rounds int, benchtime time.Duration, only, out string) error {
	if rounds < 1 || benchtime <= 0 || flag.NArg() > 0 {
		return errors.New("-count and -benchtime must be more than 0, and there are no arguments")
	}
	if err := flag.Set("test.benchtime", benchtime.String()); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	cases, err := choose(only)
	if err != nil {
		return err
	}
	servers, err := peers.Servers()
	if err != nil {
		return err
	}
	// The last column is the harness, which is reported in a line of its own.
	servers = append(servers, peers.Server{Handler: peers.Nothing})
	measured, err := measure(rounds, cases, servers)
	if err != nil {
		return err
	}
	text := render(rounds, benchtime, cases, servers[:len(servers)-1], measured)
	if out == "" {
		_, err = os.Stdout.WriteString(text)
		return err
	}
	return os.WriteFile(out, []byte(text), 0o644)
}

func choose(only string) ([]peers.Case, error) {
	all := peers.Cases()
	if only == "" {
		return all, nil
	}
	for _, c := range all {
		if c.Name == only {
			return []peers.Case{c}, nil
		}
	}
	return nil, fmt.Errorf("there is no case %q", only)
}

// samples are the results of one server and case, one a round.
type samples struct {
	nanoseconds []float64
	allocs      []float64
}

// measure returns the samples by case and server.
func measure(rounds int, cases []peers.Case, servers []peers.Server) ([][]samples, error) {
	all := make([][]samples, len(cases))
	for i := range all {
		all[i] = make([]samples, len(servers))
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for i, c := range cases {
			for k := range servers {
				k = (k + round) % len(servers) // nobody is always the first
				r := testing.Benchmark(func(b *testing.B) { peers.Measure(b, servers[k], c) })
				if r.N == 0 {
					return nil, fmt.Errorf("%s, %s: the measurement failed", c.Name, servers[k].Name)
				}
				s := &all[i][k]
				s.nanoseconds = append(s.nanoseconds, float64(r.T.Nanoseconds())/float64(r.N))
				s.allocs = append(s.allocs, float64(r.AllocsPerOp()))
			}
		}
	}
	return all, nil
}
