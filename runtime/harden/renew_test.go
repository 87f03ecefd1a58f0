package harden_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/harden"
)

// issuer is a certificate authority of the test, with one between it and the servers, so that half
// a chain is not enough.
type issuer struct {
	pool    *x509.CertPool
	between *x509.Certificate
	key     *ecdsa.PrivateKey
	serial  int64
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{pool: x509.NewCertPool(), serial: 10}
	parent, key := (*x509.Certificate)(nil), (*ecdsa.PrivateKey)(nil)
	for n, name := range []string{"root", "between"} {
		own := newKey(t)
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(n + 1)), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		}
		if parent == nil {
			parent, key = template, own
		}
		c := certify(t, template, parent, own, key)
		if n == 0 {
			i.pool.AddCert(c)
		}
		parent, key = c, own
	}
	i.between, i.key = parent, key
	return i
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func certify(t *testing.T, template, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// issue makes the text of both files, and returns the serial number.
func (i *issuer) issue(t *testing.T, key *ecdsa.PrivateKey, change func(*x509.Certificate)) (chain, private []byte, serial int64) {
	t.Helper()
	i.serial++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(i.serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), DNSNames: []string{"api.bank.example"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	c := certify(t, template, i.between, key, i.key)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{c.Raw, i.between.Raw} {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})...)
	}
	return chain, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), i.serial
}

func writeFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// handshake returns the serial number that the server presents to a client that verifies it.
func handshake(addr string, pool *x509.CertPool) (int64, error) {
	conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool, ServerName: "api.bank.example"})
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(), nil
}

// startTLS serves with these files until the test ends.
func startTLS(t *testing.T, cfg harden.Config) (addr string) {
	t.Helper()
	cfg.Handler = http.NotFoundHandler()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s, err := harden.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ln := listen(t, "127.0.0.1:0")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// TestRenewalUnderLoad renews a certificate 20 times while clients connect all the time, as
// certbot, cp and Kubernetes do: no handshake fails, and each new certificate is presented.
func TestRenewalUnderLoad(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	ca := newIssuer(t)
	pause := func() { time.Sleep(3 * time.Millisecond) } // several looks
	same := newKey(t)
	mount := 0
	swap := func(chain, private []byte) { // a new directory, and a link to it
		mount++
		data := filepath.Join(dir, fmt.Sprint("..data-", mount))
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(data, "tls.crt"), chain)
		writeFile(t, filepath.Join(data, "tls.key"), private)
		link := filepath.Join(dir, "..data")
		if err := os.Symlink(filepath.Base(data), link+"_tmp"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(link+"_tmp", link); err != nil {
			t.Fatal(err)
		}
		if mount > 1 {
			return
		}
		for _, path := range []string{cert, key} {
			_ = os.Remove(path)
			if err := os.Symlink(filepath.Join("..data", filepath.Base(path)), path); err != nil {
				t.Fatal(err)
			}
		}
	}
	ways := []struct {
		name string
		key  func() *ecdsa.PrivateKey
		put  func(chain, private []byte)
	}{
		{"in place, the certificate first", func() *ecdsa.PrivateKey { return newKey(t) }, func(chain, private []byte) {
			writeFile(t, cert, chain)
			pause()
			writeFile(t, key, private)
		}},
		{"in place, the key first", func() *ecdsa.PrivateKey { return newKey(t) }, func(chain, private []byte) {
			writeFile(t, key, private)
			pause()
			writeFile(t, cert, chain)
		}},
		{"in halves, with the same key", func() *ecdsa.PrivateKey { return same }, func(chain, private []byte) {
			writeFile(t, key, private)
			half := bytes.LastIndex(chain, []byte("-----BEGIN")) + 100
			writeFile(t, cert, chain[:half])
			pause()
			writeFile(t, cert, chain)
		}},
		{"by renaming", func() *ecdsa.PrivateKey { return newKey(t) }, func(chain, private []byte) {
			for path, text := range map[string][]byte{cert: chain, key: private} {
				writeFile(t, path+".new", text)
				if err := os.Rename(path+".new", path); err != nil {
					t.Fatal(err)
				}
				pause()
			}
		}},
	}
	if runtime.GOOS != "windows" {
		ways = append(ways, struct {
			name string
			key  func() *ecdsa.PrivateKey
			put  func(chain, private []byte)
		}{"with a symbolic link", func() *ecdsa.PrivateKey { return newKey(t) }, swap})
	}
	chain, private, serial := ca.issue(t, same, nil)
	writeFile(t, cert, chain)
	writeFile(t, key, private)
	addr := startTLS(t, harden.Config{CertificateFiles: []harden.CertificateFile{{Certificate: cert, Key: key}}, CertificateInterval: time.Millisecond})
	stop := make(chan struct{})
	var (
		clients         sync.WaitGroup
		done, failed    atomic.Int64
		last            atomic.Int64 // the newest serial number that was seen
		first, oneError sync.Once
	)
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got, err := handshake(addr, ca.pool)
				if done.Add(1); err != nil {
					failed.Add(1)
					oneError.Do(func() { t.Error(err) })
					continue
				}
				for {
					old := last.Load()
					if got <= old || last.CompareAndSwap(old, got) {
						break
					}
				}
			}
		})
	}
	wait := func(way string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); last.Load() != serial; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				first.Do(func() { t.Errorf("%s: the new certificate is not presented", way) })
				return
			}
		}
	}
	wait("at first")
	for n := range 20 {
		way := ways[n*len(ways)/20] // the symbolic links last
		chain, private, serial = ca.issue(t, way.key(), nil)
		way.put(chain, private)
		wait(way.name)
	}
	close(stop)
	clients.Wait()
	t.Logf("%d handshakes during 20 renewals, %d failed", done.Load(), failed.Load())
	if failed.Load() > 0 || done.Load() < 20 {
		t.Errorf("%d of %d handshakes failed", failed.Load(), done.Load())
	}
}

