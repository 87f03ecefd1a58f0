package securitytest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/principal"
)

var (
	token = jwt.Policy{Scheme: "token", Issuer: "https://id.example", Audiences: []string{"api"}, Algorithms: []string{"ES256"}}
	key   = apikey.Policy{Scheme: "key", In: "header", Name: "X-Key", Prefix: "k_"}
	all   = []Scheme{{Name: "token", JWT: &token}, {Name: "key", Key: &key}, {Name: "other"}}

	opGuarded = gen.Operation{
		ID: "guarded", Method: "GET", Path: "/users/{user}",
		Access:  gen.Require(gen.Requirement{{Scheme: "token", Scopes: []string{"a", "b"}}}, gen.Requirement{{Scheme: "other", Scopes: []string{"c"}, Roles: []string{"s", "q"}}}),
		Owner:   []gen.Owner{{In: "path", Name: "user", Claim: "/org/user", Hide: true}},
		Require: []gen.Condition{{Roles: []string{"r"}, Claims: []gen.ClaimIn{{Name: "tenant", Values: []string{"t"}}}}, {ACR: []string{"phr"}, Scopes: []string{"d"}, MaxAge: time.Hour}},
	}
	opKeyed = gen.Operation{ID: "keyed", Method: "GET", Path: "/keyed", Access: gen.Require(gen.Requirement{{Scheme: "key", Scopes: []string{"a"}, Roles: []string{"clerk"}}}, gen.Requirement{})}
	opOpen  = gen.Operation{ID: "open", Method: "GET", Path: "/open", Access: gen.Public("a test")}
)

type request struct{ user string }

// careless is the ID of an operation that does not look at its query.
const careless = "careless"

// serve makes a server of the three operations; change may weaken one.
func serve(c *Credentials, change func(*gen.Operation)) (http.Handler, error) {
	b := gen.New(gen.Setup{Title: "test", Config: c.Config()})
	b.Scheme("token", func(t *principal.Table) (auth.Authenticator, error) { return jwt.New(token, c.Keys("token"), t) })
	b.Scheme("key", func(t *principal.Table) (auth.Authenticator, error) { return apikey.New(key, c.APIKeys("key"), t) })
	b.Scheme("other", func(*principal.Table) (auth.Authenticator, error) { return c.Authenticator("other"), nil })
	for _, op := range []gen.Operation{opGuarded, opKeyed, opOpen} {
		if change != nil {
			change(&op)
		}
		steps := gen.Steps[*request, gen.Empty]{
			New: func(*gen.Call) *request { return new(request) },
			Params: func(c *gen.Call, r *request) {
				p := c.Params()
				if len(op.Owner) > 0 {
					p.Path(0, "user")
					r.user = p.String()
				}
				if op.ID != careless {
					for p.NextQuery() {
						p.Unknown(c.Unknown())
					}
				}
			},
			Call:   gen.NoResult(func(context.Context, *request) error { return runtime.ErrNotImplemented }),
			Encode: func(c *gen.Call, _ gen.Empty) { c.ReplyEmpty(204) },
		}
		if len(op.Owner) > 0 {
			steps.Owner = func(c *gen.Call, r *request) bool { return c.Owns(0, gen.OwnedText(r.user)) }
		}
		gen.Mount(b, &op, steps)
	}
	return b.Server()
}

func operations() []Operation {
	return []Operation{
		{Operation: &opGuarded, Target: "/users/ada", Complete: true, Owners: []string{"ada"}},
		{Operation: &opKeyed, Target: "/keyed", Complete: true},
		{Operation: &opOpen, Target: "/open", Complete: true},
	}
}

// TestRun: a server that does what its table says passes.
func TestRun(t *testing.T) {
	Run(t, Target{Schemes: all, Operations: operations(), New: func(c *Credentials) (http.Handler, error) { return serve(c, nil) }})
}

// notes collects what an attack reports.
type notes struct{ errors []string }

func (*notes) Helper()             {}
func (*notes) Logf(string, ...any) {}
func (n *notes) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

