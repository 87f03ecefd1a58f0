package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

const bank = `openapi: 3.1.0
info: {title: Bank, version: '1'}
security: [{session: []}]
x-bailey-unknown: refuse
x-bailey-limits: {body: 16KiB, depth: 16, timeout: 5s}
x-bailey-rate-limit: [{rate: 600/min, burst: 200}, {rate: 10/s, per: principal}]
paths:
  /health:
    get:
      x-bailey-public: probes
      responses: &ok {'200': {description: ok}}
  /login:
    x-bailey-public: where callers get a token
    x-bailey-limits: {body: 1KiB}
    x-bailey-rate-limit: {name: login, rate: 10/min, burst: 5}
    post: {responses: *ok}
    put: {security: [{session: [admin]}], responses: *ok}
    delete: {security: [], responses: *ok}
  /customers/{id}:
    x-bailey-unknown: drop
    parameters:
      - {$ref: '#/components/parameters/Id'}
      - {name: X-Tenant, in: header, schema: {type: string}}
    get:
      security: [{session: [read]}, {key: [read, list]}, {mtls: [], session: []}, {}]
      x-bailey-go-name: FindCustomer
      responses: *ok
    patch:
      x-bailey-unknown: refuse
      x-bailey-owner:
        - {path: id, claim: sub, hide: true, unless: [staff]}
        - {header: x-tenant, claim: /tenant/id}
        - {body: /a/b, claim: sub}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: *ok
  /old:
    x-bailey-skip: nobody calls it
    get: {security: [], responses: *ok}
  /shared: {$ref: '#/components/x-items/shared'}
components:
  securitySchemes:
    session:
      type: oauth2
      flows: {}
      x-bailey-jwt: {issuer: a, audience: b, algorithms: [ES256], leeway: 0s}
    key: {type: apiKey, in: header, name: X-Key, x-bailey-names: roles, x-bailey-api-key: {prefix: k_}}
    mtls: {type: mutualTLS, x-bailey-subject: caller}
    third: {$ref: '#/components/securitySchemes/key'}
    fourth: {type: http, scheme: Basic}
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}, x-bailey-data: pii, x-bailey-go-name: CustomerID}
  x-items:
    shared:
      get: {x-bailey-limits: {items: 7}, x-bailey-require: [{roles: r}, {claims: {t: [a, b], /u/v: c}, acr: [d], max-age: 5m, scopes: [s, u]}], responses: *ok}
`

// read loads and reads a document without errors.
func read(t *testing.T, text string, o policy.Options) (*load.Document, *policy.Set, string) {
	t.Helper()
	doc, diags := load.LoadBytes("openapi.yaml", []byte(text), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("load: %v", diags)
	}
	set, diags := policy.Read(doc, o)
	if diags.HasErrors() {
		t.Fatalf("read: %v", diags)
	}
	return doc, set, print(diags)
}

