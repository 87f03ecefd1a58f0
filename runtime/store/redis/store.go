package redis

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Config says where the entries are.
type Config struct {
	// Client reaches Redis. Its options must have ContextTimeoutEnabled set, as [Connect] does, or a request would wait
	// for a store that hangs.
	Client goredis.UniversalClient
	// Prefix begins every key; "" means "bailey". At most 64 bytes of letters, digits, '-', '_', '.' and ':'.
	Prefix string
	// Clock replaces time.Now.
	Clock func() time.Time
}

const (
	defaultPrefix = "bailey"
	maxPrefix     = 64
	maxName       = 8 << 10 // bytes: no token has longer ones
	maxKeep       = 366 * 24 * time.Hour
)

// Connect makes a client from options, with what this package needs: a context's deadline ends a command that is on its way.
func Connect(o goredis.UniversalOptions) goredis.UniversalClient {
	o.ContextTimeoutEnabled = true
	return goredis.NewUniversalClient(&o)
}

// store is what the stores of this package have in common.
type store struct {
	client goredis.UniversalClient
	prefix string
	clock  func() time.Time
	watch  *watch
}

func (c Config) open() (*store, error) {
	s := &store{client: c.Client, prefix: c.Prefix, clock: c.Clock}
	if s.prefix == "" {
		s.prefix = defaultPrefix
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	switch {
	case c.Client == nil:
		return nil, errors.New("redis: no client")
	case !bounded(c.Client):
		return nil, errors.New("redis: the client's options do not have ContextTimeoutEnabled: make it with Connect")
	case len(s.prefix) > maxPrefix || strings.Trim(s.prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") != "":
		return nil, errors.New("redis: a prefix that is too long, or of other characters than letters, digits, '-', '_', '.' and ':'")
	case readsReplicas(c.Client):
		return nil, errors.New("redis: the client reads from replicas (ReadOnly, RouteByLatency or RouteRandomly), which do not know yet what was just revoked, used or ended")
	}
	s.watch = newWatch(s.client, s.clock)
	return s, nil
}

// readsReplicas reports whether the client of a Cluster asks others than the primaries.
func readsReplicas(c goredis.UniversalClient) bool {
	cluster, ok := c.(*goredis.ClusterClient)
	if !ok {
		return false
	}
	o := cluster.Options()
	return o.ReadOnly || o.RouteByLatency || o.RouteRandomly
}

// bounded reports whether a context's deadline ends the client's commands.
func bounded(c goredis.UniversalClient) bool {
	switch c := c.(type) {
	case *goredis.Client:
		return c != nil && c.Options().ContextTimeoutEnabled
	case *goredis.ClusterClient:
		return c != nil && c.Options().ContextTimeoutEnabled
	case *goredis.Ring:
		return c != nil && c.Options().ContextTimeoutEnabled
	}
	return true // one that the program made: its own business
}

// key names an entry of a kind. The names' lengths are hashed too, so that no two lists of names are one.
func (s *store) key(kind string, names ...string) string {
	h := sha256.New()
	var size [8]byte
	for _, name := range names {
		binary.BigEndian.PutUint64(size[:], uint64(len(name)))
		h.Write(size[:])
		h.Write([]byte(name))
	}
	return s.prefix + ":" + kind + ":" + hex.EncodeToString(h.Sum(nil))
}

// life is how long from now an entry must be kept.
func (s *store) life(until time.Time) (time.Duration, error) {
	d := until.Sub(s.clock())
	switch {
	case d <= 0:
		return 0, fmt.Errorf("redis: an entry that ended at %v", until)
	case d > maxKeep:
		return 0, fmt.Errorf("redis: an entry that ends in %v: %v is the most", d, maxKeep)
	}
	return max(d, time.Millisecond), nil
}

func checkNames(names ...string) error {
	for _, name := range names {
		if name == "" || len(name) > maxName {
			return errors.New("redis: a name that is empty or too long")
		}
	}
	return nil
}
