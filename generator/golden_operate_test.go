package generator_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
	"github.com/bailey-go/bailey/testdata/golden/operate/api"
)

// failing has handlers that fail as the test says.
type failing struct {
	api.Unimplemented
	fail func() error
}

func (f *failing) CreateCustomer(context.Context, *api.CreateCustomerRequest) (*api.CreateCustomerNoContent, error) {
	return new(api.CreateCustomerNoContent), f.fail()
}
func (f *failing) Login(context.Context, *api.LoginRequest) (*api.LoginNoContent, error) {
	return new(api.LoginNoContent), f.fail()
}
func (f *failing) ImportCustomers(_ context.Context, req *api.ImportCustomersRequest) (*api.ImportCustomersNoContent, error) {
	return &api.ImportCustomersNoContent{XCorrelationID: runtime.Opt[string]{Set: true, Value: "mine"}}, f.importAll(req)
}

func (f *failing) importAll(req *api.ImportCustomersRequest) error {
	if req.Body == nil {
		return f.fail()
	}
	for _, err := range req.Body {
		if err != nil {
			return err
		}
	}
	return f.fail()
}

func operate(t *testing.T, f *failing, log *bytes.Buffer, change func(*api.Config)) *httptest.Server {
	t.Helper()
	cfg := api.Config{Token: claimed{}, Key: keyless{}}
	cfg.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if change != nil {
		change(&cfg)
	}
	s, err := api.NewServer(f, cfg)
	if err != nil {
		t.Fatal(err)
	}
	log.Reset() // of the line about the policy
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

// lines are the lines of a log.
func lines(t *testing.T, log *bytes.Buffer) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(log.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		list = append(list, m)
	}
	return list
}

// The values of the request in these tests.
const (
	theEmail  = "grace.hopper@navy.example"
	theIBAN   = "DE89370400440532013000"
	theSSN    = "078-05-1120"
	theToken  = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJncmFjZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
	theCity   = "Arlington"
	thePIN    = "73519"
	theCaller = `{"Subject":"grace"}`
)

// A driver's error that repeats the request is logged with its text, without what is classified in the
// request, and without its credentials; no answer has any of it.
func TestErrorTexts(t *testing.T) {
	jsonBody := `{"email":"grace.hopper@navy\u002eexample","iban":"` + theIBAN + `","name":"Grace","pins":[` + thePIN + `,0],"deceased":true,"nickname":"amazing","others":[{"email":"other@else.example","city":"` + theCity + `"}]}`
	for _, tt := range []struct {
		name, method, target, contentType, body string
		text                                    string
		keeps                                   []string // of the text
		hides                                   []string
	}{
		{
			"JSON", "POST", "/customers?ssn=" + theSSN + "&filter[email]=third%40else.example&filter[city]=" + theCity + "&lang=german", "application/json", jsonBody,
			"pq: duplicate key (email, iban)=(" + theEmail + ", " + theIBAN + ") token " + theToken + " \x1b[2J\r\nlevel=INFO " + strings.ToUpper(theEmail) + " " + url.QueryEscape(theEmail) + " " +
				base64.StdEncoding.EncodeToString([]byte("x"+theEmail)) + " other@else.example third@else.example " + theSSN + " pin " + thePIN + " pin 0 " + theIBAN[:12] + "… amazing german deceased=true patient Mr. X\u202e",
			[]string{"pq: duplicate key (email, iban)=([pii], [pci]) token [credential] \ufffd[2J  level=INFO [pii] [pii] ", "pin [confidential] pin [confidential]", "amazing german deceased=[phi] patient [phi]\ufffd"},
			[]string{theEmail, theIBAN, theToken, theSSN, "other@", "third@", thePIN, "navy", "\x1b", "\r", "\n", "Mr. X", "eyJ", "DE89", "\u202e"},
		},
		{
			"form", "POST", "/customers", "application/x-www-form-urlencoded", "email=" + url.QueryEscape(theEmail) + "&city=" + theCity,
			"insert " + theEmail + " in " + theCity + " " + url.QueryEscape(theEmail), []string{"insert [pii] in " + theCity + " [pii]"}, []string{"grace", "navy"},
		},
		{
			"multipart", "POST", "/customers", "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n" + theEmail + "\r\n--b\r\nContent-Disposition: form-data; name=\"contact\"\r\nContent-Type: application/json\r\n\r\n{\"email\":\"b@c.example\"}\r\n--b--\r\n",
			"insert " + theEmail + ", b@c.example", []string{"insert [pii], [pii]"}, []string{"grace", "b@c"},
		},
		{
			"stream", "PUT", "/customers/12-345", "application/x-ndjson", `{"email":"a@b.example","iban":"` + theIBAN + `"}` + "\n",
			"insert " + theIBAN, []string{"withheld"}, []string{theIBAN, "insert"},
		},
		{
			"path", "PUT", "/customers/12-345", "", "", "no customer 12-345", []string{"no customer [pii]"}, []string{"12-345"},
		},
		{
			"password", "POST", "/login?api_key=key-of-mine", "application/json", `{"name":"grace","password":"correct horse"}`,
			"bind of grace with correct horse and key-of-mine", []string{"bind of grace with [secret] and [credential]"}, []string{"horse", "key-of"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			server := operate(t, &failing{fail: func() error { return fmt.Errorf("storage: %w", errors.New(tt.text)) }}, &log, nil)
			res, body := sendWith(t, server.URL+tt.target, tt.method, tt.contentType, tt.body)
			if res.StatusCode != 500 {
				t.Fatalf("%d %s", res.StatusCode, body)
			}
			got := lines(t, &log)
			if len(got) != 1 || got[0]["level"] != "ERROR" || got[0]["rule"] != "handler" || got[0]["error"] != "*fmt.wrapError < *errors.errorString" {
				t.Fatalf("log %s", log.String())
			}
			text, _ := got[0]["error_text"].(string)
			for _, part := range tt.keeps {
				if !strings.Contains(text, part) {
					t.Errorf("%q is not in %q", part, text)
				}
			}
			for _, part := range append(tt.hides, "storage") {
				if strings.Contains(text, part) && part != "storage" || strings.Contains(body, part) {
					t.Errorf("%q is in %q or %s", part, text, body)
				}
			}
		})
	}
}

