package generator_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	raw "github.com/bailey-go/bailey/testdata/golden/raw/api"
)

// rawEcho answers with what it was given, or with what answer holds.
type rawEcho struct {
	raw.Unimplemented
	answer  raw.Shipment
	account raw.Account
}

func (h rawEcho) EchoShipment(_ context.Context, r *raw.EchoShipmentRequest) (raw.Shipment, error) {
	if h.answer != "" {
		return h.answer, nil
	}
	return r.Body, nil
}
func (rawEcho) EchoHolder(_ context.Context, r *raw.EchoHolderRequest) (*raw.Holder, error) {
	return &r.Body, nil
}
func (rawEcho) EchoDoubtful(_ context.Context, r *raw.EchoDoubtfulRequest) (*raw.Doubtful, error) {
	return &r.Body, nil
}
func (rawEcho) Search(_ context.Context, r *raw.SearchRequest) (raw.Filter, error) {
	return r.Filter, nil
}

// EchoAccount answers with an account that has an id and no password, or with what answer
// holds.
func (h rawEcho) EchoAccount(_ context.Context, r *raw.EchoAccountRequest) (raw.Account, error) {
	if h.account != "" {
		return h.account, nil
	}
	return `{"name":"ada","id":"00000000-0000-0000-0000-000000000001"}`, nil
}

// TakeForm answers with the level that it was given, and with a header that nothing may be in
// where the size says so.
func (rawEcho) TakeForm(_ context.Context, r *raw.TakeFormRequest) (*raw.TakeFormNoContent, error) {
	answer := &raw.TakeFormNoContent{XLevel: runtime.Some(string(r.Body.Level))}
	if r.Size.Value == 7 {
		answer.XNone = runtime.Some("x")
	}
	return answer, nil
}

func (rawEcho) TakeNobody(context.Context, *raw.TakeNobodyRequest) error { return nil }

