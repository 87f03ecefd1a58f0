package generator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/testdata/golden/media/api"
)

// media says what it was given.
type media struct{ api.Unimplemented }

func (media) GetReport(_ context.Context, r *api.GetReportRequest) (api.GetReportResult, error) {
	switch {
	case r.Wrong.Value:
		return &api.GetReportOKCSV{Body: strings.NewReader("a,b")}, nil
	case r.Accept == "application/json":
		return &api.GetReportOK{Body: api.Note{Text: "a"}}, nil
	case r.Accept == "text/csv":
		return &api.GetReportOKCSV{Body: strings.NewReader("a,b")}, nil
	case r.Accept == "image/*":
		return &api.GetReportAccepted{Body: api.Note{Text: "any image"}}, nil
	case r.Accept == "image/gif":
		return nil, &api.GetReportNotFound{Body: api.Note{Text: "no gif"}}
	}
	return &api.GetReportOKImage{ContentType: r.Accept, Body: strings.NewReader("an image")}, nil
}

func (media) ReadZipped(_ context.Context, r *api.ReadZippedRequest) (*api.Note, error) {
	if r.JSON.Set {
		return &r.JSON.Value, nil
	}
	b, err := io.ReadAll(r.OctetStream.Value)
	return &api.Note{Text: string(b)}, err
}

func (media) ReadPlain(_ context.Context, r *api.ReadPlainRequest) (*api.Note, error) {
	return &r.Body, nil
}

func (media) Upload(_ context.Context, r *api.UploadRequest) (*api.Note, error) {
	b := r.Body
	out := fmt.Sprintf("title=%s meta=%s level=%d pages=%d", b.Title, b.Meta.Value.Text, b.Level.Value, len(b.Pages))
	for _, f := range append(b.Pages, b.Picture.Value, b.Scan.Value, b.Anything.Value) {
		sum := sha256.New()
		n, err := io.Copy(sum, f.Open())
		if err != nil || n != f.Size() {
			return nil, fmt.Errorf("%d of %d bytes: %w", n, f.Size(), err)
		}
		if n > 0 {
			out += fmt.Sprintf(" [%s %s %s %d %x]", f.Name, f.ContentType, f.Header("x-hash"), n, sum.Sum(nil)[:4])
		}
	}
	return &api.Note{Text: out}, nil
}

func (media) UploadMixed(_ context.Context, r *api.UploadMixedRequest) (*api.Note, error) {
	return &api.Note{Text: r.Body.A}, nil
}

func (media) ReadCodedForm(_ context.Context, r *api.ReadCodedFormRequest) (*api.Note, error) {
	return &api.Note{Text: r.Body.Note.Text + r.Body.Plain.Value}, nil
}

func (media) GetHeaders(_ context.Context, r *api.GetHeadersRequest) (*api.GetHeadersSuccess, error) {
	v := &api.GetHeadersSuccess{StatusCode: 203, XLevel: 9, XWord: "a"}
	switch r.How {
	case "status":
		v.StatusCode = 300
	case "level":
		v.XLevel = 10
	case "empty":
		v.XWord = ""
	case "pattern":
		v.XWord = "A"
	case "item":
		v.XTags = []string{"abcd"}
	case "items":
		v.XTags = []string{"a", "b", "c"}
	case "inject":
		v.XAny = runtime.Some("a\r\nX-Other: b")
	case "nan":
		v.XRatio = runtime.Some(math.NaN())
	case "all":
		v.XTags, v.XAny, v.XRatio = []string{"a", "b"}, runtime.Some("é"), runtime.Some(0.5)
		v.SetCookie, v.CacheControl = []string{"a=1", "b=2; Expires=Sun, 06 Nov 1994 08:49:37 GMT"}, runtime.Some("max-age=5")
	}
	return v, nil
}

func (media) ReadCSV(_ context.Context, r *api.ReadCSVRequest) (*api.ReadCSVOK, error) {
	b, _ := io.ReadAll(r.Body) // whatever is wrong with it, the caller is told
	return &api.ReadCSVOK{Body: bytes.NewReader(b)}, nil
}

func (media) ReadXML(_ context.Context, r *api.ReadXMLRequest) (*api.Note, error) {
	field, body := "xml", r.XML
	switch {
	case r.Image.Set:
		field, body = "image", r.Image
	case r.Other.Set:
		field, body = "other", r.Other
	}
	b, err := io.ReadAll(body.Value)
	return &api.Note{Text: fmt.Sprintf("%s %s %s", field, r.ContentType, b)}, err
}

