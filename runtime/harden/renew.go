package harden

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// A CertificateFile is a certificate of the server in two files, which may be replaced while the
// server runs.
//
// The files are read again at most once in [Config.CertificateInterval], by one of the handshakes.
// They are taken together or not at all, and when two looks have found the same: a certificate
// whose key has not been written yet, half a file, a certificate that is not good yet or no longer,
// are tried again, and the server goes on with the pair that it has. So the two may be written one
// after the other, in place or by renaming, or swapped with a symbolic link of their directory, as
// Kubernetes does.
type CertificateFile struct {
	// Certificate is a file of the chain in PEM, the server's own certificate first, at most 1 MiB;
	// Key one of its private key, at most 64 KiB. Neither may be writable by everyone.
	Certificate, Key string
}

const (
	maxChainFile    = 1 << 20
	maxKeyFile      = 64 << 10
	maxCertificates = 100

	defaultCertificateInterval = 5 * time.Second
	defaultExpiryWarning       = 14 * 24 * time.Hour

	tellEvery     = time.Minute    // that files cannot be used
	tellExpiry    = 24 * time.Hour // that a certificate ends soon
	tellExpired   = time.Hour      // that it has ended
	tellAfterFail = 10 * time.Second
)

// renewal keeps the pairs of files.
type renewal struct {
	pairs    []*pair
	interval time.Duration
	warn     time.Duration
	log      *slog.Logger
	now      func() time.Time
	next     atomic.Int64 // when to look again, Unix nanoseconds
	mu       sync.Mutex   // held by the one that looks
}

// A pair is a certificate and its key, as they were read last. All but current is guarded by the
// renewal's mutex.
type pair struct {
	files   CertificateFile
	current atomic.Pointer[tls.Certificate]
	digest  [sha256.Size]byte // of the files behind current
	seen    [sha256.Size]byte // what the last look found, which may be written to still

	failing        time.Time // since when the files cannot be used; zero where they can
	told, toldLate time.Time // when a failure was logged last, and that the certificate ends
}

// certificates reads the files that cfg names, and returns cfg.TLS with them.
func (cfg *Config) certificates() (*tls.Config, error) {
	if len(cfg.CertificateFiles) == 0 {
		return cfg.TLS, nil
	}
	c := cfg.TLS.Clone() // nil for nil
	if c == nil {
		c = &tls.Config{}
	}
	switch {
	case len(c.Certificates) > 0 || c.GetCertificate != nil || c.GetConfigForClient != nil:
		return nil, errors.New("harden: CertificateFiles and TLS both have certificates")
	case len(cfg.CertificateFiles) > maxCertificates:
		return nil, fmt.Errorf("harden: more than %d certificate files", maxCertificates)
	case cfg.CertificateInterval < 0 || cfg.ExpiryWarning < 0:
		return nil, errors.New("harden: CertificateInterval and ExpiryWarning must be positive")
	}
	if cfg.CertificateInterval == 0 {
		cfg.CertificateInterval = defaultCertificateInterval
	}
	if cfg.ExpiryWarning == 0 {
		cfg.ExpiryWarning = defaultExpiryWarning
	}
	r := &renewal{interval: cfg.CertificateInterval, warn: cfg.ExpiryWarning, log: cfg.Log, now: time.Now}
	var errs []error
	for _, files := range cfg.CertificateFiles {
		p := &pair{files: files}
		cert, digest, err := files.load()
		if err != nil {
			errs = append(errs, fmt.Errorf("harden: %w", err))
			continue
		}
		p.digest = digest
		p.current.Store(cert)
		r.ending(p, r.now())
		r.pairs = append(r.pairs, p)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	r.next.Store(r.now().Add(r.interval).UnixNano())
	c.GetCertificate = r.get
	return c, nil
}

// load reads both files. Their content fits together, or there is an error.
func (f CertificateFile) load() (*tls.Certificate, [sha256.Size]byte, error) {
	var none [sha256.Size]byte
	chain, err := keyfile.Read(f.Certificate, maxChainFile)
	if err != nil {
		return nil, none, fmt.Errorf("certificate: %w", err)
	}
	key, err := keyfile.Read(f.Key, maxKeyFile)
	if err != nil {
		return nil, none, fmt.Errorf("key of a certificate: %w", err)
	}
	cert, err := tls.X509KeyPair(chain, key) // its errors hold nothing of the files
	if err == nil && cert.Leaf == nil {      // an old setting of GODEBUG
		cert.Leaf, err = x509.ParseCertificate(cert.Certificate[0])
	}
	if err == nil && bytes.Count(chain, []byte("-----BEGIN ")) != len(cert.Certificate) {
		err = errors.New("the chain has a block that is cut off, or no certificate")
	}
	if err != nil {
		return nil, none, fmt.Errorf("certificate %s and key %s: %w", f.Certificate, f.Key, err)
	}
	h := sha256.New()
	for _, text := range [][]byte{chain, key} {
		sum := sha256.Sum256(text)
		_, _ = h.Write(sum[:]) // a hash takes everything
	}
	return &cert, [sha256.Size]byte(h.Sum(nil)), nil
}

// get is tls.Config.GetCertificate: the first certificate that suits the client, or the first of all.
func (r *renewal) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	now := r.now()
	if wait := r.next.Load() - now.UnixNano(); wait <= 0 || wait > int64(r.interval) {
		r.look(now)
	}
	if len(r.pairs) > 1 {
		for _, p := range r.pairs {
			if c := p.current.Load(); hello.SupportsCertificate(c) == nil {
				return c, nil
			}
		}
	}
	return r.pairs[0].current.Load(), nil
}

