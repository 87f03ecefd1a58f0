package generator_test

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/golden/freeform/api"
)

// freeform answers with what it is given, or with what it holds.
type freeform struct {
	api.Unimplemented
	kept   *api.Kept
	masked *api.Masked
	got    map[string]wire.Raw
	called bool

	readOnly api.ReadOnlyBody

	server *api.Server
}

func (f *freeform) note(m map[string]wire.Raw) { f.called, f.got = true, m }

func (f *freeform) Meta(_ context.Context, r *api.MetaRequest) (*api.MetaResponse, error) {
	f.note(r.Body.Meta)
	return &api.MetaResponse{Meta: r.Body.Meta}, nil
}

func (f *freeform) Shared(_ context.Context, r *api.SharedRequest) (*api.Shared, error) {
	f.note(r.Body.Metadata)
	return &r.Body, nil
}

func (f *freeform) Bare(_ context.Context, r *api.BareRequest) (map[string]wire.Raw, error) {
	f.note(r.Body)
	return r.Body, nil
}

func (f *freeform) Counted(_ context.Context, r *api.CountedRequest) error {
	f.note(r.Body)
	return nil
}

func (f *freeform) Closed(context.Context, *api.ClosedRequest) error {
	f.note(nil)
	return nil
}

func (f *freeform) Kept(_ context.Context, r *api.KeptRequest) (*api.Kept, error) {
	f.note(r.Body.AdditionalProperties)
	if f.kept != nil {
		return f.kept, nil
	}
	return &api.Kept{A: r.Body.A, AdditionalProperties: r.Body.AdditionalProperties}, nil
}

func (f *freeform) Merged(_ context.Context, r *api.MergedRequest) (*api.Merged, error) {
	f.note(r.Body.AdditionalProperties)
	return &r.Body, nil
}

func (f *freeform) Beside(_ context.Context, r *api.BesideRequest) error {
	f.note(r.Body.Kept.Value.AdditionalProperties)
	return nil
}

func (f *freeform) Sum(_ context.Context, r *api.SumRequest) (*api.Sum, error) {
	f.note(nil)
	return &r.Body, nil
}

// Undeclared answers without the property that no branch declares: the encoder writes it.
func (f *freeform) Undeclared(_ context.Context, r *api.UndeclaredRequest) (*api.Undeclared, error) {
	f.called = true
	switch body := r.Body; {
	case body.Apple != nil:
		body.Apple.Kind = ""
	case body.Bean != nil:
		body.Bean.Kind = ""
	}
	return &r.Body, nil
}

func (f *freeform) Base(_ context.Context, r *api.BaseRequest) error {
	f.note(nil)
	if r.Body.Option1 != nil {
		f.note(r.Body.Option1.AdditionalProperties)
	}
	return nil
}

func (f *freeform) Form(_ context.Context, r *api.FormRequest) error {
	f.note(r.Body.AdditionalProperties)
	return nil
}

func (f *freeform) Query(_ context.Context, r *api.QueryRequest) error {
	f.note(maps.Clone(r.Filter))
	if f.got == nil {
		f.got = map[string]wire.Raw{}
	}
	maps.Copy(f.got, r.REST.Value.AdditionalProperties)
	return nil
}

func (f *freeform) Raw(_ context.Context, r *api.RawRequest) error {
	f.note(map[string]wire.Raw{"": r.Body})
	return nil
}

func (f *freeform) Lines(_ context.Context, r *api.LinesRequest) (iter.Seq2[runtime.Event[api.Kept], error], error) {
	var all []map[string]wire.Raw
	for line, err := range r.Body {
		if err != nil {
			return nil, err
		}
		all = append(all, line)
	}
	f.note(nil)
	return func(yield func(runtime.Event[api.Kept], error) bool) {
		for _, line := range all {
			if !yield(runtime.Event[api.Kept]{Data: api.Kept{A: "x", AdditionalProperties: line}}, nil) {
				return
			}
		}
	}, nil
}