func (media) FindNote(_ context.Context, r *api.FindNoteRequest) (*api.Note, error) {
	return &api.Note{Text: fmt.Sprint(r.Body.Set, r.Body.Value.Text)}, nil
}

func (media) DeleteNote(_ context.Context, r *api.DeleteNoteRequest) (*api.Note, error) {
	return &api.Note{Text: fmt.Sprintf("%v %q", r.Body.Set, r.Body.Value)}, nil
}

func (media) PatchNote(_ context.Context, r *api.PatchNoteRequest) (*api.Note, error) {
	say := func(name string, set, valid bool, value any) string {
		switch {
		case !set:
			return ""
		case !valid:
			return name + " is removed; "
		}
		return fmt.Sprintf("%s is %v; ", name, value)
	}
	if m := r.MergePatchJSON.Value; r.MergePatchJSON.Set {
		return &api.Note{Text: say("text", m.Text.Set, m.Text.Value.Valid, m.Text.Value.Value) + say("count", m.Count.Set, m.Count.Value.Valid, m.Count.Value.Value) +
			say("tags", m.Tags.Set, m.Tags.Value.Valid, m.Tags.Value.Value) + say("inner", m.Inner.Set, m.Inner.Value.Valid, m.Inner.Value.Value.A)}, nil
	}
	out := ""
	for _, c := range r.JSONPatchJSON {
		if c.Remove != nil {
			out += "remove " + c.Remove.Path + "; "
		} else {
			out += fmt.Sprintf("%s %s %s; ", c.Set.Op, c.Set.Path, c.Set.Value)
		}
	}
	return &api.Note{Text: out}, nil
}

