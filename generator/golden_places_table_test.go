package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// wordRow is a policy or a keyword of the golden places. A new word is a row here and a line of
// the components that it stands in.
type wordRow struct {
	name      string
	set       string // the component of requests that has it, "" for none
	schema    string // of the property; of the object for dropping
	good, bad string // as JSON
	policy    bool   // a warning is not enough for it
	ways      string // "request", "response" or both: where it says something
}

const bothWays = "request response"

var wordRows = []wordRow{
	{"writable", "guarded", "{type: string, x-bailey-writable-by: edit}", `"x"`, `"x"`, true, "request"},
	{"readOnly", "flat", "{type: string, readOnly: true}", ``, `"x"`, false, "request"},
	{"exact", "flat", "{type: integer, x-bailey-exact: true}", `99999999999999999999`, `1.5`, true, bothWays},
	{"notText", "flat", "{type: string, not: {const: x}}", `"y"`, `"x"`, false, bothWays},
	{"ifText", "flat", "{type: string, if: {minLength: 3}, then: {pattern: ^a}, else: {pattern: ^b}}", `"abc"`, `"bcd"`, false, bothWays},
	{"unknown", "dropping", "x-bailey-unknown: drop", `"x"`, `"x"`, true, "request"},

	{"contains", "deep", "{type: array, items: {type: string}, contains: {const: a}}", `["b","a"]`, `["b"]`, false, bothWays},
	{"minContains", "deep", "{type: array, items: {type: string}, contains: {const: a}, minContains: 2}", `["a","a"]`, `["a","b"]`, false, bothWays},
	{"maxContains", "deep", "{type: array, items: {type: string}, contains: {const: a}, maxContains: 1}", `["a","b"]`, `["a","a"]`, false, bothWays},
	{"prefixItems", "deep", "{type: array, items: {type: string}, prefixItems: [{const: a}]}", `["a","b"]`, `["b","b"]`, false, bothWays},
	{"unevaluatedItems", "deep", "{type: array, prefixItems: [{type: string}], unevaluatedItems: false}", `["a"]`, `["a","b"]`, false, bothWays},
	{"if", "deep", "{type: object, properties: {a: {type: string}, b: {type: string}}, if: {required: [a]}, then: {required: [b]}}", `{"a":"x","b":"x"}`, `{"a":"x"}`, false, bothWays},
	{"else", "deep", "{type: object, properties: {a: {type: string}, b: {type: string}}, if: {required: [a]}, else: {required: [b]}}", `{"a":"x"}`, `{}`, false, bothWays},
	{"dependentSchemas", "deep", "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentSchemas: {a: {required: [b]}}}", `{"b":"x"}`, `{"a":"x"}`, false, bothWays},
	{"dependentRequired", "deep", "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}", `{"b":"x"}`, `{"a":"x"}`, false, bothWays},
	{"patternProperties", "deep", "{type: object, patternProperties: {^a: {type: string, maxLength: 1}}}", `{"ab":"x"}`, `{"ab":"xx"}`, false, bothWays},
	{"propertyNames", "deep", "{type: object, additionalProperties: {type: string}, propertyNames: {maxLength: 1}}", `{"a":"x"}`, `{"ab":"x"}`, false, bothWays},
	{"unevaluatedProperties", "deep", "{type: object, anyOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}], unevaluatedProperties: {type: integer}}", `{"a":"x"}`, `{"a":"x","c":"x"}`, false, bothWays},
	{"not", "deep", "{type: object, properties: {a: {type: string}, b: {type: string}}, not: {required: [a, b]}}", `{"a":"x"}`, `{"a":"x","b":"x"}`, false, bothWays},

	// Of masks, good is the value as it is sent, and bad the clear value, which is not.
	{"redact", "", "{type: string, x-bailey-mask: redact}", `"********"`, clearCard, true, "response"},
	{"last4", "", "{type: string, x-bailey-mask: last4}", `"********1234"`, clearCard, true, "response"},
	{"first6last4", "", "{type: string, x-bailey-mask: first6last4}", `"411111********1234"`, clearCard, true, "response"},
	{"email", "", "{type: string, x-bailey-mask: email}", `"********"`, clearCard, true, "response"},
	{"hash", "", "{type: string, x-bailey-mask: hash}", ``, clearCard, true, "response"},
	{"nulled", "", "{type: [string, 'null'], x-bailey-mask: 'null'}", `null`, clearCard, true, "response"},
	{"dropped", "", "{type: string, x-bailey-mask: drop}", ``, clearCard, true, "response"},
	{"class", "", "{type: string, x-bailey-data: pii}", `"********"`, clearCard, true, "response"},
	{"lifted", "", "{type: string, x-bailey-mask: {how: redact, scopes: [see]}}", `"********"`, clearCard, true, "response"},
	{"bounded", "", "{type: string, maxLength: 20, pattern: ^4, x-bailey-mask: last4}", `"********1234"`, clearCard, true, "response"},
	{"boundedLifted", "", "{type: string, maxLength: 20, x-bailey-mask: {how: last4, scopes: [see]}}", `"********1234"`, clearCard, true, "response"},
	{"writeOnly", "", "{type: string, writeOnly: true}", ``, clearCard, false, "response"},
}

