package generator_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/testdata/golden/authz/api"
)

// open lets everybody do what the pipeline lets through.
type open struct{ api.Unimplemented }

func (open) ByUUID(context.Context, *api.ByUUIDRequest) error         { return nil }
func (open) ByNumber(context.Context, *api.ByNumberRequest) error     { return nil }
func (open) ByList(context.Context, *api.ByListRequest) error         { return nil }
func (open) ByPrefix(context.Context, *api.ByPrefixRequest) error     { return nil }
func (open) ByTemplate(context.Context, *api.ByTemplateRequest) error { return nil }
func (open) ByGroups(context.Context, *api.ByGroupsRequest) error     { return nil }
func (open) ByForm(context.Context, *api.ByFormRequest) error         { return nil }

// claimed authenticates callers by what they say that they are, as JSON.
type claimed struct{}

func (claimed) Authenticate(r *http.Request) (*principal.Principal, error) {
	text := r.Header.Get("X-Caller")
	if text == "" {
		return nil, auth.ErrMissing
	}
	p := &principal.Principal{Scheme: "token"}
	if err := json.Unmarshal([]byte(text), p); err != nil {
		return nil, &auth.Refused{Rule: "test"}
	}
	return p, nil
}

func newAuthz(t *testing.T) *httptest.Server {
	t.Helper()
	s, err := api.NewServer(open{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Token: claimed{}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv
}

// TestOwners: owner rules of every kind, over HTTP.
func TestOwners(t *testing.T) {
	srv := newAuthz(t)
	const id = "7d444840-9dc0-41d1-b245-5ffdce74fad2"
	var tests []ask
	add := func(name, caller, method, path string, status int, header map[string]string, body string) {
		h := map[string]string{"X-Caller": caller}
		maps.Copy(h, header)
		tests = append(tests, ask{name: name, method: method, path: path, status: status, header: h, body: body})
	}
	get := func(name, caller, path string, status int) { add(name, caller, "GET", path, status, nil, "") }

	get("uuid", `{"Subject":"`+id+`"}`, "/equal/"+id, 204)
	get("uuid in capitals", `{"Subject":"7D444840-9DC0-41D1-B245-5FFDCE74FAD2"}`, "/equal/"+id, 204)
	get("uuid in capitals in the path", `{"Subject":"`+id+`"}`, "/equal/7D444840-9DC0-41D1-B245-5FFDCE74FAD2", 204)
	get("uuid of another", `{"Subject":"7d444840-9dc0-41d1-b245-5ffdce74fad3"}`, "/equal/"+id, 403)
	get("uuid, staff", `{"Subject":"x","Scopes":["staff"]}`, "/equal/"+id, 204)
	get("uuid, an auditor", `{"Subject":"x","Roles":["auditor"]}`, "/equal/"+id, 204)
	get("uuid, a scope auditor", `{"Subject":"x","Scopes":["auditor"]}`, "/equal/"+id, 403)

	get("number", `{"Claims":{"account":42}}`, "/number/42", 204)
	get("number as text", `{"Claims":{"account":"42"}}`, "/number/42", 204)
	get("number of another", `{"Claims":{"account":421}}`, "/number/42", 404)
	get("number, a list", `{"Claims":{"account":[42]}}`, "/number/42", 404)
	get("number, an object", `{"Claims":{"account":{"42":42}}}`, "/number/42", 404)
	get("number, null", `{"Claims":{"account":null}}`, "/number/0", 404)
	get("number, no claim", `{}`, "/number/0", 404)

	get("list", `{"Claims":{"org":{"tenants":["a","b"]}}}`, "/list?tenant=b", 204)
	get("list without it", `{"Claims":{"org":{"tenants":["a","b"]}}}`, "/list?tenant=c", 404)
	get("no list", `{"Claims":{"org":{"tenants":"b"}}}`, "/list?tenant=b", 404)
	get("list, nothing asked for", `{"Claims":{"org":{"tenants":["a",""]}}}`, "/list", 404)
	get("list, an empty value", `{"Claims":{"org":{"tenants":["a",""]}}}`, "/list?tenant=", 404)
	get("list, staff, nothing asked for", `{"Scopes":["staff"]}`, "/list", 204)

	for path, status := range map[string]int{"org1": 204, "org1/a": 204, "org1/a/b": 204, "org10": 403, "org10/a": 403, "org1/../org2": 403, "org1//a": 403, "org2": 403} {
		add("prefix "+path, `{"Claims":{"org":"org1"}}`, "GET", "/prefix", status, map[string]string{"X-Path": path}, "")
	}
	add("prefix of an empty claim", `{"Claims":{"org":""}}`, "GET", "/prefix", 403, map[string]string{"X-Path": "/a"}, "")

	cookie := map[string]string{"Cookie": "account=urn:acct:o:s"}
	add("template", `{"Subject":"s","Claims":{"org":"o"}}`, "GET", "/template", 204, cookie, "")
	add("template of another", `{"Subject":"t","Claims":{"org":"o"}}`, "GET", "/template", 403, cookie, "")
	add("template, shifted", `{"Subject":"s","Claims":{"org":"urn:acct"}}`, "GET", "/template", 403, cookie, "")
	add("template without a claim", `{"Subject":"s"}`, "GET", "/template", 403, map[string]string{"Cookie": "account=urn:acct::s"}, "")

	json := map[string]string{"Content-Type": "application/json"}
	caller := `{"Subject":"s","Claims":{"org":"1","team":"t","number":7}}`
	add("any, the first", caller, "POST", "/groups/1", 204, json, `{"owner":"s"}`)
	add("any, the second", caller, "POST", "/groups/1", 204, json, `{"owner":"x","team":{"name":"t","number":7}}`)
	add("any, half of the second", caller, "POST", "/groups/1", 404, json, `{"owner":"x","team":{"name":"t","number":8}}`)
	add("any, the other half", caller, "POST", "/groups/1", 404, json, `{"team":{"number":7}}`)
	add("any, nothing", caller, "POST", "/groups/1", 404, json, `{}`)
	add("any, but not the path", caller, "POST", "/groups/2", 403, json, `{"owner":"s"}`)
	add("any, an auditor", `{"Roles":["auditor"],"Claims":{"org":"1"}}`, "POST", "/groups/1", 204, json, `{}`)
	add("an auditor of elsewhere", `{"Roles":["auditor"],"Claims":{"org":"2"}}`, "POST", "/groups/1", 403, json, `{}`)

	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	add("form", `{"Subject":"s"}`, "POST", "/form", 204, form, "owner=s&text=t")
	add("form of another", `{"Subject":"s"}`, "POST", "/form", 403, form, "owner=t")
	add("form with two", `{"Subject":"s"}`, "POST", "/form", 422, form, "owner=s&owner=t")

	for _, a := range tests {
		t.Run(a.name, func(t *testing.T) { a.run(t, srv.URL) })
	}
}