func newMedia(t *testing.T) *httptest.Server {
	s, err := api.NewServer(media{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(srv.Close)
	return srv
}

func TestMediaAccept(t *testing.T) {
	t.Parallel()
	base := newMedia(t).URL
	for _, c := range []struct {
		name, query, accept string
		status              int
		kind, has           string
	}{
		{"nothing asked for", "", "", 200, "application/json", `{"text":"a"}`},
		{"anything", "", "*/*", 200, "application/json", `{"text":"a"}`},
		{"the second", "", "text/csv, application/json;q=0.9", 200, "text/csv", "a,b"},
		{"a browser", "", "text/html,application/xhtml+xml,image/avif,image/webp,*/*;q=0.8", 200, "image/avif", "an image"},
		{"an image", "", "image/png", 200, "image/png", "an image"},
		{"a status without a choice", "", "image/*", 202, "application/json", "any image"},
		{"an error, whose type nobody chooses", "", "image/gif", 404, "application/json", "no gif"},
		{"nothing that there is", "", "application/xml", 406, "application/problem+json", "application/json, text/csv, image/*"},
		{"everything refused", "", "*/*;q=0", 406, "application/problem+json", "406"},
		{"a handler that answers with another", "?wrong=true", "application/json", 500, "application/problem+json", "500"},
		{"the same where it was asked for", "?wrong=true", "text/csv", 200, "text/csv", "a,b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequest("GET", base+"/report"+c.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.accept != "" {
				req.Header.Set("Accept", c.accept)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != c.status || res.Header.Get("Content-Type") != c.kind || !strings.Contains(string(body), c.has) {
				t.Errorf("%d %s %q, %v", res.StatusCode, res.Header.Get("Content-Type"), body, err)
			}
			if res.Header.Get("Vary") != "Accept" {
				t.Errorf("Vary: %q", res.Header.Get("Vary"))
			}
		})
	}
}

func TestMediaEncoding(t *testing.T) {
	t.Parallel()
	base := newMedia(t).URL
	pack := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	coded := func(name, path, coding, body string, status int, has ...string) ask {
		return ask{name: name, path: path, body: body, header: map[string]string{"Content-Encoding": coding}, status: status, has: has}
	}
	stream := func(a ask) ask {
		a.kind = "application/octet-stream"
		return a
	}
	note := `{"text":"hello"}`
	for _, a := range []ask{
		coded("a body", "/zipped", "gzip", pack(note), 200, note),
		coded("a body that is not encoded", "/zipped", "identity", note, 200, note),
		coded("the same coding by its other name", "/zipped", "x-GZIP", pack(note), 200, note),
		coded("a broken schema", "/zipped", "gzip", pack(`{}`), 422, "required"),
		coded("plain where gzip is said", "/zipped", "gzip", note, 400),
		coded("a bomb", "/zipped", "gzip", pack(`{"text":"`+strings.Repeat("a", 1<<20)+`"}`), 413),
		coded("within the ratio, but too long", "/zipped", "gzip", pack(strings.Repeat(note, 5000)), 413),
		coded("twice", "/zipped", "gzip, gzip", pack(pack(note)), 415),
		coded("another coding", "/zipped", "br", note, 415),
		coded("a coding that nobody declared", "/plain", "gzip", pack(note), 415),
		stream(coded("a stream", "/zipped", "gzip", pack("hello"), 200, note)),
		stream(coded("a stream with something behind it", "/zipped", "gzip", pack("hello")+"x", 400)),
		stream(coded("a bomb in a stream", "/zipped", "gzip", pack(strings.Repeat("a", 1<<20)), 413)),
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
	for path, want := range map[string]string{"/plain": "identity", "/zipped": "gzip"} {
		req, err := http.NewRequest("POST", base+path, strings.NewReader(note))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "br")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.Header.Get("Accept-Encoding") != want {
			t.Errorf("%s: Accept-Encoding %q, want %q", path, res.Header.Get("Accept-Encoding"), want)
		}
	}
}

// parts is a multipart body with the boundary b: header, content, header, content.
func parts(list ...string) string {
	var b strings.Builder
	for i := 0; i < len(list); i += 2 {
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n", list[i], list[i+1])
	}
	return b.String() + "--b--\r\n"
}

func TestMediaUpload(t *testing.T) {
	t.Parallel()
	base := newMedia(t).URL
	post := func(name string, status int, has string, list ...string) ask {
		return ask{name: name, path: "/upload", kind: "multipart/form-data; boundary=b", body: parts(list...), status: status, has: []string{has}}
	}
	const title = `name="title"`
	const png = "name=\"picture\"; filename=\"../a.png\"\r\nContent-Type: image/png\r\nX-Hash: ab"
	for _, a := range []ask{
		post("a field", 200, "title=a", title, "a"),
		post("a header that is described", 200, "title=a", title+"\r\nX-Language: de", "a"),
		post("a header that breaks its schema", 422, `"title X-Language"`, title+"\r\nX-Language: DE", "a"),
		post("a file", 200, "[a.png image/png ab 3 ba7816bf]", title, "a", png, "abc"),
		post("a file of a range", 200, "video/mp4", title, "a", "name=picture\r\nContent-Type: video/mp4\r\nX-Hash: ab", "abc"),
		post("a file without its header", 422, `"picture X-Hash"`, title, "a", "name=picture\r\nContent-Type: image/png", "abc"),
		post("a file with a long header", 422, `"picture X-Hash"`, title, "a", "name=picture\r\nContent-Type: image/png\r\nX-Hash: abcde", "abc"),
		post("a file of another type", 422, `"contentMediaType"`, title, "a", "name=picture\r\nContent-Type: image/gif\r\nX-Hash: ab", "abc"),
		post("a type that only begins alike", 422, `"contentMediaType"`, title, "a", "name=picture\r\nContent-Type: videos/x\r\nX-Hash: ab", "abc"),
		post("a file without a type", 422, `"contentMediaType"`, title, "a", "name=picture\r\nX-Hash: ab", "abc"),
		post("a type by its schema", 422, `"scan"`, title, "a", "name=scan\r\nContent-Type: text/html", "abc"),
		post("the type of its schema", 200, "application/pdf", title, "a", "name=scan\r\nContent-Type: application/pdf", "abc"),
		post("a file that is too short", 422, `"minLength"`, title, "a", png, "a"),
		post("a file that is too long", 413, "413", title, "a", png, strings.Repeat("a", 1001)),
		post("a file of the greatest length", 200, " 1000 ", title, "a", png, strings.Repeat("a", 1000)),
		post("a file twice", 422, `"repeated"`, title, "a", png, "abc", png, "abc"),
		post("a part without a type in the schema", 200, "[ text/plain  3 ba7816bf]", title, "a", "name=anything\r\nContent-Type: text/plain", "abc"),
		post("files", 200, "pages=2", title, "a", `name="pages"; filename="1"`, "abc", `name="pages"; filename="2"`, "abc"),
		post("too many files", 422, `"maxItems"`, title, "a", "name=pages", "abc", "name=pages", "abc", "name=pages", "abc"),
		post("one of several files that is too long", 413, "413", title, "a", "name=pages", "a", "name=pages", strings.Repeat("a", 1001)),
		post("JSON", 200, "meta=x", title, "a", "name=meta\r\nContent-Type: application/json", `{"text":"x"}`),
		post("JSON with a charset", 200, "meta=x", title, "a", "name=meta\r\nContent-Type: application/json; charset=UTF-8", `{"text":"x"}`),
		post("JSON in another charset", 422, `"contentMediaType"`, title, "a", "name=meta\r\nContent-Type: application/json; charset=latin1", `{"text":"x"}`),
		post("JSON that breaks its schema", 422, `"meta[text]"`, title, "a", "name=meta\r\nContent-Type: application/json", `{"text":1}`),
		post("JSON with a member twice", 422, `"meta"`, title, "a", "name=meta\r\nContent-Type: application/json", `{"text":"a","text":"b"}`),
		post("JSON that says it is text", 422, `"contentMediaType"`, title, "a", "name=meta", `{"text":"x"}`),
		post("a number as JSON", 200, "level=5", title, "a", "name=level\r\nContent-Type: application/vnd.level+json", "5"),
		post("a text as JSON", 422, `"level"`, title, "a", "name=level\r\nContent-Type: application/json", `"5"`),
		post("fields beyond their room", 413, "413", title, strings.Repeat("a", 201)),
		post("too many parts", 400, "400", title, "a", "name=pages", "a", "name=pages", "a", "name=anything", "a", "name=scan", "a", "name=x", "a", "name=y", "a"),
		post("an unknown part", 422, `"admin"`, title, "a", "name=admin", "1"),
		post("a part without a name", 400, "400", title, "a", "x=y", "1"),
		post("a part whose name is encoded", 400, "400", title, "a", "name*=UTF-8''x", "1"),
		post("a file name with a control character", 400, "400", title, "a", "name=picture; filename=\"a\tb\"", "1"),
		post("a text that is not UTF-8", 400, "400", title, "\xff"),
		{name: "no end", path: "/upload", kind: "multipart/form-data; boundary=b", body: "--b\r\nContent-Disposition: form-data; name=title\r\n\r\na", status: 400},
		{name: "something before the parts", path: "/upload", kind: "multipart/form-data; boundary=b", body: "x\r\n" + parts(title, "a"), status: 400},
		{name: "no boundary", path: "/upload", kind: "multipart/form-data", body: parts(title, "a"), status: 400},
		{name: "a boundary that none can be", path: "/upload", kind: `multipart/form-data; boundary="b` + "\t" + `"`, body: parts(title, "a"), status: 400},
		{name: "multipart/mixed", path: "/mixed", kind: "multipart/mixed; boundary=b", body: parts("name=a", "x"), status: 200, want: `{"text":"x"}`},
		{name: "multipart/mixed without its part", path: "/mixed", kind: "multipart/mixed; boundary=b", body: parts("name=b", "x"), status: 422},
		{name: "JSON in a form", path: "/coded-form", kind: "application/x-www-form-urlencoded", body: "note=%7B%22text%22%3A%22x%22%7D&plain=y", status: 200, want: `{"text":"xy"}`},
		{name: "JSON in a form that breaks its schema", path: "/coded-form", kind: "application/x-www-form-urlencoded", body: "note=%7B%7D", status: 422, has: []string{`"note"`}},
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestMediaBigUpload sends 100 MB over a socket, and the heap does not grow by them; nothing of
// them is left in the folder for temporary files.
func TestMediaBigUpload(t *testing.T) {
	const size = 100 << 20
	dir := t.TempDir()
	s, err := api.NewServer(media{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler), SpoolDir: dir}})
	if err != nil {
		t.Fatal(err)
	}
	var most uint64
	var held int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &watched{ReadCloser: r.Body, most: &most}
		s.ServeHTTP(w, r)
		entries, _ := os.ReadDir(dir)
		held = len(entries)
	}))
	defer srv.Close()
	before := heap()
	head := parts("name=title", "a", "name=\"anything\"; filename=\"big\"", "")
	head = strings.TrimSuffix(head, "\r\n--b--\r\n")
	body := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, size), strings.NewReader("\r\n--b--\r\n"))
	res, err := http.Post(srv.URL+"/upload", "multipart/form-data; boundary=b", body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.Contains(string(answer), "[big   104857600 20492a4d]") {
		t.Errorf("%d %s, %v", res.StatusCode, answer, err)
	}
	if grown := int64(most) - int64(before); grown > 16<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if held != 0 {
		t.Errorf("%d files are left", held)
	}
}

