package generator_test

import (
	"context"
	"iter"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/testdata/golden/oneway/api"
)

// oneway answers what it holds, and notes what came.
type oneway struct {
	all    api.All
	loose  api.Loose
	called bool
	got    any
}

func (o *oneway) EchoAll(_ context.Context, r *api.EchoAllRequest) (*api.EchoAllOK, error) {
	o.called, o.got = true, r.Body
	return &api.EchoAllOK{Body: o.all, XPlain: runtime.Some("x")}, nil
}

func (o *oneway) DropAll(_ context.Context, r *api.DropAllRequest) (*api.All, error) {
	o.called, o.got = true, r.Body
	return &o.all, nil
}

func (o *oneway) EchoLoose(_ context.Context, r *api.EchoLooseRequest) (api.Loose, error) {
	o.called = true
	return o.loose, nil
}

func (o *oneway) EchoLines(_ context.Context, r *api.EchoLinesRequest) (iter.Seq2[api.Node, error], error) {
	for _, err := range r.Body {
		if err != nil {
			return nil, err
		}
	}
	o.called = true
	return func(yield func(api.Node, error) bool) { yield(o.all.Node.Value, nil) }, nil
}

func (o *oneway) EchoLooseLines(_ context.Context, r *api.EchoLooseLinesRequest) (iter.Seq2[api.Loose, error], error) {
	for _, err := range r.Body {
		if err != nil {
			return nil, err
		}
	}
	o.called = true
	return func(yield func(api.Loose, error) bool) {
		_ = yield(`{"name":"first","i":"x"}`, nil) && yield(o.loose, nil)
	}, nil
}

