package types_test

import (
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/types"
)

// A Date is a day of the calendar. ParseDate takes one spelling of it.
func ExampleParseDate() {
	for _, text := range []string{"2026-03-01", "2026-02-29", "2026-3-1", "2026-03-01T00:00:00Z"} {
		d, err := types.ParseDate(text)
		fmt.Println(d, err != nil)
	}
	// Output:
	// 2026-03-01 false
	// 0001-01-01 true
	// 0001-01-01 true
	// 0001-01-01 true
}

// DateOf takes the day where the time's clock stands. Convert the time first where another place's day
// is meant.
func ExampleDateOf() {
	evening := time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("UTC-5", -5*60*60))
	fmt.Println(types.DateOf(evening), types.DateOf(evening.UTC()))
	// Output: 2026-03-01 2026-03-02
}
