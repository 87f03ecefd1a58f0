package harden_test

import (
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/harden"
)

var insecure = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the tests' own server

// computing counts the handshakes that compute, and lets each go on when it is told to.
type computing struct {
	mu    sync.Mutex
	now   map[string]int
	most  int // at a time
	each  int // of one address at a time
	order []string
	next  chan struct{}
}

func (c *computing) hello(chi *tls.ClientHelloInfo) (*tls.Config, error) {
	from, _, err := net.SplitHostPort(chi.Conn.RemoteAddr().String())
	if err != nil {
		return nil, err
	}
	c.count(from, 1)
	<-c.next
	c.count(from, -1)
	return nil, nil
}

func (c *computing) count(from string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now[from] += n; n > 0 {
		c.order = append(c.order, from)
	}
	all := 0
	for _, n := range c.now {
		all += n
	}
	c.most, c.each = max(c.most, all), max(c.each, c.now[from])
}

func (c *computing) begun() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.order)
}

// handshakes are a server whose handshakes stop in the middle of computing.
func handshakes(t *testing.T, cfg harden.Config, lease time.Duration) (*served, *computing) {
	t.Helper()
	c := &computing{now: map[string]int{}, next: make(chan struct{})}
	cfg.TLS, _ = testTLS(t)
	cfg.TLS.GetConfigForClient = c.hello
	s := serve(t, cfg)
	s.SetLease(lease)
	return s, c
}

// shake connects, and gets once TLS is agreed on.
func shake(t *testing.T, s *served, as string) chan error {
	t.Helper()
	c, done := dial(t, s, as), make(chan error, 1)
	go func() { done <- get(tls.Client(c, insecure), "/") }()
	return done
}

// TestHandshakesTakeTurns: of 20 handshakes of one address one computes at a time, and those of
// others wait for one of theirs at most, however many the first address has.
func TestHandshakesTakeTurns(t *testing.T) {
	s, c := handshakes(t, harden.Config{MaxHandshakes: 2, MaxHandshakesPerAddress: 1, ReadHeaderTimeout: time.Minute}, time.Hour)
	const many = 20
	var all []chan error
	for range many {
		all = append(all, shake(t, s, "127.0.0.2"))
	}
	eventually(t, "the first", func() bool { _, waiting := s.Turns(); return c.begun() == 1 && waiting == 1 })
	all = append(all, shake(t, s, "127.0.0.3"))
	eventually(t, "another address", func() bool { return c.begun() == 2 })
	all = append(all, shake(t, s, "127.0.0.4"))
	eventually(t, "the queue", func() bool { _, waiting := s.Turns(); return waiting == 2 })
	for i := range all {
		c.next <- struct{}{}
		eventually(t, "the next", func() bool { return c.begun() >= min(i+2, len(all)) })
	}
	for i, done := range all {
		if err := <-done; err != nil {
			t.Errorf("connection %d: %v", i, err)
		}
	}
	if c.most != 2 || c.each != 1 {
		t.Errorf("%d handshakes computed at a time, %d of one address; want 2 and 1", c.most, c.each)
	}
	// Of the two turns that are held either may end first.
	if at := indexOf(c.order, "127.0.0.4"); at > 3 {
		t.Errorf("the third address was served as number %d: %v", at+1, c.order)
	}
	if held, waiting := s.Turns(); held != 0 || waiting != 0 {
		t.Errorf("%d turns are held afterwards, and %d clients wait", held, waiting)
	}
}

func indexOf(list []string, s string) int {
	for i, is := range list {
		if is == s {
			return i
		}
	}
	return len(list)
}

// TestLateHandshake: a handshake that gets no turn within the time-out fails, with one event that
// does not say that the client had done anything.
func TestLateHandshake(t *testing.T) {
	s, c := handshakes(t, harden.Config{MaxHandshakes: 1, ReadHeaderTimeout: 200 * time.Millisecond}, time.Hour)
	first := shake(t, s, "127.0.0.2")
	eventually(t, "the first", func() bool { return c.begun() == 1 })
	for range 3 {
		if err := <-shake(t, s, "127.0.0.3"); err == nil || isTimeout(err) {
			t.Errorf("a handshake without a turn: %v, want its end", err)
		}
	}
	eventually(t, "the event", func() bool { return len(s.events.of("handshakes")) > 0 })
	if got := s.events.of("handshakes"); len(got) != 1 || got[0].Address != netip.MustParseAddr("127.0.0.3") || got[0].Name != event.Unavailable {
		t.Errorf("events: %+v", got)
	}
	close(c.next)
	<-first
	for _, e := range s.events.of("tls-handshake") {
		if e.Address == netip.MustParseAddr("127.0.0.3") {
			t.Errorf("the client is blamed: %+v", e)
		}
	}
	if err := <-shake(t, s, "127.0.0.3"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestWaitingHandshakes: a handshake keeps no turn while it waits for the rest of a record, for the
// client's answer, or for an authority that a certificate is asked of.
func TestWaitingHandshakes(t *testing.T) {
	good := func(t *testing.T, s *served) {
		t.Helper()
		if err := <-shake(t, s, "127.0.0.3"); err != nil {
			t.Errorf("another client: %v", err)
		}
	}
	t.Run("half of a record", func(t *testing.T) {
		cfg, _ := testTLS(t)
		s := serve(t, harden.Config{TLS: cfg, MaxHandshakes: 1})
		s.SetLease(time.Hour)
		if _, err := dial(t, s, "127.0.0.2").Write([]byte("\x16\x03\x01\x02\x00\x01")); err != nil {
			t.Fatal(err)
		}
		good(t, s)
	})
	t.Run("the client's answer", func(t *testing.T) {
		cfg, _ := testTLS(t)
		s := serve(t, harden.Config{TLS: cfg, MaxHandshakes: 1})
		s.SetLease(time.Hour)
		stalled, free := make(chan struct{}), make(chan struct{})
		defer close(free)
		c := tls.Client(dial(t, s, "127.0.0.2"), &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { //nolint:gosec // the test's own server
			close(stalled)
			<-free
			return errors.New("enough")
		}})
		go func() { _ = c.Handshake() }()
		<-stalled
		good(t, s)
	})
	t.Run("a certificate", func(t *testing.T) {
		s, c := handshakes(t, harden.Config{MaxHandshakes: 1}, 20*time.Millisecond)
		first := shake(t, s, "127.0.0.2")
		eventually(t, "the first", func() bool { return c.begun() == 1 })
		second := shake(t, s, "127.0.0.3")
		eventually(t, "the second", func() bool { return c.begun() == 2 })
		close(c.next)
		for _, done := range []chan error{first, second} {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}
