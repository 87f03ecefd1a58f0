package multipart

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"
)

// parse prints the parts of a body: name, file name, content type and content of each.
func parse(body io.Reader, boundary string) (string, error) {
	r, err := NewReader(body, boundary)
	if err != nil {
		return "", err
	}
	defer r.Free()
	var out strings.Builder
	for {
		p, err := r.Next()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return out.String(), err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return out.String(), err
		}
		fmt.Fprintf(&out, "%s|%s|%s|%s;", p.Name, p.FileName, p.ContentType, content)
	}
}

// part is one part with a header and a content.
func part(header, content string) string { return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n" }

const named = `Content-Disposition: form-data; name="a"`

func TestReader(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*window)
	for _, c := range []struct {
		name, body, want string
		err              error
	}{
		{"the extended notation alone", part(named+"; filename*=utf-8''a", "1") + "--b--", "", ErrExtended},
		{"the extended notation of something else", part(named+"; filename=b; filename*=utf-8''a", "1") + "--b--", "", ErrExtended},
		{"an escape that hides a parameter", part(named+`; filename="a\";b"`, "1") + "--b--", "", ErrEscape},
		{"an escape in a name", part(`Content-Disposition: form-data; name="a\"b"`, "1") + "--b--", "", ErrEscape},
		{"a file name that turns around", part(named+"; filename=\"\u202e\"", "1") + "--b--", "", ErrFileName},
		{"a part", part(named, "1") + "--b--\r\n", "a|||1;", nil},
		{"no line end at the end", part(named, "1") + "--b--", "a|||1;", nil},
		{"a line end before", "\r\n" + part(named, "1") + "--b--", "a|||1;", nil},
		{"no parts", "--b--\r\n", "", nil},
		{"two parts", part(named, "1") + part(`content-disposition: FORM-DATA ; filename="x.png"; NAME=c`+"\r\nContent-Type: image/png", "2") + "--b--", "a|||1;c|x.png|image/png|2;", nil},
		{"an empty content", part(named, "") + "--b--", "a|||;", nil},
		{"line ends in the content", part(named, "\r\n1\r\n\n--\r\n--c\r") + "--b--", "a|||\r\n1\r\n\n--\r\n--c\r;", nil},
		{"a long content", part(named, long) + "--b--", "a|||" + long + ";", nil},
		{"other fields", part(named+"\r\nX-A: 1\r\nContent-Length: 1\r\nContent-Transfer-Encoding: binary", "1") + "--b--", "a|||1;", nil},
		{"nothing", "", "", io.ErrUnexpectedEOF},
		{"a preamble", "hello\r\n" + part(named, "1") + "--b--", "", ErrDelimiter},
		{"an epilogue", part(named, "1") + "--b--\r\nhello", "a|||1;", ErrDelimiter},
		{"a second body", part(named, "1") + "--b--\r\n" + part(named, "1") + "--b--\r\n", "a|||1;", ErrDelimiter},
		{"cut off in the content", "--b\r\n" + named + "\r\n\r\n1", "", io.ErrUnexpectedEOF},
		{"cut off in the header", "--b\r\n" + named, "", io.ErrUnexpectedEOF},
		{"cut off before the last delimiter", part(named, "1"), "", io.ErrUnexpectedEOF},
		{"cut off in the last delimiter", part(named, "1") + "--b-", "a|||1;", io.ErrUnexpectedEOF},
		{"a bare line end before a delimiter", "--b\r\n" + named + "\r\n\r\n1\n--b--\r\n", "", ErrDelimiter},
		{"a bare line end at the start of a content", "--b\r\n" + named + "\r\n\r\n\n--b--\r\n", "", ErrDelimiter},
		{"bare line ends everywhere", "--b\n" + named + "\n\n1\n--b--\n", "", ErrDelimiter},
		{"a delimiter right behind a header", "--b\r\n" + named + "\r\n\r\n--b\r\n--b--", "", ErrDelimiter},
		{"the last delimiter right behind a header", "--b\r\n" + named + "\r\n\r\n--b--\r\n\r\n--b--", "", ErrDelimiter},
		{"a bare line end in the header", "--b\r\n" + named + "\n\r\n1\r\n--b--", "", ErrHeader},
		{"padding behind a delimiter", "--b \r\n" + named + "\r\n\r\n1\r\n--b--", "", ErrDelimiter},
		{"a longer delimiter", part(named, "1\r\n--bc") + "--b--", "a|||1;", ErrDelimiter},
		{"a folded field", part(named+"\r\n x=y", "1") + "--b--", "", ErrHeader},
		{"a field twice", part(named+"\r\n"+named, "1") + "--b--", "", ErrHeader},
		{"a field without a colon", part(named+"\r\nX", "1") + "--b--", "", ErrHeader},
		{"a space before the colon", part(named+"\r\nX : 1", "1") + "--b--", "", ErrHeader},
		{"a control character", part(named+"\r\nX: \x01", "1") + "--b--", "", ErrHeader},
		{"a carriage return", part(named+"\r\nX: a\rb", "1") + "--b--", "", ErrHeader},
		{"not UTF-8", part(named+"\r\nX: \xff", "1") + "--b--", "", ErrHeader},
		{"a long header", part(named+"\r\nX: "+strings.Repeat("x", maxHeader), "1") + "--b--", "", ErrHeader},
		{"a header without end", "--b\r\nX: " + long, "", ErrHeader},
		{"many fields", part(named+strings.Repeat("\r\nX: 1", maxFields), "1") + "--b--", "", ErrHeader},
		{"no header", "--b\r\n\r\n1\r\n--b--", "", ErrDisposition},
		{"a transfer encoding", part(named+"\r\nContent-Transfer-Encoding: base64", "MQ==") + "--b--", "", ErrEncoding},
	} {
		for _, slowly := range []bool{false, true} {
			var body io.Reader = strings.NewReader(c.body)
			if slowly {
				body = iotest.OneByteReader(body)
			}
			got, err := parse(body, "b")
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%s: %.100q, %v; want %.100q, %v", c.name, got, err, c.want, c.err)
			}
		}
	}
	if _, err := parse(iotest.ErrReader(iotest.ErrTimeout), "b"); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("an error of the body becomes %v", err)
	}
}

