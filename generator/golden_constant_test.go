package generator_test

import (
	"context"
	"iter"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/testdata/golden/constant/api"
)

// constant answers with what set made of zero values.
type constant struct {
	set   func(v *api.GetAllOK)
	shape api.Shape
	event string
	text  api.PingResponse
	read  *api.All
}

func (c *constant) GetAll(context.Context, *api.GetAllRequest) (*api.GetAllOK, error) {
	var v api.GetAllOK
	if c.set != nil {
		c.set(&v)
	}
	return &v, nil
}

func (c *constant) PutAll(_ context.Context, r *api.PutAllRequest) error {
	c.read = &r.Body
	return nil
}

func (c *constant) Ping(context.Context, *api.PingRequest) (api.PingResponse, error) {
	return c.text, nil
}

func (c *constant) Flag(context.Context, *api.FlagRequest) (bool, error) { return false, nil }

func (c *constant) Nothing(context.Context, *api.NothingRequest) (wire.Raw, error) { return "", nil }

func (c *constant) GetShape(context.Context, *api.GetShapeRequest) (*api.Shape, error) {
	return &c.shape, nil
}

func (c *constant) GetTried(context.Context, *api.GetTriedRequest) (*api.GetTriedResponse, error) {
	return &api.GetTriedResponse{Square: &api.Square{}}, nil
}

func (c *constant) GetLines(context.Context, *api.GetLinesRequest) (iter.Seq2[api.Circle, error], error) {
	return func(yield func(api.Circle, error) bool) {
		_ = yield(api.Circle{}, nil) && yield(api.Circle{R: runtime.Some[int64](2)}, nil)
	}, nil
}

func (c *constant) Watch(context.Context, *api.WatchRequest) (iter.Seq2[runtime.Event[api.Circle], error], error) {
	return func(yield func(runtime.Event[api.Circle], error) bool) {
		yield(runtime.Event[api.Circle]{Name: c.event}, nil)
	}, nil
}

func (c *constant) Failing(context.Context, *api.FailingRequest) (*api.FailingResponse, error) {
	return nil, &api.FailingDefault{StatusCode: 418, Body: api.Failure{Message: "short"}}
}

