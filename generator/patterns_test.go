package generator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/schema"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// ecmaPattern makes a pattern of ECMA 262 out of all that package schema translates.
func ecmaPattern(r *rand.Rand, depth int) string {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	p := func() string { return ecmaPattern(r, depth-1) }
	if depth == 0 {
		return one("a", "b", ".", "é", "[^a]", "[(?=]", `[\])(]`, `\w`, `\W`, `\s`, `\(`, `\u{1f600}`, `\x41`, `\p{L}`, `\cA`, "]", "{", "^", "$", `\b`, `\B`, "[]", "[^]", "")
	}
	switch r.IntN(9) {
	case 0:
		return one("(?:", "(", "(?<n>") + p() + ")" + one("", "*", "+?", "{2}", "{1,3}", "{2,}")
	case 1:
		return p() + "|" + p()
	case 2, 3, 4:
		return one("(?=", "(?!", "(?<=", "(?<!") + p() + ")"
	default:
		return p() + p()
	}
}

// Each pattern that the generator takes is one that the runtime can read: one that it cannot
// read matches nothing, which below a `not` would let everything pass.
func TestPatternsAreRead(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	taken := 0
	for range 20_000 {
		source := ecmaPattern(r, 1+r.IntN(6))
		if _, err := schema.Translate(source); err != nil {
			continue
		}
		e, err := schema.Translate(source + "|") // the empty text matches, too
		if err != nil {
			t.Errorf("%s is taken, and not with an empty alternative: %v", source, err)
			continue
		}
		if taken++; !wire.NewPattern(e.RE2).Match("") {
			t.Errorf("%s is taken, and not read: %s", source, e.RE2)
		}
	}
	if taken < 5_000 {
		t.Errorf("only %d of 20,000 patterns are taken", taken)
	}
}
