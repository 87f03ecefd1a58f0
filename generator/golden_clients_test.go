package generator_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/testdata/golden/clients/api"
)

// clients says what it has read, so that what a client meant can be held against it.
type clients struct{ api.Unimplemented }

func sawNote(body runtime.Opt[api.Note]) (*api.Note, error) {
	if !body.Set {
		return &api.Note{A: runtime.Some("no body")}, nil
	}
	return &api.Note{A: runtime.Some("body " + body.Value.A.Value)}, nil
}

func (clients) GetNone(context.Context, *api.GetNoneRequest) error             { return nil }
func (clients) PostNone(context.Context, *api.PostNoneRequest) error           { return nil }
func (clients) DeleteNone(context.Context, *api.DeleteNoneRequest) error       { return nil }
func (clients) PostDropped(context.Context, *api.PostDroppedRequest) error     { return nil }
func (clients) DeleteDropped(context.Context, *api.DeleteDroppedRequest) error { return nil }
func (clients) GetFew(context.Context, *api.GetFewRequest) error               { return nil }

func (clients) PostOptional(_ context.Context, r *api.PostOptionalRequest) (*api.Note, error) {
	return sawNote(r.Body)
}

func (clients) DeleteOptional(_ context.Context, r *api.DeleteOptionalRequest) (*api.Note, error) {
	return sawNote(r.Body)
}

func (clients) PostRequired(_ context.Context, r *api.PostRequiredRequest) (*api.Note, error) {
	return sawNote(runtime.Some(r.Body))
}

func (clients) PostV1(_ context.Context, r *api.PostV1Request) (*api.Note, error) {
	return sawNote(r.Body)
}

func (clients) PostVersions(_ context.Context, r *api.PostVersionsRequest) (api.PostVersionsResult, error) {
	if strings.HasSuffix(r.Accept, "version=2") {
		return &api.PostVersionsOKJSONVersion2{Body: api.PostVersionsOKJSONVersion2Body{B: r.JSONVersion2.Value.B}}, nil
	}
	return &api.PostVersionsOK{Body: r.JSONVersion1.Value}, nil
}

func (clients) PostActivity(_ context.Context, r *api.PostActivityRequest) (*api.Note, error) {
	return sawNote(r.Body)
}

func (clients) PostFHIR(_ context.Context, r *api.PostFHIRRequest) (*api.Note, error) {
	return sawNote(r.Body)
}

func (clients) PostText(_ context.Context, r *api.PostTextRequest) (*api.PostTextOK, error) {
	return &api.PostTextOK{Body: r.Body.Value}, nil
}

func (clients) Upload(_ context.Context, r *api.UploadRequest) (*api.Note, error) {
	b, err := io.ReadAll(r.Body.File.Open())
	return &api.Note{A: runtime.Some(fmt.Sprintf("%s %s %s", r.Body.File.Name, b, r.Body.Note.Value))}, err
}

func (clients) PostForm(_ context.Context, r *api.PostFormRequest) (*api.Note, error) {
	return &api.Note{A: runtime.Some(r.Body.A)}, nil
}

func (clients) GetName(_ context.Context, r *api.GetNameRequest) (api.GetNameResult, error) {
	text := strings.Join([]string{r.Name, r.Q.Value, r.IfModifiedSince.Value, r.Session.Value}, "|")
	if r.Accept == "text/csv" {
		return &api.GetNameOKCSV{Body: strings.NewReader(text)}, nil
	}
	return &api.GetNameOK{Body: api.Note{A: runtime.Some(text)}}, nil
}

