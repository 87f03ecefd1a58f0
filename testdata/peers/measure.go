package peers

import "testing"

// warm is how many requests precede a measurement: the token is verified, the pools
// have what they keep.
const warm = 3

// Measure is the benchmark of one case with one server.
func Measure(b *testing.B, s Server, c Case) {
	x, err := NewExchange(s, c, s.Token)
	if err != nil {
		b.Fatal(err)
	}
	var status int
	for range warm {
		status = x.Do().Status
	}
	b.ReportAllocs()
	for b.Loop() {
		x.Do()
	}
	if x.reply.Status != status {
		b.Fatalf("the last answer was %d, the first %d", x.reply.Status, status)
	}
}
