// Package relations decides by relations between users and objects, as Zanzibar and OpenFGA
// do: who may see a document follows from who owns it, whom it is shared with, and who is in which group.
//
// Checker is the part of such an engine that a server asks. Memory implements it for this
// process; an OpenFGA server is asked with a few lines around its client:
//
//	func (c fga) Check(ctx context.Context, user, relation, object string) (bool, error) {
//		res, err := c.client.Check(ctx).Body(client.ClientCheckRequest{User: user, Relation: relation, Object: object}).Execute()
//		if err != nil {
//			return false, err // denied: nobody is let in because the engine is down
//		}
//		return res.GetAllowed(), nil
//	}
package relations

import (
	"context"
	"errors"
	"strings"
	"sync"
)

// Checker reports whether a user has a relation to an object. Users and objects are
// "type:id", such as "user:ada" and "document:plan". An error denies. It must be safe for
// concurrent use.
type Checker interface {
	Check(ctx context.Context, user, relation, object string) (bool, error)
}

// Tuple is one relation that somebody wrote down. User may be a set: "group:staff#member".
type Tuple struct{ User, Relation, Object string }

// Model says which relations imply others: {"viewer": {"editor"}} lets every editor view.
type Model map[string][]string

// Memory is a Checker that holds its tuples. The zero value knows none, and says no.
type Memory struct {
	model Model

	mu     sync.RWMutex
	tuples map[key][]string
}

type key struct{ relation, object string }

var _ Checker = (*Memory)(nil)

// NewMemory returns a Memory with some tuples.
func NewMemory(model Model, tuples ...Tuple) *Memory {
	m := &Memory{model: model, tuples: map[key][]string{}}
	for _, t := range tuples {
		m.Write(t)
	}
	return m
}

// Write adds a tuple.
func (m *Memory) Write(t Tuple) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := key{t.Relation, t.Object}
	m.tuples[k] = append(m.tuples[k], t.User)
}

// Delete takes a tuple away.
func (m *Memory) Delete(t Tuple) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := key{t.Relation, t.Object}
	kept := m.tuples[k][:0:0]
	for _, user := range m.tuples[k] {
		if user != t.User {
			kept = append(kept, user)
		}
	}
	m.tuples[k] = kept
}

// maxSteps bounds how many relations one question follows.
const maxSteps = 1000

// ErrTooMany says that a question would follow too many relations.
var ErrTooMany = errors.New("relations: too many relations to follow")

// Check implements [Checker]. It follows relations that imply others and sets of users, in
// circles too, and gives up with an error after 1000 of them.
func (m *Memory) Check(ctx context.Context, user, relation, object string) (bool, error) {
	if user == "" || strings.Contains(user, "#") {
		return false, nil
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	queue, seen := []key{{relation, object}}, map[key]bool{}
	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		if seen[k] {
			continue
		}
		if seen[k] = true; len(seen) > maxSteps {
			return false, ErrTooMany
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		for _, has := range m.tuples[k] {
			if has == user {
				return true, nil
			}
			if set, of, ok := strings.Cut(has, "#"); ok {
				queue = append(queue, key{of, set})
			}
		}
		for _, implied := range m.model[k.relation] {
			queue = append(queue, key{implied, k.object})
		}
	}
	return false, nil
}
