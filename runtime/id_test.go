package runtime

import (
	"fmt"
	"testing"
)

func TestAppendHex(t *testing.T) {
	for _, x := range []uint64{0, 1, 0xf, 0x9a, 0x0123456789abcdef, 0xfedcba9876543210, 1<<64 - 1, 0x99999999aaaaaaaa} {
		if got, want := string(appendHex([]byte("x"), x)), fmt.Sprintf("x%016x", x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for i := range 1000 {
		x := mix(uint64(i))
		if got, want := string(appendHex(nil, x)), fmt.Sprintf("%016x", x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRequestIDsDiffer(t *testing.T) {
	var g ids
	if err := g.seed(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for range 10_000 {
		id := g.next()
		text := id.String()
		if len(text) != 32 || seen[text] || !isRequestID(text) {
			t.Fatalf("%q", text)
		}
		seen[text] = true
	}
	if id := (requestID{hi: 1, given: "from-the-proxy"}); id.String() != "from-the-proxy" || string(id.append(nil)) != "from-the-proxy" {
		t.Errorf("%q", id.String())
	}
}