// TestRatesMerge: of each name the nearest rule counts, and says where it stands.
func TestRatesMerge(t *testing.T) {
	t.Parallel()
	_, set, _ := read(t, `openapi: 3.1.0
info: {title: T, version: '1'}
security: [{key: []}]
x-bailey-rate-limit: [{rate: 600/min}, {name: daily, rate: 1000/day, per: principal}, {name: unused, rate: 1/s}]
paths:
  /a:
    x-bailey-rate-limit: [{rate: 100/min}, {name: unused, rate: 2/s}]
    get: {responses: &ok {'200': {description: ok}}}
    put: {x-bailey-rate-limit: [{rate: 10/min}, {name: own, rate: 3/s}], responses: *ok}
    post: {x-bailey-rate-limit: {name: daily, rate: 5/day}, responses: *ok}
  /b:
    x-bailey-rate-limit: {name: unused, rate: 3/s}
    get: {security: [], x-bailey-public: a test, responses: *ok}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
`, policy.Options{})
	want := map[string]string{
		"GET /a":  "[address 100/1m0s path, daily 1000/24h0m0s document, unused 2/1s path]",
		"PUT /a":  "[address 10/1m0s operation, daily 1000/24h0m0s document, unused 2/1s path, own 3/1s operation]",
		"POST /a": "[address 100/1m0s path, daily 5/24h0m0s operation, unused 2/1s path]",
		"GET /b":  "[address 600/1m0s document, unused 3/1s path]",
	}
	print := func(rates []policy.Rate) string {
		var out []string
		for _, r := range rates {
			out = append(out, fmt.Sprintf("%s %d/%v %s", r.Name, r.Limit, r.Window, []string{"operation", "path", "document"}[r.Scope]))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	for _, o := range set.Order {
		if name := o.Method + " " + o.Path; print(o.Rates) != want[name] {
			t.Errorf("%s:\n got %s\nwant %s", name, print(o.Rates), want[name])
		}
	}
	if got, want := print(set.Rates), "[address 600/1m0s document, daily 1000/24h0m0s document, unused 1/1s document]"; got != want {
		t.Errorf("the document:\n got %s\nwant %s", got, want)
	}
}

func TestEffective(t *testing.T) {
	t.Parallel()
	_, set, warnings := read(t, bank, policy.Options{})
	if warnings != "" {
		t.Errorf("warnings: %s", warnings)
	}
	want := map[string]string{
		"GET /health":           "public(probes) rates[address 600/1m0s+200 document] limits{16384 16 0 5s} refuse",
		"POST /login":           "public(where callers get a token) rates[address 600/1m0s+200 document login 10/1m0s+5 path] limits{1024 16 0 5s} refuse",
		"PUT /login":            "session(admin) rates[address 600/1m0s+200 document principal 10/1s+10 document login 10/1m0s+5 path] limits{1024 16 0 5s} refuse",
		"DELETE /login":         "public(where callers get a token) rates[address 600/1m0s+200 document login 10/1m0s+5 path] limits{1024 16 0 5s} refuse",
		"GET /customers/{id}":   "session(read) | key(roles read list) | mtls()+session() |  rates[address 600/1m0s+200 document principal 10/1s+10 document] limits{16384 16 0 5s} drop as FindCustomer",
		"PATCH /customers/{id}": "session() rates[address 600/1m0s+200 document principal 10/1s+10 document] limits{16384 16 0 5s} refuse owners[path id sub true [staff]; header X-Tenant /tenant/id false []; body /a/b sub false []]",
		"GET /old":              " rates[address 600/1m0s+200 document principal 10/1s+10 document] limits{16384 16 0 5s} refuse skip(nobody calls it)",
		"GET /shared":           "session() rates[address 600/1m0s+200 document principal 10/1s+10 document] limits{16384 16 7 5s} refuse require[[] [r] [] [] 0s; [s u] [] [{t [a b]} {/u/v [c]}] [d] 5m0s]",
	}
	if len(set.Order) != len(want) || len(set.Operations) != len(want) {
		t.Errorf("%d operations in order, %d by node, want %d", len(set.Order), len(set.Operations), len(want))
	}
	for _, o := range set.Order {
		name := o.Method + " " + o.Path
		if got := summary(o); got != want[name] {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want[name])
		}
		if set.Operations[o.Node] != o {
			t.Errorf("%s is not found by its node", name)
		}
	}
}

// names is a scheme with what it has to prove.
func names(n policy.Need) string {
	what := n.Scopes
	if len(n.Roles) > 0 {
		what = append(append(what, "roles"), n.Roles...)
	}
	return n.Scheme.Name + "(" + strings.Join(what, " ") + ")"
}

// TestClientsComeLast: the caller, who is the first scheme's, is no client where somebody else is named.
func TestClientsComeLast(t *testing.T) {
	t.Parallel()
	_, set, _ := read(t, `openapi: 3.1.0
info: {title: T, version: '1'}
security: [{app: [], people: [], key: []}, {app: []}]
paths:
  /a:
    get: {responses: {'200': {description: ok}}}
components:
  securitySchemes:
    app: {type: apiKey, in: header, name: X-App, x-bailey-subject: client}
    key: {type: apiKey, in: header, name: X-Key, x-bailey-subject: caller}
    people: {type: http, scheme: bearer}
`, policy.Options{})
	var got []string
	for _, alternative := range set.Order[0].Requirements {
		for _, need := range alternative {
			got = append(got, names(need))
		}
	}
	if want := "people() key() app() app()"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
}

// TestNames: what the names in requirements are, by the scheme's type and x-bailey-names, in every version.
func TestNames(t *testing.T) {
	t.Parallel()
	const rest = `info: {title: T, version: '1'}
security: [{oauth: [a, b]}, {login: [a]}, {key: [a, b]}, {bearer: [a], basic: [b]}, {machine: [a]}, {nobody: [a]}]
paths: {/a: {get: {responses: {'204': {description: ok}}}}}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {}}
    login: {type: openIdConnect, openIdConnectUrl: 'https://id.example/.well-known/openid-configuration'}
    key: {type: apiKey, in: header, name: X-Key}
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    machine: {type: mutualTLS}
`
	const scopes = "oauth(a b) login(a) key(a b) bearer(a) basic(b) machine(a) nobody(a)"
	const roles = "oauth(a b) login(a) key(roles a b) bearer(roles a) basic(roles b) machine(roles a) nobody(a)"
	for _, version := range []string{"3.0.0", "3.0.3", "3.1.0", "3.1.1", "3.2.0"} {
		for word, want := range map[string]string{"": scopes, "scopes": scopes, "roles": roles} {
			text := "openapi: " + version + "\n" + rest
			if word != "" {
				for _, scheme := range []string{"key: {", "bearer: {", "basic: {", "machine: {"} {
					text = strings.Replace(text, "    "+scheme, "    "+scheme+"x-bailey-names: "+word+", ", 1)
				}
			}
			doc, diags := load.LoadBytes("openapi.yaml", []byte(text), load.Limits{})
			if doc == nil || diags.HasErrors() && version >= "3.1" { // 3.0 has no mutualTLS
				t.Fatalf("%s: %v", version, diags)
			}
			set, diags := policy.Read(doc, policy.Options{})
			var got []string
			for _, alternative := range set.Order[0].Requirements {
				for _, n := range alternative {
					got = append(got, names(n))
				}
			}
			if text := strings.Join(got, " "); text != want {
				t.Errorf("%s, %s:\n got %s\nwant %s", version, word, text, want)
			}
			warned := 0
			for _, d := range diags {
				if d.Rule == "requirement-names" {
					warned++
				}
			}
			if wants := map[bool]int{true: 4}[word == ""]; warned != wants {
				t.Errorf("%s, %s: %d warnings, want %d: %v", version, word, warned, wants, diags)
			}
		}
	}
}

// summary is a policy in one line.
func summary(o *policy.Operation) string {
	var b strings.Builder
	if o.Public != nil {
		fmt.Fprintf(&b, "public(%s)", o.Public.Reason)
	}
	for i, alternative := range o.Requirements {
		if i > 0 {
			b.WriteString(" | ")
		}
		for j, need := range alternative {
			if j > 0 {
				b.WriteByte('+')
			}
			b.WriteString(names(need))
		}
	}
	var rates, owners []string
	for _, r := range o.Rates {
		rates = append(rates, fmt.Sprintf("%s %d/%v+%d %s", r.Name, r.Limit, r.Window, r.Burst, []string{"operation", "path", "document"}[r.Scope]))
	}
	fmt.Fprintf(&b, " rates%v limits{%d %d %d %v} %s", rates, o.Limits.Body, o.Limits.Depth, o.Limits.Items, o.Limits.Timeout, []string{"refuse", "drop"}[o.Unknown])
	if len(o.Require) > 0 {
		b.WriteString(" require[")
		for i, c := range o.Require {
			if i > 0 {
				b.WriteString("; ")
			}
			fmt.Fprintf(&b, "%v %v %v %v %v", c.Scopes, c.Roles, c.Claims, c.ACR, c.MaxAge)
		}
		b.WriteByte(']')
	}
	for _, w := range o.Owners {
		owners = append(owners, fmt.Sprintf("%s %s %s %v %v", w.In, w.Name, w.Claim, w.Hide, w.Lift))
	}
	if len(owners) > 0 {
		fmt.Fprintf(&b, " owners[%s]", strings.Join(owners, "; "))
	}
	if o.GoName != "" {
		b.WriteString(" as " + o.GoName)
	}
	if o.Skip != nil {
		fmt.Fprintf(&b, " skip(%s)", o.Skip.Reason)
	}
	return b.String()
}

func TestSchemes(t *testing.T) {
	t.Parallel()
	_, set, _ := read(t, bank, policy.Options{})
	var names []string
	for _, s := range set.Schemes {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "session key mtls third fourth" {
		t.Errorf("schemes: %s", got)
	}
	session, key, third := set.Schemes[0], set.Schemes[1], set.Schemes[3]
	if j := session.JWT; set.Schemes[4].HTTP != "basic" || j == nil || j.Leeway >= 0 || j.ScopeClaim != "scope" || j.RolesClaim != "roles" ||
		fmt.Sprint(j.Types, j.Audiences, j.Algorithms) != "[at+jwt] [b] [ES256]" {
		t.Errorf("session: %+v, %+v", session, j)
	}
	for _, s := range []*policy.Scheme{key, third} {
		if s.APIKey == nil || s.APIKey.Prefix != "k_" || s.In != "header" || s.Param != "X-Key" {
			t.Errorf("%s: %+v, %+v", s.Name, s, s.APIKey)
		}
	}
}

// TestKeyInQuery: keys in URLs draw a warning, keys elsewhere none.
func TestKeyInQuery(t *testing.T) {
	for in, want := range map[string]string{
		"query": "openapi.yaml:9:29: warning: the keys of \"key\" stand in URLs, which end up in logs, histories and Referer fields; use a header [api-key-in-query]", "header": "", "cookie": "",
	} {
		_, _, diags := read(t, `openapi: 3.1.0
info: {title: T, version: '1'}
security: [{key: []}]
paths:
  /a:
    get: {responses: {'204': {description: ok}}}
components:
  securitySchemes:
    key: {type: apiKey, in: `+in+`, name: k, x-bailey-api-key: {}}
`, policy.Options{})
		if got := strings.TrimSpace(diags); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

const open = `openapi: 3.1.0
info: {title: Open, version: '1'}
paths:
  /a:
    get: {responses: {'200': {description: ok}}}
    put: {security: [{}], responses: {'200': {description: ok}}}
    post: {x-bailey-public: said so, responses: {'200': {description: ok}}}
    delete: {$ref: '#/components/x-operations/delete'}
    patch: {x-bailey-skip: gone, responses: {'200': {description: ok}}}
components:
  x-operations:
    delete: {x-bailey-public: by a reference, responses: {'200': {description: ok}}}
`

func TestAllowPublic(t *testing.T) {
	t.Parallel()
	_, set, warnings := read(t, open, policy.Options{AllowPublic: " a gateway\nchecks ", Unknown: "drop"})
	want := "openapi.yaml: warning: operations without security, which anybody can call: 2 (a gateway\\u000achecks) [allow-public]\n"
	if warnings != want {
		t.Errorf("got %q, want %q", warnings, want)
	}
	var got []string
	for _, o := range set.Order {
		reason := "-"
		if o.Public != nil {
			reason = o.Public.Reason
		}
		got = append(got, o.Method+" "+reason)
		if o.Unknown != policy.UnknownDrop {
			t.Errorf("%s: unknown members are not dropped", o.Method)
		}
	}
	if want := "GET a gateway\nchecks; PUT a gateway\nchecks; POST said so; DELETE by a reference; PATCH -"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "; "), want)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	doc, _ := load.LoadBytes("openapi.yaml", []byte(open), load.Limits{})
	for _, o := range []policy.Options{{}, {AllowPublic: " \n"}, {AllowPublic: "why", Unknown: "ignore"}} {
		if _, diags := policy.Read(doc, o); !diags.HasErrors() {
			t.Errorf("%+v: nothing is refused", o)
		}
	}
}

const schemas = `openapi: 3.1.0
info: {title: S, version: '1'}
paths: {}
components:
  schemas:
    A:
      type: object
      x-bailey-unknown: drop
      x-bailey-go-name: Alpha
      properties:
        plain: {type: string, x-bailey-data: public}
        pii: {type: string, x-bailey-data: pii}
        shown: {type: string, x-bailey-data: pii, x-bailey-mask: {how: clear, reason: because}}
        last: {type: string, x-bailey-data: {class: pci, purpose: p, retention: r}, x-bailey-mask: {how: last4, scopes: s, roles: [r], owner: true}}
        beside: {$ref: '#/components/schemas/B', x-bailey-mask: drop}
        class: {$ref: '#/components/schemas/C', x-bailey-data: pii}
        nothing: {type: string, x-bailey-mask: {how: null}}
        x-vendor: {type: string}
    B: {type: string}
    C: {type: string, x-bailey-mask: last4}
`

func TestSchemas(t *testing.T) {
	t.Parallel()
	doc, set, _ := read(t, schemas, policy.Options{})
	a := doc.Root.Get("components").Get("schemas").Get("A")
	if s := set.Schemas[a]; s == nil || s.GoName != "Alpha" || s.Unknown == nil || *s.Unknown != policy.UnknownDrop {
		t.Errorf("A: %+v", s)
	}
	for name, want := range map[string]string{
		"plain": "public  ", "pii": "pii redact ", "shown": "pii clear because", "last": "pci last4  [s] [r] true p r",
		"beside": " drop ", "nothing": " null ", "class": "pii  ",
	} {
		s := set.Schemas[a.Get("properties").Get(name)]
		if s == nil {
			t.Errorf("%s has no entry", name)
			continue
		}
		got := ""
		if s.Data != nil {
			got = s.Data.Class
		}
		if m := s.Mask; m != nil {
			got += " " + m.How + " " + m.Reason
			if m.Scopes != nil {
				got += fmt.Sprint(" ", m.Scopes, " ", m.Roles, " ", m.Owner, " ", s.Data.Purpose, " ", s.Data.Retention)
			}
		} else {
			got += "  "
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if n := len(set.Schemas); n != 9 {
		t.Errorf("%d entries, want 9", n)
	}
}
