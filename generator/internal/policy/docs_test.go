package policy

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bailey-go/bailey/generator/internal/load"
)

const (
	docsFile   = "../../../docs/policy.md"
	schemaFile = "../../../docs/x-bailey.schema.json"
)

// TestPublishedSchema holds that the schema in docs is the one of the table.
func TestPublishedSchema(t *testing.T) {
	want, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v): go test ./generator/internal/policy -update", schemaFile, err)
	}
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// head is what every example in the docs leaves out.
const head = `openapi: 3.1.0
info: {title: Example, version: '1'}
`

// schemesOf declares the schemes that the examples refer to.
const schemesOf = `components:
  securitySchemes:
    session: {type: openIdConnect, openIdConnectUrl: 'https://login.bank.example/.well-known/openid-configuration'}
    batchKey: {type: apiKey, in: header, name: X-Api-Key}
`

// TestDocs reads every example of docs/policy.md, and holds that each key of the
// vocabulary has its chapter.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	chapters := strings.Split(string(text), "\n## ")
	byName := map[string]string{}
	for _, c := range chapters {
		name, _, _ := strings.Cut(c, "\n")
		byName[name] = c
	}
	for _, k := range keys() {
		if k.read == nil {
			if !strings.Contains(byName["Reserved words"], "-"+k.name+"`") {
				t.Errorf("%s is not among the reserved words", k.full())
			}
			continue
		}
		chapter := byName[k.full()]
		blocks := yamlBlock.FindAllStringSubmatch(chapter, -1)
		if len(blocks) == 0 || !strings.Contains(chapter, k.full()+":") {
			t.Errorf("%s has no example", k.full())
		}
		if row := "| [`" + k.full() + "`](#" + k.full() + ") |"; !strings.Contains(chapters[0], row) {
			t.Errorf("%s is not in the table", k.full())
		}
		for _, block := range blocks {
			checkExample(t, k.full(), block[1])
		}
	}
}

func checkExample(t *testing.T, name, example string) {
	t.Helper()
	document := head + example
	if !strings.Contains(document, "\npaths:") {
		document += "paths: {}\n"
	}
	if !strings.Contains(document, "\ncomponents:") {
		document += schemesOf
	}
	doc, diags := load.LoadBytes("example.yaml", []byte(document), load.Limits{})
	if doc == nil || len(diags) > 0 {
		t.Errorf("%s: %v\n%s", name, diags, document)
		return
	}
	set, diags := Read(doc, Options{})
	if len(diags) > 0 {
		t.Errorf("%s: %v\n%s", name, diags, document)
	}
	if len(set.Schemes)+len(set.Order)+len(set.Schemas) == 0 {
		t.Errorf("%s: the example has nothing to read", name)
	}
	checkBySchema(t, name, doc.Root)
}

