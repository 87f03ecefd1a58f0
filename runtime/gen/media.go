package gen

import (
	"mime"
	"slices"
	"strings"
)

// media is one media type of Operation.Consumes or Operation.Produces.
type media struct {
	whole   string // application/json; version=1
	kind    string // application/json
	prefix  string // image/ for image/*, "" for */*
	ranged  bool
	charset bool // a text format, whose charset must be UTF-8
	json    bool // the JSON decoder reads the body, and checks its encoding
	stream  bool // not read before the handler asks
	parts   bool
	params  []mediaParam
	// others are names of parameters that tell entries of the same kind apart, and that this one
	// does not have.
	others []string
}

// mediaParam is one parameter of a media type.
type mediaParam struct{ name, value string }

func newMedia(s string) media {
	m := media{whole: s, kind: s}
	if strings.IndexByte(s, ';') >= 0 {
		kind, params, _ := mime.ParseMediaType(s) // the generator has written it
		m.kind = kind
		for name, value := range params {
			m.params = append(m.params, mediaParam{name, value})
		}
		slices.SortFunc(m.params, func(a, b mediaParam) int { return strings.Compare(a.name, b.name) })
	}
	if main, sub, _ := strings.Cut(m.kind, "/"); sub == "*" {
		m.ranged = true
		if main != "*" {
			m.prefix = main + "/"
		}
	}
	text := isJSONType(m.kind) || m.kind == "application/x-www-form-urlencoded" ||
		strings.HasPrefix(m.kind, "text/") && m.kind != "text/event-stream" && m.kind != "text/*"
	m.parts = m.kind == "multipart/form-data" || m.kind == "multipart/mixed"
	m.stream = !text && !m.parts
	m.charset = text || isSequence(m.kind)
	m.json = isJSONType(m.kind)
	return m
}

// tellApart finds which parameters tell the entries of one list apart.
func tellApart(list []media) {
	for i := range list {
		for _, o := range list {
			if o.kind != list[i].kind {
				continue
			}
			for _, p := range o.params {
				if p.name != "charset" && !list[i].hasParam(p.name) && !slices.Contains(list[i].others, p.name) {
					list[i].others = append(list[i].others, p.name)
				}
			}
		}
	}
}

func (m *media) hasParam(name string) bool {
	return slices.ContainsFunc(m.params, func(p mediaParam) bool { return p.name == name })
}

// is reports whether a media type of this kind with these parameters is m: it has those of m, and none
// that would make it another entry. Whatever else it has says nothing. Values have their case, but
// for the charset (RFC 9110, 8.3.1 and 8.3.2).
func (m *media) is(params map[string]string) bool {
	for _, p := range m.params {
		if value, ok := params[p.name]; !ok || value != p.value && !(p.name == "charset" && strings.EqualFold(value, p.value)) {
			return false
		}
	}
	for _, name := range m.others {
		if _, ok := params[name]; ok {
			return false
		}
	}
	return true
}

// matchMedia finds the media type of the body among those of the operation, or -1:
// also when there are two Content-Type fields, or another charset than UTF-8. Of several that fit it is the
// one with the most parameters, and a range only where nothing else fits.
func (c *Call) matchMedia() int {
	fields := c.R.Header["Content-Type"]
	if len(fields) != 1 {
		return -1
	}
	field := fields[0]
	for i := range c.op.consumes {
		if field == c.op.consumes[i].whole && !c.op.consumes[i].parts {
			return i
		}
	}
	kind, params, err := mime.ParseMediaType(field)
	if err != nil {
		return -1
	}
	best := -1
	for i := range c.op.consumes {
		m := &c.op.consumes[i]
		if !(m.kind == kind || m.ranged && strings.HasPrefix(kind, m.prefix)) || !m.is(params) {
			continue
		}
		if best < 0 || m.closer(&c.op.consumes[best]) {
			best = i
		}
	}
	if best >= 0 && c.op.consumes[best].charset && !isUTF8(params["charset"]) {
		return -1
	}
	return best
}

// closer reports whether m, which fits, fits better than o, which does too and stands before it.
func (m *media) closer(o *media) bool {
	if m.ranged != o.ranged {
		return o.ranged
	}
	if m.ranged && (m.prefix == "") != (o.prefix == "") {
		return o.prefix == ""
	}
	return len(m.params) > len(o.params)
}

// isUTF8 reports whether a charset is UTF-8, by its name or by the one that many programs write; or none.
func isUTF8(charset string) bool {
	return charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// isJSONType reports whether s is JSON (RFC 6839, 3.1).
func isJSONType(s string) bool {
	return s == "application/json" || s == "text/json" || strings.HasSuffix(s, "+json")
}

// isSequence reports whether the media type is a sequence of JSON texts.
func isSequence(s string) bool {
	switch s {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/x-jsonlines":
		return true
	}
	return s == "application/json-seq" || strings.HasSuffix(s, "+json-seq")
}

// isMediaType reports whether a content type is safe to be sent.
func isMediaType(s string) bool {
	main, sub, ok := strings.Cut(s, "/")
	return ok && main != "" && sub != "" && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// isFlushed reports whether somebody waits for each item of a stream of this type.
func isFlushed(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return kind == "text/event-stream" || isSequence(kind)
}

// ContentType is the media type of the body, in lower case and without its parameters.
func (c *Call) ContentType() string {
	kind, _, _ := mime.ParseMediaType(c.R.Header.Get("Content-Type")) // matchMedia has read it
	return kind
}

// MediaType is the position of the body's media type in Operation.Consumes.
func (c *Call) MediaType() int { return c.in.media }
