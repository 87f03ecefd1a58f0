package cost_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
)

// TestBudget: a stage has its factor for each value and its base; beyond that the place of the
// last step is refused, and other stages have what they had.
func TestBudget(t *testing.T) {
	at := diag.Pos{File: "a.yaml", Line: 3, Col: 4}
	for s := range cost.Stages {
		l := cost.Of(s)
		if l.Name == "" || l.Factor <= 0 || l.Base <= 0 {
			t.Fatalf("stage %d has the budget %+v", s, l)
		}
		b := cost.New(7, "a.yaml")
		most := l.Base + 7*l.Factor
		if d := cost.Guard(func() { b.Spend(s, most, at) }); d != nil {
			t.Errorf("%s: %d steps are refused: %v", l.Name, most, d)
		}
		d := cost.Guard(func() { b.Spend(s, 1, diag.Pos{}); t.Error("a step beyond the budget returns") })
		if d == nil || d.Pos != at || d.Rule != "document-cost" || d.Severity != diag.Error || d.Advice == "" || !strings.Contains(d.Message, l.Name) {
			t.Errorf("%s: got %v", l.Name, d)
		}
		other := (s + 1) % cost.Stages
		if d := cost.Guard(func() { b.Spend(other, 1, at) }); d != nil {
			t.Errorf("%s has spent what is of %s: %v", l.Name, cost.Of(other).Name, d)
		}
	}
}

// TestGuard: other panics are not hidden, and a nil Budget has no bounds.
func TestGuard(t *testing.T) {
	func() {
		defer func() {
			if p := recover(); p != "a bug" {
				t.Errorf("got %v", p)
			}
		}()
		_ = cost.Guard(func() { panic("a bug") })
	}()
	var none *cost.Budget
	if d := cost.Guard(func() { none.Spend(cost.Load, 1<<60, diag.Pos{}) }); d != nil {
		t.Error(d)
	}
	b := cost.New(1, "a.yaml")
	if d := cost.Guard(func() { b.Spend(cost.Load, -1, diag.Pos{}) }); d == nil || d.Pos.File != "a.yaml" || d.Pos.Line != 1 {
		t.Errorf("a count that overflows: %v", d)
	}
}
