package generator_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/problem"
	paths "github.com/bailey-go/bailey/testdata/golden/paths/api"
)

// pathsEcho answers with what it was given.
type pathsEcho struct{ paths.Unimplemented }

func (pathsEcho) Plain(context.Context, *paths.PlainRequest) error       { return nil }
func (pathsEcho) Suffix(context.Context, *paths.SuffixRequest) error     { return nil }
func (pathsEcho) Space(context.Context, *paths.SpaceRequest) error       { return nil }
func (pathsEcho) Spaces(context.Context, *paths.SpacesRequest) error     { return nil }
func (pathsEcho) PostText(context.Context, *paths.PostTextRequest) error { return nil }
func (pathsEcho) PostTree(_ context.Context, r *paths.PostTreeRequest) (paths.Tree, error) {
	return r.Body, nil
}
func (pathsEcho) PostNest(_ context.Context, r *paths.PostNestRequest) (paths.Nest, error) {
	return r.Body, nil
}
func (pathsEcho) PostMixed(_ context.Context, r *paths.PostMixedRequest) (runtime.Null[paths.Mixed], error) {
	return r.Body, nil
}
func (pathsEcho) PostSum(_ context.Context, r *paths.PostSumRequest) (*paths.Either, error) {
	return &r.Body, nil
}
func (pathsEcho) PostHolder(_ context.Context, r *paths.PostHolderRequest) (*paths.Holder, error) {
	return &r.Body, nil
}

func (pathsEcho) GetThing(context.Context, *paths.GetThingRequest) (string, error) {
	return "by id", nil
}
func (pathsEcho) GetThingByName(_ context.Context, r *paths.GetThingByNameRequest) (string, error) {
	return "by name " + r.Name, nil
}
func (pathsEcho) GetThingByKey(context.Context, *paths.GetThingByKeyRequest) (string, error) {
	return "by key", nil
}
func (pathsEcho) PutThing(context.Context, *paths.PutThingRequest) (string, error) {
	return "put", nil
}
func (pathsEcho) GetFileByID(context.Context, *paths.GetFileByIDRequest) (string, error) {
	return "file by id", nil
}
func (pathsEcho) GetFileByName(_ context.Context, r *paths.GetFileByNameRequest) (string, error) {
	return "file " + r.Name, nil
}
func (pathsEcho) GetSpecialFile(context.Context, *paths.GetSpecialFileRequest) (string, error) {
	return "special file", nil
}
func (pathsEcho) GetTwice(_ context.Context, r *paths.GetTwiceRequest) (string, error) {
	return r.ID + " " + strconv.FormatInt(r.Other, 10), nil
}

// Talk answers with the branches that a body is one for.
func (pathsEcho) Talk(_ context.Context, r *paths.TalkRequest) (paths.TalkResult, error) {
	body, isJSON := r.JSON.Get()
	plain, _ := r.Plain.Get()
	switch {
	case !isJSON:
		return &paths.TalkOKPlain{Body: "text " + plain}, nil
	case body.Talk != nil && body.TalkStream != nil:
		return &paths.TalkOK{Body: paths.TalkOKBody{Said: &paths.Said{Said: "both"}}}, nil
	case body.Shout != nil:
		return &paths.TalkOK{Body: paths.TalkOKBody{Loud: &paths.Loud{Loud: body.Shout.Shout}}}, nil
	case body.TalkStream != nil && body.TalkStream.Rate == 0:
		return nil, &paths.TalkConflict{Body: paths.Said{Said: "busy"}}
	case body.TalkStream != nil:
		return &paths.TalkOKPlain{Body: "stream"}, nil
	}
	return &paths.TalkOK{Body: paths.TalkOKBody{Said: &paths.Said{Said: body.Talk.Text}}}, nil
}

// Upload answers with the length of the file.
func (pathsEcho) Upload(_ context.Context, r *paths.UploadRequest) (string, error) {
	mode, given := r.Body.Mode.Get()
	if !given {
		mode = "none"
	}
	return string(mode) + " " + strconv.FormatInt(r.Body.File.Size(), 10), nil
}
func (pathsEcho) DeleteThing(context.Context, *paths.DeleteThingRequest) error { return nil }