func (f *freeform) Masked(context.Context, *api.MaskedRequest) (*api.Masked, error) {
	f.note(nil)
	return f.masked, nil
}

func (f *freeform) ask(t testing.TB, method, path, kind, body string) (status int, answer string) {
	t.Helper()
	if f.server == nil {
		s, err := api.NewServer(f, api.Config{Config: quiet})
		if err != nil {
			t.Fatal(err)
		}
		f.server = s
	}
	f.called, f.got = false, nil
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil { // http.ErrAbortHandler: the connection is cut
			status, answer = 0, w.Body.String()
		}
	}()
	f.server.ServeHTTP(w, r)
	if f.called != (w.Code < 300) && w.Code < 500 {
		t.Errorf("the handler was called: %v", f.called)
	}
	return w.Code, w.Body.String()
}

// nestedIn is an object in so many others.
func nestedIn(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }

// TestFreeForm: an object of which the document says nothing, and one with x-bailey-unknown: keep, hand on
// what they do not name, and a handler can answer with it.
func TestFreeForm(t *testing.T) {
	t.Parallel()
	f := new(freeform)
	for _, tt := range []struct {
		path, body string
		status     int
		has        string // in the answer
	}{
		{"/meta", `{"meta":{"a":1}}`, 200, `{"meta":{"a":1}}`},
		{"/meta", `{"meta":{"b":{"c":[1,"x",null]},"a":1.50}}`, 200, `{"meta":{"a":1.50,"b":{"c":[1,"x",null]}}}`}, // names in order, values as they came
		{"/meta", `{"meta":{}}`, 200, `{"meta":{}}`},
		{"/meta", `{}`, 200, `{}`},
		{"/meta", `{"meta":[]}`, 422, `type`},
		{"/meta", `{"meta":{},"other":1}`, 422, `additionalProperties`}, // the object around it says what it has
		{"/meta", `{"meta":{"a":1,"a":2}}`, 400, ``},
		{"/meta", `{"meta":{"a":{"b":1,"b":2}}}`, 400, ``},
		{"/meta", `{"meta":{"a":1,"\u0061":2}}`, 400, ``},
		{"/meta", "{\"meta\":{\"a\":\"\xff\"}}", 400, ``},
		{"/meta", `{"meta":{"a":"\ud800"}}`, 400, ``},
		{"/meta", `{"meta":{"a":01}}`, 400, ``},
		{"/meta", `{"meta":{"a":1,}}`, 400, ``},
		{"/meta", `{"meta":{"a":` + nestedIn(62) + `}}`, 200, ``},
		{"/meta", `{"meta":{"a":` + nestedIn(64) + `}}`, 400, ``},
		{"/shared", `{"metadata":{"k":"v"}}`, 200, `{"metadata":{"k":"v"}}`},
		{"/shared", `{"maybe":null}`, 200, `{"maybe":null}`},
		{"/shared", `{"named":null,"text":null}`, 200, `{"named":null,"text":null}`}, // nullable-allof: keep
		{"/shared", `{"named":{"a":"x"},"text":"b"}`, 200, `{"named":{"a":"x"},"text":"b"}`},
		{"/shared", `{"named":1}`, 422, `type`},
		{"/shared", `{"level":null,"other":null}`, 200, `{"level":null,"other":null}`}, // nullable-enum: keep
		{"/shared", `{"level":"low","other":1}`, 200, `{"level":"low","other":1}`},
		{"/shared", `{"level":"x"}`, 422, `enum`},
		{"/shared", `{"other":"x"}`, 422, `enum`},
		{"/shared", `{"text":"a"}`, 422, `anyOf`},
		{"/shared", `{"maybe":{"a":1},"list":[{"a":1},{}],"map":{"x":{"a":1}},"either":{"b":1}}`, 200, `{"maybe":{"a":1},"list":[{"a":1},{}],"map":{"x":{"a":1}},"either":{"b":1}}`},
		{"/shared", `{"either":"x"}`, 200, `{"either":"x"}`},
		{"/shared", `{"either":1}`, 422, `type`},
		{"/bare", `{"a":1,"b":2,"c":3}`, 200, `{"a":1,"b":2,"c":3}`},
		{"/bare", `{"a":1,"b":2,"c":3,"d":4}`, 422, `maxProperties`},
		{"/bare", nestedIn(4), 200, nestedIn(4)},
		{"/bare", nestedIn(5), 400, ``},
		{"/counted", `{"a":1}`, 204, ``},
		{"/counted", `{}`, 422, `minProperties`},
		{"/counted", `{"a":1,"b":2,"c":3}`, 422, `maxProperties`},
		{"/closed", `{"refused":{},"dropped":{},"none":{},"false":{},"named":{}}`, 204, ``},
		{"/closed", `{"refused":{"a":1}}`, 422, `additionalProperties`},
		{"/closed", `{"dropped":{"a":1}}`, 204, ``},
		{"/closed", `{"none":{"a":1}}`, 422, ``},
		{"/closed", `{"false":{"a":1}}`, 422, `additionalProperties`},
		{"/closed", `{"named":{"b":1}}`, 422, `additionalProperties`},
		{"/kept", `{"a":"x","z":1,"b":[true]}`, 200, `{"a":"x","b":[true],"z":1}`},
		{"/kept", `{"z":1}`, 422, `required`},
		{"/kept", `{"a":1,"z":1}`, 422, `type`},
		{"/kept", `{"a":"x","z":1,"z":1}`, 400, ``},
		{"/kept", `{"a":"x","id":1}`, 200, `{"a":"x"}`}, // readOnly: dropped, and never among the members that are kept
		{"/merged", `{"a":"x","b":"y","c":{}}`, 200, `{"a":"x","b":"y","c":{}}`},
		{"/beside", `{"kept":{"a":"x","z":1}}`, 204, ``},
		{"/beside", `{"plain":{"a":"x","z":1}}`, 422, `additionalProperties`},
		{"/sum", `{"kind":"first","z":{"a":1}}`, 200, `{"kind":"first","z":{"a":1}}`},
		{"/sum", `{"kind":"second","z":1}`, 422, `oneOf`},
		{"/undeclared", `{"kind":"apple","x":1}`, 200, `{"x":1,"kind":"apple"}`}, // undeclared-discriminator: declare
		{"/undeclared", `{"kind":"Bean","y":1}`, 200, `{"y":1,"kind":"2"}`},
		{"/undeclared", `{"kind":"2"}`, 200, `{"kind":"2"}`},
		{"/undeclared", `{"kind":2}`, 422, `discriminator`},
		{"/undeclared", `{"kind":"apple","y":1}`, 422, `required`},
		{"/undeclared", `{"kind":"apple","x":1,"y":1}`, 422, `additionalProperties`},
		{"/undeclared", `{"kind":"pear","x":1}`, 422, `discriminator`},
		{"/undeclared", `{"x":1}`, 422, `required`},
		{"/base", `{"a":"x","z":1}`, 204, ``},
		{"/base", `{"a":"x","b":"y"}`, 422, `oneOf`},
		{"/raw", `{"a":1,"z":1}`, 204, ``},
		{"/raw", `{"a":"x"}`, 422, `not`},
	} {
		status, answer := f.ask(t, "POST", tt.path, "application/json", tt.body)
		if status != tt.status || status != 200 && !strings.Contains(answer, tt.has) || status == 200 && tt.has != "" && answer != tt.has {
			t.Errorf("POST %s %.80s: %d %.300s, want %d %s", tt.path, tt.body, status, answer, tt.status, tt.has)
		}
	}
}

