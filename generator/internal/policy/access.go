package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// requirements is a `security` list that has been read.
type requirements struct {
	list []Requirement
	// callers is set when some alternative needs a scheme: the list asks for a caller.
	callers bool
	bad     bool // something in it could not be read, and is reported
}

// newOperation is what an operation costs beside its requirements.
const newOperation = 16

// access decides who may call an operation: what is written on it, else on its path,
// else for the document.
func (r *reader) access(o *Operation, op, path *load.Node) {
	defer func() {
		steps := newOperation
		for _, q := range o.Requirements {
			steps += 1 + len(q)
		}
		r.doc.Cost.Spend(cost.Policy, steps, op.Pos)
	}()
	own := r.security(op.Get("security"))
	if v := path.Get("security"); v != nil {
		r.diags.Warnf(v.KeyPos(), rules.SecurityPlace, "security means nothing on a path: OpenAPI has it on operations and on the document")
	}
	public, _ := at[*Public](r, op, "public")
	switch onPath, _ := at[*Public](r, path, "public"); {
	case op.Get(prefix+"public") != nil:
		if own != nil && own.callers {
			r.fail(op.KeyPosOf(prefix+"public"), rules.PolicyConflict,
				fmt.Sprintf("%s is public, and has security beside that (%s)", o.name(), op.KeyPosOf("security")), "keep one of them")
		}
		o.Public = public
		return
	case own != nil && (own.callers || own.bad):
		o.Requirements = own.list
		return
	case path.Get(prefix+"public") != nil:
		o.Public = onPath
		return
	}
	if own == nil {
		own = r.security(r.doc.Root.Get("security"))
	}
	if own != nil && (own.callers || own.bad) {
		o.Requirements = own.list
		return
	}
	r.noSecurity(o, op, own)
}

// noSecurity is the end of an operation for which nobody said who may call it.
func (r *reader) noSecurity(o *Operation, op *load.Node, found *requirements) {
	if o.Skip != nil || op.Get(prefix+"skip") != nil {
		return
	}
	if r.allowPublic != "" {
		r.allowed++
		o.Public = &Public{Pos: op.KeyPos(), Reason: r.allowPublic}
		return
	}
	why := "has no security"
	if found != nil && len(found.list) > 0 {
		why = "asks for no caller in its security"
	}
	r.fail(op.KeyPos(), rules.NoSecurity, fmt.Sprintf("%s %s: anybody could call it", o.name(), why),
		"write security, or x-bailey-public: REASON (for a whole document without security: --allow-public REASON)")
}

// security reads a list of requirements, once; nil where there is none.
func (r *reader) security(n *load.Node) *requirements {
	if n == nil {
		return nil
	}
	if q := r.required[n]; q != nil {
		return q
	}
	q := &requirements{}
	r.required[n] = q
	if n.Kind != load.Array {
		q.bad = true
		r.diags.Errorf(n.Pos, rules.Security, "security is a list of requirements")
		return q
	}
	for _, item := range n.Items {
		if item.Kind != load.Object {
			q.bad = true
			r.diags.Errorf(item.Pos, rules.Security, "a security requirement is an object with the names of schemes")
			continue
		}
		alternative := Requirement{}
		for i := range item.Members {
			need, ok := r.need(&item.Members[i])
			if !ok {
				q.bad = true
				continue
			}
			alternative = append(alternative, need)
		}
		q.callers = q.callers || len(item.Members) > 0
		// The caller is the first scheme's, and no client is the caller where somebody else is named.
		slices.SortStableFunc(alternative, func(a, b Need) int { return order(a.Scheme.Client) - order(b.Scheme.Client) })
		r.severalSubjects(alternative, item)
		if len(alternative) == len(item.Members) {
			q.list = append(q.list, alternative)
		}
	}
	return q
}

// order sorts false before true.
func order(b bool) int {
	if b {
		return 1
	}
	return 0
}

// undeclaredScheme is a scheme that a requirement names and nothing declares. Nobody gets in for
// that: like every scheme without a policy of ours it is a field of Config, and the server
// does not start without an authenticator in it. A name that is much like a declared one is
// a mistake.
func (r *reader) undeclaredScheme(m *load.Member) *Scheme {
	names := make([]string, len(r.set.Schemes))
	for i, s := range r.set.Schemes {
		names[i] = s.Name
	}
	if best := spell.Like(m.Key, names); best != "" {
		r.fail(m.Pos, rules.UnknownScheme, fmt.Sprintf("there is no security scheme %s", short(m.Key)), "did you mean "+short(best)+"?")
		return nil
	}
	if m.Key == "" {
		r.fail(m.Pos, rules.UnknownScheme, "there is no security scheme without a name", "declare one under components.securitySchemes")
		return nil
	}
	r.diags.Warnf(m.Pos, rules.UndeclaredScheme, "no security scheme %s is declared: the server needs an authenticator for it in its Config", short(m.Key))
	s := &Scheme{Name: m.Key, Pos: m.Pos}
	r.set.Schemes = append(r.set.Schemes, s)
	r.byName[s.Name] = s
	return s
}

// isRole reports whether s can be the name of a role, which may be of any characters.
func isRole(s string) bool { return s == strings.TrimSpace(s) && s != "" && len(s) <= maxRole }

// isScope reports whether s is a scope-token.
func isScope(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c <= ' ' || c > '~' || c == '"' || c == '\\'
	}) < 0
}

// anonymous reports whether callers without any credential are let in.
func (o *Operation) anonymous() bool {
	if o.Public != nil {
		return true
	}
	for _, alternative := range o.Requirements {
		if len(alternative) == 0 {
			return true
		}
	}
	return false
}

// allowedPublic warns once of all operations that are open for --allow-public alone.
func (r *reader) allowedPublic() {
	if r.allowed == 0 {
		return
	}
	r.diags.Warnf(diag.Pos{File: r.doc.Root.Pos.File}, rules.AllowPublic, "operations without security, which anybody can call: %d (%s)", r.allowed, r.allowPublic)
}