func (c *constant) ask(t *testing.T, method, path, body string) (w *httptest.ResponseRecorder) {
	t.Helper()
	s, err := api.NewServer(c, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w = httptest.NewRecorder()
	defer func() {
		if recover() != nil { // http.ErrAbortHandler: the connection is cut
			w.Code = 0
		}
	}()
	s.ServeHTTP(w, r)
	return w
}

// allConstants is what the encoder writes where the handler says nothing.
const allConstants = `{"text":"fixed","odd":"a\"b\\<é\n","empty":"","int":7,"big":18446744073709551615,"zero":0,"float":1.50,` +
	`"yes":true,"no":false,"nothing":null,"object":{"a":[1,"<"]},"list":[1,"two"],"one":"only","merged":"y","orNull":null,"some":[],"each":{}}`

// A member that has one value is sent without the handler setting it. A value other than that and
// the zero value breaks the response's schema.
func TestConstantMembers(t *testing.T) {
	t.Parallel()
	c := &constant{}
	w := c.ask(t, "GET", "/all?how=zero", "")
	if w.Code != 200 || w.Body.String() != allConstants {
		t.Errorf("%d %s\nwant %s", w.Code, w.Body, allConstants)
	}
	for name, want := range map[string]string{"X-Version": "2", "X-Level": "3", "X-Maybe": "", "X-Flags": ""} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, test := range []struct {
		name string
		set  func(v *api.GetAllOK)
		want string // what is in the answer, or "" for a 500
	}{
		{"text that is set", func(v *api.GetAllOK) { v.Body.Text = api.AllTextFixed }, `"text":"fixed"`},
		{"other text", func(v *api.GetAllOK) { v.Body.Text = "other" }, ""},
		{"no empty text", func(v *api.GetAllOK) { v.Body.Empty = "x" }, ""},
		{"int that is set", func(v *api.GetAllOK) { v.Body.Int = 7 }, `"int":7`},
		{"other int", func(v *api.GetAllOK) { v.Body.Int = 8 }, ""},
		{"other uint64", func(v *api.GetAllOK) { v.Body.Big = 1 }, ""},
		{"no zero", func(v *api.GetAllOK) { v.Body.Zero = 1 }, ""},
		{"float that is set", func(v *api.GetAllOK) { v.Body.Float = 1.5 }, `"float":1.50`},
		{"other float", func(v *api.GetAllOK) { v.Body.Float = 1.25 }, ""},
		{"true that is set", func(v *api.GetAllOK) { v.Body.Yes = true }, `"yes":true`},
		{"no false", func(v *api.GetAllOK) { v.Body.No = true }, ""},
		{"null that is set", func(v *api.GetAllOK) { v.Body.Nothing = "null" }, `"nothing":null`},
		{"no null", func(v *api.GetAllOK) { v.Body.Nothing = "1" }, ""},
		{"object that is set", func(v *api.GetAllOK) { v.Body.Object = `{"a":[1.0,"\u003c"]}` }, `"object":{"a":[1.0,"\u003c"]}`},
		{"other object", func(v *api.GetAllOK) { v.Body.Object = `{"a":[1]}` }, ""},
		{"other list", func(v *api.GetAllOK) { v.Body.List = `[]` }, ""},
		{"enum of one", func(v *api.GetAllOK) { v.Body.One = "other" }, ""},
		{"merged", func(v *api.GetAllOK) { v.Body.Merged = "x" }, ""},
		{"nullable that is there", func(v *api.GetAllOK) { v.Body.OrNull = runtime.NotNull(api.AllOrNull("")) }, `"orNull":"x"`},
		{"item", func(v *api.GetAllOK) { v.Body.Some = make([]api.AllSomeItem, 1) }, `"some":["i"]`},
		{"items that are the same", func(v *api.GetAllOK) { v.Body.Some = []api.AllSomeItem{"", "i"} }, ""},
		{"other item", func(v *api.GetAllOK) { v.Body.Some = []api.AllSomeItem{"j"} }, ""},
		{"map", func(v *api.GetAllOK) { v.Body.Each = map[string]api.AllEachValue{"k": ""} }, `"each":{"k":"v"}`},
		{"optional", func(v *api.GetAllOK) { v.Body.May = runtime.Some(api.AllMay("")) }, `"may":"perhaps"`},
		{"other optional", func(v *api.GetAllOK) { v.Body.May = runtime.Some(api.AllMay("no")) }, ""},
		{"other header", func(v *api.GetAllOK) { v.XVersion = "3" }, ""},
		{"other number in a header", func(v *api.GetAllOK) { v.XLevel = 2 }, ""},
		{"other optional header", func(v *api.GetAllOK) { v.XMaybe = runtime.Some(api.GetAllOKXMaybe("n")) }, ""},
	} {
		c := &constant{set: test.set}
		w := c.ask(t, "GET", "/all?how=x", "")
		if test.want == "" && w.Code != 500 || test.want != "" && (w.Code != 200 || !strings.Contains(w.Body.String(), test.want)) {
			t.Errorf("%s: %d %s, want %s", test.name, w.Code, w.Body, test.want)
		}
	}
	c = &constant{set: func(v *api.GetAllOK) {
		v.XFlags, v.XMaybe = []bool{false, true}, runtime.Some(api.GetAllOKXMaybe(""))
	}}
	w = c.ask(t, "GET", "/all?how=x", "")
	if got := w.Header().Get("X-Flags") + " " + w.Header().Get("X-Maybe"); w.Code != 200 || strings.ReplaceAll(got, ", ", ",") != "true,true m" {
		t.Errorf("%d: headers %q", w.Code, got)
	}
}

// Whole bodies, branches, lines, events and errors have constants as well.
func TestConstantElsewhere(t *testing.T) {
	t.Parallel()
	kind := func(k string) *api.Dot { return &api.Dot{Kind: runtime.Some(api.DotKind(k))} }
	for _, test := range []struct {
		path string
		c    constant
		code int
		want string
	}{
		{"/ping", constant{}, 200, `"pong"`},
		{"/ping", constant{text: "pong"}, 200, `"pong"`},
		{"/ping", constant{text: "ping"}, 500, ``},
		{"/flag", constant{}, 200, `true`},
		{"/nothing", constant{}, 200, `null`},
		{"/shape?how=x", constant{shape: api.Shape{Circle: &api.Circle{}}}, 200, `{"kind":"circle"}`},
		{"/shape?how=x", constant{shape: api.Shape{Square: &api.Square{}}}, 200, `{"kind":"square","version":1}`},
		{"/shape?how=x", constant{shape: api.Shape{Square: &api.Square{Kind: "circle"}}}, 500, ``},
		{"/shape?how=x", constant{shape: api.Shape{Square: &api.Square{Version: 2}}}, 500, ``},
		{"/shape?how=x", constant{shape: api.Shape{Dot: &api.Dot{}}}, 200, `{"kind":"dot"}`},
		{"/shape?how=x", constant{shape: api.Shape{Dot: kind("")}}, 200, `{"kind":"dot"}`},
		{"/shape?how=x", constant{shape: api.Shape{Dot: kind("circle")}}, 500, ``},
		{"/tried", constant{}, 200, `{"kind":"square","version":1}`},
		{"/lines", constant{}, 200, `{"kind":"circle"}` + "\n" + `{"kind":"circle","r":2}` + "\n"},
		{"/events", constant{}, 200, "event: drawn\ndata: {\"kind\":\"circle\"}\n\n"},
		{"/events", constant{event: "drawn"}, 200, "event: drawn\ndata: {\"kind\":\"circle\"}\n\n"},
		{"/events", constant{event: "moved"}, 0, ``},
		{"/failing", constant{}, 418, `{"object":"error","message":"short"}`},
	} {
		w := test.c.ask(t, "GET", test.path, "")
		if got := w.Body.String(); w.Code != test.code || test.code != 500 && got != test.want {
			t.Errorf("%s: %d %q, want %d %q", test.path, w.Code, got, test.code, test.want)
		}
	}
}

// The decoder fills nothing in: a request has to have each required constant, as the document says.
func TestConstantsAreDecodedStrictly(t *testing.T) {
	t.Parallel()
	c := &constant{}
	whole := strings.Replace(allConstants, `"some":[]`, `"some":["i"]`, 1)
	if w := c.ask(t, "POST", "/all", whole); w.Code != 204 || c.read == nil || c.read.Text != api.AllTextFixed || c.read.Object == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, change := range [][2]string{
		{`"text":"fixed",`, ``}, {`"text":"fixed"`, `"text":""`}, {`"int":7`, `"int":0`}, {`"int":7,`, ``}, {`"yes":true`, `"yes":false`},
		{`"nothing":null`, `"nothing":0`}, {`"object":{"a":[1,"<"]}`, `"object":{}`}, {`"float":1.50`, `"float":0`}, {`["i"]`, `["i","i"]`}, {`["i"]`, `[""]`},
	} {
		c.read = nil
		if w := c.ask(t, "POST", "/all", strings.Replace(whole, change[0], change[1], 1)); w.Code != 422 || c.read != nil {
			t.Errorf("%s in place of %s: %d %s", change[1], change[0], w.Code, w.Body)
		}
	}
}
