package generator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/testdata/golden/kitchen/api"
)

// kitchen echoes what it was given.
type kitchen struct{ api.Unimplemented }

func (kitchen) EchoScalars(_ context.Context, r *api.EchoScalarsRequest) (*api.Scalars, error) {
	return &r.Body, nil
}
func (kitchen) EchoBounds(_ context.Context, r *api.EchoBoundsRequest) (*api.Bounds, error) {
	return &r.Body, nil
}
func (kitchen) EchoLists(_ context.Context, r *api.EchoListsRequest) (*api.Lists, error) {
	return &r.Body, nil
}
func (kitchen) EchoMaps(_ context.Context, r *api.EchoMapsRequest) (*api.Maps, error) {
	return &r.Body, nil
}
func (kitchen) EchoTree(_ context.Context, r *api.EchoTreeRequest) (*api.Tree, error) {
	return &r.Body, nil
}
func (kitchen) EchoSums(_ context.Context, r *api.EchoSumsRequest) (*api.Sums, error) {
	return &r.Body, nil
}
func (kitchen) EchoMerged(_ context.Context, r *api.EchoMergedRequest) (*api.Merged, error) {
	return &r.Body, nil
}
func (kitchen) EchoDefaults(_ context.Context, r *api.EchoDefaultsRequest) (*api.Defaults, error) {
	return &r.Body, nil
}
func (kitchen) EchoDirections(_ context.Context, r *api.EchoDirectionsRequest) (*api.Directions, error) {
	return &api.Directions{ID: "7", Name: r.Body.Name}, nil
}
func (kitchen) EchoRaw(_ context.Context, r *api.EchoRawRequest) (wire.Raw, error) {
	if !r.Body.Set {
		return `"nothing"`, nil
	}
	return r.Body.Value, nil
}
func (kitchen) EchoList(_ context.Context, r *api.EchoListRequest) ([]int32, error) {
	return r.Body, nil
}
func (kitchen) ReadParams(_ context.Context, r *api.ReadParamsRequest) (*api.Read, error) {
	return &api.Read{Text: fmt.Sprintf("%d %s s=%s b=%v f=%v u=%v t=%v d=%v many=%v csv=%q pipes=%q n=%d json=%v need=%s list=%v crumb=%s",
		r.ID, r.Kind, r.S.Value, r.B.Value, r.F.Value, r.U.Set, r.T.Value.Unix(), r.D.Set, r.Many, r.CSV, r.Pipes, r.N, r.JSON.Value.A, r.XNeed, r.XList, r.Crumb.Value)}, nil
}
func (kitchen) NeedQuery(context.Context, *api.NeedQueryRequest) error { return nil }
func (kitchen) NoSuccess(context.Context, *api.NoSuccessRequest) error { return nil }
func (kitchen) ReadForm(_ context.Context, r *api.ReadFormRequest) (*api.Read, error) {
	return &api.Read{Text: fmt.Sprintf("%s %d %q", r.Body.Name, r.Body.Age.Value, r.Body.Tags)}, nil
}
func (kitchen) ReadUpload(_ context.Context, r *api.ReadUploadRequest) (*api.Read, error) {
	return &api.Read{Text: fmt.Sprintf("%s %s %d more=%d meta=%v", r.Body.Title.Value, r.Body.File.Name, r.Body.File.Size(), len(r.Body.More), r.Body.Meta.Value.N)}, nil
}
func (kitchen) EchoText(_ context.Context, r *api.EchoTextRequest) (*api.EchoTextOK, error) {
	return &api.EchoTextOK{Body: r.Body}, nil
}
func (kitchen) EchoBytes(_ context.Context, r *api.EchoBytesRequest) (*api.EchoBytesOK, error) {
	return &api.EchoBytesOK{Body: r.Body}, nil
}
func (kitchen) ReadMedia(_ context.Context, r *api.ReadMediaRequest) (*api.Read, error) {
	if r.JSON.Set {
		return &api.Read{Text: "json " + r.JSON.Value.A}, nil
	}
	return &api.Read{Text: "plain " + r.Plain.Value}, nil
}
func (kitchen) GetOutcome(_ context.Context, r *api.GetOutcomeRequest) (api.GetOutcomeResult, error) {
	switch r.Which {
	case "whole":
		return &api.GetOutcomeOK{ETag: `"v1"`, XCount: runtime.Some(int32(3)), XTags: []string{"a", "b"}, Body: api.Read{Text: "x"}}, nil
	case "later":
		return &api.GetOutcomeAccepted{}, nil
	case "nothing":
		return nil, &api.GetOutcomeNotFound{Body: api.Fault{Title: "nothing"}}
	case "teapot":
		return nil, &api.GetOutcomeClientError{StatusCode: 418, Body: api.Fault{Title: "teapot"}}
	case "wrong-range":
		return nil, &api.GetOutcomeClientError{StatusCode: 200, Body: api.Fault{Title: "no"}}
	case "ours":
		return nil, &api.GetOutcomeDefault{StatusCode: 503, Body: api.Fault{Title: "ours"}}
	case "opaque":
		return nil, errors.New("a secret of the database")
	case "nil":
		return nil, nil
	}
	panic("another secret")
}
func (kitchen) GetBroken(_ context.Context, r *api.GetBrokenRequest) (*api.Bounds, error) {
	switch r.Which {
	case "good":
		return &api.Bounds{N: 3}, nil
	case "nil":
		return nil, nil
	case "pattern":
		return &api.Bounds{N: 3, P: runtime.Some("secret")}, nil
	}
	return &api.Bounds{N: 11, S: runtime.Some("secret value that is far too long")}, nil
}