// TestFinds: a server that does less than its table says does not pass, and the report
// names what was let through.
func TestFinds(t *testing.T) {
	always := func(status int) func(*Credentials) (http.Handler, error) {
		return func(*Credentials) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }), nil
		}
	}
	weak := func(change func(*gen.Operation)) func(*Credentials) (http.Handler, error) {
		return func(c *Credentials) (http.Handler, error) {
			return serve(c, func(op *gen.Operation) {
				if op.ID == "guarded" {
					change(op)
				}
			})
		}
	}
	for _, tt := range []struct {
		name string
		make func(*Credentials) (http.Handler, error)
		want []string
	}{
		{"open to all", always(501), []string{"without credentials", "expired", "unsigned", "public key", "without the scope a", "without the scope d", "without the role s", "without a role", "without the claim tenant", "weaker", "too long ago", "of the future", "as text", "something else"}},
		{"closed to all", always(401), []string{"right credentials of token", "right credentials of other"}},
		{"no owner rule", weak(func(op *gen.Operation) { op.Owner = nil }), []string{"something else"}},
		{"a scope less", weak(func(op *gen.Operation) {
			op.Access = gen.Require(gen.Requirement{{Scheme: "token", Scopes: []string{"a"}}}, gen.Requirement{{Scheme: "other", Scopes: []string{"c"}, Roles: []string{"s", "q"}}})
		}), []string{"without the scope b"}},
		{"a role less", weak(func(op *gen.Operation) {
			op.Access = gen.Require(gen.Requirement{{Scheme: "token", Scopes: []string{"a", "b"}}}, gen.Requirement{{Scheme: "other", Scopes: []string{"c"}, Roles: []string{"s"}}})
		}), []string{"without the role q"}},
		{"no scopes of a condition", weak(func(op *gen.Operation) { op.Require = []gen.Condition{op.Require[0], {ACR: op.Require[1].ACR}} }), []string{"without the scope d"}},
		{"no role", weak(func(op *gen.Operation) { op.Require = op.Require[1:] }), []string{"without a role", "without the claim tenant"}},
		{"no look at the query", weak(func(op *gen.Operation) { op.ID = careless }), []string{"another parameter that nobody named"}},
		{"no max-age", weak(func(op *gen.Operation) {
			op.Require = []gen.Condition{op.Require[0], {ACR: op.Require[1].ACR, Scopes: op.Require[1].Scopes}}
		}), []string{"too long ago", "of the future", "as text", "without the time", "as a list", "before there were dates"}},
		{"no acr", weak(func(op *gen.Operation) { op.Require = op.Require[:1] }), []string{"weaker"}},
	} {
		c, err := newCredentials(all)
		if err != nil {
			t.Fatal(err)
		}
		server, err := tt.make(c)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var found notes
		a := attacker{t: &found, server: server, credentials: c, op: operations()[0], tally: new(tally)}
		a.attack()
		report := strings.Join(found.errors, "\n")
		for _, want := range tt.want {
			if !strings.Contains(report, want) {
				t.Errorf("%s: nothing is said of %q:\n%s", tt.name, want, report)
			}
		}
	}
}

// TestAlgorithms: there are keys for every algorithm that a policy may name.
func TestAlgorithms(t *testing.T) {
	for _, algorithm := range []string{"RS256", "PS384", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "HS512"} {
		p := token
		p.Algorithms = []string{algorithm}
		Run(t, Target{
			Schemes:    []Scheme{{Name: "token", JWT: &p}},
			Operations: []Operation{{Operation: &gen.Operation{ID: algorithm, Method: "GET", Path: "/x", Access: gen.Require(gen.Requirement{{Scheme: "token"}})}, Target: "/x", Complete: true}},
			New: func(c *Credentials) (http.Handler, error) {
				b := gen.New(gen.Setup{Title: "test", Config: c.Config()})
				b.Scheme("token", func(t *principal.Table) (auth.Authenticator, error) { return jwt.New(p, c.Keys("token"), t) })
				gen.Mount(b, &gen.Operation{ID: algorithm, Method: "GET", Path: "/x", Access: gen.Require(gen.Requirement{{Scheme: "token"}})},
					gen.Steps[*request, gen.Empty]{
						New: func(*gen.Call) *request { return new(request) },
						Params: func(c *gen.Call, _ *request) {
							for p := c.Params(); p.NextQuery(); {
								p.Unknown(c.Unknown())
							}
						},
						Call:   gen.NoResult(func(context.Context, *request) error { return runtime.ErrNotImplemented }),
						Encode: func(c *gen.Call, _ gen.Empty) { c.ReplyEmpty(204) },
					})
				return b.Server()
			},
		})
	}
}

// TestFindsWriters: a server that lets everybody set what only some may does not pass, nor
// one that lets nobody.
func TestFindsWriters(t *testing.T) {
	access := gen.Require(gen.Requirement{{Scheme: "other", Scopes: []string{"a"}}})
	op := Operation{
		Operation: &gen.Operation{ID: "x", Method: "PUT", Path: "/x", Access: access}, Target: "/x", Complete: true, Body: "{}", ContentType: "application/json",
		Writers: []gen.Lift{{Roles: []string{"r"}}},
		Guarded: []Guarded{{Member: "/m", Body: `{"m":1}`, Writers: []gen.Lift{{Scopes: []string{"w"}}}}},
	}
	for _, tt := range []struct {
		name   string
		status func(roles, scopes []string, member bool) int
		want   string
	}{
		{"right", func(roles, scopes []string, member bool) int {
			if !slices.Contains(roles, "r") || member && !slices.Contains(scopes, "w") {
				return 403
			}
			return 501
		}, ""},
		{"open", func([]string, []string, bool) int { return 501 }, "setting /m without being allowed"},
		{"closed", func(_, _ []string, member bool) int {
			if member {
				return 403
			}
			return 501
		}, "setting /m as one who may"},
	} {
		c, err := newCredentials([]Scheme{{Name: "other"}})
		if err != nil {
			t.Fatal(err)
		}
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p, err := c.foreign["other"].Authenticate(r)
			if err != nil {
				w.WriteHeader(401)
				return
			}
			body, _ := io.ReadAll(r.Body)
			w.WriteHeader(tt.status(p.Roles, p.Scopes, strings.Contains(string(body), "m")))
		})
		var found notes
		a := attacker{t: &found, server: server, credentials: c, op: op}
		alt, who, ok := granted(access.Alternatives()[0], Caller{Subject: "s"}, op.Writers)
		if !ok {
			t.Fatal("nobody may set anything")
		}
		a.writers(alt, who, true)
		if report := strings.Join(found.errors, "\n"); tt.want == "" && report != "" || !strings.Contains(report, tt.want) {
			t.Errorf("%s: want %q in the report:\n%s", tt.name, tt.want, report)
		}
	}
}
