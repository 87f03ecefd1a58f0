package policy

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Deprecation is x-bailey-deprecation: what the answers of a deprecated operation say about its end.
type Deprecation struct {
	Pos    diag.Pos
	Since  time.Time // Deprecation (RFC 9745)
	Sunset time.Time // Sunset (RFC 8594); zero where nothing is written
	Link   string    // Link with the relation deprecation (RFC 9745, 3), or ""
}

func deprecationKey() key {
	return key{
		name: "deprecation", on: onDocument | onPath | onOperation, read: readDeprecation,
		says: "since when a deprecated operation is, and when it ends: fields of its answers",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"required": ["since"],
	"properties": {
		"since": {"type": "string", "pattern": ` + datePattern + `, "description": "a date, or a date-time, of the field Deprecation (RFC 9745); it may be in the future"},
		"sunset": {"type": "string", "pattern": ` + datePattern + `, "description": "the same for the field Sunset (RFC 8594); not before since"},
		"link": {"type": "string", "pattern": "^https?://", "maxLength": 500, "description": "the URL of a page for those who write clients, for the field Link"}
	}
}`,
	}
}

const datePattern = `"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"`

func readDeprecation(r *reader, n *load.Node) any {
	const what = "x-bailey-deprecation"
	before := len(r.diags)
	if !r.members(n, what, "since", "sunset", "link") {
		return nil
	}
	d := &Deprecation{Pos: n.KeyPos()}
	d.Since, _ = r.date(n, "since", what)
	if sunset := n.Get("sunset"); sunset != nil {
		var ok bool
		if d.Sunset, ok = r.date(n, "sunset", what); ok && !d.Since.IsZero() && d.Sunset.Before(d.Since) {
			r.fail(sunset.Pos, rules.PolicyConflict, fmt.Sprintf("the sunset of %s is before its since: an operation ends after it is deprecated (RFC 9745, 4)", what), "")
		}
	}
	if v := n.Get("link"); v != nil {
		s, ok := r.text(v, what+".link", maxReason)
		if d.Link = s; ok && !linkable(s) {
			r.wrong(v, what+".link", "an absolute URL, https or http, without a user, as ASCII")
		}
	}
	if len(r.diags) > before {
		return nil
	}
	return d
}

// date reads a member that is a date, which begins at midnight UTC, or a date-time (RFC 3339, 5.6).
// The fields hold whole seconds from 1970 on.
func (r *reader) date(n *load.Node, member, what string) (time.Time, bool) {
	const want = "a date such as 2026-12-31, or a date-time with its zone, from 1970 on"
	s, ok := n.Get(member).Str()
	if !ok {
		r.wrongMember(n, member, what+"."+member, want)
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t, err = time.Parse(time.RFC3339, strings.ToUpper(s))
	}
	if err != nil || t.Unix() < 0 || t.UTC().Year() > 9999 {
		r.wrong(n.Get(member), what+"."+member, want)
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Second), true
}

// linkable reports whether a URL can stand in a Link field.
func linkable(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`<>"\^{|}`+"`", c) })
}

// deprecation is what stands nearest to an operation, if the operation is deprecated. The word on
// an operation that is not contradicts it.
func (r *reader) deprecation(o *Operation, op, path *load.Node) {
	d, holder := nearest[*Deprecation](r, "deprecation", op, path, r.doc.Root)
	deprecated := op.Get("deprecated").IsTrue()
	switch {
	case holder == nil && deprecated:
		r.undated = append(r.undated, op.KeyPosOf("deprecated"))
	case holder == nil:
	case deprecated:
		o.Deprecation = d
		r.dated[holder] = true
	case holder == op:
		r.fail(op.KeyPosOf(prefix+"deprecation"), rules.PolicyConflict, fmt.Sprintf("%s is not deprecated, and x-bailey-deprecation says since when it is", o.name()), "write deprecated: true, or leave the word out")
	default:
		if _, known := r.dated[holder]; !known {
			r.dated[holder] = false
		}
	}
}

// deprecations reports words that no deprecated operation inherits, and operations whose answers say
// nothing, since the document has no date: the field Deprecation is one (RFC 9745, 2.1).
func (r *reader) deprecations() {
	for holder, used := range r.dated {
		if !used {
			r.fail(holder.KeyPosOf(prefix+"deprecation"), rules.PolicyConflict, "x-bailey-deprecation stands where no operation that inherits it is deprecated", "write deprecated: true on the operations that are, or leave the word out")
		}
	}
	if len(r.undated) > 0 {
		r.diags.Warnf(r.undated[0], rules.DeprecationDate, "the document does not say since when this operation is deprecated, so its answers say nothing of it (operations like it: %d); x-bailey-deprecation has the dates of the fields Deprecation and Sunset", len(r.undated))
	}
}
