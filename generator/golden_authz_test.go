package generator_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
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

func (open) WhoAmI(ctx context.Context, req *api.WhoAmIRequest) (*api.Me, error) {
	c := req.Caller
	level, _ := c.Level()
	groups, _ := c.Groups()
	return &api.Me{
		Subject: c.Subject(), Tenant: c.Tenant(), Level: level, Groups: groups,
		Reads: c.HasScope(api.ScopeRead), Admin: c.HasRole(api.RoleAdmin), Printed: fmt.Sprintf("%v %+v %#v %v %+v", c, c, c, ctx, req),
	}, nil
}
func (open) ByLevel(context.Context, *api.ByLevelRequest) error     { return nil }
func (open) Either(context.Context, *api.EitherRequest) error       { return nil }
func (open) Both(context.Context, *api.BothRequest) error           { return nil }
func (open) Anonymous(context.Context, *api.AnonymousRequest) error { return nil }

func (open) FilterProfiles(context.Context, *api.FilterProfilesRequest) error { return nil }
func (open) PostParts(context.Context, *api.PostPartsRequest) error           { return nil }
func (open) PutRecord(_ context.Context, r *api.PutRecordRequest) error       { return seen(r.JSON) }
func (open) PostRecord(_ context.Context, r *api.PostRecordRequest) error     { return seen(r.JSON) }
func (open) PatchRecord(_ context.Context, r *api.PatchRecordRequest) error   { return seen(r.JSON) }

// seen finds a member that must not reach a handler.
func seen(r runtime.Opt[api.RecordInput]) error {
	if open, ok := r.Value.Open.Get(); ok && open.AdditionalProperties["id"] != "" {
		return errors.New("a readOnly member reached the handler")
	}
	return nil
}

func (open) SetProfile(context.Context, *api.SetProfileRequest) error   { return nil }
func (open) PostProfile(context.Context, *api.PostProfileRequest) error { return nil }

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
	return newAuthzLogging(t, io.Discard)
}

