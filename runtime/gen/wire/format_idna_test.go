package wire

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestPunycodeHasOneSpelling holds that decodeALabel takes one spelling of each label: what it takes is what the
// label is encoded to. It compares the decoder with the encoder on labels that are made of each other.
func TestPunycodeHasOneSpelling(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"xn---9ca", "xn----foo", "xn--a", "xn--a-", "xn--", "xn---", "xn--9ca-"} {
		if r, ok := decodeALabel(nil, label); ok {
			t.Errorf("%s is taken for %q", label, string(r))
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	const figures = punyFigures + "--ABZ"
	taken, label := 0, []byte("xn--bcher-kva")
	for range 200_000 {
		next := append([]byte(nil), label...)
		for range 1 + random.IntN(3) {
			at := 4 + random.IntN(len(next)-3)
			switch {
			case random.IntN(3) > 0 && at < len(next):
				next[at] = figures[random.IntN(len(figures))]
			case random.IntN(2) > 0 && at < len(next) && len(next) > 5:
				next = append(next[:at], next[at+1:]...)
			case len(next) < maxLabel:
				next = append(next[:at], append([]byte{figures[random.IntN(len(figures))]}, next[at:]...)...)
			}
		}
		var room [maxLabel]rune
		r, ok := decodeALabel(room[:0], string(next))
		if !ok {
			continue
		}
		taken++
		again, ok := encodePunycode(nil, r)
		if !ok || string(again) != strings.ToLower(string(next[4:])) {
			t.Fatalf("%s is taken for %q, which is xn--%s", next, string(r), again)
		}
		label = next
	}
	if taken < 1000 {
		t.Errorf("only %d labels were taken", taken)
	}
}