// ask sends a body. A stream that breaks off has the status 0.
func (o *oneway) ask(t *testing.T, path, body string) (status int, answer string) {
	t.Helper()
	s, err := api.NewServer(o, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	o.called = false
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(strings.ToLower(path), "lines") {
		r.Header.Set("Content-Type", "application/jsonl")
	}
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil { // http.ErrAbortHandler: the connection is cut
			status, answer = 0, w.Body.String()
		}
	}()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestReadOnlyComesNowhere: what is the server's is refused in each place of a schema, by its place, and the handler is not called.
func TestReadOnlyComesNowhere(t *testing.T) {
	t.Parallel()
	o := &oneway{loose: `{"name":"n","i":"x"}`}
	const loose = `{"name":"n","s":"x",`
	for _, tt := range []struct{ path, body, pointer string }{
		{"/all", `{"node":{"i":"1"}}`, "/node/i"},
		{"/all", `{"node":{"children":[{},{"children":[{"i":"1"}]}]}}`, "/node/children/1/children/0/i"},
		{"/all", `{"merged":{"i":"1"}}`, "/merged/i"},
		{"/all", `{"siblings":{"i":"1"}}`, "/siblings/i"},
		{"/all", `{"nullable":{"i":null}}`, "/nullable/i"},
		{"/all", `{"open":{"i":"1"}}`, "/open/i"},
		{"/all", `{"mapObjects":{"a":{"i":"1"}}}`, "/mapObjects/a/i"},
		{"/all", `{"idMap":{"a":"1"}}`, "/idMap"},
		{"/all", `{"idRest":{"name":"n","a":"1"}}`, "/idRest/a"},
		{"/all", `{"idItems":["1"]}`, "/idItems"},
		{"/all", `{"idDeepItems":[[],["1"]]}`, "/idDeepItems/1"},
		{"/all", `{"oneOf":{"kind":"b","i":"1"}}`, "/oneOf oneOf"},
		{"/all", `{"anyOf":{"title":"t","i":"1"}}`, "/anyOf/i"},
		{"/all", `{"idBranch":"1"}`, "/idBranch"},
		{"/all", `{"idText":"long"}`, "/idText"},
		{"/lines", `{"name":"n"}` + "\n" + `{"i":"1"}`, "/1/i"},
		{"/looseLines", loose + `"branch":1}` + "\n" + loose + `"i":"1"}`, "/1/i"},
		{"/loose", loose + `"i":"1"}`, "/i"},
		{"/loose", loose + `"merged":{"i":"1"}}`, "/merged/i"},
		{"/loose", loose + `"siblings":{"i":"1"}}`, "/siblings/i"},
		{"/loose", loose + `"idMap":{"a":"1"}}`, "/idMap/a"},
		{"/loose", loose + `"idItems":["1"]}`, "/idItems/0"},
		{"/loose", loose + `"tuple":["a","b","c"]}`, "/tuple/2"},
		{"/loose", loose + `"oneOf":{"i":"1"}}`, "/oneOf/i"},
		{"/loose", loose + `"anyOf":{"i":"1"}}`, "/anyOf/i"},
		{"/loose", loose + `"idBranch":"1"}`, "/idBranch"},
		{"/loose", loose + `"then":{"i":"1"}}`, "/then/i"},
		{"/loose", loose + `"depends":{"n":1,"i":"1"}}`, "/depends/i"},
		{"/loose", loose + `"idUnevaluated":["a",1]}`, "/idUnevaluated/1"},
		{"/loose", loose + `"i-a":"1"}`, "/i-a"},
	} {
		pointer, keyword, ok := strings.Cut(tt.pointer, " ")
		if !ok {
			keyword = "readOnly"
		}
		want := `"pointer":"` + pointer + `","keyword":"` + keyword + `"`
		if status, answer := o.ask(t, tt.path, tt.body); status != 422 || o.called || !strings.Contains(answer, want) {
			t.Errorf("%s %s: %d (called: %v) %s; want 422, %s", tt.path, tt.body, status, o.called, answer, want)
		}
	}
	// What has nothing of the server's in it is taken.
	for _, tt := range []struct{ path, body string }{
		{"/all", `{"node":{"s":"x","children":[]},"idMap":{},"idItems":[],"idDeepItems":[[]],"idRest":{"name":"n"},"idBranch":1,"idText":"ab",` +
			`"map":{"a":"x"},"items":["x"],"rest":{"a":"x"},"branch":"x","text":"long","chosen":{"kind":"hidden","key":"x"},"oneOf":{"kind":"a","s":"x"}}`},
		{"/loose", loose + `"map":{"a":"x"},"items":[1],"idItems":[],"branch":"x","then":{"i":"1","s":"x"},"idBranch":1,"contains":["s"],"unevaluated":{"a":1},"s-a":"x"}`},
	} {
		if status, answer := o.ask(t, tt.path, tt.body); status != 200 {
			t.Errorf("%s %s: %d, %s", tt.path, tt.body, status, answer)
		}
	}
}

// TestReadOnlyIsDropped: where the document says so, members and items are.
func TestReadOnlyIsDropped(t *testing.T) {
	t.Parallel()
	o := &oneway{}
	body := `{"node":{"name":"n","i":"1","children":[{"i":"1"}]},"merged":{"i":"1"},"open":{"i":"1","x":2},"anyOf":{"title":"t","i":"1"},"mapObjects":{"a":{"i":"1"}}}`
	status, answer := o.ask(t, "/dropped", body)
	if status != 200 {
		t.Fatalf("%d, %s", status, answer)
	}
	got := o.got.(api.AllInput)
	if got.Node.Value.Name.Value != "n" || len(got.Node.Value.Children) != 1 || len(got.Open.Value.AdditionalProperties) != 1 || got.AnyOf.Value.Option2 == nil {
		t.Errorf("got %+v", got)
	}
	status, answer = o.ask(t, "/dropped", `{"idItems":["1"],"idMap":{"a":"x"},"idRest":{"name":"n","more":"x"}}`)
	if got, _ = o.got.(api.AllInput); status != 200 || got.IDItems == nil || len(got.IDItems)+len(got.IDMap) > 0 || got.IDREST.Value.Name.Value != "n" {
		t.Errorf("%d, %s, %+v", status, answer, got)
	}
	// Nothing could stand in the place of a branch.
	if status, answer := o.ask(t, "/dropped", `{"idBranch":"x"}`); status != 422 || o.called {
		t.Errorf("%d, %s", status, answer)
	}
}

// TestWriteOnlyNeverLeaves: the handler has no place for it, or its answer is 500 and holds nothing of it.
func TestWriteOnlyNeverLeaves(t *testing.T) {
	t.Parallel()
	const secret = "SECRET"
	text := secret
	typed := map[string]api.All{
		"a map":                {Map: map[string]string{"a": secret}},
		"items":                {Items: []string{secret}},
		"items of items":       {DeepItems: [][]string{{}, {secret}}},
		"a branch":             {Branch: runtime.Some(api.AllBranch{String: &text})},
		"a branch of texts":    {Text: runtime.Some(secret)},
		"a branch by its kind": {Chosen: runtime.Some(api.AllChosen{Hidden: &api.Hidden{Kind: "hidden", Key: runtime.Some(secret)}})},
		"among open members":   {Open: runtime.Some(api.AllOpen{AdditionalProperties: map[string]wire.Raw{"s": `"SECRET"`}})},
	}
	for name, all := range typed {
		for _, path := range []string{"/all", "/dropped"} {
			o := &oneway{all: all}
			if status, answer := o.ask(t, path, `{}`); status != 500 || !o.called || strings.Contains(answer, secret) {
				t.Errorf("%s, %s: %d, %s", path, name, status, answer)
			}
		}
	}
	for _, member := range []string{
		`"s":"SECRET"`, `"merged":{"s":"SECRET"}`, `"siblings":{"s":"SECRET"}`, `"map":{"a":"SECRET"}`, `"items":["SECRET"]`, `"tuple":["a","SECRET"]`,
		`"oneOf":{"s":"SECRET"}`, `"anyOf":{"s":"SECRET"}`, `"branch":"SECRET"`, `"then":{"s":"SECRET"}`, `"depends":{"n":1,"s":"SECRET"}`, `"s-a":"SECRET"`,
		`"unevaluated":{"n":1,"a":"SECRET"}`,
	} {
		o := &oneway{loose: api.Loose(`{"name":"n","i":"x",` + member + `}`)}
		if status, answer := o.ask(t, "/loose", `{"name":"n","s":"x"}`); status != 500 || !o.called || strings.Contains(answer, secret) {
			t.Errorf("%s: %d, %s", member, status, answer)
		}
		if status, answer := o.ask(t, "/looseLines", ``); status != 0 || !o.called || strings.Contains(answer, secret) || !strings.Contains(answer, "first") {
			t.Errorf("%s, in a stream: %d, %s", member, status, answer)
		}
	}
	// What is not writeOnly may leave, and empty lists too.
	o := &oneway{loose: `{"name":"n","i":"x","map":{},"items":[],"branch":1,"then":{"i":"1"},"contains":["a"],"unevaluated":{"n":1}}`,
		all: api.All{Items: []string{}, Map: map[string]string{}, IDItems: []string{"1"}, Text: runtime.Some("ab"), IDText: runtime.Some("long"), Branch: runtime.Some(api.AllBranch{Int: new(int64)})}}
	for _, path := range []string{"/all", "/loose", "/lines"} {
		if status, answer := o.ask(t, path, map[string]string{"/all": `{}`, "/loose": `{"name":"n","s":"x"}`}[path]); status != 200 {
			t.Errorf("%s: %d, %s", path, status, answer)
		}
	}
	// Where Go has types, there is no field for a secret.
	met := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(u reflect.Type) {
		if met[u] {
			return
		}
		met[u] = true
		switch u.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(u.Elem())
		case reflect.Struct:
			for i := range u.NumField() {
				f := u.Field(i)
				if f.Name == "S" || f.Name == "XSecret" {
					t.Errorf("%v has the field %s", u, f.Name)
				}
				walk(f.Type)
			}
		}
	}
	for _, u := range []reflect.Type{reflect.TypeFor[api.EchoAllOK](), reflect.TypeFor[api.Node]()} {
		walk(u)
	}
	if _, has := reflect.TypeFor[api.AllREST]().FieldByName("AdditionalProperties"); has || len(met) < 20 {
		t.Errorf("AllREST has a place for secrets, or only %d types were seen", len(met))
	}
}
