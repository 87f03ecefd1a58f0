package generator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"testing"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/testdata/golden/authz/api"
)

func (open) SeeCaller(ctx context.Context, req *api.SeeCallerRequest) (*api.Seen, error) {
	return seenBy(ctx, req.Caller, req.AuthenticatedCaller2)
}

func (open) SeePublicly(ctx context.Context, req *api.SeePubliclyRequest) (*api.Seen, error) {
	return seenBy(ctx, req.Caller, api.Caller{})
}

// seenBy says whom a handler sees.
func seenBy(ctx context.Context, parameter string, c api.Caller) (*api.Seen, error) {
	if outside := runtime.CallerOf(ctx); api.CallerOf(ctx).Caller != outside {
		return nil, fmt.Errorf("%v and %v call at once", api.CallerOf(ctx), outside)
	}
	return &api.Seen{Parameter: parameter, Request: c.String(), Context: api.CallerOf(ctx).String(), Anonymous: c.Anonymous()}, nil
}

// see asks the server whom it sees.
func see(t *testing.T, method, url string, header map[string]string) api.Seen {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var seen api.Seen
	if err := json.NewDecoder(res.Body).Decode(&seen); err != nil || res.StatusCode != 200 {
		t.Fatalf("status %d, %v", res.StatusCode, err)
	}
	return seen
}

// TestCallerField: the request and the context name the same caller, by the alternative that was
// decided for; nobody where no credential came; and a parameter of that name keeps it.
func TestCallerField(t *testing.T) {
	srv := newAuthz(t)
	bearer := func(subject, scope string) map[string]string {
		return map[string]string{"Authorization": "Bearer " + signedToken(t, gojwt.MapClaims{"sub": subject, "scope": scope})}
	}
	both := bearer("ada", "read") // the token lacks the scope of its alternative
	both["X-Caller"] = `{"Subject":"bob","Issuer":"i","Scopes":["a"]}`
	for name, tt := range map[string]struct {
		method string
		header map[string]string
		want   string
	}{
		"a token":             {"POST", bearer("ada", "write"), "signed:https://id.example:ada"},
		"another token":       {"POST", bearer("bob", "write"), "signed:https://id.example:bob"},
		"another alternative": {"POST", both, "token:i:bob"},
		"nobody":              {"POST", nil, "anonymous"},
		"public":              {"GET", nil, "anonymous"},
		"public, with a token that nobody asked for": {"GET", bearer("ada", "write"), "anonymous"},
	} {
		want := api.Seen{Parameter: "x", Request: tt.want, Context: tt.want, Anonymous: tt.want == "anonymous"}
		if got := see(t, tt.method, srv.URL+"/callers/x", tt.header); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// TestCallerFieldConcurrently: requests with different tokens see each their own caller, while
// each token's principal is shared and each Call used again.
func TestCallerFieldConcurrently(t *testing.T) {
	srv := newAuthz(t)
	var wg sync.WaitGroup
	for i := range 4 {
		name := fmt.Sprint("user", i)
		header := map[string]string{"Authorization": "Bearer " + signedToken(t, gojwt.MapClaims{"sub": name, "scope": "write"})}
		if i == 0 {
			header = nil
		}
		for range 2 {
			wg.Go(func() {
				for range 25 {
					want := api.Seen{Parameter: name, Request: "signed:https://id.example:" + name, Context: "signed:https://id.example:" + name}
					if header == nil {
						want.Request, want.Context, want.Anonymous = "anonymous", "anonymous", true
					}
					if got := see(t, "POST", srv.URL+"/callers/"+name, header); got != want {
						t.Errorf("got %+v, want %+v", got, want)
					}
				}
			})
		}
	}
	wg.Wait()
}

// TestCallerFields: operations that ask who calls have a field for it, and public ones none; the
// names of parameters stay.
func TestCallerFields(t *testing.T) {
	caller := reflect.TypeFor[api.Caller]()
	for request, want := range map[reflect.Type]string{
		reflect.TypeFor[api.WhoAmIRequest]():      "Caller",
		reflect.TypeFor[api.AnonymousRequest]():   "Caller",
		reflect.TypeFor[api.SeeCallerRequest]():   "AuthenticatedCaller2",
		reflect.TypeFor[api.SeePubliclyRequest](): "",
	} {
		got := ""
		for f := range request.Fields() {
			if f.Type == caller {
				got += f.Name
			}
		}
		if got != want {
			t.Errorf("the caller of %v is %q, want %q", request, got, want)
		}
	}
	if caller.NumField() != 1 || caller.Field(0).Type != reflect.TypeFor[principal.Caller]() || caller.Size() != reflect.TypeFor[uintptr]().Size() {
		t.Error("a caller is more than a principal.Caller")
	}
}
