package introspect

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
	"github.com/bailey-go/bailey/runtime/mask"
)

// A Client is what the server authenticates with at the endpoint, by client_secret_basic (RFC 6749, section
// 2.3.1): [Secret] or [SecretFile], and [Via] to reach it in another way.
type Client interface {
	open(now time.Time) (credentials, error)
}

// credentials gives an ID and its secret. An error beside them says that they could not be confirmed.
type credentials interface {
	get(now time.Time) (id, secret string, err error)
}

const (
	maxClientID = 1 << 10
	maxSecret   = 4 << 10
	secretLook  = 10 * time.Second
)

// Secret authenticates with a secret from the program's own configuration.
func Secret(id, secret string) Client { return fixed{id, mask.NewString(secret)} }

// fixed has the secret where neither fmt nor reflection finds it.
type fixed struct {
	id     string
	secret mask.String
}

func (f fixed) open(time.Time) (credentials, error) {
	if err := checkSecret(f.secret.RevealString()); err != nil {
		return nil, err
	}
	return f, checkID(f.id)
}

func (f fixed) get(time.Time) (id, secret string, err error) {
	return f.id, f.secret.RevealString(), nil
}

// String keeps the secret out of logs.
func (f fixed) String() string { return "introspect.Secret(" + f.id + ")" }

// Format keeps the secret out of logs, whatever the verb.
func (f fixed) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, f.String()) }

// SecretFile authenticates with the secret in a file of at most 4 KiB, without the line break at its end. [New] fails
// if it cannot be read or may be written by everyone. It is looked at again every 10 seconds, so that the secret can be
// changed while the server runs; if that fails, the last one stays.
func SecretFile(id, path string) Client { return secretFile{id, path} }

type secretFile struct{ id, path string }

func (s secretFile) open(now time.Time) (credentials, error) {
	if s.path == "" {
		return nil, errors.New("the client's secret file has no path")
	}
	f := &watched{id: s.id, file: keyfile.Open(s.path, maxSecret, secretLook)}
	if err := f.look(now); err != nil {
		return nil, err
	}
	return f, checkID(s.id)
}

type watched struct {
	id     string
	file   *keyfile.File
	secret atomic.Pointer[string]
}

func (w *watched) get(now time.Time) (id, secret string, err error) {
	err = w.look(now)
	return w.id, *w.secret.Load(), err
}

func (w *watched) look(now time.Time) error {
	err := w.file.Poll(now, func(text []byte) error {
		if text == nil {
			return nil
		}
		secret := strings.TrimRight(string(text), "\r\n")
		if err := checkSecret(secret); err != nil {
			return fmt.Errorf("%s: %w", w.file.Path(), err)
		}
		w.secret.Store(&secret)
		return nil
	})
	if err != nil {
		return fmt.Errorf("the client's secret: %w", err)
	}
	return nil
}

// Via is c with a transport in place of [Policy].Transport, for an issuer with a private certificate authority, or one that wants a
// client certificate.
func Via(c Client, t http.RoundTripper) Client { return via{c, t} }

type via struct {
	Client
	transport http.RoundTripper
}

func checkID(id string) error {
	if id == "" || len(id) > maxClientID || !printable(id) {
		return errors.New("a client ID that is empty, too long or not printable ASCII (RFC 6749, appendix A.1)")
	}
	return nil
}

func checkSecret(secret string) error {
	if secret == "" || len(secret) > maxSecret || !printable(secret) {
		return errors.New("a client secret that is empty, too long or not printable ASCII (RFC 6749, appendix A.2)")
	}
	return nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
