package gen

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// told answers every request in the same way, as a scheme of its own name.
type told struct {
	name string
	err  error
}

func (a told) Authenticate(*http.Request) (*principal.Principal, error) {
	return &principal.Principal{Subject: "ada", Scheme: a.name}, a.err
}

func (a told) Challenges(missing []string, refused *auth.Refused) []string {
	if refused != nil {
		return []string{a.name + " bad", a.name + " also"}
	}
	return []string{a.name}
}

// renewing is a scheme that has a nonce for the answer.
type renewing struct {
	told
	nonce string
}

func (a renewing) AuthenticateAt(r *http.Request, _ time.Time) (*principal.Principal, error) {
	return a.Authenticate(r)
}

func (a renewing) AuthenticateNonce(r *http.Request, _ time.Time) (*principal.Principal, string, error) {
	p, err := a.Authenticate(r)
	return p, a.nonce, err
}

// TestNonces: a nonce goes with every answer to who has authenticated, good or bad, and nobody may keep an answer that has one.
func TestNonces(t *testing.T) {
	for _, tt := range []struct {
		name, nonce string
		err         error
		do          func(*Call)
		status      int
		want, cache string
	}{
		{"empty", "n2", nil, func(c *Call) { c.ReplyEmpty(204) }, 204, "n2", "no-store"},
		{"none", "", nil, func(c *Call) { c.ReplyEmpty(204) }, 204, "", "no-store"},
		{"a stream", "n2", nil, func(c *Call) { c.ReplyStream(200, "text/plain", strings.NewReader("x")) }, 200, "n2", "no-store"},
		{"one that the handler lets others keep", "n2", nil, func(c *Call) { c.SetHeader("Cache-Control", "public, max-age=60"); c.ReplyEmpty(204) }, 204, "n2", "no-store"},
		{"that, without a nonce", "", nil, func(c *Call) { c.SetHeader("Cache-Control", "public, max-age=60"); c.ReplyEmpty(204) }, 204, "", "public, max-age=60"},
		{"a nonce of the handler's", "n2", nil, func(c *Call) {
			c.SetHeader("Dpop-Nonce", "n3")
			c.SetHeader("Cache-Control", "public")
			c.ReplyEmpty(204)
		}, 204, "n3", "no-store"},
		{"a failure", "n2", nil, func(c *Call) { c.SetHeader("Cache-Control", "public"); c.NoReply() }, 500, "n2", "no-store"},
		{"a refusal", "n2", &auth.Refused{Rule: "expired"}, func(c *Call) { c.ReplyEmpty(204) }, 401, "", "no-store"},
	} {
		b := New(Setup{Title: "test", Config: runtime.Config{Events: &events{}}})
		b.Scheme("A", func(*principal.Table) (auth.Authenticator, error) { return renewing{told{"A", tt.err}, tt.nonce}, nil })
		op := Operation{ID: "x", Method: "GET", Path: "/x", Access: Require(Requirement{{Scheme: "A"}})}
		Mount(b, &op, Steps[*note, Empty]{
			New:    func(*Call) *note { return new(note) },
			Call:   NoResult(func(context.Context, *note) error { return nil }),
			Encode: func(c *Call, _ Empty) { tt.do(c) },
		})
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if h := w.Header(); w.Code != tt.status || h.Get("DPoP-Nonce") != tt.want || !slices.Equal(h["Cache-Control"], []string{tt.cache}) {
			t.Errorf("%s: %d, nonce %q, %q; want %d, %q, %q", tt.name, w.Code, h.Get("DPoP-Nonce"), h["Cache-Control"], tt.status, tt.want, tt.cache)
		}
	}
}

// TestChallenges: the scheme whose credential was refused says so, and the others do not; another issuer's refusal of a token
// that is not its own is not the reason.
func TestChallenges(t *testing.T) {
	expired, foreign := &auth.Refused{Rule: "expired", Nonce: "n1"}, &auth.Refused{Rule: "issuer", Foreign: true}
	for _, tt := range []struct {
		name   string
		a, b   error
		status int
		rule   string
		want   []string
		nonce  string
	}{
		{"neither", auth.ErrMissing, auth.ErrMissing, 401, "no-credential", []string{"A", "B"}, ""},
		{"the first is bad", expired, auth.ErrMissing, 401, "expired", []string{"A bad", "A also", "B"}, "n1"},
		{"the second is bad", auth.ErrMissing, expired, 401, "expired", []string{"A", "B bad", "B also"}, "n1"},
		{"the first's, expired", expired, foreign, 401, "expired", []string{"A bad", "A also", "B"}, "n1"},
		{"the second's, expired", foreign, expired, 401, "expired", []string{"A", "B bad", "B also"}, "n1"},
		{"the first's, but for its proof", &auth.Refused{Rule: "proof", Code: "invalid_dpop_proof"}, &auth.Refused{Rule: "unknown"}, 401, "proof", []string{"A bad", "A also", "B"}, ""},
		{"nobody's", foreign, foreign, 401, "issuer", []string{"A", "B bad", "B also"}, ""},
		{"the second's, good", foreign, nil, 204, "", nil, ""},
		{"the first cannot say", &auth.Unavailable{Rule: "keys"}, foreign, 503, "authentication", nil, ""},
		{"the first cannot say, the second knows", &auth.Unavailable{Rule: "keys"}, nil, 204, "", nil, ""},
	} {
		sink := &events{}
		b := New(Setup{Title: "test", Config: runtime.Config{Events: sink}})
		b.Scheme("A", func(*principal.Table) (auth.Authenticator, error) { return told{"A", tt.a}, nil })
		b.Scheme("B", func(*principal.Table) (auth.Authenticator, error) { return told{"B", tt.b}, nil })
		op := Operation{ID: "x", Method: "GET", Path: "/x", Access: Require(Requirement{{Scheme: "A"}}, Requirement{{Scheme: "B"}})}
		Mount(b, &op, Steps[*note, Empty]{
			New:    func(*Call) *note { return new(note) },
			Call:   NoResult(func(context.Context, *note) error { return nil }),
			Encode: func(c *Call, _ Empty) { c.ReplyEmpty(204) },
		})
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if got := w.Header()["Www-Authenticate"]; w.Code != tt.status || !slices.Equal(got, tt.want) || w.Header().Get("DPoP-Nonce") != tt.nonce {
			t.Errorf("%s: %d, %q, nonce %q; want %d, %q, %q", tt.name, w.Code, got, w.Header().Get("DPoP-Nonce"), tt.status, tt.want, tt.nonce)
		}
		if got := sink.last().Rule; got != tt.rule {
			t.Errorf("%s: rule %q, want %q", tt.name, got, tt.rule)
		}
	}
}