// TestWindow moves a delimiter over the end of what is looked at.
func TestWindow(t *testing.T) {
	t.Parallel()
	for n := window - 100; n < window+10; n++ {
		content := strings.Repeat("x", n)
		if got, err := parse(strings.NewReader(part(named, content)+"--b--"), "b"); err != nil || got != "a|||"+content+";" {
			t.Fatalf("%d: %d, %v", n, len(got), err)
		}
	}
}

func TestDisposition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, name, file string
		ok                bool
	}{
		{`form-data; name="a"`, "a", "", true},
		{`form-data;name=a;filename=b`, "a", "b", true},
		{`form-data; name="a b;c=d"; filename=""`, "a b;c=d", "", true},
		{`form-data; name="é"; filename="ü.txt"`, "é", "ü.txt", true},
		{`form-data; name="a"; filename="/etc/passwd"`, "a", "passwd", true},
		{`form-data; name="a"; filename="../../x"`, "a", "x", true},
		{`form-data; name="a"; filename="C:\Users\me\x.png"`, "a", "x.png", true},
		{`form-data; name="a"; filename="a%22b"`, "a", "a%22b", true},
		{`form-data; name="a"; filename="x/"`, "a", "", true},
		{`form-data; name="a"; filename=".."`, "", "", false},
		{`form-data; name="a"; filename="x/."`, "", "", false},
		{`form-data; name="a"; filename="\\server\x"`, "a", "x", true},
		{`form-data; name="a"; filename="a\"b.txt"`, "a", `a"b.txt`, true}, // Go's mime/multipart
		{`form-data; name="a"; filename="a\\b.txt"`, "a", "b.txt", true},
		{`form-data; name="a"; filename="x\"; name=\"b"`, "", "", false}, // a reader without escapes finds another name
		{`form-data; name="a"; filename="a\";b.txt"`, "", "", false},
		{`form-data; name="a"; filename="a\\"`, "", "", false},
		{`form-data; name="a"; filename="a\"`, "", "", false},
		{`form-data; name=file; filename=a.txt; filename*=utf-8''a.txt`, "file", "a.txt", true}, // .NET
		{`form-data; name=file; filename="a b.txt"; filename*=utf-8''a%20b.txt`, "file", "a b.txt", true},
		{`form-data; name=file; filename*=UTF-8'en'a.txt; filename=a.txt`, "file", "a.txt", true},
		{`form-data; name=file; filename="=?utf-8?B?UHLDvGYudHh0?="; filename*=utf-8''Pr%C3%BCf.txt`, "file", "Prüf.txt", true},
		{`form-data; name=file; filename="Prüf.txt"; filename*=utf-8''Pr%C3%BCf.txt`, "file", "Prüf.txt", true},
		{`form-data; name=file; filename=a.txt; filename*=utf-8''..%2Fa.txt`, "", "", false},
		{`form-data; name=file; filename="../a.txt"; filename*=utf-8''..%2Fa.txt`, "file", "a.txt", true},
		{`form-data; name=file; filename=a.txt; filename*=utf-8''b.txt`, "", "", false},
		{`form-data; name=file; filename=a.txt; filename*=iso-8859-1''a.txt`, "", "", false},
		{`form-data; name=file; filename=a.txt; filename*=a.txt`, "", "", false},
		{`form-data; name=file; filename=a.txt; filename*=utf-8''a.txt; filename*=utf-8''a.txt`, "", "", false},
		{`form-data; name=file; filename=a.txt; filename*0=a.txt`, "", "", false},
		{`form-data; name=file; filename="a%00"; filename*=utf-8''a%00`, "", "", false},
		{"form-data; name=file; filename=a; filename*=utf-8''%FF", "", "", false},
		{`form-data; name="a"; filename="a\(b"`, "", "", false},
		{"form-data; name=\"a\"; filename=\"a\tb\"", "", "", false},
		{"form-data; name=\"a\"; filename=\"gpj.\u202etxt\"", "", "", false},
		{"form-data; name=\"a\"; filename=\"a\u2028b\"", "", "", false},
		{`form-data; name="a"; filename="` + strings.Repeat("x", 257) + `"`, "", "", false},
		{`form-data; name="a"; filename*=UTF-8''b`, "", "", false},
		{`form-data; name*=UTF-8''b`, "", "", false},
		{`form-data; name="a"; name="b"`, "", "", false},
		{`form-data; name="a"; filename="b"; FileName="c"`, "", "", false},
		{`form-data; name="a\"b"`, "", "", false},
		{`form-data; name="a\b"`, "", "", false},
		{`form-data; name="a`, "", "", false},
		{`form-data; name="a"b`, "", "", false},
		{`form-data; name=`, "", "", false},
		{`form-data; name=a b`, "", "", false},
		{`form-data; name=""`, "", "", false},
		{`form-data; filename="a"`, "", "", false},
		{`form-data`, "", "", false},
		{`attachment; name="a"`, "", "", false},
		{`form-data; other="a"; name="a"`, "", "", false},
		{``, "", "", false},
	} {
		var p Part
		if err := p.disposition(c.value); (err == nil) != c.ok || c.ok && (p.Name != c.name || p.FileName != c.file) {
			t.Errorf("%s: %q %q, %v", c.value, p.Name, p.FileName, err)
		}
	}
}

