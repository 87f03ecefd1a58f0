package basic

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// hashOf is a hash with these parameters, and of a password that nobody has.
func hashOf(p parameters) *Hash {
	h := nobody()
	h.parameters = p
	return h
}

// ledger counts what is filled, instead of filling it.
type ledger struct{ work, peak uint64 }

func (l *ledger) fill(_, _ []byte, time, memory uint32, threads uint8, length uint32) []byte {
	p := parameters{memory, time, threads}
	l.work += p.work()
	l.peak = max(l.peak, uint64(p.memory))
	return make([]byte, length)
}

// plain is a store that cannot say which of its hashes is the costliest.
type plain map[string]*User

func (p plain) Lookup(_ context.Context, name string) (*User, bool, error) {
	u, ok := p[name]
	return u, ok, nil
}

// TestRedteamBasicTiming: a wrong password costs the same work, whether its user exists or not and
// whatever the parameters of the user's hash.
func TestRedteamBasicTiming(t *testing.T) {
	procs := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(procs)
	mine := parameters{64 << 10, 3, 4}
	for _, in := range [][]parameters{
		{mine},
		{{64 << 10, 3, 1}},
		{{256 << 10, 3, 4}},
		{{64 << 10, 10, 4}},
		{{64 << 10, 3, 16}},
		{mine, {64 << 10, 3, 1}, {256 << 10, 3, 4}, {64 << 10, 10, 4}, {100 << 10, 5, 2}, {256 << 10, 10, 1}, {64 << 10, 3, 16}},
	} {
		var list []User
		costliest := in[0]
		for i, p := range in {
			list = append(list, User{Name: fmt.Sprint("user", i), Hash: hashOf(p)})
			costliest = costlier(costliest, p)
		}
		users, err := Static(list...)
		if err != nil {
			t.Fatal(err)
		}
		unaware := plain{}
		for i := range list {
			unaware[list[i].Name] = &list[i]
		}
		for store, users := range map[string]Users{"Static": users, "a store that cannot say": unaware} {
			j := newJudge(users, defaultMemory, -1)
			cost := func(name string) ledger {
				var l ledger
				j.fill = l.fill
				u, ok, _ := users.Lookup(t.Context(), name)
				if !ok {
					u = nil
				}
				if good, err := j.verify(t.Context(), u, name, "guess", time.Now()); good || err != nil {
					t.Fatalf("%v: %v, %v", in, good, err)
				}
				return l
			}
			if store != "Static" { // it has to see them once
				for i := range list {
					cost(list[i].Name)
				}
				costliest = costlier(costliest, least)
			}
			want := costliest.work()
			for _, name := range []string{"nobody", "user0", fmt.Sprint("user", len(list)-1), "user1", "user2", "user3"} {
				if l := cost(name); l.work > want || want-l.work > want/1000 || l.peak > 256<<10 {
					t.Errorf("%s of %v: %s costs %d KiB a lane with a peak of %d KiB; the costliest hash takes %d", store, in, name, l.work, l.peak, want)
				}
			}
		}
	}
}

// TestRightPasswordIsNotToppedUp: who knows the password waits for nothing else.
func TestRightPasswordIsNotToppedUp(t *testing.T) {
	cheap, dear := hashOf(least), hashOf(parameters{256 << 10, 10, 1})
	cheap.sum = make([]byte, leastSum) // what the ledger returns
	users, err := Static(User{Name: "ada", Hash: cheap}, User{Name: "bob", Hash: dear})
	if err != nil {
		t.Fatal(err)
	}
	j, l := newJudge(users, defaultMemory, -1), ledger{}
	j.fill = l.fill
	u, _, _ := users.Lookup(t.Context(), "ada")
	if good, err := j.verify(t.Context(), u, "ada", "right", time.Now()); !good || err != nil || l.work != least.work() {
		t.Errorf("%v, %v: costs %d, want %d", good, err, l.work, least.work())
	}
}

// TestQuestionsShareTheMemory: every question takes the memory of the costliest hash, so that no more
// of them are in progress than Memory holds, and the wait tells nothing either.
func TestQuestionsShareTheMemory(t *testing.T) {
	users, err := Static(User{Name: "ada", Hash: hashOf(least)}, User{Name: "bob", Hash: hashOf(parameters{128 << 10, 3, 4})})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ada", "bob", "nobody"} {
		j := newJudge(users, 256<<20, -1)
		var running, peak atomic.Int64
		release := make(chan struct{})
		j.fill = func(_, _ []byte, _, _ uint32, _ uint8, length uint32) []byte {
			n := running.Add(1)
			for old := peak.Load(); n > old && !peak.CompareAndSwap(old, n); old = peak.Load() {
			}
			<-release
			running.Add(-1)
			return make([]byte, length)
		}
		u, _, _ := users.Lookup(t.Context(), name)
		done := make(chan error)
		for i := range 6 {
			go func() {
				_, err := j.verify(t.Context(), u, name, fmt.Sprint("guess", i), time.Now())
				done <- err
			}()
		}
		for running.Load() < 2 {
			time.Sleep(time.Millisecond)
		}
		close(release)
		for range 6 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if peak.Load() != 2 {
			t.Errorf("%s: %d questions at once, want 2 of 128 MiB in 256 MiB", name, peak.Load())
		}
	}
	if _, err := New(Policy{}, Accounts{Users: users, Memory: 64 << 20}, nil); err == nil {
		t.Error("a hash that Memory does not hold is accepted")
	}
}

// TestTooCostlyAfterReload: a hash that came later and does not fit shuts out its user alone.
func TestTooCostlyAfterReload(t *testing.T) {
	users := plain{"ada": {Name: "ada", Hash: hashOf(least)}, "bob": {Name: "bob", Hash: hashOf(parameters{256 << 10, 3, 4})}}
	j, l := newJudge(users, 64<<20, -1), ledger{}
	j.fill = l.fill
	if _, err := j.verify(t.Context(), users["bob"], "bob", "guess", time.Now()); err != errTooBig {
		t.Errorf("bob: %v, want errTooBig", err)
	}
	for _, u := range []*User{users["ada"], nil} {
		l = ledger{}
		if _, err := j.verify(t.Context(), u, "ada", "guess", time.Now()); err != nil || l.peak > 64<<10 || l.work < users["bob"].Hash.work() {
			t.Errorf("%v, %+v: want the work of bob's hash in 64 MiB", err, l)
		}
	}
}
