package wire

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
)

// randomPattern makes a pattern of a few pieces.
func randomPattern(r *rand.Rand, depth int) string {
	atoms := []string{"a", "b", "x", ".", "[a-c]", "[^a]", `\w`, `\W`, `\d`, `\b`, `\B`, "^", "$", `\A`, `\z`, "(?m:^)", "(?m:$)", "(?i:k)", "é", "[à-ü]", `\pL`, "(?s:.)", "\n", "(?i:ſb)"}
	var b strings.Builder
	for range 1 + r.IntN(4) {
		if depth > 0 && r.IntN(3) == 0 {
			b.WriteString("(?:" + randomPattern(r, depth-1) + "|" + randomPattern(r, depth-1) + ")")
		} else {
			b.WriteString(atoms[r.IntN(len(atoms))])
		}
		b.WriteString([]string{"", "", "", "*", "+", "?", "{2,5}", "{3}", "*?"}[r.IntN(9)])
	}
	return b.String()
}

func randomText(r *rand.Rand) string {
	letters := []string{"a", "b", "c", "x", "k", "K", "1", "-", " ", "\n", "é", "ü", "ſ", "\u212a", "語", "\xff"}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// TestTableMatchesAsRegexp holds automata, whole ones and those whose table has only its first
// states, against package regexp.
func TestTableMatchesAsRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 0; n < 1_500; {
		source := randomPattern(r, 2)
		want, err := regexp.Compile(source)
		if err != nil {
			continue
		}
		n++
		whole := NewPattern(source)
		part := tableOf(t, source, 1+r.IntN(3))
		for range 10 {
			s := randomText(r)
			left := int64(1 << 40)
			if got := whole.Match(s); got != want.MatchString(s) {
				t.Fatalf("%q on %q: %v", source, s, got)
			}
			if got := part.match(s, &left); got != want.MatchString(s) {
				t.Fatalf("%q on %q with part of its table: %v", source, s, got)
			}
		}
	}
}

// tableOf makes an automaton with a table of so many states at the most.
func tableOf(t *testing.T, source string, states int) *automaton {
	t.Helper()
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newAutomaton(tree, tableLimits{entries: 1 << 15, words: 1 << 20, steps: 1 << 20, states: states})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
