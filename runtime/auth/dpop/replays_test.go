package dpop_test

import (
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/dpop/replaytest"
)

func TestMemoryConforms(t *testing.T) {
	replaytest.Run(t, func(t *testing.T) dpop.Replays {
		m, err := dpop.NewMemory(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
}
