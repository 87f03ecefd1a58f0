package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

var (
	errEvicts  = errors.New("redis: maxmemory-policy lets Redis forget what it was told: set it to noeviction")
	errReplica = errors.New("redis: the server is a replica, which may not have been told yet what its primary knows: connect to the primary")
)

// A watch holds whether the servers keep what they are given. That changes while the process runs:
// by CONFIG SET, when a server starts again, and by a failover to a server with other settings. So
// the servers are asked again each second that there are questions, after each new connection and
// after each error. It is safe for concurrent use.
type watch struct {
	client goredis.UniversalClient
	clock  func() time.Time

	verdict  atomic.Pointer[verdict]
	dials    atomic.Uint64 // connections that began, or were about to
	renewing atomic.Bool   // one of the questions asks early, so that not all ask at once when the verdict ends

	mu     sync.Mutex
	hooked map[*goredis.Client]bool // the nodes of a Cluster or Ring whose connections are counted
}

// A verdict is what the servers said.
type verdict struct {
	err    error
	exempt error // as err, for entries that may be evicted
	at     time.Time
	dials  uint64
}

const (
	renewVerdict = time.Second
	keepVerdict  = 2 * time.Second
	keepBad      = time.Second // so that a flood of questions does not ask, either
	maxHooked    = 1000        // nodes
)

func newWatch(client goredis.UniversalClient, clock func() time.Time) *watch {
	w := &watch{client: client, clock: clock, hooked: map[*goredis.Client]bool{}}
	switch c := client.(type) {
	case *goredis.ClusterClient:
		c.OnNewNode(w.hook)
	case *goredis.Ring:
		c.OnNewNode(w.hook)
	default:
		client.AddHook(dialHook{&w.dials})
	}
	return w
}

// hook has the connections of a node counted.
func (w *watch) hook(node *goredis.Client) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hooked[node] {
		return
	}
	if len(w.hooked) >= maxHooked {
		clear(w.hooked)
	}
	w.hooked[node] = true
	node.AddHook(dialHook{&w.dials})
	w.dials.Add(1)
}

// A dialHook counts connections.
type dialHook struct{ dials *atomic.Uint64 }

func (h dialHook) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		h.dials.Add(1)
		return next(ctx, network, addr)
	}
}
func (dialHook) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook { return next }
func (dialHook) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

// A look is what one question finds out about the servers.
type look struct {
	dials uint64 // before the question
	info  *goredis.StringCmd
}

// begin returns what is known of the servers. Where that is too old, it asks: within the question's
// pipeline p if one server answers both, so that what was asked and what was found out are about
// the same server. The question must not be asked after an error.
func (w *watch) begin(ctx context.Context, p goredis.Pipeliner) (look, error) {
	l := look{dials: w.dials.Load()}
	if v, ask := w.known(l.dials); !ask {
		return l, v.err
	}
	if p == nil || w.several() {
		v := w.ask(ctx, l.dials)
		return l, v.err
	}
	l.info = p.Info(ctx)
	return l, nil
}

// end judges what came with the question's answer, whose own error is failed. The answer must not
// be believed after an error.
func (w *watch) end(ctx context.Context, l look, failed error) error {
	switch {
	case failed != nil && !errors.Is(failed, goredis.Nil):
		w.verdict.Store(nil)
		return failed
	case l.info != nil:
		text, err := l.info.Result()
		if err == nil {
			v := judge(text)
			w.keep(&v, l.dials)
			err = v.err
		}
		return err
	case w.dials.Load() != l.dials: // the answer may be that of another server
		return w.ask(ctx, w.dials.Load()).err
	}
	return nil
}

// readable asks whether the servers are no replicas, for entries that may be evicted.
func (w *watch) readable(ctx context.Context) error {
	dials := w.dials.Load()
	v, ask := w.known(dials)
	if ask {
		v = w.ask(ctx, dials)
	}
	return v.exempt
}

// known returns the last verdict, and whether it is time to ask again.
func (w *watch) known(dials uint64) (verdict, bool) {
	v := w.verdict.Load()
	if v == nil || v.dials != dials {
		return verdict{}, true
	}
	age := w.clock().Sub(v.at)
	switch {
	case age < 0, v.err == nil && age >= keepVerdict, v.err != nil && age >= keepBad:
		return verdict{}, true
	case v.err == nil && age >= renewVerdict:
		return *v, w.renewing.CompareAndSwap(false, true)
	}
	return *v, false
}

func (w *watch) keep(v *verdict, dials uint64) {
	v.at, v.dials = w.clock(), dials
	w.verdict.Store(v)
	w.renewing.Store(false)
}

// several reports whether more than one server answers.
func (w *watch) several() bool {
	switch w.client.(type) {
	case *goredis.ClusterClient, *goredis.Ring:
		return true
	}
	return false
}

// ask asks every server that is written to.
func (w *watch) ask(ctx context.Context, dials uint64) verdict {
	var (
		mu  sync.Mutex
		all verdict
	)
	one := func(ctx context.Context, c goredis.Cmdable) error {
		text, err := c.Info(ctx).Result()
		if err != nil {
			return err
		}
		v := judge(text)
		mu.Lock()
		defer mu.Unlock()
		all.err, all.exempt = errors.Join(all.err, v.err), errors.Join(all.exempt, v.exempt)
		return nil
	}
	node := func(ctx context.Context, c *goredis.Client) error {
		w.hook(c) // where it was there before us
		return one(ctx, c)
	}
	var err error
	switch c := w.client.(type) {
	case *goredis.ClusterClient:
		err = c.ForEachMaster(ctx, node)
	case *goredis.Ring:
		err = c.ForEachShard(ctx, node)
	default:
		err = one(ctx, c)
	}
	if err != nil {
		w.verdict.Store(nil)
		w.renewing.Store(false)
		err = fmt.Errorf("redis: whether it keeps what it is told: %w", err)
		return verdict{err: err, exempt: err}
	}
	w.keep(&all, dials)
	return all
}

// judge reads the answer to INFO. A server that does not say is not believed.
func judge(text string) (v verdict) {
	fields := map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	if fields["role"] != "master" {
		v.exempt = errReplica
	}
	if v.err = v.exempt; fields["maxmemory"] != "0" && fields["maxmemory_policy"] != "noeviction" {
		v.err = errors.Join(v.err, errEvicts)
	}
	return v
}
