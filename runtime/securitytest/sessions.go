package securitytest

import (
	"context"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/session"
)

// Sessions are those of a scheme of cookie sessions.
func (c *Credentials) Sessions(scheme string) *session.Sessions {
	b, _ := c.makers[scheme].(*browsers)
	return b.sessions
}

// browsers come with sessions.
type browsers struct {
	cookie   string
	store    *sessionStore
	sessions *session.Sessions
}

// sessionStore remembers which session began last.
type sessionStore struct {
	*session.Memory
	id     [32]byte
	record *session.Record
}

// Put implements [session.Store].
func (s *sessionStore) Put(ctx context.Context, id [32]byte, r *session.Record) error {
	s.id, s.record = id, r
	return s.Memory.Put(ctx, id, r)
}

func newBrowsers(cookie string) (*browsers, error) {
	m, err := session.NewMemory(session.MemoryConfig{Sessions: 1 << 20, PerSubject: 1 << 20})
	if err != nil {
		return nil, err
	}
	b := &browsers{cookie: cookie, store: &sessionStore{Memory: m}}
	b.sessions, err = session.New(b.store)
	return b, err
}

func (b *browsers) good(who Caller, scopes []string) fields {
	set, err := b.sessions.Begin(context.Background(), session.Who{Subject: who.Subject, Scopes: scopes, Roles: who.Roles}, nil)
	if err != nil {
		return fields{untriedField: {err.Error()}}
	}
	pair, _, _ := strings.Cut(set, ";")
	return fields{"Cookie": {pair}}
}

// changed is a session of which the record is changed.
func (b *browsers) changed(who Caller, scopes []string, change func(*session.Record)) fields {
	f := b.good(who, scopes)
	ctx := context.Background()
	_ = b.store.Delete(ctx, b.store.id) // in memory: it never fails
	if change != nil {
		record := *b.store.record
		change(&record)
		_ = b.store.Memory.Put(ctx, b.store.id, &record)
	}
	return f
}

func (b *browsers) bad(who Caller, scopes []string) []bad {
	good := b.good(who, scopes)["Cookie"][0]
	return []bad{
		{name: "a session that ended", fields: b.changed(who, scopes, nil)},
		{name: "a session that was not used for long", fields: b.changed(who, scopes, func(r *session.Record) { r.Used = time.Now().Add(-25 * time.Hour) })},
		{name: "a session whose time is over", fields: b.changed(who, scopes, func(r *session.Record) { r.Ends = time.Now().Add(-time.Minute) })},
		{name: "a session that nobody began", fields: fields{"Cookie": {b.cookie + "=" + strings.Repeat("A", 43)}}},
		{name: "a session cut short", fields: fields{"Cookie": {good[:len(good)-1]}}},
		{name: "two sessions", fields: fields{"Cookie": {good + "; " + good}}},
		{name: "no session", fields: fields{"Cookie": {b.cookie + "="}}, blank: true},
	}
}
