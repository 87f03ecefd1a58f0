package gen

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/runtime/principal"
)

// Owner is a rule that relates a value of the request to a claim of the caller, or, with
// Any or All, a group of such rules and of nothing else.
type Owner struct {
	In, Name string // the parameter, or "body" and a JSON pointer
	Claim    string // its name, or a JSON pointer (RFC 6901)
	// Match says how; the zero value is that the value equals the claim or, where that is
	// a list, one of its items.
	Match Match
	// Separator ends the claim in the value, where Match is MatchPrefix.
	Separator string
	// Template is text with claims in braces, "urn:acct:{sub}", that the value must equal:
	// instead of Claim.
	Template string
	// Hide answers 404 instead of 403, so that nobody learns what exists.
	Hide bool
	// LiftScopes and LiftRoles exempt a caller who has one of them.
	LiftScopes, LiftRoles []string
	// Any holds when one of its rules does, All when each of them does.
	Any, All []Owner
}

// Match is how a value relates to a claim.
type Match uint8

// The kinds of Match.
const (
	// MatchEqual: the value equals the claim, or an item of it where it is a list.
	MatchEqual Match = iota
	// MatchOne: the value equals the claim, which must not be a list.
	MatchOne
	// MatchIn: the value equals an item of the claim, which must be a list.
	MatchIn
	// MatchPrefix: the value equals the claim, or begins with the claim and the separator.
	// A value that steps out of what its beginning names does not match: see Owned.
	MatchPrefix
)

// maxOwners bounds the rules of one operation, with those inside of groups.
const maxOwners = 32

// owner is an Owner, compiled: one that is no group.
type owner struct {
	claim     string
	match     Match
	separator string
	template  []piece // text and claims, instead of claim
	hide      bool
	scopes    principal.Set
	roles     principal.Set
}

// piece is one part of a template: a text, or a claim and the text behind it.
type piece struct {
	claim string
	text  string
}

// owners compiles the rules of an operation, groups flattened in the order in which
// generated code counts them.
func (b *Builder) owners(s *Server, m *mounted, at string, list []Owner) {
	for _, o := range list {
		if len(m.owners) >= maxOwners {
			b.fail("%s: more than %d owner rules", at, maxOwners)
			return
		}
		if len(o.Any)+len(o.All) > 0 {
			if o.Claim != "" || o.Template != "" || len(o.Any) > 0 && len(o.All) > 0 {
				b.fail("%s: a group of owner rules is something else, too", at)
			}
			b.owners(s, m, at, o.Any)
			b.owners(s, m, at, o.All)
			continue
		}
		compiled, err := o.compile()
		if err != nil {
			b.fail("%s: owner rule on %s %q: %w", at, o.In, o.Name, err)
		}
		compiled.scopes, _ = s.table.Scopes(o.LiftScopes...)
		compiled.roles, _ = s.table.Roles(o.LiftRoles...)
		m.owners = append(m.owners, compiled)
	}
}

// lifted adds the scopes and roles that exempt from rules to the lists.
func lifted(list []Owner, scopes, roles []string) (s, r []string) {
	for _, o := range list {
		scopes, roles = append(scopes, o.LiftScopes...), append(roles, o.LiftRoles...)
		scopes, roles = lifted(o.Any, scopes, roles)
		scopes, roles = lifted(o.All, scopes, roles)
	}
	return scopes, roles
}

func (o Owner) compile() (owner, error) {
	out := owner{claim: o.Claim, match: o.Match, separator: o.Separator, hide: o.Hide}
	switch {
	case (o.Claim == "") == (o.Template == ""):
		return out, errors.New("it needs a claim or a template")
	case o.Match > MatchPrefix:
		return out, errors.New("it has an unknown kind of match")
	case (o.Match == MatchPrefix) != (o.Separator != ""):
		return out, errors.New("a prefix needs a separator, and nothing else has one")
	case o.Template == "":
		return out, nil
	case o.Match != MatchEqual:
		return out, errors.New("a template has no other kind of match")
	}
	var err error
	out.template, err = pieces(o.Template)
	return out, err
}

// pieces cuts a template. Between two claims there must be text, or nobody could tell where
// the first one ends.
func pieces(template string) ([]piece, error) {
	text, rest, more := strings.Cut(template, "{")
	out := []piece{{text: text}}
	for more {
		claim, behind, closed := strings.Cut(rest, "}")
		if !closed || claim == "" || strings.Contains(claim, "{") {
			return nil, fmt.Errorf("the template %q has a brace without its other one, or no claim in it", template)
		}
		text, rest, more = strings.Cut(behind, "{")
		if more && text == "" {
			return nil, fmt.Errorf("the template %q has two claims with nothing between them", template)
		}
		out = append(out, piece{claim, text})
	}
	if len(out) == 1 {
		return nil, fmt.Errorf("the template %q names no claim", template)
	}
	for _, p := range out {
		if strings.Contains(p.text, "}") {
			return nil, fmt.Errorf("the template %q has a brace without its other one", template)
		}
	}
	return out, nil
}

// Owned is a value of the request that an owner rule speaks of, with its type: a UUID or a
// number is compared as what it is, not as it happens to be spelled.
type Owned struct {
	kind   ownedKind
	text   string
	uuid   [16]byte
	number uint64
	minus  bool
}