// TestFreeFormText: in forms, parameters and streams, too.
func TestFreeFormText(t *testing.T) {
	t.Parallel()
	const form, lines = "application/x-www-form-urlencoded", "application/jsonl"
	f := new(freeform)
	for _, tt := range []struct {
		method, path, kind, body string
		status                   int
		got                      map[string]wire.Raw
		has                      string
	}{
		{"POST", "/form", form, "a=1&z=2&y=x", 204, map[string]wire.Raw{"z": `"2"`, "y": `"x"`}, ""},
		{"POST", "/form", form, "a=1&z=2&z=3", 422, nil, ""},
		{"POST", "/form", form, "a=1&id=2", 204, nil, ""},
		{"GET", "/query?filter%5Bx%5D=1&a=1&b=2", "", "", 204, map[string]wire.Raw{"x": `"1"`, "b": `"2"`}, ""},
		{"GET", "/query?a=x", "", "", 400, nil, ""},
		{"POST", "/lines", lines, "{\"z\":1}\n{}\n", 200, nil, "data: {\"a\":\"x\",\"z\":1}\n\ndata: {\"a\":\"x\"}\n\n"},
		{"POST", "/lines", lines, "{\"z\":{\"b\":\n1}}\n", 400, nil, ""},
		{"POST", "/lines", lines, "{\"z\":1,\"z\":1}\n", 400, nil, ""},
		{"POST", "/lines", lines, "{\"a\":1}\n", 0, nil, ""}, // the handler's answer has a member twice: the connection is cut
	} {
		status, answer := f.ask(t, tt.method, tt.path, tt.kind, tt.body)
		if status != tt.status || tt.got != nil && !maps.Equal(f.got, tt.got) || !strings.Contains(answer, tt.has) {
			t.Errorf("%s %s %q: %d %q, got %v", tt.method, tt.path, tt.body, status, answer, f.got)
		}
	}
}

