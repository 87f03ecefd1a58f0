package redis

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/session"
)

// asker asks each kind of question.
type asker struct {
	revocations *Revocations
	replays     *Replays
	sessions    *Sessions
	now         time.Time
	n           byte
}

func newAsker(t *testing.T, c goredis.UniversalClient) *asker {
	t.Helper()
	a := &asker{now: time.Now()}
	cfg := Config{Client: c, Clock: func() time.Time { return a.now }}
	var err1, err2, err3 error
	a.revocations, err1 = NewRevocations(cfg)
	a.replays, err2 = NewReplays(cfg)
	a.sessions, err3 = NewSessions(SessionsConfig{Config: cfg})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return a
}

// want asks about a token and a proof, and says whether both are to fail with an error, nil for
// neither.
func (a *asker) want(t *testing.T, when string, want error) {
	t.Helper()
	ctx := t.Context()
	a.n++
	_, err := a.revocations.Revoked(ctx, jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: a.now})
	if (want == nil) != (err == nil) || !errors.Is(err, want) {
		t.Errorf("%s: a token: %v, want %v", when, err, want)
	}
	_, err = a.replays.Use(ctx, dpop.ID{a.n}, a.now.Add(time.Minute))
	if readOnly := want == errReplica && goredis.IsReadOnlyError(err); (want == nil) != (err == nil) || !errors.Is(err, want) && !readOnly {
		t.Errorf("%s: a proof: %v, want %v", when, err, want)
	}
	if err := a.revocations.Revoke(ctx, "i", "2", a.now.Add(time.Minute)); (want == nil) != (err == nil) || !errors.Is(err, want) {
		t.Errorf("%s: to revoke: %v, want %v", when, err, want)
	}
}