// sendWith sends a request with the credentials of these tests.
func sendWith(t *testing.T, target, method, contentType, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+theToken)
	r.Header.Set("X-Caller", theCaller)
	r.Header.Set("X-Patient", "Mr. X")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res, got.String()
}

// keyless finds no API key, so that the anonymous alternative counts.
type keyless struct{}

func (keyless) Authenticate(*http.Request) (*principal.Principal, error) {
	return nil, auth.ErrMissing
}

// What is logged of an error and of a panic is what Config says, and never in an answer.
func TestErrorTextModes(t *testing.T) {
	long := strings.Repeat("very long ", 1000)
	for name, tt := range map[string]struct {
		mode             runtime.ErrorText
		fail             func() error
		rule, kind, text string
		stack            string
	}{
		"error":           {runtime.ErrorTextFull, func() error { return errors.New("dial db: refused") }, "handler", "*errors.errorString", "dial db: refused", ""},
		"type of error":   {runtime.ErrorTextType, func() error { return errors.New("dial db: refused") }, "handler", "*errors.errorString", "", ""},
		"no error":        {runtime.ErrorTextOff, func() error { return errors.New("dial db: refused") }, "handler", "", "", ""},
		"panic":           {runtime.ErrorTextFull, func() error { panic("of " + theToken) }, "panic", "string", "of [credential]", "generator_test.TestErrorTextModes"},
		"type of panic":   {runtime.ErrorTextType, func() error { panic("of " + theToken) }, "panic", "string", "", "generator_test.TestErrorTextModes"},
		"no panic":        {runtime.ErrorTextOff, func() error { panic("of " + theToken) }, "panic", "", "", ""},
		"run-time panic":  {runtime.ErrorTextFull, func() error { unmade["a"] = 1; return nil }, "panic", "runtime.plainError", "assignment to entry in nil map", "generator_test.TestErrorTextModes"},
		"structure":       {runtime.ErrorTextFull, func() error { panic(struct{ email string }{theEmail}) }, "panic", "struct { email string }", "", "generator_test.TestErrorTextModes"},
		"bad error":       {runtime.ErrorTextFull, func() error { return (*badError)(nil) }, "handler", "*generator_test.badError", "its method panicked", ""},
		"connection":      {runtime.ErrorTextFull, func() error { return errors.New("dial postgres://bank:s3cr3t@db:5432: refused") }, "handler", "*errors.errorString", "dial postgres://bank:[credential]@db:5432: refused", ""},
		"long":            {runtime.ErrorTextFull, func() error { return errors.New(long) }, "handler", "*errors.errorString", long[:4093] + "…", ""},
		"cause of a 503":  {runtime.ErrorTextFull, func() error { return fmt.Errorf("db is down: %w", &problem.Problem{Status: 503}) }, "handler", "*fmt.wrapError < *problem.Problem", "db is down: 503 Service Unavailable", ""},
		"declared answer": {runtime.ErrorTextFull, func() error { return fmt.Errorf("db is down: %w", &api.CreateCustomerServiceUnavailable{}) }, "handler", "*fmt.wrapError < *api.CreateCustomerServiceUnavailable", "db is down: ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			server := operate(t, &failing{fail: tt.fail}, &log, func(c *api.Config) { c.ErrorText = tt.mode })
			res, body := sendWith(t, server.URL+"/customers", "POST", "application/json", `{"email":"`+theEmail+`","iban":"`+theIBAN+`"}`)
			if res.StatusCode < 500 || strings.Contains(body, "db is") || strings.Contains(body, "refused") || strings.Contains(body, "panic") {
				t.Fatalf("%d %s", res.StatusCode, body)
			}
			got := lines(t, &log)
			if len(got) != 1 {
				t.Fatalf("log %s", log.String())
			}
			text := func(key string) string { s, _ := got[0][key].(string); return s }
			if text("level") != "ERROR" || text("rule") != tt.rule || text("error") != tt.kind || !strings.HasPrefix(text("error_text"), tt.text) || tt.text == "" && text("error_text") != "" {
				t.Errorf("log %s", log.String())
			}
			if !strings.Contains(text("stack"), tt.stack) || tt.stack == "" && text("stack") != "" || len(text("stack")) > 16<<10 {
				t.Errorf("stack %s", text("stack"))
			}
		})
	}
	// Errors without a cause that the answer does not show are the handler's own answers.
	for _, own := range []error{&problem.Problem{Status: 503}, &api.CreateCustomerServiceUnavailable{}, runtime.ErrNotImplemented} {
		var log bytes.Buffer
		server := operate(t, &failing{fail: func() error { return own }}, &log, nil)
		if res, _ := sendWith(t, server.URL+"/customers", "POST", "application/json", `{"email":"a","iban":"b"}`); res.StatusCode < 500 || log.Len() > 0 {
			t.Errorf("%v: %d, log %s", own, res.StatusCode, log.String())
		}
	}
	cfg := api.Config{Token: claimed{}, Key: keyless{}}
	cfg.ErrorText = 3
	if _, err := api.NewServer(&failing{}, cfg); err == nil || !strings.Contains(err.Error(), "Config.ErrorText is 3") {
		t.Errorf("an unknown ErrorText: %v", err)
	}
}

