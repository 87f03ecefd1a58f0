package openapi

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func (r *reader) body(op *Operation, node *load.Node) {
	if node == nil || node.Kind == load.Null {
		return
	}
	n := r.resolved(op, node, "requestBody")
	if n == nil {
		return
	}
	if op.Method == "GET" || op.Method == "HEAD" {
		const why = " with a body has no meaning that clients, caches and proxies agree on (RFC 9110, 9.3.1)"
		if r.doc.Version == "3.0" { // 3.0.3, Operation Object: the requestBody shall be ignored
			r.diags.Warnf(node.Pos, rules.BodyOnGet, "%s with a body says nothing in OpenAPI 3.0: the body is not read", op.Method)
			r.unread(op, "a body of "+op.Method+", which is not read", false, node)
			return
		}
		if op.Method == "HEAD" {
			op.Unsupported.Add(diag.Diagnostic{Pos: node.Pos, Rule: rules.BodyOnGet, Message: op.Method + why, Advice: "use POST, or skip the operation"})
		} else {
			r.diags.Add(diag.Diagnostic{Pos: node.Pos, Severity: diag.Warning, Rule: rules.BodyOnGet, Message: op.Method + why, Advice: "use POST, or QUERY of OpenAPI 3.2"})
		}
	}
	for _, m := range n.Members {
		r.unknown(op, m, "a request body", "description", "content", "required")
	}
	op.Body = &Body{Node: n, Pos: n.Pos, Required: r.flag(op, n, "required", false), Description: n.StrOr("description"), Content: r.content(op, n, false)}
}

func (r *reader) responses(op *Operation, holder *load.Node) {
	for _, m := range r.object(op, holder, "responses") {
		if strings.HasPrefix(m.Key, "x-") {
			continue
		}
		status := m.Key
		if len(status) == 3 && strings.HasSuffix(strings.ToUpper(status), "XX") {
			status = strings.ToUpper(status)
		}
		switch {
		case !validStatus(status):
			op.Unsupported.Errorf(m.Pos, rules.Status, "%q is no status: write 200, 4XX or default", m.Key)
			continue
		case slices.ContainsFunc(op.Responses, func(o *Response) bool { return o.Status == status }):
			op.Unsupported.Errorf(m.Pos, rules.Status, "the status %s is described already", status)
			continue
		case status[0] == '1':
			r.diags.Warnf(m.Pos, rules.Status, "the status %s is no answer: handlers cannot send it, and it is left out", status)
			r.unread(op, "a response "+status+", which handlers cannot send", true, m.Value)
			continue
		}
		if m.Value.Kind == load.Null {
			r.diags.Warnf(m.Pos, rules.Response, "the response %s says nothing: it has no content", status)
			op.Responses = append(op.Responses, &Response{Node: m.Value, Pos: m.Value.Pos, Status: status})
			continue
		}
		n := r.resolved(op, m.Value, "a response")
		if n == nil {
			continue
		}
		for _, f := range n.Members {
			r.unknown(op, f, "a response", "summary", "description", "headers", "content", "links")
		}
		op.Responses = append(op.Responses, &Response{
			Node: n, Pos: n.Pos, Status: status, Description: n.StrOr("description"),
			Headers: r.headers(op, n), Content: r.content(op, n, true),
		})
	}
}

func validStatus(s string) bool {
	if s == "default" {
		return true
	}
	if len(s) != 3 || s[0] < '1' || s[0] > '5' {
		return false
	}
	digits := s[1] >= '0' && s[1] <= '9' && s[2] >= '0' && s[2] <= '9'
	return digits || s[1:] == "XX"
}

func (r *reader) headers(op *Operation, holder *load.Node) []*Header {
	var out []*Header
	for _, m := range r.object(op, holder, "headers") {
		n := r.resolved(op, m.Value, "a header")
		if n == nil {
			continue
		}
		h := &Header{Node: n, Name: m.Key, Pos: m.Pos, Required: r.flag(op, n, "required", false), Description: n.StrOr("description"), Explode: n.Get("explode").IsTrue(), Deprecated: n.Get("deprecated").IsTrue()}
		if !isToken(m.Key) {
			op.Unsupported.Errorf(m.Pos, rules.Header, "%q is no header name (RFC 9110, 5.1)", m.Key)
			continue
		}
		if slices.ContainsFunc(out, func(o *Header) bool { return strings.EqualFold(o.Name, h.Name) }) {
			op.Unsupported.Errorf(m.Pos, rules.Header, "the header %s is described already: names of headers have no case", m.Key)
			continue
		}
		switch s := n.Get("schema"); {
		case s != nil:
			h.Schema = r.schemas.Read(s)
		case n.Get("content") != nil:
			r.diags.Warnf(n.PosOf("content"), rules.Header, "the content of header %s is not checked: the handler sends its text", m.Key)
		}
		out = append(out, h)
	}
	return out
}

func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	}) < 0
}

func (r *reader) encoding(op *Operation, e load.Member) Encoding {
	for _, f := range e.Value.Members {
		switch f.Key {
		case "encoding", "prefixEncoding", "itemEncoding":
			op.Unsupported.Add(diag.Diagnostic{
				Pos: f.Pos, Rule: rules.Sequence, Message: f.Key + " within an encoding is not supported yet, and would not be checked",
				Advice: "describe the part with contentType and headers",
			})
		default:
			r.unknown(op, f, "an encoding", "contentType", "headers", "style", "explode", "allowReserved")
		}
	}
	style := e.Value.StrOr("style")
	explode := style == "" || style == "form"
	if x := e.Value.Get("explode"); x != nil {
		explode = x.IsTrue()
	}
	styled := style != "" || e.Value.Get("explode") != nil || e.Value.Get("allowReserved") != nil
	headers := r.headers(op, e.Value)
	return Encoding{Headers: headers, Property: e.Key, ContentType: e.Value.StrOr("contentType"), Style: style, Explode: explode, Styled: styled, Separators: r.doc.Separators(e.Value), Pos: e.Pos}
}

// mediaType drops the parameters of a media type.
func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}

func kindOf(t string) MediaKind {
	switch {
	case t == "application/json", strings.HasSuffix(t, "+json"), t == "text/json":
		return MediaJSON
	case t == "application/x-www-form-urlencoded":
		return MediaForm
	case t == "multipart/form-data":
		return MediaMultipart
	case t == "text/event-stream", t == "text/*":
		return MediaBinary
	case strings.HasPrefix(t, "text/"):
		return MediaText
	}
	return MediaBinary
}
