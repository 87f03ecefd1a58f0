package wire_test

import (
	"fmt"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// purse is a budget of so many steps, and counts the bytes.
type purse struct{ steps, bytes int64 }

func (p *purse) Afford(n int, steps int64) bool {
	p.bytes += int64(n)
	p.steps -= steps
	return p.steps >= 0
}

// TestUniqueOn holds that uniqueItems of what no decoder has read draws on a budget, and does not say that items are equal where
// that is used up.
func TestUniqueOn(t *testing.T) {
	t.Parallel()
	item := func(_ *wire.Encoder, b []byte, v *int) []byte { return fmt.Appendf(b, `{"a":%d}`, *v) }
	list := make([]int, 1000)
	for i := range list {
		list[i] = i
	}
	twice := append(list[:len(list):len(list)], 7)
	for _, tt := range []struct {
		name          string
		steps         int64
		list          []int
		unique        bool
		least, most   int64 // bytes
		leastObj, obj int64
	}{
		{"enough, distinct", 1 << 20, list, true, 2000, 2000, 8000, 12_000},
		{"enough, equal", 1 << 20, twice, false, 2002, 2002, 8000, 12_000},
		{"not enough", 100, twice, true, 2002, 2002, 8, 30},
		{"none", 1 << 20, nil, true, 0, 0, 0, 0},
	} {
		p := &purse{steps: tt.steps}
		if got := wire.UniqueOn(p, tt.list); got != tt.unique || p.bytes < tt.least || p.bytes > tt.most {
			t.Errorf("%s: UniqueOn is %v after %d bytes", tt.name, got, p.bytes)
		}
		p = &purse{steps: tt.steps}
		if got := wire.UniqueByOn(p, tt.list, item); got != tt.unique || p.bytes < tt.leastObj || p.bytes > tt.obj {
			t.Errorf("%s: UniqueByOn is %v after %d bytes", tt.name, got, p.bytes)
		}
	}
	// An answer pays for its own items, and is refused where they cost more.
	var e wire.Encoder
	e.Reset(0)
	if !wire.UniqueOn(&e, make([]int, 1)) || !wire.UniqueByOn(&e, list, item) || e.Err() != nil {
		t.Errorf("an answer: %v", e.Err())
	}
	if e.Afford(1, 2*wire.StepBase) || e.Err() == nil {
		t.Error("an answer whose checks cost too much is not refused")
	}
	var d wire.Decoder
	d.Reset("1", wire.Limits{})
	if !d.Afford(1<<20, wire.StepBase) || d.Afford(1<<20, 2*wire.StepFactor) || d.Err() == nil {
		t.Error("the bytes of a text are counted twice")
	}
}
