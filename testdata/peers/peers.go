// Package peers measures the handler that bailey generates against others of the same
// API: what a request costs inside of ServeHTTP, without a network.
package peers

import (
	"fmt"
	"net/http"

	"github.com/bailey-go/bailey/testdata/peers/bailey"
	"github.com/bailey-go/bailey/testdata/peers/huma"
	"github.com/bailey-go/bailey/testdata/peers/limit"
	"github.com/bailey-go/bailey/testdata/peers/nethttp"
	"github.com/bailey-go/bailey/testdata/peers/oapicodegen"
	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// Server is one of the measured servers.
type Server struct {
	Name string
	http.Handler
	// Token is the bearer token of the measured requests, "" where nobody asks for one.
	Token string
	// Clear is a token whose bearer sees masked properties as they are.
	Clear string
	// Validates says that the server knows the document's rules for values.
	Validates bool
}

// The servers' names.
const (
	Limit       = "limit"
	Guarded     = "limit, guarded"
	Bailey      = "bailey"
	OapiCodegen = "oapi-codegen"
	Huma        = "huma"
	NetHTTP     = "net/http"
)

// Servers makes the servers, the limit first.
func Servers() ([]Server, error) {
	hand, err := limit.New(orders.JSON(orders.Sample(0)))
	if err != nil {
		return nil, err
	}
	hardened, err := bailey.New()
	if err != nil {
		return nil, err
	}
	token, err := hardened.Token("orders:read", "orders:write")
	if err != nil {
		return nil, err
	}
	clear, err := hardened.Token("orders:read", "orders:write", "customers:pii")
	if err != nil {
		return nil, err
	}
	generated, err := oapicodegen.New()
	if err != nil {
		return nil, fmt.Errorf("oapi-codegen: %w", err)
	}
	tagged, err := huma.New()
	if err != nil {
		return nil, fmt.Errorf("huma: %w", err)
	}
	guarded, err := limit.Guard(hand, hardened.Public())
	if err != nil {
		return nil, err
	}
	return []Server{
		{Name: Limit, Handler: hand, Validates: true},
		{Name: Guarded, Handler: guarded, Token: token, Clear: clear, Validates: true},
		{Name: Bailey, Handler: hardened, Token: token, Clear: clear, Validates: true},
		{Name: OapiCodegen, Handler: generated, Validates: true},
		{Name: Huma, Handler: tagged, Validates: true},
		{Name: NetHTTP, Handler: nethttp.New()},
	}, nil
}
