package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// operations makes the effective policy of each operation under paths. Webhooks and
// callbacks have none: they are not served.
func (r *reader) operations() {
	paths := r.resolve(r.doc.Root.Get("paths"))
	if paths == nil || paths.Kind != load.Object {
		return
	}
	for i := range paths.Members {
		m := &paths.Members[i]
		path := r.resolve(m.Value)
		if path == nil || path.Kind != load.Object || strings.HasPrefix(m.Key, "x-") {
			continue
		}
		for j := range path.Members {
			op := &path.Members[j]
			switch {
			case slices.Contains(methods, op.Key):
				r.add(strings.ToUpper(op.Key), op.Value, path, m.Key)
			case op.Key == "additionalOperations" && op.Value.Kind == load.Object: // methods as they are sent
				for k := range op.Value.Members {
					more := &op.Value.Members[k]
					r.add(more.Key, more.Value, path, m.Key)
				}
			}
		}
	}
	r.deprecations()
	r.allowedPublic()
}

// add makes the policy of an operation, once.
func (r *reader) add(method string, op, path *load.Node, template string) {
	if r.set.Operations[op] != nil {
		return
	}
	// Real documents have operations that are references; both nodes mean it.
	target := cmp.Or(r.resolve(op), op)
	o := r.operation(method, op, target, path, template)
	r.set.Operations[op], r.set.Operations[target] = o, o
	r.set.Order = append(r.set.Order, o)
}

// name is how messages call an operation.
func (o *Operation) name() string { return o.Method + " " + strings.Trim(short(o.Path), `"`) }

// operation is the policy of the operation op, which is written by a reference perhaps.
func (r *reader) operation(method string, written, op, path *load.Node, template string) *Operation {
	o := &Operation{Node: op, Path: template, Method: method}
	// What load has refused is never generated: what its policy refers to may be missing.
	faulty := r.doc.Faults(written).HasErrors()
	if faulty && r.resolve(op) == nil {
		return o
	}
	o.GoName, _ = at[string](r, op, "go-name")
	o.Skip, _ = nearest[*Skip](r, "skip", op, path)
	r.access(o, op, path)
	r.rates(o, op, path)
	r.limits(o, op, path)
	r.conditions(o, op)
	o.Mode, _ = nearest[*Mode](r, "mode", op, path, r.doc.Root)
	if faulty {
		return o
	}
	r.reachable(o, op)
	o.Authorize, _ = at[*Authorize](r, op, "authorize")
	r.owners(o, op, path)
	o.Unknown = r.unknown
	if u, holder := nearest[Unknown](r, "unknown", op, path, r.doc.Root); holder != nil {
		if o.Unknown = u; u == UnknownKeep {
			r.fail(holder.KeyPosOf(prefix+"unknown"), rules.PolicyPlace, "members can only be kept by the schema that they belong to: a parameter that nobody names has no place in a request, and a schema serves many operations",
				"write x-bailey-unknown: keep on the schema, or free-form: keep in bailey.yaml for all objects of which the document says nothing else")
		}
	}
	r.deprecation(o, op, path)
	o.DropReadOnly = r.dropReadOnly
	if drop, holder := nearest[readOnly](r, "read-only", op, path, r.doc.Root); holder != nil {
		o.DropReadOnly = bool(drop)
	}
	return o
}

// rates merges the lists of document, path and operation by the rules' names: of each name the
// nearest rule counts, in the order in which the names first occur, the document's first. Where
// nobody is known, callers cannot be told apart: there a rule per principal is wrong if it was
// written for this operation, and left out if it is inherited.
func (r *reader) rates(o *Operation, op, path *load.Node) {
	var merged []Rate
	for _, level := range []struct {
		node  *load.Node
		scope RateScope
	}{{r.doc.Root, RateDocument}, {path, RatePath}, {op, RateOperation}} {
		list, _ := at[[]Rate](r, level.node, "rate-limit")
		for _, rate := range list {
			rate = rate.standsOn(level.scope, o)
			if i := slices.IndexFunc(merged, func(other Rate) bool { return other.Name == rate.Name }); i >= 0 {
				merged[i] = rate
			} else {
				merged = append(merged, rate)
			}
		}
	}
	for _, rate := range merged {
		if rate.Per == "principal" && o.anonymous() {
			if rate.Scope == RateOperation {
				r.fail(rate.Pos, rules.PolicyConflict, fmt.Sprintf("%s is open to callers without a name, so they cannot be counted per principal", o.name()), "write per: address")
			}
			if o.Public != nil {
				continue
			}
		}
		o.Rates = append(o.Rates, rate)
	}
}

// standsOn is the rule with the place where it stands.
func (rate Rate) standsOn(scope RateScope, o *Operation) Rate {
	rate.Scope, rate.Settings = scope, slices.Clone(rate.Settings)
	for i := range rate.Settings {
		switch s := &rate.Settings[i]; scope {
		case RatePath:
			s.On = o.Path
		case RateOperation:
			s.On, s.Operation = o.Method+" "+o.Path, true
		}
	}
	return rate
}

