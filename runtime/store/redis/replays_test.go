package redis

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/dpop/replaytest"
)

func TestReplaysConform(t *testing.T) { conformReplays(t, connect(t)) }

func conformReplays(t *testing.T, c goredis.UniversalClient) {
	replaytest.Run(t, func(t *testing.T) dpop.Replays {
		r, err := NewReplays(Config{Client: c, Prefix: prefix(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		return r
	})
}

// TestReplaysEnd: a proof is not kept for longer than it could be used, nor is one taken that could be used for a year.
func TestReplaysEnd(t *testing.T) {
	c := connect(t)
	p := prefix(t, c)
	r, err := NewReplays(Config{Client: c, Prefix: p})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if fresh, err := r.Use(ctx, dpop.ID{1}, time.Now().Add(time.Minute)); err != nil || !fresh {
		t.Fatalf("Use = %v, %v", fresh, err)
	}
	keys, err := c.Keys(ctx, p+":*").Result()
	if err != nil || len(keys) != 1 {
		t.Fatalf("keys %q, %v", keys, err)
	}
	if life, err := c.PTTL(ctx, keys[0]).Result(); err != nil || life < 50*time.Second || life > 62*time.Second {
		t.Errorf("it lives for %v, %v", life, err)
	}
	if fresh, err := r.Use(ctx, dpop.ID{2}, time.Now().Add(400*24*time.Hour)); err == nil || fresh {
		t.Errorf("a proof for more than a year: %v, %v", fresh, err)
	}
	if fresh, err := r.Use(ctx, dpop.ID{3}, time.Now().Add(-time.Minute)); err == nil || fresh {
		t.Errorf("a proof that has ended: %v, %v", fresh, err)
	}
}

// TestReplaysDown: a store that cannot be asked is an error.
func TestReplaysDown(t *testing.T) {
	c := Connect(goredis.UniversalOptions{Addrs: []string{"127.0.0.1:1"}})
	defer c.Close()
	r, err := NewReplays(Config{Client: c})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if fresh, err := r.Use(ctx, dpop.ID{1}, time.Now().Add(time.Minute)); fresh || err == nil {
		t.Errorf("Use = %v, %v", fresh, err)
	}
}
