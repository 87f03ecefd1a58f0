package generator_test

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/testdata/golden/enforce/api"
)

// enforced reaches a handler where a request is taken: that is answered 501, or with what the
// handler holds.
type enforced struct {
	api.Unimplemented
	maps *api.Maps
}

func (e *enforced) EchoMaps(_ context.Context, r *api.EchoMapsRequest) (*api.Maps, error) {
	if e.maps != nil {
		return e.maps, nil
	}
	return &r.Body, nil
}

// ask sends a request, and returns the status.
func (e *enforced) ask(t *testing.T, method, target, mediaType, body string) (int, string) {
	t.Helper()
	s, err := api.NewServer(e, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// taken reports whether a request reached the handler.
func taken(status int) bool { return status == http.StatusNotImplemented || status < 300 }

// mapCase is a schema of a map with a value that it takes and one that it refuses.
type mapCase struct{ name, good, bad string }

// TestRedteamMaps: keywords about the members of an object hold where its schema names none, in
// bodies, forms, parameters and responses.
func TestRedteamMaps(t *testing.T) {
	t.Parallel()
	e := &enforced{}
	for _, tt := range []mapCase{
		{"any", `{"a":"x","c":"y"}`, `{"c":"x"}`},
		{"any", `{"a":"x","b":"y"}`, `{}`},
		{"any", `{"a":"x"}`, `{"a":1}`},
		{"one", `{"b":"x"}`, `{"a":"x","b":"y"}`},
		{"one", `{"a":"x"}`, `{"c":"x"}`},
		{"not", `{"user":"x"}`, `{"admin":"yes"}`},
		{"not", `{}`, `{"user":"x","admin":"yes"}`},
		{"notBoth", `{"a":"x"}`, `{"a":"x","b":"y"}`},
		{"least", `{"a":"x","b":"y"}`, `{"a":"x"}`},
		{"most", `{"a":"x"}`, `{"a":"x","b":"y"}`},
		{"anyFree", `{"a":1}`, `{"c":1}`},
		{"oneFree", `{"b":[]}`, `{"a":1,"b":1}`},
		{"notFree", `{"a":1}`, `{"admin":true}`},
		{"notEither", `{"c":"x"}`, `{"b":"x"}`},
		{"needs", `{"a":"x"}`, `{"b":"x"}`},
		{"depends", `{"a":"x","b":"y"}`, `{"a":"x"}`},
		{"names", `{"a":"x"}`, `{"ab":"x"}`},
		{"closed", `{"b":"x"}`, `{"a":"x"}`},
		{"named", `{"a":"x"}`, `{"admin":"yes"}`},
		{"nullable", `null`, `{"c":"yes"}`},
		{"typed", `"a"`, `{"c":"yes"}`},
		{"list", `[{"a":"x"}]`, `[{},{"admin":"yes"}]`},
		{"map", `{"admin":{}}`, `{"a":{"admin":"yes"}}`},
	} {
		if status, answer := e.ask(t, "POST", "/maps", "application/json", `{"`+tt.name+`":`+tt.good+`}`); status != 200 {
			t.Errorf("%s: %s: %d %s; want 200", tt.name, tt.good, status, answer)
		}
		if status, answer := e.ask(t, "POST", "/maps", "application/json", `{"`+tt.name+`":`+tt.bad+`}`); status != 422 {
			t.Errorf("%s: %s: %d %s; want 422", tt.name, tt.bad, status, answer)
		}
	}
	for _, tt := range []struct{ method, good, bad string }{
		{"POST /forms/any", "a=x&c=y", "c=x"},
		{"POST /forms/one", "b=x", "a=x&b=y"},
		{"POST /forms/not", "user=x", "user=x&admin=yes"},
		{"GET /maps", "any[a]=x", "any[c]=x"},
		{"GET /maps", "one[b]=x", "one[a]=x&one[b]=y"},
		{"GET /maps", "not[user]=x", "not[admin]=yes"},
		{"GET /maps", "least[a]=x&least[b]=x", "least[a]=x"},
		{"GET /maps", "listed=user,x", "listed=admin,yes"},
		{"GET /exploded/any", "a=x", "c=x"},
		{"GET /exploded/not", "user=x", "admin=yes"},
	} {
		method, path, _ := strings.Cut(tt.method, " ")
		send := func(text string) (int, string) {
			if method == "GET" {
				return e.ask(t, method, path+"?"+strings.NewReplacer("[", "%5B", "]", "%5D").Replace(text), "", "")
			}
			return e.ask(t, method, path, "application/x-www-form-urlencoded", text)
		}
		if status, answer := send(tt.good); !taken(status) {
			t.Errorf("%s %s: %d %s; want it to be taken", tt.method, tt.good, status, answer)
		}
		if status, answer := send(tt.bad); status/100 != 4 {
			t.Errorf("%s %s: %d %s; want it to be refused", tt.method, tt.bad, status, answer)
		}
	}
	// A handler cannot send what the schema refuses.
	for _, tt := range []struct {
		not  api.NotMap
		want int
	}{
		{api.NotMap{AdditionalProperties: map[string]string{"user": "x"}}, 200},
		{api.NotMap{Admin: runtime.Some("yes")}, 500},
		{api.NotMap{AdditionalProperties: map[string]string{"admin": "x"}}, 500},
	} {
		if status, answer := (&enforced{maps: &api.Maps{Not: runtime.Some(tt.not)}}).ask(t, "POST", "/maps", "application/json", `{}`); status != tt.want {
			t.Errorf("a response: %d %s, want %d", status, answer, tt.want)
		}
	}
}

// TestRedteamWeaker: x-bailey-unknown of a schema holds in forms, against what the operation says.
func TestRedteamWeaker(t *testing.T) {
	t.Parallel()
	e := &enforced{}
	parts := func(names ...string) (string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, name := range names {
			if err := w.WriteField(name, "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), b.String()
	}
	known, knownBody := parts("a")
	multi, multiBody := parts("a", "b")
	for _, tt := range []struct {
		path, mediaType, body string
		taken                 bool
	}{
		{"/unknown", "application/json", `{"a":"x"}`, true},
		{"/unknown", "application/json", `{"a":"x","b":"x"}`, false},
		{"/unknown", "application/x-www-form-urlencoded", url.Values{"a": {"x"}}.Encode(), true},
		{"/unknown", "application/x-www-form-urlencoded", "a=x&b=x", false},
		{"/unknown", known, knownBody, true},
		{"/unknown", multi, multiBody, false},
		{"/dropped", "application/json", `{"a":"x","b":"x"}`, true},
		{"/dropped", "application/x-www-form-urlencoded", "a=x&b=x", true},
		{"/dropped", multi, multiBody, true},
	} {
		if status, answer := e.ask(t, "POST", tt.path, tt.mediaType, tt.body); taken(status) != tt.taken {
			t.Errorf("%s %s %q: %d %s; want it to be taken: %v", tt.path, tt.mediaType, tt.body, status, answer, tt.taken)
		}
	}
}
