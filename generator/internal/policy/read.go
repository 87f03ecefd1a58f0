package policy

import (
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Read reads every x-bailey- key of the document and the security that it declares.
// The list holds all that was found, sorted. With errors in it, the set is there but
// not to be generated from: it can lack what could not be read.
func Read(doc *load.Document, o Options) (*Set, diag.List) {
	r := newReader(doc, o)
	switch o.Unknown {
	case "", "refuse":
	case "drop":
		r.unknown = UnknownDrop
	default:
		r.diags.Errorf(diag.Pos{File: doc.Root.Pos.File}, rules.PolicyValue, "unknown members can be refused or dropped, not %q", o.Unknown)
	}
	switch o.ReadOnly {
	case "", "refuse":
	case "drop":
		r.dropReadOnly = true
	default:
		r.diags.Errorf(diag.Pos{File: doc.Root.Pos.File}, rules.PolicyValue, "members that are readOnly can be refused or dropped, not %q", o.ReadOnly)
	}
	r.walk()
	r.schemes()
	r.operations()
	r.documentRates()
	r.schemas()
	r.diags.Sort()
	return r.set, r.diags
}

// reader is one run of Read.
type reader struct {
	doc     *load.Document
	set     *Set
	diags   diag.List
	table   map[string]*key // by full name
	values  map[*load.Node]any
	unknown Unknown
	today   time.Time
	// dropReadOnly is what operations have that inherit no x-bailey-read-only.
	dropReadOnly bool

	allowPublic string
	allowed     int // operations that are public for that reason alone

	// What the walk found: the nodes of schemas and parameters with keys of ours, in
	// the order of finding.
	annotated []*load.Node
	noted     map[*load.Node]bool
	shaped    map[*load.Node]bool // nodes with x-bailey-errors

	byName   map[string]*Scheme
	required map[*load.Node]*requirements
	warned   map[*Scheme]bool // that its requirements name what means nothing
	together map[string]bool  // sets of schemes of which severalSubjects has warned

	dated   map[*load.Node]bool // holders of x-bailey-deprecation: whether a deprecated operation has it
	undated []diag.Pos          // deprecated operations without it
}

func newReader(doc *load.Document, o Options) *reader {
	r := &reader{
		doc:         doc,
		set:         &Set{Operations: map[*load.Node]*Operation{}, Schemas: map[*load.Node]*Schema{}, Errors: map[*load.Node]*Errors{}},
		table:       map[string]*key{},
		values:      map[*load.Node]any{},
		allowPublic: strings.TrimSpace(o.AllowPublic),
		noted:       map[*load.Node]bool{},
		shaped:      map[*load.Node]bool{},
		byName:      map[string]*Scheme{},
		required:    map[*load.Node]*requirements{},
		warned:      map[*Scheme]bool{},
		together:    map[string]bool{},
		dated:       map[*load.Node]bool{},
		today:       o.Today,
	}
	if r.today.IsZero() {
		r.today = time.Now()
	}
	r.today = r.today.UTC().Truncate(24 * time.Hour)
	for _, k := range keys() {
		r.table[k.full()] = &k
	}
	return r
}

// at is the value that the walk read of a key that stands on n, if one stands there
// and could be read.
func at[T any](r *reader, n *load.Node, name string) (T, bool) {
	v, ok := r.values[n.Get(prefix+name)].(T)
	return v, ok
}

// nearest is the value of a key on the first of the levels that has it. A value that
// could not be read hides those of farther levels.
func nearest[T any](r *reader, name string, levels ...*load.Node) (v T, holder *load.Node) {
	for _, n := range levels {
		if n.Get(prefix+name) != nil {
			v, _ = at[T](r, n, name)
			return v, n
		}
	}
	return v, nil
}

// fail adds an error with advice.
func (r *reader) fail(pos diag.Pos, rule rules.Rule, message, advice string) {
	r.diags.Add(diag.Diagnostic{Pos: pos, Rule: rule, Message: message, Advice: advice})
}

func (r *reader) warn(pos diag.Pos, rule rules.Rule, message, advice string) {
	r.diags.Add(diag.Diagnostic{Pos: pos, Severity: diag.Warning, Rule: rule, Message: message, Advice: advice})
}

// schemas makes the entries of Set.Schemas.
func (r *reader) schemas() {
	for _, n := range r.annotated {
		s := &Schema{}
		s.Mask, _ = at[*Mask](r, n, "mask")
		s.Writers, _ = at[*Writers](r, n, "writable-by")
		r.contradicts(n, s.Writers)
		s.Data, _ = at[*Data](r, n, "data")
		s.GoName, _ = at[string](r, n, "go-name")
		if u, ok := at[Unknown](r, n, "unknown"); ok {
			s.Unknown = &u
		}
		if s.Data != nil && sensitive(s.Data.Class) && n.Get(prefix+"mask") == nil && r.resolve(n).Get(prefix+"mask") == nil {
			s.Mask = &Mask{Pos: s.Data.Pos, How: "redact", Class: s.Data.Class}
		}
		r.set.Schemas[n] = s
	}
}