// documentRates are the rate limits of the document itself.
func (r *reader) documentRates() {
	list, _ := at[[]Rate](r, r.doc.Root, "rate-limit")
	for _, rate := range list {
		rate = rate.standsOn(RateDocument, nil)
		r.set.Rates = append(r.set.Rates, rate)
	}
}

// limits takes each of the limits from where it stands nearest, with its setting.
func (r *reader) limits(o *Operation, op, path *load.Node) {
	for _, level := range []struct {
		node *load.Node
		on   string
	}{{op, o.Method + " " + o.Path}, {path, o.Path}, {r.doc.Root, ""}} {
		l, ok := at[*Limits](r, level.node, "limits")
		if !ok {
			continue
		}
		own := &o.Limits
		if own.Encodings == nil {
			own.Encodings = l.Encodings
		}
		nearer := func(member string, taken bool) {
			if s := SettingOf(l.Settings, member); s != nil && taken {
				s := *s
				s.On, s.Operation = level.on, level.node == op
				own.Settings = append(own.Settings, s)
			}
		}
		nearer("body", take(&own.Body, l.Body))
		nearer("inflated", take(&own.Inflated, l.Inflated))
		nearer("parts", take(&own.Parts, l.Parts))
		nearer("fields", take(&own.Fields, l.Fields))
		nearer("item", take(&own.Item, l.Item))
		nearer("depth", take(&own.Depth, l.Depth))
		nearer("items", take(&own.Items, l.Items))
		nearer("memory", take(&own.Memory, l.Memory))
		nearer("timeout", take(&own.Timeout, l.Timeout))
	}
}

// take sets a limit that is not set yet, and reports whether it did.
func take[T comparable](own *T, given T) bool {
	var none T
	if *own != none {
		return false
	}
	*own = given
	return given != none
}

// conditions takes those of the operation, whose callers must have a name.
func (r *reader) conditions(o *Operation, op *load.Node) {
	list, _ := at[[]Condition](r, op, "require")
	if len(list) > 0 && o.anonymous() {
		r.fail(list[0].Pos, rules.PolicyConflict, fmt.Sprintf("%s is open to callers without a name, who meet no condition", o.name()), "leave x-bailey-require out, or ask for a caller")
		return
	}
	o.Require = list
}

// owners takes the rules of the operation, and holds that what they speak of exists.
func (r *reader) owners(o *Operation, op, path *load.Node) {
	list, _ := at[[]Owner](r, op, "owner")
	if len(list) > 0 && o.anonymous() {
		r.fail(list[0].Pos, rules.PolicyConflict, fmt.Sprintf("%s is open to callers without a name, who have no claim to compare", o.name()), "leave x-bailey-owner out, or ask for a caller")
		return
	}
	o.Owners = r.existing(o, list, op, path)
}

// existing holds that what the rules speak of exists, and writes names as the document does.
func (r *reader) existing(o *Operation, list []Owner, op, path *load.Node) []Owner {
	var out []Owner
	for _, rule := range list {
		switch {
		case len(rule.Any)+len(rule.All) > 0:
			rule.Any, rule.All = r.existing(o, rule.Any, op, path), r.existing(o, rule.All, op, path)
		case rule.In == "body":
			if op.Get("requestBody") == nil {
				r.fail(rule.Pos, rules.OwnerParameter, fmt.Sprintf("%s has no request body to compare", o.name()), "")
			}
		default:
			name, others := r.parameter(rule.In, rule.Name, op, path)
			if name == "" {
				advice := fmt.Sprintf("it has no %s parameters", rule.In)
				if best := spell.Like(rule.Name, others); best != "" {
					advice = "did you mean " + short(best) + "?"
				} else if len(others) > 0 {
					advice = "it has: " + strings.Trim(short(strings.Join(others, ", ")), `"`)
				}
				r.fail(rule.Pos, rules.OwnerParameter, fmt.Sprintf("%s has no %s parameter %s to compare", o.name(), rule.In, short(rule.Name)), advice)
				continue
			}
			rule.Name = name
		}
		out = append(out, rule)
	}
	return out
}

// parameter finds a parameter of an operation or its path, and returns its name as
// it is written; header names have no case. others are the names of those in the same place.
func (r *reader) parameter(in, name string, op, path *load.Node) (found string, others []string) {
	for _, holder := range []*load.Node{op, path} {
		list := holder.Get("parameters")
		if list == nil {
			continue
		}
		for _, item := range list.Items {
			p := r.resolve(item)
			if p.StrOr("in") != in {
				continue
			}
			written := p.StrOr("name")
			if written == name || in == "header" && strings.EqualFold(written, name) {
				return written, nil
			}
			others = append(others, written)
		}
	}
	return "", others
}
