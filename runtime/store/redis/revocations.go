package redis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// Revocations is [jwt.Revocations] in Redis. It is safe for concurrent use, by several processes too.
type Revocations struct{ store *store }

var _ jwt.Revocations = (*Revocations)(nil)

// NewRevocations returns the store that c describes. Redis is not asked before there is a question; it may be down.
func NewRevocations(c Config) (*Revocations, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	return &Revocations{s}, nil
}

// revoke keeps the greater of two values for the longer of two times: what was revoked is never taken back. Values are microseconds, which
// the numbers of Lua hold exactly.
var revoke = goredis.NewScript(`
local value, life = ARGV[1], tonumber(ARGV[2])
local old = redis.call('GET', KEYS[1])
if old then
	if tonumber(old) > tonumber(value) then value = old end
	local left = redis.call('PTTL', KEYS[1])
	if left > life then life = left end
end
redis.call('SET', KEYS[1], value, 'PX', life)
return 1
`)

// Revoke ends one token, by its jti. It is forgotten after until, which should be the token's exp and the policy's leeway, and is
// at most a year away. A failure of Redis is an [*auth.Unavailable], for which the server answers 503 where a handler returns it.
func (r *Revocations) Revoke(ctx context.Context, issuer, id string, until time.Time) error {
	return r.put(ctx, r.store.key("jti", issuer, id), 1, until, issuer, id)
}

// RevokeSubject ends every token of a subject that was issued at or before upTo, which is most often now. Since iat is mostly in
// whole seconds, tokens that are issued within that second end too. It is forgotten after until: upTo, and the longest life that the
// issuer gives a token, and the policy's leeway. It fails as Revoke does.
func (r *Revocations) RevokeSubject(ctx context.Context, issuer, subject string, upTo, until time.Time) error {
	last := upTo.UnixMicro()
	if upTo.After(time.UnixMicro(last)) {
		last++
	}
	if last <= 0 {
		return fmt.Errorf("redis: tokens of before %v", upTo)
	}
	return r.put(ctx, r.store.key("sub", issuer, subject), last, until, issuer, subject)
}

func (r *Revocations) put(ctx context.Context, key string, value int64, until time.Time, names ...string) error {
	if err := checkNames(names...); err != nil {
		return err
	}
	life, err := r.store.life(until)
	if err != nil {
		return err
	}
	seen, err := r.store.watch.begin(ctx, nil)
	if err != nil {
		return unavailable(err) // Redis could evict the entry
	}
	return unavailable(r.store.watch.end(ctx, seen, revoke.Run(ctx, r.store.client, []string{key}, value, life.Milliseconds()+1).Err()))
}

// unavailable makes a failure of the store an [auth.Unavailable], so that a handler that returns it answers 503.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return &auth.Unavailable{Rule: "revocation-store", Err: err}
}

// Revoked implements [jwt.Revocations]: two reads in one round trip.
func (r *Revocations) Revoked(ctx context.Context, t jwt.TokenID) (bool, error) {
	p := r.store.client.Pipeline()
	id := p.Exists(ctx, r.store.key("jti", t.Issuer, t.ID))
	subject := p.Get(ctx, r.store.key("sub", t.Issuer, t.Subject))
	seen, err := r.store.watch.begin(ctx, p)
	if err != nil {
		return false, err
	}
	_, err = p.Exec(ctx)
	if err := r.store.watch.end(ctx, seen, err); err != nil {
		return false, err
	}
	n, err := id.Result()
	if err != nil || n > 0 {
		return n > 0, err
	}
	text, err := subject.Result()
	if errors.Is(err, goredis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	last, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return false, fmt.Errorf("redis: an entry that is no time: %w", strconv.ErrSyntax)
	}
	return !t.IssuedAt.After(time.UnixMicro(last)), nil
}
