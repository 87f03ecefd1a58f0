package dpop_test

import (
	"context"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// Memory knows the proofs that were used within their minute: the second use is a replay.
func ExampleMemory() {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	replays, err := dpop.NewMemory(1000, func() time.Time { return now })
	if err != nil {
		fmt.Println(err)
		return
	}
	id := dpop.ID{1}
	for range 2 {
		first, err := replays.Use(context.Background(), id, now.Add(time.Minute))
		fmt.Println(first, err)
	}
	// Output:
	// true <nil>
	// false <nil>
}
