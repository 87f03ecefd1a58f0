package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/runtime"
)

// crashing is a bank whose GetRates does what it is told.
type crashing struct {
	api.Unimplemented
	rates func() ([]api.Rate, error)
}

func (c crashing) GetRates(context.Context, *api.GetRatesRequest) ([]api.Rate, error) {
	return c.rates()
}

// leak is what a handler may hold when it fails, and no caller may see: it is no percentage, so that it breaks the response's schema too.
const leak = "pa55word-of-db"

// TestCrash fails inside of a handler in every way: the caller gets a 500 that says
// nothing, and the log says what happened, and where. It has the text of an error unless Config says otherwise,
// and never a value of a response.
func TestCrash(t *testing.T) {
	type crash struct {
		name, event, rule string
		rates             func() ([]api.Rate, error)
	}
	for i, test := range slices.Repeat([]crash{
		{"a panic with a text", "sys_crash", "panic", func() ([]api.Rate, error) { panic(leak) }},
		{"a panic with an error", "sys_crash", "panic", func() ([]api.Rate, error) { panic(errors.New(leak)) }},
		{"an error", "sys_crash", "handler", func() ([]api.Rate, error) { return nil, fmt.Errorf("dial %s: %w", leak, context.Canceled) }},
		{"a response that breaks its schema", "output_validation_fail", "", func() ([]api.Rate, error) {
			return []api.Rate{{Kind: api.AccountKindLoan, Percent: leak}}, nil
		}},
	}, 2) {
		texts := []runtime.ErrorText{runtime.ErrorTextFull, runtime.ErrorTextType}[i/4]
		t.Run(fmt.Sprint(test.name, texts), func(t *testing.T) {
			var log memory
			server := serverOf(t, crashing{rates: test.rates}, &log, texts)
			req := httptest.NewRequest("GET", "/rates", nil)
			res := httptest.NewRecorder()
			server.ServeHTTP(res, req)

			id := res.Header().Get("X-Request-Id")
			want := `{"type":"about:blank","title":"Internal Server Error","status":500,"instance":"` + id + `"}`
			if got := strings.TrimSpace(res.Body.String()); res.Code != http.StatusInternalServerError || id == "" || got != want {
				t.Errorf("got %d %s\nwant 500 %s", res.Code, got, want)
			}
			if strings.Contains(fmt.Sprint(res.Header()), leak) {
				t.Errorf("the secret stands in the header: %v", res.Header())
			}
			if want := test.rule != "" && texts == runtime.ErrorTextFull; strings.Contains(log.text(), leak) != want {
				t.Errorf("the log has the text: %v, want %v: %s", !want, want, log.text())
			}
			var last struct {
				Level, Event, Operation, Rule string
				RequestID                     string `json:"request_id"`
			}
			lines := strings.Split(strings.TrimSpace(log.text()), "\n")
			if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
				t.Fatal(err)
			}
			if last.Level != "ERROR" || last.Event != test.event || last.Operation != "getRates" || last.RequestID != id || test.rule != "" && last.Rule != test.rule {
				t.Errorf("the event is %+v", last)
			}
		})
	}
}

// serverOf is the bank's server around another handler.
func serverOf(t *testing.T, h api.Handler, log *memory, texts runtime.ErrorText) http.Handler {
	t.Helper()
	b := serveBank(t, quiet)
	cfg := b.config(runtime.Config{Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), ErrorText: texts})
	var err error
	if cfg.Browser, err = newSessions(); err != nil { // those of the bank are its server's
		t.Fatal(err)
	}
	server, err := api.NewServer(h, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return server
}
