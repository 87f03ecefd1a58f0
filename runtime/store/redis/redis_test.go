package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/revocationtest"
)

// address is where the tests' Redis is, which BAILEY_REDIS says.
func address() string {
	if s := os.Getenv("BAILEY_REDIS"); s != "" {
		return s
	}
	return "127.0.0.1:6379"
}

// connect returns a client of the tests' Redis, or skips; BAILEY_REQUIRE_REDIS makes that a failure.
func connect(t *testing.T) goredis.UniversalClient {
	t.Helper()
	c := Connect(goredis.UniversalOptions{Addrs: []string{address()}})
	t.Cleanup(func() { _ = c.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := c.Ping(ctx).Err(); err != nil {
		if os.Getenv("BAILEY_REQUIRE_REDIS") != "" {
			t.Fatalf("no Redis at %s: %v", address(), err)
		}
		t.Skipf("SKIPPED: there is no Redis at %s; set BAILEY_REDIS", address())
	}
	return c
}

// prefix begins keys that no other test has, and removes them at the end.
func prefix(t *testing.T, c goredis.UniversalClient) string {
	t.Helper()
	p := "bailey-test-" + rand.Text()
	t.Cleanup(func() {
		ctx := context.Background()
		for it := c.Scan(ctx, 0, p+":*", 1000).Iterator(); it.Next(ctx); {
			c.Del(ctx, it.Val())
		}
	})
	return p
}

func open(t *testing.T, c Config) *Revocations {
	t.Helper()
	r, err := NewRevocations(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func conform(t *testing.T, c goredis.UniversalClient) {
	t.Helper()
	revocationtest.Run(t, func(t *testing.T) revocationtest.Store {
		r := open(t, Config{Client: c, Prefix: prefix(t, c)})
		return revocationtest.Store{Revocations: r, Revoke: r.Revoke, RevokeSubject: r.RevokeSubject}
	})
}

func TestRevocationsConform(t *testing.T) { conform(t, connect(t)) }

// start runs a Redis of the test's own, or skips.
func start(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("SKIPPED: there is no redis-server to start")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	ln.Close()
	cmd := exec.Command(path, append([]string{"--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir()}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	c := goredis.NewClient(&goredis.Options{Addr: "127.0.0.1:" + port})
	defer c.Close()
	for range 200 {
		if c.Ping(context.Background()).Err() == nil {
			return "127.0.0.1:" + port
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
	return ""
}

// cluster starts a Redis Cluster of one node, which has all slots: what asks for two of them at once is refused all the same.
func cluster(t *testing.T) goredis.UniversalClient {
	t.Helper()
	addr := start(t, "--cluster-enabled", "yes", "--cluster-port", "0", "--cluster-config-file", "nodes.conf")
	node := goredis.NewClient(&goredis.Options{Addr: addr})
	defer node.Close()
	ctx := context.Background()
	if err := node.Do(ctx, "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if info, err := node.ClusterInfo(ctx).Result(); err == nil && strings.Contains(info, "cluster_state:ok") {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	c := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: []string{addr}, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestCluster: the keys of one question lie in different slots.
func TestCluster(t *testing.T) {
	c := cluster(t)
	t.Run("revocations", func(t *testing.T) { conform(t, c) })
	t.Run("replays", func(t *testing.T) { conformReplays(t, c) })
	t.Run("sessions", func(t *testing.T) { conformSessions(t, c) })
}

// TestEviction: a Redis that may forget revocations is not believed, and one that may not, is.
func TestEviction(t *testing.T) {
	addr := start(t, "--maxmemory", "64mb", "--maxmemory-policy", "volatile-ttl")
	c := Connect(goredis.UniversalOptions{Addrs: []string{addr}})
	defer c.Close()
	ctx := context.Background()
	now := time.Now()
	r := open(t, Config{Client: c, Clock: func() time.Time { return now }})
	id := jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: time.Now()}
	for range 2 {
		if revoked, err := r.Revoked(ctx, id); revoked || !errors.Is(err, errEvicts) {
			t.Errorf("Revoked = %v, %v; want errEvicts", revoked, err)
		}
	}
	if err := c.ConfigSet(ctx, "maxmemory-policy", "noeviction").Err(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(keepBad)
	if revoked, err := r.Revoked(ctx, id); revoked || err != nil {
		t.Errorf("Revoked = %v, %v; want false", revoked, err)
	}
}

// TestOneRoundTrip counts what goes over the wire.
func TestOneRoundTrip(t *testing.T) {
	c := connect(t)
	now := time.Now()
	r := open(t, Config{Client: c, Prefix: prefix(t, c), Clock: func() time.Time { return now }})
	ctx := context.Background()
	id := jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: time.Now()}
	for range 2 { // the first begins the connection, and the second looks at the server again
		if _, err := r.Revoked(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	trips := &counter{}
	c.AddHook(trips)
	for range 3 {
		if _, err := r.Revoked(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if trips.single != 0 || trips.pipelines != 3 || trips.commands != 6 {
		t.Errorf("%d commands alone and %d in %d pipelines for 3 questions", trips.single, trips.commands, trips.pipelines)
	}
}

type counter struct{ single, pipelines, commands int }

func (c *counter) DialHook(next goredis.DialHook) goredis.DialHook { return next }
func (c *counter) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error { c.single++; return next(ctx, cmd) }
}
func (c *counter) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		c.pipelines++
		c.commands += len(cmds)
		return next(ctx, cmds)
	}
}

// TestEntries: they have names that say nothing, and an end.
func TestEntries(t *testing.T) {
	c := connect(t)
	p := prefix(t, c)
	r := open(t, Config{Client: c, Prefix: p})
	ctx := context.Background()
	until := time.Now().Add(time.Hour)
	if err := errors.Join(r.Revoke(ctx, "https://issuer.example", "SECRET", until), r.RevokeSubject(ctx, "https://issuer.example", "SECRET", time.Now(), until)); err != nil {
		t.Fatal(err)
	}
	keys, err := c.Keys(ctx, p+":*").Result()
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys %q, %v; want two", keys, err)
	}
	for _, key := range keys {
		life, err := c.PTTL(ctx, key).Result()
		if err != nil || life <= 59*time.Minute || life > time.Hour+time.Second || strings.Contains(key, "SECRET") || strings.Contains(key, "issuer") {
			t.Errorf("%s lives for %v, %v", key, life, err)
		}
	}
	if err := r.Revoke(ctx, "i", "1", time.Now().Add(400*24*time.Hour)); err == nil {
		t.Error("an entry of more than a year is taken")
	}
	if err := r.Revoke(ctx, "i", "short", time.Now().Add(30*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		revoked, err := r.Revoked(ctx, jwt.TokenID{Issuer: "i", Subject: "s", ID: "short", IssuedAt: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if !revoked {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("an entry does not end")
		}
	}
}

// TestForeignEntries: what somebody else wrote under our keys is no answer.
func TestForeignEntries(t *testing.T) {
	c := connect(t)
	ctx := context.Background()
	r := open(t, Config{Client: c, Prefix: prefix(t, c)})
	id := jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: time.Now()}
	key := r.store.key("sub", "i", "s")
	c.Set(ctx, key, "yesterday", time.Minute)
	if revoked, err := r.Revoked(ctx, id); revoked || err == nil {
		t.Errorf("a text for a time: %v, %v", revoked, err)
	}
	c.Del(ctx, key)
	c.LPush(ctx, key, "a")
	if revoked, err := r.Revoked(ctx, id); revoked || err == nil {
		t.Errorf("a list for a time: %v, %v", revoked, err)
	}
}

// TestDown: a store that cannot be asked, or does not answer, is an error, in the time that the context has.
func TestDown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	for name, addr := range map[string]string{"nobody listens": "127.0.0.1:1", "nobody answers": ln.Addr().String()} {
		c := Connect(goredis.UniversalOptions{Addrs: []string{addr}})
		t.Cleanup(func() { _ = c.Close() })
		r := open(t, Config{Client: c})
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		started := time.Now()
		revoked, err := r.Revoked(ctx, jwt.TokenID{Issuer: "i", Subject: "s", ID: "1", IssuedAt: time.Now()})
		if revoked || err == nil {
			t.Errorf("%s: Revoked = %v, %v", name, revoked, err)
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
		var down *auth.Unavailable
		if err := r.Revoke(ctx, "i", "1", time.Now().Add(time.Hour)); !errors.As(err, &down) {
			t.Errorf("%s: Revoke: %v", name, err)
		}
		if err := r.RevokeSubject(ctx, "i", "s", time.Now(), time.Now().Add(time.Hour)); !errors.As(err, &down) {
			t.Errorf("%s: RevokeSubject: %v", name, err)
		}
		if err := r.Revoke(ctx, "", "", time.Now().Add(time.Hour)); err == nil || errors.As(err, &down) {
			t.Errorf("%s: Revoke without names: %v", name, err)
		}
	}
}

func TestConfigRefused(t *testing.T) {
	c := Connect(goredis.UniversalOptions{Addrs: []string{"127.0.0.1:1"}})
	defer c.Close()
	unbounded := goredis.NewClient(&goredis.Options{Addr: "127.0.0.1:1"})
	defer unbounded.Close()
	for want, cfg := range map[string]Config{
		"no client":             {},
		"ContextTimeoutEnabled": {Client: unbounded},
		"prefix":                {Client: c, Prefix: "a*"},
		"too long":              {Client: c, Prefix: strings.Repeat("a", 65)},
	} {
		if r, err := NewRevocations(cfg); r != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
