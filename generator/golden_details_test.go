package generator_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	enforce "github.com/bailey-go/bailey/testdata/golden/enforce/api"
)

// TestDetailsNameTheDocument: a detail names the bound, the values, the pattern or the format of the document, in every place
// of a request, and nothing that the client sent.
func TestDetailsNameTheDocument(t *testing.T) {
	t.Parallel()
	s, err := enforce.NewServer(&enforced{}, enforce.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	places := map[string]func(key, text, value string) *http.Request{
		"JSON": func(key, _, value string) *http.Request {
			return post("/words", "application/json", `{"word":{"`+key+`":`+value+`}}`)
		},
		"form": func(key, text, _ string) *http.Request {
			return post("/words/form", "application/x-www-form-urlencoded", url.Values{key: {text}}.Encode())
		},
		"part": func(key, text, _ string) *http.Request {
			return post("/words/form", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\""+key+"\"\r\n\r\n"+text+"\r\n--b--\r\n")
		},
		"query": func(key, text, _ string) *http.Request {
			return httptest.NewRequest("GET", "/words/headers?"+url.Values{key: {text}}.Encode(), nil)
		},
		"header": func(key, text, _ string) *http.Request {
			r := httptest.NewRequest("GET", "/words/headers", nil)
			r.Header.Set("X-"+key, text)
			return r
		},
		"cookie": func(key, text, _ string) *http.Request {
			r := httptest.NewRequest("GET", "/words/headers", nil)
			r.Header.Set("Cookie", "c-"+key+"="+text)
			return r
		},
	}
	for _, tt := range []struct{ key, text, keyword, detail string }{
		{"minLength", "zq", "", "is shorter than 3 characters"},
		{"maxLength", "zqzqzq", "", "is longer than 3 characters"},
		{"pattern", "zqb", "", "does not match the pattern ^a+$"},
		{"format", "zqhost", "", "does not have the format ipv4"},
		{"enum", "zqx", "", `is none of "a", "b"`},
		{"const", "zqy", "enum", `is not "x"`},
		{"minimum", "-4711", "", "is less than 5"},
		{"maximum", "4711", "", "is greater than 5"},
		{"exclusiveMinimum", "-4711", "", "is not greater than 5"},
		{"exclusiveMaximum", "4711.5", "", "is not less than 5"},
		{"multipleOf", "4711", "", "is not a multiple of 3"},
		{"minItems", "zq", "", "has fewer than 2 items"},
	} {
		value := tt.text
		switch {
		case tt.key == "minItems":
			value = `["` + tt.text + `"]`
		case strings.HasPrefix(tt.text, "zq"):
			value = `"` + tt.text + `"`
		}
		if tt.keyword == "" {
			tt.keyword = tt.key
		}
		for place, ask := range places {
			r := ask(tt.key, tt.text, value)
			r.URL.Scheme, r.URL.Host, r.RequestURI = "http", strings.TrimPrefix(srv.URL, "http://"), ""
			res, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			var body struct {
				Instance string
				Errors   []struct{ Keyword, Detail string }
			}
			raw := new(strings.Builder)
			err = json.NewDecoder(io.TeeReader(res.Body, raw)).Decode(&body)
			res.Body.Close()
			if err != nil || len(body.Errors) != 1 || body.Errors[0].Keyword != tt.keyword || body.Errors[0].Detail != tt.detail {
				t.Errorf("%s, %s: got %d %+v (%v), want %s: %s", place, tt.key, res.StatusCode, body.Errors, err, tt.keyword, tt.detail)
			}
			sent := strings.ReplaceAll(raw.String(), body.Instance, "") // random digits
			if body.Instance == "" || strings.Contains(sent, "zq") || strings.Contains(sent, "4711") {
				t.Errorf("%s, %s: the answer has what was sent: %s", place, tt.key, raw)
			}
		}
	}
}

// TestDetailsOfDiscriminators: the detail names the member and its values.
func TestDetailsOfDiscriminators(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"level":{"level":4}}`:            `has a member \"level\" that is none of `,
		`{"switch":{"on":"zq","watts":4}}`: `has a member \"on\" that is none of true, false`,
	} {
		f := &relatives{}
		if _, answer := f.ask(t, "/places", body); !strings.Contains(answer, `"detail":"`+want) || strings.Contains(answer, "zq") {
			t.Errorf("%s: got %s, want the detail %s", body, answer, want)
		}
	}
}
