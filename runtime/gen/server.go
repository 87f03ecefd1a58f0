package gen

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/internal/redact"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Setup is what generated code hands to New.
type Setup struct {
	Title  string
	Config runtime.Config
	Lifts  []Lift
	// Writers are the callers who may set guarded members, by the guard's number.
	Writers []Lift
	// MaskKey is the secret of masks of the kind hash, where NeedsMaskKey is set.
	MaskKey      []byte
	NeedsMaskKey bool
	// Rates are the document's own rate limits, each of DocumentScope. Operations name those that
	// count them; requests that match no operation are counted by those that count by address.
	Rates []Rate
	// Refusals are the shape of refusals that no operation declares.
	Refusals Refusals
	// Nils are the fields of the configuration that hold a nil: the server does not start. See the
	// function Nils.
	Nils []string
	// Settings are the members of policies that the document leaves to Config.
	Settings []Setting
	// Given points to the generated package's Config, which has the values of Settings. The path of its package names the
	// API in a Limiter that several share.
	Given any
}

// Builder collects the operations and schemes of a server.
type Builder struct {
	setup   Setup
	ops     []*mounted
	schemes []scheme
	buckets map[string]Rate // by the name of the bucket: its rule
	errs    []error
	space   string              // begins the names of buckets
	texts   map[string][]string // the values of settings, by field of Config
	numbers map[string]int64    // those of limits
	unset   map[string]bool     // schemes with a setting that is missing or breaks a rule
}

type scheme struct {
	name  string
	given bool // by Config: whoever made it closes it
	make  func(*principal.Table) (auth.Authenticator, error)
}

// mounted is one operation, compiled.
type mounted struct {
	op        *Operation
	server    *Server
	named     runtime.Operation // op, for Config.Around and Config.Observe
	pattern   string            // for http.Request.Pattern
	uuid      bool              // ids of requests are UUIDs
	run       func(*Call)
	fail      func(*Call, error) bool // sends a declared error response
	hooks     Hook
	document  []rate   // by address, of the whole API
	byAddress []rate   // of the path and the operation
	byCaller  []rate   // of all three
	policy    []string // the RateLimit-Policy field, ready to be sent
	access    []requirement
	public    bool
	anonymous bool // an alternative asks for no credential
	require   []condition
	owners    []owner
	consumes  []media
	produces  []media
	places    []int  // of the path's parameters, where a name stands twice: see places
	takes     string // consumes, as a sentence
	offers    string // produces, as a sentence
	tooLong   string // the limit of the body, as a sentence
	gzip      bool
	limits    Limits
	ends      *ending   // of a deprecated operation, or nil
	detect    time.Time // until when rate limits are recorded and not enforced; the zero value: never
}

type requirement []need

type need struct {
	scheme        int
	scopes, roles principal.Set
	names         []string // of the scopes
	client        bool     // see Need.Client
}

// New begins a server.
func New(s Setup) *Builder {
	found := append(Nils(&s.Config), s.Nils...)
	b := &Builder{setup: s}
	for _, what := range found {
		b.fail("%s", what)
	}
	b.settings()
	b.space = space(s)
	return b
}

// Report returns a function that logs, as an error of the scheme, that its keys could not
// be read or fetched again: the last good ones stay in force for a while only.
func (b *Builder) Report(scheme string) func(error) {
	return func(err error) {
		log := b.setup.Config.Log
		if log == nil {
			log = slog.Default()
		}
		log.LogAttrs(context.Background(), slog.LevelError, "keys cannot be refreshed", slog.String("scheme", scheme), slog.String("error", redact.Clean(redact.Passwords(err.Error()), maxErrorText)))
	}
}

// Scheme adds a security scheme; make is called once, when all scopes are known.
func (b *Builder) Scheme(name string, make func(*principal.Table) (auth.Authenticator, error)) {
	b.schemes = append(b.schemes, scheme{name: name, make: make})
}