// watched notes how large the heap gets while a body is read.
type watched struct {
	io.ReadCloser
	most *uint64
	n    int
}

func (w *watched) Read(b []byte) (int, error) {
	if w.n++; w.n%500 == 0 {
		*w.most = max(*w.most, heap())
	}
	return w.ReadCloser.Read(b)
}

func heap() uint64 {
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMediaSpoolFull: what does not fit beside the files of other requests is refused, and
// fits again when they are gone.
func TestMediaSpoolFull(t *testing.T) {
	s, err := api.NewServer(media{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler), SpoolDir: t.TempDir(), SpoolLimit: 200_000}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	for _, c := range []struct{ size, status int }{{150_000, 200}, {250_000, 503}, {150_000, 200}} {
		body := parts("name=title", "a", "name=anything", strings.Repeat("x", c.size))
		ask{name: "spool", path: "/upload", kind: "multipart/form-data; boundary=b", body: body, status: c.status}.run(t, srv.URL)
	}
	if _, err := api.NewServer(media{}, api.Config{Config: runtime.Config{SpoolDir: "/nowhere"}}); err == nil || !strings.Contains(err.Error(), "Config.SpoolDir") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestMediaSlowUpload: a part that never ends is refused when the request's time is up.
func TestMediaSlowUpload(t *testing.T) {
	t.Parallel()
	srv := newMedia(t)
	body, w := io.Pipe()
	defer w.Close()
	go fmt.Fprint(w, strings.TrimSuffix(parts("name=a", "x"), "--b--\r\n"))
	res, err := http.Post(srv.URL+"/mixed", "multipart/mixed; boundary=b", body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 408 {
		t.Errorf("%d, want 408", res.StatusCode)
	}
}

// TestMediaSlowText: the same of a body that is read whole.
func TestMediaSlowText(t *testing.T) {
	t.Parallel()
	srv := newMedia(t)
	body, w := io.Pipe()
	defer w.Close()
	go fmt.Fprint(w, "ab")
	req, err := http.NewRequest("DELETE", srv.URL+"/note", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 408 {
		t.Errorf("%d, want 408", res.StatusCode)
	}
}

func TestMediaHeaders(t *testing.T) {
	t.Parallel()
	base := newMedia(t).URL
	get := func(how string) *http.Response {
		res, err := http.Get(base + "/headers?how=" + how)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	for how, want := range map[string]int{
		"plain": 203, "all": 203, "status": 500, "level": 500, "empty": 500, "pattern": 500, "item": 500, "items": 500, "inject": 500, "nan": 500,
	} {
		res := get(how)
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", how, res.StatusCode, want)
		}
		if want == 500 && res.Header.Get("X-Level") != "" {
			t.Errorf("%s: an answer that is refused leaves its header %v", how, res.Header)
		}
	}
	h := get("all").Header
	for name, want := range map[string]string{
		"X-Level": "9", "X-Word": "a", "X-Tags": "a,b", "X-Any": "é", "X-Ratio": "0.5", "Cache-Control": "max-age=5",
		"Set-Cookie": "a=1|b=2; Expires=Sun, 06 Nov 1994 08:49:37 GMT", "X-Content-Type-Options": "nosniff",
	} {
		if got := strings.Join(h.Values(name), "|"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := get("plain").Header; len(got.Values("X-Tags"))+len(got.Values("Set-Cookie")) > 0 || got.Get("Cache-Control") != "no-store" {
		t.Errorf("fields that nobody gave: %v", got)
	}
}

func TestMediaBodies(t *testing.T) {
	t.Parallel()
	base := newMedia(t).URL
	ask4 := func(name, method, path, kind, body string, status int, want string) ask {
		return ask{name: name, method: method, path: path, kind: kind, body: body, status: status, has: []string{want}}
	}
	const merge, change = "application/merge-patch+json", "application/json-patch+json"
	for _, a := range []ask{
		ask4("text as a stream", "POST", "/csv", "text/csv", "a,é", 200, "a,é"),
		ask4("in another charset", "POST", "/csv", "text/csv; charset=latin1", "a,b", 415, ""),
		ask4("not UTF-8", "POST", "/csv", "text/csv", "a,\xff", 400, ""),
		ask4("a text that is too short", "POST", "/csv", "text/csv", "é", 422, ""),
		ask4("an empty text", "POST", "/csv", "text/csv", "", 422, ""),
		ask4("the longest text", "POST", "/csv", "text/csv", strings.Repeat("é", 100), 200, "é"),
		ask4("a text that is too long", "POST", "/csv", "text/csv", strings.Repeat("é", 101), 413, ""),
		ask4("more than the operation takes", "POST", "/csv", "text/csv", strings.Repeat("a", 1025), 413, ""),
		ask4("XML", "POST", "/xml", "application/xml", "<a/>", 200, "xml application/xml <a/>"),
		ask4("XML that is too long", "POST", "/xml", "application/xml", "<a>12345</a>", 413, ""),
		ask4("a range", "POST", "/xml", "IMAGE/png; a=b", "x", 200, "image image/png x"),
		ask4("anything else", "POST", "/xml", "text/html", "x", 200, "other text/html x"),
		ask4("an empty stream", "POST", "/xml", "image/png", "", 200, "image image/png "),
		ask4("no media type", "POST", "/xml", "", "", 400, ""),
		ask4("GET without a body", "GET", "/note", "", "", 200, `"false"`),
		ask4("GET with a body", "GET", "/note", "application/json", `{"text":"x"}`, 200, "truex"),
		ask4("GET with a body that breaks its schema", "GET", "/note", "application/json", `{}`, 422, "required"),
		ask4("GET with a media type and no body", "GET", "/note", "application/json", "", 200, `"false"`),
		ask4("DELETE without a body", "DELETE", "/note", "", "", 200, `false \"\"`),
		ask4("DELETE with an empty body", "DELETE", "/note", "text/plain", "", 200, `true \"\"`),
		ask4("DELETE with a body", "DELETE", "/note", "text/plain", "abc", 200, `true \"abc\"`),
		ask4("DELETE with a long body", "DELETE", "/note", "text/plain", "abcd", 422, "maxLength"),
		ask4("a merge patch of nothing", "PATCH", "/note", merge, `{}`, 200, `{"text":""}`),
		ask4("a merge patch", "PATCH", "/note", merge, `{"text":"a","count":null,"tags":[],"inner":{"a":null}}`, 200, "text is a; count is removed; tags is []; inner is {{ false} true}; "),
		ask4("a merge patch that removes", "PATCH", "/note", merge, `{"text":null,"tags":null,"inner":null}`, 200, "text is removed; tags is removed; inner is removed; "),
		ask4("more items than the operation takes", "PATCH", "/note", merge, `{"tags":["a","b","c"]}`, 422, `"/tags"`),
		ask4("a merge patch that breaks a bound", "PATCH", "/note", merge, `{"count":-1}`, 422, `"/count"`),
		ask4("a merge patch that removes what cannot be", "PATCH", "/note", merge, `{"fixed":null}`, 422, `"/fixed"`),
		ask4("a merge patch with an unknown member", "PATCH", "/note", merge, `{"other":1}`, 422, `"/other"`),
		ask4("a JSON patch", "PATCH", "/note", change, `[{"op":"add","path":"/a","value":{"b":1}},{"op":"remove","path":"/c"}]`, 200, `add /a {\"b\":1}; remove /c; `),
		ask4("a JSON patch with another operation", "PATCH", "/note", change, `[{"op":"move","path":"/a","from":"/b"}]`, 422, `"/0"`),
		ask4("a JSON patch with no pointer", "PATCH", "/note", change, `[{"op":"remove","path":"a"}]`, 422, `"/0"`),
		ask4("too long a JSON patch", "PATCH", "/note", change, `[`+strings.Repeat(`{"op":"remove","path":"/a"},`, 3)+`{"op":"remove","path":"/a"}]`, 422, "maxItems"),
		ask4("a patch of neither kind", "PATCH", "/note", "application/json", `{}`, 415, ""),
	} {
		t.Run(a.name, func(t *testing.T) { a.run(t, base) })
	}
}
