package schema

import (
	"maps"
	"math/bits"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// `nullable: true` adds null to the type of its own schema object (OpenAPI 3.0.3, Schema Object,
// with the proposal "Clarify Semantics of nullable in OpenAPI 3.0"). The schemas of an allOf beside it
// hold as they are: null has to pass each of them.

// beside is an allOf next to `nullable: true`.
type beside struct {
	a   *atom
	set []elem // what the allOf consists of
}

// besideNull lets null pass what stands beside the nullable atom a, but for its allOf; parts are the
// schemas that hold beside it.
func (r *Reader) besideNull(a *atom, parts [][]elem) {
	var all []elem
	for i, p := range a.parts {
		if p.all {
			all = append(all, parts[i]...)
		}
	}
	silent := !slices.ContainsFunc(all, elem.saysNull)
	for i, p := range a.parts {
		switch {
		case !p.all || r.NullableAllOf:
			parts[i] = orNull(parts[i])
		case silent:
			parts[i] = orSilent(parts[i])
		}
	}
	if len(all) > 0 {
		r.besides = append(r.besides, beside{a, all})
	}
}

// orNull lets null pass each atom: then it passes them all.
func orNull(set []elem) []elem {
	set = slices.Clone(set)
	for i := range set {
		set[i].null = true
	}
	return set
}

// orSilent lets null pass the atoms that have no choice, in a set of which none has a type: a type that
// their keywords imply does not refuse it.
func orSilent(set []elem) []elem {
	set = slices.Clone(set)
	for i, e := range set {
		set[i].null = e.null || len(e.a.groups) == 0 && len(e.a.own.Beyond) == 0
	}
	return set
}

// saysNull reports whether the atom says, by a type or a list of values, whether null passes it.
func (e elem) saysNull() bool { return e.a.typed || e.a.own.Enum != nil || e.a.own.Never }

// refusesNull reports whether the atom by itself is certain to refuse null.
func (e elem) refusesNull() bool {
	own := &e.a.own
	return !e.null && (own.Never || e.a.typed && own.Types&TypeNull == 0 || own.Enum != nil && !slices.ContainsFunc(own.Enum, isNull))
}

// passesNull reports whether null passes a set of which no atom has a choice.
func passesNull(set []elem) bool {
	typed := slices.ContainsFunc(set, func(e elem) bool { return e.a.typed })
	return !slices.ContainsFunc(set, func(e elem) bool {
		return e.refusesNull() || !typed && !e.null && e.a.asserts // a type that keywords imply
	})
}

// checkNullable says of each allOf beside `nullable: true` that it refuses null, or notes that null passes it only
// since the configuration says so.
func (r *Reader) checkNullable() {
	for len(r.besides) > 0 {
		b := r.besides[0]
		r.besides = r.besides[1:]
		at, refused := r.refusing(b.set)
		if !refused {
			continue
		}
		pos := b.a.node.KeyPosOf("nullable")
		if r.NullableAllOf {
			r.nullKept[pos] = true
			continue
		}
		r.warnOf(diag.Diagnostic{
			Pos: pos, Rule: rules.NullableAllOf,
			Message: "nullable adds null to the type of its own schema object, and the allOf beside it refuses null, at " + at.String() + ": null is refused here",
			Advice:  "write oneOf: [{$ref: ...}, {enum: [null]}], or nullable: true in the schemas of the allOf; nullable-allof: keep lets null pass in all such places",
		})
	}
}

// refusing is where a set refuses null.
func (r *Reader) refusing(set []elem) (diag.Pos, bool) {
	r.spend(len(set), posOf(set))
	for _, e := range set {
		if e.refusesNull() {
			return e.a.own.Pos, true
		}
	}
	for _, e := range set {
		if e.null || len(e.a.groups) == bits.OnesCount64(e.cut) {
			continue
		}
		s := r.conjunction(set)
		r.fill(s)
		return e.a.own.Pos, s.Types&TypeNull == 0 && !s.Never
	}
	return diag.Pos{}, false
}

// nullableEnum takes nullable back where an enum in the same schema object does not list null: nullable changes the
// type, and no other keyword (proposal "Clarify Semantics of nullable in OpenAPI 3.0", which 3.0.3 refers to).
func (r *Reader) nullableEnum(a *atom) {
	if !a.nullable || a.own.Enum == nil || slices.ContainsFunc(a.own.Enum, isNull) {
		return
	}
	pos := a.node.KeyPosOf("nullable")
	if r.NullableEnum {
		r.enumKept[pos] = true
		return
	}
	a.nullable = false
	r.warnOf(diag.Diagnostic{
		Pos: pos, Rule: rules.NullableEnum,
		Message: "nullable adds null to the type of its schema object, and the enum beside it does not list null: null is refused here",
		Advice:  "add null to the enum; nullable-enum: keep lets null pass in all such places",
	})
}

// EnumKept are the places of nullable where null passes an enum that does not list it: see NullableEnum.
func (r *Reader) EnumKept() []diag.Pos {
	return slices.SortedFunc(maps.Keys(r.enumKept), diag.Pos.Compare)
}

// NullKept are the places of nullable where null passes an allOf that refuses it: see NullableAllOf.
func (r *Reader) NullKept() []diag.Pos {
	return slices.SortedFunc(maps.Keys(r.nullKept), diag.Pos.Compare)
}
