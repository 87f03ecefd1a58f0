package refusals

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// meanings are the names of members by the part that they mean, in lower case and without separators. What is not
// listed means nothing to bailey.
var meanings = map[string][]string{
	"status":      {"status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "errorcode", "errno", "code", "errnum", "number"},
	"detail":      {"message", "msg", "detail", "details", "description", "errordescription", "errormessage", "reason", "text", "summary", "errorsummary", "error", "info", "usermessage", "developermessage", "longmessage", "phrase", "explanation", "issue", "detailmessage", "errormsg", "errors", "errortext", "messages", "localizedmessage", "devmessage", "displaymessage", "cause"},
	"title":       {"title", "name", "heading", "label", "statustext", "status", "errorname", "errortype", "category", "type", "kind"},
	"code":        {"code", "errorcode", "error", "type", "errortype", "key", "kind", "id", "reason", "name", "slug", "errorkey", "status", "internalcode", "subcode", "category", "errorname"},
	"request-id":  {"requestid", "traceid", "correlationid", "instance", "debuggingrequestid", "logid", "errorid", "clerktraceid", "transactionid", "reqid", "debugid", "logref", "flowid", "trace", "correlator", "id", "uuid", "reference"},
	"docs":        {"docs", "helpurl", "moreinfo", "link", "documentationurl", "documentation", "url", "erroruri", "href", "errorlink", "help", "infolink", "type", "documentationlink", "docurl", "infourl"},
	"retry-after": {"retryafter", "retryafterseconds", "retryin"},
	"place":       {"field", "path", "parameter", "param", "name", "location", "loc", "target", "property", "propertyname", "fieldname", "paramname", "attribute", "key", "argument", "entity", "domain"},
	"pointer":     {"pointer", "jsonpointer"},
	"in":          {"in"},
	"keyword":     {"keyword", "rule", "constraint", "code", "type", "errorcode", "reason", "validator", "kind", "issue", "error"},
}

// guess are the parts that a member's name and type may mean, the likeliest first.
func guess(name string, s *schema.Schema, list bool) []string {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "", "@", "", "$", "").Replace(name))
	var order []string
	switch {
	case s.Types&schema.TypeString != 0 && (s.Enum != nil || len(s.Patterns) > 0):
		order = []string{"code", "in", "keyword", "status"}
	case s.Types&schema.TypeString != 0:
		order = []string{"request-id", "detail", "docs", "code", "status", "title"}
		if list {
			order = []string{"pointer", "place", "in", "detail", "keyword", "code", "docs", "title", "request-id"}
		}
		if slices.Contains(meanings["code"], plain) && plain != "reason" && plain != "error" && plain != "id" && !list {
			order = append([]string{"code"}, order...)
		}
	case s.Types&(schema.TypeInteger|schema.TypeNumber) != 0:
		order = []string{"retry-after", "status"}
	}
	var out []string
	for _, part := range order {
		if slices.Contains(meanings[part], plain) {
			out = append(out, part)
		}
	}
	return out
}

// Proposal is a template that was made from names: a start for the author.
type Proposal struct {
	Body  *policy.ErrorBody
	Codes []policy.ErrorCode
	// listed are the entries of codes that an enum lists: those of texts that are free give way to them.
	listed map[string]bool
}

// Propose makes a template that serves many of the contracts, which are weighed by the statuses that they have.
func Propose(all []Contract, r *schema.Reader) Proposal {
	p := &proposer{listed: map[string]bool{}}
	weight := map[*schema.Schema]int{}
	var order []*schema.Schema
	codes := map[*schema.Schema][]int{}
	for _, c := range all {
		if c.Schema == nil {
			continue
		}
		if weight[c.Schema] == 0 {
			order = append(order, c.Schema)
		}
		weight[c.Schema] += len(c.Statuses)
		codes[c.Schema] = append(codes[c.Schema], c.Statuses...)
	}
	slices.SortStableFunc(order, func(a, b *schema.Schema) int { return weight[b] - weight[a] })
	var body *policy.ErrorBody
	for _, s := range order {
		p.reader, p.statuses, p.left = r, codes[s], mostRead
		if made := p.value(s, "", false, true, 0); made != nil {
			body = union(body, made)
		}
	}
	if body == nil {
		return Proposal{}
	}
	out := Proposal{Body: body, listed: p.listed}
	if has(body, "code") {
		out.Codes = p.table()
	}
	return out
}

