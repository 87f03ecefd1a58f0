package redis

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/auth/session/sessiontest"
	"github.com/bailey-go/bailey/runtime/principal"
)

func openSessions(t *testing.T, c SessionsConfig) *Sessions {
	t.Helper()
	s, err := NewSessions(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conformSessions(t *testing.T, c goredis.UniversalClient) {
	t.Helper()
	sessiontest.Run(t, func(t *testing.T) session.Store {
		return openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: prefix(t, c)}})
	})
}

func TestSessionsConform(t *testing.T) { conformSessions(t, connect(t)) }

// TestSessionsAreBoundedAtATime: in several processes, too.
func TestSessionsAreBoundedAtATime(t *testing.T) {
	sessiontest.RunBound(t, 10, func(t *testing.T) []session.Store {
		c, more := connect(t), connect(t)
		p := prefix(t, c)
		return []session.Store{
			openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: p}, PerSubject: 10}),
			openSessions(t, SessionsConfig{Config: Config{Client: more, Prefix: p}, PerSubject: 10}),
		}
	})
}

func idOf(text string) [32]byte { return sha256.Sum256([]byte(text)) }

// of is a session that begins now.
func of(subject string) *session.Record {
	now := time.Now()
	return &session.Record{Who: session.Who{Subject: subject}, Began: now, Used: now, Ends: now.Add(time.Hour), Idle: 10 * time.Minute}
}

func begin(t *testing.T, s *Sessions, name string, r *session.Record) {
	t.Helper()
	if err := s.Put(t.Context(), idOf(name), r); err != nil {
		t.Fatal(err)
	}
}

func lives(t *testing.T, s *Sessions, name string, want bool) {
	t.Helper()
	if r, ok, err := s.Get(t.Context(), idOf(name)); err != nil || ok != want {
		t.Errorf("%s: %+v, %v, %v; want %v", name, r, ok, err, want)
	}
}

// TestSessionsPerSubject: a new one ends those that were not used for the longest time, and what has ended takes no room.
func TestSessionsPerSubject(t *testing.T) {
	c := connect(t)
	p := prefix(t, c)
	s := openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: p}, PerSubject: 3})
	over := of("ada")
	over.Ends, over.Used = over.Used.Add(30*time.Millisecond), over.Used.Add(time.Hour) // it would be the last to go
	begin(t, s, "over", over)
	began := time.Now().Add(-5 * time.Minute)
	for i := range 3 {
		r := of("ada")
		r.Began, r.Used = began, began.Add(time.Duration(i)*time.Second)
		begin(t, s, fmt.Sprint(i), r)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) { // until Redis has forgotten it
		if _, ok, err := s.Get(t.Context(), idOf("over")); err != nil {
			t.Fatal(err)
		} else if !ok {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a session does not end")
		}
	}
	if err := s.Touch(t.Context(), idOf("1"), time.Now()); err != nil {
		t.Fatal(err)
	}
	begin(t, s, "2", of("ada")) // the same command again
	begin(t, s, "new", of("ada"))
	begin(t, s, "other", of("bob"))
	for name, want := range map[string]bool{"over": false, "0": false, "1": true, "2": true, "new": true, "other": true} {
		lives(t, s, name, want)
	}
	if keys, err := c.Keys(t.Context(), p+":session:*").Result(); err != nil || len(keys) != 4 {
		t.Errorf("%d entries of 4 sessions: %v", len(keys), err)
	}
}

