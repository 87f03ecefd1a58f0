package generator_test

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/testdata/golden/enforce/api"
)

// word is a keyword with a value that meets it and one that breaks it; items of arrays stand
// between commas.
type word struct{ key, good, bad string }

var words = []word{
	{"minLength", "abc", "ab"}, {"maxLength", "abc", "abcd"}, {"pattern", "aa", "b"}, {"format", "1.2.3.4", "1.2.3"},
	{"enum", "a", "c"}, {"const", "x", "y"}, {"anyOf", "longer", "xx"}, {"oneOf", "ab", "abc"}, {"allOf", "abc", "abcd"},
	{"minimum", "5", "4"}, {"maximum", "5", "6"}, {"exclusiveMinimum", "6", "5"}, {"exclusiveMaximum", "4", "5"}, {"multipleOf", "6", "7"},
	{"minItems", "a,b", "a"}, {"maxItems", "a", "a,b"}, {"uniqueItems", "a,b", "a,a"}, {"items", "a,b", "a,bc"},
}

func (w word) list() bool { return strings.HasSuffix(w.key, "tems") }

func (w word) number() bool {
	return strings.Contains(strings.ToLower(w.key), "imum") || w.key == "multipleOf"
}

// json is the member with a value.
func (w word) json(text string) string {
	switch {
	case w.number():
	case w.list():
		text = `["` + strings.ReplaceAll(text, ",", `","`) + `"]`
	default:
		text = `"` + text + `"`
	}
	return `{"` + w.key + `":` + text + `}`
}

// set writes a value to the field of the keyword in a struct of generated types, as a handler would.
func (w word) set(t *testing.T, into reflect.Value, prefix, text string) {
	t.Helper()
	f := into.FieldByName(prefix + strings.ToUpper(w.key[:1]) + w.key[1:])
	if !f.IsValid() {
		t.Fatalf("%s has no field for %s", into.Type(), w.key)
	}
	if f.Kind() == reflect.Struct {
		f.FieldByName("Set").SetBool(true)
		f = f.FieldByName("Value")
	}
	switch f.Kind() {
	case reflect.Slice:
		f.Set(reflect.ValueOf(strings.Split(text, ",")))
	case reflect.String:
		f.SetString(text)
	case reflect.Int64:
		n, _ := strconv.ParseInt(text, 10, 64)
		f.SetInt(n)
	case reflect.Float64:
		n, _ := strconv.ParseFloat(text, 64)
		f.SetFloat(n)
	default:
		t.Fatalf("%s is a %s", w.key, f.Kind())
	}
}

// wordHolder answers with what it holds.
type wordHolder struct {
	enforced
	places  api.Places
	word    api.Words
	headers api.GetHeadersNoContent
}

func (h *wordHolder) EchoWords(context.Context, *api.EchoWordsRequest) (*api.Places, error) {
	return &h.places, nil
}

func (h *wordHolder) EchoLines(_ context.Context, r *api.EchoLinesRequest) (iter.Seq2[api.Words, error], error) {
	for _, err := range r.Body {
		if err != nil {
			return nil, err
		}
	}
	return func(yield func(api.Words, error) bool) { yield(h.word, nil) }, nil
}

func (h *wordHolder) WatchWords(context.Context, *api.WatchWordsRequest) (iter.Seq2[runtime.Event[api.Words], error], error) {
	return func(yield func(runtime.Event[api.Words], error) bool) {
		yield(runtime.Event[api.Words]{Data: h.word}, nil)
	}, nil
}

func (h *wordHolder) GetHeaders(context.Context, *api.GetHeadersRequest) (*api.GetHeadersNoContent, error) {
	return &h.headers, nil
}

// send sends a request to a server of h, and returns the status; 0 where the answer broke off.
func (h *wordHolder) send(t *testing.T, r *http.Request) (status int) {
	t.Helper()
	s, err := api.NewServer(h, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil { // http.ErrAbortHandler
			status = 0
		}
	}()
	s.ServeHTTP(w, r)
	return w.Code
}

func post(path, mediaType, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", mediaType)
	return r
}

