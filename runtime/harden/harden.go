// Package harden makes an http.Server that a hostile network can be let near: with
// time-outs on everything, bounded headers and connections, TLS 1.2 or newer, no
// secrets in its log, and an orderly stop.
package harden

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
)

// Config says what to serve. Zero values mean the defaults named beside them.
type Config struct {
	// Handler answers the requests. Required.
	Handler http.Handler
	// TLS has the certificates. Nil, without CertificateFiles, serves plain HTTP, which is refused on
	// addresses that are not loopback. The floor is TLS 1.2, with the suites of authenticated
	// encryption (AES-GCM, ChaCha20-Poly1305) and ephemeral keys alone; others are an error.
	TLS *tls.Config
	// CertificateFiles are certificates in files, which are read again when they change. With
	// several, a client gets the first that suits it, and the first of all where none does. TLS
	// must have no certificates then.
	CertificateFiles []CertificateFile
	// CertificateInterval is the least time between two looks at the files; 0 means 5 s.
	CertificateInterval time.Duration
	// ExpiryWarning is how long before its end a certificate of CertificateFiles is logged once a
	// day; 0 means 14 days.
	ExpiryWarning time.Duration
	// ClientCertificates says what clients are asked for. Whom a certificate names, and whether it is good, runtime/auth/mtls decides
	// for each request; with TLS.ClientCAs, a bad one fails the handshake already, and those authorities stay what they are until the program starts again.
	ClientCertificates ClientCertificates
	// DangerouslyServePlainHTTP allows plain HTTP on any address: for a proxy that
	// terminates TLS on a network that is as safe as the process.
	DangerouslyServePlainHTTP bool
	// Log takes what goes wrong with connections; nil means slog.Default.
	Log *slog.Logger
	// Events takes the refusals of connections, of each client the first in a minute, and of what
	// net/http refuses before any handler, each of them; nil means Log.
	Events event.Sink
	// EventLimits bound the events that are written to Log, as in runtime.Config.
	EventLimits event.Limits
	// TrustedProxies are the networks of proxies, as in runtime.Config: their connections have no
	// share, and make room for others last. Nor do those of Unix sockets have one.
	TrustedProxies []netip.Prefix

	ReadHeaderTimeout time.Duration // 5 s
	ReadTimeout       time.Duration // 30 s, headers and body
	WriteTimeout      time.Duration // 60 s
	IdleTimeout       time.Duration // 60 s
	StopTimeout       time.Duration // 15 s for requests in flight when the server stops
	// MaxHeaderBytes bounds a request's header: 16 KiB, or more where Handler is a generated server whose tokens may be longer
	// than 8 KiB. A value below what such a server needs is an error.
	MaxHeaderBytes int

	// MaxConnections is how many connections there may be at a time; 0 means 4096. When the server
	// is full, idle connections are closed for new ones: of the client with the most connections
	// the one that has been idle for longest. A connection that has asked nothing for a second is
	// idle. Where nobody is, new ones wait in the kernel's queue.
	MaxConnections int
	// MaxConnectionsPerAddress is how many of them one client may have: an IPv4 address, or the /64
	// of an IPv6 address. 0 means a 16th of MaxConnections or 64, whichever is more, and at most
	// half of MaxConnections. At its share, a client's own idle connections are closed
	// for its new ones; where all are busy, new ones are reset before anything is read from them.
	// An office behind one address has idle connections mostly, and does not notice.
	MaxConnectionsPerAddress int
	// MaxHandshakes is how many handshakes of TLS compute at a time; 0 means GOMAXPROCS, so that
	// requests have half of the processors whatever comes. One that waits for its client does not count.
	// Further ones wait, the addresses in turn, and fail after ReadHeaderTimeout.
	MaxHandshakes int
	// MaxHandshakesPerAddress is how many of them may be of one client; 0 means half of
	// MaxHandshakes, and at least one. Trusted proxies and Unix sockets have no share.
	MaxHandshakesPerAddress int

	// KeepMemory leaves it to Go's runtime when memory that a flood has taken goes back to the system:
	// after several minutes, where there is little to do. Otherwise the server asks for two
	// garbage collections and debug.FreeOSMemory, at most twice a minute, when its load has
	// halved and the process has a quarter more memory than it had.
	KeepMemory bool
}

// Server is a hardened http.Server.
type Server struct {
	http  *http.Server
	cfg   Config
	doors *doors
}

// New checks cfg and returns the server, or everything that is wrong with it.
func New(cfg Config) (*Server, error) {
	var errs []error
	if cfg.Handler == nil {
		errs = append(errs, errors.New("harden: there is no handler"))
	}
	errs = append(errs, cfg.bounds()...)
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	tlsConfig, err := cfg.certificates()
	if err == nil {
		tlsConfig, err = secure(tlsConfig)
	}
	if err == nil {
		err = cfg.ClientCertificates.apply(tlsConfig)
	}
	cfg.TLS = tlsConfig
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return nil, errors.Join(errs...)
	}
	if cfg.Events == nil {
		cfg.Events = event.Summarize(event.Slog(cfg.Log), cfg.EventLimits)
	}
	doors := newDoors(&cfg)
	return &Server{cfg: cfg, doors: doors, http: &http.Server{
		Handler: asked{cfg.Handler}, TLSConfig: tlsConfig, ReadHeaderTimeout: cfg.ReadHeaderTimeout, ReadTimeout: cfg.ReadTimeout,
		WriteTimeout: cfg.WriteTimeout, IdleTimeout: cfg.IdleTimeout, MaxHeaderBytes: cfg.MaxHeaderBytes,
		ErrorLog:                     log.New(complaints{doors, cfg.Events}, "", 0),
		DisableGeneralOptionsHandler: true, // OPTIONS * is no operation
		HTTP2:                        http2(),
		ConnState:                    doors.watch,
		ConnContext:                  withConn,
	}}, nil
}

