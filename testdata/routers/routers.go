// Package routers mounts a generated server in the routers that programs have already. The tests
// hold docs/howto/routers.md to the outcome of each.
package routers

//go:generate go run github.com/bailey-go/bailey/cmd/bailey generate

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/bailey-go/bailey/runtime"
)

// The document's paths begin at "/": http.StripPrefix takes the mount's prefix off, in the escaped
// form of the path too.
const prefix = "/api/v1"

// ServeMux mounts the server in net/http's router.
func ServeMux(server http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", http.StripPrefix(prefix, server))
	return mux
}

// Chi mounts the server in a router of chi, which leaves the path as it is.
func Chi(server http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Mount(prefix, http.StripPrefix(prefix, server))
	return r
}

// Gin mounts the server in an engine of gin.
func Gin(server http.Handler) http.Handler {
	engine := gin.New()
	engine.UseRawPath = true // or gin matches the decoded path
	engine.RedirectTrailingSlash = false
	engine.Any(prefix+"/*rest", gin.WrapH(http.StripPrefix(prefix, server)))
	return engine
}

// Echo mounts the server in an instance of Echo.
func Echo(server http.Handler) http.Handler {
	e := echo.New()
	e.Any(prefix+"/*", echo.WrapHandler(http.StripPrefix(prefix, server)))
	return e
}

// Trace makes a span for each request. otelhttp asks for its name twice, the second time after the
// handler: Named has told the operation by then. Spans of refused requests keep the name "api".
func Trace(server http.Handler, options ...otelhttp.Option) http.Handler {
	options = append(options, otelhttp.WithSpanNameFormatter(func(operation string, r *http.Request) string {
		if name, ok := r.Context().Value(spanName{}).(*string); ok && *name != "" {
			return *name
		}
		return operation
	}))
	traced := otelhttp.NewHandler(server, "api", options...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		traced.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), spanName{}, new(string))))
	})
}

type spanName struct{} // the key of a *string in the context

// Named is a value for Config.Around: it names the request's span after its operation.
func Named(ctx context.Context, op *runtime.Operation, next func(context.Context) error) error {
	if name, ok := ctx.Value(spanName{}).(*string); ok {
		*name = op.Method + " " + prefix + op.Path
	}
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("http.route", prefix+op.Path))
	return next(ctx)
}
