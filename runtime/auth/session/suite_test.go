package session_test

import (
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/auth/session/sessiontest"
)

func TestMemoryConforms(t *testing.T) {
	sessiontest.Run(t, func(t *testing.T) session.Store {
		m, err := session.NewMemory(session.MemoryConfig{})
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
}
