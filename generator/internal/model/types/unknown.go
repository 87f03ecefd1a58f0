package types

import (
	"maps"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// unknownMode is what happens to members that the schema does not name.
func (b *Builder) unknownMode(s *schema.Schema) gosrc.Expr {
	if s.Extra == schema.ExtraFalse {
		if slices.ContainsFunc(s.Nodes, func(n *load.Node) bool { return n.Get("additionalProperties").IsFalse() }) {
			return gosrc.Raw("wire.Closed")
		}
		return gosrc.Raw("wire.Refuse") // unevaluatedProperties: false counts what other branches name
	}
	switch u := b.unknownOf(s); {
	case u == nil:
		return gosrc.Raw("wire.Silent")
	case *u == policy.UnknownDrop:
		return gosrc.Raw("wire.Drop")
	}
	return gosrc.Raw("wire.Refuse")
}

// UnknownField is what happens to fields that the schema of a form does not name.
func (b *Builder) UnknownField(s *schema.Schema) gosrc.Expr {
	if s.Extra == schema.ExtraFalse {
		return gosrc.Raw("param.Refuse")
	}
	switch u := b.unknownOf(s); {
	case u == nil:
		return gosrc.Raw("c.Unknown()")
	case *u == policy.UnknownDrop:
		return gosrc.Raw("param.Drop")
	}
	return gosrc.Raw("param.Refuse")
}

// ClaimUnknown claims x-bailey-unknown for the code that reads and writes values of s: where
// additionalProperties says what becomes of other members, that holds; refuse agrees with false alone, and
// keep with what hands members on.
func (b *Builder) ClaimUnknown(t *model.Type, s *schema.Schema) {
	u := b.unknownOf(s)
	if u == nil {
		return
	}
	agrees := s.Extra == schema.ExtraSilent || s.Extra == schema.ExtraFalse && *u == policy.UnknownRefuse
	if *u == policy.UnknownKeep {
		agrees = s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped
	}
	if !agrees {
		return
	}
	for _, n := range s.Nodes {
		t.Enforced.Words = append(t.Enforced.Words, model.Word{Node: n, Key: WordUnknown})
	}
}

// claimKept claims x-bailey-unknown: keep for JSON text of any sort.
func (b *Builder) claimKept(t *model.Type, s *schema.Schema) {
	for _, n := range s.Nodes {
		if b.KeepsAt(n) {
			t.Enforced.Words = append(t.Enforced.Words, model.Word{Node: n, Key: WordUnknown})
		}
	}
}

// unknownOf is the x-bailey-unknown of a schema, nil for none. Schemas that are merged must
// agree.
func (b *Builder) unknownOf(s *schema.Schema) *policy.Unknown {
	var first *policy.Unknown
	var at diag.Pos
	for _, n := range s.Nodes {
		pol := b.In.Policies.Schemas[n]
		if pol == nil || pol.Unknown == nil {
			continue
		}
		pos := n.KeyPosOf(WordUnknown)
		switch {
		case first == nil:
			first, at = pol.Unknown, pos
		case *first != *pol.Unknown:
			b.Errorf(pos, rules.PolicyConflict, "x-bailey-unknown contradicts the one at %v, and both hold for this object; write the same in both", at)
		}
	}
	return first
}

// KeepsAt reports whether x-bailey-unknown: keep stands on the schema object n.
func (b *Builder) KeepsAt(n *load.Node) bool {
	pol := b.In.Policies.Schemas[n]
	return pol != nil && pol.Unknown != nil && *pol.Unknown == policy.UnknownKeep
}

// keeps notes an object whose members are kept although additionalProperties does not say so, for
// policy.gen.go, and warns of one that can have none because the document says nothing of them.
func (b *Builder) keeps(s *schema.Schema) {
	if u := b.unknownOf(s); u != nil && *u == policy.UnknownKeep && s.Extra == schema.ExtraFalse {
		for _, n := range s.Nodes {
			if b.KeepsAt(n) {
				b.Diags.Add(diag.Diagnostic{
					Pos: n.KeyPosOf(WordUnknown), Rule: rules.PolicyConflict, Message: "x-bailey-unknown: keep contradicts the keyword that refuses members which this object does not name",
					Advice: "leave out either of them: additionalProperties: false, or unevaluatedProperties: false",
				})
			}
		}
	}
	switch {
	case s.Kept != schema.KeptNot:
		b.kept[s.Pos] = s.Kept
	case s.Bare():
		b.Diags.Add(diag.Diagnostic{
			Pos: s.Pos, Severity: diag.Warning, Rule: rules.FreeForm, Message: "nothing is said of this object's members, so that it has none: those of a client are refused or dropped, and a handler cannot answer with any",
			Advice: "write additionalProperties: true or x-bailey-unknown: keep if it may have any (--free-form keep says so of all such objects), x-bailey-unknown: refuse if none",
		})
	}
}

// KeptLines are the objects whose members are kept, for policy.gen.go.
func (b *Builder) KeptLines() []gosrc.Comment {
	var lines []gosrc.Comment
	for _, pos := range slices.SortedFunc(maps.Keys(b.kept), diag.Pos.Compare) {
		why := "x-bailey-unknown: keep"
		if b.kept[pos] == schema.KeptFree {
			why = "free-form: keep"
		}
		lines = append(lines, gosrc.NewComment(pos.String()+" ("+why+")"))
	}
	return lines
}
