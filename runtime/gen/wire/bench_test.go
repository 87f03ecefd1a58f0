package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

func BenchmarkDecodeOrder(b *testing.B) {
	var d wire.Decoder
	b.SetBytes(int64(len(orderText)))
	b.ReportAllocs()
	for b.Loop() {
		v := new(order)
		d.Reset(orderText, wire.Limits{})
		decodeOrder(&d, v)
		d.End()
		if d.Failed() || d.Violated() {
			b.Fatal(d.Err())
		}
	}
}

func BenchmarkDecodeOrders(b *testing.B) {
	text := "[" + strings.Repeat(orderText+",", 999) + orderText + "]"
	var d wire.Decoder
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var v []order
		d.Reset(text, wire.Limits{})
		decodeOrders(&d, &v)
		d.End()
		if d.Failed() || d.Violated() {
			b.Fatal(d.Err())
		}
	}
}

func BenchmarkSkipOrder(b *testing.B) {
	var d wire.Decoder
	b.SetBytes(int64(len(orderText)))
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(orderText, wire.Limits{})
		d.Raw()
		d.End()
		if d.Failed() {
			b.Fatal(d.Err())
		}
	}
}

func BenchmarkEncodeOrder(b *testing.B) {
	var d wire.Decoder
	var v order
	d.Reset(orderText, wire.Limits{})
	decodeOrder(&d, &v)
	var e wire.Encoder
	buf := make([]byte, 0, 4096)
	b.SetBytes(int64(len(orderText)))
	b.ReportAllocs()
	for b.Loop() {
		e.Reset(0)
		buf = appendOrder(&e, buf[:0], &v)
		if e.Failed() {
			b.Fatal(e.Err())
		}
	}
}

// A pattern with look-around costs what its automata cost at each character.
func BenchmarkPatternLook(b *testing.B) {
	p := wire.NewPattern(`^(?=.*[0-9])(?=.*[A-Z])(?=.*[^a-zA-Z0-9]).{8,}$`)
	for _, n := range []int{16, 1 << 20} {
		s := strings.Repeat("a", n-4) + "Z9!b"
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				if !p.Match(s) {
					b.Fatal("no match")
				}
			}
		})
	}
}