// TestSchemaAgrees holds that the published schema refuses the values that the
// readers refuse, one key at a time, and takes those that they take.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, good, bad string }{
		{
			"jwt", `{"issuer":"a","audience":"b","algorithms":["ES256"],"leeway":"0s","max-age":"7d"} | {"trust-domain":"bank.example","audience":"b","algorithms":["ES256"]} |
			{"issuer":"a","audience":"b","algorithms":["ES256"],"tenant-claim":"/a/b","claims":{"x":{"type":"integer","required":true},"/y/z":{"type":"array","go-name":"Z"}}}`,
			`{} | 5 | {"trust-domain":"a","issuer":"a","audience":"b","algorithms":["ES256"]} | {"trust-domain":"A","audience":"b","algorithms":["ES256"]} | {"trust-domain":"a","audience":"b"} |
			{"trust-domain":"a","provider":"okta","audience":"b","algorithms":["ES256"]} | {"issuer":"a","audience":"b","algorithms":["ES256"],"claims":{}} | {"issuer":"a","audience":"b","algorithms":["ES256"],"claims":{"x":{}}} |
			{"issuer":"a","audience":"b","algorithms":["ES256"],"claims":{"x":{"type":"number"}}} | {"issuer":"a","audience":"b","algorithms":["ES256"],"claims":{"sub":{"type":"string"}}} |
			{"issuer":"a","audience":"b","algorithms":["ES256"],"claims":{"x":{"type":"string","go-name":"x"}}} | {"issuer":"a","algorithms":["ES256"]} | {"issuer":"a","audience":"b","audiences":["c"],"algorithms":["ES256"]} |
			{"issuer":"a","audience":"b","algorithms":["none"]} | {"issuer":"a","audience":"b","algorithms":[]} | {"issuer":"","audience":"b","algorithms":["ES256"]} |
			{"issuer":"a","audience":"b","algorithms":["ES256"],"leeway":5} | {"issuer":"a","audience":"b","algorithms":["ES256"],"x":1} |
			{"issuer":"a","audience":"b","algorithms":["ES256"],"leeway":"soon"}`,
		},
		{"errors", `{"body":{"a":"{detail}"}} | {"body":"none"} | {"codes":{"404":"a","4XX":1,"default":"b"}} | {"docs":"https://a.example","status":{"422":400}}`,
			`{} | {"body":5} | {"codes":{}} | {"codes":{"404":true}} | {"docs":""} | {"status":{"200":400}} | {"status":{"422":"400"}} | {"x":1} | "none"`},
		{"basic", `{} | {"realm":"the bank","cache":"0s","users-file":"a.json"}`, `{"realm":"a\"b"} | {"realm":""} | {"cache":"x"} | {"x":1} | "a"`},
		{"mtls", `{"identity":"spiffe","trust-domain":"bank.example","callers":[{"id":"spiffe://bank.example/a","scopes":["s"]}]} | {"identity":"dns","ca-file":"a.pem","crl-file":"b.pem","callers":[{"id":"*.bank.example"}]}`,
			`{"identity":"spiffe","callers":[{"id":"spiffe://bank.example/a"}]} | {"identity":"dns","trust-domain":"a","callers":[{"id":"a"}]} | {"identity":"dns","callers":[]} | {"identity":"dns"} | {"identity":"uri","callers":[{"id":"a"}]} | {"identity":"dns","callers":[{}]}`},
		{"session", `{} | {"idle":"5m","absolute":"1h","same-site":"strict"}`, `{"idle":5} | {"same-site":"none"} | {"x":1} | true`},
		{"api-key", `{} | {"prefix":"a_"} | {"opaque":true}`, `{"parameter":"token"} | {"opaque":1} | {"scheme":"a b"} | {"scheme":""} | {"prefix":"a b"} | {"prefix":"a;b"} | {"min-length":32} | {"x":1} | "a" | {"prefix":""}`},
		{"public", `"a reason"`, `"" | " " | true | null`},
		{"skip", `"a reason"`, `"" | " " | true | {}`},
		{
			"owner", `{"path":"id","claim":"sub"} | [{"body":"/a/b~1c","claim":"sub","hide":true,"unless":["a"]}] |
			{"path":"id","claim":"sub","match":"prefix","separator":"::","unless":{"roles":"r"}} | {"path":"id","template":"urn:{a}:{/b/c}"} |
			{"any":[{"path":"id","claim":"a","match":"in"},{"all":[{"body":"/a","claim":"b","unless":"c"}]}],"hide":true,"unless":{"scopes":["a"],"roles":["b"]}}`,
			`{} | [] | {"claim":"sub"} | {"path":"id"} | {"path":"a","query":"b","claim":"sub"} | {"body":"a","claim":"sub"} | {"body":"/a~2","claim":"sub"} |
			{"body":"/","claim":"sub"} | {"path":"id","claim":"sub","hide":1} | {"path":"id","claim":"sub","unless":[]} | "id" | {"path":"id","claim":"sub","x":1} |
			{"path":"id","claim":"sub","match":"like"} | {"path":"id","claim":"sub","separator":"/"} | {"path":"id","claim":"sub","match":"in","separator":"/"} |
			{"path":"id","claim":"sub","match":"prefix","separator":"a"} | {"path":"id","claim":"sub","match":"prefix","separator":""} | {"path":"id","claim":"sub","template":"{a}"} |
			{"path":"id","template":"a"} | {"path":"id","template":"{a}{b}"} | {"path":"id","template":"{}x"} | {"path":"id","template":"{a"} | {"path":"id","template":"{a}","match":"equal"} |
			{"any":[]} | {"all":{"path":"id","claim":"a"}} | {"any":[{"path":"id","claim":"a","hide":true}]} | {"any":[{"path":"id","claim":"a"}],"claim":"b"} |
			{"any":[{"path":"id","claim":"a"}],"all":[{"path":"id","claim":"a"}]} | {"path":"id","claim":"sub","unless":{}} | {"path":"id","claim":"sub","unless":{"x":"y"}}`,
		},
		{
			"rate-limit", `{"rate":"5/s"} | {"requests":5,"window":"1m","burst":7,"per":"principal","cost":2,"name":"a-1"} | [{"rate":"1/day"}] | {"requests":5.0,"window":"1d"}`,
			`[] | {} | "5/s" | {"rate":"5"} | {"rate":"0/s"} | {"rate":"5/s","requests":5,"window":"1m"} | {"rate":"5/s","window":"1m"} | {"requests":5} | {"rate":"5/s","per":"ip"} |
			{"rate":"5/s","burst":0} | {"rate":"5/s","name":"A"} | {"requests":1.5,"window":"1m"} | {"rate":"5/s","cost":0}`,
		},
		{
			"limits", `{"body":"16KiB"} | {"body":4096,"depth":5,"items":7,"timeout":"1m30s"}`,
			`{} | [] | {"body":0} | {"body":"16"} | {"body":"many"} | {"body":1073741825} | {"depth":0} | {"items":-1} | {"timeout":5} | {"x":1}`,
		},
		{"mode", `{"detect":["limits"],"until":"2999-12-31","reason":"a"}`, `"detect" | {} | {"detect":["limits"],"until":"2999-12-31"} | {"detect":["limits"],"reason":"a"} | {"detect":[],"until":"2999-12-31","reason":"a"} |
			{"detect":["masks"],"until":"2999-12-31","reason":"a"} | {"detect":["limits"],"until":"soon","reason":"a"} | {"detect":["limits"],"until":"2999-12-31","reason":" "} | {"detect":["limits"],"until":"2999-12-31","reason":"a","x":1}`},
		{"unknown", `"refuse" | "drop"`, `"" | true | "ignore" | null`},
		{"data", `"pii" | {"class":"secret","purpose":"a","retention":"b"}`, `"PII" | {} | {"class":"x"} | {"class":"pii","x":1} | ["pii"] | {"class":"pii","purpose":""}`},
		{
			"mask", `"last4" | {"how":"null"} | {"how":null} | {"how":"hash","scopes":["a"],"roles":"b","owner":true} | {"how":"clear","reason":"a"}`,
			`"clear" | "stars" | {} | {"how":"clear"} | {"how":"clear","reason":"a","scopes":["b"]} | {"how":"last4","reason":"a"} | {"how":"last4","scopes":[]} | true | null | {"how":"last4","x":1}`,
		},
		{
			"require", `{"scopes":"a"} | {"scopes":["a","b"],"roles":["c"],"claims":{"d":"e","/f/g":["h"]},"acr":["i"]} | [{"roles":"a"},{"scopes":"b"}] | {"max-age":"5m"}`,
			`{} | [] | [{}] | "a" | {"scopes":[]} | {"scopes":["a","a"]} | {"scopes":5} | {"scope":"a"} | {"roles":[]} | {"claims":{}} | {"claims":["a"]} | {"acr":""} | {"max-age":5} | {"max-age":"soon"}`,
		},
		{"read-only", `"refuse" | "drop"`, `"keep" | true | null | []`},
		{
			"writable-by", `"a" | ["a","b"] | {"scopes":"a"} | {"scopes":["a"],"roles":["b"]}`,
			`[] | {} | true | null | {"scope":"a"} | {"roles":[]} | ["a","a"]`,
		},
		{"go-name", `"User" | "V2_1" | "Straße"`, `"user" | "" | "A b" | 5 | "2a" | "A\n" | "A-B"`},
	} {
		schema := compiled(t, "#/$defs/"+prefix+test.key)
		for i, values := range []string{test.good, test.bad} {
			for _, value := range regexp.MustCompile(`\s\|\s+`).Split(values, -1) {
				good := i == 0
				var v any
				if err := json.Unmarshal([]byte(value), &v); err != nil {
					t.Fatalf("%s: %v", value, err)
				}
				if err := schema.Validate(v); (err == nil) != good {
					t.Errorf("%s: %s: by the schema good is %v: %v", test.key, value, err == nil, err)
				}
				if diags := readOne(t, test.key, value); (len(diags) == 0) != good {
					t.Errorf("%s: %s: by the reader good is %v: %v", test.key, value, len(diags) == 0, diags)
				}
			}
		}
	}
}