type proposer struct {
	reader   *schema.Reader
	statuses []int
	codes    []policy.ErrorCode
	listed   map[string]bool  // see Proposal
	within   []*schema.Schema // that are being read: one that holds itself is not read again
	left     int              // values that may still be read
}

// mostRead bounds how many values are read of a schema.
const mostRead = 500

// has reports whether a template has a part.
func has(b *policy.ErrorBody, part string) bool {
	return b != nil && (b.Part == part || has(b.Item, part) || slices.ContainsFunc(b.Members, func(m policy.ErrorMember) bool { return has(m.Value, part) }))
}

// value proposes a value for a schema; nil leaves it out.
func (p *proposer) value(s *schema.Schema, name string, list, required bool, depth int) *policy.ErrorBody {
	if p.left--; s == nil || s.Never || depth > 5 || p.left < 0 || slices.Contains(p.within, s) {
		return nil
	}
	p.within = append(p.within, s)
	defer func() { p.within = p.within[:len(p.within)-1] }()
	if branches := slices.Concat(s.OneOf, s.AnyOf); len(branches) > 0 {
		base := *s
		base.OneOf, base.AnyOf, base.Discriminator = nil, nil, nil
		var out *policy.ErrorBody
		for _, b := range branches {
			if made := p.value(p.reader.Merge(s.Pos, &base, b), name, list, required, depth+1); made != nil {
				if out = union(out, made); !out.Object {
					break
				}
			}
		}
		return out
	}
	if _, ok := fixedValue(s); ok {
		return nil // filled from the schema
	}
	switch {
	case s.Types == schema.TypeAny && len(s.Properties) == 0:
		if required {
			return &policy.ErrorBody{Part: "detail"}
		}
		return nil
	case s.Types&schema.TypeObject != 0:
		return p.object(s, list, required, depth)
	case s.Types&schema.TypeArray != 0:
		if list || s.MinItems > 1 || s.MaxItems == 0 {
			return nil
		}
		item := p.value(s.Items, name, true, true, depth+1)
		if item == nil && s.Items == nil {
			item = &policy.ErrorBody{Part: "detail"}
		}
		if item == nil {
			return nil
		}
		return &policy.ErrorBody{Item: item}
	}
	return p.scalar(s, name, list, required, depth)
}

func (p *proposer) object(s *schema.Schema, list, required bool, depth int) *policy.ErrorBody {
	b := &policy.ErrorBody{Object: true}
	made := make([]*policy.ErrorBody, len(s.Properties))
	for _, needed := range []bool{true, false} { // required members have the table of codes, and are read in any case
		for i := range s.Properties {
			prop := &s.Properties[i]
			if slices.Contains(s.Required, prop.Name) != needed {
				continue
			}
			v := p.value(prop.Schema, prop.Name, list, needed, depth+1)
			if v != nil && !needed && (foreign(v, depth+1) || !p.fits(v, prop.Schema, list)) {
				v = nil
			}
			made[i] = v
		}
	}
	for i, v := range made {
		if v != nil {
			b.Members = append(b.Members, policy.ErrorMember{Name: s.Properties[i].Name, Value: v})
		}
	}
	if len(b.Members) == 0 && !required && depth > 0 {
		return nil
	}
	return b
}

// foreign reports whether an object that is not required is none of an error's, but of the API: it needs a
// member of no known name, or it stands deep and tells no place.
func foreign(t *policy.ErrorBody, depth int) bool {
	if t.Part != "" || t.Literal != nil {
		return false
	}
	return literal(t) || t.Object && depth > 1 && !slices.ContainsFunc(policy.ErrorPlaces, func(part string) bool { return has(t, part) })
}

func literal(t *policy.ErrorBody) bool {
	return t != nil && (t.Literal != nil || literal(t.Item) || slices.ContainsFunc(t.Members, func(m policy.ErrorMember) bool { return literal(m.Value) }))
}

