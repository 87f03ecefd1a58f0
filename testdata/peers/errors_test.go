package peers

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/testdata/golden/errors/api"
	"github.com/bailey-go/bailey/testdata/peers/errorsclient"
)

// nobody finds no credential.
type nobody struct{}

func (nobody) Authenticate(*http.Request) (*principal.Principal, error) { return nil, auth.ErrMissing }

// TestErrorsRead: a client that oapi-codegen has generated reads refusals as the declared errors.
// errorsclient is made by oapi-codegen (version v2.8.2) with config.yaml beside it, from the document of testdata/golden/errors.
func TestErrorsRead(t *testing.T) {
	s, err := api.NewServer(api.Unimplemented{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Token: nobody{}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	client, err := errorsclient.NewClientWithResponses(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	get, err := client.GetOrderWithResponse(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	if e := get.JSONDefault; get.StatusCode() != 401 || e == nil || e.Error.Code != errorsclient.Unauthorized || e.Error.Status != "401" || e.Error.RequestId.Version() != 8 {
		t.Errorf("401: %s %+v", get.Body, e)
	}
	note := "123456"
	put, err := client.PutOrderWithResponse(ctx, 7, errorsclient.PutOrderJSONRequestBody{Count: 0, Note: &note})
	if err != nil {
		t.Fatal(err)
	}
	e := put.JSON400
	if put.StatusCode() != 400 || e == nil || e.Error.Details == nil || len(*e.Error.Details) != 2 {
		t.Fatalf("400: %s %+v", put.Body, e)
	}
	first := (*e.Error.Details)[0]
	if e.Error.Code != errorsclient.InvalidRequest || first.Field != "/count" || first.Rule == nil || *first.Rule != "minimum" || e.Error.Help == nil {
		t.Errorf("400: %s", put.Body)
	}
	put, err = client.PutOrderWithResponse(ctx, 7, errorsclient.PutOrderJSONRequestBody{Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	if put.StatusCode() != 501 || put.JSONDefault == nil || put.JSONDefault.Error.Code != "internal" {
		t.Errorf("501: %s %+v", put.Body, put.JSONDefault)
	}
	flat, err := client.PostFlatWithResponse(ctx, errorsclient.PostFlatJSONRequestBody{Count: 0})
	if err != nil {
		t.Fatal(err)
	}
	if list := flat.ApplicationvndFlatJSONDefault; flat.StatusCode() != 400 || list == nil || len(*list) != 1 || (*list)[0].Key != "/count" || (*list)[0].Status != 400 {
		t.Errorf("a list: %d %s", flat.StatusCode(), flat.Body)
	}
}
