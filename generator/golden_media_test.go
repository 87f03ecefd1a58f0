package generator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
		return &api.GetReportOKCSV{Body: "a,b"}, nil
	case r.Accept == "application/json":
		return &api.GetReportOK{Body: api.Note{Text: "a"}}, nil
	case r.Accept == "text/csv":
		return &api.GetReportOKCSV{Body: "a,b"}, nil
	case r.Accept == "image/*":
		return &api.GetReportAccepted{Body: api.Note{Text: "any image"}}, nil
	case r.Accept == "image/gif":
		return nil, &api.GetReportNotFound{Body: api.Note{Text: "no gif"}}
	}
	return &api.GetReportOKOther{ContentType: r.Accept, Body: strings.NewReader("an image")}, nil
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