// pathsServer is the server of the golden package paths.
func pathsServer(t *testing.T) http.Handler {
	t.Helper()
	s, err := paths.NewServer(pathsEcho{}, paths.Config{Config: runtime.Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPathText: text in a path is met as it is and percent-encoded, in whole segments and beside
// parameters.
func TestPathText(t *testing.T) {
	t.Parallel()
	s := pathsServer(t)
	for target, want := range map[string]int{
		"/a%20b": 204, "/a+b": 404, "/a%20b/": 404, "/a": 404,
		"/s/a": 204, "/s/abcde%C3%A9": 204, "/s/abcdeé": 204, "/s/abcde%c3%a9": 204, "/s/ab%20de%C3%A9": 204, "/s/ABCDE%C3%A9": 400, "/s/ab": 400,
		"/a%20b/x%20%C3%BC": 204, "/a%20b/x%20%c3%bc": 204, "/a%20b/%20%C3%BC": 404, "/a%20b/x": 404,
	} {
		if w := sendJSON(s, "GET", target, ""); w.Code != want {
			t.Errorf("GET %s: %d, want %d: %s", target, w.Code, want, w.Body)
		}
	}
}

// TestOnePathOfSeveral: paths that differ in the names of their parameters are one, whose operations are
// found by method and value; each has the parameters that it names.
func TestOnePathOfSeveral(t *testing.T) {
	t.Parallel()
	s := pathsServer(t)
	const id = "0b9c7a1e-1111-4111-8111-0123456789ab"
	const key = "/things/" + id
	for _, test := range []struct {
		method, target string
		want           int
		body, allow    string
	}{
		{"GET", "/things/7", 200, `"by id"`, ""}, {"GET", "/things/-7", 200, `"by id"`, ""}, {"GET", "/things/ada", 200, `"by name ada"`, ""}, {"GET", "/things/%61da", 200, `"by name ada"`, ""},
		{"GET", key, 200, `"by key"`, ""}, {"HEAD", "/things/7", 200, "", ""}, {"HEAD", key, 200, "", ""}, {"PUT", "/things/7", 200, `"put"`, ""}, {"PUT", "/things/anything at all", 200, `"put"`, ""},
		{"DELETE", key, 204, "", ""}, {"DELETE", "/things/7", 400, "", ""},
		{"GET", "/things/7.5", 400, "", ""}, {"GET", "/things/ADA", 405, "", "DELETE, PUT"}, {"HEAD", "/things/ADA", 405, "", "DELETE, PUT"}, {"POST", "/things/7", 405, "", "DELETE, GET, HEAD, PUT"}, {"OPTIONS", "/things/ADA", 405, "", "DELETE, PUT"},
		{"GET", "/kinds/q/one", 501, "", ""}, {"GET", "/kinds/q/a%2Fb", 501, "", ""}, {"GET", "/kinds/q/three", 404, "", ""}, {"PUT", "/kinds/q/one", 405, "", "GET, HEAD"}, {"PUT", "/kinds/q/three", 404, "", ""},
		{"GET", "/files/" + id, 200, `"file by id"`, ""}, {"GET", "/files/%30" + id[1:], 200, `"file by id"`, ""}, {"GET", "/files/" + id[1:], 200, `"file ` + id[1:] + `"`, ""}, {"GET", "/files/" + id + "0", 200, `"file ` + id + `0"`, ""},
		{"GET", "/files/all", 200, `"special file"`, ""}, {"GET", "/files/a%2fb", 200, `"special file"`, ""}, {"GET", "/files/ALL", 200, `"file ALL"`, ""}, {"HEAD", "/files/x", 200, "", ""}, {"PUT", "/files/all", 405, "", "GET, HEAD"},
		{"GET", "/files/" + strings.Repeat("a", 4097), 404, "", ""}, {"OPTIONS", "/files/x", 405, "", "GET, HEAD"},
		{"GET", "/twice/a/a/7", 200, `"a 7"`, ""}, {"GET", "/twice/a/%61/7", 200, `"a 7"`, ""}, {"HEAD", "/twice/a/a/7", 200, "", ""}, {"GET", "/twice/a/b/7", 404, "", ""}, {"GET", "/twice/a/a/b", 400, "", ""}, {"PUT", "/twice/a/a/7", 405, "", "GET, HEAD"}, {"PUT", "/twice/a/b/7", 404, "", ""},
	} {
		target := strings.ReplaceAll(test.target, " ", "%20")
		w := sendJSON(s, test.method, target, "")
		if allow := w.Header().Get("Allow"); w.Code != test.want || test.body != "" && strings.TrimSpace(w.Body.String()) != test.body || allow != test.allow {
			t.Errorf("%s %s: %d %s, Allow %q; want %+v", test.method, target, w.Code, w.Body, allow, test)
		}
	}
}

// TestVariantsOfOnePath: what a document tells apart behind "?" and "#" is found by the query, or by a
// header that the operations require with different values.
func TestVariantsOfOnePath(t *testing.T) {
	t.Parallel()
	s, err := paths.NewServer(paths.Unimplemented{}, paths.Config{Config: runtime.Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Around: func(_ context.Context, op *runtime.Operation, _ func(context.Context) error) error {
		return &problem.Problem{Status: 418, Title: op.ID}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ method, target, header, want string }{
		{"POST", "/do", "", "doPlain"}, {"POST", "/do?action=start", "", "doStart"}, {"POST", "/do?at=7&action=start", "", "doStart"}, {"POST", "/do?%61ction=st%6Fp", "", "doStop"},
		{"POST", "/do?action=stop&at=7", "", "400"}, {"POST", "/do?at=7", "", "400"}, {"POST", "/do?action=other", "", "404"}, {"POST", "/do?action=start&action=stop", "", "404"}, {"POST", "/do?action=start&action=start", "", "404"}, {"GET", "/do?action=start", "", "405"},
		{"GET", "/bucket/b?acl=true", "", "getACL"}, {"GET", "/bucket/b?cors=true", "", "getCORS"}, {"GET", "/bucket/b?cors=true&acl=true", "", "400"}, {"GET", "/bucket/b", "", "400"}, {"GET", "/bucket/b?cors=false", "", "404"},
		{"POST", "/", "T.Get", "targetGet"}, {"POST", "/", "T.Put", "targetPut"}, {"POST", "/", "T.Other", "404"}, {"POST", "/", "", "404"},
	} {
		r := httptest.NewRequest(test.method, test.target, nil)
		if test.header != "" {
			r.Header.Set("X-Amz-Target", test.header)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		got := strconv.Itoa(w.Code)
		if w.Code == 418 {
			_, got, _ = strings.Cut(w.Body.String(), `"title":"`)
			got, _, _ = strings.Cut(got, `"`)
		}
		if got != test.want {
			t.Errorf("%s %s %s: %s, want %s: %s", test.method, test.target, test.header, got, test.want, w.Body)
		}
	}
	// Each variant has the rate limit of its own path item, and counts alone.
	statuses := map[string]int{}
	for range 12 {
		for _, action := range []string{"start", "stop"} {
			statuses[action+" "+strconv.Itoa(sendJSON(s, "POST", "/do?action="+action, "").Code)]++
		}
	}
	if statuses["start 418"] != 12 || statuses["stop 429"] == 0 || statuses["stop 418"] == 0 {
		t.Errorf("of 12 requests each: %v", statuses)
	}
	if w := sendJSON(s, "OPTIONS", "*", ""); w.Code != 404 {
		t.Errorf("OPTIONS *: %d", w.Code)
	}
}

// TestJoinedVariants: variants that only their bodies tell apart are one operation, which takes what one of
// them takes, and answers as one of them does, whatever Accept says.
func TestJoinedVariants(t *testing.T) {
	t.Parallel()
	s := pathsServer(t)
	for body, want := range map[string]string{
		`{"text":"hi","stream":false}`:             `200 application/json {"said":"hi"}`,
		`{"text":"hi"}`:                            `200 application/json {"said":"hi"}`,
		`{"text":"hi","rate":1}`:                   `200 application/json {"said":"both"}`, // stream is absent: either is meant
		`{"text":"hi","stream":true,"rate":1}`:     `200 text/plain stream`,
		`{"text":"hi","stream":true,"rate":0}`:     `409 application/json {"said":"busy"}`,
		`{"text":"longer than ten","stream":true}`: `422`,
		`{"text":"hi","stream":false,"rate":1}`:    `422`,
		`{"text":"longer than ten"}`:               `422`,
		`{"text":"longer than ten","rate":1}`:      `200 text/plain stream`,
		`{"shout":"HI"}`:                           `200 application/json {"loud":"HI"}`,
		`{"shout":"hi"}`:                           `500`,
		`{"shout":"HI","text":"longer than ten"}`:  `422`,
		`{"shout":"HI","other":1}`:                 `422`,
		`{"stream":true}`:                          `422`,
		`{}`:                                       `422`,
		``:                                         `400`,
	} {
		w := sendJSON(s, "POST", "/talk", body)
		got := strconv.Itoa(w.Code)
		if w.Code == 200 || w.Code == 409 {
			got += " " + w.Header().Get("Content-Type") + " " + strings.TrimSpace(w.Body.String())
		}
		if got != want {
			t.Errorf("%s: %s, want %s: %s", body, got, want, w.Body)
		}
	}
	for _, test := range []struct{ target, contentType, body, want string }{
		{"/talk", "text/plain", "hello", "200 text hello"}, {"/talk", "text/plain", "hello you", "422"}, {"/talk", "text/html", "hello", "415"},
		{"/upload", "", "now", `200 "now 3"`}, {"/upload", "", "never", `200 "never 3"`}, {"/upload", "", "", `200 "none 3"`}, {"/upload", "", "soon", "422"},
	} {
		if test.target == "/upload" {
			var b strings.Builder
			form := multipart.NewWriter(&b)
			if test.body != "" {
				_ = form.WriteField("mode", test.body)
			}
			part, _ := form.CreateFormFile("file", "a.bin")
			_, _ = part.Write([]byte{0xff, 0, 1})
			_ = form.Close()
			test.contentType, test.body = form.FormDataContentType(), b.String()
		}
		r := httptest.NewRequest("POST", test.target, strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.contentType)
		r.Header.Set("Accept", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		got := strconv.Itoa(w.Code)
		if w.Code == 200 {
			got += " " + strings.TrimSpace(w.Body.String())
		}
		if got != test.want {
			t.Errorf("%+v: %s: %s", test, got, w.Body)
		}
	}
}

// TestRecursiveLists: arrays and maps that hold themselves, with no object between, are read and
// written with all of their checks, and as deep as the bound on the nesting of JSON.
func TestRecursiveLists(t *testing.T) {
	t.Parallel()
	s := pathsServer(t)
	for _, test := range []struct {
		target, body string
		want         int
	}{
		{"tree", `[]`, 200}, {"tree", `[[],[[]],[]]`, 200}, {"tree", `[[],[],[],[]]`, 422}, {"tree", `[[[[],[],[],[]]]]`, 422}, {"tree", `[1]`, 422}, {"tree", `{}`, 422}, {"tree", `[null]`, 422},
		{"tree", deepText("[", "", "]", 64), 200}, {"tree", deepText("[", "", "]", 65), 400}, {"tree", deepText("[", "", "]", 100_000), 400},
		{"map", `{}`, 200}, {"map", `{"a":{},"b":{"c":{}}}`, 200}, {"map", `{"a":{"x":{},"y":{},"z":{}}}`, 422}, {"map", `{"a":1}`, 422}, {"map", deepText(`{"a":`, "{}", "}", 63), 200}, {"map", deepText(`{"a":`, "{}", "}", 64), 400},
		{"mixed", `null`, 200}, {"mixed", `[]`, 200}, {"mixed", `[{"a":[null,[],[{"b":[null]}]]}]`, 200}, {"mixed", `[{"a":[]},{"a":[]}]`, 422}, {"mixed", `[{"a":[[{"b":[]},{"b":[]}]]}]`, 422}, {"mixed", `[{"a":null}]`, 422},
		{"sum", `"a"`, 200}, {"sum", `["a",["b"],{"c":"d","e":[{}]}]`, 200}, {"sum", `["a",1]`, 422},
		{"holder", `{"tree":[[]]}`, 200}, {"holder", `{"tree":[[]],"maybe":null}`, 200}, {"holder", `{"tree":[],"maybe":[[],[]],"more":[{"a":{}}]}`, 200}, {"holder", `{"tree":[],"maybe":[1]}`, 422}, {"holder", `{"tree":[],"more":[]}`, 422}, {"holder", `{}`, 422},
	} {
		w := sendJSON(s, "POST", "/shapes/"+test.target, test.body)
		if w.Code != test.want {
			t.Errorf("%s %.40s: %d, want %d: %s", test.target, test.body, w.Code, test.want, w.Body)
		}
		if got := strings.TrimSpace(w.Body.String()); w.Code == 200 && got != test.body {
			t.Errorf("%s %.40s came back as %.40s", test.target, test.body, got)
		}
	}
}

// TestLongRepetitions: a class that repeats beyond 1000 times is a length.
func TestLongRepetitions(t *testing.T) {
	t.Parallel()
	s := pathsServer(t)
	for _, test := range []struct {
		member, text string
		want         int
	}{
		{"hash", "0x" + strings.Repeat("f", 2048), 204}, {"hash", "0x" + strings.Repeat("f", 2047), 422}, {"hash", "0x" + strings.Repeat("f", 2049), 422}, {"hash", strings.Repeat("f", 2050), 422}, {"hash", "0x" + strings.Repeat("g", 2048), 422},
		{"word", "", 204}, {"word", strings.Repeat("z", 5000), 204}, {"word", strings.Repeat("z", 5001), 422}, {"word", "A", 422},
		{"group", strings.Repeat("a", 2000), 204}, {"group", strings.Repeat("a", 1999), 422}, {"group", strings.Repeat("a", 2001), 422},
		{"two", "a", 204}, {"two", strings.Repeat("a", 2000) + strings.Repeat("1", 3000), 204}, {"two", strings.Repeat("a", 2001), 422}, {"two", "a" + strings.Repeat("1", 3001), 422}, {"two", "1", 422},
	} {
		if w := sendJSON(s, "POST", "/shapes/text", `{"`+test.member+`":"`+test.text+`"}`); w.Code != test.want {
			t.Errorf("%s of %d characters, %.4s: %d, want %d", test.member, len(test.text), test.text, w.Code, test.want)
		}
	}
}

// TestRecursiveListsElsewhere: in the places that text is read from, an array of itself is JSON text or
// refused, and never an endless walk.
func TestRecursiveListsElsewhere(t *testing.T) {
	t.Parallel()
	for _, where := range []string{
		`parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/Tree'}}], responses: {'204': {description: ok}}`,
		`parameters: [{name: q, in: header, schema: {$ref: '#/components/schemas/Tree'}}], responses: {'204': {description: ok}}`,
		`parameters: [{name: q, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}], responses: {'204': {description: ok}}`,
		`responses: {'204': {description: ok, headers: {X-Q: {schema: {$ref: '#/components/schemas/Tree'}}}}}`,
		`requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {q: {$ref: '#/components/schemas/Tree'}}}}}}, responses: {'204': {description: ok}}`,
		`requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {q: {$ref: '#/components/schemas/Tree'}}}}}}, responses: {'204': {description: ok}}`,
		`requestBody: {content: {application/x-ndjson: {itemSchema: {$ref: '#/components/schemas/Tree'}}}}, responses: {'204': {description: ok}}`,
	} {
		folder := t.TempDir()
		document := filepath.Join(folder, "openapi.yaml")
		text := "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post: {operationId: a, " + where + "}\n" +
			"components:\n  schemas:\n    Tree: {type: [array, 'null'], items: {$ref: '#/components/schemas/Tree'}}\n"
		if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		res, err := generator.Render(generator.Config{Document: document, Output: filepath.Join(folder, "api"), Package: "api", AllowPublic: "a test", Tests: true})
		if errors.Is(err, generator.ErrDocument) {
			if d, _ := firstError(res); d.Rule != "header-type" && d.Rule != "form-field" && d.Rule != "parameter-type" {
				t.Errorf("%s: %v", where, d)
			}
		} else if err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
}

// TestAliasesAreOneType: a component that is nothing but a reference is another name of the same Go type,
// across files too; and a schema, a response and a member of one name are told apart by what they are.
func TestAliasesAreOneType(t *testing.T) {
	t.Parallel()
	user := &paths.User{ID: "ada", Boss: &paths.Alias{ID: "eve"}}
	var s paths.Handler = pathsAliases{user: user}
	server, err := paths.NewServer(s, paths.Config{Config: runtime.Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/users/file", "/users/alias"} {
		if w := sendJSON(server, "GET", target, ""); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"id":"ada","boss":{"id":"eve"}}` {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := sendJSON(server, "GET", "/users/main", ""); w.Code != 404 || strings.TrimSpace(w.Body.String()) != `{"error":{"code":7}}` {
		t.Errorf("/users/main: %d %s", w.Code, w.Body)
	}
	if w := sendJSON(server, "PUT", "/users/kind", `"b"`); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `"b"` {
		t.Errorf("/users/kind: %d %s", w.Code, w.Body)
	}
}

// pathsAliases answers with one user in each place.
type pathsAliases struct {
	pathsEcho
	user *paths.User
}

func (h pathsAliases) GetFile(context.Context, *paths.GetFileRequest) (*paths.User, error) {
	return h.user, nil
}
func (h pathsAliases) GetAlias(context.Context, *paths.GetAliasRequest) (*paths.Alias, error) {
	return h.user, nil
}
func (pathsAliases) PutKind(_ context.Context, r *paths.PutKindRequest) (paths.Kind, error) {
	var kind paths.KindAlias = r.Body
	return kind, nil
}
func (pathsAliases) GetMain(context.Context, *paths.GetMainRequest) (*paths.User, error) {
	return nil, &paths.ErrorResponse{Body: paths.Error{Error: runtime.Some(paths.ErrorError{Code: runtime.Some(int64(7))})}}
}
