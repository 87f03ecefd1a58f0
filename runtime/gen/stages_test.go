package gen

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write README's table of stages instead of comparing it")

// TestStagesInReadme holds README's table to the list. Write it with
//
//	go test ./runtime/gen -run TestStagesInReadme -update
func TestStagesInReadme(t *testing.T) {
	const file, head = "../../README.md", "| stage | refused with |\n|---|---|\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), head)
	if !ok {
		t.Fatalf("%s has no table of stages", file)
	}
	got, after, _ := strings.Cut(rest, "\n\n")
	var rows []string
	for _, s := range stages {
		if s.asks != "" {
			rows = append(rows, "| "+s.asks+" | "+s.refused+" |")
		}
	}
	want := strings.Join(rows, "\n")
	if *update {
		if err := os.WriteFile(file, []byte(before+head+want+"\n\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the table of %s is\n%s\n\nand the stages are\n%s", file, got, want)
	}
}

// TestStagesAreWhole: each step stands in the list once, the untyped stages come first, and whatever
// runs has a row of README, but for match, which refuses nothing.
func TestStagesAreWhole(t *testing.T) {
	var steps []step
	silent := 0
	for i, s := range stages {
		switch {
		case s.step != stepNone:
			steps = append(steps, s.step)
		case len(steps) > 0, s.pass == nil && i > 0:
			t.Errorf("stage %d (%s) runs nowhere", i, s.asks)
		}
		if s.asks == "" || s.refused == "" {
			silent++
		}
	}
	if len(steps) != int(stepResponse) || !slices.IsSorted(steps) || len(slices.Compact(steps)) != int(stepResponse) {
		t.Errorf("the steps are %v", steps)
	}
	if silent != 1 {
		t.Errorf("%d stages have no row", silent)
	}
	if len(typed)+len(untyped) != len(stages)-1 {
		t.Errorf("%d stages and %d steps of %d run", len(untyped), len(typed), len(stages))
	}
}
