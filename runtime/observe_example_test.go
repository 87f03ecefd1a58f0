package runtime_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/bailey-go/bailey/examples/hello/api"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/event"
)

type greeter struct{}

// GetHello logs with the request's id, the operation and a pseudonym of the caller.
func (greeter) GetHello(ctx context.Context, req *api.GetHelloRequest) (*api.Greeting, error) {
	runtime.Logger(ctx).InfoContext(ctx, "greets")
	return &api.Greeting{Text: "Hello " + req.Name}, nil
}

// accessLog writes one line for each answer.
func accessLog(log *slog.Logger) func(context.Context, *runtime.Answer) {
	return func(ctx context.Context, a *runtime.Answer) {
		operation := "" // none for 404, 405 and refusals before routing
		if a.Operation != nil {
			operation = a.Operation.ID
		}
		log.LogAttrs(ctx, slog.LevelInfo, "answered",
			slog.String("method", a.Method), slog.String("operation", operation), slog.Int("status", a.Status), slog.String("rule", a.Rule),
			slog.String("address", a.Address.String()), slog.Int64("in", a.BytesIn), slog.Int64("out", a.BytesOut),
			slog.Bool("cut", a.Cut), slog.String("request_id", a.RequestID), slog.Duration("duration", a.Duration))
	}
}

// An access log is one function: it sees each answer, whatever made it. Metrics and traces come from the same hook.
func ExampleConfig_observe() {
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "1", Secret: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		fmt.Println(err)
		return
	}
	clear, key := hash.Generate("hello_")
	key.Subject = "ada"
	store, err := apikey.Static(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: withoutTime}))
	cfg := api.Config{Key: apikey.Keys{Store: store, Hash: hash}}
	cfg.Log, cfg.Events = log, nothing{}
	cfg.Observe = accessLog(log)
	cfg.PseudonymKey = bytes.Repeat([]byte("p"), 32)
	server, err := api.NewServer(greeter{}, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	for _, path := range []string{"/hello/ada", "/hello/4711", "/nowhere"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("X-API-Key", clear)
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// level=INFO msg="policy in force" api=Hello operations=1
	// level=INFO msg=greets operation=getHello caller=a36274b2c91e37ddf70b8a90742baf1c
	// level=INFO msg=answered method=GET operation=getHello status=200 rule="" address=192.0.2.1 in=0 out=20 cut=false
	// level=INFO msg=answered method=GET operation=getHello status=400 rule=parameters address=192.0.2.1 in=0 out=222 cut=false
	// level=INFO msg=answered method=GET operation="" status=404 rule=route address=192.0.2.1 in=0 out=101 cut=false
}

// withoutTime leaves out what differs between two runs or releases.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	switch a.Key {
	case slog.TimeKey, "duration", "request_id", "digest":
		return slog.Attr{}
	}
	return a
}

// nothing is a sink of events for this example, which shows the access log alone.
type nothing struct{}

func (nothing) Record(context.Context, *event.Event) {}
