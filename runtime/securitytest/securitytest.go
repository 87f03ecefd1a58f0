// Package securitytest proves the access rules of a generated server: from its own table of
// policies it forges credentials that are wrong in one way each, sends them to every
// operation, and wants each refused; and it wants the right ones let through.
//
// Generated tests call [Run] with a server whose handler does nothing, so that what
// answers 501 has passed every stage. Only tests import this package.
package securitytest

import (
	"crypto/tls"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/mtls"
	"github.com/bailey-go/bailey/runtime/gen"
)

// Target is the server under attack.
type Target struct {
	// New makes the server; Config gets its keys and stores from c.
	New        func(c *Credentials) (http.Handler, error)
	Schemes    []Scheme
	Operations []Operation
}

// Scheme is a security scheme with its policy; one without either is somebody else's,
// for which the credentials make an authenticator.
type Scheme struct {
	Name  string
	JWT   *jwt.Policy
	Key   *apikey.Policy
	Asked *introspect.Policy
	Basic bool
	MTLS  *mtls.Policy
	// Tenant is one of the tenants of JWT's issuer, where it has several.
	Tenant string
	// Session is the cookie of a scheme of sessions.
	Session string
}

// Operation is one operation with a request that meets its description.
type Operation struct {
	*gen.Operation
	// Target is the path and query; Header are the fields that it needs.
	Target      string
	Header      map[string]string
	ContentType string
	Body        string
	// Complete says that the request passes all checks, so that a caller who may reaches
	// the handler. Without, such a caller has only to pass authentication and authorisation.
	Complete bool
	// Owners are the values that the owner rules compare, by rule, groups not counted; "" where
	// not known.
	Owners []string
	// Writers are those of the guarded members in Body: the caller must be in each of them.
	Writers []gen.Lift
	// Guarded are bodies with one guarded member more.
	Guarded []Guarded
	// Wrong are requests that the description refuses.
	Wrong []Wrong
	// Long are bodies of many small items.
	Long []Long
	// OpenQuery says that some parameter takes members of any name from the query.
	OpenQuery bool
}

// Run attacks every operation.
func Run(t *testing.T, target Target) {
	t.Helper()
	c, err := newCredentials(target.Schemes)
	if err != nil {
		t.Fatal(err)
	}
	server, err := target.New(c)
	if err != nil {
		t.Fatalf("the server does not start: %v", err)
	}
	if len(target.Operations) == 0 {
		t.Fatal("there is no operation to attack")
	}
	operations, left, err := withoutLong(target.Operations, os.Getenv(envLong))
	if err != nil {
		t.Fatal(err)
	}
	var all tally
	examples := published(t)
	for _, op := range operations {
		t.Run(op.ID, func(t *testing.T) {
			a := attacker{t: t, server: server, credentials: c, op: op, tally: &all, published: examples}
			a.attack()
			if !op.Complete {
				t.Logf("NOT TRIED: the operation with a request that meets its description, for none is known")
			}
		})
	}
	t.Logf("%d reached the handler", all.reached)
	t.Logf("%d wrong requests refused", all.wrong)
	if examples != nil {
		t.Logf("%d published examples", all.examples)
		t.Logf("at most %d steps for a published example, beyond those of its bytes", all.base)
	}
	if left > 0 {
		t.Logf("%d operations without their long bodies", left)
	}
	if all.long > 0 {
		t.Logf("%d long bodies", all.long)
		t.Logf("%d long bodies too large", all.tooLong)
		t.Logf("at most %.1f bytes allocated for each byte of a long body, beyond the allowance", all.worst)
		t.Logf("at most %.1f steps for each byte of a long body", all.steps)
		if all.times > 0 {
			t.Logf("at most %.1f times the processor time of json.Valid for a long body", all.times)
		}
	}
}

// tally counts what was tried.
type tally struct {
	reached int // operations that let a good request through
	wrong   int // requests that were refused since they were wrong
	// examples are the published ones, and base the most steps that one took beyond those of its bytes.
	examples int
	base     int64
	long     int     // bodies that were as long as they may be
	tooLong  int     // of these, refused with 413
	worst    float64 // bytes allocated for each byte of one, beyond the allowance
	steps    float64 // the most steps for each byte of one
	times    float64 // the most processor time of one, in multiples of json.Valid; 0 unless it is asked for
}

// reporter is what an attack needs of a test.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// attacker attacks one operation.
type attacker struct {
	t           reporter
	server      http.Handler
	credentials *Credentials
	op          Operation
	tally       *tally
	reached     bool
	measured    bool
	published   map[string][]string // by operation: see envExamples
}

func (a *attacker) attack() {
	if a.op.Access.IsPublic() {
		a.passing("a caller without credentials", nil)
		a.foreignPages(nil, true)
		return
	}
	a.strangers()
	a.others()
	for i := range a.op.Access.Alternatives() {
		a.alternative(i)
	}
}