func TestBoundary(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"a": true, "----WebKitFormBoundary7MA4": true, "a b": true, strings.Repeat("a", 70): true, "": false, "a ": false, "a\n": false, "é": false, strings.Repeat("a", 71): false} {
		if _, err := NewReader(strings.NewReader(""), s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// FuzzReader holds every body that is accepted to what mime/multipart reads in it.
func FuzzReader(f *testing.F) {
	f.Add([]byte(part(named, "1") + part(named+"; filename=\"x\"\r\nContent-Type: a/b", "\r\n-") + "--b--\r\n"))
	f.Add([]byte(part(named+"; filename=\"a\\\"b\\\\c\"", "1") + part(named+"; filename=\"x\"; filename*=utf-8''x", "2") + "--b--\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parse(bytes.NewReader(body), "b")
		if slow, slowErr := parse(iotest.OneByteReader(bytes.NewReader(body)), "b"); slow != got || (slowErr == nil) != (err == nil) {
			t.Fatalf("%q, %v and byte by byte %q, %v", got, err, slow, slowErr)
		}
		if err != nil {
			return
		}
		var want strings.Builder
		for r := multipart.NewReader(bytes.NewReader(body), "b"); ; {
			p, err := r.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("accepted, but: %v", err)
			}
			content, err := io.ReadAll(p)
			if err != nil {
				t.Fatalf("accepted, but: %v", err)
			}
			_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
			if err != nil {
				t.Fatalf("accepted, but: %v", err)
			}
			file, _ := CleanName(params["filename"])
			fmt.Fprintf(&want, "%s|%s|%s|%s;", p.FormName(), file, p.Header.Get("Content-Type"), content)
		}
		if got != want.String() {
			t.Errorf("%q, mime/multipart %q", got, want.String())
		}
	})
}
