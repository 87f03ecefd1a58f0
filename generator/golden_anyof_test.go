package generator_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/testdata/golden/anyof/api"
	exact "github.com/bailey-go/bailey/testdata/golden/anyofexact/api"
)

// anyOf answers /any with what it is given.
type anyOf struct{ api.Unimplemented }

func (anyOf) AnyJSON(_ context.Context, r *api.AnyJSONRequest) (*api.Nulls, error) {
	return &r.Body, nil
}

// anyOfExact is anyOf for the package that reads to the letter.
type anyOfExact struct{ exact.Unimplemented }

func (anyOfExact) AnyJSON(_ context.Context, r *exact.AnyJSONRequest) (*exact.Nulls, error) {
	return &r.Body, nil
}

// anyOfServers are the servers of both packages, by what they are.
func anyOfServers(t *testing.T) map[string]http.Handler {
	t.Helper()
	s, err := api.NewServer(anyOf{}, api.Config{Config: quiet})
	if err != nil {
		t.Fatal(err)
	}
	e, err := exact.NewServer(anyOfExact{}, exact.Config{Config: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]http.Handler{"usual": s, "exact": e}
}

// TestNullBesideAllTypes: null passes where a branch, a type or an enum names it, also beside branches for all
// other types of JSON, in requests and in answers.
func TestNullBesideAllTypes(t *testing.T) {
	t.Parallel()
	for reading, s := range anyOfServers(t) {
		for _, member := range strings.Fields("a b c d e f g h k l m n o p q r s t u x y") {
			body := fmt.Sprintf(`{%q:null}`, member)
			if w := sendJSON(s, "POST", "/any", body); w.Code != 200 || w.Body.String() != body {
				t.Errorf("%s: %s: %d %s", reading, body, w.Code, w.Body)
			}
		}
		for _, body := range []string{
			`{"i":[null,1,"x",[null],{"a":null}]}`, `{"j":{"a":null}}`, `{"v":[null,"a"]}`, `{"w":[null,{"a":"x"}]}`,
			`{"a":1.5}`, `{"a":{"x":null}}`, `{"a":[1]}`, `{"a":true}`, `{"a":"x"}`, `{"z":1}`, `{"y":"a"}`, `{"k":"a"}`, `{"x":[{"a":"x"}]}`,
		} {
			if w := sendJSON(s, "POST", "/any", body); w.Code != 200 || w.Body.String() != body {
				t.Errorf("%s: %s: %d %s", reading, body, w.Code, w.Body)
			}
		}
		for _, body := range []string{`{"z":null}`, `{"k":"b"}`, `{"l":1}`, `{"n":"x"}`, `{"o":1}`, `{"w":[1]}`, `{"v":["b"]}`, `{"y":"b"}`, `{"x":1}`} {
			if w := sendJSON(s, "POST", "/any", body); w.Code != 422 {
				t.Errorf("%s: %s: %d %s", reading, body, w.Code, w.Body)
			}
		}
	}
}

// TestAnyOfDropsUnknown: an anyOf of objects drops what none of its matching branches names, where that is dropped, and refuses it
// elsewhere. A branch with additionalProperties: false matches no value that has more.
func TestAnyOfDropsUnknown(t *testing.T) {
	t.Parallel()
	const done, refused = http.StatusNotImplemented, http.StatusUnprocessableEntity
	for reading, s := range anyOfServers(t) {
		for _, tt := range []struct {
			path, body string
			status     int
		}{
			{"/kinds", `{"m":"a","code":"b"}`, done},
			{"/kinds", `{"m":"a"}`, done},
			{"/kinds", `{"m":["a"],"e":"x","code":{"deep":[1]}}`, done},
			{"/kinds", `{"m":"a","e":1}`, done}, // the branch that names e does not match
			{"/kinds", `{"code":"b"}`, refused},
			{"/kinds", `{"m":["a"]}`, refused},
			{"/kinds", `{"m":"a","code":"b","code":"c"}`, 400},
			{"/kinds", `{"m":"a","code":{"b":1,"b":2}}`, 400},
			{"/optional", `{"a":"x","b":"y","z":1}`, done},
			{"/optional", `{"z":1}`, done},
			{"/optional", `{"a":1,"b":2}`, refused},
			{"/optional/refuse", `{"a":"x","b":"y"}`, done},
			{"/optional/refuse", `{"a":"x","z":1}`, refused},
			{"/optional/refuse", `{"z":1}`, refused},
			{"/one", `{"a":"x","z":1}`, done},
			{"/one", `{"a":"x","b":"y"}`, refused},
			{"/closed", `{"a":"x"}`, done},
			{"/closed", `{"b":"x","c":1}`, done},
			{"/closed", `{}`, done},
			{"/closed", `{"a":"x","b":"y"}`, refused},
			{"/closed", `{"a":"x","z":1}`, refused},
			{"/closed/refuse", `{"b":"x","c":1}`, done},
			{"/closed/refuse", `{"a":"x","b":"y"}`, refused},
			{"/closed/refuse", `{"b":"x","c":"y","a":"z"}`, refused},
			{"/mixed", `{"b":"x","z":1}`, done},
			{"/mixed", `{"a":"x","z":1}`, refused},
			{"/mixed", `{"a":"x","b":"y"}`, done},
			{"/unevaluated", `{"a":"x","b":"y"}`, done},
			{"/unevaluated", `{"a":"x","z":1}`, refused},
			{"/read-only", `{"a":"x","z":1}`, done},
			{"/read-only", `{"a":"x","id":"1"}`, refused},
			{"/read-only", `{"id":"1"}`, refused},
			{"/read-only/drop", `{"a":"x","id":"1","b":"y"}`, done},
			{"/read-only/drop", `{"a":"x","z":1}`, refused},
		} {
			if w := sendJSON(s, "POST", tt.path, tt.body); w.Code != tt.status {
				t.Errorf("%s: %s %s: %d %s, want %d", reading, tt.path, tt.body, w.Code, w.Body, tt.status)
			}
		}
	}
}
