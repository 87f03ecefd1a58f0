package load

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const head20 = "swagger: '2.0'\ninfo: {title: T, version: '1'}\n"

// TestSwagger shows what a document of Swagger 2.0 becomes: one member of the bundle
// of each.
func TestSwagger(t *testing.T) {
	t.Parallel()
	schema := func(s string) string { return `{"content":{"application/json":{"schema":` + s + `}}}` }
	tests := []struct {
		name, text string
		path       []string // of what is shown
		want       string
	}{
		{"servers", "host: a.example\nbasePath: v1/\nschemes: [https, http]\npaths: {}", []string{"servers"}, `[{"url":"https://a.example/v1/"},{"url":"http://a.example/v1/"}]`},
		{"a base path alone", "basePath: /v1\npaths: {}", []string{"servers"}, `[{"url":"/v1"}]`},
		{"a host without a scheme", "host: a.example\npaths: {}", []string{"servers"}, `[{"url":"//a.example"}]`},
		{"extensions stay", "x-bailey-rate-limit: {rate: 1/s}\npaths: {}", []string{"x-bailey-rate-limit"}, `{"rate":"1/s"}`},
		{"basic", "paths: {}\nsecurityDefinitions: {a: {type: basic, description: d}}", []string{"components", "securitySchemes", "a"}, `{"scheme":"basic","type":"http","description":"d"}`},
		{"apiKey", "paths: {}\nsecurityDefinitions: {a: {type: apiKey, in: query, name: k, x-bailey-api-key: {}}}", []string{"components", "securitySchemes", "a"}, `{"type":"apiKey","in":"query","name":"k","x-bailey-api-key":{}}`},
		{"implicit", "paths: {}\nsecurityDefinitions: {a: {type: oauth2, flow: implicit, authorizationUrl: u, scopes: {r: d}}}", []string{"components", "securitySchemes", "a"}, `{"type":"oauth2","flows":{"implicit":{"authorizationUrl":"u","scopes":{"r":"d"}}}}`},
		{"password", "paths: {}\nsecurityDefinitions: {a: {type: oauth2, flow: password, tokenUrl: u}}", []string{"components", "securitySchemes", "a", "flows"}, `{"password":{"tokenUrl":"u","scopes":{}}}`},
		{"application", "paths: {}\nsecurityDefinitions: {a: {type: oauth2, flow: application, tokenUrl: u, scopes: {}}}", []string{"components", "securitySchemes", "a", "flows"}, `{"clientCredentials":{"tokenUrl":"u","scopes":{}}}`},
		{"accessCode", "paths: {}\nsecurityDefinitions: {a: {type: oauth2, flow: accessCode, authorizationUrl: a, tokenUrl: u, scopes: {}}}", []string{"components", "securitySchemes", "a", "flows"}, `{"authorizationCode":{"authorizationUrl":"a","tokenUrl":"u","scopes":{}}}`},
		{"schemas", "paths: {}\ndefinitions: {A: {discriminator: k, properties: {k: {type: string, x-nullable: true}, x-nullable: {type: string}, b: {$ref: '#/definitions/A'}}}}", []string{"components", "schemas", "A"}, `{"discriminator":{"propertyName":"k"},"properties":{"k":{"type":"string","nullable":true},"x-nullable":{"type":"string"},"b":{"$ref":"#/components/schemas/A"}}}`},
		{"a reference into what has moved", "paths: {}\ndefinitions: {A: {$ref: '#/parameters/P/schema'}}\nparameters: {P: {in: body, name: b, schema: {type: string}}}", []string{"components"}, `{"schemas":{"A":{"type":"string"}},"parameters":{}}`},

		{"a parameter", post("{name: a, in: query, type: integer, maximum: 3, required: true, allowEmptyValue: true, x-bailey-a: b}"), within("parameters"), `[{"name":"a","in":"query","required":true,"allowEmptyValue":true,"x-bailey-a":"b","schema":{"type":"integer","maximum":3}}]`},
		{"csv by default", post("{name: a, in: query, type: array, items: {type: string}}"), within("parameters"), array2("query", "form", "false")},
		{"csv", post("{name: a, in: path, type: array, items: {type: string}, collectionFormat: csv}"), within("parameters"), array2("path", "simple", "false")},
		{"multi", post("{name: a, in: query, type: array, items: {type: string}, collectionFormat: multi}"), within("parameters"), array2("query", "form", "true")},
		{"ssv", post("{name: a, in: query, type: array, items: {type: string}, collectionFormat: ssv}"), within("parameters"), array2("query", "spaceDelimited", "false")},
		{"pipes", post("{name: a, in: query, type: array, items: {type: string}, collectionFormat: pipes}"), within("parameters"), array2("query", "pipeDelimited", "false")},
		{"a shared parameter", post("{$ref: '#/parameters/P'}") + "parameters: {P: {name: a, in: query, type: string}}", []string{"components", "parameters", "P"}, `{"name":"a","in":"query","schema":{"type":"string"}}`},

		{"a body", post("{name: a, in: body, required: true, description: d, x-bailey-a: b, schema: {type: string}}"), within("requestBody"), `{"required":true,"description":"d","x-bailey-a":"b","content":{"application/json":{"schema":{"type":"string"}}}}`},
		{"a body leaves the parameters", post("{name: a, in: body, schema: {}}, {name: b, in: query, type: string}"), within("parameters"), `[{"name":"b","in":"query","schema":{"type":"string"}}]`},
		{"a shared body", post("{$ref: '#/parameters/P'}") + "parameters: {P: {name: a, in: body, schema: {type: string}}}", within("requestBody"), schema(`{"type":"string"}`)},
		{"a path's body", "paths: {/a: {parameters: [{name: a, in: body, schema: {type: string}}], post: {responses: {}}}}", within("requestBody"), schema(`{"type":"string"}`)},
		{"what is consumed", "consumes: [text/plain, application/json]\n" + post("{name: a, in: body, schema: {type: string}}"), within("requestBody", "content"), `{"text/plain":{"schema":{"type":"string"}},"application/json":{"schema":{"type":"string"}}}`},
		{"a form", post("{name: a, in: formData, type: string, required: true, description: d}, {name: b, in: formData, type: array, items: {type: string}, collectionFormat: multi}"), within("requestBody"),
			`{"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","properties":{"a":{"type":"string","description":"d"},"b":{"type":"array","items":{"type":"string"}}},"required":["a"]},"encoding":{"b":{"style":"form","explode":true}}}}}`},
		{"a file", post("{name: a, in: formData, type: file}"), within("requestBody"),
			`{"content":{"multipart/form-data":{"schema":{"type":"object","properties":{"a":{"type":"string","format":"binary"}}}}}}`},

		{"a response", answers("schema: {type: string}, headers: {X-A: {type: integer, description: d}}, examples: {application/json: a}"), within("responses", "200"),
			`{"headers":{"X-A":{"description":"d","schema":{"type":"integer"}}},"content":{"application/json":{"schema":{"type":"string"},"example":"a"}}}`},
		{"no content", answers("description: d"), within("responses", "200"), `{"description":"d"}`},
		{"a file as a response", answers("schema: {type: file}"), within("responses", "200", "content"), `{"application/octet-stream":{"schema":{"type":"string","format":"binary"}}}`},
		{"what is produced", "produces: [text/csv]\n" + answers("schema: {type: string}"), within("responses", "200", "content"), `{"text/csv":{"schema":{"type":"string"}}}`},
		{"a shared response, for each what it produces", "produces: [text/csv]\nresponses: {R: {schema: {type: string}}}\npaths: {/b: {get: {responses: {'200': {$ref: '#/responses/R'}}}}, /a: {post: {produces: [text/html], responses: {'200': {$ref: '#/responses/R'}}}}}",
			within("responses", "200", "content"), `{"text/html":{"schema":{"type":"string"}}}`},
		{"an operation's schemes", "host: a.example\npaths: {/a: {post: {schemes: [wss], responses: {}}}}", within("servers"), `[{"url":"wss://a.example"}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, diags := LoadBytes("api.yaml", []byte(head20+tt.text), Limits{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			text, _ := doc.JSON("api.yaml")
			for _, key := range tt.path {
				var members map[string]json.RawMessage
				if err := json.Unmarshal(text, &members); err != nil {
					t.Fatalf("%v in %s", err, text)
				}
				text = members[key]
			}
			if string(text) != tt.want {
				t.Errorf("\n got %s\nwant %s", text, tt.want)
			}
		})
	}
}

// within is the way to a member of the one operation.
func within(keys ...string) []string { return append([]string{"paths", "/a", "post"}, keys...) }

func post(parameters string) string {
	return "paths: {/a: {post: {responses: {}, parameters: [" + parameters + "]}}}\n"
}

func answers(response string) string {
	return "paths: {/a: {post: {responses: {'200': {" + response + "}}}}}\n"
}

func array2(in, style, explode string) string {
	return `[{"name":"a","in":"` + in + `","style":"` + style + `","explode":` + explode + `,"schema":{"type":"array","items":{"type":"string"}}}]`
}

// TestSwaggerPositions: what is converted stands where it stood.
func TestSwaggerPositions(t *testing.T) {
	t.Parallel()
	text := head20 + "paths:\n  /a:\n    post:\n      responses: {}\n      parameters:\n        - name: b\n          in: body\n          schema:\n            type: string\n"
	doc, diags := LoadBytes("api.yaml", []byte(text), Limits{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	op := doc.Root.Get("paths").Get("/a").Get("post")
	body := op.Get("requestBody")
	if body.Pos.Line != 8 || op.KeyPos().Line != 5 {
		t.Errorf("the body is at %v, the operation at %v; want lines 8 and 5", body.Pos, op.KeyPos())
	}
	if schema := body.Get("content").Get("application/json").Get("schema"); schema.Get("type").Pos.String() != "api.yaml:11:19" {
		t.Errorf("the schema's type is at %v", schema.Get("type").Pos)
	}
}

// TestEveryConversionIsShown reads the source for what the conversion can say, so that
// no refusal is written, or reworded, without a golden.
func TestEveryConversionIsShown(t *testing.T) {
	t.Parallel()
	goldens, err := filepath.Glob("../../../testdata/refuse/convert-*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for _, file := range goldens {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := strings.Cut(string(text), "-- want --\n")
		shown.WriteString(want)
	}
	sources, err := filepath.Glob("swagger*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?:c\.refuse\(|ruleConvert, )(.*)`)
	quoted := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	verb := regexp.MustCompile(`%[a-z]`)
	found := 0
	for _, file := range sources {
		text, err := os.ReadFile(file)
		if err != nil || strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			longest := ""
			for _, q := range quoted.FindAllString(m[1], -1) {
				if strings.Contains(m[1], q+", a(") || strings.Contains(m[1], q+")") || len(q) > len(longest) && !strings.Contains(longest, "%") {
					longest = q
				}
			}
			if longest == "" {
				continue
			}
			found++
			format := strings.ReplaceAll(longest[1:len(longest)-1], `\"`, `"`)
			pattern := verb.ReplaceAllString(regexp.QuoteMeta(format), ".*")
			if !regexp.MustCompile(pattern).MatchString(shown.String()) {
				t.Errorf("%s: no golden shows %q", file, format)
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d messages were found in the source: the test looks for the wrong thing", found)
	}
}