// Given adds a security scheme whose authenticator Config has. The server does not close it.
func (b *Builder) Given(name string, a auth.Authenticator) {
	b.schemes = append(b.schemes, scheme{name: name, given: true, make: func(*principal.Table) (auth.Authenticator, error) { return a, nil }})
}

// Server serves the operations. It is an http.Handler, immutable until it is closed, and safe for
// concurrent use.
type Server struct {
	config  runtime.Config
	router  router
	events  event.Sink
	summary *event.Summary // events, where Config has none
	log     *slog.Logger
	names   []byte // the secret of pseudonyms
	limiter limit.Store
	// unmatched are the rate limits of requests that match no operation, policy their
	// RateLimit-Policy field.
	unmatched []rate
	policy    []string
	schemes   []namedAuthenticator
	refusals  Refusals
	table     *principal.Table
	origins   *http.CrossOriginProtection
	lifts     []lift
	writers   []lift
	ids       ids
	token     int // how long the tokens of its schemes may be, in bytes
	closed    atomic.Bool
	outages   outages
	pool      sync.Pool
	spoolDir  string
	ledger    *inflight.Ledger
	bounds    inflight.Bounds
	hash      func(string) string
	digest    string // see PolicyDigest
	now       func() time.Time
	since     func(time.Time) time.Duration
}

type namedAuthenticator struct {
	name   string
	auth   auth.Authenticator
	made   bool                    // for this server, which closes it
	timed  auth.TimedAuthenticator // auth, if it can do with the pipeline's clock
	nonces auth.Noncer             // auth, if it may have a nonce for the answer
	leeway time.Duration           // between its issuer's clock and this machine's
}

type lift struct {
	scopes, roles principal.Set
	owner         bool
}

// FlushEvents writes the counts of events that [Config].EventLimits keeps back until their minute
// ends. Package harden calls it when its server stops; call it before the program ends otherwise.
func (s *Server) FlushEvents() {
	if s.summary != nil {
		s.summary.Flush()
	}
}

// headerRoom is what a request's header may take beside a token, in bytes.
const headerRoom = 8 << 10

// HeaderBytes is the least bound on a request's header with which the tokens that the server takes reach it: that of
// an http.Server, and of every proxy before it. Package harden reads it.
func (s *Server) HeaderBytes() int { return s.token + headerRoom }

// Server builds the server, or reports everything that is wrong at once, by name.
func (b *Builder) Server() (*Server, error) {
	s := &Server{config: b.setup.Config, log: b.setup.Config.Log, events: b.setup.Config.Events, limiter: b.setup.Config.Limiter, refusals: b.setup.Refusals}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.events == nil {
		s.summary = event.Summarize(event.Slog(s.log), s.config.EventLimits)
		s.events = s.summary
	}
	s.now = b.setup.Config.Clock
	s.since = func(start time.Time) time.Duration { return s.now().Sub(start) }
	if s.now == nil {
		s.now, s.since = time.Now, time.Since // the latter looks at one clock instead of two
	}
	if s.config.TrustRequestID && len(s.config.TrustedProxies) == 0 {
		b.fail("Config.TrustRequestID takes ids from Config.TrustedProxies, which is empty")
	}
	if s.config.ErrorText > runtime.ErrorTextOff {
		b.fail("Config.ErrorText is %d; it can be ErrorTextFull, ErrorTextType or ErrorTextOff", s.config.ErrorText)
	}
	if s.limiter == nil {
		m, err := limit.NewMemory(limit.Config{})
		if err != nil {
			return nil, err
		}
		s.limiter = m
	}
	if err := s.ids.seed(); err != nil {
		return nil, err
	}
	b.pseudonyms(s)
	s.origins = http.NewCrossOriginProtection()
	for _, o := range s.config.TrustedOrigins {
		if err := s.origins.AddTrustedOrigin(o); err != nil {
			b.fail("Config.TrustedOrigins: %w", err)
		}
	}
	b.spools(s)
	b.table(s)
	b.authenticators(s)
	b.lifts(s)
	b.documentRates(s)
	for _, m := range b.ops {
		b.mount(s, m)
	}
	b.bounds(s)
	if len(b.ops) == 0 {
		b.fail("there is no operation to serve")
	}
	if err := errors.Join(b.errs...); err != nil {
		_ = s.Close() // what some schemes have begun already
		return nil, fmt.Errorf("%s: the server cannot start:\n%w", b.setup.Title, err)
	}
	b.announce(s)
	s.pool.New = func() any { return &Call{server: s} }
	s.announce()
	return s, nil
}