// fits reports whether a value that is not required fits its schema: it is left out otherwise.
func (p *proposer) fits(t *policy.ErrorBody, s *schema.Schema, list bool) bool {
	f := &fitter{contract: Contract{Schema: s, Statuses: p.statuses, Codes: p.codes}, reader: p.reader, used: map[*policy.ErrorBody]bool{}}
	f.value(t, s, place{list: list})
	return f.misfit == nil
}

// scalar proposes the first part by the name that fits.
func (p *proposer) scalar(s *schema.Schema, name string, list, required bool, depth int) *policy.ErrorBody {
	candidates := guess(name, s, list)
	if depth == 0 || name == "" || list && len(candidates) == 0 && required {
		candidates = append(candidates, "detail")
	}
	if required && (s.Enum != nil || len(s.Patterns) > 0 || s.MinLength > 0 || s.Format != "") {
		candidates = append(candidates, "code", "status", "detail", "request-id")
	}
	for _, part := range candidates {
		if part == "code" {
			if !p.code(s) {
				continue
			}
			return &policy.ErrorBody{Part: part}
		}
		if part == "docs" { // of which the author alone knows the links
			continue
		}
		t := &policy.ErrorBody{Part: part}
		f := &fitter{contract: Contract{Schema: s, Statuses: p.statuses}, reader: p.reader, used: map[*policy.ErrorBody]bool{}}
		if f.value(t, s, place{required: required, list: list}); f.misfit == nil {
			return t
		}
	}
	if !required {
		return nil
	}
	for _, literal := range []*load.Node{scalar("", false), scalar("0", true), {Kind: load.Bool, Text: "false"}, {Kind: load.Null}} {
		if allows(s, literal) {
			return &policy.ErrorBody{Literal: literal}
		}
	}
	if len(s.Enum) > 0 {
		return &policy.ErrorBody{Literal: s.Enum[0]}
	}
	return nil
}

type usualCode struct {
	status int
	words  []string
}

// usual are codes by status: the words of an enum that mean it, the first of them where there is no enum.
var usual = []usualCode{
	{400, []string{"invalid_request", "bad_request", "badrequest", "invalid", "validation", "malformed", "invalid_argument", "bad", "client"}},
	{401, []string{"unauthorized", "unauthenticated", "authentication", "invalid_token", "unauth", "login", "auth"}},
	{403, []string{"forbidden", "permission", "access_denied", "denied", "unauthorized_client", "insufficient", "auth"}},
	{404, []string{"not_found", "notfound", "missing", "resource"}},
	{405, []string{"method_not_allowed", "method", "not_allowed", "unsupported"}},
	{406, []string{"not_acceptable", "acceptable", "unsupported"}},
	{408, []string{"request_timeout", "timeout"}},
	{409, []string{"conflict", "exists", "duplicate"}},
	{413, []string{"too_large", "large", "size", "length"}},
	{415, []string{"unsupported_media_type", "media", "content_type", "unsupported"}},
	{422, []string{"invalid_body", "unprocessable", "validation", "invalid"}},
	{429, []string{"rate_limited", "rate", "too_many", "limit", "throttl", "quota", "temporarily"}},
	{500, []string{"internal", "server_error", "server", "unknown", "unexpected"}},
	{501, []string{"not_implemented", "notimplemented", "unsupported", "internal", "server"}},
	{503, []string{"unavailable", "temporarily", "overload", "busy", "internal", "server"}},
	{505, []string{"http_version", "internal", "server"}},
}

// code notes codes for the statuses that s is sent with; false where it takes none.
func (p *proposer) code(s *schema.Schema) bool {
	if s.Types&schema.TypeString == 0 || slices.Contains(bounded, s.Format) {
		return false
	}
	statuses := p.statuses
	for _, status := range append(slices.Clone(statuses), Sent...) {
		name := strconv.Itoa(status)
		i := slices.IndexFunc(p.codes, func(c policy.ErrorCode) bool { return c.For == name })
		if i >= 0 && allows(s, p.codes[i].Value) {
			continue
		}
		v := codeOf(s, status)
		switch {
		case v == nil:
			if slices.Contains(statuses, status) {
				return false
			}
		case i < 0:
			p.codes = append(p.codes, policy.ErrorCode{For: name, Value: v})
			p.listed[name] = s.Enum != nil
		case !p.listed[name]:
			p.codes[i].Value, p.listed[name] = v, s.Enum != nil
		case slices.Contains(statuses, status): // another member has the codes
			return false
		}
	}
	return true
}