// asked are the kinds of places of a request, each with the request that has a value there.
var asked = []struct {
	name string
	with func(w word, text string) *http.Request // nil where the place has no form for it
}{
	{"property", func(w word, text string) *http.Request {
		return post("/words", "application/json", `{"word":`+w.json(text)+`}`)
	}},
	{"items", func(w word, text string) *http.Request {
		return post("/words", "application/json", `{"list":[{},`+w.json(text)+`]}`)
	}},
	{"additionalProperties", func(w word, text string) *http.Request {
		return post("/words", "application/json", `{"map":{"k":`+w.json(text)+`}}`)
	}},
	{"nested", func(w word, text string) *http.Request {
		return post("/words", "application/json", `{"inner":{"word":`+w.json(text)+`}}`)
	}},
	{"oneOf", func(w word, text string) *http.Request {
		return post("/words", "application/json", `{"choice":`+w.json(text)+`}`)
	}},
	{"form", func(w word, text string) *http.Request {
		return post("/words/form", "application/x-www-form-urlencoded", w.pairs(text, ""))
	}},
	{"multipart", func(w word, text string) *http.Request {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for _, part := range w.parts(text) {
			_ = m.WriteField(w.key, part)
		}
		_ = m.Close()
		return post("/words/form", m.FormDataContentType(), b.String())
	}},
	{"lines", func(w word, text string) *http.Request {
		return post("/words/lines", "application/jsonl", "{}\n"+w.json(text)+"\n")
	}},
	{"deepObject", func(w word, text string) *http.Request {
		if w.list() {
			return nil // OpenAPI has no form for it
		}
		return httptest.NewRequest("GET", "/words?"+url.Values{"w[" + w.key + "]": {text}}.Encode(), nil)
	}},
	{"exploded object", func(w word, text string) *http.Request {
		return httptest.NewRequest("GET", "/words/exploded?"+w.pairs(text, ""), nil)
	}},
	{"query", func(w word, text string) *http.Request {
		return httptest.NewRequest("GET", "/words/headers?"+w.key+"="+text, nil)
	}},
	{"header", func(w word, text string) *http.Request {
		r := httptest.NewRequest("GET", "/words/headers", nil)
		r.Header.Set("X-"+w.key, text)
		return r
	}},
	{"cookie", func(w word, text string) *http.Request {
		r := httptest.NewRequest("GET", "/words/headers", nil)
		r.Header.Set("Cookie", "c-"+w.key+"="+text)
		return r
	}},
	{"path", func(w word, text string) *http.Request {
		path := "/words/path"
		for _, other := range words {
			if other.key == w.key {
				other.good = text
			}
			path += "/" + other.good
		}
		return httptest.NewRequest("GET", path, nil)
	}},
}

func (w word) parts(text string) []string {
	if w.list() {
		return strings.Split(text, ",")
	}
	return []string{text}
}

func (w word) pairs(text, name string) string {
	return url.Values{name + w.key: w.parts(text)}.Encode()
}

// TestEnforcedInRequests: every keyword refuses a value in every kind of place of a request, and
// lets another one pass.
func TestEnforcedInRequests(t *testing.T) {
	t.Parallel()
	h := &wordHolder{}
	for _, place := range asked {
		for _, w := range words {
			good, bad := place.with(w, w.good), place.with(w, w.bad)
			if good == nil {
				continue
			}
			if status := h.send(t, good); !taken(status) {
				t.Errorf("%s in %s: %q is answered %d; want it to be taken", w.key, place.name, w.good, status)
			}
			if status := h.send(t, bad); status/100 != 4 {
				t.Errorf("%s in %s: %q is answered %d; want it to be refused", w.key, place.name, w.bad, status)
			}
		}
	}
}

// TestEnforcedInResponses: no handler can send a value that breaks a keyword, in any kind of place of
// a response.
func TestEnforcedInResponses(t *testing.T) {
	t.Parallel()
	get := func(path string) *http.Request { return httptest.NewRequest("GET", path, nil) }
	for _, place := range []struct {
		name string
		hold func(h *wordHolder, w api.Words)
		ask  *http.Request
	}{
		{"property", func(h *wordHolder, w api.Words) { h.places.Word = runtime.Some(w) }, nil},
		{"items", func(h *wordHolder, w api.Words) { h.places.List = []api.Words{{}, w} }, nil},
		{"additionalProperties", func(h *wordHolder, w api.Words) { h.places.Map = map[string]api.Words{"k": w} }, nil},
		{"nested", func(h *wordHolder, w api.Words) {
			h.places.Inner = runtime.Some(api.PlacesInner{Word: runtime.Some(w)})
		}, nil},
		{"oneOf", func(h *wordHolder, w api.Words) { h.places.Choice = runtime.Some(api.PlacesChoice{Words: &w}) }, nil},
		{"lines", func(h *wordHolder, w api.Words) { h.word = w }, post("/words/lines", "application/jsonl", "")},
		{"events", func(h *wordHolder, w api.Words) { h.word = w }, get("/words/events")},
	} {
		for _, w := range words {
			for _, tt := range []struct {
				text string
				want bool
			}{{w.good, true}, {w.bad, false}} {
				var value api.Words
				w.set(t, reflect.ValueOf(&value).Elem(), "", tt.text)
				h := &wordHolder{}
				place.hold(h, value)
				r := place.ask
				if r == nil {
					r = post("/words", "application/json", "{}")
				}
				if status := h.send(t, r.Clone(context.Background())); (status == 200) != tt.want {
					t.Errorf("%s in %s: %q is answered %d; want it to be sent: %v", w.key, place.name, tt.text, status, tt.want)
				}
			}
		}
	}
	for _, w := range words {
		var good, bad wordHolder
		w.set(t, reflect.ValueOf(&good.headers).Elem(), "X", w.good)
		w.set(t, reflect.ValueOf(&bad.headers).Elem(), "X", w.bad)
		if status := good.send(t, get("/words/headers")); status != 204 {
			t.Errorf("%s in a header: %q is answered %d", w.key, w.good, status)
		}
		if status := bad.send(t, get("/words/headers")); status != 500 {
			t.Errorf("%s in a header: %q is answered %d; want 500", w.key, w.bad, status)
		}
	}
}
