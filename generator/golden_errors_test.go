package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/problem"
	"github.com/bailey-go/bailey/testdata/golden/errors/api"
)

// shop fails as its order asks.
type shop struct{ api.Unimplemented }

func (shop) GetOrder(_ context.Context, r *api.GetOrderRequest) (*api.Order, error) {
	switch r.ID {
	case 7:
		return nil, &problem.Problem{Status: http.StatusNotFound}
	case 8:
		return nil, errors.New("a secret of the database")
	case 9:
		return nil, &problem.Problem{Status: http.StatusUnprocessableEntity, Detail: "<b>the handler's own & long detail of 42 characters</b>"}
	case 10:
		panic("a secret")
	}
	return &api.Order{Count: 1}, nil
}

func newShop(t *testing.T, cfg runtime.Config) *httptest.Server {
	t.Helper()
	cfg.Log = slog.New(slog.DiscardHandler)
	s, err := api.NewServer(shop{}, api.Config{Config: cfg, Token: claimed{}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv
}

// answer is what a client gets, without what differs from one request to the next.
type answer struct {
	status int
	media  string
	body   string
	header http.Header
}

var requestIDs = regexp.MustCompile(`[0-9a-f]{8}-?[0-9a-f]{4}-?8?[0-9a-f]{3,4}-?[0-9a-f]{4}-?[0-9a-f]{12}`)

func answered(t *testing.T, srv *httptest.Server, method, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	res.Header.Set("X-Request-Id", requestIDs.ReplaceAllString(res.Header.Get("X-Request-Id"), "ID"))
	if h := res.Header.Get("Ratelimit"); h != "" {
		res.Header.Set("Ratelimit", "LIMIT")
	}
	return answer{res.StatusCode, res.Header.Get("Content-Type"), requestIDs.ReplaceAllString(string(text), "ID"), res.Header}
}

// TestErrorsAsDeclared: each refusal has the status, the media type and the body that the document declares.
func TestErrorsAsDeclared(t *testing.T) {
	t.Parallel()
	srv := newShop(t, runtime.Config{})
	const caller = `{"Subject":"a","Claims":{"customer":"7"}}`
	failed := func(code, message, status, more string) string {
		return `{"error":{"code":"` + code + `","message":"` + message + `","status":"` + status + `","request_id":"ID"` + more + `}}`
	}
	refused := func(code, message, status string) string {
		return failed(code, message, status, `,"details":[{"field":"","issue":"`+message+`"}]`)
	}
	const help = `,"help":"https://docs.example.com/errors/400"`
	for _, test := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		media, want              string
	}{
		{"no credential", "GET", "/orders/7", "", nil, 401, "application/json", refused("unauthorized", "Unauthorized", "401")},
		{"no operation", "GET", "/nowhere", "", nil, 404, "application/json", refused("not_found", "Not Found", "404")},
		{"no method", "DELETE", "/orders/7", "", nil, 405, "application/json", refused("refused", "Method Not Allowed", "405")},
		{"a parameter", "PUT", "/orders/x", `{"count":1}`, nil, 400, "application/json",
			failed("invalid_request", "Bad Request", "400", help+`,"details":[{"field":"id","in":"path","issue":"is not of the type that the schema asks for","rule":"type"}]`)},
		{"a body, mapped, of three violations", "PUT", "/orders/7", `{"count":0,"note":"123456","x":1}`, nil, 400, "application/json",
			failed("invalid_request", "Bad Request", "400", help+`,"details":[{"field":"/count","in":"body","issue":"is less than the schema allows","rule":"minimum"},{"field":"/note","in":"body","issue":"is longer than the schema allows","rule":"maxLength"}]`)},
		{"a code for a rule", "PUT", "/orders/7", `{"count":`, nil, 400, "application/json",
			failed("not_json", "Bad Request", "400", `,"help":"https://docs.example.com/errors/json","details":[{"field":"/count","in":"body","issue":"the text ends too early","rule":"syntax"}]`)},
		{"no content", "PUT", "/orders/7", `{"count":1,"note":"` + strings.Repeat("x", 300) + `"}`, nil, 413, "", ""},
		{"a text", "PUT", "/orders/7", `{"count":1}`, []string{"Content-Type", "text/plain"}, 415, "text/plain; charset=utf-8", "the body can be application/json"},
		{"not implemented, of a fixed member", "PUT", "/orders/7", `{"count":1}`, nil, 501, "application/json", `{"error":{"code":"internal","message":"Not Implemented"},"object":"error"}`},
		{"a list", "POST", "/flat", `{"count":0,"note":"123456"}`, nil, 400, "application/vnd.flat+json",
			`[{"key":"/count","error":"minimum","status":400,"text":"is less than the schema allows","kind":"request error"},{"key":"/note","error":"maxLength","status":400,"text":"is longer than the schema allows","kind":"request error"}]`},
		{"a list of one", "POST", "/flat", "", nil, 400, "application/vnd.flat+json", `[{"key":"","status":400,"text":"a body is required","kind":"request error"}]`},
		{"a problem document, as asked for", "POST", "/problem", "", nil, 400, problem.ContentType, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"a body is required","instance":"ID"}`},
		{"too long names the limit", "POST", "/flat", `{"count":1,"note":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "application/vnd.flat+json", `[{"key":"","status":413,"text":"the body can have 1048576 bytes","kind":"request error"}]`},
		{"undeclared", "POST", "/none", "", nil, 400, "application/json", failed("invalid_request", "a body is required", "400", help+`,"details":[{"field":"","issue":"a body is required"}]`)},
		{"an error of the handler", "GET", "/orders/8", "", []string{"X-Caller", strings.Replace(caller, "7", "8", 1)}, 500, "application/json", refused("internal", "Internal Server Error", "500")},
		{"a problem of the handler keeps its status", "GET", "/orders/9", "", []string{"X-Caller", strings.Replace(caller, "7", "9", 1)}, 422, "application/json",
			failed("invalid_body", `\u003cb\u003ethe handler's own \u0026 long detail of 42`, "422", `,"details":[{"field":"","issue":"\u003cb\u003ethe handler's own \u0026 long detail of 42 characters\u003c/b\u003e"}]`)},
		{"a panic", "GET", "/orders/10", "", []string{"X-Caller", strings.Replace(caller, "7", "10", 1)}, 500, "application/json", refused("internal", "Internal Server Error", "500")},
	} {
		got := answered(t, srv, test.method, test.path, test.body, test.header...)
		if got.status != test.status || got.media != test.media || got.body != test.want {
			t.Errorf("%s: got %d %s %s\nwant %d %s %s", test.name, got.status, got.media, got.body, test.status, test.media, test.want)
		}
		if test.status == 401 && got.header.Get("Www-Authenticate") == "" || test.status == 405 && got.header.Get("Allow") == "" {
			t.Errorf("%s: the challenge or the methods are missing: %v", test.name, got.header)
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", test.name, got.header)
		}
	}
}

// TestHiddenIsNotFound: what an owner rule hides is, byte by byte, what the handler says of an object that does
// not exist.
func TestHiddenIsNotFound(t *testing.T) {
	t.Parallel()
	srv := newShop(t, runtime.Config{})
	hidden := answered(t, srv, "GET", "/orders/8", "", "X-Caller", `{"Subject":"a","Claims":{"customer":"7"}}`)
	absent := answered(t, srv, "GET", "/orders/7", "", "X-Caller", `{"Subject":"a","Claims":{"customer":"7"}}`)
	text := func(a answer) string {
		b := new(bytes.Buffer)
		if err := a.header.Write(b); err != nil {
			t.Fatal(err)
		}
		return b.String() + a.body
	}
	if hidden.status != 404 || text(hidden) != text(absent) {
		t.Errorf("hidden is %d %s\nabsent is %d %s", hidden.status, text(hidden), absent.status, text(absent))
	}
}

// TestErrorsHoldTheirSchemas: the answers are valid by another reader of JSON Schema.
func TestErrorsHoldTheirSchemas(t *testing.T) {
	t.Parallel()
	schemas := declaredSchemas(t, "../testdata/golden/errors/openapi.yaml")
	srv := newShop(t, runtime.Config{})
	checked := 0
	for _, test := range []struct{ schema, method, path, body string }{
		{"Error", "GET", "/orders/7", ""}, {"Error", "GET", "/orders/x", ""}, {"Error", "GET", "/nowhere", ""}, {"Error", "PATCH", "/orders/7", ""},
		{"Error", "PUT", "/orders/1000", `{"count":0,"x":1}`}, {"Error", "PUT", "/orders/7", `{"count":0,"x":1,"note":"1234567"}`}, {"Error", "PUT", "/orders/7", `[`},
		{"Failure", "PUT", "/orders/7", `{"count":1}`}, {"Flat", "POST", "/flat", ""}, {"Flat", "POST", "/flat", `{}`}, {"Flat", "POST", "/flat", `{"count":[],"note":3}`},
	} {
		got := answered(t, srv, test.method, test.path, test.body)
		var v any
		body := strings.ReplaceAll(got.body, `"ID"`, `"7d444840-9dc0-81d1-b245-5ffdce74fad2"`)
		if err := json.Unmarshal([]byte(body), &v); err != nil || got.status < 400 {
			t.Errorf("%s %s: %d %v: %s", test.method, test.path, got.status, err, got.body)
			continue
		}
		if err := schemas[test.schema].Validate(v); err != nil {
			t.Errorf("%s %s: %s breaks %s: %v", test.method, test.path, got.body, test.schema, err)
		}
		checked++
	}
	if checked == 0 {
		t.Error("nothing was checked")
	}
}

// declaredSchemas compiles the components of a document of OpenAPI 3.1.
func declaredSchemas(t *testing.T, file string) map[string]*jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(stringKeys(doc))
	if err != nil {
		t.Fatal(err)
	}
	resource, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("doc.json", resource); err != nil {
		t.Fatal(err)
	}
	out := map[string]*jsonschema.Schema{}
	for name := range doc["components"].(map[string]any)["schemas"].(map[string]any) {
		if out[name], err = c.Compile("doc.json#/components/schemas/" + name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// stringKeys has the keys of YAML as JSON has them.
func stringKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = stringKeys(e)
		}
	case map[any]any:
		out := map[string]any{}
		for k, e := range v {
			text, _ := json.Marshal(k)
			out[strings.Trim(string(text), `"`)] = stringKeys(e)
		}
		return out
	case []any:
		for i, e := range v {
			v[i] = stringKeys(e)
		}
		return slices.Clone(v)
	}
	return v
}