func newClients(t *testing.T) *httptest.Server {
	t.Helper()
	s, err := api.NewServer(clients{}, api.Config{Config: runtime.Config{
		Log: slog.New(slog.DiscardHandler), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv
}

// wired is a request as it goes over the wire, without the line and the fields that all have.
type wired struct {
	name, line string
	fields     string // each with its CRLF
	body       string
	chunked    bool
	status     int
	has        string // in the answer's header or content
}

// send sends the request, and another behind it where the connection stays open.
func (r wired) send(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	head := r.line + " HTTP/1.1\r\nHost: api.example\r\n" + r.fields
	switch {
	case r.chunked && r.body != "":
		head += fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(r.body), r.body)
	case r.chunked:
		head += "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	case r.body != "":
		head += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
	default:
		head += "\r\n"
	}
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	read := bufio.NewReader(conn)
	method, _, _ := strings.Cut(r.line, " ")
	res, err := http.ReadResponse(read, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var header strings.Builder
	_ = res.Header.Write(&header)
	if all := header.String() + string(content); res.StatusCode != r.status || !strings.Contains(all, r.has) {
		t.Errorf("%s: %d, want %d with %q:\n%s", r.name, res.StatusCode, r.status, r.has, all)
	}
	if res.Close {
		if !r.chunked && r.status < 400 {
			t.Errorf("%s: the connection ends", r.name)
		}
		return
	}
	if r.chunked {
		t.Errorf("%s: the connection stays open after chunks", r.name)
	}
	if _, err := io.WriteString(conn, "GET /none HTTP/1.1\r\nHost: api.example\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if res, err = http.ReadResponse(read, nil); err != nil || res.StatusCode != 204 {
		t.Errorf("%s: the next request: %v, %v", r.name, res, err)
	}
}

func kindOf(s string) string { return "Content-Type: " + s + "\r\n" }

// TestClientsContent: no content is no body, whatever the framing, and content where none is asked for.
func TestClientsContent(t *testing.T) {
	t.Parallel()
	addr := newClients(t).Listener.Addr().String()
	json := kindOf("application/json")
	for _, r := range []wired{
		{"chunked GET", "GET /none", "", "", true, 204, ""},
		{"chunked POST", "POST /none", "", "", true, 204, ""},
		{"chunked DELETE", "DELETE /none", "", "", true, 204, ""},
		{"chunked POST of some type", "POST /none", json, "", true, 204, ""},
		{"chunked POST with content", "POST /none", json, "{}", true, 400, "takes no body"},
		{"an optional body", "POST /optional", json, "", true, 200, "no body"},
		{"an optional body without a type", "POST /optional", "", "", true, 200, "no body"},
		{"an optional body that is there", "POST /optional", json, `{"a":"x"}`, true, 200, "body x"},
		{"an optional body of another type", "POST /optional", kindOf("text/plain"), "x", true, 415, "the body can be application/json"},
		{"a length of 0", "POST /optional", json + "Content-Length: 0\r\n", "", false, 200, "no body"},
		{"a length of 0 on DELETE", "DELETE /optional", json + "Content-Length: 0\r\n", "", false, 200, "no body"},
		{"DELETE with a body", "DELETE /optional", json, `{"a":"x"}`, false, 200, "body x"},
		{"a required body", "POST /required", json, "", true, 400, "a body is required"},
		{"a required body that is there", "POST /required", json, `{"a":"x"}`, true, 200, "body x"},
		{"an empty object for no body", "POST /none", json, "{}", false, 400, "takes no body"},
		{"an empty object for no body, dropped", "POST /dropped", json, "{}", false, 204, ""},
		{"the same in chunks", "POST /dropped", json, "{}", true, 204, ""},
		{"the same of DELETE", "DELETE /dropped", json, "{}", false, 204, ""},
		{"the same of null", "POST /dropped", json, "null", false, 204, ""},
		{"the same without a type", "POST /dropped", "", "{}", false, 204, ""},
		{"dropped, and long", "POST /dropped", json, strings.Repeat("x", 16<<10+1), false, 413, ""},
		{"dropped, and long, in chunks", "POST /dropped", json, strings.Repeat("x", 16<<10+1), true, 413, ""},
		{"HEAD", "HEAD /none", "Content-Length: 0\r\n", "", false, 204, ""},
		{"OPTIONS", "OPTIONS /none", "Content-Length: 0\r\n", "", false, 405, "Allow: "},
	} {
		r.send(t, addr)
	}
}

// TestClientsMedia: parameters of media types, and what stands in a Content-Type and Accept besides.
func TestClientsMedia(t *testing.T) {
	t.Parallel()
	addr := newClients(t).Listener.Addr().String()
	const body, two, ap = `{"a":"x"}`, `{"b":2}`, `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	for _, r := range []wired{
		{"the documented version", "POST /v1", kindOf("application/json; version=1"), body, false, 200, "body x"},
		{"the same, quoted, in another case", "POST /v1", kindOf(`Application/JSON;Version="1";charset=UTF-8`), body, false, 200, "body x"},
		{"another version", "POST /v1", kindOf("application/json; version=2"), body, false, 415, "application/json; version=1"},
		{"no version", "POST /v1", kindOf("application/json"), body, false, 415, "application/json; version=1"},
		{"a profile", "POST /ap", kindOf(ap), body, false, 200, "Content-Type: " + ap},
		{"no profile", "POST /ap", kindOf("application/ld+json"), body, false, 415, ""},
		{"a profile in another case", "POST /ap", kindOf(strings.ToUpper(ap)), body, false, 415, ""},
		{"version 1 of two", "POST /versions", kindOf("application/json; version=1"), body, false, 200, "Content-Type: application/json; version=1"},
		{"version 2 of two", "POST /versions", kindOf(`application/json; version="2"`) + "Accept: application/json;version=2\r\n", two, false, 200, "Content-Type: application/json; version=2"},
		{"the schema of the other version", "POST /versions", kindOf("application/json; version=2"), body, false, 422, ""},
		{"version 3 of two", "POST /versions", kindOf("application/json; version=3"), body, false, 415, ""},
		{"an answer in version 3", "POST /versions", kindOf("application/json; version=1") + "Accept: application/json;version=3\r\n", body, false, 406, ""},
		{"a parameter that the document does not name", "POST /fhir", kindOf("application/fhir+json; fhirVersion=4.0"), body, false, 200, "body x"},
		{"another", "POST /txt", kindOf("text/plain; format=flowed"), "x y", false, 200, "x y"},
		{"a charset in odd case", "POST /txt", kindOf(`text/plain;charset="Utf-8"`), "é", false, 200, "Content-Type: text/plain; charset=utf-8"},
		{"a charset by its other name", "POST /txt", kindOf("text/plain;charset=utf8"), "é", false, 200, "é"},
		{"a byte order mark", "POST /txt", kindOf("text/plain"), "\ufeffx", false, 200, "\ufeffx"},
		{"another charset", "POST /txt", kindOf("text/plain;charset=iso-8859-1"), "x", false, 415, ""},
		{"space behind a field", "POST /optional", "Content-Type: application/json \t\r\nAccept:  */*  \r\n", body, false, 200, "body x"},
		{"a coding that is none", "POST /optional", kindOf("application/json") + "Content-Encoding: Identity\r\n", body, false, 200, "body x"},
		{"Accept with a parameter", "GET /names/a", "Accept: application/json; version=1\r\n", "", false, 200, "application/json"},
		{"Accept with a weight", "GET /names/a", "Accept: */*;q=0.1\r\n", "", false, 200, "application/json"},
		{"an empty Accept", "GET /names/a", "Accept:\r\n", "", false, 200, "application/json"},
		{"Accept of old Java", "GET /names/a", "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\n", "", false, 200, "application/json"},
		{"weights in Accept-Encoding", "GET /names/a", "Accept-Encoding: gzip;q=1.0, identity; q=0.5, *;q=0\r\n", "", false, 200, "application/json"},
		{"a form in UTF-8", "POST /form", kindOf("application/x-www-form-urlencoded; charset=UTF-8"), "a=%C3%A9+x", false, 200, "é x"},
	} {
		r.send(t, addr)
	}
}

// TestClientsRequests: what else clients write each in a way of its own.
func TestClientsRequests(t *testing.T) {
	t.Parallel()
	addr := newClients(t).Listener.Addr().String()
	for _, r := range []wired{
		{"percent-encoded unreserved characters", "GET /n%61mes/%61%7Eb", "", "", false, 200, `"a~b|`},
		{"a query with a plus", "GET /names/a?q=b+c", "", "", false, 200, `"a|b c|`},
		{"an empty query", "GET /names/a?", "", "", false, 200, `"a|`},
		{"a slash at the end", "GET /names/a/", "", "", false, 404, ""},
		{"a date", "GET /names/a", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "", false, 200, "1994"},
		{"a cookie", "GET /names/a", "Cookie: session=abc\r\n", "", false, 200, `|abc"`},
		{"a quoted cookie", "GET /names/a", "Cookie: session=\"abc\"\r\n", "", false, 200, "abc"},
		{"a cookie beside others", "GET /names/a", "Cookie: _ga=GA1.2.3; session=abc; theme=\"dark\"\r\n", "", false, 200, `|abc"`},
		{"a form in the absolute form", "GET http://api.example/names/a", "", "", false, 200, `"a|`},
	} {
		r.send(t, addr)
	}
}

// TestClientsUploads: the forms of client libraries.
func TestClientsUploads(t *testing.T) {
	t.Parallel()
	addr := newClients(t).Listener.Addr().String()
	form := func(boundary string, parts ...string) string {
		return "--" + boundary + "\r\n" + strings.Join(parts, "\r\n--"+boundary+"\r\n") + "\r\n--" + boundary + "--\r\n"
	}
	quoted := kindOf(`multipart/form-data; boundary="XX"`)
	for _, r := range []wired{
		{".NET", "POST /up", quoted, form("XX", "Content-Type: text/plain\r\nContent-Disposition: form-data; name=file; filename=a.txt; filename*=utf-8''a.txt\r\n\r\nhello"), false, 200, "a.txt hello"},
		{".NET, not in ASCII", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=file; filename=\"=?utf-8?B?w6kudHh0?=\"; filename*=utf-8''%C3%A9.txt\r\n\r\nhello",
			"Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=note\r\n\r\nx"), false, 200, "é.txt hello x"},
		{"two names", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=file; filename=a.txt; filename*=utf-8''b.txt\r\n\r\nhello"), false, 400, "names the same"},
		{"the extended name alone", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=file; filename*=utf-8''b.txt\r\n\r\nhello"), false, 400, "RFC 7578, 4.2"},
		{"Go", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=\"file\"; filename=\"a\\\"b.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nhello"), false, 200, `a\"b.txt hello`},
		{"a browser", "POST /up", kindOf("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"),
			form("----WebKitFormBoundary7MA4YWxkTrZu0gW", "Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\nContent-Type: text/plain\r\n\r\nhello"), false, 200, "a%22b.txt hello"},
		{"Java", "POST /up", kindOf("multipart/form-data; boundary=XX; charset=UTF-8"), form("XX", "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"+
			"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\nhello"), false, 200, "a.txt hello"},
		{"in chunks", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=file; filename=a.txt\r\n\r\nhello"), true, 200, "a.txt hello"},
		{"a preamble", "POST /up", quoted, "This is a message.\r\n" + form("XX", "Content-Disposition: form-data; name=file; filename=a.txt\r\n\r\nhello"), false, 400, "before the first part"},
		{"an epilogue", "POST /up", quoted, form("XX", "Content-Disposition: form-data; name=file; filename=a.txt\r\n\r\nhello") + "bye", false, 400, "behind the last"},
	} {
		r.send(t, addr)
	}
}

// TestClientsForwarded: each client behind a proxy that writes ports is counted by itself.
func TestClientsForwarded(t *testing.T) {
	t.Parallel()
	addr := newClients(t).Listener.Addr().String()
	for _, client := range []string{"203.0.113.10:5001", "203.0.113.11:5002", "[2001:db8:1::1]:5001", `"[2001:db8:2::1]"`} {
		for _, status := range []int{204, 204, 429} {
			wired{client, "GET /few", "X-Forwarded-For: " + client + "\r\n", "", false, status, ""}.send(t, addr)
		}
	}
}