func newAuthzLogging(t *testing.T, log io.Writer) *httptest.Server {
	t.Helper()
	s, err := api.NewServer(open{}, api.Config{Config: runtime.Config{Log: slog.New(slog.NewJSONHandler(log, nil))}, Token: claimed{}, Key: keyed{}, Signed: jwt.Inline(signedKeys)})
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

// TestWritableBy: who sets what is not theirs to set is refused, and told what, nothing more.
func TestWritableBy(t *testing.T) {
	srv := newAuthz(t)
	const nobody, admin, team, both = `{"Subject":"a"}`, `{"Roles":["admin"]}`, `{"Scopes":["team"]}`, `{"Scopes":["team"],"Roles":["admin"]}`
	for _, a := range []struct {
		name, caller, body string
		status             int
		pointers           []string
	}{
		{"nothing guarded", nobody, `{"name":"a","notes":[{"text":"b"}],"team":{}}`, 204, nil},
		{"guarded, allowed", admin, `{"name":"a","level":3,"verified":true}`, 204, nil},
		{"guarded", nobody, `{"name":"a","level":3}`, 403, []string{"/level"}},
		{"an escaped name", nobody, `{"name":"a","l\u0065vel":3}`, 403, []string{"/level"}},
		{"through allOf, the default itself", nobody, `{"verified":false,"name":"a"}`, 403, []string{"/verified"}},
		{"a scope of that name is no role", `{"Scopes":["admin"]}`, `{"name":"a","level":3}`, 403, []string{"/level"}},
		{"nested", admin, `{"name":"a","team":{"role":"x"}}`, 403, []string{"/team/role"}},
		{"nested, null", admin, `{"name":"a","team":{"role":null}}`, 403, []string{"/team/role"}},
		{"nested, allowed", team, `{"name":"a","team":{"role":"x"}}`, 204, nil},
		{"in an array", nobody, `{"name":"a","notes":[{"pinned":true},{"text":"a"},{"pinned":false}]}`, 403, []string{"/notes/0/pinned", "/notes/2/pinned"}},
		{"in a map", nobody, `{"name":"a","tags":{"x/y":{"hot":true}}}`, 403, []string{"/tags/x~1y/hot"}},
		{"several", nobody, `{"name":"a","level":1,"team":{"role":"x"}}`, 403, []string{"/level", "/team/role"}},
		{"several, one of them allowed", team, `{"name":"a","level":1,"team":{"role":"x"}}`, 403, []string{"/level"}},
		{"several, allowed", both, `{"name":"a","level":1,"team":{"role":"x"}}`, 204, nil},
		{"one of two, guarded", nobody, `{"name":"a","pay":{"card":"1","limit":5}}`, 403, []string{"/pay/limit"}},
		{"the other one", nobody, `{"name":"a","pay":{"bank":"1","limit":5}}`, 204, nil},
		{"one of two, allowed", admin, `{"name":"a","pay":{"card":"1","limit":5}}`, 204, nil},
		{"guarded and wrong", nobody, `{"name":"a","level":"high"}`, 403, []string{"/level"}},
		{"guarded, and something else wrong", nobody, `{"name":"too long a name","level":3}`, 403, []string{"/level"}},
		{"guarded and too long, which tells no bound", nobody, `{"name":"a","team":{"role":"` + strings.Repeat("x", 41) + `"}}`, 403, []string{"/team/role"}},
		{"guarded, and no JSON", nobody, `{"level":3,`, 400, nil},
	} {
		t.Run(a.name, func(t *testing.T) {
			has := []string{}
			for _, p := range a.pointers {
				has = append(has, `{"pointer":"`+p+`","keyword":"writable-by","detail":"may not be set by this caller"}`)
			}
			want := ask{method: "PUT", path: "/profiles", header: map[string]string{"X-Caller": a.caller}, body: a.body, status: a.status}
			if len(has) > 0 {
				want.has = []string{`"errors":[` + strings.Join(has, ",") + `]`}
			}
			want.run(t, srv.URL)
		})
	}
	t.Run("allowed and too long", func(t *testing.T) {
		ask{
			method: "PUT", path: "/profiles", header: map[string]string{"X-Caller": team}, body: `{"name":"a","team":{"role":"` + strings.Repeat("x", 41) + `"}}`,
			status: 422, has: []string{`"errors":[{"pointer":"/team/role","keyword":"maxLength","detail":"is longer than 40 characters"}]`},
		}.run(t, srv.URL)
	})
	form := func(name, caller, kind, body string, status int, has ...string) {
		t.Run(name, func(t *testing.T) {
			ask{method: "POST", path: "/profiles/form", header: map[string]string{"X-Caller": caller}, kind: kind, body: body, status: status, has: has}.run(t, srv.URL)
		})
	}
	const urlencoded, parts = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	file := "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"
	form("form", nobody, urlencoded, "name=a", 204)
	form("form, guarded", nobody, urlencoded, "name=a&active=true", 403, `"parameter":"active"`, `"keyword":"writable-by"`)
	form("form, a list", nobody, urlencoded, "name=a&tags=x&tags=y", 403, `"errors":[{"in":"body","parameter":"tags","keyword":"writable-by"`)
	form("form, allowed", `{"Scopes":["tags"],"Roles":["admin"]}`, urlencoded, "name=a&tags=x&tags=y&active=true", 204)
	form2 := func(name, caller, method, path, kind, body string, status int, has ...string) {
		t.Run(name, func(t *testing.T) {
			ask{method: method, path: path, header: map[string]string{"X-Caller": caller}, kind: kind, body: body, status: status, has: has}.run(t, srv.URL)
		})
	}
	json := "--b\r\nContent-Disposition: form-data; name=\"team\"\r\n\r\n{\"role\":\"x\"}\r\n--b--\r\n"
	form2("a JSON part", nobody, "POST", "/parts", parts, json, 403, `"parameter":"team[role]","keyword":"writable-by"`)
	form2("a JSON part, allowed", team, "POST", "/parts", parts, json, 204)
	form2("a form that counts its fields", nobody, "POST", "/parts", urlencoded, "role=x", 403, `"keyword":"writable-by"`)
	form2("a form that counts its fields, allowed", team, "POST", "/parts", urlencoded, "role=x", 204)
	form2("a form that counts its fields, without it", nobody, "POST", "/parts", urlencoded, "name=x", 204)
	form2("a JSON parameter", nobody, "GET", `/filter?like=%7B%22role%22:%22x%22%7D`, "", "", 403, `"in":"query","parameter":"like[role]","keyword":"writable-by"`)
	var wrong strings.Builder
	for i := range 16 {
		fmt.Fprintf(&wrong, "%%22u%d%%22:1,", i)
	}
	form2("a JSON parameter, behind as many violations as are listed", nobody, "GET", "/filter?like=%7B"+wrong.String()+"%22role%22:%22x%22%7D", "", "", 403, `"parameter":"like[role]","keyword":"writable-by"`)
	form2("a JSON parameter, allowed", team, "GET", `/filter?like=%7B%22role%22:%22x%22%7D`, "", "", 204)
	form2("an object in pairs", nobody, "GET", `/filter?team%5Brole%5D=x`, "", "", 403, `"keyword":"writable-by"`)
	form2("an object in pairs, allowed", team, "GET", `/filter?team%5Brole%5D=x`, "", "", 204)
	form2("an object in pairs, without it", nobody, "GET", `/filter?team%5Bname%5D=x`, "", "", 204)
	form("file", nobody, parts, file, 403, `"parameter":"photo"`)
	form("file, allowed", `{"Roles":["editor"]}`, parts, file, 204)
}

// keyed authenticates by a key that is its roles, with commas between, and behind a semicolon its scopes.
type keyed struct{}

func (keyed) Authenticate(r *http.Request) (*principal.Principal, error) {
	switch text := r.Header.Get("X-Key"); text {
	case "":
		return nil, auth.ErrMissing
	case "bad":
		return nil, &auth.Refused{Rule: "test"}
	default:
		roles, scopes, _ := strings.Cut(text, ";")
		return &principal.Principal{Scheme: "key", Subject: "s", Roles: strings.Split(roles, ","), Scopes: strings.Split(scopes, ",")}, nil
	}
}

// signedKey signs the tokens of the scheme signed.
var signedKey, signedKeys = func() (*ecdsa.PrivateKey, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return key, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}()

// signedToken is a good one with some claims replaced, or without those that are nil.
func signedToken(t *testing.T, change gojwt.MapClaims) string {
	t.Helper()
	claims := gojwt.MapClaims{
		"iss": "https://id.example", "aud": "api", "sub": "ada", "scope": "read", "roles": []string{"admin"}, "exp": time.Now().Add(time.Hour).Unix(),
		"level": 3, "groups": []string{"g", "h"}, "org": map[string]any{"id": "t1", "tier": "gold"},
	}
	for k, v := range change {
		if claims[k] = v; v == nil {
			delete(claims, k)
		}
	}
	token := gojwt.NewWithClaims(gojwt.SigningMethodES256, claims)
	token.Header["typ"] = "at+jwt"
	text, err := token.SignedString(signedKey)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestCaller: claims have the types that the document gives them, or the token is refused; and nothing that a
// handler or a log can print holds the token.
func TestCaller(t *testing.T) {
	var log bytes.Buffer // slog's handlers write one record at a time
	srv := newAuthzLogging(t, &log)
	for _, a := range []struct {
		name   string
		change gojwt.MapClaims
		path   string
		status int
	}{
		{"good", nil, "/me", 200},
		{"without an optional claim", gojwt.MapClaims{"groups": nil}, "/me", 200},
		{"without a required claim", gojwt.MapClaims{"level": nil}, "/me", 401},
		{"an integer as text", gojwt.MapClaims{"level": "3"}, "/me", 401},
		{"a fraction", gojwt.MapClaims{"level": 3.5}, "/me", 401},
		{"a large integer", gojwt.MapClaims{"level": json.Number("9223372036854775808")}, "/me", 401},
		{"a list as text", gojwt.MapClaims{"groups": "g"}, "/me", 401},
		{"a list with a number", gojwt.MapClaims{"groups": []any{"g", 1}}, "/me", 401},
		{"null", gojwt.MapClaims{"groups": json.RawMessage("null")}, "/me", 401},
		{"a nested claim of another type", gojwt.MapClaims{"org": map[string]any{"id": "t1", "tier": 1}}, "/me", 401},
		{"no tenant", gojwt.MapClaims{"org": map[string]any{"tier": "gold"}}, "/me", 401},
		{"an empty tenant", gojwt.MapClaims{"org": map[string]any{"id": "", "tier": "gold"}}, "/me", 401},
		{"a tenant that is a list", gojwt.MapClaims{"org": map[string]any{"id": []string{"t1"}, "tier": "gold"}}, "/me", 401},
		{"the owner by an integer", nil, "/levels/3", 204},
		{"another's", nil, "/levels/33", 403},
		{"the owner without a claim that is asked for", gojwt.MapClaims{"org": map[string]any{"id": "t1"}}, "/levels/3", 403},
	} {
		t.Run(a.name, func(t *testing.T) {
			token := signedToken(t, a.change)
			req, err := http.NewRequest("GET", srv.URL+a.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != a.status {
				t.Fatalf("status %d, want %d: %s %v", res.StatusCode, a.status, body, err)
			}
			if a.name == "good" && !strings.HasPrefix(string(body), `{"subject":"ada","tenant":"t1","level":3,"groups":["g","h"],"reads":true,"admin":true,`) {
				t.Errorf("the caller is %s", body)
			}
			for _, part := range strings.Split(token, ".") {
				if strings.Contains(string(body), part) {
					t.Errorf("a part of the token can be printed: %s", body)
				}
				if strings.Contains(log.String(), part) {
					t.Errorf("a part of the token is logged: %s", log.String())
				}
			}
		})
	}
}

// TestRequirements: AND within a requirement, OR between them, and {} for those without any
// credential, as a table of all combinations. What tokens have to have are scopes, and roles what keys have to.
func TestRequirements(t *testing.T) {
	srv := newAuthz(t)
	scopes := func(list ...string) string {
		text, _ := json.Marshal(map[string]any{"Subject": "s", "Scopes": list})
		return string(text)
	}
	roles := `{"Subject":"s","Roles":["a","b"]}`
	tokens := map[string]string{"no token": "", "a token with roles": roles, "a token": scopes(), "a token with a": scopes("a"), "a token with b": scopes("b"), "a token with both": scopes("a", "b"), "a bad token": "{"}
	keys := map[string]string{"no key": "", "a key": "c", "a key with a": "a", "a key with b": "b", "a key with a scope": "c;a,b", "a bad key": "bad"}
	either := func(token, key string) int {
		switch {
		case token == "a token with both" || key == "a key with a":
			return 204
		case strings.HasPrefix(token, "a token") || strings.HasPrefix(key, "a key"):
			return 403
		}
		return 401
	}
	both := func(token, key string) int {
		switch {
		case !strings.HasPrefix(token, "a token") || !strings.HasPrefix(key, "a key"):
			return 401
		case (token == "a token with a" || token == "a token with both") && key == "a key with b":
			return 204
		}
		return 403
	}
	anonymous := func(token, _ string) int {
		switch token {
		case "no token", "a token with a", "a token with both":
			return 204
		case "a bad token":
			return 401
		}
		return 403
	}
	for path, want := range map[string]func(token, key string) int{"/either": either, "/both": both, "/anonymous": anonymous} {
		for token, caller := range tokens {
			for key, text := range keys {
				name := path + " with " + token + " and " + key
				header := map[string]string{}
				if caller != "" {
					header["X-Caller"] = caller
				}
				if text != "" {
					header["X-Key"] = text
				}
				t.Run(name, func(t *testing.T) {
					ask{method: "GET", path: path, header: header, status: want(token, key)}.run(t, srv.URL)
				})
			}
		}
	}
}

// TestReadOnly: what is the server's is refused, also where unknown members are dropped or kept, unless the
// document drops it by name.
func TestReadOnly(t *testing.T) {
	srv := newAuthz(t)
	const json, form = "application/json", "application/x-www-form-urlencoded"
	for _, tt := range []struct {
		name, kind, body string
		put, post, patch int
		has              string // of the refusals
	}{
		{"nothing of it", json, `{"name":"a"}`, 204, 204, 204, ""},
		{"a member", json, `{"id":"1","name":"a"}`, 422, 422, 204, `"pointer":"/id","keyword":"readOnly"`},
		{"an escaped member", json, `{"name":"a","\u0069d":"1"}`, 422, 422, 204, `"keyword":"readOnly"`},
		{"a member of another type", json, `{"id":[1]}`, 422, 422, 204, `"keyword":"readOnly"`},
		{"a member twice", json, `{"id":"1","id":"2"}`, 400, 400, 400, ""},
		{"an unknown member", json, `{"ident":"1"}`, 422, 204, 422, `"keyword":"additionalProperties"`},
		{"where others are kept", json, `{"open":{"id":"1","x":2}}`, 422, 422, 204, `"pointer":"/open/id","keyword":"readOnly"`},
		{"of the branch that matches", json, `{"any":{"a":"x","id":"1"}}`, 422, 422, 204, ""},
		{"a field", form, "id=1&name=a", 422, 422, 204, `"parameter":"id","keyword":"readOnly"`},
		{"an unknown field", form, "ident=1", 422, 204, 422, `"keyword":"unknown"`},
	} {
		for method, status := range map[string]int{"PUT": tt.put, "POST": tt.post, "PATCH": tt.patch} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				want := ask{method: method, path: "/records", header: map[string]string{"X-Caller": "{}"}, kind: tt.kind, body: tt.body, status: status}
				if status == 422 && tt.has != "" {
					want.has = []string{tt.has}
				}
				want.run(t, srv.URL)
			})
		}
	}
}
