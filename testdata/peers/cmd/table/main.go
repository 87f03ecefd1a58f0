// Command table measures the servers of package peers and prints a table in Markdown:
//
//	go run ./cmd/table
//	go run ./cmd/table -count 9 -benchtime 1s -out table.md
//
// It uses one core. The servers take turns of 20 ms, so that what else the machine does
// meets them all alike, and what is measured is processor time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/bailey-go/bailey/testdata/peers"
)

func main() {
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
	measured, err := measure(rounds, benchtime, cases, servers)
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