// TestFreeFormAnswers: what a handler answers with is checked: the members that nobody names are JSON, and have none of
// the names that the document has.
func TestFreeFormAnswers(t *testing.T) {
	t.Parallel()
	f := new(freeform)
	for _, tt := range []struct {
		name, text string
		want       string // "" for 500
	}{
		{"z", `{"b":1}`, `{"a":"x","z":{"b":1}}`},
		{"", `1`, `{"a":"x","":1}`},
		{"a\"b\n", `1`, `{"a":"x","a\"b\n":1}`},
		{"z", ``, `{"a":"x","z":null}`},
		{"z", `{`, ""},
		{"z", `{"a":1,"a":2}`, ""},
		{"z", `1,"id":2`, ""},
		{"z", "\"\xff\"", ""},
		{"a", `1`, ""},      // declared
		{"id", `1`, ""},     // declared, and the server's
		{"secret", `1`, ""}, // declared, and never in an answer
	} {
		f.kept = &api.Kept{A: "x", AdditionalProperties: map[string]wire.Raw{tt.name: wire.Raw(tt.text)}}
		status, answer := f.ask(t, "POST", "/kept", "application/json", `{"a":"x"}`)
		if tt.want == "" && (status != 500 || strings.Contains(answer, tt.text) && tt.text != "1" && tt.text != "{") || tt.want != "" && (status != 200 || answer != tt.want) {
			t.Errorf("%q: %s: %d %s, want %s", tt.name, tt.text, status, answer, tt.want)
		}
	}
}

