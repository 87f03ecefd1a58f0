package generator_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/testdata/golden/swagger/api"
)

// converted answers with what it was given.
type converted struct{ api.Unimplemented }

func (converted) Lists(_ context.Context, r *api.ListsRequest) (string, error) {
	return fmt.Sprintf("%v %v %q %q %v %v %v %q %q", r.P, r.Q, r.S, r.T, r.M, r.N, r.XS, r.XT, r.XN), nil
}

func (converted) Form(_ context.Context, r *api.FormRequest) (string, error) {
	f := r.Form.Value
	if r.Multipart.Set {
		f = r.Multipart.Value
	}
	return fmt.Sprintf("%v %v %q %q %v", f.A.Value, f.C, f.T, f.M, f.N), nil
}

func (converted) File(context.Context, *api.FileRequest) (*api.FileOK, error) {
	return &api.FileOK{Body: strings.NewReader("\x00octets")}, nil
}

// serveSwagger sends a request to the converted API.
func serveSwagger(t *testing.T, r *http.Request) (int, string, http.Header) {
	t.Helper()
	s, err := api.NewServer(converted{}, api.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// TestSwaggerLists: arrays outside of bodies are divided as collectionFormat says, arrays inside of them
// as theirs does (Swagger 2.0, Parameter Object and Items Object).
func TestSwaggerLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path, query string
		header      [2]string
		code        int
		want        string
	}{
		{path: "1/2", code: 200, want: `[1] [[2]] [] [] [] [] [] [] []`},
		{path: "1%092/1,2%7C3", code: 200, want: `[1 2] [[1 2] [3]] [] [] [] [] [] [] []`},
		{path: "1,2/1", code: 400},
		{path: "1%092/a", code: 400},
		{path: "1/2", query: "s=a+b%20c", code: 200, want: `[1] [[2]] ["a" "b" "c"] [] [] [] [] [] []`},
		{path: "1/2", query: "t=a%09b,c", code: 200, want: `[1] [[2]] [] ["a" "b,c"] [] [] [] [] []`},
		{path: "1/2", query: "t=a%zz", code: 400},
		{path: "1/2", query: "m=1,2%7C3", code: 200, want: `[1] [[2]] [] [] [[1 2] [3]] [] [] [] []`},
		{path: "1/2", query: "m=1,2||3", code: 200, want: `[1] [[2]] [] [] [[1 2] [] [3]] [] [] [] []`},
		{path: "1/2", query: "m=1,10", code: 400},
		{path: "1/2", query: "m=1,a", code: 400},
		{path: "1/2", query: "m=[[1]]", code: 400},
		{path: "1/2", query: "m=1&m=2", code: 400},
		{path: "1/2", query: "m=" + strings.Repeat("1,", 1001) + "1", code: 400},
		{path: "1/2", query: "n=true,false+true&n=false", code: 200, want: `[1] [[2]] [] [] [] [[[true false] [true]] [[false]]] [] [] []`},
		{path: "1/2", query: "n=true,false,true", code: 400},
		{path: "1/2", header: [2]string{"X-S", "1 2"}, code: 200, want: `[1] [[2]] [] [] [] [] [1 2] [] []`},
		{path: "1/2", header: [2]string{"X-S", "1,2"}, code: 400},
		{path: "1/2", header: [2]string{"X-T", "a\tb c"}, code: 200, want: `[1] [[2]] [] [] [] [] [] ["a" "b c"] []`},
		{path: "1/2", header: [2]string{"X-N", "a,b|c"}, code: 200, want: `[1] [[2]] [] [] [] [] [] [] [["a" "b"] ["c"]]`},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		target := "/lists/" + test.path
		if test.query != "" {
			target += "?" + test.query
		}
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.RequestURI = u, target
		if test.header[0] != "" {
			r.Header.Set(test.header[0], test.header[1])
		}
		if code, body, _ := serveSwagger(t, r); code != test.code || code == 200 && body != fmt.Sprintf("%q\n", test.want) && body != fmt.Sprintf("%q", test.want) {
			t.Errorf("%s %v: got %d %s, want %d %q", target, test.header, code, body, test.code, test.want)
		}
	}
}

// TestSwaggerForms: a form whose operation names no form is read as either; lists are divided in both.
func TestSwaggerForms(t *testing.T) {
	t.Parallel()
	send := func(kind string, fields [][2]string) (int, string) {
		var body bytes.Buffer
		var r *http.Request
		if kind == "multipart" {
			w := multipart.NewWriter(&body)
			for _, f := range fields {
				if err := w.WriteField(f[0], f[1]); err != nil {
					t.Fatal(err)
				}
			}
			w.Close()
			r = httptest.NewRequest(http.MethodPost, "/form", &body)
			r.Header.Set("Content-Type", w.FormDataContentType())
		} else {
			for _, f := range fields {
				body.WriteString("&" + f[0] + "=" + strings.ReplaceAll(url.QueryEscape(f[1]), "%2C", ","))
			}
			r = httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(strings.TrimPrefix(body.String(), "&")))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		code, got, _ := serveSwagger(t, r)
		return code, got
	}
	for _, kind := range []string{"url", "multipart"} {
		for _, test := range []struct {
			fields [][2]string
			code   int
			want   string
		}{
			{[][2]string{{"a", "true"}, {"c", "1,2"}, {"t", "x\ty"}, {"m", "1"}, {"m", "2,3"}, {"n", "1,2|3"}}, 200, `true [1 2] ["x" "y"] ["1" "2,3"] [[1 2] [3]]`},
			{[][2]string{{"a", ""}}, 422, ""},
			{[][2]string{{"c", "1"}, {"c", "2"}}, 422, ""},
			{[][2]string{{"c", "1|2"}}, 422, ""},
			{[][2]string{{"n", "1|a"}}, 422, ""},
		} {
			if code, body := send(kind, test.fields); code != test.code || code == 200 && strings.TrimSpace(body) != fmt.Sprintf("%q", test.want) {
				t.Errorf("%s %q: got %d %s, want %d %q", kind, test.fields, code, body, test.code, test.want)
			}
		}
	}
}

// TestSwaggerFile: a file among the responses of an API of JSON is octets.
func TestSwaggerFile(t *testing.T) {
	t.Parallel()
	code, body, header := serveSwagger(t, httptest.NewRequest(http.MethodGet, "/file", http.NoBody))
	if code != 200 || body != "\x00octets" || header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("got %d %q of %q", code, body, header.Get("Content-Type"))
	}
}
