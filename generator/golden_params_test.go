package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/testdata/golden/params/api"
)

// echoes answers every operation of the golden package params with what was read.
type echoes struct{ api.Unimplemented }

func (echoes) GetSimple(_ context.Context, r *api.GetSimpleRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetSimpleExploded(_ context.Context, r *api.GetSimpleExplodedRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetLabel(_ context.Context, r *api.GetLabelRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetLabelExploded(_ context.Context, r *api.GetLabelExplodedRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetMatrix(_ context.Context, r *api.GetMatrixRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetMatrixExploded(_ context.Context, r *api.GetMatrixExplodedRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetHeader(_ context.Context, r *api.GetHeaderRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetQuery(_ context.Context, r *api.GetQueryRequest) (wire.Raw, error)   { return show(r) }
func (echoes) GetSpread(_ context.Context, r *api.GetSpreadRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetFree(_ context.Context, r *api.GetFreeRequest) (wire.Raw, error)     { return show(r) }
func (echoes) GetRequired(_ context.Context, r *api.GetRequiredRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetDeep(_ context.Context, r *api.GetDeepRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetFormless(_ context.Context, r *api.GetFormlessRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetMixed(_ context.Context, r *api.GetMixedRequest) (wire.Raw, error)   { return show(r) }
func (echoes) GetCookie(_ context.Context, r *api.GetCookieRequest) (wire.Raw, error) { return show(r) }
func (echoes) GetCookies(_ context.Context, r *api.GetCookiesRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetQuerystringJSON(_ context.Context, r *api.GetQuerystringJSONRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetQuerystringForm(_ context.Context, r *api.GetQuerystringFormRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) GetDefaults(_ context.Context, r *api.GetDefaultsRequest) (wire.Raw, error) {
	return show(r)
}
func (echoes) PostForm(_ context.Context, r *api.PostFormRequest) (wire.Raw, error) {
	return show(r.Body)
}
func (echoes) PostMultipart(_ context.Context, r *api.PostMultipartRequest) (wire.Raw, error) {
	return show(r.Body)
}
func (echoes) PostChoice(_ context.Context, r *api.PostChoiceRequest) (wire.Raw, error) {
	return show(r.Body)
}
func (echoes) PostMap(_ context.Context, r *api.PostMapRequest) (wire.Raw, error) {
	return show(r.Body)
}

// show is v as JSON without what is not set; one of several is named after its branch.
func show(v any) (wire.Raw, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(shown(reflect.ValueOf(v)))
	return wire.Raw(strings.TrimSpace(b.String())), err
}

func shown(v reflect.Value) any {
	if raw, ok := v.Interface().(wire.Raw); ok {
		return json.RawMessage(raw)
	}
	if _, ok := v.Interface().(fmt.Stringer); ok { // UUID, time
		return fmt.Sprint(v.Interface())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return shown(v.Elem())
	case reflect.Struct:
		if set := v.FieldByName("Set"); set.IsValid() {
			if !set.Bool() {
				return nil
			}
			return shown(v.FieldByName("Value"))
		}
		out := map[string]any{}
		for i := range v.NumField() {
			if inner := shown(v.Field(i)); inner != nil {
				out[v.Type().Field(i).Name] = inner
			}
		}
		return out
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		out := []any{}
		for i := range v.Len() {
			out = append(out, shown(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		out := map[string]any{}
		for _, k := range v.MapKeys() {
			out[k.String()] = shown(v.MapIndex(k))
		}
		return out
	}
	return v.Interface()
}

// styled is a value on the wire, and what was read; Want is a status where it is refused.
type styled struct {
	what string // a row of the specification's table, or what the case shows
	at   string // GET or POST, the target, and what else is sent
	kind string // a header field, or the media type of body
	text string
	want string
}

// TestParams sends every row of the specification's style examples (OpenAPI 3.0.4, 3.1.1
// and 3.2.0, Style Examples), and what it leaves open, to one generated server, which
// answers with what it read. docs/parameters.md keeps the table.
func TestParams(t *testing.T) {
	t.Parallel()
	base := serveEchoes(t)
	for _, group := range styledGroups {
		var b strings.Builder
		fmt.Fprintf(&b, "| %s | on the wire | read, or refused with |\n|---|---|---|\n", group.name)
		for _, c := range group.cases {
			if got := c.send(t, base); got != c.want {
				t.Errorf("%s: %s %s%s: got %s, want %s", group.name, c.what, c.at, c.text, got, c.want)
			}
			sent := c.at
			if c.text != "" {
				sent = c.text
				if c.kind == "Cookie" || strings.HasPrefix(c.kind, "X-") {
					sent = c.kind + ": " + c.text
				}
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.what, cell(sent), cell(c.want))
		}
		holdTableIn(t, "../docs/parameters.md", group.name, b.String())
	}
}

// cell makes a text fit into a table.
func cell(s string) string {
	if len(s) > 120 {
		s = s[:100] + "..."
	}
	return "`" + strings.ReplaceAll(s, "|", "\\|") + "`"
}

func serveEchoes(t *testing.T) string {
	t.Helper()
	s, err := api.NewServer(echoes{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv.URL
}

// send returns the answer, or the status with the first violation.
func (c styled) send(t *testing.T, base string) string {
	t.Helper()
	method, target, _ := strings.Cut(c.at, " ")
	req, err := http.NewRequest(method, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(target, "?")
	req.URL.Opaque = strings.TrimPrefix(base, "http:") + path // as it is spelled
	req.URL.RawQuery = query
	switch {
	case method == "POST" && c.kind == "multipart":
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for pair := range strings.SplitSeq(c.text, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		req.Body, req.ContentLength = io.NopCloser(&b), int64(b.Len())
		req.Header.Set("Content-Type", w.FormDataContentType())
	case method == "POST":
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(c.text)), int64(len(c.text))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case c.kind != "":
		req.Header.Set(c.kind, c.text)
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
	if res.StatusCode == 200 {
		return string(body)
	}
	var p struct {
		Errors []struct{ Parameter, Keyword string }
	}
	if json.Unmarshal(body, &p) != nil || len(p.Errors) == 0 {
		return fmt.Sprint(res.StatusCode)
	}
	return fmt.Sprintf("%d %s: %s", res.StatusCode, p.Errors[0].Parameter, p.Errors[0].Keyword)
}

// TestParamsExcess: what is beyond every bound is refused, and nothing falls over.
func TestParamsExcess(t *testing.T) {
	t.Parallel()
	base := serveEchoes(t)
	for _, c := range []styled{
		{"brackets without end", "GET /deep?filter[a]=x&filter" + strings.Repeat("[b]", 100_000) + "=1", "", "", "400"},
		{"brackets as deep as a header can hold", "GET /deep?filter[a]=x&filter" + strings.Repeat("[b]", 9000) + "=1", "", "", "400"},
		{"brackets in a form", "POST /form", "form", "deep[a]=x&deep" + strings.Repeat("[b]", 300_000) + "=1", "422"},
		{"many pairs", "POST /form", "form", strings.Repeat("list={}&", 1001), "422"},
		{"many items", "GET /query?rgb=" + strings.Repeat("R,1,", 1000), "", "", "400"},
	} {
		got := c.send(t, base)
		if len(got) >= 3 && got[0] != '4' || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.what, cell(got), c.want)
		}
	}
}

// holdTableIn compares a table with the one between two marks of a document.
func holdTableIn(t *testing.T, doc, name, table string) {
	t.Helper()
	mark := url.PathEscape(name)
	start, end := "<!-- "+mark+":start -->\n", "<!-- "+mark+":end -->"
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), start)
	old, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok1 || !ok2:
		t.Fatalf("%s lacks the marks %q", doc, mark)
	case old == table:
	case updating():
		if err := os.WriteFile(doc, []byte(before+start+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of %s in %s is stale: go test ./generator -run TestParams -update writes\n%s", name, doc, table)
	}
}
