package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// content reads the media types of a body; answer says that it is that of a response.
func (r *reader) content(op *Operation, holder *load.Node, answer bool) []*Media {
	var out []*Media
	for _, c := range r.mediaTypes(op, holder, answer) {
		m := &Media{Pos: c.Pos, Type: mediaType(c.Key)}
		m.Kind = kindOf(m.Type)
		m.Name = r.mediaName(op, m, c.Key, answer)
		if i := slices.IndexFunc(out, func(o *Media) bool { return withoutCharset(o.Name) == withoutCharset(m.Name) }); i >= 0 {
			r.diags.Add(diag.Diagnostic{
				Pos: c.Pos, Severity: diag.Warning, Rule: rules.MediaType,
				Message: fmt.Sprintf("the media type %s is described at %v already, and this is not used", m.Name, out[i].Pos),
				Advice:  "a charset or boundary does not tell bodies apart",
			})
			r.unread(op, "a second entry for "+m.Type+", which is not used", answer, c.Value)
			continue
		}
		if c.Value.Kind == load.Null { // nothing is said of the content
			out = append(out, m)
			continue
		}
		node := r.resolved(op, c.Value, "a media type")
		if node == nil {
			continue
		}
		for _, f := range node.Members {
			r.unknown(op, f, "a media type", "schema", "itemSchema", "example", "examples", "encoding")
		}
		if s := node.Get("schema"); s != nil {
			m.Schema, m.Nodes = r.schemas.Read(s), []*load.Node{s}
			m.Whole = m.Schema
		}
		r.sequence(op, m, node)
		if m.Type == "multipart/mixed" && m.Schema != nil && len(m.Schema.Properties) > 0 {
			m.Kind = MediaMultipart
		}
		for _, e := range r.object(op, node, "encoding") {
			m.Encoding = append(m.Encoding, r.encoding(op, e))
		}
		out = append(out, m)
	}
	return out
}

// mediaTypes are the members of a content object whose names are media types. A name that
// lists several stands for each of them. One that is none is left out where there are
// others: fewer bodies pass then, never more.
func (r *reader) mediaTypes(op *Operation, holder *load.Node, response bool) []load.Member {
	var good, bad []load.Member
	for _, c := range r.contentMembers(op, holder) {
		names := []string{c.Key}
		if !isMediaType(c.Key) && strings.Contains(c.Key, ",") {
			names = strings.Split(c.Key, ",")
		}
		if slices.ContainsFunc(names, func(name string) bool { return !isMediaType(name) }) {
			bad = append(bad, c)
			continue
		}
		if len(names) > 1 {
			r.diags.Warnf(c.Pos, rules.MediaType, "%q lists several media types: it is read as one entry for each", c.Key)
		}
		for _, name := range names {
			each := c
			each.Key = strings.TrimSpace(name)
			good = append(good, each)
		}
	}
	for _, c := range bad {
		if len(good) == 0 {
			op.Unsupported.Errorf(c.Pos, rules.MediaType, "%q is no media type", c.Key)
			continue
		}
		r.diags.Warnf(c.Pos, rules.MediaType, "%q is no media type: it is left out", c.Key)
		r.unread(op, "an entry of content that is no media type", response, c.Value)
	}
	return good
}

// contentMembers follows a reference in place of the content: OpenAPI has none there, and
// documents do, since many tools replace every reference before they read.
func (r *reader) contentMembers(op *Operation, holder *load.Node) []load.Member {
	c := holder.Get("content")
	if c == nil || c.Kind != load.Object || c.Get("$ref") == nil {
		return r.object(op, holder, "content")
	}
	target := r.resolved(op, c, "content")
	if target == nil {
		return nil
	}
	r.diags.Warnf(c.Pos, rules.RefPlace, "OpenAPI has no reference in place of content: it is followed")
	return target.Members
}

// isMediaType reports whether a name is a media type or a range of them, with whatever
// parameters (RFC 9110, 8.3.1).
func isMediaType(name string) bool {
	main, sub, ok := strings.Cut(mediaType(name), "/")
	return ok && isToken(main) && isToken(sub)
}
