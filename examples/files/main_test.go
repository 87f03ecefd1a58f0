package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/examples/files/api"
	"github.com/bailey-go/bailey/runtime"
)

const png = "\x89PNG\x0D\x0A\x1A\x0A" + "the rest of a picture"

// upload sends a picture, and returns the status and the answer.
func upload(t *testing.T, base, name, kind, content string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="picture"; filename="%s"`, name)}, "Content-Type": {kind},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	w.Close()
	res, err := http.Post(base+"/pictures", w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func TestFiles(t *testing.T) {
	server, err := api.NewServer(&pictures{dir: t.TempDir(), known: map[uuid.UUID]known{}}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(server)
	defer srv.Close()
	for name, c := range map[string]struct {
		file, kind, content string
		status              int
	}{
		"no picture in it":   {"a.png", "image/png", "#!/bin/sh", 415},
		"another type":       {"a.sh", "text/x-shellscript", "#!/bin/sh", 422},
		"nothing in it":      {"a.png", "image/png", "", 422},
		"too large":          {"a.png", "image/png", png + strings.Repeat("x", 16<<20), 413},
		"a name of controls": {"a\tb.png", "image/png", png, 400},
	} {
		if status, answer := upload(t, srv.URL, c.file, c.kind, c.content); status != c.status {
			t.Errorf("%s: %d %s, want %d", name, status, answer, c.status)
		}
	}
	long := png + strings.Repeat("x", 15<<20)
	status, answer := upload(t, srv.URL, `..\..\Sönne.png`, "image/png", long)
	var picture struct{ ID, Name string }
	if err := json.Unmarshal([]byte(answer), &picture); err != nil || status != 201 || picture.Name != "Sönne.png" {
		t.Fatalf("%d %s, %v", status, answer, err)
	}
	for accept, want := range map[string]string{"": `"name":"Sönne.png"`, "image/*": long, "image/png;q=0.5, text/html": long} {
		req, err := http.NewRequest("GET", srv.URL+"/pictures/"+picture.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header["Accept"] = []string{accept}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || res.StatusCode != 200 || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d with %d bytes, %v", accept, res.StatusCode, len(body), err)
		}
		const name = `attachment; filename="S_nne.png"; filename*=UTF-8''S%C3%B6nne.png`
		if got := res.Header.Get("Content-Disposition"); accept != "" && got != name {
			t.Errorf("%s: Content-Disposition %s", accept, got)
		}
	}
}