func (kitchen) GetCounted(_ context.Context, r *api.GetCountedRequest) (*api.Counted, error) {
	a := runtime.Some("a")
	return map[string]*api.Counted{
		"mail":  {ID: 1, Mail: a, Note: a},
		"phone": {ID: 1, Phone: a, Note: a, Tags: []string{}},
		"none":  {ID: 1, Note: a, Tags: []string{}},
		"both":  {ID: 1, Mail: a, Phone: a},
		"half":  {ID: 1, Phone: a, Note: a},
		"few":   {ID: 1, Mail: a},
		"many":  {ID: 1, Phone: a, Note: a, Tags: []string{}, Mail: a},
	}[r.Which], nil
}

// ask is one request to the kitchen and what must come back.
type ask struct {
	name   string
	method string
	path   string
	header map[string]string
	kind   string
	body   string
	status int
	want   string   // the body, when it is not empty
	has    []string // texts in the body
}

func newKitchen(t *testing.T) *httptest.Server {
	t.Helper()
	s, err := api.NewServer(kitchen{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv
}

func (a ask) run(t *testing.T, base string) {
	t.Helper()
	method := a.method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequest(method, base+a.path, strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	kind := a.kind
	if kind == "" && a.body != "" {
		kind = "application/json"
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range a.header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != a.status {
		t.Fatalf("status %d, want %d: %s", res.StatusCode, a.status, body)
	}
	if a.want != "" && string(body) != a.want {
		t.Errorf("got  %s\nwant %s", body, a.want)
	}
	for _, text := range a.has {
		if !strings.Contains(string(body), text) {
			t.Errorf("the answer lacks %q: %s", text, body)
		}
	}
	if strings.Contains(string(body), "secret") {
		t.Errorf("the answer holds a secret: %s", body)
	}
}

// same is a JSON body that comes back as it is.
func same(name, path, body string) ask {
	return ask{name: name, path: path, body: body, status: 200, want: body}
}

// bad is a JSON body that breaks its schema, at pointer and by keyword.
func bad(name, path, body, pointer, keyword string) ask {
	return ask{name: name, path: path, body: body, status: 422, has: []string{fmt.Sprintf("%q", pointer), fmt.Sprintf("%q", keyword)}}
}

func TestKitchenBodies(t *testing.T) {
	base := newKitchen(t).URL
	for _, a := range []ask{
		same("nothing", "/scalars", `{}`),
		same("all scalars", "/scalars", `{"string":"é\u0001","bool":true,"int":-5,"int32":7,"int64":9223372036854775807,"uint64":18446744073709551615,"float":1.5,"double":0.1,"uuid":"0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a","time":"2026-03-01T10:00:00Z","date":"2026-03-01","bytes":"aGk=","email":"a@b.example","enum":"","level":4,"nullable":null,"nullableEnum":"x","odd-name$":"x"}`),
		{name: "an integer as 1e2", path: "/scalars", body: `{"int":1e2,"int32":1.0}`, status: 200, want: `{"int":100,"int32":1}`},
		bad("a string for an integer", "/scalars", `{"int":"5"}`, "/int", "type"),
		bad("a fraction for an integer", "/scalars", `{"int":1.5}`, "/int", "type"),
		bad("beyond int32", "/scalars", `{"int32":2147483648}`, "/int32", "format"),
		bad("beyond uint64", "/scalars", `{"uint64":18446744073709551616}`, "/uint64", "format"),
		bad("no uuid", "/scalars", `{"uuid":"{0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a}"}`, "/uuid", "format"),
		bad("no email", "/scalars", `{"email":"nobody"}`, "/email", "format"),
		bad("no value of the enum", "/scalars", `{"enum":"four"}`, "/enum", "enum"),
		bad("no value of the integer enum", "/scalars", `{"level":3}`, "/level", "enum"),
		bad("null where it is not allowed", "/scalars", `{"string":null}`, "/string", "type"),
		bad("an unknown member", "/scalars", `{"nobody":1}`, "/nobody", "additionalProperties"),
		same("in bounds", "/bounds", `{"n":9,"open":0.5,"cents":19.99,"s":"éé","p":"ab12","both":"0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a"}`),
		bad("missing", "/bounds", `{}`, "", "required"),
		bad("below minimum", "/bounds", `{"n":0}`, "/n", "minimum"),
		bad("above maximum", "/bounds", `{"n":12}`, "/n", "maximum"),
		bad("no multiple", "/bounds", `{"n":4}`, "/n", "multipleOf"),
		bad("on the exclusive bound", "/bounds", `{"n":3,"open":0}`, "/open", "exclusiveMinimum"),
		bad("what rounds to a multiple of a cent", "/bounds", `{"n":3,"cents":0.010000000000000000001}`, "/cents", "multipleOf"),
		bad("what rounds to the maximum", "/merged", `{"v":100.000000000000000001,"w":"abc","x":"y"}`, "/v", "maximum"),
		bad("no multiple of a cent", "/bounds", `{"n":3,"cents":0.001}`, "/cents", "multipleOf"),
		bad("too short", "/bounds", `{"n":3,"s":"é"}`, "/s", "minLength"),
		bad("too long", "/bounds", `{"n":3,"s":"ééééé"}`, "/s", "maxLength"),
		bad("no match", "/bounds", `{"n":3,"p":"ab1"}`, "/p", "pattern"),
		bad("format holds beside pattern", "/bounds", `{"n":3,"both":"0"}`, "/both", "format"),
		bad("pattern holds beside format", "/bounds", `{"n":3,"both":"1191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a"}`, "/both", "pattern"),
		same("lists", "/lists", `{"ints":[1,2,3],"unique":["a","b"],"uniqueObjects":[{"v":1},{"v":2}],"nested":[[true],[]],"nulls":[1,null],"anything":[1,"a",{"b":[]}]}`),
		bad("too few", "/lists", `{"ints":[]}`, "/ints", "minItems"),
		bad("too many", "/lists", `{"ints":[1,2,3,4]}`, "/ints", "maxItems"),
		bad("an item out of bounds", "/lists", `{"ints":[1,10]}`, "/ints/1", "maximum"),
		bad("equal items", "/lists", `{"ints":[1],"unique":["a","a"]}`, "/unique", "uniqueItems"),
		bad("equal objects", "/lists", `{"ints":[1],"uniqueObjects":[{"v":1},{"v":1.0}]}`, "/uniqueObjects", "uniqueItems"),
		same("maps", "/maps", `{"counts":{"a":1,"b":2},"free":{"x":[1,{"y":null}]},"closed":{"a":"x"},"named":{"a":"x","more":3},"empty":{}}`),
		bad("a value out of bounds", "/maps", `{"counts":{"a":-1}}`, "/counts/a", "minimum"),
		bad("too many members", "/maps", `{"counts":{"a":1,"b":2,"c":3}}`, "/counts", "maxProperties"),
		bad("a closed object", "/maps", `{"closed":{"b":1}}`, "/closed/b", "additionalProperties"),
		bad("too few members", "/maps", `{"named":{"a":"x"}}`, "/named", "minProperties"),
		bad("an extra member of the wrong type", "/maps", `{"named":{"a":"x","more":"3"}}`, "/named/more", "type"),
		bad("silence is no", "/maps", `{"empty":{"a":1}}`, "/empty/a", "additionalProperties"),
		{name: "a member twice among the extra", path: "/maps", body: `{"named":{"m":1,"m":2}}`, status: 400},
		same("a tree", "/tree", `{"name":"a","left":{"name":"b","children":[{"name":"c"}]},"right":null}`),
		bad("null where an allOf refuses it", "/tree", `{"name":"a","plain":null}`, "/plain", "type"),
		bad("deep in the tree", "/tree", `{"name":"a","left":{"name":"b","children":[{"name":"far too long"}]}}`, "/left/children/0/name", "maxLength"),
		{name: "a list", path: "/list", body: `[1,2]`, status: 200, want: `[1,2]`},
		bad("an empty list", "/list", `[]`, "", "minItems"),
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}

func TestKitchenSums(t *testing.T) {
	base := newKitchen(t).URL
	for _, a := range []ask{
		same("a cat", "/sums", `{"pet":{"type":"kitten","lives":9}}`),
		same("a dog by its schema's name", "/sums", `{"pet":{"type":"Dog","barks":true}}`),
		bad("a cat with ten lives", "/sums", `{"pet":{"type":"cat","lives":10}}`, "/pet/lives", "maximum"),
		bad("a cat that barks", "/sums", `{"pet":{"type":"cat","barks":true}}`, "/pet/barks", "additionalProperties"),
		bad("a cow", "/sums", `{"pet":{"type":"cow"}}`, "/pet", "discriminator"),
		bad("no type", "/sums", `{"pet":{}}`, "/pet", "required"),
		bad("no object", "/sums", `{"pet":["type"]}`, "/pet", "type"),
		same("a string", "/sums", `{"byKind":"abc"}`),
		same("a number", "/sums", `{"byKind":12}`),
		same("a list", "/sums", `{"byKind":["a"]}`),
		bad("a string that is too long", "/sums", `{"byKind":"abcd"}`, "/byKind", "maxLength"),
		bad("an object", "/sums", `{"byKind":{}}`, "/byKind", "type"),
		same("a circle", "/sums", `{"byTrying":{"radius":1,"name":"c"}}`),
		same("a square", "/sums", `{"byTrying":{"side":1}}`),
		bad("neither", "/sums", `{"byTrying":{"name":"x"}}`, "/byTrying", "oneOf"),
		bad("both", "/sums", `{"byTrying":{"side":1,"radius":1}}`, "/byTrying", "oneOf"),
		same("a phone", "/sums", `{"any":{"phone":"1"}}`),
		{name: "a phone and a mail", path: "/sums", body: `{"any":{"phone":"1","mail":"2"}}`, status: 200},
		bad("neither phone nor mail", "/sums", `{"any":{}}`, "/any", "anyOf"),
		bad("a member that no branch names", "/sums", `{"any":{"phone":"1","fax":"2"}}`, "/any/fax", "additionalProperties"),
		same("one of two strings", "/sums", `{"oneText":"abcd"}`),
		same("the other of two strings", "/sums", `{"oneText":"A1"}`),
		bad("both of two strings", "/sums", `{"oneText":"abc"}`, "/oneText", "oneOf"),
		bad("neither of two strings", "/sums", `{"oneText":"ABCD"}`, "/oneText", "oneOf"),
		same("any of two strings", "/sums", `{"anyText":"all"}`),
		bad("none of two strings", "/sums", `{"anyText":"some"}`, "/anyText", "anyOf"),
		same("null", "/sums", `{"orNull":null}`),
		same("not null", "/sums", `{"orNull":true}`),
		same("merged", "/merged", `{"v":1,"w":"ab","x":"y"}`),
		bad("a bound of the second branch", "/merged", `{"v":101,"w":"ab"}`, "/v", "maximum"),
		bad("a bound of the third branch", "/merged", `{"v":1,"w":"a"}`, "/w", "minLength"),
		bad("required by the first branch", "/merged", `{"w":"ab"}`, "", "required"),
		{name: "defaults", path: "/defaults", body: `{}`, status: 200, want: `{"s":"hello","n":-3,"f":1.5,"b":true,"e":"hi"}`},
		{name: "defaults beside values", path: "/defaults", body: `{"n":4,"b":false}`, status: 200, want: `{"s":"hello","n":4,"f":1.5,"b":false,"e":"hi"}`},
		{name: "directions", path: "/directions", body: `{"name":"n","secret":"s"}`, status: 200, want: `{"id":"7","name":"n"}`},
		bad("a readOnly member in a request", "/directions", `{"name":"n","secret":"s","id":"1"}`, "/id", "readOnly"),
		same("raw", "/raw", `{"a":[1,{"b":null}],"c":1e400}`),
		{name: "raw with a member twice", path: "/raw", body: `{"a":{"b":1,"b":2}}`, status: 400},
		{name: "raw and absent", path: "/raw", status: 200, want: `"nothing"`},
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}

func TestKitchenParameters(t *testing.T) {
	base := newKitchen(t).URL
	need := map[string]string{"X-Need": "abc"}
	get := func(name, path string, status int, has ...string) ask {
		return ask{name: name, method: "GET", path: path, header: need, status: status, has: has}
	}
	for _, a := range []ask{
		get("path", "/params/5/a", 200, "5 a s="),
		get("an escaped enum", "/params/5/b%20c", 200, "5 b c"),
		get("an escaped slash", "/params/5/d%2Fe", 200, "5 d/e"),
		get("a default", "/params/5/a", 200, "n=7"),
		get("no value of the enum", "/params/5/z", 400, `"kind"`, `"enum"`),
		get("no integer", "/params/+5/a", 400, `"id"`),
		get("a leading zero", "/params/05/a", 400, `"id"`),
		get("below minimum", "/params/0/a", 400, `"minimum"`),
		get("a string", "/params/5/a?s=h%20i", 200, "s=h i"),
		get("a plus", "/params/5/a?s=h+i", 200, "s=h i"),
		get("an empty string", "/params/5/a?s=", 400, `"minLength"`),
		get("a broken escape", "/params/5/a?s=%zz", 400),
		get("a boolean", "/params/5/a?b=true", 200, "b=true"),
		get("1 is no boolean", "/params/5/a?b=1", 400, `"b"`),
		get("NaN is no number", "/params/5/a?f=NaN", 400, `"f"`),
		get("above maximum", "/params/5/a?f=10.5", 400, `"maximum"`),
		get("formats", "/params/5/a?u=0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a&t=2026-03-01T10:00:00Z&d=2026-03-01", 200, "u=true", "t=1772359200", "d=true"),
		get("no date", "/params/5/a?d=2026-02-30", 400, `"d"`),
		get("an exploded array", "/params/5/a?many=1&many=2", 200, "many=[1 2]"),
		get("too few items", "/params/5/a?many=1", 400, `"minItems"`),
		get("too many items", "/params/5/a?many=1&many=2&many=3&many=4", 400, `"maxItems"`),
		get("an item above its maximum", "/params/5/a?many=1&many=20", 400, `"maximum"`),
		get("split before decoding", "/params/5/a?csv=a%2Cb,c", 200, `csv=[\"a,b\" \"c\"]`),
		get("equal items", "/params/5/a?csv=a,a", 400, `"uniqueItems"`),
		get("pipes", "/params/5/a?pipes=a|b", 200, `pipes=[\"a\" \"b\"]`),
		get("JSON", "/params/5/a?json=%7B%22a%22%3A5%7D", 200, "json=5"),
		get("broken JSON", "/params/5/a?json=%7B%22a%22", 400),
		get("JSON that breaks its schema", "/params/5/a?json=%7B%7D", 400),
		get("a parameter twice", "/params/5/a?s=a&s=b", 400, `"s"`),
		get("an unknown parameter", "/params/5/a?zzz=1", 400, `"zzz"`),
		{name: "a missing header", method: "GET", path: "/params/5/a", status: 400, has: []string{"X-Need"}},
		{name: "a header that does not match", method: "GET", path: "/params/5/a", header: map[string]string{"X-Need": "A"}, status: 400, has: []string{`"pattern"`}},
		{name: "a list in a header", method: "GET", path: "/params/5/a", header: map[string]string{"X-Need": "a", "X-List": "1, 2"}, status: 200, has: []string{"list=[1 2]"}},
		{name: "a cookie", method: "GET", path: "/params/5/a", header: map[string]string{"X-Need": "a", "Cookie": "other=1; crumb=c"}, status: 200, has: []string{"crumb=c"}},
		get("required and there", "/need?q=", 204),
		get("required and missing", "/need", 400, `"q"`, `"required"`),
		get("a parameter where there is none", "/outcome/whole?x=1", 400),
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}

func TestKitchenMedia(t *testing.T) {
	base := newKitchen(t).URL
	const form = "application/x-www-form-urlencoded"
	part := func(fields map[string]string, files ...string) (string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for k, v := range fields {
			if err := w.WriteField(k, v); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range files {
			f, err := w.CreateFormFile(name, name+".bin")
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, "12345")
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), b.String()
	}
	upload := func(name string, status int, has string, fields map[string]string, files ...string) ask {
		kind, body := part(fields, files...)
		return ask{name: name, path: "/upload", kind: kind, body: body, status: status, has: []string{has}}
	}
	for _, a := range []ask{
		{name: "a form", path: "/form", kind: form, body: "name=a+b&age=3&tags=x&tags=y", status: 200, has: []string{`a b 3 [\"x\" \"y\"]`}},
		{name: "a form without its field", path: "/form", kind: form, body: "age=3", status: 422, has: []string{`"required"`}},
		{name: "a form with a field twice", path: "/form", kind: form, body: "name=a&name=b", status: 422},
		{name: "a form with an unknown field", path: "/form", kind: form, body: "name=a&admin=1", status: 422},
		{name: "a form with too many items", path: "/form", kind: form, body: "name=a&tags=x&tags=y&tags=z", status: 422, has: []string{`"maxItems"`}},
		upload("an upload", 200, "t file.bin 5 more=0", map[string]string{"title": "t"}, "file"),
		upload("an upload with everything", 200, "more=2 meta=4", map[string]string{"meta": `{"n":4}`}, "file", "more", "more"),
		upload("an upload without its file", 422, `"required"`, map[string]string{"title": "t"}),
		upload("an upload with too long a title", 422, `"maxLength"`, map[string]string{"title": "too long"}, "file"),
		upload("an upload with an unknown part", 422, "admin", map[string]string{"admin": "1"}, "file"),
		upload("an upload with too many files", 422, `"maxItems"`, nil, "file", "more", "more", "more"),
		upload("an upload with a broken part", 422, "meta", map[string]string{"meta": `{"n":"4"}`}, "file"),
		{name: "text", path: "/text", kind: "text/plain", body: "hello", status: 200, want: "hello"},
		{name: "too long a text", path: "/text", kind: "text/plain", body: "hello hello", status: 422, has: []string{`"maxLength"`}},
		{name: "bytes", path: "/bytes", kind: "application/octet-stream", body: "\x00\xff", status: 200, want: "\x00\xff"},
		{name: "bytes that are sent back while they come", path: "/bytes", kind: "application/octet-stream", body: strings.Repeat("0123456789", 30_000), status: 200, want: strings.Repeat("0123456789", 30_000)},
		{name: "too many bytes", path: "/bytes", kind: "application/octet-stream", body: strings.Repeat("x", 300_001), status: 413},
		{name: "one of two media types", path: "/media", body: `{"a":"x"}`, status: 200, has: []string{"json x"}},
		{name: "the other media type", path: "/media", kind: "text/plain; charset=utf-8", body: "x", status: 200, has: []string{"plain x"}},
		{name: "a third media type", path: "/media", kind: "application/xml", body: "<x/>", status: 415},
		{name: "no body where one is needed", path: "/text", status: 400},
		{name: "an empty text", path: "/text", kind: "text/plain", status: 200},
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}

func TestKitchenOutcomes(t *testing.T) {
	srv := newKitchen(t)
	get := func(name, path string, status int, has ...string) ask {
		return ask{name: name, method: "GET", path: path, status: status, has: has}
	}
	for _, a := range []ask{
		get("whole", "/outcome/whole", 200, `{"text":"x"}`),
		get("later", "/outcome/later", 202),
		get("no success declared", "/silent", 204),
		get("nothing", "/outcome/nothing", 404, "nothing"),
		get("teapot", "/outcome/teapot", 418, "teapot"),
		get("a status outside of its range", "/outcome/wrong-range", 500),
		get("ours", "/outcome/ours", 503, "ours"),
		get("an error that nobody declared", "/outcome/opaque", 500),
		get("nothing at all", "/outcome/nil", 500),
		get("a panic", "/outcome/panic", 500),
		get("a good response", "/broken/good", 200, `{"n":3}`),
		get("a response that breaks its schema", "/broken/bounds", 500),
		get("a response that breaks its pattern", "/broken/pattern", 500),
		get("no response", "/broken/nil", 500),
		get("one of two members", "/counted/mail", 200, `{"id":1,"mail":"a","note":"a"}`),
		get("the other, with what belongs to it", "/counted/phone", 200, `{"id":1,"phone":"a","tags":[],"note":"a"}`),
		get("neither of two members", "/counted/none", 500),
		get("both of two members", "/counted/both", 500),
		get("a part of what belongs together", "/counted/half", 500),
		get("too few members", "/counted/few", 500),
		get("too many members", "/counted/many", 500),
		{name: "not implemented", method: "GET", path: "/nobody", status: 404},
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, srv.URL) })
	}
	res, err := http.Get(srv.URL + "/outcome/whole")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for name, want := range map[string]string{
		"ETag": `"v1"`, "X-Count": "3", "X-Tags": "a,b", "Content-Type": "application/json", "X-Content-Type-Options": "nosniff",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
