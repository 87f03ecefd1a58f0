package redis

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/bailey-go/bailey/runtime/auth/session"
)

// SessionsConfig says where sessions are, and how many there may be.
type SessionsConfig struct {
	Config
	// PerSubject bounds the sessions of one subject, at most 1,000; 0 means 20. A new one then ends the one that was not used for the longest
	// time. maxmemory bounds those of all subjects: what Redis drops has ended.
	PerSubject int
	// Timeout bounds one question, whatever time its context has; 0 means 2 seconds.
	Timeout time.Duration
}

// Sessions is [session.Store] in Redis. It is safe for concurrent use, by several processes too.
//
// There are two entries: the session's, which says whom it stands for and never changes, and the subject's list of sessions. A session counts while it is in
// both, so that one command ends all of a subject, and one that was about to begin. Each command is about one entry: they may lie in
// different slots of a Cluster. To look a session up is two round trips, the second of which needs what the first found.
type Sessions struct {
	store      *store
	perSubject int
	timeout    time.Duration
}

var _ session.Store = (*Sessions)(nil)

const (
	defaultPerSubject = 20
	mostPerSubject    = 1000
	defaultTimeout    = 2 * time.Second
)

// NewSessions returns the store that c describes. Redis is not asked before there is a session; it may be down.
func NewSessions(c SessionsConfig) (*Sessions, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	if c.PerSubject < 0 || c.PerSubject > mostPerSubject || c.Timeout < 0 {
		return nil, fmt.Errorf("redis: a negative bound, or more than %d sessions of one subject", mostPerSubject)
	}
	if c.PerSubject == 0 {
		c.PerSubject = defaultPerSubject
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return &Sessions{store: s, perSubject: c.PerSubject, timeout: c.Timeout}, nil
}

// list puts a session into the list of its subject, and returns those that it takes from there: the ones that are over, and the ones that are too many, of which
// those stay that were used last. An entry is the time of the last use and that of the end, in milliseconds.
var list = goredis.NewScript(`
local id, used, ends, now, life, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local all, gone, others = redis.call('HGETALL', KEYS[1]), {}, {}
for i = 1, #all, 2 do
	local u, e = string.match(all[i+1], '^(%d+):(%d+)$')
	if all[i] == id then
		-- the same command, sent again
	elseif not u or tonumber(e) <= now then
		gone[#gone+1] = all[i]
	else
		others[#others+1] = {all[i], tonumber(u)}
	end
end
table.sort(others, function(a, b) return a[2] > b[2] or a[2] == b[2] and a[1] < b[1] end)
for i = most, #others do gone[#gone+1] = others[i][1] end
for i = 1, #gone do redis.call('HDEL', KEYS[1], gone[i]) end
redis.call('HSET', KEYS[1], id, used .. ':' .. ends)
if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], life) end
return gone
`)

// touch notes a later use of a session that is still in the list.
var touch = goredis.NewScript(`
local id, used, ends, life = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local old = redis.call('HGET', KEYS[1], id)
if not old then return 0 end
local u = string.match(old, '^(%d+):')
if u and tonumber(u) >= tonumber(used) then return 0 end
redis.call('HSET', KEYS[1], id, used .. ':' .. ends)
if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], life) end
return 1
`)

// endAll takes the list away, and returns what was in it.
var endAll = goredis.NewScript(`
local ids = redis.call('HKEYS', KEYS[1])
redis.call('DEL', KEYS[1])
return ids
`)

// kept is a session's entry, in JSON. Times are milliseconds since 1970.
type kept struct {
	Subject string            `json:"subject"`
	Scopes  []string          `json:"scopes,omitempty"`
	Roles   []string          `json:"roles,omitempty"`
	Claims  map[string]string `json:"claims,omitempty"`
	Began   int64             `json:"began"`
	Ends    int64             `json:"ends"`
	Idle    int64             `json:"idle,omitempty"`
}

func (k *kept) record(used int64) *session.Record {
	return &session.Record{
		Who:   session.Who{Subject: k.Subject, Scopes: k.Scopes, Roles: k.Roles, Claims: k.Claims},
		Began: time.UnixMilli(k.Began), Used: time.UnixMilli(used), Ends: time.UnixMilli(k.Ends), Idle: time.Duration(k.Idle) * time.Millisecond,
	}
}

func (s *Sessions) key(id string) string {
	return s.store.prefix + ":session:" + hex.EncodeToString([]byte(id))
}
func (s *Sessions) list(subject string) string { return s.store.key("sessions", subject) }

// Put implements [session.Store].
func (s *Sessions) Put(ctx context.Context, id [32]byte, r *session.Record) error {
	if err := checkNames(r.Subject); err != nil {
		return err
	}
	text, err := json.Marshal(kept{r.Subject, r.Scopes, r.Roles, r.Claims, r.Began.UnixMilli(), r.Ends.UnixMilli(), r.Idle.Milliseconds()})
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	life, err := s.store.life(r.Until())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	// The list comes first: what is not in it when the session's own entry is written was ended in between, and stays so.
	gone, err := list.Run(ctx, s.store.client, []string{s.list(r.Subject)},
		id[:], r.Used.UnixMilli(), r.Until().UnixMilli(), s.store.clock().UnixMilli(), life.Milliseconds(), s.perSubject).StringSlice()
	if err != nil {
		return err
	}
	if err := s.store.client.Set(ctx, s.key(string(id[:])), text, life).Err(); err != nil {
		return err
	}
	s.sweep(ctx, gone)
	return nil
}

// sweep removes the entries of sessions that have ended. Those that it does not reach end by themselves, and let nobody in.
func (s *Sessions) sweep(ctx context.Context, ids []string) {
	if len(ids) == 0 {
		return
	}
	p := s.store.client.Pipeline()
	for _, id := range ids {
		p.Unlink(ctx, s.key(id))
	}
	_, _ = p.Exec(ctx)
}

// found reads a session's own entry; nil where there is none.
func found(cmd *goredis.StringCmd) (*kept, error) {
	text, err := cmd.Bytes()
	if errors.Is(err, goredis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k := &kept{}
	if err := json.Unmarshal(text, k); err != nil || k.Subject == "" {
		return nil, errors.New("redis: an entry that is no session") // somebody else writes there
	}
	return k, nil
}

// Get implements [session.Store].
func (s *Sessions) Get(ctx context.Context, id [32]byte) (*session.Record, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if err := s.store.watch.readable(ctx); err != nil {
		return nil, false, err
	}
	k, err := found(s.store.client.Get(ctx, s.key(string(id[:]))))
	if err != nil || k == nil {
		return nil, false, err
	}
	listed, err := s.store.client.HGet(ctx, s.list(k.Subject), string(id[:])).Result()
	if errors.Is(err, goredis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	text, _, _ := strings.Cut(listed, ":")
	used, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, false, fmt.Errorf("redis: an entry that is no time: %w", strconv.ErrSyntax)
	}
	return k.record(used), true, nil
}

// Touch implements [session.Store].
func (s *Sessions) Touch(ctx context.Context, id [32]byte, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	k, err := found(s.store.client.Get(ctx, s.key(string(id[:]))))
	if err != nil || k == nil {
		return err
	}
	until := k.record(now.UnixMilli()).Until()
	life, err := s.store.life(until)
	if err != nil {
		return err
	}
	later, err := touch.Run(ctx, s.store.client, []string{s.list(k.Subject)}, id[:], now.UnixMilli(), until.UnixMilli(), life.Milliseconds()).Bool()
	if err != nil || !later {
		return err
	}
	return s.store.client.PExpire(ctx, s.key(string(id[:])), life).Err()
}

// Delete implements [session.Store].
func (s *Sessions) Delete(ctx context.Context, id [32]byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	k, err := found(s.store.client.GetDel(ctx, s.key(string(id[:]))))
	if err != nil || k == nil {
		return err
	}
	return s.store.client.HDel(ctx, s.list(k.Subject), string(id[:])).Err()
}

// DeleteSubject implements [session.Store]: every session that began before it has ended when it returns, also one whose Put is under way.
func (s *Sessions) DeleteSubject(ctx context.Context, subject string) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	ids, err := endAll.Run(ctx, s.store.client, []string{s.list(subject)}).StringSlice()
	if err != nil {
		return err
	}
	s.sweep(ctx, ids)
	return nil
}
