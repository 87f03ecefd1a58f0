package relations

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestMemory(t *testing.T) {
	m := NewMemory(Model{"viewer": {"editor"}, "editor": {"owner"}},
		Tuple{"user:ada", "owner", "document:plan"},
		Tuple{"group:staff#member", "viewer", "document:plan"},
		Tuple{"group:leads#member", "member", "group:staff"},
		Tuple{"group:staff#member", "member", "group:leads"}, // a circle
		Tuple{"user:bob", "member", "group:leads"},
	)
	for _, tt := range []struct {
		user, relation, object string
		want                   bool
	}{
		{"user:ada", "owner", "document:plan", true},
		{"user:ada", "viewer", "document:plan", true},
		{"user:bob", "viewer", "document:plan", true},
		{"user:bob", "editor", "document:plan", false},
		{"user:eve", "viewer", "document:plan", false},
		{"user:ada", "viewer", "document:other", false},
		{"group:staff#member", "viewer", "document:plan", false},
		{"", "viewer", "document:plan", false},
		{"user:ada", "", "", false},
	} {
		if got, err := m.Check(t.Context(), tt.user, tt.relation, tt.object); got != tt.want || err != nil {
			t.Errorf("%s %s %s: %v, %v", tt.user, tt.relation, tt.object, got, err)
		}
	}
	m.Delete(Tuple{"user:bob", "member", "group:leads"})
	if got, _ := m.Check(t.Context(), "user:bob", "viewer", "document:plan"); got {
		t.Error("a relation that was taken away still holds")
	}
	if got, err := new(Memory).Check(t.Context(), "user:ada", "viewer", "document:plan"); got || err != nil {
		t.Error("the zero value knows somebody")
	}
}

// TestBounds: too many relations, or a question that nobody waits for, is answered no.
func TestBounds(t *testing.T) {
	m := NewMemory(nil)
	for i := range maxSteps + 10 {
		m.Write(Tuple{fmt.Sprintf("group:%d#member", i+1), "member", fmt.Sprintf("group:%d", i)})
	}
	if got, err := m.Check(t.Context(), "user:ada", "member", "group:0"); got || !errors.Is(err, ErrTooMany) {
		t.Errorf("got %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := m.Check(ctx, "user:ada", "member", "group:0"); got || err == nil {
		t.Errorf("got %v, %v", got, err)
	}
}