// clearCard is what no response may show.
const clearCard = `"4111111111111234"`

// member is one name and value, as JSON; an empty value is none.
type member struct{ name, value string }

// object is the JSON of one member.
func (m member) object() string {
	if m.value == "" {
		return "{}"
	}
	return `{"` + m.name + `":` + m.value + `}`
}

// texts are the value as a form or a parameter has it: the items of an array, else one text.
func (m member) texts() []string {
	if m.value == "" {
		return nil
	}
	var list []string
	var text string
	switch {
	case json.Unmarshal([]byte(m.value), &list) == nil:
		return list
	case json.Unmarshal([]byte(m.value), &text) == nil:
		return []string{text}
	}
	return []string{m.value}
}

// pairs are the member in a form.
func (m member) pairs() string { return url.Values{m.name: m.texts()}.Encode() }

// packed are name and value between commas, where the style of a parameter has a form for the set;
// otherwise the parameter is read as JSON text, with a warning.
func (m member) packed(set string) string {
	if set == "deep" {
		return m.object()
	}
	return m.name + "," + strings.Join(m.texts(), "")
}

// placeRow is a kind of place. Of a request, send has the member in it; of a response, path is
// where the golden answers with it. A place that the golden lacks has only the document.
type placeRow struct {
	name string
	// paths has G for the schema object with the word.
	paths string
	way   string
	sets  string // that the golden has there
	send  func(set string, m member) *http.Request
	path  string
}

func bodyPlace(name, media, sets string, send func(set string, m member) *http.Request) placeRow {
	return placeRow{name: name, way: "request", sets: sets, send: send,
		paths: "  /p:\n    post:\n      requestBody: {required: true, content: {" + media + "}}\n      responses: {'204': {description: d}}\n"}
}

func paramPlace(name, path, param, sets string, send func(set string, m member) *http.Request) placeRow {
	return placeRow{name: name, way: "request", sets: sets, send: send,
		paths: "  " + path + ":\n    get:\n      parameters: [" + param + "]\n      responses: {'204': {description: d}}\n"}
}

const everySet, onlyProperties, unguarded = "flat guarded deep dropping", "flat guarded deep", "flat deep dropping"

// around is a place in the JSON body that has all of these.
func around(name, schema, before, after string) placeRow {
	return bodyPlace(name, "application/json: {schema: "+schema+"}", everySet, func(set string, m member) *http.Request {
		return post("/"+set+"/json", "application/json", before+m.object()+after)
	})
}

func askPath(set, path string) *http.Request { return httptest.NewRequest("GET", "/"+set+path, nil) }

func parted(path string, name, value string) *http.Request {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, text := range (member{name, value}).texts() {
		_ = w.WriteField(name, text)
	}
	_ = w.Close()
	return post(path, w.FormDataContentType(), b.String())
}

