package wire_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// TestMutations compares with jsontext on mutated orders: what the fuzz targets
// look for, in every test run, with a fixed seed.
func TestMutations(t *testing.T) {
	t.Parallel()
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	pieces := []string{`"`, `\`, `{`, `}`, `[`, `]`, `,`, `:`, "\x00", "\xff", "\n", " ", "0", "-", ".", "e9", "1", `\u`, `\ud800`, `\u0061`, "null", "true", `"id":1,`, `"x":1,`, "é", `""`, "{}", "[]"}
	var d wire.Decoder
	accepted := 0
	for range n {
		b := []byte(orderText)
		for range 1 + rnd.IntN(3) {
			at := rnd.IntN(len(b))
			switch rnd.IntN(5) {
			case 0: // drop
				end := min(at+1+rnd.IntN(8), len(b))
				b = append(b[:at], b[end:]...)
			case 1: // change
				b[at] ^= 1 << rnd.IntN(8)
			case 2: // cut
				if rnd.IntN(20) == 0 {
					b = b[:at+1]
				}
			case 3: // repeat
				end := min(at+rnd.IntN(60), len(b))
				b = append(b[:end:end], b[at:]...)
			default: // insert
				piece := pieces[rnd.IntN(len(pieces))]
				b = append(b[:at:at], append([]byte(piece), b[at:]...)...)
			}
			if len(b) == 0 {
				b = []byte("x")
			}
		}
		text := string(b)
		want := oracle(text)
		if got := accepts(text) == nil; got != want {
			t.Fatalf("Raw: accepted %v, want %v: %s", got, want, text)
		}
		var v order
		d.Reset(text, wire.Limits{Violations: 1000})
		decodeOrder(&d, &v)
		d.End()
		var syntax *wire.SyntaxError
		err := d.Err()
		if got := !errors.As(err, &syntax); got != want {
			t.Fatalf("order: well-formed %v, want %v (%v): %s", got, want, err, text)
		}
		if err == nil {
			accepted++
			var e wire.Encoder
			if out := appendOrder(&e, nil, &v); e.Err() != nil || !oracle(string(out)) {
				t.Fatalf("%s: encoded as %s: %v", text, out, e.Err())
			}
		}
	}
	if accepted == 0 || accepted == n {
		t.Errorf("%d of %d accepted: the mutations are not worth much", accepted, n)
	}
}