// TestSessionsEntries: what they are called tells nothing, they end by themselves, and use lets them end later.
func TestSessionsEntries(t *testing.T) {
	c := connect(t)
	p := prefix(t, c)
	sessions, err := session.New(openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: p}}))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	a, err := sessions.Serve(session.Policy{Scheme: "browser", Cookie: "__Host-s", Idle: 10 * time.Minute, Absolute: time.Hour, Clock: func() time.Time { return now }}, principal.NewTable(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	set, err := sessions.Begin(t.Context(), session.Who{Subject: "zoe@example.com"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pair, _, _ := strings.Cut(set, ";")
	number := strings.TrimPrefix(pair, "__Host-s=")
	ctx := t.Context()
	entries := func(least, most time.Duration) {
		t.Helper()
		keys, err := c.Keys(ctx, p+":*").Result()
		if err != nil || len(keys) != 2 {
			t.Fatalf("keys %q, %v; want two", keys, err)
		}
		for _, key := range keys {
			life, err := c.PTTL(ctx, key).Result()
			if err != nil || life <= least || life > most || strings.Contains(key, "zoe") {
				t.Errorf("%s lives for %v, %v", key, life, err)
			}
			dump, err := c.Dump(ctx, key).Result()
			if err != nil || strings.Contains(key+dump, number) {
				t.Errorf("%s has the number in it, %v", key, err)
			}
		}
	}
	entries(9*time.Minute, 10*time.Minute)
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", pair)
	now = now.Add(5 * time.Minute)
	if _, err := a.Authenticate(r); err != nil {
		t.Fatal(err)
	}
	entries(9*time.Minute, 15*time.Minute)
	now = now.Add(9 * time.Minute)
	if who, err := a.Authenticate(r); err != nil || who.Subject != "zoe@example.com" {
		t.Fatal(who, err)
	}
	if err := sessions.EndAll(ctx, "zoe@example.com"); err != nil {
		t.Fatal(err)
	}
	if keys, err := c.Keys(ctx, p+":*").Result(); err != nil || len(keys) != 0 {
		t.Errorf("left are %q, %v", keys, err)
	}
	long := of("ada")
	long.Ends, long.Idle = long.Began.Add(400*24*time.Hour), 0
	if err := openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: p}}).Put(ctx, idOf("x"), long); err == nil {
		t.Error("a session of more than a year is taken")
	}
}

// between does something before a command of a name goes out, once.
type between struct {
	name string
	do   func()
	once sync.Once
}

func (b *between) DialHook(next goredis.DialHook) goredis.DialHook { return next }
func (b *between) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if cmd.Name() == b.name {
			b.once.Do(b.do)
		}
		return next(ctx, cmd)
	}
}
func (b *between) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

// TestSessionsEndAllWhileOneBegins: a login that is half done when all sessions of somebody end does not survive it, whatever is done in between.
func TestSessionsEndAllWhileOneBegins(t *testing.T) {
	c := connect(t)
	p := prefix(t, c)
	calm := openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: p}})
	begin(t, calm, "before", of("ada"))
	for _, command := range []string{"set", "pexpire", "hget"} {
		slow := Connect(goredis.UniversalOptions{Addrs: []string{address()}})
		t.Cleanup(func() { _ = slow.Close() })
		ended := false
		slow.AddHook(&between{name: command, do: func() {
			ended = true
			if err := calm.DeleteSubject(t.Context(), "ada"); err != nil {
				t.Error(err)
			}
		}})
		s := openSessions(t, SessionsConfig{Config: Config{Client: slow, Prefix: p}})
		begin(t, s, command, of("ada"))
		if err := s.Touch(t.Context(), idOf(command), time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.Get(t.Context(), idOf(command))
		if err != nil || !ended {
			t.Fatalf("%s: not ended, %v", command, err)
		}
		lives(t, calm, command, false)
		lives(t, calm, "before", false)
	}
	begin(t, calm, "after", of("ada"))
	lives(t, calm, "after", true)
}