type ownedKind uint8

const (
	ownedNothing ownedKind = iota
	ownedText
	ownedUUID
	ownedNumber
)

// OwnedText is a string, compared byte by byte. The empty one matches nothing.
func OwnedText[T ~string](s T) Owned { return Owned{kind: ownedText, text: string(s)} }

// OwnedUUID is a UUID: in claims its letters may be capital ones.
func OwnedUUID(u [16]byte) Owned { return Owned{kind: ownedUUID, uuid: u} }

// OwnedInt is an integer: the claim is one too, as a number or as its decimal digits.
func OwnedInt(n int64) Owned {
	if n < 0 {
		return Owned{kind: ownedNumber, number: -uint64(n), minus: true}
	}
	return OwnedUint(uint64(n))
}

// OwnedUint is [OwnedInt] for unsigned ones.
func OwnedUint(n uint64) Owned { return Owned{kind: ownedNumber, number: n} }

// If is the value where it was given, else nothing, which matches no claim.
func (v Owned) If(given bool) Owned {
	if !given {
		return Owned{}
	}
	return v
}

// Owns reports whether the caller may have to do with v by owner rule i, groups not
// counted: v is the caller's, or a scope or role exempts the caller.
func (c *Call) Owns(i int, v Owned) bool {
	rule := &c.op.owners[i]
	p := c.ctx.principal
	if p == nil {
		c.who.hidden = rule.hide
		return false
	}
	if rule.matches(p, &v) {
		c.who.owner = true
		return true
	}
	if set := p.Set(c.server.table); set.Overlaps(rule.scopes) || set.Overlaps(rule.roles) {
		c.who.exempt = true
		return true
	}
	c.who.hidden = rule.hide
	return false
}

func (r *owner) matches(p *principal.Principal, v *Owned) bool {
	switch {
	case v.kind == ownedNothing:
		return false
	case r.template != nil:
		return v.kind == ownedText && expands(r.template, p, v.text)
	case r.match == MatchPrefix:
		return v.kind == ownedText && p.AnyClaim(r.claim, func(claim string) bool { return within(v.text, claim, r.separator) })
	case r.match == MatchOne && p.ClaimIsList(r.claim), r.match == MatchIn && !p.ClaimIsList(r.claim):
		return false
	}
	return p.AnyClaim(r.claim, v.equals)
}

// equals compares with the text of a claim, which is not empty.
func (v *Owned) equals(claim string) bool {
	switch v.kind {
	case ownedText:
		return claim == v.text
	case ownedUUID:
		return equalUUID(claim, &v.uuid)
	case ownedNumber:
		var b [21]byte
		text := b[:0]
		if v.minus {
			text = append(text, '-')
		}
		return claim == string(strconv.AppendUint(text, v.number, 10))
	}
	return false
}

// equalUUID reads a UUID of the form of RFC 9562, section 4, in letters of either case.
func equalUUID(s string, u *[16]byte) bool {
	if len(s) != 36 {
		return false
	}
	var text [36]byte
	hex.Encode(text[0:8], u[0:4])
	hex.Encode(text[9:13], u[4:6])
	hex.Encode(text[14:18], u[6:8])
	hex.Encode(text[19:23], u[8:10])
	hex.Encode(text[24:36], u[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	if s == string(text[:]) {
		return true
	}
	for i := range text {
		c := s[i]
		if 'A' <= c && c <= 'F' {
			c |= 0x20
		}
		if c != text[i] {
			return false
		}
	}
	return true
}

// within reports whether value is what claim names, or something below it. Below are steps
// that are not empty, "." or "..", also with a slash or backslash between them: what reads
// the value as a path must not get out of it.
func within(value, claim, separator string) bool {
	rest, ok := strings.CutPrefix(value, claim)
	if !ok || claim == "" {
		return false
	}
	if rest == "" {
		return true
	}
	if rest, ok = strings.CutPrefix(rest, separator); !ok {
		return false
	}
	for more := true; more; {
		var step string
		step, rest, more = strings.Cut(rest, separator)
		if step == "" || climbs(step) {
			return false
		}
	}
	return true
}

// climbs reports whether a step is "." or "..", or has such a one in it as a path does.
func climbs(step string) bool {
	for {
		i := strings.IndexAny(step, `/\`)
		part := step
		if i >= 0 {
			part = step[:i]
		}
		if part == "." || part == ".." {
			return true
		}
		if i < 0 {
			return false
		}
		step = step[i+1:]
	}
}

// expands reports whether value is the template with the caller's claims in it. Each claim
// must be one text, and must not hold the character that ends it in the template: or two
// callers, "a:b" of "c" and "a" of "b:c", could have one value.
func expands(template []piece, p *principal.Principal, value string) bool {
	rest, ok := strings.CutPrefix(value, template[0].text)
	for i := 1; ok && i < len(template); i++ {
		t := template[i]
		if p.ClaimIsList(t.claim) {
			return false
		}
		ok = p.AnyClaim(t.claim, func(claim string) bool {
			if t.text != "" && strings.IndexByte(claim, t.text[0]) >= 0 {
				return false
			}
			behind, found := strings.CutPrefix(rest, claim)
			if found {
				rest, found = strings.CutPrefix(behind, t.text)
			}
			return found
		})
	}
	return ok && rest == ""
}