// look reads all files, unless another handshake does that already.
func (r *renewal) look(now time.Time) {
	if !r.mu.TryLock() {
		return
	}
	defer r.mu.Unlock()
	r.next.Store(now.Add(r.interval).UnixNano())
	for _, p := range r.pairs {
		if err := r.renew(p, now); err != nil {
			r.failed(p, err, now)
		} else {
			p.failing = time.Time{}
		}
		r.ending(p, now)
	}
}

// renew takes what the files hold, if it is another pair and a better one.
func (r *renewal) renew(p *pair, now time.Time) error {
	cert, digest, err := p.files.load()
	if err != nil {
		return err
	}
	last := p.seen
	if p.seen = digest; digest == p.digest || digest != last {
		return nil
	}
	next, old := cert.Leaf, p.current.Load().Leaf
	switch {
	case now.Before(next.NotBefore):
		return fmt.Errorf("certificate %s is not good before %v", p.files.Certificate, next.NotBefore)
	case now.After(next.NotAfter) && !now.After(old.NotAfter):
		return fmt.Errorf("certificate %s ended at %v, and the one in use is still good", p.files.Certificate, next.NotAfter)
	}
	p.current.Store(cert)
	p.digest, p.toldLate = digest, time.Time{}
	r.log.LogAttrs(context.Background(), slog.LevelInfo, "a certificate was renewed",
		slog.String("file", p.files.Certificate), slog.Any("names", next.DNSNames), slog.Time("until", next.NotAfter))
	return nil
}

// failed logs that files cannot be used: not at once, since the second of the two may be on its way.
func (r *renewal) failed(p *pair, err error, now time.Time) {
	if p.failing.IsZero() {
		p.failing = now
	}
	if now.Sub(p.failing) < tellAfterFail || now.Sub(p.told) < tellEvery {
		return
	}
	p.told = now
	r.log.LogAttrs(context.Background(), slog.LevelError, "a certificate could not be read again, and the last one stays in use", slog.Any("error", err))
}

// ending logs that the certificate in use ends soon, or has ended.
func (r *renewal) ending(p *pair, now time.Time) {
	leaf := p.current.Load().Leaf
	left := leaf.NotAfter.Sub(now)
	level, text, every := slog.LevelWarn, "a certificate ends soon", tellExpiry
	if left <= 0 {
		level, text, every = slog.LevelError, "a certificate has ended", tellExpired
	}
	if left > r.warn || now.Sub(p.toldLate) < every {
		return
	}
	p.toldLate = now
	r.log.LogAttrs(context.Background(), level, text,
		slog.String("file", p.files.Certificate), slog.Time("until", leaf.NotAfter), slog.Duration("left", left))
}