// passing sends a request that is good; the first time, what is wrong with others after it.
func (a *attacker) passing(name string, good fields) {
	a.t.Helper()
	a.wants(name, good, a.passes)
	if !a.measured {
		a.measured = true
		a.examples(good)
		a.long(good)
	}
	if a.reached || !a.op.Complete {
		return
	}
	a.reached = true
	a.tally.reached++
	a.verdicts(good)
	a.malformed(good)
}

// anonymous reports whether some alternative asks for no credential.
func (a *attacker) anonymous() bool {
	return slices.ContainsFunc(a.op.Access.Alternatives(), func(r gen.Requirement) bool { return len(r) == 0 })
}

// strangers come without a credential, or with one that nobody gave.
func (a *attacker) strangers() {
	anonymous := a.anonymous()
	if anonymous {
		a.passing("a caller without credentials", nil)
	} else {
		a.wants("a caller without credentials", nil, is(401))
	}
	a.wants("another scheme", fields{"Authorization": {"Basic YTpi"}}, refused(anonymous))
	a.wants("two Authorization fields", fields{"Authorization": {"Bearer a", "Bearer b"}}, is(400))
}

// refused is 401, but for operations that let anonymous callers in: what is no credential
// of theirs does not count there.
func refused(anonymous bool) judge {
	if anonymous {
		return func(int) string { return "" }
	}
	return is(401)
}

// alternative attacks by one alternative of the operation's security.
func (a *attacker) alternative(i int) {
	alt := a.op.Access.Alternatives()[i]
	if len(alt) == 0 {
		return
	}
	who, owns := a.caller()
	alt, who, ok := granted(a.scoped(alt), who, a.op.Writers)
	if !ok {
		a.t.Logf("NOT TRIED: nobody may set what the request has to hold")
		return
	}
	if !a.credentials.carry(alt[0], who) {
		a.t.Logf("NOT TRIED: credentials of %s hold no claims, so no such caller can pass", schemesOf(alt))
		return
	}
	if a.credentials.twoCertificates(alt) {
		a.t.Logf("NOT TRIED: %s want one certificate in two ways", schemesOf(alt))
		return
	}
	if who, ok = a.credentials.agreed(alt, who); !ok {
		a.t.Logf("NOT TRIED: %s have no caller in common: see x-bailey-subject", schemesOf(alt))
		return
	}
	good := a.credentials.good(alt, who)
	name := schemesOf(alt)
	if owns {
		a.passing("the right credentials of "+name, good)
		a.replay(good)
	} else {
		a.t.Logf("NOT TRIED: the right credentials of %s, for no request is known to be their caller's own", name)
	}
	for k, need := range alt {
		for _, bad := range a.credentials.bad(need, who) {
			if bad.blank && a.anonymous() {
				continue // no credential at all
			}
			a.wants(bad.name+" for "+need.Scheme, with(good, bad.fields), is(401))
		}
		a.lesser(alt, k, a.op.Access.Alternatives()[i][k], who)
	}
	a.twoSubjects(alt, who)
	a.conditions(alt, who)
	a.foreigners(alt, who)
	a.writers(alt, who, owns)
	a.foreignPages(good, owns)
}

// foreignPages are requests that a browser makes for a page of another origin, with good credentials.
func (a *attacker) foreignPages(good fields, owns bool) {
	if !a.op.SameOrigin {
		return
	}
	if a.op.Method == "GET" || a.op.Method == "HEAD" || a.op.Method == "OPTIONS" { // they change nothing, and need not be a page's own
		good = with(good, fields{"Upgrade": {"websocket"}})
	}
	for _, site := range []string{"cross-site", "same-site"} {
		a.wants("a request by a page of another origin ("+site+")", with(good, fields{"Sec-Fetch-Site": {site}}), is(403))
	}
	a.wants("a request by a page of another origin (Origin)", with(good, fields{"Origin": {"https://attack.example"}}), is(403))
	a.wants("a request by a page without origin", with(good, fields{"Origin": {"null"}}), is(403))
	if owns {
		a.wants("a request by a page of the same origin", with(good, fields{"Sec-Fetch-Site": {"same-origin"}}), a.passes)
	}
}

// others come with a good credential of a scheme that the operation does not ask for.
func (a *attacker) others() {
	asked := map[string]bool{}
	for _, alt := range a.op.Access.Alternatives() {
		for _, n := range alt {
			asked[n.Scheme] = true
		}
	}
	for _, name := range a.credentials.names {
		if need := (gen.Need{Scheme: name}); !asked[name] {
			a.wants("a good credential of the scheme "+name, a.credentials.good(gen.Requirement{need}, Caller{Subject: anybody}), refused(a.anonymous()))
		}
	}
}

