package generator_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	exact "github.com/bailey-go/bailey/testdata/golden/exact/api"
)

type exactEcho struct{ exact.Unimplemented }

func (exactEcho) EchoAmount(_ context.Context, r *exact.EchoAmountRequest) (*exact.Amount, error) {
	return &r.Body, nil
}
func (exactEcho) PutBound(context.Context, *exact.PutBoundRequest) error   { return nil }
func (exactEcho) PutSchema(context.Context, *exact.PutSchemaRequest) error { return nil }
func (exactEcho) PutTree(context.Context, *exact.PutTreeRequest) error     { return nil }
func (exactEcho) PutClosed(context.Context, *exact.PutClosedRequest) error { return nil }

// TestExact sends JSON to a server whose schemas are read to the letter: values of types
// that no keyword speaks of, numbers that no Go type holds, a meta-schema, a $dynamicRef
// and a schema that no value can meet.
func TestExact(t *testing.T) {
	t.Parallel()
	server, err := exact.NewServer(exactEcho{}, exact.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	const ok, none, bad = http.StatusOK, http.StatusNoContent, http.StatusUnprocessableEntity
	for _, test := range []struct {
		path, body string
		status     int
		want       string // the answer, or in a refusal a part of it
	}{
		{"/amounts", `{"units":123456789012345678901234567890}`, ok, `{"units":123456789012345678901234567890}`},
		{"/amounts", `{"units":1.0,"rate":1e400}`, ok, `{"units":1.0,"rate":1e400}`},
		{"/amounts", `{"units":1.5}`, bad, `{"pointer":"/units","keyword":"type"`},
		{"/amounts", `{"units":-1}`, bad, `{"pointer":"/units","keyword":"minimum"`},
		{"/amounts", `{"units":1,"cents":7,"count":9223372036854775807}`, ok, `{"units":1,"cents":7,"count":9223372036854775807}`},
		{"/amounts", `{"units":1,"cents":100}`, bad, `{"pointer":"/cents","keyword":"maximum"`},
		{"/amounts", `{"units":1,"count":9223372036854775808}`, bad, `{"pointer":"/count","keyword":"format"`},
		{"/amounts", `{"units":1,"note":{"any":"thing"}}`, ok, `{"units":1,"note":{"any":"thing"}}`},
		{"/amounts", `{"units":1,"note":"long"}`, bad, `{"pointer":"/note","keyword":"maxLength"`},
		{"/amounts", `{"units":1,"gone":null}`, bad, `"pointer":"/gone"`},
		{"/amounts?page=1", `{"units":1}`, ok, `{"units":1}`},
		{"/amounts?page=9223372036854775808", `{"units":1}`, http.StatusBadRequest, `page`},

		{"/bounds", `1`, none, ``},
		{"/bounds", `"a string"`, none, ``},
		{"/bounds", `null`, none, ``},
		{"/bounds", `0.999999999999999999999`, bad, `minimum`},

		{"/schemas", `{"type":"object","properties":{"a":{"minLength":1}}}`, none, ``},
		{"/schemas", `{"type":"object","properties":{"a":{"minLength":-1}}}`, bad, `/properties/a/minLength`},
		{"/schemas", `{"items":[true]}`, bad, `/items`},
		{"/schemas", `true`, none, ``},
		{"/schemas", `1`, bad, `type`},

		{"/trees", `{"children":[{"data":1,"children":[]}]}`, none, ``},
		{"/trees", `{"children":[{"daat":1}]}`, bad, `{"pointer":"/children/0/daat","keyword":"unevaluatedProperties"`},

		{"/closed", `{}`, bad, `{"pointer":"","keyword":"not"`},
		{"/closed", `null`, bad, `not`},
	} {
		r := httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/json")
		rawAsk(t, server, r, test.body, test.status, test.want)
	}
}