// announce records what the configuration weakens.
func (s *Server) announce() {
	for _, scheme := range s.schemes {
		if a, ok := scheme.auth.(auth.Relaxed); ok {
			issuer, rules := a.Relaxed()
			for _, rule := range rules {
				s.events.Record(context.Background(), &event.Event{Name: event.Startup, Rule: rule, Scheme: scheme.name, Issuer: issuer})
			}
		}
	}
}

func (b *Builder) fail(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf(format, args...))
}

// table collects every scope and role that some policy names.
func (b *Builder) table(s *Server) {
	var scopes, roles []string
	for _, m := range b.ops {
		for _, alt := range m.op.Access.alternatives {
			for _, n := range alt {
				scopes, roles = append(scopes, n.Scopes...), append(roles, n.Roles...)
			}
		}
		scopes, roles = lifted(m.op.Owner, scopes, roles)
		for _, r := range m.op.Require {
			scopes, roles = append(scopes, r.Scopes...), append(roles, r.Roles...)
		}
	}
	for _, list := range [][]Lift{b.setup.Lifts, b.setup.Writers} {
		for _, l := range list {
			scopes = append(scopes, l.Scopes...)
			roles = append(roles, l.Roles...)
		}
	}
	slices.Sort(scopes)
	slices.Sort(roles)
	s.table = principal.NewTable(slices.Compact(scopes), slices.Compact(roles))
}

func (b *Builder) authenticators(s *Server) {
	for _, sc := range b.schemes {
		if b.unset[sc.name] { // which is reported
			s.schemes = append(s.schemes, namedAuthenticator{name: sc.name})
			continue
		}
		a, err := sc.make(s.table)
		switch {
		case err != nil:
			b.fail("security scheme %s: %w", sc.name, err)
			a = nil // and not a nil pointer of the authenticator's type
		case !There(a):
			a = nil
			b.fail("security scheme %s: Config has no authenticator for it", sc.name)
		}
		timed, _ := a.(auth.TimedAuthenticator)
		nonces, _ := a.(auth.Noncer)
		leeway := auth.DefaultLeeway
		if l, ok := a.(auth.Lenient); ok {
			leeway = l.Leeway()
		}
		if t, ok := a.(interface{ TokenBytes() int }); ok {
			s.token = max(s.token, t.TokenBytes())
		}
		s.schemes = append(s.schemes, namedAuthenticator{sc.name, a, !sc.given, timed, nonces, leeway})
	}
}

func (b *Builder) lifts(s *Server) {
	if len(b.setup.Lifts) > 64 {
		b.fail("%d sets of callers see masked values in clear; 64 is the limit", len(b.setup.Lifts))
	}
	if len(b.setup.Writers) > 64 {
		b.fail("%d sets of callers may set guarded members; 64 is the limit", len(b.setup.Writers))
	}
	compile := func(list []Lift) (out []lift) {
		for _, l := range list {
			scopes, _ := s.table.Scopes(l.Scopes...)
			roles, _ := s.table.Roles(l.Roles...)
			out = append(out, lift{scopes, roles, l.Owner})
		}
		return out
	}
	s.lifts, s.writers = compile(b.setup.Lifts), compile(b.setup.Writers)
	if b.setup.NeedsMaskKey {
		if err := mask.CheckHashKey(b.setup.MaskKey); err != nil {
			b.fail("Config.MaskKey: %w", err)
			return
		}
		key := slices.Clone(b.setup.MaskKey)
		s.hash = func(clear string) string { return mask.Hash(key, clear) }
	}
}