// TestSessionsEndAllAtOnce: many begin while all end; those that had begun before have ended.
func TestSessionsEndAllAtOnce(t *testing.T) {
	c := connect(t)
	s := openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: prefix(t, c)}, PerSubject: 1000})
	var wg sync.WaitGroup
	const each = 40
	began := make([][each]bool, 4) // what had begun when the end began
	var mu sync.Mutex
	closing := false
	for i := range began {
		wg.Go(func() {
			for j := range each {
				if err := s.Put(t.Context(), idOf(fmt.Sprint(i, " ", j)), of("ada")); err != nil {
					t.Error(err)
				}
				mu.Lock()
				began[i][j] = !closing
				mu.Unlock()
			}
		})
	}
	wg.Go(func() {
		mu.Lock()
		closing = true
		mu.Unlock()
		if err := s.DeleteSubject(t.Context(), "ada"); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	for i := range began {
		for j, before := range began[i] {
			if before {
				lives(t, s, fmt.Sprint(i, " ", j), false)
			}
		}
	}
}

// TestSessionsForeignEntries: what somebody else wrote under our keys lets nobody in.
func TestSessionsForeignEntries(t *testing.T) {
	c := connect(t)
	s := openSessions(t, SessionsConfig{Config: Config{Client: c, Prefix: prefix(t, c)}})
	ctx := t.Context()
	id := idOf("x")
	own, listed := s.key(string(id[:])), s.list("ada")
	get := func(what string) {
		t.Helper()
		if r, ok, err := s.Get(ctx, id); ok || err == nil {
			t.Errorf("%s: %+v, %v", what, r, ok)
		}
	}
	for _, text := range []string{"", "x", "{}", `{"subject":1}`, `[]`} {
		c.Set(ctx, own, text, time.Minute)
		get(text)
	}
	c.Del(ctx, own)
	c.LPush(ctx, own, "a")
	get("a list for a session")
	c.Del(ctx, own)
	begin(t, s, "x", of("ada"))
	c.HSet(ctx, listed, string(id[:]), "yesterday")
	get("a text for a time")
	c.Set(ctx, listed, "x", time.Minute)
	get("a text for a list")
	c.Del(ctx, listed)
	lives(t, s, "x", false)
}

// TestSessionsDown: a store that cannot be asked, or does not answer, is an error, without a context that ends.
func TestSessionsDown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	for name, addr := range map[string]string{"nobody listens": "127.0.0.1:1", "nobody answers": ln.Addr().String()} {
		c := Connect(goredis.UniversalOptions{Addrs: []string{addr}})
		t.Cleanup(func() { _ = c.Close() })
		s := openSessions(t, SessionsConfig{Config: Config{Client: c}, Timeout: 100 * time.Millisecond})
		ctx := context.Background()
		if r, ok, err := s.Get(ctx, idOf("x")); r != nil || ok || err == nil {
			t.Errorf("%s: Get = %v, %v, %v", name, r, ok, err)
		}
		for what, err := range map[string]error{
			"Put": s.Put(ctx, idOf("x"), of("ada")), "Touch": s.Touch(ctx, idOf("x"), time.Now()), "Delete": s.Delete(ctx, idOf("x")), "DeleteSubject": s.DeleteSubject(ctx, "ada"),
		} {
			if err == nil {
				t.Errorf("%s: %s is no error", name, what)
			}
		}
	}
}

func TestSessionsConfigRefused(t *testing.T) {
	c := Connect(goredis.UniversalOptions{Addrs: []string{"127.0.0.1:1"}})
	defer c.Close()
	good := Config{Client: c}
	for _, cfg := range []SessionsConfig{
		{}, {Config: Config{Client: c, Prefix: "a*"}}, {Config: good, PerSubject: -1}, {Config: good, PerSubject: 1001}, {Config: good, Timeout: -1},
	} {
		if s, err := NewSessions(cfg); s != nil || err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
	s := openSessions(t, SessionsConfig{Config: good})
	for name, r := range map[string]*session.Record{"nobody": of(""), "over": {Who: session.Who{Subject: "ada"}, Ends: time.Now().Add(-time.Minute)}} {
		if err := s.Put(t.Context(), idOf("x"), r); err == nil || strings.Contains(err.Error(), "connect") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
