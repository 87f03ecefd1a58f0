package policy

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// maxRole bounds the name of a role in bytes: no API key holds a longer one.
const maxRole = 255

// need reads one scheme of a requirement, with its names.
func (r *reader) need(m *load.Member) (Need, bool) {
	scheme := r.byName[m.Key]
	if scheme == nil {
		if scheme = r.undeclaredScheme(m); scheme == nil {
			return Need{}, false
		}
	}
	need := Need{Scheme: scheme}
	roles := r.namesRoles(scheme)
	what := "scopes"
	if roles {
		what = "roles"
	}
	if m.Value.Kind != load.Array {
		r.diags.Errorf(m.Value.Pos, rules.Security, "the %s of %s are no list", what, short(m.Key))
		return need, false
	}
	r.noPlaceholders(m.Value, "the "+what+" of "+short(m.Key))
	for _, item := range m.Value.Items {
		name, ok := item.Str()
		switch {
		case roles && ok && isRole(name):
			need.Roles = append(need.Roles, name)
		case roles:
			r.diags.Errorf(item.Pos, rules.Security, "a role is a string of 1 to %d bytes without spaces around it, not %s", maxRole, describe(item))
			return need, false
		case ok && isScope(name):
			r.undeclared(scheme, name, item)
			need.Scopes = append(need.Scopes, name)
		default:
			r.diags.Errorf(item.Pos, rules.Security, "a scope is a string of visible ASCII without spaces, quotes and backslashes (RFC 6749, 3.3), not %s", describe(item))
			return need, false
		}
	}
	if !roles && len(need.Scopes) > 0 {
		r.ambiguous(scheme, m)
	}
	r.lonely(need, m.Value.Pos)
	return need, true
}

// namesRoles reports whether the names in requirements of a scheme are roles: x-bailey-names says so. They are scopes
// otherwise. OpenAPI 3.1 calls them roles where the scheme's type knows no scopes, and the published documents that have such names
// mean scopes.
func (r *reader) namesRoles(s *Scheme) bool { return s.Names == "roles" }

// knowsScopes reports whether OpenAPI gives the scheme's type scopes.
func (s *Scheme) knowsScopes() bool { return s.Type == "oauth2" || s.Type == "openIdConnect" }

// ambiguous warns, once for each scheme, of names that the document could mean as roles.
func (r *reader) ambiguous(s *Scheme, m *load.Member) {
	if s.Type == "" || s.knowsScopes() || s.Names != "" || r.warned[s] {
		return
	}
	r.warned[s] = true
	why := "are asked for as scopes, which OpenAPI 3.1 calls roles"
	if r.doc.Version == "3.0" {
		why = "mean nothing before OpenAPI 3.1: they are asked for as scopes"
	}
	r.warn(m.Value.Pos, rules.RequirementNames, fmt.Sprintf("names in the requirements of %s, %s, %s", short(s.Name), s.kind(), why),
		"write x-bailey-names: scopes on the scheme, or x-bailey-names: roles")
}

// undeclared warns of a scope that an oauth2 scheme does not list, though it lists some: it
// is asked for all the same, and likely nobody ever has it.
func (r *reader) undeclared(s *Scheme, scope string, at *load.Node) {
	if len(s.Declared) == 0 || slices.Contains(s.Declared, scope) {
		return
	}
	advice := "list it under the scopes of its flows"
	if best := spell.Like(scope, s.Declared); best != "" {
		advice = "did you mean " + short(best) + "?"
	}
	r.diags.Add(diag.Diagnostic{
		Pos: at.Pos, Severity: diag.Warning, Rule: rules.UndeclaredScope, Message: fmt.Sprintf("the security scheme %s does not list the scope %s", short(s.Name), short(scope)), Advice: advice,
	})
}
