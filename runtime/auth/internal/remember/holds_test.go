package remember_test

import (
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

func TestHolds(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for left, want := range map[time.Duration]bool{
		time.Minute: true, 1: true, 0: false, -1: false,
		time.Minute + 1: false, 24 * time.Hour: false, // the clock was set back
	} {
		if got := remember.Holds(now.Add(left), now, time.Minute); got != want {
			t.Errorf("%v left: %v, want %v", left, got, want)
		}
	}
}
