// Package oapicodegen serves the orders API with oapi-codegen's strict server behind
// the request validator of its authors.
package oapicodegen

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config config.yaml ../openapi.yaml

import (
	"context"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3filter"
	middleware "github.com/oapi-codegen/nethttp-middleware"

	"github.com/bailey-go/bailey/testdata/peers/orders"
)

// New returns the server. The validator checks everything but credentials: a document
// with security schemes needs an AuthenticationFunc, and this one lets everybody in.
func New() (http.Handler, error) {
	spec, err := GetSpec()
	if err != nil {
		return nil, err
	}
	s := &server{}
	if err := orders.Load(&s.stored); err != nil {
		return nil, err
	}
	validate := middleware.OapiRequestValidatorWithOptions(spec, &middleware.Options{
		Options: openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	return validate(Handler(NewStrictHandler(s, nil))), nil
}

type server struct{ stored Order }

var _ StrictServerInterface = (*server)(nil)

func (s *server) GetOrder(_ context.Context, req GetOrderRequestObject) (GetOrderResponseObject, error) {
	o := s.stored
	o.Id = req.Id
	if p := req.Params.Currency; p != nil {
		o.Currency = *p
	}
	if p := req.Params.Items; p != nil && int(*p) < len(o.Items) {
		o.Items = o.Items[:*p]
	}
	if p := req.Params.Note; p != nil && !*p {
		o.Note = nil
	}
	return GetOrder200JSONResponse(o), nil
}

func (s *server) CreateOrder(_ context.Context, req CreateOrderRequestObject) (CreateOrderResponseObject, error) {
	return CreateOrder201JSONResponse(*req.Body), nil
}

func (s *server) CreateOrders(_ context.Context, req CreateOrdersRequestObject) (CreateOrdersResponseObject, error) {
	placed := CreateOrders200JSONResponse{Count: int64(len(*req.Body))}
	for i := range *req.Body {
		placed.Total += (*req.Body)[i].Total
	}
	return placed, nil
}
