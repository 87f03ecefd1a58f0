package policy

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// maxReason bounds free text.
const maxReason = 500

// short quotes text of the document for a message.
func short(s string) string {
	const most = 60
	if len(s) > most {
		cut := most
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "..."
	}
	return strconv.Quote(s)
}

// describe is what a node holds, for a message.
func describe(n *load.Node) string {
	switch n.Kind {
	case load.String:
		return short(n.Text)
	case load.Number, load.Bool:
		return strings.Trim(short(n.Text), `"`)
	case load.Object:
		return "an object"
	case load.Array:
		return "a list"
	}
	return n.Kind.String()
}

// wrong reports a value that is not what it has to be.
func (r *reader) wrong(n *load.Node, what, want string) {
	if isSetting(n) {
		r.fail(n.Pos, rules.PolicyValue, what+" cannot come from Config", "write it in the document: it has to be "+want)
		return
	}
	r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s is %s", what, describe(n)), "it has to be "+want)
}

// wrongMember reports the member of n that is not what it has to be, or is not there.
func (r *reader) wrongMember(n *load.Node, member, what, want string) {
	if v := n.Get(member); v != nil {
		r.wrong(v, what, want)
		return
	}
	r.fail(n.Pos, rules.PolicyValue, what+" is missing", "it has to be "+want)
}

// missing reports a member that is not there.
func (r *reader) missing(n *load.Node, what, member string) {
	r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s has no %s", what, member), "")
}

// members reports whether n is an object, and reports members that it cannot have.
func (r *reader) members(n *load.Node, what string, allowed ...string) bool {
	if n.Kind != load.Object {
		r.wrong(n, what, "an object with some of: "+strings.Join(allowed, ", "))
		return false
	}
	for i := range n.Members {
		m := &n.Members[i]
		if slices.Contains(allowed, m.Key) {
			continue
		}
		advice := "it can have: " + strings.Join(allowed, ", ")
		if best := spell.Like(m.Key, allowed); best != "" {
			advice = "did you mean " + best + "?"
		}
		r.fail(m.Pos, rules.PolicyValue, fmt.Sprintf("%s has the unknown member %s", what, short(m.Key)), advice)
	}
	return true
}

// text reads a string that is not empty, and not longer than most bytes.
func (r *reader) text(n *load.Node, what string, most int) (string, bool) {
	s, ok := n.Str()
	if !ok {
		r.wrong(n, what, "a string")
		return "", false
	}
	if strings.TrimSpace(s) == "" {
		r.fail(n.Pos, rules.PolicyValue, what+" is empty", "")
		return "", false
	}
	if len(s) > most {
		r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s is longer than %d bytes", what, most), "")
		return "", false
	}
	return s, true
}

// textAt reads a string member; a missing one is "".
func (r *reader) textAt(n *load.Node, what, member string) string {
	v := n.Get(member)
	if v == nil {
		return ""
	}
	s, _ := r.text(v, what+"."+member, maxReason)
	return s
}

// reason reads the text that a key gives for itself.
func (r *reader) reason(n *load.Node, what string) (string, bool) {
	if n.Kind != load.String {
		r.wrong(n, what, "the reason, as a string")
		return "", false
	}
	s, ok := r.text(n, what, maxReason)
	return strings.TrimSpace(s), ok
}

// texts reads a list of different strings, or one string.
func (r *reader) texts(n *load.Node, what string) []string {
	if n == nil {
		return nil
	}
	items := n.Items
	switch {
	case n.Kind == load.String:
		items = []*load.Node{n}
	case n.Kind != load.Array:
		r.wrong(n, what, "a list of strings")
		return nil
	case len(items) == 0:
		r.fail(n.Pos, rules.PolicyValue, what+" is an empty list", "leave it out")
		return nil
	}
	var out []string
	for _, item := range items {
		s, ok := r.text(item, "an item of "+what, maxReason)
		if !ok {
			continue
		}
		if slices.Contains(out, s) {
			r.fail(item.Pos, rules.PolicyValue, fmt.Sprintf("%s has %s twice", what, short(s)), "")
			continue
		}
		out = append(out, s)
	}
	return out
}

// integer reads a whole number between least and most.
func (r *reader) integer(n *load.Node, what string, least, most int64) (int64, bool) {
	want := fmt.Sprintf("an integer between %d and %d", least, most)
	if n.Kind != load.Number || len(n.Text) > 40 || strings.ContainsAny(n.Text, "eE") {
		r.wrong(n, what, want)
		return 0, false
	}
	v, ok := new(big.Rat).SetString(n.Text) // 5.0 is 5 in JSON Schema
	if !ok || !v.IsInt() || v.Cmp(big.NewRat(least, 1)) < 0 || v.Cmp(big.NewRat(most, 1)) > 0 {
		r.wrong(n, what, want)
		return 0, false
	}
	return v.Num().Int64(), true
}

// flag reads a boolean member; a missing one is false.
func (r *reader) flag(n *load.Node, what, member string) bool {
	v := n.Get(member)
	if v == nil {
		return false
	}
	if v.Kind != load.Bool {
		r.wrong(v, what+"."+member, "true or false")
		return false
	}
	return v.IsTrue()
}

// choice reads one of some words.
func (r *reader) choice(n *load.Node, what string, words ...string) (string, bool) {
	s, ok := n.Str()
	if ok && slices.Contains(words, s) {
		return s, true
	}
	want := "one of: " + strings.Join(words, ", ")
	if best := spell.Like(s, words); best != "" {
		want += " (did you mean " + best + "?)"
	}
	r.wrong(n, what, want)
	return "", false
}

// duration reads a time span as Go writes it ("90s", "1h30m"), or in days ("7d").
func (r *reader) duration(n *load.Node, what string, least, most time.Duration) (time.Duration, bool) {
	s, ok := n.Str()
	want := fmt.Sprintf("a time span between %s and %s, such as 30s, 5m or 1h30m", span(least), span(most))
	if !ok || len(s) > 32 {
		r.wrong(n, what, want)
		return 0, false
	}
	d, err := time.ParseDuration(s)
	if days, found := strings.CutSuffix(s, "d"); found {
		var count uint64
		if count, err = strconv.ParseUint(days, 10, 16); err == nil {
			d = time.Duration(count) * 24 * time.Hour
		}
	}
	if err != nil || d < least || d > most || s[0] == '+' {
		r.wrong(n, what, want)
		return 0, false
	}
	return d, true
}

// span prints a duration without its empty units: 10m, not 10m0s.
func span(d time.Duration) string {
	if d > 0 && d%(24*time.Hour) == 0 {
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// units are the suffixes of sizes.
var units = []struct {
	name string
	size int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}}

// size reads a number of bytes: an integer, or a string with a unit.
func (r *reader) size(n *load.Node, what string, most int64) (int64, bool) {
	if n.Kind == load.Number {
		return r.integer(n, what, 1, most)
	}
	s, _ := n.Str()
	for _, u := range units {
		digits, found := strings.CutSuffix(s, u.name)
		if !found {
			continue
		}
		count, err := strconv.ParseUint(strings.TrimRight(digits, " "), 10, 40)
		if err == nil && count > 0 && int64(count) <= most/u.size {
			return int64(count) * u.size, true
		}
		break
	}
	largest := fmt.Sprintf("%dMiB", most>>20)
	if most < 1<<20 {
		largest = fmt.Sprintf("%dKiB", most>>10)
	}
	r.wrong(n, what, fmt.Sprintf("a size up to %s, such as 16KiB, 2MB or 4096", largest))
	return 0, false
}