// TestFreeFormMasked: an object that is masked is masked with all of its members, and a member that
// is masked has no second way out.
func TestFreeFormMasked(t *testing.T) {
	t.Parallel()
	secret := map[string]wire.Raw{"pin": `"12z4"`}
	f := &freeform{masked: &api.Masked{
		Name:    runtime.Some(mask.NewString("Ada")),
		Details: runtime.Some(mask.NewValue(secret)),
		Notes:   runtime.Some(runtime.NotNull(mask.NewValue(secret))),
	}}
	if status, answer := f.ask(t, "GET", "/masked", "", ""); status != 200 || answer != `{"name":"********","notes":null}` {
		t.Errorf("%d %s", status, answer)
	}
	for _, name := range []string{"name", "details", "notes"} {
		f.masked.AdditionalProperties = map[string]wire.Raw{name: `"12z4"`}
		if status, answer := f.ask(t, "GET", "/masked", "", ""); status != 500 || strings.Contains(answer, "12z4") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}

// ReadOnly notes what it is given.
func (f *freeform) ReadOnly(_ context.Context, r *api.ReadOnlyRequest) error {
	f.note(r.Body.Kept.Value.AdditionalProperties)
	f.readOnly = r.Body
	return nil
}

func (f *freeform) ReadOnlyStrict(context.Context, *api.ReadOnlyStrictRequest) error {
	f.note(nil)
	return nil
}

// TestReadOnlyDropped: read-only: drop of the configuration drops what is the server's where the operation says nothing else.
func TestReadOnlyDropped(t *testing.T) {
	t.Parallel()
	f := new(freeform)
	for _, tt := range []struct {
		path, body string
		status     int
	}{
		{"/read-only", `{"id":"1","a":"b"}`, 204},
		{"/read-only", `{"id":{"never":["looked","at"]},"a":"b"}`, 204},
		{"/read-only", `{"a":"b","id":"1","other":1}`, 422},
		{"/read-only", `{"id":"1","id":"2"}`, 400},
		{"/read-only", `{"kept":{"id":"1","z":1}}`, 204},
		{"/read-only", `{"both":{"id":"1","b":"x"}}`, 204},
		{"/read-only", `{"list":[],"map":{}}`, 204},
		{"/read-only", `{"list":["x",{"never":["looked","at"]}]}`, 204},
		{"/read-only", `{"list":"x"}`, 422},
		{"/read-only", `{"list":["x",]}`, 400},
		{"/read-only", `{"map":{"a":"x","b":[1]}}`, 204},
		{"/read-only", `{"map":["x"]}`, 422},
		{"/read-only", `{"map":{"a":1,"a":2}}`, 400},
		{"/read-only/strict", `{"a":"b"}`, 204},
		{"/read-only/strict", `{"id":"1","a":"b"}`, 422},
	} {
		if status, answer := f.ask(t, "PUT", tt.path, "application/json", tt.body); status != tt.status {
			t.Errorf("PUT %s %s: %d %s, want %d", tt.path, tt.body, status, answer, tt.status)
		}
		if _, ok := f.got["id"]; ok {
			t.Errorf("PUT %s %s: a member of the server's is kept", tt.path, tt.body)
		}
	}
}

// TestFreeFormMemory: bodies of the smallest members that there are take no more memory than any other body.
func TestFreeFormMemory(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	const mib = 1 << 20
	s, err := api.NewServer(api.Unimplemented{}, api.Config{Config: quiet})
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{"/meta": `{"meta":{`, "/kept": `{"a":"x",`, "/counted": "{", "/raw": "{", "/shared": `{"metadata":{`}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		open := paths[path]
		shut := strings.Repeat("}", strings.Count(open, "{"))
		for _, item := range []string{`"%X":1`, `"%X":{}`, `"%X":[]`, `"%X":""`, `"\u0041%X":1`, `"%X":{"a":1}`} {
			body := full(mib, open, item, shut)
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w, took := allocated(s, r)
			t.Logf("%s %s: %d, %d bytes, %.1f for each byte", path, item, w.Code, took, float64(took)/float64(len(body)))
			if took > 4<<20+20*int64(len(body)) {
				t.Errorf("%s %s: %d, %d bytes", path, item, w.Code, took)
			}
			if w.Code != http.StatusNotImplemented && w.Code != http.StatusRequestEntityTooLarge && w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s %s: %d", path, item, w.Code)
			}
		}
	}
}
