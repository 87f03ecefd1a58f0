package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/testdata/peers"
)

// render writes the table. The last samples of each case are the harness's.
func render(rounds int, benchtime time.Duration, cases []peers.Case, servers []peers.Server, measured [][]samples) string {
	var b strings.Builder
	b.WriteString("| case |")
	for _, s := range servers {
		fmt.Fprintf(&b, " %s |", s.Name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(servers)) + "\n")
	var harness []float64
	for i, c := range cases {
		fmt.Fprintf(&b, "| %s |", c.Name)
		for k := range servers {
			s := measured[i][k]
			fmt.Fprintf(&b, " %s, %.0f, %s |", duration(median(s.nanoseconds)), median(s.allocs), ratio(s, measured[i][0]))
		}
		b.WriteString("\n")
		harness = append(harness, measured[i][len(servers)].nanoseconds...)
	}
	fmt.Fprintf(&b, "\nProcessor time, allocations and ratio to the limit of one request; medians of %s of %v each, %s %s/%s, GOMAXPROCS=1.\n",
		plural(rounds, "round"), benchtime, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if guarded, hardened := find(servers, peers.Guarded), find(servers, peers.Bailey); guarded >= 0 && hardened >= 0 {
		b.WriteString("bailey to the guarded limit:")
		for i, c := range cases {
			fmt.Fprintf(&b, " %s %s;", c.Name, ratio(measured[i][hardened], measured[i][guarded]))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "The harness takes %s of each, and allocates nothing.\n", duration(median(harness)))
	return b.String()
}

func find(servers []peers.Server, name string) int {
	return slices.IndexFunc(servers, func(s peers.Server) bool { return s.Name == name })
}

// ratio is the median of the rounds' ratios: a round that something disturbed disturbs
// both sides of it.
func ratio(s, limit samples) string {
	all := make([]float64, len(s.nanoseconds))
	for i := range all {
		all[i] = s.nanoseconds[i] / limit.nanoseconds[i]
	}
	r := median(all)
	if r < 9.95 {
		return fmt.Sprintf("%.1fx", r)
	}
	return fmt.Sprintf("%.0fx", r)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	unit := "ns"
	for _, larger := range []string{"µs", "ms", "s"} {
		if ns < 999.5 {
			break
		}
		ns, unit = ns/1000, larger
	}
	switch {
	case ns < 9.995:
		return fmt.Sprintf("%.2f %s", ns, unit)
	case ns < 99.95:
		return fmt.Sprintf("%.1f %s", ns, unit)
	}
	return fmt.Sprintf("%.0f %s", ns, unit)
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