func set(t *testing.T, c goredis.Cmdable, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if err := c.ConfigSet(context.Background(), pairs[i], pairs[i+1]).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRedteamRedisEvictionLater: a Redis that begins to evict while the server runs is not
// believed, within a second, and believed again when it has ceased to.
func TestRedteamRedisEvictionLater(t *testing.T) {
	c := Connect(goredis.UniversalOptions{Addrs: []string{start(t)}})
	defer c.Close()
	a := newAsker(t, c)
	a.want(t, "at first", nil)
	set(t, c, "maxmemory", "64mb", "maxmemory-policy", "allkeys-lru")
	a.now = a.now.Add(time.Second)
	a.want(t, "a second later", errEvicts)
	set(t, c, "maxmemory-policy", "noeviction")
	a.now = a.now.Add(time.Second)
	a.want(t, "with noeviction", nil)
	set(t, c, "maxmemory", "0", "maxmemory-policy", "volatile-ttl")
	a.now = a.now.Add(time.Second)
	a.want(t, "without a bound that could be reached", nil)
}

// TestServerStartsAgain: another server in the place of the first is looked at with the first
// question, however short the time is.
func TestServerStartsAgain(t *testing.T) {
	addr := start(t)
	_, port, _ := strings.Cut(addr, ":")
	c := Connect(goredis.UniversalOptions{Addrs: []string{addr}})
	defer c.Close()
	a := newAsker(t, c)
	a.want(t, "at first", nil)
	a.want(t, "again", nil)
	c.ShutdownNoSave(t.Context())
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir(), "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-random")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	probe := goredis.NewClient(&goredis.Options{Addr: addr})
	defer probe.Close()
	for range 200 {
		if probe.Ping(t.Context()).Err() == nil {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	a.want(t, "after the start", errEvicts)
}

// TestFailover: a primary that becomes a replica is not asked any more, and neither is a replica
// with other settings that takes its place.
func TestFailover(t *testing.T) {
	first, second := start(t), start(t, "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru")
	at := first
	o := &goredis.Options{Addr: "primary.invalid:6379", ContextTimeoutEnabled: true}
	dialer := goredis.NewDialer(o)
	o.Dialer = func(ctx context.Context, network, _ string) (net.Conn, error) { return dialer(ctx, network, at) } // a name that is moved
	c := goredis.NewClient(o)
	defer c.Close()
	a := newAsker(t, c)
	a.want(t, "at first", nil)
	id := [32]byte{1}
	if err := a.sessions.Put(t.Context(), id, &session.Record{Who: session.Who{Subject: "ada"}, Began: a.now, Used: a.now, Ends: a.now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	node1, node2 := goredis.NewClient(&goredis.Options{Addr: first}), goredis.NewClient(&goredis.Options{Addr: second})
	defer node1.Close()
	defer node2.Close()
	host, port, _ := strings.Cut(second, ":")
	if err := node1.ReplicaOf(t.Context(), host, port).Err(); err != nil {
		t.Fatal(err)
	}
	a.now = a.now.Add(time.Second)
	a.want(t, "demoted", errReplica)
	if _, ok, err := a.sessions.Get(t.Context(), id); ok || !errors.Is(err, errReplica) {
		t.Errorf("demoted: a session: %v, %v", ok, err)
	}
	at = second
	for range 2 { // as Sentinel does
		node1.ClientKillByFilter(t.Context(), "TYPE", "normal")
	}
	a.now = a.now.Add(time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	for { // until the client has noticed that its connections are gone
		_, err := a.revocations.Revoked(ctx, jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: a.now})
		if err == nil {
			t.Fatal("a primary that evicts is believed")
		}
		if errors.Is(err, errEvicts) {
			break
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
	a.want(t, "the other one", errEvicts)
	set(t, node2, "maxmemory-policy", "noeviction")
	a.now = a.now.Add(time.Second)
	a.want(t, "the other one, which keeps", nil)
}

// TestClusterEviction: each primary of a Cluster is asked.
func TestClusterEviction(t *testing.T) {
	c := cluster(t)
	a := newAsker(t, c)
	a.want(t, "at first", nil)
	err := c.(*goredis.ClusterClient).ForEachMaster(t.Context(), func(_ context.Context, node *goredis.Client) error {
		set(t, node, "maxmemory", "64mb", "maxmemory-policy", "volatile-lru")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a.now = a.now.Add(time.Second)
	a.want(t, "a second later", errEvicts)
}

// TestReplicasAreNotRead: a client that reads from replicas is refused.
func TestReplicasAreNotRead(t *testing.T) {
	for _, o := range []goredis.ClusterOptions{{ReadOnly: true}, {RouteByLatency: true}, {RouteRandomly: true}} {
		o.Addrs, o.ContextTimeoutEnabled = []string{"127.0.0.1:1"}, true
		c := goredis.NewClusterClient(&o)
		defer c.Close()
		if r, err := NewRevocations(Config{Client: c}); r != nil || err == nil || !strings.Contains(err.Error(), "replicas") {
			t.Errorf("%v, %v", r, err)
		}
	}
}

// TestAskedByOne: while there are questions all the time, one of them a second looks at the server,
// and not all of those of the moment.
func TestAskedByOne(t *testing.T) {
	now := time.Now()
	w := &watch{clock: func() time.Time { return now }}
	w.keep(&verdict{}, 0)
	asked := 0
	now = now.Add(renewVerdict)
	for range 100 {
		if _, ask := w.known(0); ask {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("%d of 100 questions ask, want 1", asked)
	}
	for name, change := range map[string]func(){
		"a new connection": func() { w.dials.Add(1) }, "no answer came": func() { now = now.Add(keepVerdict) }, "the clock was set back": func() { now = now.Add(-time.Hour) },
	} {
		w.dials.Store(0)
		w.keep(&verdict{}, 0)
		change()
		for range 2 {
			if _, ask := w.known(w.dials.Load()); !ask {
				t.Errorf("%s: a question does not ask", name)
			}
		}
	}
}
