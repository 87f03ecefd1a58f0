package main

import (
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/testdata/peers"
)

func TestRender(t *testing.T) {
	cases := []peers.Case{{Name: "get"}}
	servers := []peers.Server{{Name: "limit"}, {Name: "other"}}
	measured := [][]samples{{
		{[]float64{500, 1000, 520}, []float64{3, 3, 3}},
		{[]float64{1500, 3000, 1600}, []float64{8, 9, 8}},
		{[]float64{18, 17, 19}, []float64{0, 0, 0}},
	}}
	got := render(3, time.Second, cases, servers, measured)
	for _, want := range []string{
		"| case | limit | other |\n|---|---|---|\n",
		"| get | 520 ns, 3, 1.0x | 1.60 µs, 8, 3.0x |\n",
		"medians of 3 rounds of 1s each",
		"The harness takes 18.0 ns of each",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestDuration(t *testing.T) {
	for ns, want := range map[float64]string{7: "7.00 ns", 999.4: "999 ns", 999.7: "1.00 µs", 12_340: "12.3 µs", 49_966_393: "50.0 ms", 2e9: "2.00 s"} {
		if got := duration(ns); got != want {
			t.Errorf("%v: %s, want %s", ns, got, want)
		}
	}
}

func TestMedian(t *testing.T) {
	if got := median([]float64{9, 1, 4, 2}); got != 3 {
		t.Errorf("the median is %v", got)
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(""); err != nil || len(all) != len(peers.Cases()) {
		t.Errorf("%d cases, %v", len(all), err)
	}
	if one, err := choose("get"); err != nil || len(one) != 1 {
		t.Errorf("%d cases, %v", len(one), err)
	}
	if _, err := choose("none"); err == nil {
		t.Error("an unknown case was accepted")
	}
}