// readOne reads one value of a key, without what it stands in.
func readOne(t *testing.T, name, value string) (found []string) {
	t.Helper()
	doc, diags := load.LoadBytes("v.json", []byte(`{"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{},"x-v":`+value+"}"), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("%s: %v", value, diags)
	}
	r := newReader(doc, Options{})
	v := r.table[prefix+name].read(r, doc.Root.Get("x-v"))
	for _, d := range r.diags {
		found = append(found, d.String())
	}
	if (v == nil) != (len(found) > 0) {
		t.Errorf("%s: %s: read %v and found %v", name, value, v, found)
	}
	return found
}

func compiled(t *testing.T, fragment string) *jsonschema.Schema {
	t.Helper()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	resource, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("x.json", resource); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("x.json" + fragment)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkBySchema checks each value of our keys below n by the published schema.
func checkBySchema(t *testing.T, name string, n *load.Node) {
	t.Helper()
	for i := range n.Members {
		m := &n.Members[i]
		if strings.HasPrefix(m.Key, prefix) {
			if err := compiled(t, "#/$defs/"+m.Key).Validate(plain(m.Value)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		checkBySchema(t, name, m.Value)
	}
	for _, item := range n.Items {
		checkBySchema(t, name, item)
	}
}

// plain is a node as encoding/json would have it.
func plain(n *load.Node) any {
	switch n.Kind {
	case load.String:
		return n.Text
	case load.Number:
		return json.Number(n.Text)
	case load.Bool:
		return n.IsTrue()
	case load.Array:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plain(item))
		}
		return list
	case load.Object:
		object := map[string]any{}
		for _, m := range n.Members {
			object[m.Key] = plain(m.Value)
		}
		return object
	}
	return nil
}

// TestPlaceSchemas holds what the published schema says of places.
func TestPlaceSchemas(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		place, object string
		good          bool
	}{
		{"operation", `{"operationId":"a","x-other":1,"x-bailey-public":"why"}`, true},
		{"operation", `{"x-bailey-public":""}`, false},
		{"operation", `{"x-bailey-mask":"last4"}`, false},
		{"operation", `{"x-bailey-nonsense":1}`, false},
		{"operation", `{"X-Bailey-public":"why"}`, false},
		{"operation", `{"x-bailey-quota":{}}`, false},
		{"security-scheme", `{"type":"apiKey","x-bailey-api-key":{}}`, true},
		{"property", `{"x-bailey-mask":"last4","x-bailey-data":"pii"}`, true},
		{"document", `{"x-bailey-limits":{"body":1}}`, true},
		{"document", `{"x-bailey-public":"why"}`, false},
	} {
		var v any
		if err := json.Unmarshal([]byte(test.object), &v); err != nil {
			t.Fatal(err)
		}
		if err := compiled(t, "#/$defs/on-"+test.place).Validate(v); (err == nil) != test.good {
			t.Errorf("%s on %s: %v, want good %v", test.object, test.place, err, test.good)
		}
	}
}