// conditions takes away one of the things that x-bailey-require asks for at a time.
func (a *attacker) conditions(alt gen.Requirement, who Caller) {
	for _, c := range a.op.Require {
		for _, scope := range c.Scopes {
			a.withoutScope(alt, 0, scope, who)
		}
		a.roleless(c.Roles, alt, who)
		for _, claim := range c.Claims {
			want := is(403)
			if a.credentials.declared([]string{claim.Name}) {
				want = or401(want)
			}
			a.wants("without the claim "+claim.Name, a.credentials.good(alt, who.with(claim.Name, nil)), want)
			a.wants("with another value of the claim "+claim.Name, a.credentials.good(alt, who.with(claim.Name, "another value")), want)
		}
		if len(c.ACR) > 0 {
			a.wants("with a weaker authentication", a.credentials.good(alt, who.with("acr", "0")), is(401))
		}
		if c.MaxAge > 0 {
			now := time.Now()
			for name, at := range map[string]any{
				"without the time of the authentication":         nil,
				"with an authentication that is too long ago":    now.Add(-c.MaxAge - time.Minute).Unix(),
				"with an authentication of the future":           now.Add(time.Hour).Unix(),
				"with the time of the authentication as text":    strconv.FormatInt(now.Unix(), 10),
				"with the time of the authentication as a list":  []any{now.Unix()},
				"with an authentication before there were dates": int64(math.MinInt64),
			} {
				a.wants(name, a.credentials.good(alt, who.with("auth_time", at)), is(401))
			}
		}
	}
}

// caller meets the operation's conditions and, where owns is true, its owner rules: without every value
// that they compare, nobody is known to.
func (a *attacker) caller() (who Caller, owns bool) {
	who, owns = a.owner(Caller{Subject: anybody})
	for _, c := range a.op.Require {
		if len(c.Roles) > 0 {
			who.Roles = append(slices.Clone(who.Roles), c.Roles[0])
		}
		for _, claim := range c.Claims {
			if have, ok := who.Claims[claim.Name]; ok && have != any(claim.Values[0]) {
				owns = false // one claim has one value
			}
			who = who.with(claim.Name, claim.Values[0])
		}
		if len(c.ACR) > 0 {
			who = who.with("acr", c.ACR[0])
		}
		if c.MaxAge > 0 {
			who = who.with("auth_time", time.Now().Unix())
		}
	}
	return who, owns
}

// fields are header fields of a request.
type fields map[string][]string

func with(a, b fields) fields {
	out := fields{}
	for _, f := range []fields{a, b} {
		for name, values := range f {
			if name == "Cookie" && out[name] != nil {
				values = append(otherCookies(out[name], values), values...)
			}
			out[name] = values
		}
	}
	return out
}

// otherCookies are the cookies of old whose names new does not have.
func otherCookies(old, new []string) (kept []string) {
	name := func(pair string) string {
		name, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
		return name
	}
	replaced := map[string]bool{}
	for pair := range strings.SplitSeq(strings.Join(new, ";"), ";") {
		replaced[name(pair)] = true
	}
	for pair := range strings.SplitSeq(strings.Join(old, ";"), ";") {
		if !replaced[name(pair)] {
			kept = append(kept, strings.TrimSpace(pair))
		}
	}
	return kept
}

// judge says what is wrong with a status, or "".
type judge func(status int) string

func is(want int) judge {
	return func(status int) string {
		if status != want {
			return fmt.Sprintf("want %d", want)
		}
		return ""
	}
}

// passes wants the handler reached, which answers 501, or at least no refusal of the
// caller where the request itself may be refused.
func (a *attacker) passes(status int) string {
	switch {
	case a.op.Complete && status != http.StatusNotImplemented:
		return "want the handler's 501"
	case status == 401, status == 403, status == 500, status == 503:
		return "want the caller let through"
	}
	return ""
}

// wants sends the request with the header fields, and judges the answer.
func (a *attacker) wants(name string, f fields, want judge) {
	a.t.Helper()
	if why := f[untriedField]; len(why) > 0 {
		a.t.Logf("NOT TRIED: %s: %s", name, why[0])
		return
	}
	delete(f, untriedField)
	w := httptest.NewRecorder()
	a.server.ServeHTTP(w, a.request(f))
	if wrong := want(w.Code); wrong != "" {
		body, _ := io.ReadAll(io.LimitReader(w.Result().Body, 1<<10))
		a.t.Errorf("%s: got %d, %s: %s", name, w.Code, wrong, body)
	}
}

// request is the operation's request with more header fields.
func (a *attacker) request(f fields) *http.Request {
	r := httptest.NewRequest(a.op.Method, a.op.Target, strings.NewReader(a.op.Body))
	if a.op.Body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	for k, v := range a.op.Header {
		r.Header.Set(k, v)
	}
	if a.op.ContentType != "" && a.op.Body != "" {
		r.Header.Set("Content-Type", a.op.ContentType)
	}
	for k, v := range f {
		if k == "Cookie" {
			v = append(r.Header["Cookie"], v...) // beside those that are parameters
		}
		r.Header[http.CanonicalHeaderKey(k)] = v
	}
	r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	moveQuery(r)
	a.credentials.overConnection(r)
	connect(r)
	a.credentials.prove(r)
	return r
}

func schemesOf(alt gen.Requirement) string {
	names := make([]string, len(alt))
	for i, n := range alt {
		names[i] = n.Scheme
	}
	return strings.Join(names, " and ")
}