// unmade is a map that was never made.
var unmade map[string]int

// badError is an error whose method panics.
type badError struct{ text string }

func (e *badError) Error() string { return e.text }

// A flood of failures is counted like one of refusals, and costs no text for what is counted.
func TestErrorTextsAreCounted(t *testing.T) {
	var log bytes.Buffer
	asked := 0
	server := operate(t, &failing{fail: func() error { return counting{&asked} }}, &log, nil)
	for range 30 {
		sendWith(t, server.URL+"/customers", "POST", "application/json", `{"email":"a","iban":"b"}`)
	}
	if n := len(lines(t, &log)); n != 20 || asked != 20 {
		t.Errorf("%d lines, %d texts, want 20 of 30", n, asked)
	}
}

type counting struct{ asked *int }

func (c counting) Error() string { *c.asked++; return "counted" }

// The fields that the document declares for ids of requests are in all answers, with the id of a trusted proxy; what an id might
// not meet is the handler's.
func TestEchoedIDs(t *testing.T) {
	const uuid = "123e4567-e89b-42d3-a456-426614174000"
	var log bytes.Buffer
	server := operate(t, &failing{fail: func() error { return nil }}, &log, func(c *api.Config) {
		c.TrustRequestID, c.TrustedProxies = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for name, tt := range map[string]struct {
		target, method, body string
		given                map[string]string
		status               int
		want                 map[string]string
	}{
		"answer":          {"/customers", "POST", `{"email":"a","iban":"b"}`, map[string]string{"X-Correlation-Id": "of-a-proxy"}, 204, map[string]string{"X-Correlation-Id": "of-a-proxy", "X-Request-Id": "of-a-proxy"}},
		"refusal":         {"/customers", "POST", `{}`, map[string]string{"X-Correlation-Id": "of-a-proxy"}, 422, map[string]string{"X-Correlation-Id": "of-a-proxy", "X-Request-Id": "of-a-proxy"}},
		"UUID":            {"/login", "POST", `{"name":"a","password":"b"}`, map[string]string{"X-FAPI-Interaction-Id": uuid, "X-Request-Id": "of-a-proxy"}, 204, map[string]string{"X-Fapi-Interaction-Id": uuid, "X-Request-Id": uuid}},
		"of the handler":  {"/customers/1", "PUT", "", map[string]string{"X-Correlation-Id": "of-a-proxy"}, 204, map[string]string{"X-Correlation-Id": "mine"}},
		"of no operation": {"/nowhere", "GET", "", map[string]string{"X-Correlation-Id": "of-a-proxy", "X-Request-Id": "of-another"}, 404, map[string]string{"X-Correlation-Id": "", "X-Request-Id": "of-another"}},
	} {
		r, err := http.NewRequest(tt.method, server.URL+tt.target, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Caller", theCaller)
		if tt.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for field, value := range tt.given {
			r.Header.Set(field, value)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != tt.status {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
		for field, want := range tt.want {
			if got := strings.Join(res.Header[field], "|"); got != want {
				t.Errorf("%s: %s is %q, want %q", name, field, got, want)
			}
		}
	}
}