// codeOf is a code for a status that a schema accepts, or nil.
func codeOf(s *schema.Schema, status int) *load.Node {
	words := []string{"error"}
	for _, u := range usual {
		if u.status == status {
			words = slices.Clone(u.words)
		}
	}
	general := 0 // of the usual codes: those of a client's error, or of a server's
	if status >= 500 {
		general = slices.IndexFunc(usual, func(u usualCode) bool { return u.status == 500 })
	}
	words = slices.Concat(words, usual[general].words, []string{"error", "unknown", "other", "general"})
	if s.Enum == nil {
		for _, text := range []string{words[0], strings.ToUpper(words[0]), strings.ReplaceAll(words[0], "_", "-"), strconv.Itoa(status), "ERROR"} {
			if v := scalar(text, false); allows(s, v) {
				return v
			}
		}
		return nil
	}
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(s))
	}
	for _, word := range append([]string{strconv.Itoa(status)}, words...) {
		for _, v := range s.Enum {
			if v.Kind == load.String && strings.Contains(plain(v.Text), plain(word)) && allows(s, v) {
				return v
			}
		}
	}
	for _, v := range s.Enum {
		if v.Kind == load.String && allows(s, v) {
			return v
		}
	}
	return nil
}

// table is the codes, with a default.
func (p *proposer) table() []policy.ErrorCode {
	list := slices.Clone(p.codes)
	slices.SortStableFunc(list, func(a, b policy.ErrorCode) int { return strings.Compare(a.For, b.For) })
	for _, status := range []string{"400", "500"} {
		if i := slices.IndexFunc(list, func(c policy.ErrorCode) bool { return c.For == status }); i >= 0 {
			return append(list, policy.ErrorCode{For: "default", Value: list[i].Value})
		}
	}
	return list
}

// union is a template with the members of both; where they differ, that of a.
func union(a, b *policy.ErrorBody) *policy.ErrorBody {
	switch {
	case a == nil:
		return b
	case a.Object && b.Object:
		for _, m := range b.Members {
			if i := slices.IndexFunc(a.Members, func(o policy.ErrorMember) bool { return o.Name == m.Name }); i >= 0 {
				a.Members[i].Value = union(a.Members[i].Value, m.Value)
			} else {
				a.Members = append(a.Members, m)
			}
		}
	case a.Item != nil && b.Item != nil:
		a.Item = union(a.Item, b.Item)
	case a.Part == "code" && b.Part == "status":
		return b
	}
	return a
}

// Join adds another document's proposal to one, where several documents share a template.
func (p Proposal) Join(o Proposal) Proposal {
	if o.Body == nil {
		return p
	}
	out := Proposal{Body: o.Body, Codes: slices.Clone(p.Codes)}
	if p.Body != nil {
		out.Body = union(p.Body, o.Body)
	}
	out.listed = maps.Clone(p.listed)
	if out.listed == nil {
		out.listed = map[string]bool{}
	}
	for _, c := range o.Codes {
		i := slices.IndexFunc(out.Codes, func(have policy.ErrorCode) bool { return have.For == c.For })
		switch {
		case i < 0:
			out.Codes = append(out.Codes, c)
		case o.listed[c.For] && !out.listed[c.For]:
			out.Codes[i] = c
		default:
			continue
		}
		out.listed[c.For] = o.listed[c.For]
	}
	return out
}

// ContractsOf lists the errors in JSON that a document declares.
func ContractsOf(api *openapi.API) []Contract {
	var out []Contract
	for _, op := range api.Operations {
		for _, d := range DeclaredBy(op, nil) {
			for _, m := range d.Response.Content {
				if m.Kind == openapi.MediaJSON {
					out = append(out, Contract{Media: m.Name, Schema: m.Schema, Statuses: d.Statuses})
					break
				}
			}
		}
	}
	return out
}
