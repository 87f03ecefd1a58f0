package routers

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
)

// recoveries are the routers with the middleware that recovers from panics.
var recoveries = []way{
	{"chi with its Recoverer", func(server http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Use(chimiddleware.Recoverer)
		r.Mount(prefix, http.StripPrefix(prefix, server))
		return r
	}},
	{"gin with its Recovery", func(server http.Handler) http.Handler {
		engine := gin.New()
		engine.Use(gin.RecoveryWithWriter(nil))
		engine.Any(prefix+"/*rest", gin.WrapH(http.StripPrefix(prefix, server)))
		return engine
	}},
	{"echo with its Recover", func(server http.Handler) http.Handler {
		e := echo.New()
		e.Use(echomiddleware.Recover())
		e.Any(prefix+"/*", echo.WrapHandler(http.StripPrefix(prefix, server)))
		return e
	}},
	{"gin outside of its Recovery", func(server http.Handler) http.Handler {
		engine := gin.New()
		engine.Any(prefix+"/*rest", gin.WrapH(http.StripPrefix(prefix, server)))
		engine.Group("/pages", gin.Recovery())
		return engine
	}},
}

// events collects the refusals.
type events []event.Event

func (e *events) Record(_ context.Context, ev *event.Event) { *e = append(*e, *ev) }

// TestRealIP shows the reason of a row of the page: chi's RealIP writes a client's own header field to
// RemoteAddr, without a port. bailey finds no address there, and the client has no share of its own.
// Config.TrustedProxies believes the named proxies alone.
func TestRealIP(t *testing.T) {
	for _, c := range []struct {
		name    string
		use     []func(http.Handler) http.Handler
		address string
	}{
		{"without", nil, "127.0.0.1"},
		//lint:ignore SA1019 the test shows the reason of its deprecation
		{"with RealIP", []func(http.Handler) http.Handler{chimiddleware.RealIP}, "invalid IP"},
	} {
		var seen events
		s := newService(t, runtime.Config{Events: &seen})
		r := chi.NewRouter()
		r.Use(c.use...)
		r.Mount(prefix, http.StripPrefix(prefix, s))
		srv := httptest.NewServer(r)
		t.Cleanup(srv.Close)
		ask(t, srv.Listener.Addr().String(), "GET", "/api/v1/items", "", "X-Forwarded-For: 203.0.113.9", "X-Real-Ip: 203.0.113.9")
		if len(seen) != 1 || seen[0].Address.String() != c.address {
			t.Errorf("%s: the events are %v, want one of %s", c.name, seen, c.address)
		}
	}
}

// TestShadow shows that a route of one's own below the prefix takes requests from bailey, policy and all.
func TestShadow(t *testing.T) {
	s := newService(t, runtime.Config{})
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", http.StripPrefix(prefix, s))
	mux.HandleFunc("GET "+prefix+"/items/{id}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "no key needed for ", r.PathValue("id")) })
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	if status, text, _ := ask(t, srv.Listener.Addr().String(), "GET", "/api/v1/items/7", ""); status != 200 || text != "no key needed for 7" {
		t.Errorf("%d %s", status, text)
	}
	if status, _, _ := ask(t, srv.Listener.Addr().String(), "DELETE", "/api/v1/items/7", ""); status != 401 {
		t.Errorf("another method: %d", status)
	}
}

// TestTimeoutHandler shows that http.TimeoutHandler keeps a stream back until it ends.
func TestTimeoutHandler(t *testing.T) {
	s := newService(t, runtime.Config{})
	srv := httptest.NewServer(http.TimeoutHandler(ServeMux(s), 200*time.Millisecond, "too late"))
	t.Cleanup(srv.Close)
	go func() { s.items.next <- 1 }()
	if status, text, _ := ask(t, srv.Listener.Addr().String(), "GET", "/api/v1/events", "", "X-API-Key: "+s.key); status != 503 || text != "too late" {
		t.Errorf("%d %s, want the answer of TimeoutHandler without the item", status, text)
	}
}

// TestTrailingSlash shows that Echo's RemoveTrailingSlash makes two paths one.
func TestTrailingSlash(t *testing.T) {
	s := newService(t, runtime.Config{})
	e := echo.New()
	e.Pre(echomiddleware.RemoveTrailingSlash())
	e.Any(prefix+"/*", echo.WrapHandler(http.StripPrefix(prefix, s)))
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	if status, text, _ := ask(t, srv.Listener.Addr().String(), "GET", "/api/v1/items/7/", "", "X-API-Key: "+s.key); status != 200 || text != `{"id":"7"}` {
		t.Errorf("%d %s", status, text)
	}
}

// TestGinDefaults holds the page to gin's redirect of the prefix alone, which Gin turns off.
func TestGinDefaults(t *testing.T) {
	engine := gin.New()
	engine.Any(prefix+"/*rest", gin.WrapH(http.StripPrefix(prefix, newService(t, runtime.Config{}))))
	srv := httptest.NewServer(engine)
	t.Cleanup(srv.Close)
	if status, _, h := ask(t, srv.Listener.Addr().String(), "GET", "/api/v1", ""); status != 301 || h.Get("Location") != "/api/v1/" {
		t.Errorf("%d %s", status, h.Get("Location"))
	}
}

// TestTrace gives each request one span with the operation's name, and keeps streams going.
func TestTrace(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	s := newService(t, runtime.Config{Around: Named})
	srv := httptest.NewServer(ServeMux(Trace(s, otelhttp.WithTracerProvider(provider))))
	t.Cleanup(srv.Close)
	address := srv.Listener.Addr().String()
	ask(t, address, "GET", "/api/v1/items/7", "", "X-API-Key: "+s.key)
	ask(t, address, "GET", "/api/v1/items/7", "")
	ask(t, address, "GET", "/api/v1/nothing/7", "")
	var got []string
	for _, span := range recorder.Ended() {
		route := ""
		for _, a := range span.Attributes() {
			if a.Key == "http.route" {
				route = a.Value.AsString()
			}
			if strings.Contains(a.Value.String(), s.key) {
				t.Errorf("span %s: %s=%s", span.Name(), a.Key, a.Value.String())
			}
		}
		got = append(got, span.Name()+" "+route)
	}
	if want := []string{"GET /api/v1/items/{id} /api/v1/items/{id}", "api /api/v1/", "api /api/v1/"}; !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
}