var askedPlaces = []placeRow{
	around("property", "{type: object, properties: {property: G}}", `{"property":`, `}`),
	around("items", "{type: array, items: G}", `{"items":[{},`, `]}`),
	around("map", "{type: object, additionalProperties: G}", `{"map":{"k":`, `}}`),
	around("nested", "{type: object, properties: {inner: {type: object, properties: {g: G}}}}", `{"nested":{"inner":{"g":`, `}}}`),
	around("choice", "{oneOf: [G, {type: string}]}", `{"choice":`, `}`),
	around("merged", "{allOf: [G, {type: object, properties: {z: {type: string}}}]}", `{"merged":`, `}`),
	around("rest", "{type: object, properties: {z: {type: string}}, additionalProperties: G}", `{"rest":{"k":`, `}}`),
	around("nullable", "{type: object, properties: {nullable: {oneOf: [G, {type: 'null'}]}}}", `{"nullable":`, `}`),
	bodyPlace("lines", "application/jsonl: {itemSchema: G}", unguarded, func(set string, m member) *http.Request {
		return post("/"+set+"/lines", "application/jsonl", "{}\n"+m.object()+"\n")
	}),
	bodyPlace("sequence", "application/json-seq: {itemSchema: G}", unguarded, func(set string, m member) *http.Request {
		return post("/"+set+"/seq", "application/json-seq", "\x1e{}\n\x1e"+m.object()+"\n")
	}),
	bodyPlace("form", "application/x-www-form-urlencoded: {schema: G}", everySet, func(set string, m member) *http.Request {
		return post("/"+set+"/form", "application/x-www-form-urlencoded", m.pairs())
	}),
	bodyPlace("field of a form", "application/x-www-form-urlencoded: {schema: {type: object, properties: {g: G}}}", everySet, func(set string, m member) *http.Request {
		return post("/"+set+"/nested", "application/x-www-form-urlencoded", url.Values{"g": {m.object()}}.Encode())
	}),
	bodyPlace("multipart", "multipart/form-data: {schema: G}", everySet, func(set string, m member) *http.Request {
		return parted("/"+set+"/form", m.name, m.value)
	}),
	bodyPlace("part", "multipart/form-data: {schema: {type: object, properties: {g: G, f: {type: string, format: binary}}}}", everySet, func(set string, m member) *http.Request {
		return parted("/"+set+"/nested", "g", m.object())
	}),
	paramPlace("deepObject", "/p", "{name: p, in: query, style: deepObject, schema: G}", everySet, func(set string, m member) *http.Request {
		q := url.Values{}
		var parts map[string]any
		switch {
		case json.Unmarshal([]byte(m.value), &parts) == nil && m.value != `{}`:
			for name, value := range parts {
				q.Set("p["+m.name+"]["+name+"]", fmt.Sprint(value))
			}
		case strings.HasPrefix(m.value, "["):
			q["p["+m.name+"][]"] = m.texts()
		default:
			q["p["+m.name+"]"] = m.texts()
		}
		return askPath(set, "/deepObject?"+q.Encode())
	}),
	paramPlace("exploded", "/p", "{name: p, in: query, schema: G}", onlyProperties, func(set string, m member) *http.Request {
		return askPath(set, "/exploded?"+m.pairs())
	}),
	paramPlace("packed", "/p", "{name: p, in: query, explode: false, schema: G}", everySet, func(set string, m member) *http.Request {
		return askPath(set, "/packed?p="+strings.ReplaceAll(url.QueryEscape(m.packed(set)), "%2C", ","))
	}),
	paramPlace("content", "/p", "{name: p, in: query, content: {application/json: {schema: G}}}", everySet, func(set string, m member) *http.Request {
		return askPath(set, "/content?"+url.Values{"p": {m.object()}}.Encode())
	}),
	paramPlace("querystring", "/p", "{name: p, in: querystring, content: {application/x-www-form-urlencoded: {schema: G}}}", onlyProperties, func(set string, m member) *http.Request {
		return askPath(set, "/querystring?"+m.pairs())
	}),
	paramPlace("header", "/p", "{name: X-P, in: header, schema: G}", everySet, func(set string, m member) *http.Request {
		r := askPath(set, "/header")
		r.Header.Set("X-P", m.packed(set))
		return r
	}),
	paramPlace("content of a header", "/p", "{name: X-P, in: header, content: {application/json: {schema: G}}}", everySet, func(set string, m member) *http.Request {
		r := askPath(set, "/headerContent")
		r.Header.Set("X-P", m.object())
		return r
	}),
	paramPlace("cookie", "/p", "{name: p, in: cookie, explode: false, schema: G}", everySet, func(set string, m member) *http.Request {
		r := askPath(set, "/cookie")
		r.Header.Set("Cookie", "p="+strings.ReplaceAll(url.QueryEscape(m.packed(set)), "%2C", ","))
		return r
	}),
	paramPlace("content of a cookie", "/p", "{name: p, in: cookie, content: {application/json: {schema: G}}}", everySet, func(set string, m member) *http.Request {
		r := askPath(set, "/cookieContent")
		r.Header.Set("Cookie", "p="+url.QueryEscape(m.object()))
		return r
	}),
	paramPlace("path", "/p/{p}", "{name: p, in: path, required: true, schema: G}", everySet, func(set string, m member) *http.Request {
		return askPath(set, "/path/"+strings.ReplaceAll(url.PathEscape(m.packed(set)), "%2C", ","))
	}),
	paramPlace("matrix", "/p/{p}", "{name: p, in: path, style: matrix, explode: true, required: true, schema: G}", everySet, func(set string, m member) *http.Request {
		if set == "deep" {
			return askPath(set, "/matrix/"+url.PathEscape(m.object()))
		}
		return askPath(set, "/matrix/;"+m.name+"="+url.PathEscape(strings.Join(m.texts(), "")))
	}),
	// Generated code does not look into these.
	bodyPlace("part header", "multipart/form-data: {schema: {type: object, properties: {f: {type: string, format: binary}}}, encoding: {f: {headers: {X-H: {schema: G}}}}}", "", nil),
	bodyPlace("XML", "application/xml: {schema: G}", "", nil),
	bodyPlace("text", "text/plain: {schema: G}", "", nil),
	bodyPlace("bytes", "application/octet-stream: {schema: G}", "", nil),
	paramPlace("Accept", "/p", "{name: Accept, in: header, schema: G}", "", nil),
	paramPlace("Authorization", "/p", "{name: authorization, in: header, content: {application/json: {schema: G}}}", "", nil),
	paramPlace("Content-Type", "/p", "{name: Content-Type, in: header, schema: {type: array, items: G}}", "", nil),
	paramPlace("parameter without a place", "/p", "{name: p, in: path, required: true, schema: G}", "", nil),
}

