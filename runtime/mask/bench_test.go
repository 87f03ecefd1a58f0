package mask_test

import (
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/mask"
)

var (
	keptString mask.String
	keptNumber mask.Value[int]
	keptTime   mask.Value[time.Time]
	keptList   mask.Value[[]string]
	keptText   string
)

// What a decoder pays for a masked value, and an encoder.
func BenchmarkNew(b *testing.B) {
	iban, list, now := "DE89370400440532013000", []string{"a", "b", "c"}, time.Now().UTC()
	for name, f := range map[string]func(){
		"String": func() { keptString = mask.NewString(iban) },
		"number": func() { keptNumber = mask.NewValue(73519) },
		"time":   func() { keptTime = mask.NewValue(now) },
		"list":   func() { keptList = mask.NewValue(list) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

func BenchmarkReveal(b *testing.B) {
	s, v := mask.NewString("DE89370400440532013000"), mask.NewValue([]string{"a"})
	b.Run("String", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			keptText = s.RevealString()
		}
	})
	b.Run("list", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			keptText = v.RevealValue()[0]
		}
	})
}
