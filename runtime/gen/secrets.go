package gen

import (
	"encoding/base64"
	"encoding/json"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/runtime/internal/redact"
)

// credential is the label of credentials.
const credential = "credential"

// secrets are the values of the request that must not be in a log: its credentials and what has a class of
// data. It looks for them in the request as it was sent, by the names that the document gives. It reports false
// where a body with such values is not in memory.
func (c *Call) secrets() (*redact.Values, bool) {
	v := &redact.Values{}
	c.credentials(v)
	if c.op == nil || len(c.op.op.Classified) == 0 {
		return v, true
	}
	c.pairs(v, "query", c.R.URL.RawQuery)
	names := pathNames(c.op.op.Path)
	for i, value := range c.found.path {
		if i < len(names) {
			c.add(v, c.op.class("path", names[i]), unescaped(value, url.PathUnescape))
		}
	}
	for name, values := range c.R.Header {
		if class := c.op.class("header", name); class != "" {
			for _, value := range values {
				c.add(v, class, value)
			}
		}
	}
	return v, c.bodySecrets(v)
}

// bodySecrets adds those of the body. It reports false where it may have some that are gone.
func (c *Call) bodySecrets(v *redact.Values) bool {
	if !c.op.classifies("body") || !c.in.hasBody || c.in.reader == nil || len(c.op.consumes) == 0 {
		return true
	}
	switch media := &c.op.consumes[c.in.media]; {
	case media.stream:
		return false
	case media.parts:
		if c.in.parts == nil {
			return true
		}
		for _, p := range c.in.parts.kept {
			c.member(v, p.name, p.value)
		}
	case media.kind == "application/x-www-form-urlencoded":
		c.pairs(v, "body", c.in.content)
	case media.json:
		c.jsonValues(v, c.op.class("body", "*"), c.in.content)
	default:
		c.add(v, c.op.class("body", "*"), c.in.content)
	}
	return true
}

// class is the class of the values of a name, or "".
func (m *mounted) class(in, name string) string {
	for i := range m.op.Classified {
		d := &m.op.Classified[i]
		if d.In == in && (d.Name == name || d.Name == "*" || in == "header" && strings.EqualFold(d.Name, name)) {
			return d.Class
		}
	}
	return ""
}

func (m *mounted) classifies(in string) bool {
	return slices.ContainsFunc(m.op.Classified, func(d Classified) bool { return d.In == in })
}

// pairs adds the values of pairs, name=value, of a query or a form. The name may have brackets or dots, as in
// user[email]: each part of it can be the name.
func (c *Call) pairs(v *redact.Values, in, text string) {
	if in == "query" && c.op.classifies("querystring") {
		c.add(v, credentialOr(c.op.class("querystring", "*")), unescaped(text, url.QueryUnescape))
	}
	for pair := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = unescaped(name, url.QueryUnescape)
		class := c.op.class(in, name)
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("[].", r) }) {
			if class == "" {
				class = c.op.class(in, part)
			}
		}
		if in == "query" && class == "" {
			class = c.op.class("querystring", name)
		}
		clear := unescaped(value, url.QueryUnescape)
		if c.add(v, class, clear); class != "" {
			v.Add(value, class)
		} else if in == "body" && (strings.HasPrefix(clear, "{") || strings.HasPrefix(clear, "[")) {
			c.jsonValues(v, "", clear)
		}
	}
}

// credentialOr is a class, or that of credentials where there is none.
func credentialOr(class string) string {
	if class == "" {
		return credential
	}
	return class
}

// member adds the value of a part of a multipart body, or what is classified in it, where it is JSON.
func (c *Call) member(v *redact.Values, name, value string) {
	class := c.op.class("body", name)
	if c.add(v, class, value); class == "" {
		c.jsonValues(v, "", value)
	}
}

// add adds a value, and what it consists of where it is a list, an object or JSON.
func (c *Call) add(v *redact.Values, class, value string) {
	if class == "" || value == "" {
		return
	}
	v.Add(value, class)
	if value[0] == '{' || value[0] == '[' {
		c.jsonValues(v, class, value)
	}
	if parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(",;| =", r) }); len(parts) > 1 {
		for _, part := range parts {
			v.Add(part, class)
		}
	}
}