func answerPlace(name, response, path string) placeRow {
	return placeRow{name: name, way: "response", path: path,
		paths: "  /p:\n    get:\n      responses: {" + response + "}\n"}
}

// inJSON is a place in the JSON body that has all of these.
func inJSON(name, schema string) placeRow {
	return answerPlace(name, "'200': {description: d, content: {application/json: {schema: "+schema+"}}}", "/answers/json")
}

var answeredPlaces = []placeRow{
	inJSON("property", "{type: object, properties: {property: G}}"),
	inJSON("items", "{type: object, properties: {items: {type: array, items: G}}}"),
	inJSON("map", "{type: object, properties: {map: {type: object, additionalProperties: G}}}"),
	inJSON("nested", "{type: object, properties: {nested: {type: object, properties: {inner: {type: object, properties: {g: G}}}}}}"),
	inJSON("choice", "{type: object, properties: {choice: {oneOf: [G, {type: string}]}}}"),
	inJSON("merged", "{type: object, properties: {merged: {allOf: [G, {type: object, properties: {z: {type: string}}}]}}}"),
	inJSON("rest", "{type: object, properties: {rest: {type: object, properties: {z: {type: string}}, additionalProperties: G}}}"),
	inJSON("nullable", "{type: object, properties: {nullable: {oneOf: [G, {type: 'null'}]}}}"),
	answerPlace("array", "'200': {description: d, content: {application/json: {schema: {type: array, items: G}}}}", "/answers/array"),
	answerPlace("map as a whole", "'200': {description: d, content: {application/json: {schema: {type: object, additionalProperties: G}}}}", "/answers/map"),
	answerPlace("lines", "'200': {description: d, content: {application/jsonl: {itemSchema: G}}}", "/answers/lines"),
	answerPlace("sequence", "'200': {description: d, content: {application/json-seq: {itemSchema: G}}}", "/answers/seq"),
	answerPlace("data of events", "'200': {description: d, content: {text/event-stream: {itemSchema: G}}}", "/answers/data"),
	answerPlace("whole events", "'200': {description: d, content: {text/event-stream: {itemSchema: {type: object, required: [data], properties: {event: {type: string}, data: {type: string, contentMediaType: application/json, contentSchema: G}}}}}}", "/answers/event"),
	answerPlace("error", "'204': {description: d}, '409': {description: d, content: {application/json: {schema: G}}}", "/answers/error"),
	answerPlace("default", "'204': {description: d}, default: {description: d, content: {application/problem+json: {schema: G}}}", "/answers/default"),
	// Generated code does not write these member by member, or never sends them.
	answerPlace("header", "'200': {description: d, headers: {X-H: {schema: G}}}", ""),
	answerPlace("content of a header", "'200': {description: d, headers: {X-H: {content: {application/json: {schema: G}}}}}", ""),
	answerPlace("header of bailey's own", "'200': {description: d, headers: {Content-Type: {schema: {type: array, items: G}}}}", ""),
	answerPlace("text", "'200': {description: d, content: {text/plain: {schema: G}}}", ""),
	answerPlace("form", "'200': {description: d, content: {application/x-www-form-urlencoded: {schema: G}}}", ""),
	answerPlace("multipart", "'200': {description: d, content: {multipart/form-data: {schema: G}}}", ""),
	answerPlace("XML", "'200': {description: d, content: {application/xml: {schema: G}}}", ""),
	answerPlace("bytes", "'200': {description: d, content: {application/octet-stream: {schema: G}}}", ""),
	answerPlace("status that is no answer", "'103': {description: d, headers: {X-H: {schema: G}}, content: {application/json: {schema: G}}}, '204': {description: d}", ""),
	answerPlace("entry that is no media type", "'200': {description: d, content: {application/json: {schema: {type: object}}, nonsense: {schema: G}}}", ""),
}