func rawServer(t *testing.T, h rawEcho) http.Handler {
	t.Helper()
	s, err := raw.NewServer(h, raw.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRaw sends JSON whose schemas no Go type says to a generated server: as a body, as
// a member, as an item, as a parameter.
func TestRaw(t *testing.T) {
	t.Parallel()
	server := rawServer(t, rawEcho{})
	const ok, bad = http.StatusOK, http.StatusUnprocessableEntity
	for _, test := range []struct {
		path, body string
		status     int
		want       string // the answer, or in a refusal a part of it
	}{
		{"/shipments", `{"kind":"parcel","weight":0.3}`, ok, `{"kind":"parcel","weight":0.3}`},
		{"/shipments", ` { "weight" : 1e0 , "kind" : "parcel", "x-a":"b" } `, ok, `{ "weight" : 1e0 , "kind" : "parcel", "x-a":"b" }`},
		{"/shipments", `{"kind":"letter"}`, ok, `{"kind":"letter"}`},
		{"/shipments", `{"kind":"parcel"}`, bad, `{"pointer":"","keyword":"required"`},
		{"/shipments", `{"kind":"letter","weight":1}`, bad, `{"pointer":"/weight","keyword":"not"`},
		{"/shipments", `{"kind":"letter","size":1}`, bad, `{"pointer":"/size","keyword":"unevaluatedProperties"`},
		{"/shipments", `{"kind":"letter","x-a":"longer"}`, bad, `{"pointer":"/x-a","keyword":"maxLength"`},
		{"/shipments", `{"kind":"letter","tracking":"AB123456789"}`, bad, `{"pointer":"","keyword":"dependentRequired"`},
		{"/shipments", `{"kind":"parcel","weight":0.35}`, bad, `{"pointer":"/weight","keyword":"multipleOf"`},
		{"/shipments", `{"kind":"letter","kind":"letter"}`, http.StatusBadRequest, `twice`},
		{"/shipments", `{"kind":"letter"`, http.StatusBadRequest, `too early`},
		{"/shipments", `[]`, bad, `{"pointer":"","keyword":"type"`},

		{"/doubtful", `{"name":"a","list":[]}`, ok, `{"name":"a","list":[]}`},
		{"/doubtful", `{"both":"a"}`, bad, `{"pointer":"/both"`},
		{"/doubtful", `{"both":1}`, bad, `{"pointer":"/both"`},
		{"/doubtful", `{"both":null}`, bad, `{"pointer":"/both"`},
		{"/doubtful", `{"short":"abc"}`, bad, `{"pointer":"/short","keyword":"maxLength"`},
		{"/doubtful", `{"short":"ab"}`, bad, `{"pointer":"/short","keyword":"minLength"`},
		{"/doubtful", `{"list":[""]}`, bad, `{"pointer":"/list/0"`},
		{"/doubtful", `{"inner":{}}`, bad, `{"pointer":"/inner"`},
		{"/doubtful", `{"inner":{"none":null}}`, bad, `{"pointer":"/inner`},
		{"/doubtful?q=a", `{}`, http.StatusBadRequest, `{"in":"query","parameter":"q"`},
		{"/doubtful?q=", `{}`, http.StatusBadRequest, `{"in":"query","parameter":"q"`},
		{"/doubtful?q=null", `{}`, http.StatusBadRequest, `{"in":"query","parameter":"q"`},

		{"/holders", `{"id":1,"level":"low","pair":["a",1],"labels":{"a":"b"}}`, ok, `{"id":1,"level":"low","pair":["a",1],"labels":{"a":"b"}}`},
		{"/holders", `{"id":1,"height":123456789012345678901234567890,"payload":[]}`, ok, `{"id":1,"height":123456789012345678901234567890,"payload":[]}`},
		{"/holders", `{"id":1,"height":-1}`, bad, `{"pointer":"/height","keyword":"minimum"`},
		{"/holders", `{"id":1,"height":1.5}`, bad, `{"pointer":"/height","keyword":"type"`},
		{"/holders", `{"id":1,"payload":"long"}`, bad, `{"pointer":"/payload","keyword":"maxLength"`},
		{"/holders", `{"id":1,"password":"Secret123"}`, ok, `{"id":1,"password":"Secret123"}`},
		{"/holders", `{"id":1,"password":"secret123"}`, bad, `{"pointer":"/password","keyword":"pattern"`},
		{"/holders", `{"id":1,"password":"Secretpass123"}`, bad, `{"pointer":"/password","keyword":"pattern"`},
		{"/holders", `{"id":1,"level":1.0}`, ok, `{"id":1,"level":1.0}`},
		{"/holders", `{"id":1,"level":null}`, ok, `{"id":1,"level":null}`},
		{"/holders", `{"id":1,"level":"mid"}`, bad, `{"pointer":"/level","keyword":"enum"`},
		{"/holders", `{"id":1,"pair":["a",1,2]}`, bad, `{"pointer":"/pair/2","keyword":"not"`},
		{"/holders", `{"id":1,"labels":{"A":"b"}}`, bad, `{"pointer":"/labels/A","keyword":"propertyNames"`},
		{"/holders", `{"id":1,"more":1}`, bad, `{"pointer":"/more","keyword":"additionalProperties"`},
		{"/holders", `{"id":1,"shipments":[{"kind":"letter"},{"kind":"parcel"}]}`, bad, `{"pointer":"/shipments/1","keyword":"required"`},
		{"/holders", `{"id":1,"tree":{"value":1,"children":[{"value":2},{"value":3,"children":[]}]}}`, ok, `{"id":1,"tree":{"value":1,"children":[{"value":2},{"value":3,"children":[]}]}}`},
		{"/holders", `{"id":1,"tree":{"value":1,"children":[{"value":{}}]}}`, bad, `{"pointer":"/tree/children/0/value","keyword":"not"`},
		{"/holders", `{"id":1,"tree":{"value":1,"children":[{"value":2,"children":[]},{"value":3,"children":[]}]}}`, bad, `{"pointer":"/tree/children","keyword":"maxContains"`},
	} {
		r := httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/json")
		rawAsk(t, server, r, test.body, test.status, test.want)
	}
	for _, test := range []struct {
		filter string
		status int
		want   string
	}{
		{`{"name":"ada@example.com"}`, ok, `{"name":"ada@example.com"}`},
		{`{"since":"2024-02-29","age":18}`, ok, `{"since":"2024-02-29","age":18}`},
		{`{"name":"ada@example.com"}&height=123456789012345678901234567890`, ok, `{"name":"ada@example.com"}`},
		{`{"name":"ada@example.com"}&height=1.5`, http.StatusBadRequest, `height`},
		{`{"name":"ada@example.com"}&height=high`, http.StatusBadRequest, `height`},
		{`{"since":"2024-02-29","age":17}`, http.StatusBadRequest, `minimum`},
		{`{"since":"2024-02-29"}`, http.StatusBadRequest, `required`},
		{`{"Name":"x"}`, http.StatusBadRequest, `propertyNames`},
		{`{}`, http.StatusBadRequest, `minProperties`},
	} {
		r := httptest.NewRequest(http.MethodGet, "/search?filter="+strings.NewReplacer("%26", "&", "%3D", "=").Replace(url.QueryEscape(test.filter)), nil)
		rawAsk(t, server, r, test.filter, test.status, test.want)
	}
}

// A response that breaks its schema does not leave.
func TestRawAnswer(t *testing.T) {
	t.Parallel()
	for answer, status := range map[raw.Shipment]int{
		`{"kind":"letter"}`:            http.StatusOK,
		`{"kind":"parcel"}`:            http.StatusInternalServerError,
		`{"kind":"letter","secret":1}`: http.StatusInternalServerError,
		`{"kind":"letter"`:             http.StatusInternalServerError,
	} {
		r := httptest.NewRequest(http.MethodPost, "/shipments", strings.NewReader(`{"kind":"letter"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		rawServer(t, rawEcho{answer: answer}).ServeHTTP(w, r)
		if w.Code != status || status != http.StatusOK && strings.Contains(w.Body.String(), "parcel") || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: got %d %s, want %d", answer, w.Code, w.Body, status)
		}
	}
}

func rawAsk(t *testing.T, server http.Handler, r *http.Request, name string, status int, want string) {
	t.Helper()
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.TrimSpace(string(body))
	if w.Code != status || status == http.StatusOK && got != want || !strings.Contains(got, want) {
		t.Errorf("%s: got %d %s, want %d %s", name, w.Code, got, status, want)
	}
}

// What is readOnly is not taken, and what is writeOnly does not leave, also where no Go type
// says what a schema does. What must not travel one way is not required there.
func TestRawOneWay(t *testing.T) {
	t.Parallel()
	const ok, bad = http.StatusOK, http.StatusUnprocessableEntity
	for _, test := range []struct {
		body    string
		account raw.Account
		status  int
		want    string
	}{
		{`{"name":"ada","password":"x"}`, "", ok, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001"}`},
		{`{"name":"ada","password":"x","nick":"a","mail":"b"}`, "", ok, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001"}`},
		{`{"name":"ada","password":"x","mail":"b"}`, "", bad, `{"pointer":"","keyword":"dependentRequired"`},
		{`{"name":"ada"}`, "", bad, `{"pointer":"","keyword":"required"`},
		{`{"name":"ada","password":"x","id":"00000000-0000-0000-0000-000000000001"}`, "", bad, `{"pointer":"/id","keyword":"readOnly"`},
		{`{"name":"ada","password":"x","stamp-a":"1"}`, "", bad, `{"pointer":"/stamp-a","keyword":"readOnly"`},
		{`{"name":"ada","password":"x","audit":{}}`, "", bad, `{"pointer":"/audit","keyword":"readOnly"`},                 // the first branch would do
		{`{"name":"ada","password":"x","audit":1}`, "", ok, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001"}`}, // the second one does not hold
		{`{"name":"root","password":"x"}`, "", bad, `{"pointer":"","keyword":"not"`},

		{`{"name":"ada","password":"x"}`, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001","stamp-a":"1"}`, ok, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001","stamp-a":"1"}`},
		{`{"name":"ada","password":"x"}`, `{"name":"ada"}`, http.StatusInternalServerError, ``},
		{`{"name":"ada","password":"x"}`, `{"name":"ada","id":"00000000-0000-0000-0000-000000000001","password":"x"}`, http.StatusInternalServerError, ``},
	} {
		r := httptest.NewRequest(http.MethodPost, "/accounts", strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/json")
		rawAsk(t, rawServer(t, rawEcho{account: test.account}), r, test.body+" "+string(test.account), test.status, test.want)
	}
}

// TestRefusedTexts sends forms and parameters in which some places have schemas that no value can
// meet: those refuse everything, and nothing else does. Numbers in the enum of a string are texts.
func TestRefusedTexts(t *testing.T) {
	t.Parallel()
	server := rawServer(t, rawEcho{})
	const form, bad = "application/x-www-form-urlencoded", http.StatusUnprocessableEntity
	for _, test := range []struct {
		target, media, body string
		status              int
		want                string // the level, or a part of the refusal
	}{
		{"/forms", form, "", http.StatusNoContent, "1"},
		{"/forms", form, "level=True", http.StatusNoContent, "True"},
		{"/forms", form, "level=true", bad, `"parameter":"level","keyword":"enum"`},
		{"/forms", form, "admin=", bad, `"parameter":"admin","keyword":"not"`},
		{"/forms", form, "code=abc", bad, `"parameter":"code","keyword":"not"`},
		{"/forms", form, "code=ab", bad, `"parameter":"code","keyword":"not"`},
		{"/forms?size=3", form, "", http.StatusNoContent, "1"},
		{"/forms?size=abc", form, "", http.StatusBadRequest, `"parameter":"size"`},
		{"/forms?tags=a", form, "", http.StatusBadRequest, `"parameter":"tags","keyword":"not"`},
		{"/forms?tags=", form, "", http.StatusBadRequest, `"parameter":"tags","keyword":"not"`},
		{"/forms?size=7", form, "", http.StatusInternalServerError, ""},
		{"/nobody", "", "", http.StatusNoContent, ""},
		{"/nobody", form, "", bad, `"keyword":"minProperties"`},
		{"/nobody", form, "a=1&b=2", bad, `"keyword":"minProperties"`},
		{"/nobody", form, "a=1&b=2&c=3", bad, `"keyword":"maxProperties"`},
	} {
		r := httptest.NewRequest(http.MethodPost, test.target, strings.NewReader(test.body))
		if test.media == "" {
			r.Body, r.ContentLength = http.NoBody, 0
		} else {
			r.Header.Set("Content-Type", test.media)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		got := w.Body.String()
		if w.Code == http.StatusNoContent {
			got = w.Header().Get("X-Level")
		}
		if w.Code != test.status || !strings.Contains(got, test.want) {
			t.Errorf("%s %q: %d %s, want %d %s", test.target, test.body, w.Code, got, test.status, test.want)
		}
	}
}