// defaultHeader is the bound of a request's header in bytes: a token of 8 KiB, and as much for the rest.
const defaultHeader = 16 << 10

// bounds sets the bounds that are not set, and returns the faults of the others.
func (c *Config) bounds() (errs []error) {
	for _, d := range []struct {
		name  string
		value *time.Duration
		or    time.Duration
	}{
		{"ReadHeaderTimeout", &c.ReadHeaderTimeout, 5 * time.Second},
		{"ReadTimeout", &c.ReadTimeout, 30 * time.Second},
		{"WriteTimeout", &c.WriteTimeout, time.Minute},
		{"IdleTimeout", &c.IdleTimeout, time.Minute},
		{"StopTimeout", &c.StopTimeout, 15 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.or
		}
		if *d.value < 0 {
			errs = append(errs, fmt.Errorf("harden: %s is negative, which net/http reads as no time-out", d.name))
		}
	}
	need := defaultHeader
	if h, ok := c.Handler.(interface{ HeaderBytes() int }); ok && h != nil {
		need = max(need, h.HeaderBytes())
	}
	switch {
	case c.MaxHeaderBytes == 0:
		c.MaxHeaderBytes = need
	case c.MaxHeaderBytes > 0 && c.MaxHeaderBytes < need && need > defaultHeader:
		errs = append(errs, fmt.Errorf("harden: MaxHeaderBytes is %d, and the handler's tokens need %d: see max-token", c.MaxHeaderBytes, need))
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 4096
	}
	if c.MaxConnectionsPerAddress == 0 {
		c.MaxConnectionsPerAddress = max(1, min(max(64, c.MaxConnections/16), c.MaxConnections/2))
	}
	if c.MaxHandshakes == 0 {
		c.MaxHandshakes = runtime.GOMAXPROCS(0)
	}
	if c.MaxHandshakesPerAddress == 0 {
		c.MaxHandshakesPerAddress = max(1, c.MaxHandshakes/2)
	}
	if c.MaxHeaderBytes < 0 || c.MaxConnections < 0 || c.MaxConnectionsPerAddress < 0 {
		errs = append(errs, errors.New("harden: MaxHeaderBytes, MaxConnections and MaxConnectionsPerAddress must be positive"))
	}
	if c.MaxHandshakes < 0 || c.MaxHandshakesPerAddress < 0 {
		errs = append(errs, errors.New("harden: MaxHandshakes and MaxHandshakesPerAddress must be positive"))
	}
	return errs
}

// http2 bounds what one connection of HTTP/2 can make the server hold. Each value is a setting that
// the client is told, or a time-out.
func http2() *http.HTTP2Config {
	return &http.HTTP2Config{
		MaxConcurrentStreams: 100, // and as many handlers, streams that were reset included
		// What is sent and not read yet: of a connection, and of a stream.
		MaxReceiveBufferPerConnection: 256 << 10,
		MaxReceiveBufferPerStream:     128 << 10,
		// A connection keeps a buffer of its longest frame. The default is 1 MiB.
		MaxReadFrameSize: 16 << 10,
		// The tables of HPACK.
		MaxDecoderHeaderTableSize: 4 << 10,
		MaxEncoderHeaderTableSize: 4 << 10,
		SendPingTimeout:           15 * time.Second,
		PingTimeout:               15 * time.Second,
		WriteByteTimeout:          15 * time.Second,
	}
}

// Serve answers connections of ln until ctx ends; then it takes no more, waits up to
// StopTimeout for requests in flight, and returns nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if s.cfg.TLS == nil && !s.cfg.DangerouslyServePlainHTTP && !isLoopback(ln.Addr()) {
		ln.Close()
		return fmt.Errorf("harden: plain HTTP on %s is refused: configure TLS, or listen on a loopback address", ln.Addr())
	}
	ln = s.doors.listener(ln)
	if !s.cfg.KeepMemory {
		watched, end := context.WithCancel(ctx)
		defer end()
		go s.returnMemory(watched)
	}
	stopped := make(chan error, 1)
	defer s.flushEvents()
	unwatch := context.AfterFunc(ctx, func() {
		s.doors.stopping.Store(true)
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.StopTimeout)
		defer cancel()
		err := s.http.Shutdown(end)
		if err != nil {
			err = errors.Join(err, s.http.Close())
		}
		stopped <- err
	})
	var err error
	if s.cfg.TLS != nil {
		err = s.http.ServeTLS(ln, "", "")
	} else {
		err = s.http.Serve(ln)
	}
	if unwatch() {
		return err // not stopped by ctx
	}
	return <-stopped
}

func isLoopback(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
