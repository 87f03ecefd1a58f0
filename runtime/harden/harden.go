// Package harden makes an http.Server that a hostile network can be let near: with
// time-outs on everything, bounded headers and connections, TLS 1.2 or newer, no
// secrets in its log, and an orderly stop.
package harden

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config says what to serve. Zero values mean the defaults named beside them.
type Config struct {
	// Handler answers the requests. Required.
	Handler http.Handler
	// TLS has the certificates. Nil serves plain HTTP, which is refused on addresses
	// that are not loopback.
	TLS *tls.Config
	// ClientCertificates says what clients are asked for. Whom a certificate names, and whether it is good, runtime/auth/mtls decides
	// for each request; with TLS.ClientCAs, a bad one fails the handshake already, and those authorities stay what they are until the program starts again.
	ClientCertificates ClientCertificates
	// DangerouslyServePlainHTTP allows plain HTTP on any address: for a proxy that
	// terminates TLS on a network that is as safe as the process.
	DangerouslyServePlainHTTP bool
	// Log takes what goes wrong with connections; nil means slog.Default.
	Log *slog.Logger

	ReadHeaderTimeout time.Duration // 5 s
	ReadTimeout       time.Duration // 30 s, headers and body
	WriteTimeout      time.Duration // 60 s
	IdleTimeout       time.Duration // 60 s
	StopTimeout       time.Duration // 15 s for requests in flight when the server stops
	MaxHeaderBytes    int           // 16 KiB
	MaxConnections    int           // 4096; more wait in the kernel's queue
}

// Server is a hardened http.Server.
type Server struct {
	http *http.Server
	cfg  Config
}

// New checks cfg and returns the server, or everything that is wrong with it.
func New(cfg Config) (*Server, error) {
	var errs []error
	if cfg.Handler == nil {
		errs = append(errs, errors.New("harden: there is no handler"))
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		or    time.Duration
	}{
		{"ReadHeaderTimeout", &cfg.ReadHeaderTimeout, 5 * time.Second},
		{"ReadTimeout", &cfg.ReadTimeout, 30 * time.Second},
		{"WriteTimeout", &cfg.WriteTimeout, time.Minute},
		{"IdleTimeout", &cfg.IdleTimeout, time.Minute},
		{"StopTimeout", &cfg.StopTimeout, 15 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.or
		}
		if *d.value < 0 {
			errs = append(errs, fmt.Errorf("harden: %s is negative, which net/http reads as no time-out", d.name))
		}
	}
	if cfg.MaxHeaderBytes == 0 {
		cfg.MaxHeaderBytes = 16 << 10
	}
	if cfg.MaxConnections == 0 {
		cfg.MaxConnections = 4096
	}
	if cfg.MaxHeaderBytes < 0 || cfg.MaxConnections < 0 {
		errs = append(errs, errors.New("harden: MaxHeaderBytes and MaxConnections must be positive"))
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	tlsConfig, err := secure(cfg.TLS)
	if err == nil {
		err = cfg.ClientCertificates.apply(tlsConfig)
	}
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return nil, errors.Join(errs...)
	}
	return &Server{cfg: cfg, http: &http.Server{
		Handler: cfg.Handler, TLSConfig: tlsConfig, ReadHeaderTimeout: cfg.ReadHeaderTimeout, ReadTimeout: cfg.ReadTimeout,
		WriteTimeout: cfg.WriteTimeout, IdleTimeout: cfg.IdleTimeout, MaxHeaderBytes: cfg.MaxHeaderBytes,
		ErrorLog:                     slog.NewLogLogger(quiet{cfg.Log.Handler()}, slog.LevelWarn),
		DisableGeneralOptionsHandler: true, // OPTIONS * is no operation
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: 100, SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}}, nil
}

// secure returns a copy of c with TLS 1.2 as its floor. Configurations that ask for
// less are refused.
func secure(c *tls.Config) (*tls.Config, error) {
	if c == nil {
		return nil, nil
	}
	c = c.Clone()
	if c.MinVersion == 0 {
		c.MinVersion = tls.VersionTLS12
	}
	switch {
	case c.MinVersion < tls.VersionTLS12:
		return nil, errors.New("harden: TLS before 1.2 is broken (RFC 8996)")
	case c.InsecureSkipVerify:
		return nil, errors.New("harden: InsecureSkipVerify has no place in a server")
	case len(c.Certificates) == 0 && c.GetCertificate == nil && c.GetConfigForClient == nil:
		return nil, errors.New("harden: the TLS configuration has no certificate")
	}
	for _, id := range c.CipherSuites {
		for _, bad := range tls.InsecureCipherSuites() {
			if bad.ID == id {
				return nil, fmt.Errorf("harden: the cipher suite %s is not secure", bad.Name)
			}
		}
	}
	return c, nil
}

// Serve answers connections of ln until ctx ends; then it takes no more, waits up to
// StopTimeout for requests in flight, and returns nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if s.cfg.TLS == nil && !s.cfg.DangerouslyServePlainHTTP && !isLoopback(ln.Addr()) {
		ln.Close()
		return fmt.Errorf("harden: plain HTTP on %s is refused: configure TLS, or listen on a loopback address", ln.Addr())
	}
	ln = &limited{Listener: ln, slots: make(chan struct{}, s.cfg.MaxConnections), closed: make(chan struct{})}
	stopped := make(chan error, 1)
	unwatch := context.AfterFunc(ctx, func() {
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

// limited is a listener that accepts a bounded number of connections at a time.
type limited struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &slotted{Conn: c, free: func() { <-l.slots }}, nil
}

func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// slotted gives its slot back when it is closed.
type slotted struct {
	net.Conn
	once sync.Once
	free func()
}

func (c *slotted) Close() error {
	defer c.once.Do(c.free)
	return c.Conn.Close()
}

// quiet writes the kind of net/http's complaints, not their text: it repeats what
// clients sent, and the values of panics.
type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, "a connection failed", r.PC)
	return q.Handler.Handle(ctx, out)
}
