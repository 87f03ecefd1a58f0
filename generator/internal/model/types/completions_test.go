package types

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/model"
)

// TestCompletions holds the lists against all that the other side could add: one choice of it must leave exactly one set complete.
func TestCompletions(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"x", "y", "z"}
	complete := func(sets []model.Bits, seen uint64) int {
		n := 0
		for _, s := range sets {
			if seen&s[0] == s[0] {
				n++
			}
		}
		return n
	}
	for range 5000 {
		sets := make([]set, random.IntN(5))
		for i := range sets {
			sets[i].set = model.Bits{random.Uint64N(8)}
			for _, name := range names {
				if random.IntN(3) == 0 {
					sets[i].left = append(sets[i].left, name)
				}
			}
		}
		lists := completions(sets)
		for seen := range uint64(8) {
			want := false
			for added := range 8 {
				var there []model.Bits
				for _, s := range sets {
					if !slices.ContainsFunc(s.left, func(name string) bool { return added&(1<<slices.Index(names, name)) == 0 }) {
						there = append(there, s.set)
					}
				}
				want = want || complete(there, seen) == 1
			}
			got := lists == nil || slices.ContainsFunc(lists, func(l []model.Bits) bool { return complete(l, seen) == 1 })
			if got != want {
				t.Fatalf("%v with %b: got %v, want %v", sets, seen, got, want)
			}
		}
	}
}