// mount compiles one operation.
func (b *Builder) mount(s *Server, m *mounted) {
	op := m.op
	m.server, m.pattern = s, op.Method+" "+op.Path
	m.uuid = slices.ContainsFunc(op.Echo, func(e Echo) bool { return e.UUID })
	m.named = runtime.Operation{ID: op.ID, Method: op.Method, Path: op.Path, At: op.At}
	at := op.ID
	if op.At != "" {
		at += " (" + op.At + ")"
	}
	m.public = op.Access.public
	if !m.public && len(op.Access.alternatives) == 0 {
		b.fail("%s: there is no access rule", at)
	}
	for _, alt := range op.Access.alternatives {
		if len(alt) == 0 {
			m.anonymous = true
			continue
		}
		m.access = append(m.access, b.requirement(s, at, alt))
	}
	if m.hooks != op.Authorize&^AuthorizeHide {
		b.fail("%s: the operation and its authoriser do not agree", at)
	}
	b.conditions(s, m, at)
	for _, r := range op.Rate {
		b.rate(m, at, r)
	}
	b.owners(s, m, at, op.Owner)
	for _, c := range op.Consumes {
		media := newMedia(c)
		media.stream = media.stream || slices.Contains(op.Streamed, c)
		m.consumes = append(m.consumes, media)
	}
	for _, p := range op.Produces {
		m.produces = append(m.produces, newMedia(p))
	}
	tellApart(m.consumes)
	tellApart(m.produces)
	m.takes = "the body can be " + strings.Join(op.Consumes, ", ")
	m.offers = "the answer can be " + strings.Join(op.Produces, ", ")
	for _, e := range op.Encodings {
		if m.gzip = e == "gzip"; !m.gzip {
			b.fail("%s: the content coding %q is not supported", at, e)
		}
	}
	m.ends = b.ending(at, op.Deprecation)
	m.limits = op.Limits
	b.limited(&m.limits, at, op.Settings)
	b.detects(m, at)
	if m.limits.Body <= 0 {
		m.limits.Body = DefaultBody
	}
	m.tooLong = "the body can have " + strconv.FormatInt(m.limits.Body, 10) + " bytes"
	if m.limits.Inflated <= 0 {
		m.limits.Inflated = m.limits.Body
	}
	if m.limits.Parts <= 0 {
		m.limits.Parts = DefaultParts
	}
	if m.limits.Fields <= 0 {
		m.limits.Fields = DefaultFields
	}
	if m.limits.Item <= 0 {
		m.limits.Item = DefaultItem
	}
	if m.limits.Memory <= 0 {
		m.limits.Memory = DefaultMemory
	}
	if m.limits.Timeout <= 0 {
		m.limits.Timeout = DefaultTimeout
	}
	if err := s.router.add(m); err != nil {
		b.errs = append(b.errs, err)
	}
}

func (b *Builder) requirement(s *Server, at string, alt Requirement) requirement {
	var out requirement
	for _, n := range alt {
		i := slices.IndexFunc(b.schemes, func(sc scheme) bool { return sc.name == n.Scheme })
		if i < 0 {
			b.fail("%s: there is no security scheme %s", at, n.Scheme)
			continue
		}
		scopes, ok := s.table.Scopes(n.Scopes...)
		if !ok {
			b.fail("%s: a scope is not known", at)
		}
		roles, ok := s.table.Roles(n.Roles...)
		if !ok {
			b.fail("%s: a role is not known", at)
		}
		out = append(out, need{i, scopes, roles, n.Scopes, n.Client})
	}
	return out
}