// TestBadRenewals: what is no better than the certificate in use is not taken, is logged, and is
// tried again.
func TestBadRenewals(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	ca := newIssuer(t)
	chain, private, serial := ca.issue(t, newKey(t), nil)
	writeFile(t, cert, chain)
	writeFile(t, key, private)
	addr := startTLS(t, harden.Config{CertificateFiles: []harden.CertificateFile{{Certificate: cert, Key: key}}, CertificateInterval: time.Nanosecond})
	want := func(name string, serial int64) {
		t.Helper()
		for range 3 {
			if got, err := handshake(addr, ca.pool); got != serial && name != "renewed" || err != nil {
				t.Errorf("%s: serial number %d, %v; want %d", name, got, err, serial)
			}
		}
		if got, err := handshake(addr, ca.pool); got != serial || err != nil {
			t.Errorf("%s: serial number %d, %v; want %d", name, got, err, serial)
		}
	}
	put := func(chain, private []byte) { writeFile(t, key, private); writeFile(t, cert, chain) }
	want("at first", serial)
	other, _, _ := ca.issue(t, newKey(t), nil)
	put(other, private)
	want("a certificate of another key", serial)
	put([]byte("rubbish"), private)
	want("rubbish", serial)
	put(bytes.Repeat([]byte("#\n"), 1<<20), private)
	want("too long", serial)
	for name, change := range map[string]func(*x509.Certificate){
		"not good yet": func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) },
		"ended":        func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) },
	} {
		k := newKey(t)
		bad, p, _ := ca.issue(t, k, change)
		put(bad, p)
		want(name, serial)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	want("no key", serial)
	chain, private, serial = ca.issue(t, newKey(t), nil)
	put(chain, private)
	want("renewed", serial)
}

// TestExpiryIsLogged: a certificate that ends soon, or has ended, is in the log, once.
func TestExpiryIsLogged(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	ca := newIssuer(t)
	for want, end := range map[string]time.Duration{"ends soon": 13 * 24 * time.Hour, "has ended": -time.Minute, "": 15 * 24 * time.Hour} {
		chain, private, _ := ca.issue(t, newKey(t), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(end) })
		writeFile(t, cert, chain)
		writeFile(t, key, private)
		var log lockedBuffer
		addr := startTLS(t, harden.Config{
			CertificateFiles: []harden.CertificateFile{{Certificate: cert, Key: key}}, CertificateInterval: time.Nanosecond, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		for range 5 {
			_, _ = handshake(addr, ca.pool)
		}
		if n := strings.Count(log.String(), "a certificate"); want == "" && n != 0 || want != "" && (n != 1 || !strings.Contains(log.String(), want)) {
			t.Errorf("it ends in %v: the log has %d lines about it, want %q:\n%s", end, n, want, log.String())
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *lockedBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

// TestCertificateForName: with several certificates, a client gets the one of the name that it asks
// for.
func TestCertificateForName(t *testing.T) {
	dir := t.TempDir()
	ca := newIssuer(t)
	var files []harden.CertificateFile
	serials := map[string]int64{}
	for _, name := range []string{"api.bank.example", "www.bank.example"} {
		chain, private, serial := ca.issue(t, newKey(t), func(c *x509.Certificate) { c.DNSNames = []string{name} })
		f := harden.CertificateFile{Certificate: filepath.Join(dir, name+".crt"), Key: filepath.Join(dir, name+".key")}
		writeFile(t, f.Certificate, chain)
		writeFile(t, f.Key, private)
		files = append(files, f)
		serials[name] = serial
	}
	addr := startTLS(t, harden.Config{CertificateFiles: files})
	for name, serial := range serials {
		conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: ca.pool, ServerName: name})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(); got != serial {
			t.Errorf("%s: serial number %d, want %d", name, got, serial)
		}
		conn.Close()
	}
}

func TestCertificateFilesAreChecked(t *testing.T) {
	dir := t.TempDir()
	ca := newIssuer(t)
	chain, private, _ := ca.issue(t, newKey(t), nil)
	_, other, _ := ca.issue(t, newKey(t), nil)
	path := func(name string, text []byte) string {
		p := filepath.Join(dir, name)
		writeFile(t, p, text)
		return p
	}
	good := harden.CertificateFile{Certificate: path("crt", chain), Key: path("key", private)}
	shared := path("shared", private)
	if err := os.Chmod(shared, 0o666); err != nil {
		t.Fatal(err)
	}
	own, _ := testTLS(t)
	tests := map[string]harden.Config{
		"no such file":   {CertificateFiles: []harden.CertificateFile{{Certificate: good.Certificate, Key: dir + "/none"}}},
		"does not match": {CertificateFiles: []harden.CertificateFile{good, {Certificate: good.Certificate, Key: path("other", other)}}},
		"cut off":        {CertificateFiles: []harden.CertificateFile{{Certificate: path("half", chain[:len(chain)-40]), Key: good.Key}}},
		"not a regular":  {CertificateFiles: []harden.CertificateFile{{Certificate: dir, Key: good.Key}}},
		"both have":      {CertificateFiles: []harden.CertificateFile{good}, TLS: own},
		"must be pos":    {CertificateFiles: []harden.CertificateFile{good}, CertificateInterval: -1},
	}
	if runtime.GOOS != "windows" {
		tests["chmod o-w"] = harden.Config{CertificateFiles: []harden.CertificateFile{{Certificate: good.Certificate, Key: shared}}}
	}
	for want, cfg := range tests {
		cfg.Handler = hello
		if s, err := harden.New(cfg); s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
