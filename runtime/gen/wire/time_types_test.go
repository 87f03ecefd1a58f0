package wire_test

import (
	"fmt"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/types"
)

// The decoder and package types read the same dates.
func TestDatesAgree(t *testing.T) {
	t.Parallel()
	for _, year := range []int{0, 4, 99, 1900, 1969, 1970, 2000, 2023, 2024, 9999, 10000} {
		for month := range 14 {
			for day := range 33 {
				text := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
				got, ok := wire.ParseDate(text)
				want, err := types.ParseDate(text)
				if ok != (err == nil) || got != want {
					t.Fatalf("%s: wire has %v, %v; types has %v, %v", text, got, ok, want, err)
				}
			}
		}
	}
}
