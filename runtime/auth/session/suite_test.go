package session_test

import (
	"testing"
	"time"

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

func TestMemoryIsBoundedAtATime(t *testing.T) {
	sessiontest.RunBound(t, 10, func(t *testing.T) []session.Store {
		m, err := session.NewMemory(session.MemoryConfig{PerSubject: 10})
		if err != nil {
			t.Fatal(err)
		}
		return []session.Store{m}
	})
}

// TestPutTwice: a session that is put twice counts once.
func TestPutTwice(t *testing.T) {
	m, err := session.NewMemory(session.MemoryConfig{PerSubject: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := &session.Record{Who: session.Who{Subject: "ada"}, Ends: time.Now().Add(time.Hour)}
	for _, id := range [][32]byte{{1}, {2}, {2}, {2}} {
		if err := m.Put(t.Context(), id, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range [][32]byte{{1}, {2}} {
		if _, ok, err := m.Get(t.Context(), id); !ok || err != nil {
			t.Errorf("session %d: %v, %v", id[0], ok, err)
		}
	}
}