// jsonValues adds the scalars of a JSON text that are classified: class says whether all of them are, else
// those are that stand at and below a member whose name is. What is no JSON has none.
func (c *Call) jsonValues(v *redact.Values, class, text string) {
	type level struct {
		class  string // of all values
		member string // of the value that follows in an object
		object bool
		key    bool // a name follows
	}
	stack := []level{{class: class}}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		top := &stack[len(stack)-1]
		here := top.class
		if name, ok := token.(string); ok && top.object && top.key {
			if top.member, top.key = top.class, false; top.member == "" {
				top.member = c.op.class("body", name)
			}
			continue
		}
		if top.object {
			here, top.key = top.member, true
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				stack = append(stack, level{class: here, object: t == '{', key: t == '{'})
			default:
				if stack = stack[:len(stack)-1]; len(stack) == 0 {
					return
				}
			}
		case string:
			addScalar(v, here, t)
		case json.Number:
			addScalar(v, here, t.String())
			if f, err := t.Float64(); err == nil {
				addScalar(v, here, strconv.FormatFloat(f, 'f', -1, 64))
				addScalar(v, here, strconv.FormatFloat(f, 'g', -1, 64))
			}
		case bool: // what is left out would say the same
			addScalar(v, here, "true")
			addScalar(v, here, "false")
		}
	}
}

func addScalar(v *redact.Values, class, value string) {
	if class != "" {
		v.Add(value, class)
	}
}

// pathNames are the names of the parameters of a path template, in its order.
func pathNames(template string) (names []string) {
	for {
		_, rest, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		var name string
		if name, template, ok = strings.Cut(rest, "}"); !ok {
			return names
		}
		names = append(names, name)
	}
}

func unescaped(s string, f func(string) (string, error)) string {
	if clear, err := f(s); err == nil {
		return clear
	}
	return s
}

// credentials adds the credentials of the request: those of Authorization, all cookies, and whatever fields it has
// that are not known to hold none, since an authenticator of the user's may read any of them.
func (c *Call) credentials(v *redact.Values) {
	for name, values := range c.R.Header {
		for _, value := range values {
			switch name {
			case "Authorization", "Proxy-Authorization":
				addAuthorization(v, value)
			case "Cookie":
				for pair := range strings.SplitSeq(value, ";") {
					_, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
					v.Add(value, credential)
					v.Add(unescaped(value, url.PathUnescape), credential)
				}
			default:
				if len(value) >= leastCredential && !harmless(name) {
					v.Add(value, credential)
				}
			}
		}
	}
}

// leastCredential is how long the value of an unknown field is, in bytes, that may be a credential, and part
// of a token that tells anything.
const leastCredential = 8

func addAuthorization(v *redact.Values, value string) {
	v.Add(value, credential)
	scheme, token, _ := strings.Cut(value, " ")
	token = strings.Trim(token, " ")
	v.Add(token, credential)
	if strings.EqualFold(scheme, "Basic") {
		clear, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			return
		}
		_, password, _ := strings.Cut(string(clear), ":")
		v.Add(string(clear), credential)
		v.Add(password, credential)
		return
	}
	for part := range strings.SplitSeq(token, ".") { // of a JSON Web Token
		if len(part) >= leastCredential {
			v.Add(part, credential)
		}
	}
}

// harmless reports whether a field, by its canonical name, holds no credential: fields of HTTP, of browsers,
// proxies and tracing.
func harmless(name string) bool {
	for _, prefix := range []string{"Accept", "Access-Control-", "Content-", "If-", "Sec-", "X-Forwarded-", "X-B3-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains(harmlessFields, name)
}

var harmlessFields = canonical(
	"Cache-Control", "Connection", "Date", "Expect", "Forwarded", "From", "Host", "Idempotency-Key", "Keep-Alive", "Max-Forwards", "Origin", "Pragma",
	"Priority", "Range", "TE", "Traceparent", "Tracestate", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via",
	"X-Real-Ip", "X-Request-Id", "X-Correlation-Id", "X-Fapi-Interaction-Id",
)

func canonical(names ...string) []string {
	for i, name := range names {
		names[i] = textproto.CanonicalMIMEHeaderKey(name)
	}
	return names
}
