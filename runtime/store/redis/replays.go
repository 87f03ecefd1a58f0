package redis

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// Replays is [dpop.Replays] in Redis. It is safe for concurrent use, by several processes too.
type Replays struct{ store *store }

var _ dpop.Replays = (*Replays)(nil)

// NewReplays returns the store that c describes. Redis is not asked before there is a proof; it may be down.
func NewReplays(c Config) (*Replays, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	return &Replays{s}, nil
}

// Use implements [dpop.Replays]: one write in one round trip.
func (r *Replays) Use(ctx context.Context, id dpop.ID, until time.Time) (bool, error) {
	life, err := r.store.life(until)
	if err != nil {
		return false, err
	}
	p := r.store.client.Pipeline()
	set := p.SetArgs(ctx, r.store.prefix+":dpop:"+hex.EncodeToString(id[:]), 1, goredis.SetArgs{Mode: "NX", TTL: life + time.Second})
	seen, err := r.store.watch.begin(ctx, p)
	if err != nil {
		return false, err
	}
	_, err = p.Exec(ctx)
	if err := r.store.watch.end(ctx, seen, err); err != nil {
		return false, err
	}
	switch err := set.Err(); {
	case errors.Is(err, goredis.Nil): // it is there
		return false, nil
	case err != nil:
		return false, err
	}
	return true, nil
}
