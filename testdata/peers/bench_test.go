package peers

import "testing"

// Benchmark measures every case with every server:
//
//	go test -run '^$' -bench 'Benchmark/post1k/' -cpu 1
func Benchmark(b *testing.B) {
	servers, err := Servers()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range Cases() {
		b.Run(c.Name, func(b *testing.B) {
			for _, s := range servers {
				b.Run(s.Name, func(b *testing.B) { Measure(b, s, c) })
			}
			b.Run("harness", func(b *testing.B) { Measure(b, Server{Handler: Nothing}, c) })
		})
	}
}
