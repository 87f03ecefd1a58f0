package gen

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func routerOf(t testing.TB, routes ...string) *router {
	t.Helper()
	r := &router{}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if err := r.add(&mounted{op: &Operation{ID: route, Method: method, Path: path}}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRouterFind(t *testing.T) {
	r := routerOf(t,
		"GET /", "GET /users", "GET /users/", "GET /users/{id}", "DELETE /users/{id}", "GET /users/me",
		"GET /users/{id}/files/{name}.{ext}", "GET /compare/{base}...{head}", "GET /a/{x}/c", "GET /a/b/{y}", "GET /sp ace/{x}", "GET /v{n}/x",
		"GET /s/{x}é", "GET /t/{x} y", "GET /t/100%25{x},{y}",
	)
	for _, tt := range []struct {
		path   string
		want   string // template, "" for none
		values []string
	}{
		{"/", "/", nil},
		{"/users", "/users", nil},
		{"/users/", "/users/", nil},
		{"/users/me", "/users/me", nil},
		{"/users/7", "/users/{id}", []string{"7"}},
		{"/users/a%2Fb", "/users/{id}", []string{"a%2Fb"}},
		{"/users/%6de", "/users/me", nil}, // an escaped letter is the letter (RFC 3986, 2.3)
		{"/users//", "", nil},
		{"//users", "", nil},
		{"/users/7/files/a.b.c", "/users/{id}/files/{name}.{ext}", []string{"7", "a", "b.c"}},
		{"/users/7/files/.c", "", nil},
		{"/compare/v1.0...v2.0", "/compare/{base}...{head}", []string{"v1.0", "v2.0"}},
		{"/compare/...v2", "", nil},
		{"/a/b/c", "/a/b/{y}", []string{"c"}},
		{"/a/b/d", "/a/b/{y}", []string{"d"}},
		{"/a/z/c", "/a/{x}/c", []string{"z"}},
		{"/a/z/d", "", nil},
		{"/sp%20ace/1", "/sp ace/{x}", []string{"1"}},
		{"/v2/x", "/v{n}/x", []string{"2"}},
		{"/v/x", "", nil},
		{"/s/aé", "/s/{x}é", []string{"a"}},
		{"/s/a%C3%A9", "/s/{x}é", []string{"a"}},
		{"/s/a%20%c3%a9", "/s/{x}é", []string{"a%20"}},
		{"/s/%C3%A9", "", nil},
		{"/t/a%20y", "/t/{x} y", []string{"a"}},
		{"/t/100%25a%2Cb,c", "/t/100%25{x},{y}", []string{"a%2Cb", "c"}},
		{"/t/100a,c", "", nil},
		{"users", "", nil},
		{"", "", nil},
		{"/users/../users", "", nil},
	} {
		op, values, allow := r.find("GET", tt.path, nil)
		got := ""
		if op != nil {
			got = op.op.Path
		}
		if got != tt.want || allow != "" || op != nil && !slices.Equal(values, tt.values) {
			t.Errorf("%q: %q %q %q, want %q %q", tt.path, got, values, allow, tt.want, tt.values)
		}
	}
}

// TestRouterMethod proves that the path that fits best is one that has the method: what stands in an enum of a parameter may be
// another path's own text, with other methods.
// TestRouterRepeats: a name that stands twice in a path is one value.
func TestRouterRepeats(t *testing.T) {
	r := routerOf(t, "GET /r/{id}/{x}/{id}", "PUT /r/{a}/{b}/{c}", "GET /r/{id}-{id}", "GET /r/{x}")
	for _, tt := range []struct {
		method, path, want string
		values             []string
		allow              string
	}{
		{"GET", "/r/a/b/a", "/r/{id}/{x}/{id}", []string{"a", "b"}, ""},
		{"GET", "/r/a/b/%61", "/r/{id}/{x}/{id}", []string{"a", "b"}, ""},
		{"HEAD", "/r/a/b/a", "/r/{id}/{x}/{id}", []string{"a", "b"}, ""},
		{"GET", "/r/a/b/c", "", nil, "PUT"},
		{"GET", "/r/a%2Fb/b/a%252Fb", "", nil, "PUT"},
		{"PUT", "/r/a/b/c", "/r/{a}/{b}/{c}", []string{"a", "b", "c"}, ""},
		{"DELETE", "/r/a/b/a", "", nil, "GET, HEAD, PUT"},
		{"DELETE", "/r/a/b/c", "", nil, "PUT"},
		{"GET", "/r/a-a", "/r/{id}-{id}", []string{"a"}, ""},
		{"GET", "/r/a-b", "/r/{x}", []string{"a-b"}, ""},
	} {
		op, values, allow := r.find(tt.method, tt.path, nil)
		got := ""
		if op != nil {
			got = op.op.Path
		} else {
			values = nil
		}
		if got != tt.want || !slices.Equal(values, tt.values) || op == nil && allow != tt.allow {
			t.Errorf("%s %s: %q %q, Allow %q; want %+v", tt.method, tt.path, got, values, allow, tt)
		}
	}
}

func TestRouterMethod(t *testing.T) {
	r := routerOf(t,
		"GET /users/{id}", "DELETE /users/{id}", "PUT /users/me", "POST /{a}/{b}", "PATCH /users/m{x}",
		"POST /models/rerank/{id}", "GET /models/{type}/{id}", "GET /models/{type}/_all", "PUT /models/_policy", "PUT /models/{id}/_update",
	)
	for _, tt := range []struct {
		method, path, want, allow string
		values                    []string
	}{
		{"PUT", "/users/me", "/users/me", "", nil},
		{"GET", "/users/me", "/users/{id}", "", []string{"me"}},
		{"HEAD", "/users/me", "/users/{id}", "", []string{"me"}},
		{"PATCH", "/users/me", "/users/m{x}", "", []string{"e"}},
		{"POST", "/users/me", "/{a}/{b}", "", []string{"users", "me"}},
		{"TRACE", "/users/me", "", "DELETE, GET, HEAD, PATCH, POST, PUT", nil},
		{"put", "/users/me", "", "DELETE, GET, HEAD, PATCH, POST, PUT", nil},
		{"PUT", "/users/7", "", "DELETE, GET, HEAD, POST", nil},
		{"GET", "/a/b", "", "POST", nil},
		{"POST", "/models/rerank/1", "/models/rerank/{id}", "", []string{"1"}},
		{"GET", "/models/rerank/1", "/models/{type}/{id}", "", []string{"rerank", "1"}},
		{"GET", "/models/rerank/_all", "/models/{type}/_all", "", []string{"rerank"}},
		{"PUT", "/models/rerank/_update", "/models/{id}/_update", "", []string{"rerank"}},
		{"PUT", "/models/rerank/1", "", "GET, HEAD, POST", nil},
		{"GET", "/models", "", "", nil},
	} {
		op, values, allow := r.find(tt.method, tt.path, nil)
		got := ""
		if op != nil {
			got, allow = op.op.Path, ""
		}
		if got != tt.want || allow != tt.allow || op != nil && !slices.Equal(values, tt.values) {
			t.Errorf("%s %s: %q %q, allow %q, want %+v", tt.method, tt.path, got, values, allow, tt)
		}
	}
}

func TestRouterRefuses(t *testing.T) {
	for name, routes := range map[string][]string{
		"the same shape":        {"GET /a/{x}", "GET /a/{y}"},
		"no slash":              {"GET a"},
		"an open brace":         {"GET /a/{x"},
		"two parameters in one": {"GET /a/{x}{y}"},
		"too deep":              {"GET " + strings.Repeat("/a", maxSegments+1)},
	} {
		r := &router{}
		var err error
		for _, route := range routes {
			method, path, _ := strings.Cut(route, " ")
			err = r.add(&mounted{op: &Operation{ID: route, Method: method, Path: path}})
		}
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	r := routerOf(t, "GET /{x}")
	if op, _, allow := r.find("GET", strings.Repeat("/a", maxSegments+2), nil); op != nil || allow != "" {
		t.Error("a path of too many segments is found")
	}
}

// githubRoutes are the routes of GitHub's document, from BAILEY_CORPUS.
func githubRoutes(t testing.TB) []string {
	dir := os.Getenv("BAILEY_CORPUS")
	if dir == "" {
		dir = "../../shared/corpus"
	}
	data, err := os.ReadFile(filepath.Join(dir, "github", "api.github.com.json"))
	if err != nil {
		if os.Getenv("BAILEY_REQUIRE_SUITES") != "" {
			t.Fatal(err)
		}
		t.Skipf("GITHUB'S ROUTES WERE NOT TRIED: set BAILEY_CORPUS (%v)", err)
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var routes []string
	for path, item := range doc.Paths {
		for method := range item {
			if slices.Contains([]string{"get", "put", "post", "delete", "patch", "head", "options"}, method) {
				routes = append(routes, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(routes)
	return routes
}

var braces = regexp.MustCompile(`\{[^}]*\}`)

// TestRouterGitHub serves all of GitHub's routes: each finds itself, without an
// allocation.
func TestRouterGitHub(t *testing.T) {
	routes := githubRoutes(t)
	if len(routes) < 700 {
		t.Fatalf("only %d routes", len(routes))
	}
	r := routerOf(t, routes...)
	values := make([]string, 0, 16)
	for _, route := range routes {
		name, template, _ := strings.Cut(route, " ")
		path := braces.ReplaceAllString(template, "x-1")
		op, got, _ := r.find(name, path, values)
		if op == nil || len(got) != len(braces.FindAllString(template, -1)) {
			t.Errorf("%s is not found by %s", route, path)
			continue
		}
		if op.op.Method != name || op.op.Path != template {
			t.Errorf("%s leads to %s", path, op.op.Path)
		}
		if a := testing.AllocsPerRun(10, func() { r.find(name, path, values) }); a != 0 {
			t.Errorf("%s: %v allocations", path, a)
		}
	}
}

// naive finds a template by comparing segment by segment with every route of the method, static
// text first.
func naive(routes []string, method, path string) string {
	best, bestScore := "", ""
	segments := strings.Split(path, "/")
	for _, route := range routes {
		name, template, _ := strings.Cut(route, " ")
		parts := strings.Split(template, "/")
		if name != method || len(parts) != len(segments) {
			continue
		}
		score, ok := "", true
		for i := range parts {
			switch {
			case parts[i] == segments[i]:
				score += "2"
			case strings.HasPrefix(parts[i], "{") && segments[i] != "":
				score += "1"
			default:
				ok = false
			}
		}
		if ok && score > bestScore {
			best, bestScore = template, score
		}
	}
	return best
}

func FuzzRouter(f *testing.F) {
	methods := []string{"GET", "PUT", "POST"}
	routes := []string{
		"GET /", "GET /a", "GET /a/{x}", "GET /a/b/{y}", "GET /a/{x}/c", "GET /{z}/b/c", "GET /a/{x}/{y}/d", "GET /{p}/{q}/{r}/{s}", "GET /a/",
		"PUT /a/b", "PUT /a/{x}/c", "PUT /{z}/b/c", "PUT /a/b/c/d", "POST /{p}/{q}", "POST /a/b/c",
	}
	r := routerOf(f, routes...)
	for _, s := range []string{"/", "/a/b/c", "/a//c", "/a/b/c/d", "//", "/x/b/c", "/a/b/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if strings.ContainsAny(path, "%{}") || !strings.HasPrefix(path, "/") || strings.Count(path, "/") > maxSegments {
			return
		}
		var allow []string
		for _, method := range methods {
			if naive(routes, method, path) != "" {
				allow = append(allow, method)
			}
		}
		for _, method := range append(methods, "TRACE") {
			op, _, others := r.find(method, path, nil)
			got := ""
			if op != nil {
				got = op.op.Path
			}
			want := naive(routes, method, path)
			if got != want {
				t.Errorf("%s %q: %q, want %q", method, path, got, want)
			}
			if want == "" {
				for _, m := range allow {
					if !strings.Contains(others, m) {
						t.Errorf("%s %q: %q are allowed, and not %s", method, path, others, m)
					}
				}
			}
		}
	})
}

func BenchmarkRouterGitHub(b *testing.B) {
	r := routerOf(b, githubRoutes(b)...)
	values := make([]string, 0, 16)
	for _, path := range []string{"/repos/o/r/pulls/7/comments", "/user", "/nobody/knows/this/path"} {
		b.Run(strings.ReplaceAll(path[1:], "/", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.find("GET", path, values)
			}
		})
	}
}
